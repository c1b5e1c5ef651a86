"""Queries: which entities have these components and lack those, as contiguous ranges of pools.

Order is fixed: archetypes by number, chunks in order of opening, rows. Nothing of it is the order of
entities; whoever needs that takes `indices`. Unborn entities and prefabs are left out.

A query may ask for components that were written to or added since a change tick, row by row: what it
finds then are runs of such rows, in the same order.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.ecs.components import HIDDEN
from engine.ecs.layout import CHUNK_ROWS, NONE, Counter, WorldSlot
from engine.ecs.rows import Rows
from engine.ecs.world import World
from engine.errors import MissingComponent, WorldChanged
from lang.jit import entry, kernel, words_in

I64 = npt.NDArray[np.int64]
Components = Iterable[int] | Iterable[str]

RANGE_HEAD = 3
"""Words of a range before the pool rows of its components: first chunk, first row in it, count."""


@kernel
def _goes_on(table: Any, chunk: int, following: int) -> bool:
    """Return whether a chunk's rows and those of the following one stand side by side in every pool."""
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    if following != chunk + 1:
        return False
    for c in range(components):
        base = bases[chunk * components + c]
        if base >= 0 and bases[following * components + c] != base + CHUNK_ROWS:
            return False
    return True


@entry("int64(int64[::1], int64[::1], int64[::1], int64[::1])")
def collect_ranges(table: Any, archetypes: Any, components: Any, out: Any) -> int:
    """Write (chunk, 0, count, first pool row by component or -1) of every range; return how many.

    A range is a chunk with all following ones that stand beside it: those of a bulk spawn do.
    """
    all_components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    heads = words_in(table, WorldSlot.ARCHETYPE_HEAD)
    next_chunk = words_in(table, WorldSlot.CHUNK_NEXT)
    counts = words_in(table, WorldSlot.CHUNK_COUNT)
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    width = RANGE_HEAD + components.size
    found = 0
    for a in range(archetypes.size):
        chunk = heads[archetypes[a]]
        while chunk >= 0:
            at = found * width
            out[at] = chunk
            out[at + 1] = 0
            out[at + 2] = counts[chunk]
            for c in range(components.size):
                out[at + RANGE_HEAD + c] = bases[chunk * all_components + components[c]]
            following = next_chunk[chunk]
            while following >= 0 and _goes_on(table, chunk, following):
                out[at + 2] += counts[following]
                chunk = following
                following = next_chunk[chunk]
            found += 1
            chunk = following
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


@kernel
def _keep_news(mask: Any, added: Any, changed: Any, first: int, count: int, since: int) -> None:
    """Clear the mask of rows that were neither added nor written to since a change tick."""
    for row in range(count):
        mask[row] &= (added[first + row] > since) | (changed[first + row] > since)


@kernel
def _cut_runs(ranges: Any, r: int, mask: Any, out: Any, found: int) -> int:
    """Write the runs of rows of a range that the mask keeps; return how many runs there are now."""
    start = NONE
    count = ranges[r, 2]
    for row in range(count + 1):
        kept = row < count and mask[row] != 0
        if kept and start < 0:
            start = row
        elif not kept and start >= 0:
            out[found, 0] = ranges[r, 0]
            out[found, 1] = ranges[r, 1] + start
            out[found, 2] = row - start
            for c in range(RANGE_HEAD, ranges.shape[1]):
                out[found, c] = NONE if ranges[r, c] < 0 else ranges[r, c] + start
            found += 1
            start = NONE
    return found


@entry("int64(int64[::1], int64[:,::1], int64[::1], int64[::1], int64, int64[::1], int64[:,::1])")
def collect_news(table: Any, ranges: Any, changed: Any, added: Any, since: int, mask: Any, out: Any) -> int:
    """Write the runs of rows in `ranges` that are news since a change tick; return how many.

    Args:
        changed, added: by component of the ranges: its number if it must be news, else -1.
        mask: [rows of the longest range] room for the kernel's own use.
    """
    found = 0
    for r in range(ranges.shape[0]):
        count = ranges[r, 2]
        for row in range(count):
            mask[row] = 1
        for c in range(changed.size):
            first = ranges[r, RANGE_HEAD + c]
            if changed[c] >= 0:
                since_added = words_in(words_in(table, WorldSlot.ADDED), 2 * changed[c])
                since_changed = words_in(words_in(table, WorldSlot.CHANGED), 2 * changed[c])
                _keep_news(mask, since_added, since_changed, first, count, since)
            if added[c] >= 0:
                since_added = words_in(words_in(table, WorldSlot.ADDED), 2 * added[c])
                _keep_news(mask, since_added, since_added, first, count, since)
        found = _cut_runs(ranges, r, mask, out, found)
    return found


@entry("int64(int64[::1], int64[:,::1], int64, int64)")
def mark_ranges(table: Any, ranges: Any, column: int, component: int) -> int:
    """Count a component, which stands in a column of the ranges, as changed now in all their rows."""
    changed = words_in(words_in(table, WorldSlot.CHANGED), 2 * component)
    tick = words_in(table, WorldSlot.COUNTERS)[Counter.CHANGE_TICK]
    for r in range(ranges.shape[0]):
        first = ranges[r, column]
        if first >= 0:
            for row in range(first, first + ranges[r, 2]):
                changed[row] = tick
    return 0


class Query:
    """The entities that have all of some components and none of others.

    Made once and used every tick: what it found is kept until the world's structure changes.

    Args:
        components: what they have.  without: what they lack.  optional: what some of them have.
        changed: what they have, all of it written to or added since the change tick `since`.
        added: what they have, all of it added since then.

    Attributes:
        components: everything that all of them have: `components`, `changed` and `added`, each once.
        since: the change tick; 0 at first, when everything is news. See `catch_up`.

    Raises:
        UnknownComponent: one of them does not exist.
    """

    def __init__(
        self,
        world: World,
        components: Components,
        without: Components = (),
        optional: Components = (),
        *,
        changed: Components = (),
        added: Components = (),
    ) -> None:
        self._world = world
        self.changed, self.added = _numbers(world, changed), _numbers(world, added)
        named = (*_numbers(world, components), *self.changed, *self.added)
        self.components = tuple(dict.fromkeys(named))
        self.without = _numbers(world, without)
        self.optional = _numbers(world, optional)
        self.since = 0
        self._columns = np.array([*self.components, *self.optional], np.int64)
        self._archetypes = np.zeros(0, np.int64)
        self._archetypes_seen = 0
        self._version = -1
        self._ranges = np.zeros(0, np.int64)
        self._found = 0

    def catch_up(self) -> None:
        """Take all that was changed or added up to now for known: `since` is the present change tick."""
        self.since = self._world.advance_change_tick()

    @property
    def ranges(self) -> I64:
        """For kernels, [n, 3 + components + optional]: first chunk, first row in it, count, first pool rows.

        The pool row of an optional component is -1 where it lacks. What a kernel writes to is told
        with `mark_changed`.
        """
        self._refresh()
        width = RANGE_HEAD + self._columns.size
        ranges = self._ranges[: self._found * width].reshape(-1, width)
        return self._news(ranges) if self.changed or self.added else ranges

    def mark_changed(self, component: int | str) -> None:
        """Count a component of all entities that the query finds as changed, after a kernel wrote to it.

        Raises:
            UnknownComponent.  MissingComponent: it is not one of the query's.
        """
        spec = self._world.registry.component(component)
        if spec.number not in self._columns:
            raise MissingComponent(None, spec.name)
        column = RANGE_HEAD + self._columns.tolist().index(spec.number)
        mark_ranges(self._world.table, self.ranges, column, spec.number)

    def __len__(self) -> int:
        return int(self.ranges[:, 2].sum())

    def __iter__(self) -> Iterator[Rows]:
        """Yield the rows of each range of chunks, or each run of rows that are news.

        Raises:
            WorldChanged: the loop's body changed the world's structure; queue such changes.
        """
        world = self._world
        version = world.born_version
        for chunk, first, count in self.ranges[:, :RANGE_HEAD].tolist():
            rows = Rows(world, chunk, first, count, version)
            yield rows
            if world.born_version != version:
                raise WorldChanged
            rows.check_written()

    def indices(self) -> I64:
        """Return the indices of the entities, rising: the canonical order."""
        if self.changed or self.added:
            found = [rows.indices for rows in self]
            return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)
        self._refresh()
        matches = np.zeros(len(self._world.archetypes), np.int64)
        matches[self._archetypes] = 1
        out = np.zeros(len(self._world), np.int64)
        return out[: collect_indices(self._world.table, matches, out)]

    def entities(self) -> I64:
        """Return the ids of the entities, by rising index."""
        indices = self.indices()
        return (self._world.storage.arrays[WorldSlot.GENERATION][indices] << 32) + indices + 1

    def _news(self, ranges: I64) -> I64:
        """Return the runs of rows that are news; at most every other row begins one."""
        most = int(((ranges[:, 2] + 1) // 2).sum())
        out = np.empty((most, ranges.shape[1]), np.int64)
        changed, added = self._watched(self.changed), self._watched(self.added)
        mask = np.empty(int(ranges[:, 2].max(initial=0)), np.int64)
        return out[: collect_news(self._world.table, ranges, changed, added, self.since, mask, out)]

    def _watched(self, components: tuple[int, ...]) -> I64:
        return np.where(np.isin(self._columns, components), self._columns, NONE)

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
        if self._archetypes_seen == archetypes.version:
            return
        required = frozenset(self.components)
        refused = frozenset(self.without) | (HIDDEN - required)
        sets = (archetypes.components_of(number) for number in range(len(archetypes)))
        matching = [n for n, has in enumerate(sets) if required <= has and not refused & has]
        self._archetypes = np.array(matching, np.int64)
        self._archetypes_seen = archetypes.version
        self._version = -1


def _numbers(world: World, components: Components) -> tuple[int, ...]:
    return tuple(world.registry.component(component).number for component in components)
