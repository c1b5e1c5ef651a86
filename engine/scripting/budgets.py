"""What the scripts of a world may use in one tick, shared between the game and its mods.

The game and each mod are a party, with a share of its own that the others cannot touch: one that runs
wild costs the others nothing. A callback begins only if its party has as many operations left as a
callback may take. What finds none is skipped, and is first in the next tick: callbacks of one kind go
round from where they stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.ecs.layout import PartyWord
from engine.ecs.strings import content_hash
from engine.scripting.event_queue import MOST_LATE
from engine.scripting.script_file import GAME, mod_of
from lang.jit import I64
from lang.workspace import UNLIMITED

OPERATIONS_OF_FAILURE = 30_000
"""What a callback of a mod that fails takes beside its own: to undo and report it takes about as long."""
OPERATIONS_OF_CAUGHT = 20_000
"""What an error that a mod catches takes beside its own."""
OPERATIONS_OF_WORD = 8
"""What each word takes beside that Python reads or writes for a mod, or that its callbacks receive."""
OPERATIONS_OF_BULK = 32
"""What each operation takes beside that a mod pays for 64 bytes: memory that was never used comes slowly.

By how much heaps grow would be nearer, but hangs on what was collected, and is another after a load.
"""
OPERATIONS_OF_PYTHON = 2_500
"""What an instruction of a mod takes beside that Python does."""
FUEL_OF_PYTHON = 100
"""What it takes of its callback, which could last for long otherwise."""


class Turn(NamedTuple):
    """Whose callback is the next one of its kind: where the round stopped."""

    path: str
    entity: int
    """Its index."""


class Party(NamedTuple):
    """The game (`name` is empty) or a mod."""

    name: str
    operations: int
    """In each tick."""
    memory: int = UNLIMITED
    """Words of the heaps of its scripts."""
    most: tuple[int, ...] = ()
    """By `PartyWord`, from MOST on: entities, what it may ask in a tick and hold; none without limits."""
    waiting: int = MOST_LATE
    """Events that found no operations and may wait for the next tick."""


class Budgets:
    """What is left of the shares of all parties in this tick.

    Attributes:
        parties: the game, then the mods in the order in which they were loaded.
        left: operations of each party. skipped: callbacks of each that found none in this tick.
        turns: (party, callback) → whose it is, where a round is not over.
        has_late_births: an instance waits for the operations that its birth takes.
    """

    def __init__(self, parties: Sequence[Party] = (Party(GAME, UNLIMITED),)) -> None:
        self.parties = tuple(parties)
        self._numbers = {party.name: number for number, party in enumerate(self.parties)}
        self._of_path: dict[str, int] = {}
        self.turns: dict[tuple[int, str], Turn] = {}
        self.left = [party.operations for party in self.parties]
        self.skipped = [0] * len(self.parties)
        self.memory_left = [party.memory for party in self.parties]
        self.has_late_births = False

    def begin_tick(self, words: I64, memory: Sequence[int], held: I64) -> None:
        """Give every party its share.

        Args:
            words: of the parties in the world, `Storage.parties`. memory: words that the heaps of each have.
            held: what each has of what it may hold, [parties, from `PartyWord.MAIL` on].
        """
        for party, row in zip(self.parties, words, strict=False):
            if party.most:
                row[PartyWord.MOST :] = party.most
        if held.size:
            words[:, PartyWord.MAIL :] -= held
        self.memory_left = [party.memory - used for party, used in zip(self.parties, memory, strict=True)]
        self.left = [party.operations for party in self.parties]
        self.skipped = [0] * len(self.parties)

    def party_of(self, path: str) -> int:
        """Return the number of the party of a script: the game, where no mod of its id was loaded."""
        number = self._of_path.get(path)
        if number is None:
            number = self._of_path[path] = self._numbers.get(mod_of(path), 0)
        return number

    def skip(self, path: str, count: int) -> None:
        """Note that callbacks of a script found no operations left."""
        self.skipped[self.party_of(path)] += count

    def turns_of(self, path: str) -> tuple[tuple[str, int], ...]:
        """Return the callbacks whose next round begins with a script, and at which entity index."""
        return tuple((name, turn.entity) for (_, name), turn in self.turns.items() if turn.path == path)

    def put_turns(self, path: str, turns: Iterable[tuple[str, int]]) -> None:
        """Let rounds of callbacks begin with a script, as `turns_of` told it."""
        party = self.party_of(path)
        self.turns |= {(party, callback): Turn(path, index) for callback, index in turns}

    @property
    def state(self) -> I64:
        """Whose turn it is, as words for the state hash."""
        words = [
            word
            for (party, callback), turn in sorted(self.turns.items())
            for word in (party, content_hash(callback), content_hash(turn.path), turn.entity)
        ]
        return np.array(words, np.int64)


def shares(total: int, mods: Sequence[str], wished: Mapping[str, float]) -> list[int]:
    """Return what the game and each mod get of a total: what the scene says, else equal parts.

    Args:
        mods: their ids. wished: parts of the whole for some of them, each above 0, together below 1.
    """
    equal = 1.0 / (len(mods) + 1)
    parts = [int(total * wished.get(mod, equal)) for mod in mods]
    return [total - sum(parts), *parts]
