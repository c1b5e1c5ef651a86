"""An index of the places of entities: rectangular cells whose borders follow the density.

Points are sorted by group (a team each, the rest in one), then by cell, then by entity index. The borders of
columns and rows are quantiles of a sample, so each column and each row holds about as many points, and a
cell about three, wherever they lie: no spread of places makes a search slower than about the square root of
their number (only points of one and the same place are looked at one by one).
"""

from __future__ import annotations

import math
from enum import IntEnum, unique
from typing import Any, NamedTuple

from engine.ecs.access import component_row, entity_of_index
from engine.ecs.components import Component, Field
from engine.ecs.entity import INDEX_MASK
from engine.ecs.layout import FULL, Counter, WorldSlot
from engine.space.sorting import sort_pairs
from engine.space.teams import NO_TEAM
from lang.jit import F64, I64, entry, floats_in, inlined, kernel, words_in, wrapping_add, wrapping_mul

POINTS_A_CELL = 3
SAMPLES_A_LINE = 8
MOST_LINES = 1024
BINS_A_LINE = 4
FEW_LINES = 4
"""So many borders in a bin are tried one by one."""
FRAME = 2
"""Words before the borders of an axis: where its bins begin in metres, and how many there are in a metre."""
MOST_SAMPLES = SAMPLES_A_LINE * MOST_LINES
MOST_TEAMS = 30
"""Teams with a group of their own; the members of further ones share the last group."""
MANY_TEAMS = -1
"""What the group of further teams has for a team."""
MOST_GROUPS = MOST_TEAMS + 2
STRIDE = 6364136223846793005
INCREMENT = 1442695040888963407
"""Knuth's generator (MMIX): which points are in the sample must not follow the order in which they came."""


@unique
class Group(IntEnum):
    """Int columns of the groups."""

    TEAM = 0  # string id, NO_TEAM or MANY_TEAMS
    FIRST = 1  # its first point
    COUNT = 2
    SIDE = 3  # its cells are so many columns by so many rows
    LINES = 4  # where its axes begin in `lines`: of each the frame of its bins, then SIDE - 1 borders
    STARTS = 5  # where its SIDE * SIDE + 2 starts of cells begin
    HINTS = 6  # where its bins begin in `hints`: BINS_A_LINE * SIDE + 1 of each axis
    NEXT = 7  # while it is built: where its next point goes
    USED = 8  # in the first group: how many groups there are


class PointIndex(NamedTuple):
    """Points in the order of groups and cells.

    Cell (column, row) of a group holds the points starts[s] to starts[s + 1]; s is
    STARTS + row * SIDE + column.
    """

    places: F64  # [n, 2] metres
    entities: I64  # [n]
    lines: F64  # [2 (FRAME + SIDE - 1)] of each group
    hints: I64  # number of the border after which each bin begins
    starts: I64
    groups: I64  # [MOST_GROUPS, Group]
    numbers: I64  # [entity capacity] point of each entity index, -1 without one
    scratch: I64  # [entity capacity, MOST_SAMPLES at least] group, then cell
    samples: F64  # [MOST_SAMPLES]
    loose_places: F64  # [n, 2] by group and entity index
    loose: I64  # [n] entities of them


POINT_ARRAYS = (
    "Tuple((float64[:,::1], int64[::1], float64[::1], int64[::1], int64[::1], int64[:,::1],"
    "int64[::1], int64[::1], float64[::1], float64[:,::1], int64[::1]))"
)
"""The type of `PointIndex` as an argument of an entry."""


@inlined
def point_index(given: Any) -> PointIndex:
    """Return the arrays of an index by their names."""
    return PointIndex(
        given[0],
        given[1],
        given[2],
        given[3],
        given[4],
        given[5],
        given[6],
        given[7],
        given[8],
        given[9],
        given[10],
    )


def most_starts(points: int) -> int:
    """Return the length that ``starts`` needs for so many points."""
    return points // POINTS_A_CELL + 4 * MOST_GROUPS


def most_lines(points: int) -> int:
    """Return the length that ``lines`` needs for so many points."""
    return 2 * MOST_GROUPS * (math.isqrt(points) + 2 + FRAME)


def most_hints(points: int) -> int:
    """Return the length that ``hints`` needs for so many points."""
    return 2 * MOST_GROUPS * (BINS_A_LINE * (math.isqrt(points) + 1) + 1)


@kernel
def _line_by_halving(lines: F64, first: int, last: int, value: float) -> int:
    """Return the place after the borders from ``first`` to before ``last`` that are not above a value."""
    while first < last:
        middle = (first + last) >> 1
        if lines[middle] <= value:
            first = middle + 1
        else:
            last = middle
    return first


@kernel
def line_after(lines: F64, hints: I64, axis: tuple[int, int, int], value: float) -> int:
    """Return how many borders of an axis are not above a value: its column or row.

    A bin tells between which borders to look: halving all of them took twice as long as the rest of a search.

    Args:
        axis: where its LOW, SCALE and borders begin, where its hints begin, the number of cells along it.
    """
    at, hint, side = axis
    bins = BINS_A_LINE * side
    bin_ = int(min(max((value - lines[at]) * lines[at + 1], 0.0), bins - 1.0))
    low, high = hints[hint + bin_], hints[hint + bin_ + 1]
    if high - low > FEW_LINES:
        low = _line_by_halving(lines, at + FRAME + low, at + FRAME + high, value) - at - FRAME
    while low < side - 1 and lines[at + FRAME + low] <= value:
        low += 1
    while low > 0 and lines[at + FRAME + low - 1] > value:
        low -= 1
    return low


@kernel
def axis_of(groups: I64, group: int, axis: int) -> tuple[int, int, int]:
    """Return an axis (0: x, 1: y) of a group as `line_after` takes it."""
    side = groups[group, Group.SIDE]
    at = groups[group, Group.LINES] + axis * (side - 1 + FRAME)
    return at, groups[group, Group.HINTS] + axis * (BINS_A_LINE * side + 1), side


@kernel
def _set_hints(lines: F64, hints: I64, axis: tuple[int, int, int]) -> None:
    """Part the stretch between the outermost borders into bins, and find where each begins."""
    at, hint, side = axis
    bins, low, high = BINS_A_LINE * side, 0.0, 0.0
    if side > 1:
        low, high = lines[at + FRAME], lines[at + FRAME + side - 2]
    scale = bins / (high - low) if high > low and math.isfinite(high - low) else 0.0
    scale = scale if math.isfinite(scale) else 0.0
    lines[at], lines[at + 1] = low, scale
    hints[hint] = 0
    line = 0
    for bin_ in range(1, bins + 1):
        edge = low + bin_ / scale if scale > 0.0 else high
        while line < side - 1 and lines[at + FRAME + line] <= edge:
            line += 1
        hints[hint + bin_] = line


@kernel
def _group_of(groups: I64, used: int, team: int) -> int:
    """Return the group of a team, or ``used`` for one that has none yet."""
    for group in range(used):
        if groups[group, Group.TEAM] == team:
            return group
    return used


@kernel
def _choose_groups(table: I64, groups: I64, scratch: I64) -> int:
    """Write the group of each born entity with a place (else -1) into scratch; returns how many there are."""
    chunk_of, row_of = words_in(table, WorldSlot.CHUNK), words_in(table, WorldSlot.ROW)
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    xs, ys = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
    teams = words_in(table, 2 * Field.TEAM_NAME)
    groups[0, Group.TEAM], groups[0, Group.COUNT] = NO_TEAM, 0
    used, last = 1, 0
    for index in range(words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]):
        scratch[index] = -1
        chunk = chunk_of[index]
        if chunk < 0:
            continue
        first, row = chunk * components, row_of[index]
        place = bases[first + Component.TRANSFORM]
        if place < 0 or bases[first + Component.UNBORN] >= 0:
            continue
        if not (math.isfinite(xs[place + row]) and math.isfinite(ys[place + row])):
            continue
        base = bases[first + Component.TEAM]
        team = teams[base + row] if base >= 0 else NO_TEAM
        if groups[last, Group.TEAM] != team:
            last = _group_of(groups, used, team)
            if last == used:
                if used > MOST_TEAMS:
                    last = MOST_TEAMS + 1
                    team = MANY_TEAMS
                if last == used:
                    groups[used, Group.TEAM], groups[used, Group.COUNT] = team, 0
                    used += 1
        scratch[index] = last
        groups[last, Group.COUNT] += 1
    return used


@kernel
def _lay_out(index: PointIndex, used: int) -> int:
    """Decide on the cells of the groups; returns the number of points, or FULL."""
    points, lines, starts, hints = 0, 0, 0, 0
    for group in range(used):
        row = index.groups[group]
        side = int(math.sqrt(float(row[Group.COUNT] // POINTS_A_CELL)))
        side = min(max(side, 1), MOST_LINES)
        row[Group.FIRST], row[Group.LINES], row[Group.STARTS], row[Group.SIDE] = points, lines, starts, side
        row[Group.HINTS] = hints
        hints += 2 * (BINS_A_LINE * side + 1)
        points += row[Group.COUNT]
        lines += 2 * (side - 1 + FRAME)
        starts += side * side + 2
    index.groups[0, Group.USED] = used
    fits = points <= index.entities.size and lines <= index.lines.size
    fits = fits and starts <= index.starts.size and hints <= index.hints.size
    return points if fits else FULL


@kernel
def _take_points(table: I64, index: PointIndex, used: int) -> None:
    """Copy the points in the order of groups, then of entity indices."""
    xs, ys = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
    groups, scratch, numbers = index.groups, index.scratch, index.numbers
    for group in range(used):
        groups[group, Group.NEXT] = groups[group, Group.FIRST]
    for at in range(words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]):
        numbers[at] = -1
        group = scratch[at]
        if group < 0:
            continue
        row = component_row(table, at, Component.TRANSFORM)
        point = groups[group, Group.NEXT]
        groups[group, Group.NEXT] = point + 1
        index.loose_places[point, 0], index.loose_places[point, 1] = xs[row], ys[row]
        index.loose[point] = entity_of_index(table, at)


@kernel
def _draw_lines(index: PointIndex, group: int, axis: int) -> None:
    """Set the borders of a group's columns (axis 0) or rows (1) to quantiles of its points, or of some."""
    groups, samples, loose = index.groups, index.samples, index.loose_places
    first, count, side = groups[group, Group.FIRST], groups[group, Group.COUNT], groups[group, Group.SIDE]
    size = min(count, SAMPLES_A_LINE * side)
    state = 1
    for i in range(size):
        chosen = i
        if size < count:
            state = wrapping_add(wrapping_mul(state, STRIDE), INCREMENT)
            chosen = ((state >> 33) & 0x7FFFFFFF) % count
        samples[i] = loose[first + chosen, axis]
        index.scratch[i] = 0
    sort_pairs(samples, index.scratch, size)
    frame = axis_of(groups, group, axis)
    for line in range(1, side):
        index.lines[frame[0] + FRAME + line - 1] = samples[line * size // side]
    _set_hints(index.lines, index.hints, frame)


@kernel
def _sort_points(index: PointIndex, group: int) -> None:
    """Sort the points of a group into its cells: a stable counting sort."""
    groups, loose, cells = index.groups, index.loose_places, index.scratch
    first, count, side = groups[group, Group.FIRST], groups[group, Group.COUNT], groups[group, Group.SIDE]
    lines, hints, starts, at = index.lines, index.hints, index.starts, groups[group, Group.STARTS]
    across, up = axis_of(groups, group, 0), axis_of(groups, group, 1)
    for cell in range(at, at + side * side + 2):
        starts[cell] = 0
    for i in range(first, first + count):
        column = line_after(lines, hints, across, loose[i, 0])
        cell = at + line_after(lines, hints, up, loose[i, 1]) * side + column
        cells[i] = cell
        starts[cell + 2] += 1
    starts[at + 1] = first
    for cell in range(at + 2, at + side * side + 2):
        starts[cell] += starts[cell - 1]
    starts[at] = first
    for i in range(first, first + count):
        place = starts[cells[i] + 1]
        starts[cells[i] + 1] = place + 1
        entity = index.loose[i]
        index.places[place, 0], index.places[place, 1] = loose[i, 0], loose[i, 1]
        index.entities[place] = entity
        index.numbers[(entity & INDEX_MASK) - 1] = place


@entry(f"int64(int64[::1], {POINT_ARRAYS})")
def build_points(table: I64, given: Any) -> int:
    """Take the places of all born entities as they are now; returns their number, or FULL.

    Those whose place is not finite are left out. Args: given: see PointIndex.
    """
    index = point_index(given)
    used = _choose_groups(table, index.groups, index.scratch)
    points = _lay_out(index, used)
    if points == FULL:
        return FULL
    _take_points(table, index, used)
    for group in range(used):
        _draw_lines(index, group, 0)
        _draw_lines(index, group, 1)
        _sort_points(index, group)
    return points
