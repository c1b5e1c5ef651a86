"""The shortest way over the cells of a map: A* over eight neighbours, corners are not cut.

A step costs half of what both cells cost, times its length. The rank of a cell is its way and the octile
distance to the goal; of equal ranks the lower cell is first, so every machine finds the same way.
Cells on a straight line of sight over ground of one price are left out afterwards.

Source: Hart, Nilsson, Raphael, A Formal Basis for the Heuristic Determination of Minimum Cost Paths (1968).
"""

from __future__ import annotations

import math
from typing import Any

from engine.tilemap.layout import Table, TileWord
from lang.jit import bits_float, entry, float_bits, kernel

DIAGONAL = math.sqrt(2.0)


@kernel
def table_at(tiles: Any, table: int) -> int:
    """Return where a table of cells begins."""
    return TileWord.FIRST_CELL + table * tiles[TileWord.COLUMNS] * tiles[TileWord.ROWS]


@kernel
def cell_cost(tiles: Any, column: int, row: int) -> float:
    """Return what a step over a cell costs, 0 for one that is solid or outside."""
    if column < 0 or row < 0 or column >= tiles[TileWord.COLUMNS] or row >= tiles[TileWord.ROWS]:
        return 0.0
    return bits_float(tiles[TileWord.FIRST_CELL + row * tiles[TileWord.COLUMNS] + column])


@kernel
def cell_of(tiles: Any, x: float, y: float) -> int:
    """Return the cell at a place in metres, or -1 outside of the map."""
    side = bits_float(tiles[TileWord.SIDE])
    column = (x - bits_float(tiles[TileWord.X])) / side
    up = (y - bits_float(tiles[TileWord.Y])) / side
    if not (0.0 <= column < tiles[TileWord.COLUMNS] and 0.0 <= up < tiles[TileWord.ROWS]):
        return -1
    row = tiles[TileWord.ROWS] - 1 - math.floor(up)
    return row * tiles[TileWord.COLUMNS] + math.floor(column)


@kernel
def box_at(tiles: Any, x: float, y: float) -> int:
    """Return the id of the box that the map is solid with at a place in metres, or 0."""
    cell = cell_of(tiles, x, y)
    return int(tiles[table_at(tiles, Table.BOX) + cell]) if cell >= 0 else 0


@kernel
def cell_middle(tiles: Any, cell: int) -> tuple[float, float]:
    """Return the middle of a cell in metres."""
    side, columns = bits_float(tiles[TileWord.SIDE]), tiles[TileWord.COLUMNS]
    x = bits_float(tiles[TileWord.X]) + (cell % columns + 0.5) * side
    return x, bits_float(tiles[TileWord.Y]) + (tiles[TileWord.ROWS] - cell // columns - 0.5) * side


@kernel
def _comes_before(tiles: Any, a: int, b: int) -> bool:
    ranks = table_at(tiles, Table.RANK)
    first, second = bits_float(tiles[ranks + a]), bits_float(tiles[ranks + b])
    return first < second or (first == second and a < b)


@kernel
def _put(tiles: Any, place: int, cell: int) -> None:
    tiles[table_at(tiles, Table.HEAP) + place] = cell
    tiles[table_at(tiles, Table.PLACE) + cell] = place


@kernel
def _rise(tiles: Any, place: int, cell: int) -> None:
    """Put a cell into the heap at a place or above it."""
    heap = table_at(tiles, Table.HEAP)
    while place > 0 and _comes_before(tiles, cell, tiles[heap + (place - 1) // 2]):
        _put(tiles, place, tiles[heap + (place - 1) // 2])
        place = (place - 1) // 2
    _put(tiles, place, cell)


@kernel
def _take_first(tiles: Any, count: int) -> int:
    """Take the best of `count` cells out of the heap."""
    heap = table_at(tiles, Table.HEAP)
    best, last = tiles[heap], tiles[heap + count - 1]
    count -= 1
    place, child = 0, 1
    while child < count:
        if child + 1 < count and _comes_before(tiles, tiles[heap + child + 1], tiles[heap + child]):
            child += 1
        if not _comes_before(tiles, tiles[heap + child], last):
            break
        _put(tiles, place, tiles[heap + child])
        place, child = child, 2 * child + 1
    if count > 0:
        _put(tiles, place, last)
    return best


@kernel
def _remaining(tiles: Any, cell: int, goal: int) -> float:
    """Return the least that a way from a cell to the goal may cost."""
    columns = tiles[TileWord.COLUMNS]
    dx, dy = abs(cell % columns - goal % columns), abs(cell // columns - goal // columns)
    return bits_float(tiles[TileWord.LEAST_COST]) * (max(dx, dy) + (DIAGONAL - 1.0) * min(dx, dy))


@kernel
def _step_cost(tiles: Any, cell: int, dx: int, dy: int) -> float:
    """Return what a step to a neighbour costs, or 0 where there is none."""
    column, row = cell % tiles[TileWord.COLUMNS], cell // tiles[TileWord.COLUMNS]
    to = cell_cost(tiles, column + dx, row + dy)
    if to == 0.0:
        return 0.0
    mean = 0.5 * (cell_cost(tiles, column, row) + to)
    if dx == 0 or dy == 0:
        return mean
    if cell_cost(tiles, column + dx, row) == 0.0 or cell_cost(tiles, column, row + dy) == 0.0:
        return 0.0
    return DIAGONAL * mean


@kernel
def _open(tiles: Any, cell: int, way: float, before: int, goal: int, count: int) -> int:
    """Note a way to a cell if it is the best so far; return how many cells are open then."""
    seen, mark = table_at(tiles, Table.SEEN) + cell, 2 * tiles[TileWord.SEARCH]
    ways = table_at(tiles, Table.WAY)
    if tiles[seen] == mark + 1 or (tiles[seen] == mark and bits_float(tiles[ways + cell]) <= way):
        return count
    tiles[ways + cell] = float_bits(way)
    tiles[table_at(tiles, Table.FROM) + cell] = before
    tiles[table_at(tiles, Table.RANK) + cell] = float_bits(way + _remaining(tiles, cell, goal))
    if tiles[seen] == mark:
        _rise(tiles, tiles[table_at(tiles, Table.PLACE) + cell], cell)
        return count
    tiles[seen] = mark
    _rise(tiles, count, cell)
    return count + 1


@kernel
def search(tiles: Any, start: int, goal: int) -> tuple[bool, int]:
    """Look for the best way from a cell to another; returns (whether there is one, cells looked at)."""
    tiles[TileWord.SEARCH] += 1
    mark, columns, looked = 2 * tiles[TileWord.SEARCH], tiles[TileWord.COLUMNS], 0
    if start < 0 or goal < 0:
        return False, looked
    if cell_cost(tiles, start % columns, start // columns) == 0.0:
        return False, looked
    if cell_cost(tiles, goal % columns, goal // columns) == 0.0:
        return False, looked
    count = _open(tiles, start, 0.0, -1, goal, 0)
    while count > 0:
        cell = _take_first(tiles, count)
        count -= 1
        looked += 1
        if cell == goal:
            return True, looked
        tiles[table_at(tiles, Table.SEEN) + cell] = mark + 1
        way = bits_float(tiles[table_at(tiles, Table.WAY) + cell])
        for dy in range(-1, 2):
            for dx in range(-1, 2):
                if dx != 0 or dy != 0:
                    cost = _step_cost(tiles, cell, dx, dy)
                    if cost > 0.0:
                        count = _open(tiles, cell + dy * columns + dx, way + cost, cell, goal, count)
    return False, looked


@kernel
def sees(tiles: Any, start: int, goal: int) -> bool:
    """Return whether the straight line between the middles of two cells crosses ground of one price only.

    Every cell that the line touches counts; through a corner it must find both cells beside it free.
    """
    columns = tiles[TileWord.COLUMNS]
    column, row = start % columns, start // columns
    dx, dy = abs(goal % columns - column), abs(goal // columns - row)
    step_x = 1 if goal % columns > column else -1
    step_y = 1 if goal // columns > row else -1
    price = cell_cost(tiles, column, row)
    error = dx - dy  # twice the distance from the line, in units that keep it whole
    left = dx + dy
    while left > 0:
        if error == 0:
            aside, along = cell_cost(tiles, column + step_x, row), cell_cost(tiles, column, row + step_y)
            if aside != price or along != price:
                return False
            column, row, left = column + step_x, row + step_y, left - 2
            error += 2 * dx - 2 * dy
        elif error > 0:
            column, left = column + step_x, left - 1
            error -= 2 * dy
        else:
            row, left = row + step_y, left - 1
            error += 2 * dx
        if cell_cost(tiles, column, row) != price:
            return False
    return True


@kernel
def straighten(tiles: Any, goal: int) -> int:
    """Write the way found to `goal` into PATH, its start left out, turning points only; returns how many."""
    path, before = table_at(tiles, Table.PATH), table_at(tiles, Table.FROM)
    count, cell = 0, goal
    while cell >= 0:
        tiles[path + count] = cell
        count, cell = count + 1, tiles[before + cell]
    for i in range(count // 2):
        tiles[path + i], tiles[path + count - 1 - i] = tiles[path + count - 1 - i], tiles[path + i]
    kept, anchor = 0, tiles[path]
    for i in range(1, count):
        if i + 1 == count or not sees(tiles, anchor, tiles[path + i + 1]):
            anchor = tiles[path + i]
            tiles[path + kept] = anchor
            kept += 1
    return kept


@entry("int64(int64[::1], int64, int64)")
def find_cells(tiles: Any, start: int, goal: int) -> int:
    """Find the way between two cells; PATH has its turning points, not the start. Returns how many, or -1."""
    found, _ = search(tiles, start, goal)
    return straighten(tiles, goal) if found else -1


@entry("float64(int64[::1], int64, int64)")
def way_cost(tiles: Any, start: int, goal: int) -> float:
    """Return what the best way between two cells costs, or -1."""
    found, _ = search(tiles, start, goal)
    return bits_float(tiles[table_at(tiles, Table.WAY) + goal]) if found else -1.0


@entry("int64(int64[::1], float64, float64)")
def cell_at(tiles: Any, x: float, y: float) -> int:
    """Return the cell at a place in metres, or -1 outside of the map."""
    return cell_of(tiles, x, y)
