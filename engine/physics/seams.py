"""Contacts at faces of the tile map that no body can come to: those that another box of the map covers.

A map is solid with few boxes side by side. Where a body slides along two of them it reaches a slop into both,
and the end of the second would stop it like a step. Such a contact is dropped: beyond the face, at all of its
points, lies another box that the body meets. Deep ones are kept, so what was put into the ground is pushed.

Source of the idea: Coumans, Bullet's adjustment of contacts at internal edges (btInternalEdgeUtility).
"""

from __future__ import annotations

from typing import NamedTuple

from engine.ecs.entity import INDEX_MASK
from engine.ecs.layout import WorldSlot
from engine.physics.layers import may_meet
from engine.physics.layout import (
    FIXED,
    LINEAR_SLOP,
    MARGIN,
    ONE_WAY,
    SENSOR,
    Array,
    Bodies,
    Value,
    Word,
)
from engine.tilemap.layout import TileWord
from engine.tilemap.paths import box_at
from lang.jit import bits_float, kernel, words_in

LEAST_TILT = 0.02
"""A normal that leans less than this towards a covered face is that of the open face beside it; radians."""
REACH = 2.0 * MARGIN
"""Metres from a face within which a point lies on it."""
SHIFT = 2.0 * LINEAR_SLOP
"""Metres to both sides of a point that must be covered too: a corner that stands beside a wall stands."""
DEEP = 0.25
"""Parts of a tile's side: what overlaps by more is pushed out by whatever it is in."""
_EDGE = 1.0 / 64.0  # parts of a tile's side: so far inside of the ends of a face one looks beyond it
_NORMAL_Y, _POINT, _POINT_WORDS, _GAP = 1, 2, 3, 2


class Seams(NamedTuple):
    """What tells which boxes of the map lie beside each other."""

    tiles: Array  # see `engine.tilemap.layout`; empty without a map
    numbers: Array  # the proxy of each entity index, or -1


@kernel
def seams_of(table: Array, numbers: Array) -> Seams:
    """Return the seams of a world's map."""
    return Seams(words_in(table, WorldSlot.TILES), numbers)


@kernel
def _is_box_of_map(seams: Seams, bodies: Bodies, proxy: int) -> bool:
    """Return whether a proxy is a box that the map was made solid with, in its place."""
    values, words = bodies.values, bodies.words
    if not words[proxy, Word.FLAGS] & FIXED or words[proxy, Word.CORNERS] != 4:
        return False
    if values[proxy, Value.SINE] != 0.0 or values[proxy, Value.RADIUS] != 0.0:
        return False
    return bool(
        box_at(seams.tiles, values[proxy, Value.X], values[proxy, Value.Y]) == words[proxy, Word.ENTITY]
    )


@kernel
def _is_solid(seams: Seams, bodies: Bodies, body: int, x: float, y: float) -> bool:
    """Return whether a box of the map that a body meets lies at a place in metres."""
    values, words = bodies.values, bodies.words
    entity = box_at(seams.tiles, x, y)
    if entity == 0:
        return False
    proxy = seams.numbers[(entity & INDEX_MASK) - 1]
    if proxy < 0 or words[proxy, Word.ENTITY] != entity or not may_meet(words, proxy, body):
        return False
    if words[proxy, Word.FLAGS] & (SENSOR | ONE_WAY) or not _is_box_of_map(seams, bodies, proxy):
        return False
    within_x = values[proxy, Value.MIN_X] + MARGIN <= x <= values[proxy, Value.MAX_X] - MARGIN
    return bool(within_x and values[proxy, Value.MIN_Y] + MARGIN <= y <= values[proxy, Value.MAX_Y] - MARGIN)


@kernel
def _are_solid(
    seams: Seams, bodies: Bodies, body: int, one: tuple[float, float], other: tuple[float, float]
) -> bool:
    if not _is_solid(seams, bodies, body, one[0], one[1]):
        return False
    return _is_solid(seams, bodies, body, other[0], other[1])


@kernel
def _is_covered(
    seams: Seams,
    bodies: Bodies,
    pair: tuple[int, int],
    normal: tuple[float, float],
    point: tuple[float, float],
) -> bool:
    """Return whether the faces at a point of a box, from its middle, to which a normal leans are covered."""
    tile, body = pair
    values, corners = bodies.values, bodies.corners
    side = bits_float(seams.tiles[TileWord.SIDE])
    half_x, half_y = abs(corners[tile, 0]), abs(corners[tile, 1])
    tile_x, tile_y = values[tile, Value.X], values[tile, Value.Y]
    edge, beyond = _EDGE * side, 0.5 * side
    low_x = tile_x + min(max(point[0] - SHIFT, edge - half_x), half_x - edge)
    high_x = tile_x + min(max(point[0] + SHIFT, edge - half_x), half_x - edge)
    low_y = tile_y + min(max(point[1] - SHIFT, edge - half_y), half_y - edge)
    high_y = tile_y + min(max(point[1] + SHIFT, edge - half_y), half_y - edge)
    if abs(normal[1]) > LEAST_TILT:
        sign = 1.0 if normal[1] > 0.0 else -1.0
        y = tile_y + sign * (half_y + beyond)
        is_there = sign * point[1] >= half_y - REACH or abs(normal[0]) <= LEAST_TILT
        if is_there and _are_solid(seams, bodies, body, (low_x, y), (high_x, y)):
            return True
    if abs(normal[0]) > LEAST_TILT:
        sign = 1.0 if normal[0] > 0.0 else -1.0
        x = tile_x + sign * (half_x + beyond)
        is_there = sign * point[0] >= half_x - REACH or abs(normal[1]) <= LEAST_TILT
        return is_there and _are_solid(seams, bodies, body, (x, low_y), (x, high_y))
    return False


@kernel
def is_at_seam(
    seams: Seams,
    bodies: Bodies,
    pair: tuple[int, int],
    way: tuple[float, float],
    manifold: tuple[Array, int, int],
) -> bool:
    """Return whether a manifold lies at covered faces of a box of the map alone.

    Args:
        pair: two proxies.  way: metres from the first one's centre to the second's, for which it was made.
        manifold: rows of manifolds, which of them, and how many points it has, 1 or 2.
    """
    a, b = pair
    if not (bodies.words[a, Word.FLAGS] | bodies.words[b, Word.FLAGS]) & FIXED:
        return False
    is_first = bodies.words[a, Word.FLAGS] & FIXED != 0
    tile, body = (a, b) if is_first else (b, a)
    if not _is_box_of_map(seams, bodies, tile):
        return False
    rows, at, points = manifold
    sign = 1.0 if is_first else -1.0
    normal = (sign * rows[at, 0], sign * rows[at, _NORMAL_Y])
    from_x, from_y = (0.0, 0.0) if is_first else way
    deepest = -DEEP * bits_float(seams.tiles[TileWord.SIDE])
    for number in range(points):
        place = _POINT + _POINT_WORDS * number
        point = (rows[at, place] - from_x, rows[at, place + 1] - from_y)
        if rows[at, place + _GAP] < deepest:
            return False
        if not _is_covered(seams, bodies, (tile, body), normal, point):
            return False
    return True
