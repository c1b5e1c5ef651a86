"""The world: entities and their components, for Python code and, through `table`, for kernels.

Everything here that changes structure does so at once; inside a tick use `destroy`, `spawn_prefab`
and the `queue_…` methods, which wait for stage `commands`. Ids go in and out; a stale one raises
`NoSuchEntity`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from engine.ecs import structure
from engine.ecs.archetype import Archetypes
from engine.ecs.commands import Batch, Commands
from engine.ecs.components import HIDDEN, Component, ComponentSpec, Field, FieldSpec, Registry
from engine.ecs.entity import entity_id, generation_of_id, index_of_id
from engine.ecs.layout import CHUNK_ROWS, FULL, MARKED, NONE, Command, Counter, WorldSlot
from engine.ecs.storage import Column, Storage
from engine.ecs.strings import DEFAULT_LIMIT, StringTable
from engine.ecs.values import Value, Values, default_word, encode, encode_columns, value_of, word_of
from engine.errors import (
    DuplicateComponent,
    MissingComponent,
    NoSuchEntity,
    UnknownPrefab,
)

I64 = npt.NDArray[np.int64]
SPARE = 4
"""Chunks and ranges of every pool that `make_room` leaves free, at least."""


class World:
    """Entities with components in archetypes over pooled columns."""

    def __init__(self, string_limit: int = DEFAULT_LIMIT) -> None:
        self.registry = Registry()
        self.storage = Storage(self.registry)
        self.archetypes = Archetypes(self.storage)
        self.commands = Commands(self.storage)
        self.strings = StringTable(string_limit)
        self.storage.link(WorldSlot.STRINGS, self.strings.table)

    # --- what kernels and other rooms need --------------------------------------------------------

    @property
    def table(self) -> I64:
        """The address table (see `engine.ecs.layout`)."""
        return self.storage.table

    @property
    def table_address(self) -> int:
        """Address of the table; it changes only when a component is declared."""
        return int(self.storage.table.ctypes.data)

    @property
    def table_version(self) -> int:
        """Counts changes of the table's contents."""
        return self.storage.version

    @property
    def tick(self) -> int:
        """The number of the tick."""
        return int(self.storage.counters[Counter.TICK])

    @tick.setter
    def tick(self, number: int) -> None:
        self.storage.counters[Counter.TICK] = number

    @property
    def structure_version(self) -> int:
        """Counts structural changes; a query made at another number is out of date."""
        return int(self.storage.counters[Counter.STRUCTURE])

    def publish(self, slot: WorldSlot, array: I64) -> None:
        """Enter another room's table or buffer into the address table; it stays until replaced."""
        self.storage.publish(slot, array)

    def column(self, field: int) -> Column:
        """Return the whole pool column of a field; valid until the pool grows."""
        return self.storage.columns[self.registry.field(field).number]

    def declare(self, name: str, properties: Iterable[tuple[str, str, Value]]) -> ComponentSpec:
        """Add a component with typed properties (name, type, default); see `Registry.declare`.

        The table's address may change: declare before handing it out.
        """
        declared = [
            (label, kind, default_word(self.strings, f"{name}.{label}", kind, default))
            for label, kind, default in properties
        ]
        spec = self.registry.declare(name, declared)
        self.storage.add_components()
        return spec

    def make_room(self) -> None:
        """Serve a kernel that answered "full": room for some entities, chunks and commands."""
        self.storage.grow_entities(CHUNK_ROWS)
        self.storage.grow_chunks(SPARE)
        self.storage.grow_commands(CHUNK_ROWS)
        for component in range(self.storage.component_count):
            self.storage.grow_pool(component, SPARE)

    # --- entities -----------------------------------------------------------------------------------

    def __len__(self) -> int:
        return int(self.storage.counters[Counter.LIVE])

    def exists(self, entity: int) -> bool:
        """Return whether the id names an entity that was not removed."""
        index = index_of_id(entity)
        arrays = self.storage.arrays
        return (
            0 <= index < self.storage.entity_capacity
            and arrays[WorldSlot.GENERATION][index] == generation_of_id(entity)
            and bool(arrays[WorldSlot.CHUNK][index] >= 0)
        )

    def index_of(self, entity: int) -> int:
        """Return the index of an entity.

        Raises:
            NoSuchEntity: the id is stale or never was valid.
        """
        if not self.exists(entity):
            raise NoSuchEntity(entity)
        return index_of_id(entity)

    def entity_at(self, index: int) -> int:
        """Return the id of the entity that lives at an index, or 0 for none."""
        arrays = self.storage.arrays
        if not 0 <= index < self.storage.entity_capacity or arrays[WorldSlot.CHUNK][index] < 0:
            return 0
        return entity_id(index, int(arrays[WorldSlot.GENERATION][index]))

    def entities(self) -> I64:
        """Return the ids of all entities, unborn ones included, in order of index."""
        arrays = self.storage.arrays
        alive = np.flatnonzero(arrays[WorldSlot.CHUNK] >= 0)
        return (arrays[WorldSlot.GENERATION][alive] << 32) + alive + 1

    def is_alive(self, entity: int) -> bool:
        """Return whether it exists, is not marked for destruction, and has health above 0, if any."""
        if not self.exists(entity) or self.is_marked(entity):
            return False
        row = self.row_of(entity, Component.HEALTH)
        return row < 0 or bool(self.storage.columns[Field.HEALTH_VALUE][row] > 0.0)

    def is_marked(self, entity: int) -> bool:
        """Return whether the entity is marked for destruction."""
        return bool(self.storage.arrays[WorldSlot.FLAGS][self.index_of(entity)] & MARKED)

    def is_unborn(self, entity: int) -> bool:
        """Return whether the entity waits for its birth in stage `commands`."""
        return self.row_of(entity, Component.UNBORN) >= 0

    def spawn(self, components: Iterable[int], values: Values | None = None) -> int:
        """Make an entity at once and return its id; fields without a value get their default.

        Raises:
            UnknownComponent, MissingComponent, BadFieldValue.
        """
        return int(self.spawn_many(components, 1, values)[0])

    def spawn_many(
        self,
        components: Iterable[int],
        count: int,
        values: Values | None = None,
        columns: Mapping[int, Column] | None = None,
    ) -> I64:
        """Make `count` entities at once and return their ids in order.

        `values` are the same for all; `columns` give [count] words by field: float64 for float fields,
        else int64 (string ids, entity ids, 0 or 1).

        Raises:
            UnknownComponent, UnknownField, MissingComponent, BadFieldValue.
        """
        chosen = self._checked(components)
        words = encode(self.registry, self.strings, chosen, values)
        words += encode_columns(self.registry, chosen, count, columns)
        archetype = self.archetypes.number_of(chosen)
        ids = np.zeros(count, np.int64)
        self._reserve(chosen, count)
        done = structure.spawn_rows(self.table, archetype, ids, 0)
        assert done == count, "room was reserved"
        rows = np.zeros(count, np.int64)
        for field, word in words:
            structure.pool_rows(self.table, ids, field.component, rows)
            self.storage.columns[field.number][rows] = word
        return ids

    def despawn(self, entity: int) -> None:
        """Remove an entity at once.

        Raises:
            NoSuchEntity: the id is stale or never was valid.
        """
        self.index_of(entity)
        structure.remove_entities(self.table, np.array([entity], np.int64))

    def despawn_many(self, entities: I64) -> int:
        """Remove entities at once, in order; skip stale and repeated ids. Returns how many were removed."""
        return int(structure.remove_entities(self.table, entities))

    # --- components ---------------------------------------------------------------------------------

    def components_of(self, entity: int) -> tuple[int, ...]:
        """Return the numbers of an entity's components in order, without the engine's own marks."""
        archetype = self._archetype_of(self.index_of(entity))
        return tuple(sorted(self.archetypes.components_of(archetype) - HIDDEN))

    def has_component(self, entity: int, component: int) -> bool:
        """Return whether an entity has a component."""
        return self.row_of(entity, component) >= 0

    def row_of(self, entity: int, component: int) -> int:
        """Return the pool row of a component of an entity, or -1 when it lacks it."""
        index = self.index_of(entity)
        arrays = self.storage.arrays
        chunk = int(arrays[WorldSlot.CHUNK][index])
        base = int(arrays[WorldSlot.CHUNK_BASE][chunk * self.storage.component_count + component])
        return NONE if base < 0 else base + int(arrays[WorldSlot.ROW][index])

    def add_component(self, entity: int, component: int, values: Values | None = None) -> None:
        """Give an entity a component at once.

        Raises:
            DuplicateComponent: it has it.  NoSuchEntity, UnknownComponent, BadFieldValue.
        """
        name = self.registry.component(component).name
        if self.has_component(entity, component):
            raise DuplicateComponent(name, entity)
        words = encode(self.registry, self.strings, frozenset({component}), values)
        self._move(entity, self._components_at(entity) | {component})
        row = self.row_of(entity, component)
        for field, value in words:
            self.storage.columns[field.number][row] = value

    def remove_component(self, entity: int, component: int) -> None:
        """Take a component from an entity at once.

        Raises:
            MissingComponent: it lacks it.  NoSuchEntity, UnknownComponent.
        """
        name = self.registry.component(component).name
        if not self.has_component(entity, component):
            raise MissingComponent(entity, name)
        self._move(entity, self._components_at(entity) - {component})

    def get(self, entity: int, field: int) -> Value:
        """Return the value of a field: float, int, bool, str, or an entity id.

        Raises:
            NoSuchEntity, UnknownField, MissingComponent.
        """
        spec = self.registry.field(field)
        return value_of(self.strings, spec, self.storage.columns[field][self._row(entity, spec)])

    def set(self, entity: int, field: int, value: Value) -> None:
        """Write a field.

        Raises:
            NoSuchEntity, UnknownField, MissingComponent, BadFieldValue.
        """
        spec = self.registry.field(field)
        row = self._row(entity, spec)
        self.storage.columns[field][row] = word_of(self.strings, spec, value)

    # --- prefabs and deferred changes -----------------------------------------------------------------

    def define_prefab(self, components: Iterable[int], values: Values | None = None) -> int:
        """Make a template that `spawn_prefab` copies; return its number (0, 1, …)."""
        chosen = self._checked(components)
        words = encode(self.registry, self.strings, chosen, values)
        template = self.archetypes.number_of(chosen | {Component.PREFAB})
        spawned = self.archetypes.number_of(chosen | {Component.UNBORN})
        self._reserve(chosen | {Component.PREFAB}, 1)
        chunk = int(structure.template_row(self.table, template))
        assert chunk != FULL, "room was reserved"
        row = int(self.storage.arrays[WorldSlot.CHUNK_COUNT][chunk]) - 1
        bases = self.storage.arrays[WorldSlot.CHUNK_BASE]
        for field, value in words:
            base = int(bases[chunk * self.storage.component_count + field.component])
            self.storage.columns[field.number][base + row] = value
        return self.storage.add_prefab(chunk, row, spawned)

    def spawn_prefab(self, prefab: int) -> int:
        """Make an unborn copy of a prefab, whose birth waits for `commands`; return its id.

        Raises:
            UnknownPrefab: no prefab has this number.
        """
        if not 0 <= prefab < self.storage.arrays[WorldSlot.PREFAB_CHUNK].size:
            raise UnknownPrefab(prefab)
        while (entity := int(structure.spawn_one_prefab(self.table, prefab))) == FULL:
            self.make_room()
        return entity

    def destroy(self, entity: int) -> None:
        """Mark an entity for destruction; it is removed in stage `commands`."""
        index = self.index_of(entity)
        flags = self.storage.arrays[WorldSlot.FLAGS]
        if not flags[index] & MARKED:
            flags[index] |= MARKED
            self.commands.push(Command.DESTROY, entity)

    def queue_add(self, entity: int, component: int) -> None:
        """Give an entity a component, with defaults, in stage `commands`."""
        self.index_of(entity)
        self.commands.push(Command.ADD, entity, self.registry.component(component).number)

    def queue_remove(self, entity: int, component: int) -> None:
        """Take a component from an entity in stage `commands`."""
        self.index_of(entity)
        self.commands.push(Command.REMOVE, entity, self.registry.component(component).number)

    def cancel_commands(self, mark: int) -> None:
        """Take back what was queued since `len(commands)` was `mark`; what it spawned never was."""
        structure.cancel_commands_from(self.table, mark)

    def apply_commands(self) -> Batch:
        """Take the queued commands and apply them all: removals, changes, births."""
        batch = self.commands.take()
        self.apply_removals(batch)
        self.apply_changes(batch)
        self.apply_births(batch)
        return batch

    def apply_removals(self, batch: Batch) -> None:
        """Remove the entities of a batch."""
        self.despawn_many(batch.withdrawn)
        self.despawn_many(batch.removals)

    def apply_changes(self, batch: Batch) -> None:
        """Add and remove components; what no longer applies is skipped."""
        for kind, entity, component in batch.changes.tolist():
            if not self.exists(entity):
                continue
            has = self.has_component(entity, component)
            if kind == Command.ADD and not has:
                self.add_component(entity, component)
            elif kind == Command.REMOVE and has:
                self.remove_component(entity, component)

    def apply_births(self, batch: Batch) -> None:
        """Let the unborn entities of a batch join the queries."""
        known = [index_of_id(e) for e in batch.births.tolist() if self.exists(e)]
        indices = np.array(known, np.int64)
        done = 0
        while (done := int(structure.give_births(self.table, indices, done))) < indices.size:
            self.make_room()

    # --- inside -------------------------------------------------------------------------------------

    def _checked(self, components: Iterable[int]) -> frozenset[int]:
        return frozenset(self.registry.component(int(component)).number for component in components)

    def _row(self, entity: int, spec: FieldSpec) -> int:
        row = self.row_of(entity, spec.component)
        if row < 0:
            raise MissingComponent(entity, self.registry.component(spec.component).name)
        return row

    def _archetype_of(self, index: int) -> int:
        chunk = int(self.storage.arrays[WorldSlot.CHUNK][index])
        return int(self.storage.arrays[WorldSlot.CHUNK_ARCHETYPE][chunk])

    def _components_at(self, entity: int) -> frozenset[int]:
        return self.archetypes.components_of(self._archetype_of(self.index_of(entity)))

    def _move(self, entity: int, components: frozenset[int]) -> None:
        archetype = self.archetypes.number_of(components)
        index = self.index_of(entity)
        while structure.move_one(self.table, index, archetype) == FULL:
            self.make_room()

    def _reserve(self, components: Iterable[int], count: int) -> None:
        chunks = count // CHUNK_ROWS + 2
        self.storage.grow_entities(count)
        self.storage.grow_chunks(chunks)
        for component in components:
            self.storage.grow_pool(int(component), chunks)
