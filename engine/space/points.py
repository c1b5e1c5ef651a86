"""The nearest entities, and those within a distance, for Python: of one moment, see `build`."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.ecs.layout import FULL
from engine.ecs.world import World
from engine.space.point_index import (
    MOST_GROUPS,
    MOST_SAMPLES,
    Group,
    PointIndex,
    build_points,
    most_hints,
    most_lines,
    most_starts,
)
from engine.space.point_search import ANYONE, Wish, search_nearest, search_within
from lang.jit import F64, I64

FIRST_POINTS = 256


class Points:
    """Where the entities of a world are at one moment; all that are born and have a transform.

    Attributes:
        arrays: the index, as kernels take it.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._wish: I64 = np.zeros(len(Wish), np.int64)
        self._wish[Wish.BOND] = ANYONE
        self._count = 0
        self._make(FIRST_POINTS)

    def __len__(self) -> int:
        return self._count

    def build(self) -> None:
        """Take the places of all entities as they are now."""
        capacity = self._world.storage.entity_capacity
        if self.arrays.numbers.size < capacity:
            self._make(capacity)
        count = int(build_points(self._world.table, tuple(self.arrays)))
        assert count != FULL, "there is room for as many points as entities"
        self._count = count
        self._wish[Wish.STRUCTURE] = self._world.structure_version

    def nearest(self, places: npt.ArrayLike, count: int = 1, radius: float = math.inf) -> tuple[I64, F64]:
        """Return the ``count`` nearest entities to each place, nearest first, then by index.

        Args:
            places: [n, 2] metres.  radius: metres; who is farther away does not count.
        Returns:
            Entities [n, count], 0 where there are no more, and their distances in metres, inf there.
        Raises:
            ValueError: the places are not [n, 2] finite numbers, or no entity is wanted.
        """
        queries = np.ascontiguousarray(places, np.float64)
        if queries.ndim != 2 or queries.shape[1] != 2 or not np.isfinite(queries).all():
            raise ValueError("places are rows of two finite numbers")
        if count < 1:
            raise ValueError(f"at least one entity is wanted, not {count}")
        keys, found = np.empty(len(queries) * count), np.empty(len(queries) * count, np.int64)
        asked = (queries, count, radius * radius)
        search_nearest(self._world.table, tuple(self.arrays), self._who, asked, keys, found)
        return found.reshape(-1, count), np.sqrt(keys).reshape(-1, count)

    def within(self, place: tuple[float, float], radius: float) -> I64:
        """Return the entities not farther from a place than a radius, nearest first, then by index.

        Raises:
            ValueError: a number is not finite, or the radius is negative.
        """
        circle = (float(place[0]), float(place[1]), float(radius))
        if not all(math.isfinite(number) for number in circle) or radius < 0.0:
            raise ValueError(f"a circle has finite numbers and a radius from 0 on, not {circle}")
        keys, found = np.empty(self._count), np.empty(self._count, np.int64)
        number = int(search_within(self._world.table, tuple(self.arrays), self._who, circle, keys, found))
        return found[:number].copy()

    @property
    def _who(self) -> tuple[I64, I64]:
        return np.zeros(2, np.int64), self._wish

    def _make(self, capacity: int) -> None:
        self.arrays = PointIndex(
            places=np.zeros((capacity, 2)),
            entities=np.zeros(capacity, np.int64),
            lines=np.zeros(most_lines(capacity)),
            hints=np.zeros(most_hints(capacity), np.int64),
            starts=np.zeros(most_starts(capacity), np.int64),
            groups=np.zeros((MOST_GROUPS, len(Group)), np.int64),
            numbers=np.full(capacity, -1, np.int64),
            scratch=np.zeros(max(capacity, MOST_SAMPLES), np.int64),
            samples=np.zeros(MOST_SAMPLES),
            loose_places=np.zeros((capacity, 2)),
            loose=np.zeros(capacity, np.int64),
        )
