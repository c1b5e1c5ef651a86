"""What a shape overlaps, or meets on its way: kernels, and their entries for Python."""

from __future__ import annotations

from enum import IntEnum, unique

from engine.ecs.components import ShapeKind
from engine.geometry.cast import cast
from engine.geometry.closest import Pair, gap_and_normal
from engine.geometry.grid_search import boxes_meeting
from engine.geometry.hash_grid import Grid, build_grid
from engine.geometry.outlines import put_box, put_capsule, reach_of
from engine.geometry.rotation import sine_cosine
from engine.physics.layout import BODIES, GRID_ARRAYS, Array, Bodies, Value, Word
from engine.space.rays import first_on_ray, is_seen
from lang.jit import entry, kernel

MOST_LAYERS = (1 << 63) - 1
"""Mask of all layers."""
NO_SENSORS = -(1 << 63)
"""Bit of a mask: sensors are not seen."""


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
def _is_before(hits: Array, found: Array, i: int, j: int) -> bool:
    """Return whether a hit is nearer than another, or as near and of a lower proxy."""
    if hits[i, 0] != hits[j, 0]:
        return bool(hits[i, 0] < hits[j, 0])
    return bool(found[i] < found[j])


@kernel
def _exchange(hits: Array, found: Array, i: int, j: int) -> None:
    for column in range(3):
        hits[i, column], hits[j, column] = hits[j, column], hits[i, column]
    found[i], found[j] = found[j], found[i]


@kernel
def _sort_hits(hits: Array, found: Array, count: int) -> None:
    """Sort hits by distance, then by proxy: a heapsort, see `engine.space.sorting`."""
    for round_ in range(count // 2 + count - 1):
        heaping = round_ < count // 2
        at = count // 2 - 1 - round_ if heaping else 0
        size = count if heaping else count - 1 - (round_ - count // 2)
        if not heaping:
            _exchange(hits, found, 0, size)
        while 2 * at + 1 < size:
            child = 2 * at + 1
            if child + 1 < size and _is_before(hits, found, child, child + 1):
                child += 1
            if not _is_before(hits, found, at, child):
                break
            _exchange(hits, found, at, child)
            at = child


@kernel
def meet_shape(bodies: Bodies, grid: Grid, ask: Array, sees: int, found: Array, hits: Array) -> int:
    """Find what a shape overlaps (without a way) or meets on its way; returns how many, nearest first.

    Args:
        ask: by Ask.  sees: mask of layers, and bit 63 for no sensors.
        found, hits: [n], [n, 3] room for all proxies: proxy, and (part of the way, normal x, normal y).
    """
    row, corners, radius = _put_asking(bodies, ask, bodies.corners.shape[0] - 2)
    reach = reach_of(bodies.corners, row, corners) + radius
    x, y, way_x, way_y = ask[Ask.X], ask[Ask.Y], ask[Ask.WAY_X], ask[Ask.WAY_Y]
    low = (x + min(way_x, 0.0) - reach, y + min(way_y, 0.0) - reach)
    high = (x + max(way_x, 0.0) + reach, y + max(way_y, 0.0) + reach)
    near = boxes_meeting(grid, (low[0], low[1], high[0], high[1]), found)
    count, values = 0, bodies.values
    for i in range(near):
        proxy = found[i]
        if proxy == row or not is_seen(bodies.words, proxy, sees & MOST_LAYERS, sees >= 0):
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


@entry(f"int64({BODIES}, {GRID_ARRAYS}, float64[::1], int64, int64[::1], float64[:,::1])")
def ask_space(given: Array, memory: Array, ask: Array, sees: int, found: Array, hits: Array) -> int:
    """Do `meet_shape` for Python. Args: given, memory: see Bodies and GRID_ARRAYS."""
    bodies = Bodies(given[0], given[1], given[2], given[3], given[4])
    grid = Grid(memory[0], memory[1], memory[2][0], memory[2][1], memory[3])
    return meet_shape(bodies, grid, ask, sees, found, hits)


@entry(f"int64(int64[::1], {BODIES}, {GRID_ARRAYS}, float64[::1], UniTuple(int64, 4), float64[:,::1])")
def ask_ray(
    table: Array, given: Array, memory: Array, ask: Array, who: tuple[int, int, int, int], hits: Array
) -> int:
    """Do `first_on_ray` for Python: returns the proxy or -1, and fills the first row of hits.

    Args:
        who: mask of layers, two entities to ignore, and 1 when any hit will do.
    """
    bodies = Bodies(given[0], given[1], given[2], given[3], given[4])
    grid = Grid(memory[0], memory[1], memory[2][0], memory[2][1], memory[3])
    line = (ask[Ask.X], ask[Ask.Y]), (ask[Ask.WAY_X], ask[Ask.WAY_Y])
    left_out = (who[1], who[2])
    part, proxy, nx, ny, _ = first_on_ray(table, bodies, grid, line, who[0], left_out, who[3] != 0)
    hits[0, 0], hits[0, 1], hits[0, 2] = part, nx, ny
    return proxy


@entry(f"void({BODIES}, {GRID_ARRAYS}, int64)")
def build_index(given: Array, memory: Array, count: int) -> None:
    """Sort the AABBs of ``count`` proxies into the grid."""
    grid = Grid(memory[0], memory[1], memory[2][0], memory[2][1], memory[3])
    build_grid(grid, given[0], count)
