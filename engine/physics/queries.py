"""Questions about where things are: rays, moving shapes, overlaps, with masks.

A `SpaceIndex` holds the places of one moment: build it, ask as often as you like, build it again. Answers
come in the order of distance, then of entity index.
"""

from __future__ import annotations

import math
from enum import IntEnum, unique
from typing import NamedTuple

import numpy as np

from engine.ecs.components import ShapeKind
from engine.ecs.entity import INDEX_MASK
from engine.ecs.layout import FULL
from engine.ecs.world import World
from engine.geometry.cast import cast
from engine.geometry.closest import Pair, gap_and_normal
from engine.geometry.grid_search import boxes_meeting
from engine.geometry.hash_grid import Grid, build_grid
from engine.geometry.outlines import put_box, put_capsule, reach_of
from engine.geometry.rotation import sine_cosine
from engine.physics.buffers import Buffers
from engine.physics.layout import (
    BODIES,
    F64,
    GRID_ARRAYS,
    I64,
    SENSOR,
    VOLUME,
    Array,
    Bodies,
    Count,
    Value,
    Word,
)
from engine.physics.proxies import gather
from engine.physics.step import PhysicsSystem
from lang.jit import entry, kernel

ALL_LAYERS = -1


@unique
class Ask(IntEnum):
    """Columns of a question: the shape that asks, its way, and whom it sees."""

    SHAPE = 0  # ShapeKind; a point is a circle of radius 0
    X = 1
    Y = 2
    ROTATION = 3
    HALF_WIDTH = 4  # the radius of a circle
    HALF_HEIGHT = 5
    WAY_X = 6
    WAY_Y = 7
    PROXY = 8  # whose outline it is instead of a shape, or -1


class Hit(NamedTuple):
    """What a cast met."""

    entity: int
    distance: float  # metres gone until then
    place: tuple[float, float]  # of the middle of the shape at the hit; of a ray, the point
    normal: tuple[float, float]  # out of what was hit


@kernel
def _put_asking(bodies: Bodies, ask: Array, scratch: int) -> tuple[int, int, float]:
    """Write the outline of a question into a row of scratch, or find it; returns (row, corners, radius)."""
    proxy = int(ask[Ask.PROXY])
    if proxy >= 0:
        return proxy, bodies.words[proxy, Word.CORNERS], bodies.values[proxy, Value.RADIUS]
    width, height = ask[Ask.HALF_WIDTH], ask[Ask.HALF_HEIGHT]
    if ask[Ask.SHAPE] == ShapeKind.BOX:
        put_box(bodies.corners, scratch, width, height, sine_cosine(ask[Ask.ROTATION]))
        return scratch, 4, 0.0
    if ask[Ask.SHAPE] == ShapeKind.CAPSULE and width != height:
        radius = min(width, height)
        turn = sine_cosine(ask[Ask.ROTATION])
        put_capsule(bodies.corners, scratch, width - radius, height - radius, turn)
        return scratch, 2, radius
    bodies.corners[scratch, 0], bodies.corners[scratch, 1] = 0.0, 0.0
    return scratch, 1, width


@kernel
def _is_seen(words: Array, proxy: int, mask: int, sensors: bool) -> bool:
    if words[proxy, Word.ENTITY] >= VOLUME or words[proxy, Word.LAYER] & mask == 0:
        return False
    return bool(sensors or words[proxy, Word.FLAGS] & SENSOR == 0)


@kernel
def _sort_hits(hits: Array, found: Array, count: int) -> None:
    """Sort hits by distance, then by proxy: an insertion sort, as there are few."""
    for i in range(1, count):
        j = i
        while j > 0 and (
            hits[j, 0] < hits[j - 1, 0] or (hits[j, 0] == hits[j - 1, 0] and found[j] < found[j - 1])
        ):
            for column in range(3):
                hits[j, column], hits[j - 1, column] = hits[j - 1, column], hits[j, column]
            found[j], found[j - 1] = found[j - 1], found[j]
            j -= 1


@entry(f"int64({BODIES}, {GRID_ARRAYS}, float64[::1], int64, int64[::1], float64[:,::1])")
def ask_space(given: Array, memory: Array, ask: Array, sees: int, found: Array, hits: Array) -> int:
    """Find what a shape overlaps (without a way) or meets on its way; returns how many, nearest first.

    Args:
        given, memory: see Bodies and GRID_ARRAYS.  ask: by Ask.
        sees: mask of layers, and bit 63 for no sensors.
        found, hits: [n], [n, 3] room for all proxies: proxy, and (part of the way, normal x, normal y).
    """
    bodies = Bodies(given[0], given[1], given[2], given[3], given[4])
    grid = Grid(memory[0], memory[1], memory[2][0], memory[2][1], memory[3])
    row, corners, radius = _put_asking(bodies, ask, bodies.corners.shape[0] - 2)
    reach = reach_of(bodies.corners, row, corners) + radius
    x, y, way_x, way_y = ask[Ask.X], ask[Ask.Y], ask[Ask.WAY_X], ask[Ask.WAY_Y]
    low = (x + min(way_x, 0.0) - reach, y + min(way_y, 0.0) - reach)
    high = (x + max(way_x, 0.0) + reach, y + max(way_y, 0.0) + reach)
    near = boxes_meeting(grid, (low[0], low[1], high[0], high[1]), found)
    count, values = 0, bodies.values
    for i in range(near):
        proxy = found[i]
        if proxy == row or not _is_seen(bodies.words, proxy, sees & MOST_LAYERS, sees >= 0):
            continue
        other = bodies.words[proxy, Word.CORNERS]
        dx, dy = values[proxy, Value.X] - x, values[proxy, Value.Y] - y
        pair = Pair(row, proxy, corners, other, radius, values[proxy, Value.RADIUS], dx, dy)
        part, nx, ny = 0.0, 0.0, 0.0
        if way_x == 0.0 and way_y == 0.0:
            gap, _, _ = gap_and_normal(bodies.corners, pair)
            part = 0.0 if gap <= 0.0 else 2.0
        else:
            part, nx, ny = cast(bodies.corners, pair, (way_x, way_y))
        if part <= 1.0:
            found[count] = proxy
            hits[count, 0], hits[count, 1], hits[count, 2] = part, nx, ny
            count += 1
    _sort_hits(hits, found, count)
    return count


@entry(f"void({BODIES}, {GRID_ARRAYS}, int64)")
def build_index(given: Array, memory: Array, count: int) -> None:
    """Sort the AABBs of ``count`` proxies into the grid."""
    grid = Grid(memory[0], memory[1], memory[2][0], memory[2][1], memory[3])
    build_grid(grid, given[0], count)


MOST_LAYERS = (1 << 63) - 1
"""Mask of all layers."""
NO_SENSORS = -(1 << 63)
"""Bit of a mask: sensors are not seen."""


class SpaceIndex:
    """Where the colliders of a world are at one moment."""

    def __init__(self) -> None:
        self._buffers = Buffers()
        self._found: I64 = np.zeros(0, np.int64)
        self._hits: F64 = np.zeros((0, 3))
        self._ask: F64 = np.zeros(len(Ask))

    def build(self, world: World, physics: PhysicsSystem) -> None:
        """Take the places of all born colliders as they are now."""
        buffers = self._buffers
        buffers.grow_indices(world.storage.entity_capacity)
        none = (np.zeros((0, 5)), np.zeros((0, 2), np.int64))
        buffers.tick[:] = 0.0
        while True:
            count = int(gather(world.table, physics.polygons, buffers.bodies, buffers.indices, *none))
            if count != FULL:
                break
            buffers.grow_proxies()
        buffers.counts[Count.PROXIES] = count
        build_index(buffers.bodies, buffers.grid, count)
        if count > len(self._found):
            self._found, self._hits = np.zeros(2 * count, np.int64), np.zeros((2 * count, 3))

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
        return next(
            iter(self.ray_cast_all(origin, direction, most, mask=mask, sensors=sensors, leave_out=leave_out)),
            None,
        )

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
        length = math.sqrt(direction[0] * direction[0] + direction[1] * direction[1])
        if not (0.0 < length < math.inf):
            raise ValueError(f"a ray needs a direction, not {direction}")
        way = (direction[0] / length * most, direction[1] / length * most)
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

    def cast_collider(
        self,
        entity: int,
        moved: tuple[float, float],
        way: tuple[float, float],
        *,
        mask: int = MOST_LAYERS,
    ) -> list[Hit]:
        """Return the solids that an entity's own collider meets, begun ``moved`` metres from its place.

        Raises:
            ValueError: the entity had no collider when the index was built.
        """
        buffers, index = self._buffers, (entity & INDEX_MASK) - 1
        proxy = int(buffers.indices[0, index])
        if proxy < 0 or buffers.words[proxy, Word.ENTITY] != entity:
            raise ValueError(f"entity {entity} has no collider in this index")
        x, y = buffers.values[proxy, [Value.X, Value.Y]].tolist()
        ask = (ShapeKind.NONE, x + moved[0], y + moved[1], 0.0, 0.0, 0.0, *way, proxy)
        return self._cast(ask, mask | NO_SENSORS, entity)

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
        leave_out: tuple[int, ...] = (),
        mask: int = MOST_LAYERS,
    ) -> bool:
        """Return whether no solid lies between two points; the same from either end."""
        start, end = min(a, b), max(a, b)
        if start == end:
            return True
        hits = self.cast_circle(start, 0.0, (end[0] - start[0], end[1] - start[1]), mask=mask)
        return all(hit.entity in leave_out for hit in hits)

    def _asked(self, ask: tuple[float, ...], sees: int) -> int:
        self._ask[:] = ask
        buffers = self._buffers
        return int(ask_space(buffers.bodies, buffers.grid, self._ask, sees, self._found, self._hits))

    def _overlap(self, ask: tuple[float, ...], mask: int) -> list[int]:
        count = self._asked(ask, mask)
        entities: list[int] = self._buffers.words[self._found[:count], Word.ENTITY].tolist()
        return entities

    def _cast(self, ask: tuple[float, ...], sees: int, leave_out: int) -> list[Hit]:
        if ask[Ask.WAY_X] == 0.0 and ask[Ask.WAY_Y] == 0.0:
            return []
        count = self._asked(ask, sees)
        way = (ask[Ask.WAY_X], ask[Ask.WAY_Y])
        length = math.sqrt(way[0] * way[0] + way[1] * way[1])
        entities = self._buffers.words[self._found[:count], Word.ENTITY].tolist()
        return [
            Hit(
                entity,
                part * length,
                (ask[Ask.X] + part * way[0], ask[Ask.Y] + part * way[1]),
                (nx, ny),
            )
            for entity, (part, nx, ny) in zip(entities, self._hits[:count].tolist(), strict=True)
            if entity != leave_out
        ]
