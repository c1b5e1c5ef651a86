"""Questions about where colliders are: rays, moving shapes, overlaps, with masks.

`Colliders` hold the places of one moment: build them, ask as often as you like, build them again. Answers
come in the order of distance, then of entity index.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.ecs.components import ShapeKind
from engine.ecs.world import World
from engine.physics.buffers import Buffers
from engine.physics.layout import F64, I64, Word
from engine.physics.step import PhysicsSystem
from engine.space.shapes import MOST_LAYERS, NO_SENSORS, Ask, ask_ray, ask_space, build_index


class Hit(NamedTuple):
    """What a cast met."""

    entity: int
    distance: float  # metres gone until then
    place: tuple[float, float]  # of the middle of the shape at the hit; of a ray, the point
    normal: tuple[float, float]  # out of what was hit


class Colliders:
    """Where the colliders of a world are at one moment.

    Attributes:
        buffers: their proxies and grid, as kernels take them.  found, hits: room for what a question finds.
    """

    def __init__(self, world: World, physics: PhysicsSystem) -> None:
        self._world, self._physics = world, physics
        self.buffers = Buffers()
        self.found: I64 = np.zeros(1, np.int64)
        self.hits: F64 = np.zeros((1, 3))
        self._ask: F64 = np.zeros(len(Ask))

    def build(self) -> None:
        """Take the places of all born colliders as they are now."""
        buffers = self.buffers
        count = self._physics.gather_into(buffers, self._world, 0.0)
        build_index(buffers.bodies, buffers.grid, count)
        if count > len(self.found):
            self.found, self.hits = np.zeros(2 * count, np.int64), np.zeros((2 * count, 3))

    def ray_cast(
        self,
        origin: tuple[float, float],
        direction: tuple[float, float],
        most: float,
        *,
        mask: int = MOST_LAYERS,
        sensors: bool = False,
        leave_out: int = 0,
    ) -> Hit | None:
        """Return the first hit of a ray, or None.

        Args:
            origin: metres.  direction: of any length but 0.  most: metres.
            mask: bits of the layers that are seen.  leave_out: an entity that is not.
        Raises:
            ValueError: the direction has no length.
        """
        way = _way_of(direction, most)
        if sensors:
            hits = self.cast_circle(origin, 0.0, way, mask=mask, sensors=True, leave_out=leave_out)
            return next(iter(hits), None)
        proxy = self._ask_ray(origin, way, mask, (leave_out, 0), any_hit=False)
        if proxy < 0:
            return None
        part, nx, ny = self.hits[0].tolist()
        place = (origin[0] + part * way[0], origin[1] + part * way[1])
        return Hit(int(self.buffers.words[proxy, Word.ENTITY]), part * most, place, (nx, ny))

    def ray_cast_all(
        self,
        origin: tuple[float, float],
        direction: tuple[float, float],
        most: float,
        *,
        mask: int = MOST_LAYERS,
        sensors: bool = False,
        leave_out: int = 0,
    ) -> list[Hit]:
        """Return all hits of a ray, nearest first; see ray_cast."""
        way = _way_of(direction, most)
        return self.cast_circle(origin, 0.0, way, mask=mask, sensors=sensors, leave_out=leave_out)

    def cast_circle(
        self,
        centre: tuple[float, float],
        radius: float,
        way: tuple[float, float],
        *,
        mask: int = MOST_LAYERS,
        sensors: bool = False,
        leave_out: int = 0,
    ) -> list[Hit]:
        """Return what a circle meets that moves along a way, nearest first."""
        shape = (ShapeKind.CIRCLE, *centre, 0.0, radius, radius, *way, -1)
        return self._cast(shape, mask if sensors else mask | NO_SENSORS, leave_out)

    def cast_box(
        self,
        centre: tuple[float, float],
        size: tuple[float, float],
        way: tuple[float, float],
        *,
        rotation: float = 0.0,
        mask: int = MOST_LAYERS,
        leave_out: int = 0,
    ) -> list[Hit]:
        """Return the solids that a box meets that moves along a way, nearest first."""
        shape = (ShapeKind.BOX, *centre, rotation, size[0] / 2, size[1] / 2, *way, -1)
        return self._cast(shape, mask | NO_SENSORS, leave_out)

    def overlap_point(self, point: tuple[float, float], *, mask: int = MOST_LAYERS) -> list[int]:
        """Return the entities whose colliders hold a point, sensors too, in the order of their index."""
        return self.overlap_circle(point, 0.0, mask=mask)

    def overlap_circle(
        self, centre: tuple[float, float], radius: float, *, mask: int = MOST_LAYERS
    ) -> list[int]:
        """Return the entities whose colliders meet a circle, sensors too, in the order of their index."""
        return self._overlap((ShapeKind.CIRCLE, *centre, 0.0, radius, radius, 0.0, 0.0, -1), mask)

    def overlap_box(
        self,
        centre: tuple[float, float],
        size: tuple[float, float],
        *,
        rotation: float = 0.0,
        mask: int = MOST_LAYERS,
    ) -> list[int]:
        """Return the entities whose colliders meet a box, sensors too, in the order of their index."""
        return self._overlap((ShapeKind.BOX, *centre, rotation, size[0] / 2, size[1] / 2, 0.0, 0.0, -1), mask)

    def line_of_sight(
        self,
        a: tuple[float, float],
        b: tuple[float, float],
        *,
        leave_out: tuple[int, int] = (0, 0),
        mask: int = MOST_LAYERS,
    ) -> bool:
        """Return whether no solid lies between two points, or around one; the same from either end."""
        start, end = min(a, b), max(a, b)
        way = (end[0] - start[0], end[1] - start[1])
        return start == end or self._ask_ray(start, way, mask, leave_out, any_hit=True) < 0

    def _ask_ray(
        self,
        origin: tuple[float, float],
        way: tuple[float, float],
        mask: int,
        leave_out: tuple[int, int],
        *,
        any_hit: bool,
    ) -> int:
        buffers = self.buffers
        self._ask[:] = (ShapeKind.CIRCLE, *origin, 0.0, 0.0, 0.0, *way, -1)
        given = (self._world.table, buffers.bodies, buffers.grid)
        return int(ask_ray(*given, self._ask, (mask, *leave_out, int(any_hit)), self.hits))

    def _asked(self, ask: tuple[float, ...], sees: int) -> int:
        self._ask[:] = ask
        buffers = self.buffers
        return int(ask_space(buffers.bodies, buffers.grid, self._ask, sees, self.found, self.hits))

    def _overlap(self, ask: tuple[float, ...], mask: int) -> list[int]:
        count = self._asked(ask, mask)
        entities: list[int] = self.buffers.words[self.found[:count], Word.ENTITY].tolist()
        return entities

    def _cast(self, ask: tuple[float, ...], sees: int, leave_out: int) -> list[Hit]:
        if ask[Ask.WAY_X] == 0.0 and ask[Ask.WAY_Y] == 0.0:
            return []
        count = self._asked(ask, sees)
        way = (ask[Ask.WAY_X], ask[Ask.WAY_Y])
        length = math.sqrt(way[0] * way[0] + way[1] * way[1])
        entities = self.buffers.words[self.found[:count], Word.ENTITY].tolist()
        return [
            Hit(
                entity,
                part * length,
                (ask[Ask.X] + part * way[0], ask[Ask.Y] + part * way[1]),
                (nx, ny),
            )
            for entity, (part, nx, ny) in zip(entities, self.hits[:count].tolist(), strict=True)
            if entity != leave_out
        ]


def _way_of(direction: tuple[float, float], most: float) -> tuple[float, float]:
    """Return the way of a ray.

    Raises:
        ValueError: the direction has no length.
    """
    length = math.sqrt(direction[0] * direction[0] + direction[1] * direction[1])
    if not (0.0 < length < math.inf):
        raise ValueError(f"a ray needs a direction, not {direction}")
    return (direction[0] / length * most, direction[1] / length * most)
