"""The first solid on a ray, level by level of the grid and piece by piece of the way.

A ray across a world of 100,000 colliders looks at those near it alone, and stops at the first that it meets.
"""

from __future__ import annotations

from typing import Any

from engine.ecs.access import entity_index
from engine.geometry.closest import Pair, gap_and_normal
from engine.geometry.hash_grid import (
    LEVEL_COUNT,
    Box,
    Grid,
    Level,
    cell_of,
    cells_per_metre,
    slot_in_level,
)
from engine.geometry.ray import MISS, enter_outline
from engine.physics.layout import SENSOR, VOLUME, Array, Bodies, Value, Word
from lang.jit import I64, kernel

CELLS_A_PIECE = 2.0
FEW_BOXES = 8
"""So many boxes of a level are looked at without a look at its cells."""
Best = tuple[float, int, float, float, int]
"""The best hit so far and the work until then, see first_on_ray."""


@kernel
def is_seen(words: Array, proxy: int, mask: int, sensors: bool) -> bool:
    """Return whether a proxy is an entity's, on one of the layers, and no sensor unless these are seen."""
    if words[proxy, Word.ENTITY] >= VOLUME or words[proxy, Word.LAYER] & mask == 0:
        return False
    return bool(sensors or words[proxy, Word.FLAGS] & SENSOR == 0)


@kernel
def _meet(
    bodies: Bodies, proxy: int, place: tuple[float, float], way: tuple[float, float], any_hit: bool
) -> Any:
    """Return (part of the way, normal x, normal y) of where a ray meets a proxy, or MISS.

    From inside it meets it at once, unless it goes out; with ``any_hit`` in any case.
    """
    values, words, corners = bodies.values, bodies.words, bodies.corners
    count, radius = words[proxy, Word.CORNERS], values[proxy, Value.RADIUS]
    x, y = place[0] - values[proxy, Value.X], place[1] - values[proxy, Value.Y]
    is_near = values[proxy, Value.MIN_X] <= place[0] and place[0] <= values[proxy, Value.MAX_X]
    if is_near and values[proxy, Value.MIN_Y] <= place[1] and place[1] <= values[proxy, Value.MAX_Y]:
        scratch = corners.shape[0] - 2
        corners[scratch, 0], corners[scratch, 1] = 0.0, 0.0
        gap, nx, ny = gap_and_normal(corners, Pair(scratch, proxy, 1, count, 0.0, radius, -x, -y))
        if gap <= 0.0:
            if any_hit or way[0] * nx + way[1] * ny > 0.0:
                return 0.0, -nx, -ny
            return MISS, 0.0, 0.0
    return enter_outline(corners, proxy, count, radius, (x, y), way)


@kernel
def _misses_box(
    boxes: Array, at: int, place: tuple[float, float], way: tuple[float, float], part: float
) -> bool:
    """Return whether the first part of a way stays outside a box: slabs (Kay and Kajiya, 1986)."""
    end_x, end_y = place[0] + part * way[0], place[1] + part * way[1]
    if max(place[0], end_x) < boxes[at, Box.MIN_X] or min(place[0], end_x) > boxes[at, Box.MAX_X]:
        return True
    if max(place[1], end_y) < boxes[at, Box.MIN_Y] or min(place[1], end_y) > boxes[at, Box.MAX_Y]:
        return True
    middle_x = (boxes[at, Box.MIN_X] + boxes[at, Box.MAX_X]) / 2.0 - place[0]
    middle_y = (boxes[at, Box.MIN_Y] + boxes[at, Box.MAX_Y]) / 2.0 - place[1]
    half_x = (boxes[at, Box.MAX_X] - boxes[at, Box.MIN_X]) / 2.0
    half_y = (boxes[at, Box.MAX_Y] - boxes[at, Box.MIN_Y]) / 2.0
    aside = abs(middle_x * way[1] - middle_y * way[0])
    return bool(aside > (half_x * abs(way[1]) + half_y * abs(way[0])) * (1.0 + 1e-9))


@kernel
def _try_boxes(table: I64, bodies: Bodies, grid: Grid, stretch: tuple[int, int], ray: Any, best: Best) -> Any:
    """Return the better of a hit and those of a stretch of sorted boxes, see first_on_ray."""
    place, way, mask, skip, other, any_hit = ray
    best = (best[0], best[1], best[2], best[3], best[4] + stretch[1] - stretch[0])
    for at in range(stretch[0], stretch[1]):
        proxy = grid.order[at]
        if _misses_box(grid.boxes, at, place, way, min(best[0], 1.0)):
            continue
        entity = bodies.words[proxy, Word.ENTITY]
        if entity in (skip, other) or not is_seen(bodies.words, proxy, mask, False):
            continue
        if entity_index(table, entity) < 0:  # removed since the index was built
            continue
        part, nx, ny = _meet(bodies, proxy, place, way, any_hit)
        if part <= 1.0 and (part < best[0] or (part == best[0] and proxy < best[1])):
            best = (part, proxy, nx, ny, best[4])
    return best


@kernel
def _try_level(table: I64, bodies: Bodies, grid: Grid, level: int, ray: Any, best: Best) -> Any:
    """Return the better of a hit and those of a level, looking at the cells along the ray."""
    place, way, any_hit = ray[0], ray[1], ray[5]
    offset, mask = grid.levels[Level.OFFSET, level], grid.levels[Level.MASK, level]
    per_metre = cells_per_metre(level)
    length = max(abs(way[0]), abs(way[1])) * per_metre
    first, last = grid.levels[Level.FIRST_BOX, level], grid.levels[Level.FIRST_BOX, level + 1]
    pieces = length / CELLS_A_PIECE + 1.0
    if last - first <= FEW_BOXES or not pieces * 16.0 <= last - first:
        return _try_boxes(table, bodies, grid, (first, last), ray, best)
    count = int(pieces)
    for piece in range(count):
        begin, end = piece / count, (piece + 1) / count
        if begin > best[0] or (any_hit and best[0] <= 1.0):
            break
        x, y = place[0] + begin * way[0], place[1] + begin * way[1]
        to_x, to_y = place[0] + end * way[0], place[1] + end * way[1]
        low_x, high_x = cell_of(min(x, to_x), per_metre) - 1, cell_of(max(x, to_x), per_metre)
        for row in range(cell_of(min(y, to_y), per_metre) - 1, cell_of(max(y, to_y), per_metre) + 1):
            begin_slot, columns = slot_in_level(low_x, row, mask), high_x - low_x + 1
            if begin_slot + columns <= mask + 1:  # neighbours in a row are so in the table: one stretch
                slot = offset + begin_slot
                stretch = (grid.starts[slot], grid.starts[slot + columns])
                if stretch[0] < stretch[1]:
                    best = _try_boxes(table, bodies, grid, stretch, ray, best)
                continue
            for column in range(low_x, high_x + 1):
                slot = offset + slot_in_level(column, row, mask)
                stretch = (grid.starts[slot], grid.starts[slot + 1])
                if stretch[0] < stretch[1]:
                    best = _try_boxes(table, bodies, grid, stretch, ray, best)
    return best


@kernel
def first_on_ray(
    table: I64,
    bodies: Bodies,
    grid: Grid,
    line: tuple[tuple[float, float], tuple[float, float]],
    mask: int,
    left_out: tuple[int, int],
    any_hit: bool,
) -> Best:
    """Return (part of the way, proxy, normal x, normal y, boxes looked at) of the first solid on a ray.

    Without one the part is MISS and the proxy -1. Of two at one place the lower proxy is first. Sensors and
    volumes are not solid.

    Args:
        line: where it begins, and the way to its end, in metres.  mask: bits of layers.
        left_out: two entities to ignore.  any_hit: any solid will do, it need not be the first.
    """
    best = (MISS, -1, 0.0, 0.0, 0)
    ray = (line[0], line[1], mask, left_out[0], left_out[1], any_hit)
    for back in range(LEVEL_COUNT):
        level = LEVEL_COUNT - 1 - back
        if grid.levels[Level.FIRST_BOX, level] < grid.levels[Level.FIRST_BOX, level + 1]:
            best = _try_level(table, bodies, grid, level, ray, best)
            if any_hit and best[0] <= 1.0:
                break
    return best
