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
from engine.physics.layout import GRID_ARRAYS, Array
from lang.jit import entry, kernel

FEW_BOXES = 8
"""So many boxes of a level are tested one by one, without a look at its cells."""


@kernel
def _pairs_with_few(grid: Grid, pairs: Array, found: int, level: int, coarser: int) -> int:
    """Pair the boxes of a level with the few of a coarser one, all with all.

    Most are far from a wall or a floor, which is easy to predict: here a branch is faster than rows in vain.
    """
    boxes, order, room = grid.boxes, grid.order, pairs.shape[0] - 1
    first, last = grid.levels[Level.FIRST_BOX, level], grid.levels[Level.FIRST_BOX, level + 1]
    for j in range(grid.levels[Level.FIRST_BOX, coarser], grid.levels[Level.FIRST_BOX, coarser + 1]):
        other, b = boxes[j], order[j]
        min_x, min_y, max_x, max_y = other[Box.MIN_X], other[Box.MIN_Y], other[Box.MAX_X], other[Box.MAX_Y]
        for i in range(first, last):
            box = boxes[i]
            meets_x = (box[Box.MIN_X] <= max_x) & (box[Box.MAX_X] >= min_x)
            if meets_x & (box[Box.MIN_Y] <= max_y) & (box[Box.MAX_Y] >= min_y):
                pair = pairs[min(found, room)]
                pair[0], pair[1] = order[i], b
                found += 1
    return found


@kernel
def _pairs_of_stretch(grid: Grid, pairs: Array, found: int, i: int, begin: int, end: int) -> int:
    """Pair a box with those of a stretch of sorted ones."""
    box, a, room = grid.boxes[i], grid.order[i], pairs.shape[0] - 1
    for j in range(begin, end):
        other, pair = grid.boxes[j], pairs[min(found, room)]
        pair[0], pair[1] = a, grid.order[j]
        meets_x = (other[Box.MIN_X] <= box[Box.MAX_X]) & (other[Box.MAX_X] >= box[Box.MIN_X])
        meets_y = (other[Box.MIN_Y] <= box[Box.MAX_Y]) & (other[Box.MAX_Y] >= box[Box.MIN_Y])
        found += 1 if meets_x & meets_y else 0
    return found


@kernel
def _pairs_in_level(grid: Grid, pairs: Array, found: int, level: int) -> int:
    """Pair the boxes of a level with those of the same level that come later.

    These are the rest of a box's cell and, as far as it reaches into their columns and row, the cell to the
    right and the three above: two stretches of memory, gone through by one loop. How often a loop runs cannot
    be predicted, and a second one cost more than the work in it.
    """
    boxes, starts, order, room = grid.boxes, grid.starts, grid.order, pairs.shape[0] - 1
    offset, mask = grid.levels[Level.OFFSET, level], grid.levels[Level.MASK, level]
    per_metre = cells_per_metre(level)
    for i in range(grid.levels[Level.FIRST_BOX, level], grid.levels[Level.FIRST_BOX, level + 1]):
        box, a = boxes[i], order[i]
        min_x, min_y, max_x, max_y = box[Box.MIN_X], box[Box.MIN_Y], box[Box.MAX_X], box[Box.MAX_Y]
        x, y = cell_of(min_x, per_metre), cell_of(min_y, per_metre)
        is_high = cell_of(max_y, per_metre) > y
        first, above = slot_in_level(x, y, mask), slot_in_level(x - 1, y + 1, mask)
        last = first + cell_of(max_x, per_metre) - x
        last_above = above + 1 + last - first
        beside = starts[offset + min(last, mask) + 1] - i - 1
        begin = starts[offset + above]
        count = beside + (starts[offset + min(last_above, mask) + 1] - begin if is_high else 0)
        for number in range(count):
            j = i + 1 + number if number < beside else begin + number - beside
            other, pair = boxes[j], pairs[min(found, room)]
            pair[0], pair[1] = a, order[j]
            meets_x = (other[Box.MIN_X] <= max_x) & (other[Box.MAX_X] >= min_x)
            meets = meets_x & (other[Box.MIN_Y] <= max_y) & (other[Box.MAX_Y] >= min_y)
            found += 1 if meets else 0
        # A row that reaches the end of the level's slots goes on at their start.
        if last > mask:
            end = starts[offset + (last & mask) + 1]
            found = _pairs_of_stretch(grid, pairs, found, i, starts[offset], end)
        if is_high and last_above > mask:
            end = starts[offset + (last_above & mask) + 1]
            found = _pairs_of_stretch(grid, pairs, found, i, starts[offset], end)
    return found


@kernel
def _pairs_with_level(grid: Grid, pairs: Array, found: int, level: int, coarser: int) -> int:
    """Pair the boxes of a level with the near ones of a coarser one.

    One function with deep loops: a call with a grid for every row of cells made the search four times slower.
    """
    boxes, starts, order, room = grid.boxes, grid.starts, grid.order, pairs.shape[0] - 1
    offset, mask = grid.levels[Level.OFFSET, coarser], grid.levels[Level.MASK, coarser]
    per_metre = cells_per_metre(coarser)
    for i in range(grid.levels[Level.FIRST_BOX, level], grid.levels[Level.FIRST_BOX, level + 1]):
        box, a = boxes[i], order[i]
        min_x, min_y, max_x, max_y = box[Box.MIN_X], box[Box.MIN_Y], box[Box.MAX_X], box[Box.MAX_Y]
        first_x, last_x = cell_of(min_x, per_metre) - 1, cell_of(max_x, per_metre)
        for row in range(cell_of(min_y, per_metre) - 1, cell_of(max_y, per_metre) + 1):
            first = slot_in_level(first_x, row, mask)
            last = first + last_x - first_x
            begin, end = starts[offset + first], starts[offset + min(last, mask) + 1]
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
            found = _pairs_in_level(grid, pairs, found, level)
            for coarser in range(level + 1, LEVEL_COUNT):
                count = grid.levels[Level.FIRST_BOX, coarser + 1] - grid.levels[Level.FIRST_BOX, coarser]
                if count > FEW_BOXES:
                    found = _pairs_with_level(grid, pairs, found, level, coarser)
                elif count > 0:
                    found = _pairs_with_few(grid, pairs, found, level, coarser)
    return found


@kernel
def _sort_stably(given: Array, key: int, result: Array, count: int, starts: Array, boxes: int) -> None:
    """Counting sort of the rows of ``given`` [n, 2] by one of its columns."""
    starts[: boxes + 1] = 0
    for i in range(count):
        starts[given[i, key] + 1] += 1
    before = 0
    for box in range(1, boxes + 1):
        before += starts[box]
        starts[box] = before
    for i in range(count):
        box = given[i, key]
        place = starts[box]
        starts[box] = place + 1
        result[place, 0], result[place, 1] = given[i, 0], given[i, 1]


@entry(f"int64(float64[:,::1], int64[:,:,::1], {GRID_ARRAYS}, int64[::1])")
def find_pairs(boxes: Array, pairs: Array, memory: Array, scratch: Array) -> int:
    """Find the pairs of boxes [n, 4] that overlap; returns how many there are, see pairs_of_grid.

    Args:
        pairs: [2, m, 2]; the first half gets them, the lower number first, sorted.
        memory: see GRID_ARRAYS.  scratch: [n + 1].
    """
    grid = Grid(memory[0], memory[1], memory[2][0], memory[2][1], memory[3])
    build_grid(grid, boxes, boxes.shape[0])
    found = pairs_of_grid(grid, pairs[0])
    kept = min(found, pairs.shape[1] - 1)
    for i in range(kept):
        one, other = pairs[0, i, 0], pairs[0, i, 1]
        pairs[0, i, 0], pairs[0, i, 1] = min(one, other), max(one, other)
    _sort_stably(pairs[0], 1, pairs[1], kept, scratch, boxes.shape[0])
    _sort_stably(pairs[1], 0, pairs[0], kept, scratch, boxes.shape[0])
    return found
