"""Sums over all parts of a game's state, by name: where two runs differ, they tell which part it is.

A part is a component or field of entities, a variable of a script, or a system: what waits, contacts,
screens. The state hash tells that two states differ; these tell where, and often which entity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.ecs.components import Component, Field
from engine.ecs.entity import entity_id
from engine.ecs.field_hashes import field_names, field_sums, place_of_difference
from engine.ecs.layout import Counter, WorldSlot
from engine.saves.party_indices import free_indices
from engine.scripting.entity_lists import EntityLists
from engine.scripting.event_queue import EventQueue
from engine.scripting.global_values import GlobalValues
from engine.scripting.timers import Timers
from lang.jit import I64
from lang.layout import INSTANCE_WORDS, InstanceWord
from lang.vm.hashing import hash_variables, hash_words

if TYPE_CHECKING:
    from engine.game.game import Game

MOST_NAMED = 6
_STORES = ("events and messages", "timers", "shared values", "items", "status effects", "saved data")


class Fingerprint:
    """The parts of the state of one game.

    Attributes:
        names: of the parts, in the order in which the first difference is looked for.
    """

    def __init__(self, game: Game) -> None:
        self._game = game
        self._fields = field_names(game.world)
        self.names: tuple[str, ...] = ()
        self.sums()

    def sums(self) -> I64:
        """Return the sums of the present state, [parts, 2]."""
        scripts = [self._of_script(path) for path in self._game.scripts.files]
        fields = field_sums(self._game.world)
        used = np.array([bool(name) for name in self._fields])
        systems = self._systems()
        self.names = (
            *(name for name in self._fields if name),
            *(name for names, _ in scripts for name in names),
            *systems,
        )
        others = np.array([[word, 0] for word in systems.values()], np.int64)
        return np.concatenate([fields[used], *(sums for _, sums in scripts), others])

    def _of_script(self, path: str) -> tuple[list[str], I64]:
        scripts = self._game.scripts
        file = scripts.files[path]
        variables = () if file.program is None else file.program.state_names
        sums: I64 = np.zeros((1 + len(variables), 2), np.int64)
        if file.program is not None:
            chosen, notes = scripts.hashing_of(file, file.program)
            hash_variables(scripts.machine.address, chosen, notes, sums)
        return [f"{path}: its instances", *(f"{path}: variable {name}" for name in variables)], sums

    def _systems(self) -> dict[str, int]:
        game = self._game
        world = game.world
        scripts = game.scripts
        stores: tuple[EventQueue | Timers | GlobalValues | EntityLists, ...] = (
            *(scripts.events, scripts.timers, scripts.globals, scripts.items, scripts.statuses.lists),
            scripts.saved,
        )
        words = {
            **{name: store.state for name, store in zip(_STORES, stores, strict=True)},
            "contacts and joints": game.physics.state_for_hash(world.strings.hashes),
            "screens and pauses": game.flow.state,
            "queued commands": world.commands.rows.ravel(),
            "free entities": free_indices(world.storage),
        }
        return {name: int(hash_words(np.ascontiguousarray(one), 0)) for name, one in words.items()}

    # --- what differs -----------------------------------------------------------------------------

    def differences(self, expected: I64) -> list[str]:
        """Return which parts differ from the sums of another run, each with the entity if it is one alone."""
        found = self.sums()
        if expected.shape != found.shape:
            return ["the parts of the state are others"]
        differ = np.flatnonzero((found != expected).any(axis=1)).tolist()
        names = [self._named(number, expected[number], found[number]) for number in differ[:MOST_NAMED]]
        more = len(differ) - MOST_NAMED
        return [*names, f"{more} parts more"] if more > 0 else names

    def _named(self, number: int, expected: I64, found: I64) -> str:
        name = self.names[number]
        entity = self._entity(number, expected, found)
        if not entity:
            return name
        tag = self._tag(entity)
        return f"{name} of entity {entity}{tag}"

    def _entity(self, number: int, expected: I64, found: I64) -> int:
        """Return the only entity that differs in a part, or 0."""
        game = self._game
        name = self.names[number]
        path = name.partition(": ")[0]
        if number < sum(1 for one in self._fields if one):
            most = int(game.world.storage.counters[Counter.HIGH_WATER])
            index = place_of_difference(expected, found, most) - 1
            generation = game.world.storage.arrays[WorldSlot.GENERATION]
            return entity_id(index, int(generation[index])) if index >= 0 else 0
        if path in game.scripts.files:
            instances = game.scripts.files[path].instances()
            place = place_of_difference(expected, found, instances.size)
            row = INSTANCE_WORDS * int(instances[place - 1])
            return int(game.scripts.machine.instances[row + InstanceWord.ENTITY]) if place else 0
        return 0

    def _tag(self, entity: int) -> str:
        world = self._game.world
        has_tag = world.exists(entity) and world.has_component(entity, Component.TAG)
        return f' ("{world.get(entity, Field.TAG_NAME)}")' if has_tag else ""
