"""What the game and each mod may use in a tick and call, and the warning of what they found no room for."""

from __future__ import annotations

from engine.ecs.layout import PartyWord
from engine.ecs.strings import DEFAULT_LIMIT as TEXT_BYTES
from engine.game.log import GameLog
from engine.scene.description import SceneDescription
from engine.scripting.budgets import Budgets, Party, shares
from engine.scripting.compiling import script_natives
from engine.scripting.effects import MOST_EFFECTS
from engine.scripting.entity_lists import MOST_ROWS as MOST_IN_LISTS
from engine.scripting.event_queue import MOST_LATE
from engine.scripting.global_values import MOST_GLOBALS, MOST_LIVE, MOST_SAVED
from engine.scripting.permissions import withheld
from engine.scripting.script_file import GAME
from engine.scripting.scripts import Scripts
from engine.scripting.sequences import MOST_ROWS
from engine.scripting.timers import MOST_TIMERS
from lang.stdlib.registry import NativeTable

WORD = 8
MOST_RESERVED = 1 << 28
"""Bytes of addresses that heaps grow into."""
READY = 1 << 24
"""Bytes of these that a game with mods fetches when it begins, so that filling them makes no tick long."""
TICKS_BETWEEN = 60
"""From one warning to the next of the same party."""


def parties_of(scene: SceneDescription) -> list[Party]:
    """Return the game and its mods, each with its share of the scene's budgets."""
    mods = [mod.file.id for mod in scene.mods]
    limits = scene.limits
    operations = shares(limits.operations_of_a_tick, mods, scene.shares)
    memory = shares(limits.all_memory // WORD, mods, scene.shares)
    counts = {
        PartyWord.MOST: limits.entities,
        PartyWord.EFFECTS: MOST_EFFECTS,
        PartyWord.COMMANDS: limits.commands,
        PartyWord.EVENTS: limits.events,
        PartyWord.MAIL: limits.messages // WORD,
        PartyWord.TEXTS: limits.texts,
        PartyWord.TIMERS: MOST_TIMERS,
        PartyWord.NAMES: MOST_GLOBALS,
        PartyWord.SHARED: MOST_LIVE,
        PartyWord.WAITING: MOST_ROWS,
        PartyWord.KEPT: TEXT_BYTES,
        PartyWord.ITEMS: MOST_IN_LISTS,
        PartyWord.STATUSES: MOST_IN_LISTS,
        PartyWord.SAVED: MOST_SAVED,
    }
    most = zip(*(shares(counts[word], mods, scene.shares) for word in sorted(counts)), strict=True)
    waiting = shares(MOST_LATE, mods, scene.shares)
    return [Party(*one) for one in zip((GAME, *mods), operations, memory, most, waiting, strict=True)]


def parts_of(scene: SceneDescription, total: int) -> tuple[int, ...]:
    """Return what the game and each mod get of a total."""
    return tuple(shares(total, [mod.file.id for mod in scene.mods], scene.shares))


def tables_of_mods(scene: SceneDescription, natives: NativeTable) -> dict[str, NativeTable]:
    """Return what scripts of each mod can call, of what scripts of the game can call."""
    of_plugins = natives.numbers.keys() - script_natives().numbers.keys()
    files = [mod.file for mod in scene.mods]
    return {file.id: natives.without(withheld(file.id, file.permissions, of_plugins)) for file in files}


class GameShares:
    """The budgets of a game; tells of callbacks that found no operations left, but not in every tick."""

    def __init__(self, scene: SceneDescription, scripts: Scripts, log: GameLog) -> None:
        self._scripts = scripts
        self._log = log
        self._told: dict[str, int] = {}
        scripts.budgets = Budgets(parties_of(scene))
        world, names = scripts.world, [party.name for party in scripts.budgets.parties]
        world.storage.share(len(names))
        world.strings.share(len(names))
        scripts.globals.owners, scripts.saved.owners = names, [*names]
        reserved = min(2 * scene.limits.all_memory, MOST_RESERVED)
        scripts.machine.reserve(reserved // WORD, min(reserved, READY) // WORD if scene.mods else 0)
        scripts.machine.of_mods = tables_of_mods(scene, scripts.natives)

    def change(self, scene: SceneDescription) -> None:
        """Take the budgets of a new version of the scene, which has the same mods."""
        self._scripts.budgets.parties = tuple(parties_of(scene))

    def tell(self, tick: int) -> None:
        """Warn of what was skipped in a tick."""
        budgets = self._scripts.budgets
        for party, skipped in zip(budgets.parties, budgets.skipped, strict=True):
            if skipped and tick - self._told.get(party.name, -TICKS_BETWEEN) >= TICKS_BETWEEN:
                self._told[party.name] = tick
                whose = f"scripts of the mod {party.name}" if party.name else "scripts"
                calls = "a callback" if skipped == 1 else f"{skipped} callbacks"
                text = f"tick {tick}: {calls} of {whose} had to wait"
                reason = f"{party.operations} operations a tick are used up"
                self._log.warn(f"{text}: {reason}\n  hint: raise `tick_operations` in [limits]")
