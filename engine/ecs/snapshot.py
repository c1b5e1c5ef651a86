"""Snapshots of a world in memory: copies of its arrays, put back as often as one likes.

Everything comes back exactly: ids, rows, free indices, queued commands, prefabs, strings. What other rooms
published and what Python holds beside the world is theirs. Queries notice; observers hear nothing; for
queries that ask what changed, all of it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.ecs.components import Component
from engine.ecs.layout import PUBLISHED, Counter, WorldSlot
from engine.ecs.storage import Column
from engine.ecs.strings import StringArrays
from engine.ecs.world_data import WorldData

I64 = npt.NDArray[np.int64]
Key = TypeVar("Key")
Array = TypeVar("Array", I64, Column)

ADDRESSES = frozenset({*PUBLISHED, WorldSlot.STRINGS, WorldSlot.ADDED, WorldSlot.CHANGED})
"""Slots that hold what other rooms own, or addresses of arrays that are kept elsewhere."""


@dataclass(frozen=True, slots=True)
class WorldSnapshot:
    """The state of a world at one moment; `take_snapshot` makes it."""

    arrays: dict[WorldSlot, I64]
    columns: dict[int, Column]
    added: dict[int, I64]
    changed: dict[int, I64]
    pool_rows: tuple[int, ...]
    strings: StringArrays


def take_snapshot(world: WorldData) -> WorldSnapshot:
    """Return a copy of all state of a world."""
    storage = world.storage
    return WorldSnapshot(
        arrays={slot: array.copy() for slot, array in storage.arrays.items() if slot not in ADDRESSES},
        columns={number: column.copy() for number, column in storage.columns.items()},
        added={number: ticks.copy() for number, ticks in storage.added.items()},
        changed={number: ticks.copy() for number, ticks in storage.changed.items()},
        pool_rows=tuple(storage.pool_rows),
        strings=world.strings.copies(),
    )


def put_back(world: WorldData, snapshot: WorldSnapshot) -> None:
    """Give a world the state of a snapshot.

    Raises:
        ValueError: the snapshot is of a world that declares other components.
    """
    storage = world.storage
    if (
        len(snapshot.pool_rows) != storage.component_count
        or snapshot.columns.keys() != storage.columns.keys()
    ):
        raise ValueError("the snapshot is of a world that declares other components")
    counters = storage.counters.copy()
    _replace(storage.arrays, snapshot.arrays)
    _replace(storage.columns, snapshot.columns)
    _replace(storage.added, snapshot.added)
    _replace(storage.changed, snapshot.changed)
    storage.pool_rows[:] = snapshot.pool_rows
    world.strings.take_copies(snapshot.strings)
    storage.refresh()
    world.archetypes.reload()
    _go_on_counting(world, counters)


def _replace(arrays: dict[Key, Array], copies: dict[Key, Array]) -> None:
    """Write copies over arrays of the same size, so that they keep their places; else replace them."""
    for key, copy in copies.items():
        if arrays[key].size == copy.size:
            arrays[key][:] = copy
        else:
            arrays[key] = copy.copy()


def _go_on_counting(world: WorldData, before: I64) -> None:
    """Let versions rise on, whatever the snapshot's were: nobody may take the old state for the new one."""
    counters = world.storage.counters
    for counter in (Counter.STRUCTURE, Counter.CHANGE_TICK):
        counters[counter] = max(int(counters[counter]), int(before[counter])) + 1
    counters[Counter.HIDDEN_STRUCTURE] = min(
        int(counters[Counter.HIDDEN_STRUCTURE]), int(before[Counter.HIDDEN_STRUCTURE])
    )
    marks = (int(Component.UNBORN), int(Component.PREFAB))
    for component, ticks in world.storage.changed.items():
        if component not in marks:
            ticks[:] = counters[Counter.CHANGE_TICK]
