"""Corners and edge normals of shapes: each shape is a convex polygon of up to 8 corners and a round margin.

A circle is one corner with a margin, a capsule two. A row of corners holds x, y of 8 corners, relative to the
centre of mass and counter-clockwise, then x, y of the outward normals of the edges that begin there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from lang.jit import kernel

MOST_CORNERS = 8
NORMALS = 2 * MOST_CORNERS
ROW = 2 * NORMALS


class Polygon(IntEnum):
    """Columns of a pool of polygons [n, 22]."""

    COUNT = 0
    AREA = 1  # m²
    CENTRE_X = 2
    CENTRE_Y = 3
    SPREAD_X = 4  # mean square of x - centre x, m²
    SPREAD_Y = 5
    CORNERS = 6  # x, y of up to 8 corners


POLYGON_WORDS = Polygon.CORNERS + 2 * MOST_CORNERS


def polygon_row(points: Sequence[tuple[float, float]]) -> npt.NDArray[np.float64]:
    """Return the pool row of a convex polygon, its corners counter-clockwise.

    Raises:
        ValueError: not 3 to 8 corners, or they do not go around a convex shape in one turn.
    Source: Bourke, Calculating the area and centroid of a polygon (1988), and the moments of triangles.
    """
    if not 3 <= len(points) <= MOST_CORNERS:
        raise ValueError(f"a polygon has 3 to {MOST_CORNERS} corners, not {len(points)}")
    corners = [(float(x), float(y)) for x, y in points]
    if _doubled_area(corners) < 0.0:
        corners.reverse()
    if not is_convex(corners):
        raise ValueError(
            "the corners of a polygon go around a convex shape, without repeats or straight ones"
        )
    row = np.zeros(POLYGON_WORDS)
    area, first_x, first_y, square_x, square_y = 0.0, 0.0, 0.0, 0.0, 0.0
    for (x, y), (u, v) in zip(corners, corners[1:] + corners[:1], strict=True):
        cross = (x * v - u * y) / 2.0
        area += cross
        first_x += cross * (x + u) / 3.0
        first_y += cross * (y + v) / 3.0
        square_x += cross * (x * x + x * u + u * u) / 6.0
        square_y += cross * (y * y + y * v + v * v) / 6.0
    centre_x, centre_y = first_x / area, first_y / area
    spread = (square_x / area - centre_x * centre_x, square_y / area - centre_y * centre_y)
    row[: Polygon.CORNERS] = (len(corners), area, centre_x, centre_y, *spread)
    for number, (x, y) in enumerate(corners):
        row[Polygon.CORNERS + 2 * number] = x
        row[Polygon.CORNERS + 2 * number + 1] = y
    return row


def is_convex(corners: Sequence[tuple[float, float]]) -> bool:
    """Return whether corners, counter-clockwise, go once around a convex shape, turning at each of them."""
    count = len(corners)
    for i in range(count):
        (x, y), (u, v) = corners[i], corners[(i + 1) % count]
        for j in range(count):
            if j in {i, (i + 1) % count}:
                continue
            p, q = corners[j]
            if (u - x) * (q - y) - (v - y) * (p - x) <= 1e-9 * (math.hypot(u - x, v - y) + 1e-9):
                return False
    return True


def _doubled_area(corners: Sequence[tuple[float, float]]) -> float:
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return sum(x * v - u * y for (x, y), (u, v) in pairs)


@kernel
def put_corner(corners: Any, at: int, number: int, x: float, y: float, turn: tuple[float, float]) -> None:
    """Write a corner of row ``at``, turned by (sine, cosine)."""
    sine, cosine = turn
    corners[at, 2 * number] = cosine * x - sine * y
    corners[at, 2 * number + 1] = sine * x + cosine * y


@kernel
def put_box(corners: Any, at: int, half_width: float, half_height: float, turn: tuple[float, float]) -> None:
    """Write the four corners and normals of a box."""
    sine, cosine = turn
    put_corner(corners, at, 0, -half_width, -half_height, turn)
    put_corner(corners, at, 1, half_width, -half_height, turn)
    put_corner(corners, at, 2, half_width, half_height, turn)
    put_corner(corners, at, 3, -half_width, half_height, turn)
    corners[at, NORMALS], corners[at, NORMALS + 1] = sine, -cosine
    corners[at, NORMALS + 2], corners[at, NORMALS + 3] = cosine, sine
    corners[at, NORMALS + 4], corners[at, NORMALS + 5] = -sine, cosine
    corners[at, NORMALS + 6], corners[at, NORMALS + 7] = -cosine, -sine


@kernel
def put_capsule(corners: Any, at: int, half_x: float, half_y: float, turn: tuple[float, float]) -> None:
    """Write the two middles of a capsule's round ends, (-half_x, -half_y) and (half_x, half_y)."""
    put_corner(corners, at, 0, -half_x, -half_y, turn)
    put_corner(corners, at, 1, half_x, half_y, turn)
    put_normals(corners, at, 2)


@kernel
def put_normals(corners: Any, at: int, count: int) -> None:
    """Write the normals of a row from its corners; an edge without length has none."""
    for i in range(count):
        j = i + 1 if i + 1 < count else 0
        x = corners[at, 2 * j] - corners[at, 2 * i]
        y = corners[at, 2 * j + 1] - corners[at, 2 * i + 1]
        length = math.sqrt(x * x + y * y)
        if length > 0.0:
            x, y = x / length, y / length
        corners[at, NORMALS + 2 * i], corners[at, NORMALS + 2 * i + 1] = y, -x


@kernel
def put_polygon(
    corners: Any, at: int, pool: Any, polygon: int, scale_x: float, scale_y: float, turn: tuple[float, float]
) -> int:
    """Write a scaled polygon of a pool; returns its corners. A mirrored one is turned around."""
    count = int(pool[polygon, Polygon.COUNT])
    for i in range(count):
        source = i if scale_x * scale_y >= 0.0 else count - 1 - i
        x = (pool[polygon, Polygon.CORNERS + 2 * source] - pool[polygon, Polygon.CENTRE_X]) * scale_x
        y = (pool[polygon, Polygon.CORNERS + 2 * source + 1] - pool[polygon, Polygon.CENTRE_Y]) * scale_y
        put_corner(corners, at, i, x, y, turn)
    put_normals(corners, at, count)
    return count


@kernel
def depth_of(corners: Any, at: int, count: int) -> float:
    """Return the distance of the nearest edge of a row from its centre, in metres; 0 for two corners."""
    if count < 3:
        return 0.0
    nearest = math.inf
    for i in range(count):
        x, y = corners[at, NORMALS + 2 * i], corners[at, NORMALS + 2 * i + 1]
        nearest = min(nearest, x * corners[at, 2 * i] + y * corners[at, 2 * i + 1])
    return max(nearest, 0.0)


@kernel
def reach_of(corners: Any, at: int, count: int) -> float:
    """Return the distance of the farthest corner of a row from its centre, in metres."""
    farthest = 0.0
    for i in range(count):
        x, y = corners[at, 2 * i], corners[at, 2 * i + 1]
        farthest = max(farthest, x * x + y * y)
    return math.sqrt(farthest)
