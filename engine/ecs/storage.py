"""The arrays of a world: creation, growth, and the address table that is kept in step with them.

Only Python allocates. Every array that is replaced is entered into the table in the same call.
The whole state is in `arrays` (but for the address tables `ADDED`, `CHANGED` and `STRINGS`), `columns`,
`added` and `changed`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from engine.ecs.components import FieldKind
from engine.ecs.layout import (
    BLOCK,
    CHUNK_ROWS,
    COMMAND_WORDS,
    COUNTER_COUNT,
    FIRST_PARTY,
    NONE,
    PARTY_WORDS,
    PUBLISHED,
    UNLIMITED,
    Counter,
    PartyWord,
    WorldSlot,
)
from engine.ecs.registry import Registry

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Column = I64 | F64

FIRST_ENTITIES = 256
FIRST_CHUNKS = 16
FIRST_RANGES = 1
FIRST_COMMANDS = 1024
FIRST_VALUES = 256
SPARE_FIELDS = 128
"""Declared fields for which the table has room before its own address changes."""

_ENTITY_SLOTS = {
    WorldSlot.GENERATION: 0,
    WorldSlot.CHUNK: NONE,
    WorldSlot.ROW: 0,
    WorldSlot.FLAGS: 0,
    WorldSlot.FREE_ENTITIES: 0,
    WorldSlot.FIRST_CHILD: NONE,
    WorldSlot.NEXT_SIBLING: NONE,
    WorldSlot.PREVIOUS_SIBLING: NONE,
}
_PREFAB_SLOTS = (
    WorldSlot.PREFAB_CHUNK,
    WorldSlot.PREFAB_ROW,
    WorldSlot.PREFAB_ARCHETYPE,
    WorldSlot.PREFAB_MEMBERS,
    WorldSlot.PREFAB_PARENT,
)
_CHUNK_SLOTS = {
    WorldSlot.CHUNK_ARCHETYPE: NONE,
    WorldSlot.CHUNK_COUNT: 0,
    WorldSlot.CHUNK_NEXT: NONE,
    WorldSlot.CHUNK_PREVIOUS: NONE,
    WorldSlot.FREE_CHUNKS: 0,
}
_ARCHETYPE_SLOTS = {
    WorldSlot.ARCHETYPE_HEAD: NONE,
    WorldSlot.ARCHETYPE_TAIL: NONE,
    WorldSlot.ARCHETYPE_BORN: NONE,
}


class Storage:
    """Every array of a world, by slot and by field; `added` and `changed` hold ticks, by component.

    Invariants: all columns of a component have `pool_rows[component]` rows, a multiple of
    CHUNK_ROWS; each range of a pool is in exactly one chunk or in the component's free stack.
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.arrays: dict[WorldSlot, I64] = {}
        self.columns: dict[int, Column] = {}
        self.added: dict[int, I64] = {}
        self.changed: dict[int, I64] = {}
        self.pool_rows: list[int] = []
        self.table: I64 = np.zeros(2 * (registry.field_limit + SPARE_FIELDS), np.int64)
        self._fill(_ENTITY_SLOTS, FIRST_ENTITIES)
        self._fill(_CHUNK_SLOTS, FIRST_CHUNKS)
        self._fill(_ARCHETYPE_SLOTS, 0)
        for slot in _PREFAB_SLOTS:
            self._put(slot, np.zeros(0, np.int64))
        self._put(WorldSlot.ARCHETYPE_HAS, np.zeros(0, np.int64))
        self._put(WorldSlot.CHUNK_BASE, np.zeros(0, np.int64))
        self._put(WorldSlot.CHUNK_ENTITY, np.zeros(FIRST_CHUNKS * CHUNK_ROWS, np.int64))
        self._put(WorldSlot.COUNTERS, np.zeros(COUNTER_COUNT, np.int64))
        self.counters[Counter.CHANGE_TICK] = 1
        self.share(1)
        self._put(WorldSlot.COMMANDS, np.zeros(FIRST_COMMANDS * COMMAND_WORDS, np.int64))
        self._put(WorldSlot.COMMAND_VALUES, np.zeros(FIRST_VALUES, np.int64))
        for slot in (WorldSlot.ADDED, WorldSlot.CHANGED):
            self._put(slot, np.zeros(0, np.int64))
        for slot in (WorldSlot.POOL_FREE, WorldSlot.POOL_FREE_START, WorldSlot.POOL_FREE_COUNT):
            self._put(slot, np.zeros(0, np.int64))
        self.add_components()

    @property
    def counters(self) -> I64:
        """The scalars, by `Counter`."""
        return self.arrays[WorldSlot.COUNTERS]

    @property
    def parties(self) -> I64:
        """The words of each party [n, PARTY_WORDS], as a view."""
        return self.counters[FIRST_PARTY:].reshape(-1, PARTY_WORDS)

    def share(self, parties: int) -> None:
        """Let so many parties, each without limits, share a world that never had an entity."""
        counters = np.zeros(FIRST_PARTY + PARTY_WORDS * parties, np.int64)
        counters[:FIRST_PARTY] = self.counters[:FIRST_PARTY]
        counters[Counter.PARTIES] = parties
        self._put(WorldSlot.COUNTERS, counters)
        self.parties[:, PartyWord.MOST :] = UNLIMITED

    @property
    def entity_capacity(self) -> int:
        """Entity indices that the arrays hold."""
        return self.arrays[WorldSlot.GENERATION].size

    @property
    def chunk_capacity(self) -> int:
        """Chunks that the arrays hold."""
        return self.arrays[WorldSlot.CHUNK_COUNT].size

    @property
    def component_count(self) -> int:
        """Components of the pools; the stride of arrays by (chunk, component)."""
        return len(self.pool_rows)

    def publish(self, slot: WorldSlot, array: I64) -> None:
        """Enter another room's table or buffer under a slot of `PUBLISHED`."""
        if slot not in PUBLISHED:
            message = f"{slot.name} belongs to the world itself"
            raise ValueError(message)
        if self.arrays.get(slot) is not array:
            self._put(slot, array)

    def link(self, slot: WorldSlot, array: I64) -> None:
        """Enter an array that one of the world's own parts keeps (strings)."""
        self._put(slot, array)

    def _fill(self, slots: dict[WorldSlot, int], size: int) -> None:
        for slot, value in slots.items():
            self._put(slot, np.full(size, value, np.int64))

    def _extend(self, slots: dict[WorldSlot, int], size: int) -> None:
        for slot, value in slots.items():
            old = self.arrays[slot]
            grown = np.zeros(size, np.int64)
            grown[: old.size] = old
            if value:  # zeros cost nothing before they are touched
                grown[old.size :] = value
            self._put(slot, grown)

    def _put(self, slot: WorldSlot, array: I64) -> None:
        self.arrays[slot] = array
        self._write(int(slot), array)

    def _write(self, at: int, array: Column) -> None:
        self.table[at] = array.ctypes.data
        self.table[at + 1] = array.size

    def refresh(self) -> None:
        """Write every address anew; needed after arrays were replaced from outside (restore)."""
        for slot, array in self.arrays.items():
            self._write(int(slot), array)
        for number, column in self.columns.items():
            self._write(2 * number, column)
        for component in self.added:
            self._write_ticks(component)

    def _write_ticks(self, component: int) -> None:
        for slot, ticks in ((WorldSlot.ADDED, self.added), (WorldSlot.CHANGED, self.changed)):
            column = ticks[component]
            self.arrays[slot][2 * component : 2 * component + 2] = column.ctypes.data, column.size

    # --- growth ---------------------------------------------------------------------------------

    def grow_entities(self, free: int) -> None:
        """Make sure that `free` more entities have an index."""
        party, parties = int(self.counters[Counter.PARTY]), len(self.parties)
        words = self.parties[party]
        last = int(words[PartyWord.USED]) + max(free - int(words[PartyWord.FREE]), 0) - 1
        needed = (last // BLOCK * parties + party) * BLOCK + last % BLOCK + 1
        if needed > self.entity_capacity:
            self._extend(_ENTITY_SLOTS, max(2 * self.entity_capacity, needed))

    def grow_chunks(self, free: int) -> None:
        """Make sure that `free` more chunks can be opened."""
        counters = self.counters
        reusable = int(counters[Counter.FREE_CHUNKS])
        needed = int(counters[Counter.CHUNK_HIGH_WATER]) + max(free - reusable, 0)
        if needed > self.chunk_capacity:
            capacity = max(2 * self.chunk_capacity, needed)
            self._extend(_CHUNK_SLOTS, capacity)
            self._extend({WorldSlot.CHUNK_BASE: NONE}, capacity * self.component_count)
            self._extend({WorldSlot.CHUNK_ENTITY: 0}, capacity * CHUNK_ROWS)

    def grow_pools(self, components: Iterable[int], free: int) -> None:
        """Make sure that `free` more chunks find a range in the pools of components."""
        count = self.arrays[WorldSlot.POOL_FREE_COUNT]
        lacking = [c for c in components if count[c] < free]
        known = {c: self.pool_rows[c] for c in lacking}
        for component in lacking:
            old = known[component]
            rows = max(old + (free - int(count[component])) * CHUNK_ROWS, 2 * old)
            self._grow_columns(component, rows)
            self.pool_rows[component] = rows
        if lacking:
            self._rebuild_free_ranges()
        for component in lacking:
            self._free_ranges(component, known[component])

    def _free_ranges(self, component: int, old_rows: int) -> None:
        """Put the ranges of a pool from `old_rows` on below the free ones that it had."""
        count = self.arrays[WorldSlot.POOL_FREE_COUNT]
        stack = self.arrays[WorldSlot.POOL_FREE]
        start = int(self.arrays[WorldSlot.POOL_FREE_START][component])
        known = int(count[component])
        # Lowest row on top: ranges are handed out in rising order, which iteration likes.
        fresh = np.arange(self.pool_rows[component] - CHUNK_ROWS, old_rows - 1, -CHUNK_ROWS, dtype=np.int64)
        stack[start : start + known + fresh.size] = np.concatenate([fresh, stack[start : start + known]])
        count[component] = known + fresh.size

    def _grow_columns(self, component: int, rows: int) -> None:
        """Replace the columns of a component by longer ones."""
        old = self.pool_rows[component]
        for field in self.registry.component(component).fields:
            words: I64 = np.zeros(rows, np.int64)
            grown: Column = words.view(np.float64) if field.kind == FieldKind.FLOAT else words
            if old:
                grown[:old] = self.columns[field.number]
            self.columns[field.number] = grown
            self._write(2 * field.number, grown)
        for ticks in (self.added, self.changed):
            words = np.zeros(rows, np.int64)
            if old:
                words[:old] = ticks[component]
            ticks[component] = words
        self._write_ticks(component)

    def _rebuild_free_ranges(self) -> None:
        """Give each component a stack as deep as its pool has ranges."""
        old_stack = self.arrays[WorldSlot.POOL_FREE]
        old_start = self.arrays[WorldSlot.POOL_FREE_START]
        count = self.arrays[WorldSlot.POOL_FREE_COUNT]
        depth = np.array([rows // CHUNK_ROWS for rows in self.pool_rows], np.int64)
        start = np.zeros(depth.size, np.int64)
        start[1:] = np.cumsum(depth)[:-1]
        stack = np.zeros(int(depth.sum()), np.int64)
        for c in range(old_start.size):
            kept = old_stack[int(old_start[c]) : int(old_start[c] + count[c])]
            stack[int(start[c]) : int(start[c]) + kept.size] = kept
        self._put(WorldSlot.POOL_FREE, stack)
        self._put(WorldSlot.POOL_FREE_START, start)

    def grow_commands(self, free: int) -> None:
        """Make sure that `free` more commands can be queued."""
        needed = (int(self.counters[Counter.COMMANDS]) + free) * COMMAND_WORDS
        size = self.arrays[WorldSlot.COMMANDS].size
        if needed > size:
            self._extend({WorldSlot.COMMANDS: 0}, max(2 * size, needed))

    def grow_command_values(self, free: int) -> None:
        """Make sure that queued commands can bring `free` more words of values."""
        needed = int(self.counters[Counter.COMMAND_VALUES]) + free
        size = self.arrays[WorldSlot.COMMAND_VALUES].size
        if needed > size:
            self._extend({WorldSlot.COMMAND_VALUES: 0}, max(2 * size, needed))

    def add_archetype(self, has: I64) -> int:
        """Add an archetype from its row of 0/1 by component; return its number."""
        number = self.arrays[WorldSlot.ARCHETYPE_HEAD].size
        self._extend(_ARCHETYPE_SLOTS, number + 1)
        self._put(WorldSlot.ARCHETYPE_HAS, np.concatenate([self.arrays[WorldSlot.ARCHETYPE_HAS], has]))
        return number

    def add_prefab(self, chunk: int, row: int, archetype: int, parent: int = NONE) -> int:
        """Enter a template row, the archetype of what it spawns, and its parent; return the number.

        Raises:
            ValueError: the parent is not one of the family that was entered last.
        """
        number = self.arrays[WorldSlot.PREFAB_CHUNK].size
        known = self.arrays[WorldSlot.PREFAB_MEMBERS]
        if parent != NONE and not (0 <= parent < number and parent + known[parent] == number):
            raise ValueError(f"prefab {parent} is not one of the family that was defined last")
        for slot, value in zip(_PREFAB_SLOTS, (chunk, row, archetype, 1, parent), strict=True):
            self._extend({slot: value}, number + 1)
        members, parents = self.arrays[WorldSlot.PREFAB_MEMBERS], self.arrays[WorldSlot.PREFAB_PARENT]
        while parent != NONE:
            members[parent] += 1
            parent = int(parents[parent])
        return number

    # --- components -----------------------------------------------------------------------------

    def add_components(self) -> None:
        """Make pools for the components that the registry has and the storage does not."""
        old, new = self.component_count, len(self.registry.components)
        self._widen_table()
        self._put(
            WorldSlot.CHUNK_BASE, self._widened(WorldSlot.CHUNK_BASE, self.chunk_capacity, old, new, NONE)
        )
        archetypes = self.arrays[WorldSlot.ARCHETYPE_HEAD].size
        self._put(WorldSlot.ARCHETYPE_HAS, self._widened(WorldSlot.ARCHETYPE_HAS, archetypes, old, new, 0))
        self.pool_rows.extend([0] * (new - old))
        counts = self.arrays[WorldSlot.POOL_FREE_COUNT]
        self._put(WorldSlot.POOL_FREE_COUNT, np.concatenate([counts, np.zeros(new - old, np.int64)]))
        self._rebuild_free_ranges()
        self._describe_fields()
        for slot in (WorldSlot.ADDED, WorldSlot.CHANGED):
            self._extend({slot: 0}, 2 * new)
        self.grow_pools(range(old, new), FIRST_RANGES)

    def _widen_table(self) -> None:
        if 2 * self.registry.field_limit > self.table.size:
            self.table = np.zeros(2 * (self.registry.field_limit + SPARE_FIELDS), np.int64)
            self.refresh()

    def _widened(self, slot: WorldSlot, rows: int, old: int, new: int, fill: int) -> I64:
        grown = np.full((rows, new), fill, np.int64)
        if old:
            grown[:, :old] = self.arrays[slot].reshape(rows, old)
        return grown.reshape(-1)

    def _describe_fields(self) -> None:
        specs = self.registry.components
        fields = self.registry.fields.values()
        default = np.zeros(self.registry.field_limit, np.int64)
        kind = np.zeros(self.registry.field_limit, np.int64)
        passing = np.zeros(self.registry.field_limit, np.int64)
        component = np.zeros(self.registry.field_limit, np.int64)
        for field in fields:
            is_float = field.kind == FieldKind.FLOAT
            bits = np.float64(field.default).view(np.int64) if is_float else np.int64(field.default)
            default[field.number] = bits
            kind[field.number] = field.kind
            passing[field.number] = field.passing
            component[field.number] = field.component
        first = [spec.fields[0].number if spec.fields else 0 for spec in specs]
        self._put(WorldSlot.FIELD_DEFAULT, default)
        self._put(WorldSlot.FIELD_KIND, kind)
        self._put(WorldSlot.FIELD_PASSING, passing)
        self._put(WorldSlot.FIELD_COMPONENT, component)
        self._put(WorldSlot.COMPONENT_FIRST_FIELD, np.array(first, np.int64))
        counts = [len(spec.fields) for spec in specs]
        self._put(WorldSlot.COMPONENT_FIELD_COUNT, np.array(counts, np.int64))
