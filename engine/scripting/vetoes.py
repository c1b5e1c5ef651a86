"""Vetoes: Python code that is asked before scripts deal damage, spawn or destroy, and before effects harm.

A game without vetoes has the compiled functions in its table. One with a veto has, in the place of that
function, one that asks first; so scripts that nobody looks over pay nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

from engine.ecs.components import Component
from engine.ecs.world import World
from engine.scripting.host_functions import HostGuard
from lang.heap.convert import Vector
from lang.host_operations import call_entry
from lang.jit import Native
from lang.layout import M
from lang.stdlib.registry import NativeEntry, NativeTable

DamageVeto = Callable[[int, float, int], bool]
"""(entity, amount before armor, source or 0) → whether nothing is dealt; of a status effect the hit points
that it takes in the tick, which no armor lessens, and who applied it."""
SpawnVeto = Callable[[str, tuple[float, ...], int], bool]
"""(prefab, position of 2 or 3 coordinates, entity of the script or 0) → whether nothing is spawned."""
DestroyVeto = Callable[[int, int], bool]
"""(entity, entity of the script or 0) → whether it stays."""


@dataclass
class Vetoes:
    """All vetoes of a game, each with its plugin, in the order in which they are asked."""

    damage: list[tuple[str, DamageVeto]] = field(default_factory=list)
    spawn: list[tuple[str, SpawnVeto]] = field(default_factory=list)
    destroy: list[tuple[str, DestroyVeto]] = field(default_factory=list)

    def spares(self, guard: HostGuard, entity: int, amount: float, source: int) -> bool:
        """Return whether somebody has a veto on the damage of a status effect.

        Raises:
            Exception: whatever a veto raised, with a note that names its plugin.
        """
        for plugin, veto in self.damage:
            what = f"plugin `{plugin}`, asked about a status effect"
            try:
                if guard.ask(what, veto, (entity, amount, source)):
                    return True
            except Exception as error:
                error.add_note(f"in {what}")
                raise
        return False

    def extend(self, natives: NativeTable, guard: HostGuard, prefabs: Collection[str]) -> None:
        """Let the functions that somebody looks over ask first, in a table of natives."""
        questions = Questions(guard.world, prefabs)
        asked = {
            "apply_damage": (self.damage, questions.of_damage, 0.0),
            "spawn_entity": (self.spawn, questions.of_spawn, None),
            "destroy_entity": (self.destroy, questions.of_destroy, False),
        }
        for name, (vetoes, question, result) in asked.items():
            if vetoes:
                number = natives.numbers[name]
                base = natives.entries[number]
                call = VetoedCall(number, base, guard, vetoes, question, result)
                natives.extend([replace(base, implementation=call, ahead=None)])


Question = Callable[[list[Any], int], tuple[Any, ...] | None]
"""(arguments of the script, its entity) → what vetoes are asked, or None: the function will refuse them."""


@dataclass
class VetoedCall:
    """A function of the API that asks before it does its work."""

    number: int
    base: NativeEntry
    guard: HostGuard
    vetoes: Any
    question: Question
    result: Any

    def __post_init__(self) -> None:
        if isinstance(self.base.implementation, Native):
            self.base.implementation.compile()

    def __call__(self, machine: Any, window: int, count: int) -> None:
        """Do a script's call, unless somebody has a veto."""
        asked = self.question(machine.memory_of_arguments(window, count), machine.word(M.ENTITY))
        is_asked = asked is not None and not machine.words[M.REFUSES_WRITES]
        for plugin, veto in self.vetoes if is_asked else ():
            what = f"plugin `{plugin}`, asked about {self.base.name}"
            if self.guard.call(machine, what, veto, asked or ()):
                machine.put(window, self.result)
                return
        call_entry(machine, self.number, window, count)


@dataclass
class Questions:
    """What vetoes are asked about calls whose arguments are in order."""

    world: World
    prefabs: Collection[str]

    def of_damage(self, arguments: list[Any], source: int) -> tuple[Any, ...] | None:
        """Return (entity, amount, source)."""
        entity, amount = arguments
        if not self._exists(entity) or not self.world.has_component(entity, Component.HEALTH):
            return None
        return (entity, float(amount), source) if _is_number(amount) and amount >= 0 else None

    def of_spawn(self, arguments: list[Any], source: int) -> tuple[Any, ...] | None:
        """Return (prefab, position, source)."""
        prefab, position = arguments[:2]
        if prefab not in self.prefabs or not isinstance(position, list | Vector):
            return None
        if len(position) not in (2, 3) or not all(map(_is_number, position)):
            return None
        return prefab, tuple(map(float, position)), source

    def of_destroy(self, arguments: list[Any], source: int) -> tuple[Any, ...] | None:
        """Return (entity, source)."""
        return (arguments[0], source) if self._exists(arguments[0]) else None

    def _exists(self, entity: Any) -> bool:
        return type(entity) is int and self.world.exists(entity)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)
