"""Snapshots of a world in memory: copies of its arrays, put back as often as one likes.

Everything comes back exactly: ids, rows, free indices, queued commands, prefabs, strings. What other rooms
published and what Python holds beside the world is theirs. Queries notice; observers hear nothing; for
queries that ask what changed, all of it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ecs.components import Component
from engine.ecs.image import Array
from engine.ecs.layout import PUBLISHED, Counter, WorldSlot
from engine.ecs.strings import StringArrays
from engine.ecs.world_data import WorldData

I64 = npt.NDArray[np.int64]

ADDRESSES = frozenset({*PUBLISHED, WorldSlot.STRINGS, WorldSlot.ADDED, WorldSlot.CHANGED})
"""Slots that hold what other rooms own, or addresses of arrays that are kept elsewhere."""
_OWN = tuple(slot for slot in WorldSlot if slot not in ADDRESSES)
_MARKS = (int(Component.UNBORN), int(Component.PREFAB))
"""Components whose change ticks come back; all others have changed at the return."""


@dataclass(frozen=True, slots=True)
class WorldSnapshot:
    """The state of a world at one moment; `take_snapshot` makes it."""

    arrays: tuple[Array, ...]
    fields: tuple[int, ...]
    pool_rows: tuple[int, ...]


def take_snapshot(world: WorldData) -> WorldSnapshot:
    """Return a copy of all state of a world."""
    arrays = tuple(array.copy() for array in state_arrays(world))
    return WorldSnapshot(arrays, tuple(world.storage.columns), tuple(world.storage.pool_rows))


def put_back(world: WorldData, snapshot: WorldSnapshot) -> None:
    """Give a world the state of a snapshot.

    Raises:
        ValueError: the snapshot is of a world that declares other components.
    """
    if snapshot.fields != tuple(world.storage.columns):
        raise ValueError("the snapshot is of a world that declares other components")
    return_to = Return(world)
    present = state_arrays(world)
    if [one.size for one in present] != [one.size for one in snapshot.arrays]:
        present = tuple(one.copy() for one in snapshot.arrays)
        hold_arrays(world, present)
    for array, copy in zip(present, snapshot.arrays, strict=True):
        array[:] = copy
    return_to.finish(snapshot.pool_rows)


def state_arrays(world: WorldData) -> tuple[Array, ...]:
    """Return all arrays that make up the state of a world, in an order that its components fix."""
    storage = world.storage
    return (
        *(storage.arrays[slot] for slot in _OWN),
        *storage.columns.values(),
        *storage.added.values(),
        *(storage.changed[mark] for mark in _MARKS),
        *world.strings.arrays,
    )


def hold_arrays(world: WorldData, arrays: Sequence[Array]) -> None:
    """Let a world work on these arrays, of other sizes than its own, in the order of `state_arrays`."""
    storage, given = world.storage, iter(arrays)
    storage.arrays.update({slot: next(given) for slot in _OWN})
    for kept in (storage.columns, storage.added):
        kept.update({number: next(given) for number in kept})
    storage.changed.update({mark: next(given) for mark in _MARKS})
    for number, ticks in storage.added.items():
        if number not in _MARKS and storage.changed[number].size != ticks.size:
            storage.changed[number] = np.zeros(ticks.size, np.int64)
    world.strings.hold(StringArrays(*given))
    storage.refresh()


class Return:
    """The return of a world to an earlier state: made before its arrays are written, finished after."""

    def __init__(self, world: WorldData) -> None:
        self._world = world
        self._counters = world.storage.counters.copy()
        self._archetypes = world.storage.arrays[WorldSlot.ARCHETYPE_HAS].copy()

    def finish(self, pool_rows: Sequence[int]) -> None:
        """Bring in step what follows from the arrays; the world had so many rows in its pools."""
        storage = self._world.storage
        storage.pool_rows[:] = pool_rows
        if not np.array_equal(storage.arrays[WorldSlot.ARCHETYPE_HAS], self._archetypes):
            self._world.archetypes.reload()
        self._go_on_counting()

    def _go_on_counting(self) -> None:
        """Let versions rise on, whatever they were then: nobody may take the old state for the new one."""
        counters, before = self._world.storage.counters, self._counters
        for counter in (Counter.STRUCTURE, Counter.CHANGE_TICK):
            counters[counter] = max(int(counters[counter]), int(before[counter])) + 1
        counters[Counter.HIDDEN_STRUCTURE] = min(
            int(counters[Counter.HIDDEN_STRUCTURE]), int(before[Counter.HIDDEN_STRUCTURE])
        )
        for component, ticks in self._world.storage.changed.items():
            if component not in _MARKS:
                ticks[:] = counters[Counter.CHANGE_TICK]
