"""A hierarchical grid over axis-aligned boxes (AABBs), rebuilt from nothing each time it is needed.

A box lies in the level whose cells are the next power of two above its longer side, in the cell of its lower
left corner: overlapping boxes of one level are in neighbouring cells. Cells are folded into a table of
slots, so the world has no bounds; who reads a slot must test the boxes in it. Neighbours along x are
neighbours in the table: three cells of a row are one stretch of memory.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any, NamedTuple

from lang.jit import bits_float, float_bits, kernel, wrapping_add, wrapping_mul

LEVEL_COUNT = 32
FIRST_EXPONENT = -6
"""Cells of level 0 are 2**-6 m wide; those of the last level have no bounds."""
LEAST_SLOTS = 64
GOLDEN = 0x9E3779B9
"""The golden ratio's part of 2**32: rows of cells spread most evenly when each starts so far into the slots
after the one below, and no two neighbouring cells share a slot (for 64 slots or more; tested)."""
FARTHEST_CELL = 2.0**52


class Box(IntEnum):
    """Columns of an array of AABBs [n, 4], in metres."""

    MIN_X = 0
    MIN_Y = 1
    MAX_X = 2
    MAX_Y = 3


class Level(IntEnum):
    """Rows of the table of levels [3, LEVEL_COUNT + 1]."""

    FIRST_BOX = 0  # the level's first sorted box; the next level's is its end
    OFFSET = 1  # its first slot
    MASK = 2  # its number of slots, a power of two, less 1


class Grid(NamedTuple):
    """A grid of n boxes. Slot s holds the sorted boxes starts[s] to starts[s + 1].

    Invariant: boxes of one slot are in the order in which they were given.
    """

    levels: Any  # int64 [3, LEVEL_COUNT + 1], see Level
    starts: Any  # int64 [>= most_slots(n)]
    order: Any  # int64 [n] number of each sorted box
    slots: Any  # int64 [n] slot of each box as given
    boxes: Any  # float64 [n, 4] sorted boxes, see Box


def most_slots(count: int) -> int:
    """Return the length that ``Grid.starts`` needs for a number of boxes."""
    return 4 * count + LEAST_SLOTS * LEVEL_COUNT + 2


@kernel
def level_of(extent: float) -> int:
    """Return the level for boxes whose longer side is ``extent`` metres."""
    bits: int = float_bits(extent)
    exponent = ((bits >> 52) & 0x7FF) - 1022
    return min(max(exponent - FIRST_EXPONENT, 0), LEVEL_COUNT - 1)


@kernel
def cells_per_metre(level: int) -> float:
    """Return the reciprocal of a level's cell size, a power of two; 0 for the last level."""
    if level == LEVEL_COUNT - 1:
        return 0.0
    reciprocal: float = bits_float((1023 - FIRST_EXPONENT - level) << 52)
    return reciprocal


@kernel
def cell_of(metres: float, per_metre: float) -> int:
    """Return the cell of a coordinate; beyond 2**52 cells all are in the last one."""
    return math.floor(min(max(metres * per_metre, -FARTHEST_CELL), FARTHEST_CELL))


@kernel
def slot_in_level(cell_x: int, cell_y: int, mask: int) -> int:
    """Return the slot of a cell, from the first slot of its level."""
    stride = ((mask + 1) * GOLDEN) >> 32
    return wrapping_add(cell_x, wrapping_mul(cell_y, stride)) & mask


@kernel
def _count_levels(grid: Grid, given: Any, count: int) -> None:
    grid.levels[:] = 0
    for i in range(count):
        level = level_of(
            max(given[i, Box.MAX_X] - given[i, Box.MIN_X], given[i, Box.MAX_Y] - given[i, Box.MIN_Y])
        )
        grid.slots[i] = level
        grid.levels[Level.FIRST_BOX, level + 1] += 1


@kernel
def _lay_out_levels(grid: Grid) -> int:
    total = 0
    for level in range(LEVEL_COUNT):
        grid.levels[Level.OFFSET, level] = total
        count = grid.levels[Level.FIRST_BOX, level + 1]
        grid.levels[Level.FIRST_BOX, level + 1] += grid.levels[Level.FIRST_BOX, level]
        if count > 0:
            slots = LEAST_SLOTS
            while slots < 2 * count:
                slots *= 2
            grid.levels[Level.MASK, level] = slots - 1
            total += slots
    return total


@kernel
def build_grid(grid: Grid, given: Any, count: int) -> None:
    """Sort ``count`` boxes, given as [>= count, >= 4] (see Box), into a grid: a stable counting sort."""
    _count_levels(grid, given, count)
    total = _lay_out_levels(grid)
    starts, slots, order, boxes = grid.starts, grid.slots, grid.order, grid.boxes
    starts[: total + 2] = 0
    for i in range(count):
        level = slots[i]
        per_metre = cells_per_metre(level)
        cell_x = cell_of(given[i, Box.MIN_X], per_metre)
        cell_y = cell_of(given[i, Box.MIN_Y], per_metre)
        slot = grid.levels[Level.OFFSET, level] + slot_in_level(
            cell_x, cell_y, grid.levels[Level.MASK, level]
        )
        slots[i] = slot
        starts[slot + 2] += 1
    before = 0
    for slot in range(2, total + 2):
        before += starts[slot]
        starts[slot] = before
    for i in range(count):
        slot = slots[i]
        place = starts[slot + 1]
        starts[slot + 1] = place + 1
        order[place] = i
        boxes[place, Box.MIN_X], boxes[place, Box.MIN_Y] = given[i, Box.MIN_X], given[i, Box.MIN_Y]
        boxes[place, Box.MAX_X], boxes[place, Box.MAX_Y] = given[i, Box.MAX_X], given[i, Box.MAX_Y]
