"""What lies behind a picture, as coloured lines: colliders, contacts, velocities, ways, cells of the grid.

Lines are made from what `engine.physics.debug` tells, for one frame, and relative to the middle of the
view as all that is drawn.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from engine.physics.debug import PhysicsPicture
from engine.physics.layout import ASLEEP, FIXED, ONE_WAY, SENSOR
from engine.render.camera import Camera

LINE_WORDS = 5
"""Words of a line, float32: x, y of both ends, and a colour of four bytes."""
LINE_BYTES = 4 * LINE_WORDS

AWAKE_COLOR = 0x6EE7A8FF
ASLEEP_COLOR = 0x7C8CA8FF
FIXED_COLOR = 0x7CC7FFFF
SENSOR_COLOR = 0xFFB454FF
ONE_WAY_COLOR = 0xC98BFFFF
CONTACT_COLOR = 0xFF5D5DFF
VELOCITY_COLOR = 0xFFE97AFF
WAY_COLOR = 0xFF8AE2FF
CELL_COLOR = 0xFFFFFF30
FRAME_COLOR = 0xFFFFFFFF

_NORMAL_PIXELS = 14.0
_CROSS_PIXELS = 3.5
_HEAD_PIXELS = 6.0
_VELOCITY_SECONDS = 0.15  # an arrow ends where its body will be then

Lines = NDArray[np.float32]


class DebugLevel(IntEnum):
    """How much is shown; each level shows what the lower ones do."""

    NOTHING = 0
    COLLIDERS = 1
    MOTION = 2  # contacts, velocities and ways, too
    GRID = 3  # and the cells in which pairs are looked for

    @property
    def after(self) -> DebugLevel:
        """The next level; after the last one, nothing."""
        return DebugLevel((self + 1) % len(DebugLevel))


LEGEND: dict[DebugLevel, tuple[tuple[str, int], ...]] = {
    DebugLevel.NOTHING: (),
    DebugLevel.COLLIDERS: (
        ("awake", AWAKE_COLOR),
        ("asleep", ASLEEP_COLOR),
        ("fixed", FIXED_COLOR),
        ("sensor", SENSOR_COLOR),
        ("one-way", ONE_WAY_COLOR),
    ),
    DebugLevel.MOTION: (("contact", CONTACT_COLOR), ("velocity", VELOCITY_COLOR), ("way", WAY_COLOR)),
    DebugLevel.GRID: (("cell", CELL_COLOR | 0xFF),),
}
"""Words and colours that each level adds."""


def debug_lines(picture: PhysicsPicture, level: DebugLevel, camera: Camera) -> Lines:
    """Return the lines [n, LINE_WORDS] of a level that may be in sight, the lowest first."""
    parts: list[Lines] = []
    if level >= DebugLevel.GRID:
        sides = _box_sides(picture.cells)
        parts.append(_lines(sides, _one_color(len(sides), CELL_COLOR), camera))
    if level >= DebugLevel.COLLIDERS:
        parts.append(_lines(picture.outlines, _outline_colors(picture.flags), camera))
    if level >= DebugLevel.MOTION:
        metre = 1.0 / camera.pixels_per_metre
        arrows = _arrows(picture.velocities, metre)
        parts.append(_lines(arrows, _one_color(len(arrows), VELOCITY_COLOR), camera))
        marks = _contact_marks(picture.contacts, metre)
        parts.append(_lines(marks, _one_color(len(marks), CONTACT_COLOR), camera))
    return np.concatenate(parts) if parts else np.zeros((0, LINE_WORDS), np.float32)


def way_lines(legs: NDArray[np.float64], level: DebugLevel, camera: Camera) -> Lines:
    """Return the lines of ways [n, 4] that were found, from the level of motion on."""
    shown = legs if level >= DebugLevel.MOTION else legs[:0]
    return _lines(shown, _one_color(len(shown), WAY_COLOR), camera)


def frame_lines(
    middle: tuple[float, float], reach: tuple[float, float], rotation: float, camera: Camera
) -> Lines:
    """Return the sides of one turned box: its middle and half its size in metres, its turn in radians."""
    turn = np.array([[math.cos(rotation), math.sin(rotation)], [-math.sin(rotation), math.cos(rotation)]])
    corners = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]) * reach @ turn + middle
    sides = np.hstack([corners, np.roll(corners, -1, axis=0)])
    return _lines(sides, _one_color(len(sides), FRAME_COLOR), camera)


def _lines(ends: NDArray[np.float64], colors: NDArray[np.uint32], camera: Camera) -> Lines:
    """Return lines with both ends [n, 4] in metres, without those that are far from the view."""
    relative = ends - (camera.x, camera.y, camera.x, camera.y)
    half = (camera.half_width, camera.half_height)
    low = np.minimum(relative[:, :2], relative[:, 2:])
    high = np.maximum(relative[:, :2], relative[:, 2:])
    seen = ((low <= half) & (high >= np.negative(half))).all(axis=1)
    rows = np.empty((int(seen.sum()), LINE_WORDS), np.float32)
    rows[:, :4] = relative[seen]
    rows.view(np.uint32)[:, 4] = colors[seen]
    return rows


def _bytes_of(color: int) -> int:
    """Return 0xRRGGBBAA as the word whose bytes lie in memory as red, green, blue, alpha."""
    return int.from_bytes(color.to_bytes(4, "big"), "little")


def _one_color(count: int, color: int) -> NDArray[np.uint32]:
    return np.full(count, _bytes_of(color), np.uint32)


def _outline_colors(flags: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return the colour of each outline by its flags; a sensor is one before all else."""
    colors = _one_color(len(flags), AWAKE_COLOR)
    for flag, color in (
        (ASLEEP, ASLEEP_COLOR),
        (FIXED, FIXED_COLOR),
        (ONE_WAY, ONE_WAY_COLOR),
        (SENSOR, SENSOR_COLOR),
    ):
        colors[flags & flag != 0] = _bytes_of(color)
    return colors


def _box_sides(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the four sides [4 n, 4] of boxes [n, 4] of lowest and highest x, y."""
    sides = ([0, 1, 2, 1], [2, 1, 2, 3], [2, 3, 0, 3], [0, 3, 0, 1])
    return np.concatenate([boxes[:, side] for side in sides])


def _arrows(velocities: NDArray[np.float64], metre: float) -> NDArray[np.float64]:
    """Return shafts and heads of arrows; ``metre`` is how many metres a pixel is."""
    start, way = velocities[:, :2], velocities[:, 2:] * _VELOCITY_SECONDS
    end = start + way
    length = np.hypot(way[:, 0], way[:, 1])[:, None]
    back = -way / np.maximum(length, 1e-12) * np.minimum(_HEAD_PIXELS * metre, length)
    aside = np.stack([-back[:, 1], back[:, 0]], axis=1) * 0.5
    heads = [np.hstack([end, end + back + side]) for side in (aside, -aside)]
    return np.concatenate([np.hstack([start, end]), *heads])


def _contact_marks(contacts: NDArray[np.float64], metre: float) -> NDArray[np.float64]:
    """Return a cross at each contact and its normal."""
    place, normal = contacts[:, :2], contacts[:, 2:]
    arms = [(_CROSS_PIXELS * metre * x, _CROSS_PIXELS * metre * y) for x, y in ((1, 1), (1, -1))]
    crosses = [np.hstack([place - arm, place + arm]) for arm in arms]
    return np.concatenate([*crosses, np.hstack([place, place + _NORMAL_PIXELS * metre * normal])])
