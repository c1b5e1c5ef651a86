"""How a collider moves through solids: it stops at what it meets, and goes on along it. Kernels."""

from __future__ import annotations

import math

from engine.ecs.access import entity_index
from engine.ecs.components import ShapeKind
from engine.geometry.hash_grid import LEVEL_COUNT, Grid, Level
from engine.physics.layout import BODIES, GRID_ARRAYS, ONE_WAY, Array, Bodies, Value, Word
from engine.physics.narrow_phase import order_of
from engine.space.shapes import NO_SENSORS, Ask, meet_shape
from lang.jit import I64, entry, kernel

SKIN = 0.005
"""Metres that a character keeps from what it slides along: it must not stick to it."""
MOST_SLIDES = 4
STEEPEST_FLOOR = 0.7
"""A floor's normal points up at least so much: slopes to 45 degrees carry."""
FLATTEST = 0.05
"""Of a way that leads along a surface, at least so much counts as leading towards it."""
_MET = len(Ask)
MET_WORDS = 3
"""What a slide met, behind the question: normal x and y, and the proxy."""
SLIDE_WORDS = _MET + MET_WORDS * MOST_SLIDES
"""Words of a question that can also be asked to slide."""

Slid = tuple[float, float, float, float, int, int]


@kernel
def proxy_of(bodies: Bodies, grid: Grid, entity: int) -> int:
    """Return the proxy of an entity's collider, or -1: a binary search, proxies are in order of index."""
    words, wanted = bodies.words, order_of(entity)
    low, high = 0, grid.levels[Level.FIRST_BOX, LEVEL_COUNT]
    while low < high:
        middle = (low + high) // 2
        if order_of(words[middle, Word.ENTITY]) < wanted:
            low = middle + 1
        else:
            high = middle
    if low < grid.levels[Level.FIRST_BOX, LEVEL_COUNT] and words[low, Word.ENTITY] == entity:
        return low
    return -1


@kernel
def _stops(table: I64, words: Array, a: int, b: int, hit: tuple[float, float]) -> bool:
    """Return whether a proxy stops another. Args: hit: part of the way until then, and y of the normal."""
    if entity_index(table, words[b, Word.ENTITY]) < 0:  # removed since the index was built
        return False
    if words[a, Word.FAMILY] == words[b, Word.FAMILY]:
        return False
    if words[a, Word.LAYER] & words[b, Word.MASK] == 0 or words[b, Word.LAYER] & words[a, Word.MASK] == 0:
        return False
    lands = hit[1] >= STEEPEST_FLOOR and hit[0] > 0.0
    return bool(lands or words[b, Word.FLAGS] & ONE_WAY == 0)


@kernel
def _centre(values: Array, proxy: int, place: tuple[float, float]) -> tuple[float, float]:
    """Return the centre of a proxy's shape when its entity is at a place."""
    sine, cosine = values[proxy, Value.SINE], values[proxy, Value.COSINE]
    x, y = values[proxy, Value.CENTRE_X], values[proxy, Value.CENTRE_Y]
    return place[0] + cosine * x - sine * y, place[1] + sine * x + cosine * y


@kernel
def _along(ask: Array, touched: int, x: float, y: float) -> tuple[float, float]:
    """Return what is left of a velocity that may go into none of the surfaces that were touched."""
    for number in range(touched):
        nx, ny = ask[_MET + MET_WORDS * number], ask[_MET + MET_WORDS * number + 1]
        into = x * nx + y * ny
        if into < 0.0:
            x, y = x - into * nx, y - into * ny
    for number in range(touched):
        if x * ask[_MET + MET_WORDS * number] + y * ask[_MET + MET_WORDS * number + 1] < -1e-9:
            return 0.0, 0.0  # a corner
    return x, y


@kernel
def slide(
    table: I64,
    bodies: Bodies,
    grid: Grid,
    who: tuple[int, int],
    move: tuple[float, float, float, float, float],
    room: tuple[Array, Array, Array],
) -> Slid:
    """Move a proxy's shape through the solids; returns (way x, way y, velocity x, y left, met, looked at).

    It stops at what its layers meet, but not at its own family; one-way platforms stop what comes from above.

    Args:
        who: the proxy, and the mask of layers that it sees at all.
        move: x, y of its entity now in metres, velocity x, y in m/s, and for how many seconds.
        room: a question [SLIDE_WORDS], which gets what it met; found and hits, see meet_shape.
    """
    words, proxy = bodies.words, who[0]
    ask, found, hits = room
    x, y = _centre(bodies.values, proxy, (move[0], move[1]))
    from_x, from_y, left_x, left_y, seconds = x, y, move[2], move[3], move[4]
    touched, looked_at = 0, 0
    ask[:] = 0.0
    ask[Ask.SHAPE], ask[Ask.PROXY] = ShapeKind.NONE, proxy
    for _ in range(MOST_SLIDES):
        way_x, way_y = left_x * seconds, left_y * seconds
        length = math.sqrt(way_x * way_x + way_y * way_y)
        if length < 1e-9:
            break
        part = (length + SKIN) / length  # it looks a skin farther than it goes
        ask[Ask.X], ask[Ask.Y], ask[Ask.WAY_X], ask[Ask.WAY_Y] = x, y, part * way_x, part * way_y
        count = meet_shape(bodies, grid, ask, who[1] | NO_SENSORS, found, hits)
        looked_at += count
        at = 0
        while at < count and not _stops(table, words, proxy, found[at], (hits[at, 0], hits[at, 2])):
            at += 1
        if at == count:
            x, y = x + way_x, y + way_y
            break
        nx, ny = hits[at, 1], hits[at, 2]
        towards = max(-(way_x * nx + way_y * ny) / length, FLATTEST)
        gone = max(hits[at, 0] * (length + SKIN) - SKIN / towards, 0.0) / length
        x, y = x + gone * way_x, y + gone * way_y
        seconds *= 1.0 - gone
        met = _MET + MET_WORDS * touched
        ask[met], ask[met + 1], ask[met + 2] = nx, ny, found[at]
        touched += 1
        left_x, left_y = _along(ask, touched, left_x, left_y)
    return x - from_x, y - from_y, left_x, left_y, touched, looked_at


@entry(
    f"UniTuple(float64, 5)(int64[::1], {BODIES}, {GRID_ARRAYS}, UniTuple(int64, 2), UniTuple(float64, 5), "
    "Tuple((float64[::1], int64[::1], float64[:,::1])))"
)
def ask_slide(
    table: Array,
    given: Array,
    memory: Array,
    who: tuple[int, int],
    move: tuple[float, float, float, float, float],
    room: tuple[Array, Array, Array],
) -> tuple[float, float, float, float, float]:
    """Do `slide` for Python: returns (way x, way y, velocity x, y left, met).

    Args:
        given, memory: see Bodies and GRID_ARRAYS.  who: entity, mask.  move, room: see slide.
    """
    bodies = Bodies(given[0], given[1], given[2], given[3], given[4])
    grid = Grid(memory[0], memory[1], memory[2][0], memory[2][1], memory[3])
    proxy = proxy_of(bodies, grid, who[0])
    if proxy < 0:
        return 0.0, 0.0, move[2], move[3], 0.0
    x, y, vx, vy, met, _ = slide(table, bodies, grid, (proxy, who[1]), move, room)
    return x, y, vx, vy, float(met)
