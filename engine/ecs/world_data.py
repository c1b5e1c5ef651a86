"""What a world holds, to be read and written; what changes its structure is in `engine.ecs.world`.

A field is named by its number (`Field.HEALTH_VALUE`) or by text (`"health.value"`, also of declared
components), a component by number or name. What Python writes through `set` counts as changed; whoever
writes to a `column` or in a kernel says so by `mark_changed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from engine.ecs import bulk
from engine.ecs.archetype import Archetypes
from engine.ecs.components import HIDDEN, Component, Field
from engine.ecs.entity import INDEX_BITS, INDEX_MASK, entity_id, generation_of_id, index_of_id
from engine.ecs.hierarchy import refuse_parent
from engine.ecs.layout import MARKED, NONE, Counter, WorldSlot
from engine.ecs.registry import ComponentSpec, FieldSpec, Registry
from engine.ecs.storage import Column, Storage
from engine.ecs.strings import StringTable
from engine.ecs.values import Value, default_words, value_of, word_of
from engine.errors import MissingComponent, NoSuchEntity

I64 = npt.NDArray[np.int64]


class WorldData:
    """Entities and the values of their components."""

    def __init__(self, string_limit: int) -> None:
        self.registry = Registry()
        self.storage = Storage(self.registry)
        self.archetypes = Archetypes(self.storage)
        self.strings = StringTable(string_limit)
        self.storage.link(WorldSlot.STRINGS, self.strings.table)

    # --- what kernels and other rooms need --------------------------------------------------------

    @property
    def table(self) -> I64:
        """The address table (see `engine.ecs.layout`); it is another one once a component was declared."""
        return self.storage.table

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

    @property
    def born_version(self) -> int:
        """Counts the structural changes that queries can see: unborn entities do not count."""
        counters = self.storage.counters
        return int(counters[Counter.STRUCTURE] - counters[Counter.HIDDEN_STRUCTURE])

    def publish(self, slot: WorldSlot, array: I64) -> None:
        """Enter another room's table or buffer into the address table; it stays until replaced."""
        self.storage.publish(slot, array)

    def column(self, field: int | str) -> Column:
        """Return the whole pool column of a field; valid until the pool grows."""
        return self.storage.columns[self.registry.field(field).number]

    def declare(
        self, name: str, properties: Iterable[tuple[str, str, Value | Sequence[float]]]
    ) -> ComponentSpec:
        """Add a component with typed properties (name, type, default); see `Registry.declare`.

        The table's address may change: declare before handing it out.
        """
        declared = [
            (label, kind, default_words(self.strings, f"{name}.{label}", kind, default))
            for label, kind, default in properties
        ]
        spec = self.registry.declare(name, declared)
        self.storage.add_components()
        return spec

    # --- entities -----------------------------------------------------------------------------------

    def __len__(self) -> int:
        return int(self.storage.counters[Counter.LIVE])

    def exists(self, entity: int) -> bool:
        """Return whether the id names an entity that was not removed."""
        index = index_of_id(entity)
        arrays = self.storage.arrays
        return (
            0 <= index < self.storage.entity_capacity
            and int(arrays[WorldSlot.GENERATION][index]) == generation_of_id(entity)
            and int(arrays[WorldSlot.CHUNK][index]) >= 0
        )

    def existing(self, entities: I64) -> I64:
        """Return those of the ids that name entities, in their order."""
        arrays = self.storage.arrays
        indices = (entities & INDEX_MASK) - 1
        inside = (indices >= 0) & (indices < self.storage.entity_capacity)
        entities, indices = entities[inside], indices[inside]
        lives = arrays[WorldSlot.GENERATION][indices] == entities >> INDEX_BITS
        return entities[lives & (arrays[WorldSlot.CHUNK][indices] >= 0)]

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

    # --- components and values ----------------------------------------------------------------------

    def components_of(self, entity: int) -> tuple[int, ...]:
        """Return the numbers of an entity's components in order, without the engine's own marks."""
        archetype = self._archetype_of(self.index_of(entity))
        return tuple(sorted(self.archetypes.components_of(archetype) - HIDDEN))

    def has_component(self, entity: int, component: int | str) -> bool:
        """Return whether an entity has a component."""
        return self.row_of(entity, self.registry.component(component).number) >= 0

    def row_of(self, entity: int, component: int) -> int:
        """Return the pool row of a component of an entity, or -1 when it lacks it."""
        index = self.index_of(entity)
        arrays = self.storage.arrays
        chunk = int(arrays[WorldSlot.CHUNK][index])
        base = int(arrays[WorldSlot.CHUNK_BASE][chunk * self.storage.component_count + component])
        return NONE if base < 0 else base + int(arrays[WorldSlot.ROW][index])

    def rows_of(self, entities: I64, component: int | str) -> I64:
        """Return the pool row of a component of each entity, [n]; -1 for those that lack it or are gone."""
        ids = np.ascontiguousarray(entities, np.int64)
        rows = np.empty(ids.size, np.int64)
        bulk.pool_rows(self.table, ids, self.registry.component(component).number, rows)
        return rows

    def values_of(self, entities: I64, field: int | str) -> Column:
        """Return the words of a field of each entity, [n], copied.

        Raises:
            UnknownField.  NoSuchEntity, MissingComponent: of the first one that is gone or lacks it.
        """
        spec = self.registry.field(field)
        rows = self.rows_of(entities, spec.component)
        if rows.size and rows.min() < 0:
            self._row(int(entities[np.argmin(rows >= 0)]), spec)
        return self.storage.columns[spec.number][rows]

    def get(self, entity: int, field: int | str) -> Value:
        """Return the value of a field: float, int, bool, str, or an entity id.

        Raises:
            NoSuchEntity, UnknownField, MissingComponent.
        """
        spec = self.registry.field(field)
        return value_of(self.strings, spec, self.storage.columns[spec.number][self._row(entity, spec)])

    def set(self, entity: int, field: int | str, value: Value) -> None:
        """Write a field.

        Raises:
            NoSuchEntity, UnknownField, MissingComponent, BadFieldValue.
        """
        spec = self.registry.field(field)
        row = self._row(entity, spec)
        if spec.number == Field.PARENT_ENTITY:
            refuse_parent(Component.PARENT)
        self.storage.columns[spec.number][row] = word_of(self.strings, spec, value)
        if not spec.passing:
            self.storage.changed[spec.component][row] = self.change_tick

    # --- change ticks ---------------------------------------------------------------------------------

    @property
    def change_tick(self) -> int:
        """The change tick that what is written or added now gets; at least 1."""
        return int(self.storage.counters[Counter.CHANGE_TICK])

    def advance_change_tick(self) -> int:
        """End the present change tick and return it: whatever comes later is changed since then."""
        ended = self.change_tick
        self.storage.counters[Counter.CHANGE_TICK] = ended + 1
        return ended

    def changed_at(self, entity: int, component: int | str) -> int:
        """Return the change tick of the last write to a component of an entity, or of its addition.

        Raises:
            NoSuchEntity, UnknownComponent, MissingComponent.
        """
        number = self.registry.component(component).number
        row = self._component_row(entity, number)
        return int(max(self.storage.added[number][row], self.storage.changed[number][row]))

    def added_at(self, entity: int, component: int | str) -> int:
        """Return the change tick at which a component of an entity was added.

        Raises:
            NoSuchEntity, UnknownComponent, MissingComponent.
        """
        number = self.registry.component(component).number
        return int(self.storage.added[number][self._component_row(entity, number)])

    def mark_changed(self, entities: I64, component: int | str) -> None:
        """Count a component of these entities as changed; those that lack it or are gone are skipped."""
        number = self.registry.component(component).number
        bulk.mark_rows(self.table, self.rows_of(entities, number), number)

    # --- inside -------------------------------------------------------------------------------------

    def _row(self, entity: int, spec: FieldSpec) -> int:
        return self._component_row(entity, spec.component)

    def _component_row(self, entity: int, component: int) -> int:
        row = self.row_of(entity, component)
        if row < 0:
            raise MissingComponent(entity, self.registry.component(component).name)
        return row

    def _archetype_of(self, index: int) -> int:
        chunk = int(self.storage.arrays[WorldSlot.CHUNK][index])
        return int(self.storage.arrays[WorldSlot.CHUNK_ARCHETYPE][chunk])
