"""Which proxies may touch: pairs whose AABBs overlap.

Each pair is found once: within a level from the cell that comes first, between levels from the finer one.
Every candidate is written to the next free row, and the row counts only if the boxes overlap: branches that
nobody can predict took half of the time.
"""

from __future__ import annotations

from engine.geometry.hash_grid import (
    LEVEL_COUNT,
    Box,
    Grid,
    Level,
    build_grid,
    cell_of,
    cells_per_metre,
    slot_in_level,
)
from engine.physics.layout import Array
from lang.jit import entry, kernel

FEW_BOXES = 8
"""So many boxes of a level are tested one by one, without a look at its cells."""


@kernel
def _pairs_with_few(grid: Grid, pairs: Array, found: int, level: int, coarser: int) -> int:
    """Pair the boxes of a level with the few of a coarser one, all with all."""
    boxes, order, room = grid.boxes, grid.order, pairs.shape[0] - 1
    for i in range(grid.levels[Level.FIRST_BOX, level], grid.levels[Level.FIRST_BOX, level + 1]):
        box, a = boxes[i], order[i]
        min_x, min_y, max_x, max_y = box[Box.MIN_X], box[Box.MIN_Y], box[Box.MAX_X], box[Box.MAX_Y]
        for j in range(grid.levels[Level.FIRST_BOX, coarser], grid.levels[Level.FIRST_BOX, coarser + 1]):
            other, pair = boxes[j], pairs[min(found, room)]
            pair[0], pair[1] = a, order[j]
            meets_x = (other[Box.MIN_X] <= max_x) & (other[Box.MAX_X] >= min_x)
            meets = meets_x & (other[Box.MIN_Y] <= max_y) & (other[Box.MAX_Y] >= min_y)
            found += 1 if meets else 0
    return found


@kernel
def _pairs_with_level(grid: Grid, pairs: Array, found: int, level: int, other_level: int) -> int:
    """Pair the boxes of a level with the near ones of a coarser, or with those of the same that come later.

    In its own level these are the rest of a box's cell, the cell to the right and the three above. One
    function with deep loops: a call with a grid for every row of cells made the search four times slower.
    """
    own = level == other_level
    boxes, starts, order, room = grid.boxes, grid.starts, grid.order, pairs.shape[0] - 1
    offset, mask = grid.levels[Level.OFFSET, other_level], grid.levels[Level.MASK, other_level]
    per_metre = cells_per_metre(other_level)
    for i in range(grid.levels[Level.FIRST_BOX, level], grid.levels[Level.FIRST_BOX, level + 1]):
        box, a = boxes[i], order[i]
        min_x, min_y, max_x, max_y = box[Box.MIN_X], box[Box.MIN_Y], box[Box.MAX_X], box[Box.MAX_Y]
        x, y = cell_of(min_x, per_metre), cell_of(min_y, per_metre)
        last_x = x + 1 if own else cell_of(max_x, per_metre)
        last_y = y + 1 if own else cell_of(max_y, per_metre)
        for row in range(y if own else y - 1, last_y + 1):
            in_own_cell = own and row == y
            first_x = x if in_own_cell else x - 1
            first = slot_in_level(first_x, row, mask)
            last = first + last_x - first_x
            begin = i + 1 if in_own_cell else starts[offset + first]
            end = starts[offset + min(last, mask) + 1]
            # A row that reaches the end of the level's slots goes on at their start.
            for _ in range(1 if last <= mask else 2):
                for j in range(begin, end):
                    other, pair = boxes[j], pairs[min(found, room)]
                    pair[0], pair[1] = a, order[j]
                    meets_x = (other[Box.MIN_X] <= max_x) & (other[Box.MAX_X] >= min_x)
                    meets = meets_x & (other[Box.MIN_Y] <= max_y) & (other[Box.MAX_Y] >= min_y)
                    found += 1 if meets else 0
                begin, end = starts[offset], starts[offset + (last & mask) + 1]
    return found


@kernel
def pairs_of_grid(grid: Grid, pairs: Array) -> int:
    """Write the overlapping pairs as rows of ``pairs``; returns how many there are.

    When that is more than all rows but the last, the rest is only counted: grow ``pairs`` and ask again.
    """
    found = 0
    for level in range(LEVEL_COUNT):
        if grid.levels[Level.FIRST_BOX, level + 1] > grid.levels[Level.FIRST_BOX, level]:
            found = _pairs_with_level(grid, pairs, found, level, level)
            for coarser in range(level + 1, LEVEL_COUNT):
                count = grid.levels[Level.FIRST_BOX, coarser + 1] - grid.levels[Level.FIRST_BOX, coarser]
                if count > FEW_BOXES:
                    found = _pairs_with_level(grid, pairs, found, level, coarser)
                elif count > 0:
                    found = _pairs_with_few(grid, pairs, found, level, coarser)
    return found


@entry("int64(float64[:,::1], int64[:,::1], int64[:,::1], int64[::1], int64[:,::1], float64[:,::1])")
def find_pairs(values: Array, pairs: Array, levels: Array, starts: Array, places: Array, boxes: Array) -> int:
    """Find the pairs of proxies, as many as ``values`` has rows; see pairs_of_grid.

    Args:
        levels, starts, places, boxes: memory of a Grid; ``places`` is [2, n], its order and slots.
    """
    grid = Grid(levels, starts, places[0], places[1], boxes)
    build_grid(grid, values, values.shape[0])
    return pairs_of_grid(grid, pairs)
