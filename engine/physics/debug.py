"""What physics knows, as arrays that a debug drawing shows: outlines, contacts, velocities, cells.

Nothing here is part of the simulation: it reads the columns as they are, and the contacts of the last step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.ecs.layout import FULL
from engine.ecs.world import World
from engine.geometry.hash_grid import FIRST_EXPONENT, LEVEL_COUNT
from engine.geometry.outlines import MOST_CORNERS, NORMALS
from engine.geometry.rotation import sine_cosine
from engine.physics.buffers import Buffers
from engine.physics.layout import BODIES, F64, FIXED, I64, VOLUME, Array, Bodies, Motion, Value, Word
from engine.physics.step import PhysicsSystem
from lang.jit import entry, kernel

ROUND_STEPS = 16
"""Segments of a circle."""
MOST_POINTS = 2 * MOST_CORNERS + ROUND_STEPS
EIGHTH = 2.0 * math.pi / ROUND_STEPS


@dataclass(frozen=True, slots=True)
class PhysicsPicture:
    """Arrays to draw.

    Attributes:
        outlines: [n, 4] segments x, y, x, y in metres. A circle has a spoke that shows its turn.
        entities: [n] whose outline a segment belongs to; 0 for a trigger volume.
        flags: [n] its SENSOR, FIXED, ONE_WAY, ASLEEP and further bits of `engine.physics.layout`.
        contacts: [m, 4] x, y of each point where the last step pushed, in metres, and the normal's x, y, out
            of the entity with the lower index. Contacts between sleepers are not looked at, so not here.
        velocities: [k, 4] x, y of the centre of mass in metres, then x, y in m/s, of all that moves.
        cells: [c, 4] lowest x, y and highest x, y of each cell of the broad phase in which a box begins.
    """

    outlines: F64
    entities: I64
    flags: I64
    contacts: F64
    velocities: F64
    cells: F64


@kernel
def _arc(points: Array, made: int, centre: tuple[float, float], radius: float, ends: Array) -> int:
    """Add the round corner from the first normal of ``ends`` [4] to the second; returns the count."""
    ax, ay, bx, by = ends[0], ends[1], ends[2], ends[3]
    points[made, 0], points[made, 1] = centre[0] + radius * ax, centre[1] + radius * ay
    made += 1
    was_between = True
    first = 0
    for step in range(ROUND_STEPS):  # the first direction after a gap begins the arc
        y, x = sine_cosine(step * EIGHTH)
        between = ax * y - ay * x > 1e-9 and x * by - y * bx > 1e-9
        if between and not was_between:
            first = step
        was_between = between
    for step in range(first, first + ROUND_STEPS):
        y, x = sine_cosine(step * EIGHTH)
        if ax * y - ay * x > 1e-9 and x * by - y * bx > 1e-9:
            points[made, 0], points[made, 1] = centre[0] + radius * x, centre[1] + radius * y
            made += 1
    points[made, 0], points[made, 1] = centre[0] + radius * bx, centre[1] + radius * by
    return made + 1


@kernel
def _outline_points(bodies: Bodies, proxy: int, points: Array, ends: Array) -> int:
    """Write the corners of an outline, relative to its centre; returns how many there are."""
    count, radius = bodies.words[proxy, Word.CORNERS], bodies.values[proxy, Value.RADIUS]
    corners = bodies.corners
    if count == 1:
        for step in range(ROUND_STEPS):
            sine, cosine = sine_cosine(step * EIGHTH)
            points[step, 0], points[step, 1] = radius * cosine, radius * sine
        return ROUND_STEPS
    made = 0
    for i in range(count):
        x, y = corners[proxy, 2 * i], corners[proxy, 2 * i + 1]
        if radius == 0.0:
            points[made, 0], points[made, 1] = x, y
            made += 1
            continue
        before = i - 1 if i > 0 else count - 1
        ends[0], ends[1] = corners[proxy, NORMALS + 2 * before], corners[proxy, NORMALS + 2 * before + 1]
        ends[2], ends[3] = corners[proxy, NORMALS + 2 * i], corners[proxy, NORMALS + 2 * i + 1]
        made = _arc(points, made, (x, y), radius, ends)
    return made


@entry(f"int64({BODIES}, int64, float64[:,::1], float64[::1], float64[:,::1], int64[::1])")
def trace_outlines(
    given: Array, count: int, points: Array, ends: Array, segments: Array, owners: Array
) -> int:
    """Write the outlines of ``count`` proxies as segments; returns how many, or FULL.

    Args:
        given: see Bodies.  points: [MOST_POINTS, 2] scratch.  ends: [4] scratch.
        segments: [n, 4].  owners: [n], gets the proxy of each segment.
    """
    bodies = Bodies(given[0], given[1], given[2], given[3], given[4])
    at = 0
    for proxy in range(count):
        made = _outline_points(bodies, proxy, points, ends)
        if at + made + 1 > segments.shape[0]:
            return FULL
        x, y = bodies.values[proxy, Value.X], bodies.values[proxy, Value.Y]
        for i in range(made):
            j = i + 1 if i + 1 < made else 0
            segments[at, 0], segments[at, 1] = x + points[i, 0], y + points[i, 1]
            segments[at, 2], segments[at, 3] = x + points[j, 0], y + points[j, 1]
            owners[at] = proxy
            at += 1
        if bodies.words[proxy, Word.CORNERS] == 1:
            sine, cosine = sine_cosine(bodies.values[proxy, Value.ROTATION])
            radius = bodies.values[proxy, Value.RADIUS]
            segments[at, 0], segments[at, 1] = x, y
            segments[at, 2], segments[at, 3] = x + radius * cosine, y + radius * sine
            owners[at] = proxy
            at += 1
    return at


class PhysicsDebug:
    """Takes pictures of one world after another; it keeps its arrays between calls."""

    def __init__(self) -> None:
        self._buffers = Buffers()
        self._points: F64 = np.zeros((MOST_POINTS, 2))
        self._ends: F64 = np.zeros(4)
        self._segments: F64 = np.zeros((1024, 4))
        self._owners: I64 = np.zeros(1024, np.int64)

    def picture(self, world: World, physics: PhysicsSystem) -> PhysicsPicture:
        """Return what is to be drawn of a world as it is now; the arrays are the caller's."""
        buffers = self._buffers
        count = physics.gather_into(buffers, world, 0.0)
        while (made := self._trace(count)) == FULL:
            self._segments = np.zeros((2 * len(self._segments), 4))
            self._owners = np.zeros(len(self._segments), np.int64)
        owners = self._owners[:made]
        entities = buffers.words[owners, Word.ENTITY]
        return PhysicsPicture(
            outlines=self._segments[:made].copy(),
            entities=np.where(entities < VOLUME, entities, 0),
            flags=_flags(buffers)[owners],
            contacts=physics.contact_points(),
            velocities=_velocities(buffers, count),
            cells=_cells(buffers.values[:count]),
        )

    def _trace(self, count: int) -> int:
        given = self._buffers.bodies
        return int(trace_outlines(given, count, self._points, self._ends, self._segments, self._owners))


def _flags(buffers: Buffers) -> I64:
    """Return the flags of proxies; what nothing but a script moves counts as fixed here."""
    flags = buffers.words[:, Word.FLAGS]
    return np.where(buffers.words[:, Word.VELOCITY_ROW] < 0, flags | FIXED, flags)


def _velocities(buffers: Buffers, count: int) -> F64:
    motion = buffers.motion[:count, [Motion.VX, Motion.VY]]
    moving = motion.any(axis=1)
    return np.hstack([buffers.values[:count, [Value.X, Value.Y]], motion])[moving]


def _cells(values: F64) -> F64:
    """Return the cells in which AABBs begin, see `geometry.hash_grid`; the last level has no cells."""
    low, high = values[:, [Value.MIN_X, Value.MIN_Y]], values[:, [Value.MAX_X, Value.MAX_Y]]
    exponent = np.frexp((high - low).max(axis=1, initial=0.0))[1]
    level = np.clip(exponent - FIRST_EXPONENT, 0, LEVEL_COUNT - 1)
    bounded = level < LEVEL_COUNT - 1
    size = np.ldexp(1.0, level[bounded] + FIRST_EXPONENT)[:, None]
    corner = np.floor(low[bounded] / size) * size
    cells: F64 = np.unique(np.hstack([corner, corner + size]), axis=0)
    return cells
