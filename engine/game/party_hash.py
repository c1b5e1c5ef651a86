"""The hash of what belongs to the game, or to one mod: so that one sees that others have not touched it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.ecs.hash import state_hash
from engine.scripting.script_file import GAME
from lang.vm.hashing import hash_instances

if TYPE_CHECKING:
    from engine.game.game import Game


def party_hash(game: Game, name: str = GAME) -> int:
    """Return the hash of the entities that scripts of the game (or of a mod) made, and of all its scripts."""
    scripts = game.scripts
    party = [one.name for one in scripts.budgets.parties].index(name)
    state = 0
    for file in scripts.files.values():
        if file.program is not None and scripts.budgets.party_of(file.path) == party:
            chosen, notes = scripts.hashing_of(file, file.program)
            state = int(hash_instances(scripts.machine.address, chosen, state, notes))
    return state_hash(game.world, state % 2**64, party)
