"""The words of `WorldSlot.TILES`: what compiled code knows about the tile map. f: bits of a float."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class TileWord(IntEnum):
    """The first words; after them tables of a word a cell, row 0 the upper one, in the order of `Table`."""

    COLUMNS = 0
    ROWS = 1
    SIDE = 2  # f, metres of a cell
    X = 3  # f, metres, the lower left corner
    Y = 4  # f
    LEAST_COST = 5  # f
    SEARCH = 6  # number of the last search: what cells hold of earlier ones is void
    FIRST_CELL = 7


@unique
class Table(IntEnum):
    """Tables of a word a cell. All but COST and BOX are notes of the search under way."""

    COST = 0  # f, of a step over the cell, 0: solid
    WAY = 1  # f, cost of the best way found to it
    FROM = 2  # the cell before it on that way
    SEEN = 3  # 2 · search: open, 2 · search + 1: closed
    RANK = 4  # f, WAY and the least that may remain
    HEAP = 5  # open cells, the best first
    PLACE = 6  # of an open cell in HEAP
    PATH = 7  # cells of the way found
    BOX = 8  # id of the static box that the cell is part of, or 0


TABLES = len(Table)
