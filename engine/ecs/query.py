"""Queries: which entities have these components and lack those, as contiguous ranges of pools.

Order is fixed: archetypes by number, chunks in order of opening, rows. Nothing of it is the order of
entities; whoever needs that takes `indices`. Unborn entities and prefabs are left out.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.ecs.components import HIDDEN
from engine.ecs.layout import CHUNK_ROWS, Counter, WorldSlot
from engine.ecs.storage import Column
from engine.ecs.world import World
from engine.errors import MissingComponent, WorldChanged
from lang.jit import entry, words_in

I64 = npt.NDArray[np.int64]

RANGE_HEAD = 2
"""Words of a range before the pool rows of its components: chunk, count."""


@entry("int64(int64[::1], int64[::1], int64[::1], int64[::1])")
def collect_ranges(table: Any, archetypes: Any, components: Any, out: Any) -> int:
    """Write (chunk, count, first pool row by component or -1) of every chunk; return how many."""
    all_components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    heads = words_in(table, WorldSlot.ARCHETYPE_HEAD)
    following = words_in(table, WorldSlot.CHUNK_NEXT)
    counts = words_in(table, WorldSlot.CHUNK_COUNT)
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    width = RANGE_HEAD + components.size
    found = 0
    for a in range(archetypes.size):
        chunk = heads[archetypes[a]]
        while chunk >= 0:
            at = found * width
            out[at] = chunk
            out[at + 1] = counts[chunk]
            for c in range(components.size):
                out[at + RANGE_HEAD + c] = bases[chunk * all_components + components[c]]
            found += 1
            chunk = following[chunk]
    return found


@entry("int64(int64[::1], int64[::1], int64[::1])")
def collect_indices(table: Any, matches: Any, out: Any) -> int:
    """Write the indices of entities whose archetype has a 1 in `matches`, rising; return how many."""
    chunks = words_in(table, WorldSlot.CHUNK)
    archetypes = words_in(table, WorldSlot.CHUNK_ARCHETYPE)
    found = 0
    for index in range(words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]):
        chunk = chunks[index]
        if chunk >= 0 and matches[archetypes[chunk]] != 0:
            out[found] = index
            found += 1
    return found


@dataclass(frozen=True, slots=True)
class Rows:
    """The entities of one chunk that a query found, as views that a system may write to."""

    world: World
    chunk: int
    count: int

    def __getitem__(self, field: int) -> Column:
        """Return the view [count] of a field.

        Raises:
            MissingComponent: these entities lack the component (it was optional).
        """
        view = self.optional(field)
        if view is None:
            spec = self.world.registry.field(field)
            raise MissingComponent(None, self.world.registry.component(spec.component).name)
        return view

    def optional(self, field: int) -> Column | None:
        """Return the view of a field, or None when these entities lack the component."""
        storage = self.world.storage
        component = self.world.registry.field(field).component
        base = int(storage.arrays[WorldSlot.CHUNK_BASE][self.chunk * storage.component_count + component])
        return None if base < 0 else storage.columns[field][base : base + self.count]

    @property
    def indices(self) -> I64:
        """The entity indices of the rows, [count]; not to be written to."""
        first = self.chunk * CHUNK_ROWS
        return self.world.storage.arrays[WorldSlot.CHUNK_ENTITY][first : first + self.count]

    @property
    def entities(self) -> I64:
        """The entity ids of the rows, [count]."""
        indices = self.indices
        return (self.world.storage.arrays[WorldSlot.GENERATION][indices] << 32) + indices + 1


class Query:
    """The entities that have all of some components and none of others.

    Made once and used every tick: what it found is kept until the world's structure changes.

    Raises:
        UnknownComponent: one of them does not exist.
    """

    def __init__(
        self,
        world: World,
        components: Iterable[int | str],
        without: Iterable[int | str] = (),
        optional: Iterable[int | str] = (),
    ) -> None:
        self._world = world
        self.components = tuple(world.registry.component(c).number for c in components)
        self.without = tuple(world.registry.component(c).number for c in without)
        self.optional = tuple(world.registry.component(c).number for c in optional)
        self._columns = np.array([*self.components, *self.optional], np.int64)
        self._archetypes = np.zeros(0, np.int64)
        self._archetypes_seen = 0
        self._version = -1
        self._ranges = np.zeros(0, np.int64)
        self._found = 0

    @property
    def ranges(self) -> I64:
        """For kernels: [chunks, 2 + components + optional] of chunk, count, first pool rows (-1: lacks)."""
        self._refresh()
        width = RANGE_HEAD + self._columns.size
        return self._ranges[: self._found * width].reshape(-1, width)

    def __len__(self) -> int:
        return int(self.ranges[:, 1].sum())

    def __iter__(self) -> Iterator[Rows]:
        """Yield the rows of each chunk.

        Raises:
            WorldChanged: the loop's body changed the world's structure; queue such changes.
        """
        version = self._world.structure_version
        for chunk, count in self.ranges[:, :RANGE_HEAD].tolist():
            if self._world.structure_version != version:
                raise WorldChanged
            yield Rows(self._world, chunk, count)

    def indices(self) -> I64:
        """Return the indices of the entities, rising: the canonical order."""
        self._refresh()
        matches = np.zeros(len(self._world.archetypes), np.int64)
        matches[self._archetypes] = 1
        out = np.zeros(len(self._world), np.int64)
        return out[: collect_indices(self._world.table, matches, out)]

    def entities(self) -> I64:
        """Return the ids of the entities, by rising index."""
        indices = self.indices()
        return (self._world.storage.arrays[WorldSlot.GENERATION][indices] << 32) + indices + 1

    def _refresh(self) -> None:
        world = self._world
        self._match_archetypes()
        if self._version == world.structure_version:
            return
        width = RANGE_HEAD + self._columns.size
        most = int(world.storage.counters[Counter.CHUNK_HIGH_WATER]) * width
        if self._ranges.size < most:
            self._ranges = np.zeros(2 * most, np.int64)
        self._found = int(collect_ranges(world.table, self._archetypes, self._columns, self._ranges))
        self._version = world.structure_version

    def _match_archetypes(self) -> None:
        archetypes = self._world.archetypes
        if self._archetypes_seen == len(archetypes):
            return
        required = frozenset(self.components)
        refused = frozenset(self.without) | (HIDDEN - required)
        sets = (archetypes.components_of(number) for number in range(len(archetypes)))
        matching = [n for n, has in enumerate(sets) if required <= has and not refused & has]
        self._archetypes = np.array(matching, np.int64)
        self._archetypes_seen = len(archetypes)
