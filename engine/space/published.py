"""The arrays of a space as kernels take them, read from its table. Inlined: only such may return arrays."""

from __future__ import annotations

from engine.geometry.hash_grid import LEVEL_COUNT, Box, Grid, Level
from engine.geometry.outlines import ROW
from engine.physics.layout import Bodies, Motion, Value, Word
from engine.space.layout import SpaceSlot
from engine.space.point_index import Group, PointIndex
from lang.jit import I64, floats_in, inlined, words_in

_VALUES, _MOTION, _WORDS = len(Value), len(Motion), len(Word)
_LEVELS, _GROUP, _SIDES = len(Level), len(Group), len(Box)


@inlined
def points_in(space: I64) -> PointIndex:
    """Return the index of points."""
    at = SpaceSlot.POINTS
    places, loose = floats_in(space, at), floats_in(space, at + 18)
    groups = words_in(space, at + 10)
    return PointIndex(
        places.reshape((places.size // 2, 2)),
        words_in(space, SpaceSlot.POINT_ENTITIES),
        floats_in(space, at + 4),
        words_in(space, at + 6),
        words_in(space, at + 8),
        groups.reshape((groups.size // _GROUP, _GROUP)),
        words_in(space, SpaceSlot.POINT_NUMBERS),
        words_in(space, at + 14),
        floats_in(space, at + 16),
        loose.reshape((loose.size // 2, 2)),
        words_in(space, at + 20),
    )


@inlined
def bodies_in(space: I64) -> Bodies:
    """Return the colliders as proxies."""
    values, motion = floats_in(space, SpaceSlot.VALUES), floats_in(space, SpaceSlot.MOTION)
    words, corners = words_in(space, SpaceSlot.WORDS), floats_in(space, SpaceSlot.CORNERS)
    return Bodies(
        values.reshape((values.size // _VALUES, _VALUES)),
        motion.reshape((motion.size // _MOTION, _MOTION)),
        words.reshape((words.size // _WORDS, _WORDS)),
        corners.reshape((corners.size // ROW, ROW)),
        floats_in(space, SpaceSlot.TICK),
    )


@inlined
def grid_in(space: I64) -> Grid:
    """Return the grid of the colliders."""
    levels, places = words_in(space, SpaceSlot.LEVELS), words_in(space, SpaceSlot.PLACES)
    boxes = floats_in(space, SpaceSlot.BOXES)
    half = places.size // 2
    return Grid(
        levels.reshape((_LEVELS, LEVEL_COUNT + 1)),
        words_in(space, SpaceSlot.STARTS),
        places[:half],
        places[half:],
        boxes.reshape((boxes.size // _SIDES, _SIDES)),
    )
