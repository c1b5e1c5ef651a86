"""Continuous collision: what a pair will hit within the tick, and when.

Source: Mirtich, Impulse-based dynamic simulation (1996), conservative advancement: go on by the gap over
the greatest speed with which it can close, until the gap is a slop. The manifold holds at that place; its
gaps are told from here, so that the solver lets the pair come together and no farther.
"""

from __future__ import annotations

import math

from engine.geometry.closest import Pair, gap_and_normal, moved
from engine.geometry.grid_search import boxes_meeting
from engine.geometry.hash_grid import Grid
from engine.geometry.manifold import meet
from engine.geometry.outlines import NORMALS
from engine.geometry.rotation import sine_cosine
from engine.physics.layers import may_meet
from engine.physics.layout import (
    CARRIED,
    LINEAR_SLOP,
    MARGIN,
    ONE_WAY,
    SENSOR,
    Array,
    Bodies,
    Manifold,
    Motion,
    Tick,
    Value,
    Word,
)
from engine.physics.seams import Seams, is_at_seam
from lang.jit import kernel

MOST_STEPS = 24
CORE = 0.5
"""Part of a body's depth: a core of this radius around its centre may never enter what stands still."""
NEAR = 0.5 * LINEAR_SLOP


@kernel
def turn_corners(bodies: Bodies, at: int, angle: float, out: int) -> None:
    """Write the corners and normals of a proxy, turned by an angle, into row ``out``."""
    corners = bodies.corners
    sine, cosine = sine_cosine(angle)
    count = bodies.words[at, Word.CORNERS]
    for i in range(count):
        for column in (2 * i, NORMALS + 2 * i):
            x, y = corners[at, column], corners[at, column + 1]
            corners[out, column], corners[out, column + 1] = cosine * x - sine * y, sine * x + cosine * y


@kernel
def _ahead(bodies: Bodies, pair: Pair, part: float, turn_a: float, turn_b: float) -> Pair:
    """Return the pair turned by a part of both turns, in two rows of scratch; unturned when both are 0."""
    if turn_a == 0.0 and turn_b == 0.0:
        return pair
    scratch = bodies.corners.shape[0] - 2
    turn_corners(bodies, pair.a, part * turn_a, scratch)
    turn_corners(bodies, pair.b, part * turn_b, scratch + 1)
    return Pair(
        scratch,
        scratch + 1,
        pair.count_a,
        pair.count_b,
        pair.radius_a,
        pair.radius_b,
        pair.dx,
        pair.dy,
    )


@kernel
def _circles_meet(pair: Pair, way: tuple[float, float], target: float) -> float:
    """Return what time_of_impact does, of two circles: they meet where a square root says.

    Source: Ericson, Real-Time Collision Detection (2005), section 5.5.5 (moving spheres).
    """
    distance = pair.radius_a + pair.radius_b + target
    outside = pair.dx * pair.dx + pair.dy * pair.dy - distance * distance
    if outside <= 0.0:
        return 0.0
    squared = way[0] * way[0] + way[1] * way[1]
    towards = -(pair.dx * way[0] + pair.dy * way[1])
    rest = towards * towards - squared * outside
    if towards <= 0.0 or rest < 0.0:
        return 2.0
    part = outside / (towards + math.sqrt(rest))
    return part if part <= 1.0 else 2.0


@kernel
def time_of_impact(
    bodies: Bodies,
    pair: Pair,
    way: tuple[float, float],
    turns: tuple[float, float],
    swing: float,
    target: float,
) -> float:
    """Return the part of a way (of b, seen from a) and of both turns after which two proxies meet, else 2.

    Args:
        way: metres.  turns: radians of a and of b.  swing: at most so many metres of corners by turning.
        target: the gap in metres at which they count as met.
    """
    if pair.count_a == 1 and pair.count_b == 1:
        return _circles_meet(pair, way, target)
    part = 0.0
    for _ in range(MOST_STEPS):
        there = moved(_ahead(bodies, pair, part, turns[0], turns[1]), part * way[0], part * way[1])
        gap, x, y = gap_and_normal(bodies.corners, there)
        if gap <= target:
            return part
        closing = swing - way[0] * x - way[1] * y
        if closing <= gap - target:
            return 2.0
        part += (gap - target + NEAR) / closing
        if part > 1.0:
            return 2.0
    return part


@kernel
def way_ahead(bodies: Bodies, a: int, b: int) -> tuple[float, float]:
    """Return the way that b will go in this tick, seen from a, if nothing stops them."""
    motion, values, seconds = bodies.motion, bodies.values, bodies.tick[Tick.SECONDS]
    falls = (values[b, Value.GRAVITY_SCALE] - values[a, Value.GRAVITY_SCALE]) * seconds * seconds
    x = (motion[b, Motion.VX] - motion[a, Motion.VX]) * seconds + bodies.tick[Tick.GRAVITY_X] * falls
    y = (motion[b, Motion.VY] - motion[a, Motion.VY]) * seconds + bodies.tick[Tick.GRAVITY_Y] * falls
    return x, y


@kernel
def passes_by(pair: Pair, way: tuple[float, float], reach: float) -> bool:
    """Return whether two centres stay farther apart than ``reach`` on the way of b, seen from a."""
    x, y = way
    squared = x * x + y * y
    along = -(pair.dx * x + pair.dy * y)
    part = min(max(along / squared, 0.0), 1.0) if squared > 0.0 else 0.0
    gap_x, gap_y = pair.dx + part * x, pair.dy + part * y
    return gap_x * gap_x + gap_y * gap_y > reach * reach


@kernel
def meet_ahead(bodies: Bodies, pair: Pair, manifolds: Array, at: int) -> tuple[int, int, int]:
    """Write the manifold of what two proxies apart will hit within the tick; returns (points, id, id)."""
    motion, values, a, b = bodies.motion, bodies.values, pair.a, pair.b
    x, y = way_ahead(bodies, a, b)
    seconds = bodies.tick[Tick.SECONDS]
    turn_a, turn_b = motion[a, Motion.SPIN] * seconds, motion[b, Motion.SPIN] * seconds
    swing = abs(turn_a) * values[a, Value.REACH] + abs(turn_b) * values[b, Value.REACH]
    are_circles = pair.count_a == 1 and pair.count_b == 1  # which look the same turned
    if swing <= LINEAR_SLOP or are_circles:
        turn_a, turn_b, swing = 0.0, 0.0, 0.0
    longest = abs(x) + abs(y) + swing
    if longest <= MARGIN:
        return 0, 0, 0
    if passes_by(pair, (x, y), values[a, Value.REACH] + values[b, Value.REACH] + LINEAR_SLOP):
        return 0, 0, 0
    part = time_of_impact(bodies, pair, (x, y), (turn_a, turn_b), swing, LINEAR_SLOP)
    if part > 1.0:
        return 0, 0, 0
    there = moved(_ahead(bodies, pair, part, turn_a, turn_b), part * x, part * y)
    points, one, two = meet(bodies.corners, there, MARGIN, manifolds, at)
    manifolds[at, Manifold.WAY_X], manifolds[at, Manifold.WAY_Y] = there.dx, there.dy
    nx, ny = manifolds[at, Manifold.NX], manifolds[at, Manifold.NY]
    for number in range(points):
        place = Manifold.X_1 + 3 * number
        px, py = manifolds[at, place], manifolds[at, place + 1]
        closed = part * (x * nx + y * ny)
        closed += part * turn_b * ((px - there.dx) * ny - (py - there.dy) * nx)
        closed -= part * turn_a * (px * ny - py * nx)
        manifolds[at, place + 2] -= closed
    return points, one, two


@kernel
def _stops_at_seam(bodies: Bodies, seams: Seams, pair: Pair, way: tuple[float, float], turn: float) -> bool:
    """Return whether what a meets after a way of b and a turn is a covered face of b, see `seams`."""
    if seams.tiles.size == 0:
        return False
    scratch = bodies.corners.shape[0] - 2
    turn_corners(bodies, pair.a, turn, scratch)
    x, y, radius_a, radius_b = pair.dx + way[0], pair.dy + way[1], pair.radius_a, pair.radius_b
    there = Pair(scratch, pair.b, pair.count_a, pair.count_b, radius_a, radius_b, x, y)
    points, _, _ = meet(bodies.corners, there, MARGIN, bodies.corners, scratch + 1)
    manifold = (bodies.corners, scratch + 1, points)
    return bool(points > 0 and is_at_seam(seams, bodies, (pair.a, pair.b), (x, y), manifold))


@kernel
def _free_part(bodies: Bodies, seams: Seams, a: int, b: int) -> float:
    """Return the part of a's way and turn of this tick after which it reaches into b, else 2.

    Of a body that touches b already, or reaches into it, a core alone is kept out: the contact does the rest.
    So it is of one that comes to a face of b which another box covers: that one is touched.
    """
    values, motion, words, scratch = bodies.values, bodies.motion, bodies.words, bodies.corners.shape[0] - 2
    way = (-motion[a, Motion.DX], -motion[a, Motion.DY])
    radius_a, radius_b = values[a, Value.RADIUS], values[b, Value.RADIUS]
    dx, dy = values[b, Value.X] - values[a, Value.X], values[b, Value.Y] - values[a, Value.Y]
    pair = Pair(a, b, words[a, Word.CORNERS], words[b, Word.CORNERS], radius_a, radius_b, dx, dy)
    gap, _, _ = gap_and_normal(bodies.corners, pair)
    if gap > LINEAR_SLOP:
        turn = motion[a, Motion.TURN]
        swing = abs(turn) * values[a, Value.REACH]
        part = time_of_impact(bodies, pair, way, (turn, 0.0), swing, -LINEAR_SLOP)
        there = (part * way[0], part * way[1])
        if part > 1.0 or not _stops_at_seam(bodies, seams, pair, there, part * turn):
            return part
    bodies.corners[scratch, 0], bodies.corners[scratch, 1] = 0.0, 0.0
    radius_a = CORE * values[a, Value.DEPTH]
    pair = Pair(scratch, b, 1, words[b, Word.CORNERS], radius_a, radius_b, dx, dy)
    gap, nx, ny = gap_and_normal(bodies.corners, pair)
    if gap <= 0.0 and way[0] * nx + way[1] * ny >= 0.0:
        return 2.0
    return time_of_impact(bodies, pair, way, (0.0, 0.0), 0.0, 0.0)


@kernel
def _stops(bodies: Bodies, a: int, b: int) -> bool:
    """Return whether b stands still and stops a."""
    flags = bodies.words[b, Word.FLAGS]
    if bodies.motion[b, Motion.INVERSE_MASS] > 0.0 or flags & (SENSOR | ONE_WAY | CARRIED):
        return False
    return not bodies.words[a, Word.FLAGS] & SENSOR and may_meet(bodies.words, a, b)


@kernel
def is_fast(motion: Array, values: Array, proxy: int) -> bool:
    """Return whether a body goes farther in this tick than its core reaches."""
    x, y, depth = motion[proxy, Motion.DX], motion[proxy, Motion.DY], CORE * values[proxy, Value.DEPTH]
    return bool(x * x + y * y > depth * depth)


@kernel
def stop_at_walls(bodies: Bodies, seams: Seams, grid: Grid, a: int, found: Array) -> None:
    """Shorten the way of a fast body (see is_fast) that would go through something that stands still.

    Contacts with what they would hit have slowed most of them down already; this is for those that were
    turned aside or pushed in this tick, so that nobody looked ahead on the way they went.
    """
    motion, values = bodies.motion, bodies.values
    x, y = motion[a, Motion.DX], motion[a, Motion.DY]
    at_x, at_y, reach = values[a, Value.X], values[a, Value.Y], values[a, Value.REACH]
    low_x, high_x = at_x + min(x, 0.0) - reach, at_x + max(x, 0.0) + reach
    low_y, high_y = at_y + min(y, 0.0) - reach, at_y + max(y, 0.0) + reach
    part = 1.0
    for i in range(boxes_meeting(grid, (low_x, low_y, high_x, high_y), found)):
        b = found[i]
        meets_x = values[b, Value.MIN_X] <= high_x and values[b, Value.MAX_X] >= low_x  # grown boxes do
        meets = meets_x and values[b, Value.MIN_Y] <= high_y and values[b, Value.MAX_Y] >= low_y
        if meets and _stops(bodies, a, b):
            part = min(part, _free_part(bodies, seams, a, b))
    if part < 1.0:
        motion[a, Motion.DX] *= part
        motion[a, Motion.DY] *= part
        motion[a, Motion.TURN] *= part
