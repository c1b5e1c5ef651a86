"""Which points are nearest to a place, or within a distance of it.

A search grows a block of cells from the one of the place, always by the side that is nearest, until that side
is farther than the farthest point wanted.
"""

from __future__ import annotations

import math
from enum import IntEnum, unique
from typing import Any

from engine.ecs.access import component_row, entity_index
from engine.ecs.components import Component, Field
from engine.ecs.layout import Counter, WorldSlot
from engine.space.point_index import (
    FRAME,
    MANY_TEAMS,
    POINT_ARRAYS,
    Group,
    PointIndex,
    axis_of,
    line_after,
    point_index,
)
from engine.space.sorting import comes_before, sort_pairs
from engine.space.teams import NO_TEAM, bond_between
from lang.jit import F64, I64, entry, floats_in, kernel, words_in

ANYONE = -1
"""A bond that everyone has: entities of every team and of none are wanted."""


@unique
class Wish(IntEnum):
    """Words of whom a search wants."""

    BOND = 0  # Bond, or ANYONE; others than ANYONE must live
    TEAM = 1  # to this team
    LEFT_OUT = 2  # an entity, or 0
    ANY_GROUP = 3  # 1: teams have changed since the index was built, so groups tell nothing
    STRUCTURE = 4  # Counter.STRUCTURE when the index was built: while it is the same, all are still there


@kernel
def team_of(table: I64, index: int) -> int:
    """Return the string id of the team of the entity at an index, NO_TEAM without one."""
    row = component_row(table, index, Component.TEAM)
    if row < 0:
        return NO_TEAM
    team: int = words_in(table, 2 * Field.TEAM_NAME)[row]
    return team


@kernel
def _is_wanted(table: I64, relations: I64, entity: int, wish: I64) -> bool:
    """Return whether an entity of the index is still there and is one of those that are wanted."""
    index = entity_index(table, entity)
    if index < 0 or entity == wish[Wish.LEFT_OUT]:
        return False
    if wish[Wish.BOND] == ANYONE:
        return True
    row = component_row(table, index, Component.HEALTH)
    if row >= 0 and floats_in(table, 2 * Field.HEALTH_VALUE)[row] <= 0.0:
        return False
    return bool(bond_between(relations, wish[Wish.TEAM], team_of(table, index)) == wish[Wish.BOND])


@kernel
def _are_all_wanted(table: I64, wish: I64) -> bool:
    """Return whether everyone in the index is wanted: then nobody need be looked up, which cost most."""
    if wish[Wish.BOND] != ANYONE or wish[Wish.LEFT_OUT] != 0:
        return False
    return bool(words_in(table, WorldSlot.COUNTERS)[Counter.STRUCTURE] == wish[Wish.STRUCTURE])


@kernel
def _is_open(groups: I64, group: int, relations: I64, wish: I64) -> bool:
    """Return whether a group may hold someone who is wanted."""
    team = groups[group, Group.TEAM]
    if groups[group, Group.COUNT] == 0:
        return False
    if wish[Wish.BOND] == ANYONE or wish[Wish.ANY_GROUP] != 0 or team == MANY_TEAMS:
        return True
    return bool(bond_between(relations, wish[Wish.TEAM], team) == wish[Wish.BOND])


@kernel
def _nearest_side(
    lines: F64, side: int, first: int, block: tuple[int, int, int, int], place: tuple[float, float]
) -> tuple[float, int]:
    """Return (square distance, number) of the nearest open side of a block of cells; -1 when all are closed.

    Args:
        first: of the group's axes.
        block: first and last column, first and last row. Sides are numbered in this order.
    """
    x, y = place
    columns = first + FRAME
    rows = columns + side - 1 + FRAME
    nearest, chosen = math.inf, -1
    if block[0] > 0:
        gap = x - lines[columns + block[0] - 1]
        nearest, chosen = gap * gap, 0
    if block[1] < side - 1:
        gap = lines[columns + block[1]] - x
        if chosen < 0 or gap * gap < nearest:
            nearest, chosen = gap * gap, 1
    if block[2] > 0:
        gap = y - lines[rows + block[2] - 1]
        if chosen < 0 or gap * gap < nearest:
            nearest, chosen = gap * gap, 2
    if block[3] < side - 1:
        gap = lines[rows + block[3]] - y
        if chosen < 0 or gap * gap < nearest:
            nearest, chosen = gap * gap, 3
    return nearest, chosen


@kernel
def _grown(
    block: tuple[int, int, int, int], side: int
) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
    """Return a block grown by a side, and the cells that it has gained."""
    left, right, low, high = block
    if side == 0:
        return (left - 1, right, low, high), (left - 1, left - 1, low, high)
    if side == 1:
        return (left, right + 1, low, high), (right + 1, right + 1, low, high)
    if side == 2:
        return (left, right, low - 1, high), (left, right, low - 1, low - 1)
    return (left, right, low, high + 1), (left, right, high + 1, high + 1)


@kernel
def _insert(keys: F64, found: I64, base: int, at: int, distance: float, entity: int) -> None:
    """Put a pair into the sorted ones from ``base`` on, at place ``at`` or before."""
    while at > base and comes_before(distance, entity, keys[at - 1], found[at - 1]):
        keys[at], found[at] = keys[at - 1], found[at - 1]
        at -= 1
    keys[at], found[at] = distance, entity


@kernel
def nearest_points(
    table: I64, index: PointIndex, who: tuple[I64, I64], asked: tuple[F64, int, float], keys: F64, found: I64
) -> int:
    """Find the nearest points to each of some places; returns how many points were looked at.

    The loop over places is in here on purpose: handing over the arrays costs as much as a search.

    Args:
        who: the relations of teams, and a Wish.
        asked: places [n, 2], how many points of each are wanted, at most how many square metres away.
        keys, found: [n * wanted] square distance and entity, nearest first, then by entity index; inf and 0
            where there are no more.
    """
    queries, wanted, limit = asked
    places, entities, lines = index.places, index.entities, index.lines
    hints, starts, groups = index.hints, index.starts, index.groups
    trusted = _are_all_wanted(table, who[1])
    looked_at = 0
    for query in range(queries.shape[0]):
        x, y, base, count, bound = queries[query, 0], queries[query, 1], query * wanted, 0, limit
        last = base + wanted - 1
        for group in range(groups[0, Group.USED]):
            if not _is_open(groups, group, who[0], who[1]):
                continue
            side, cells = groups[group, Group.SIDE], groups[group, Group.STARTS]
            left = line_after(lines, hints, axis_of(groups, group, 0), x)
            low = line_after(lines, hints, axis_of(groups, group, 1), y)
            block = (left, left, low, low)
            new = block
            while True:
                for row in range(new[2], new[3] + 1):
                    begin, end = starts[cells + row * side + new[0]], starts[cells + row * side + new[1] + 1]
                    looked_at += end - begin
                    for point in range(begin, end):
                        dx, dy = places[point, 0] - x, places[point, 1] - y
                        distance = dx * dx + dy * dy
                        if distance > bound:
                            continue
                        if count == wanted and not comes_before(
                            distance, entities[point], keys[last], found[last]
                        ):
                            continue
                        if not trusted and not _is_wanted(table, who[0], entities[point], who[1]):
                            continue
                        count += 1 if count < wanted else 0
                        _insert(keys, found, base, base + count - 1, distance, entities[point])
                        bound = keys[last] if count == wanted else limit
                nearest, chosen = _nearest_side(lines, side, groups[group, Group.LINES], block, (x, y))
                if chosen < 0 or nearest > bound:
                    break
                block, new = _grown(block, chosen)
        for at in range(base + count, last + 1):
            keys[at], found[at] = math.inf, 0
    return looked_at


@kernel
def points_within(
    table: I64,
    index: PointIndex,
    who: tuple[I64, I64],
    circle: tuple[float, float, float],
    keys: F64,
    found: I64,
) -> tuple[int, int]:
    """Find all points in a circle, nearest first, then by entity index; returns (found, looked at).

    Args:
        who: the relations of teams, and a Wish.  circle: x, y, radius in metres.
        keys, found: [all points] get square distance and entity.
    """
    x, y, radius = circle
    places, lines, starts, groups = index.places, index.lines, index.starts, index.groups
    count, looked_at = 0, 0
    for group in range(groups[0, Group.USED]):
        if not _is_open(groups, group, who[0], who[1]):
            continue
        side = groups[group, Group.SIDE]
        left, right = _lines_within(lines, index.hints, axis_of(groups, group, 0), x, radius)
        low, high = _lines_within(lines, index.hints, axis_of(groups, group, 1), y, radius)
        for row in range(low, high + 1):
            cells = groups[group, Group.STARTS] + row * side
            begin, end = starts[cells + left], starts[cells + right + 1]
            looked_at += end - begin
            for point in range(begin, end):
                dx, dy = places[point, 0] - x, places[point, 1] - y
                distance, entity = dx * dx + dy * dy, index.entities[point]
                if distance <= radius * radius and _is_wanted(table, who[0], entity, who[1]):
                    keys[count], found[count] = distance, entity
                    count += 1
    sort_pairs(keys, found, count)
    return count, looked_at


@kernel
def _lines_within(
    lines: F64, hints: I64, axis: tuple[int, int, int], middle: float, radius: float
) -> tuple[int, int]:
    """Return the first and last column (or row) that may hold what is not farther away than a radius.

    Compared as squares, as the points are: a border of x - radius alone is rounded, and may leave one out.
    """
    low = line_after(lines, hints, axis, middle - radius)
    high = line_after(lines, hints, axis, middle + radius)
    first, most = axis[0] + FRAME, radius * radius
    while low > 0 and (middle - lines[first + low - 1]) * (middle - lines[first + low - 1]) <= most:
        low -= 1
    while high < axis[2] - 1 and (lines[first + high] - middle) * (lines[first + high] - middle) <= most:
        high += 1
    return low, high


@entry(
    f"int64(int64[::1], {POINT_ARRAYS}, UniTuple(int64[::1], 2), Tuple((float64[:,::1], int64, float64)),"
    "float64[::1], int64[::1])"
)
def search_nearest(
    table: I64,
    given: Any,
    who: tuple[I64, I64],
    asked: tuple[F64, int, float],
    keys: F64,
    found: I64,
) -> int:
    """Do `nearest_points` for Python."""
    return nearest_points(table, point_index(given), who, asked, keys, found)


@entry(
    f"int64(int64[::1], {POINT_ARRAYS}, UniTuple(int64[::1], 2), UniTuple(float64, 3), float64[::1],"
    "int64[::1])"
)
def search_within(
    table: I64,
    given: Any,
    who: tuple[I64, I64],
    circle: tuple[float, float, float],
    keys: F64,
    found: I64,
) -> int:
    """Do `points_within` for Python; returns how many were found."""
    return points_within(table, point_index(given), who, circle, keys, found)[0]
