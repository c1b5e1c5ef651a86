"""Finds the boxes of a grid that meet a given box."""

from __future__ import annotations

from typing import Any

from engine.geometry.hash_grid import (
    LEVEL_COUNT,
    Box,
    Grid,
    Level,
    cell_of,
    cells_per_metre,
    slot_in_level,
)
from lang.jit import kernel

Limits = tuple[float, float, float, float]
"""Sides of a box in metres, in the order of `Box`."""


@kernel
def _meets(boxes: Any, i: int, limits: Limits) -> bool:
    overlaps_x = boxes[i, Box.MIN_X] <= limits[2] and boxes[i, Box.MAX_X] >= limits[0]
    return bool(overlaps_x and boxes[i, Box.MIN_Y] <= limits[3] and boxes[i, Box.MAX_Y] >= limits[1])


@kernel
def _search_level(grid: Grid, level: int, limits: Limits, found: Any, count: int) -> int:
    """Search the cells of a level from which a box may reach into the limits."""
    boxes, starts, order = grid.boxes, grid.starts, grid.order
    offset, mask = grid.levels[Level.OFFSET, level], grid.levels[Level.MASK, level]
    per_metre = cells_per_metre(level)
    first_x, last_x = cell_of(limits[0], per_metre) - 1, cell_of(limits[2], per_metre)
    for row in range(cell_of(limits[1], per_metre) - 1, cell_of(limits[3], per_metre) + 1):
        for column in range(first_x, last_x + 1):
            slot = offset + slot_in_level(column, row, mask)
            for i in range(starts[slot], starts[slot + 1]):
                # Distant cells share slots: a box counts in its own cell only.
                x, y = cell_of(boxes[i, Box.MIN_X], per_metre), cell_of(boxes[i, Box.MIN_Y], per_metre)
                if x == column and y == row and _meets(boxes, i, limits):
                    found[count] = order[i]
                    count += 1
    return count


@kernel
def boxes_meeting(grid: Grid, limits: Limits, found: Any) -> int:
    """Write the numbers of all boxes that meet the limits, each once; returns how many there are.

    Their order depends on boxes and limits alone. Args: found: int64, room for all boxes.
    """
    count = 0
    for level in range(LEVEL_COUNT):
        first, last = grid.levels[Level.FIRST_BOX, level], grid.levels[Level.FIRST_BOX, level + 1]
        if first == last:
            continue
        per_metre = cells_per_metre(level)
        columns = (limits[2] - limits[0]) * per_metre + 2.0
        rows = (limits[3] - limits[1]) * per_metre + 2.0
        if columns * rows <= last - first:
            count = _search_level(grid, level, limits, found, count)
            continue
        for i in range(first, last):
            if _meets(grid.boxes, i, limits):
                found[count] = grid.order[i]
                count += 1
    return count
