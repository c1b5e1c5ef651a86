"""Contact manifolds of two convex outlines: one or two points with ids that persist.

Faces are clipped against each other as in Ericson, Real-Time Collision Detection (2005), section 5.5, and
Gregorius, Robust contact creation for physics simulations (GDC 2015); round corners take the closest points.
A point's id names the corners of both outlines that it lies at, whichever face was the reference.
"""

from __future__ import annotations

import math
from typing import Any

from engine.geometry.closest import TINY, Pair, best_face, closest_points, may_be_apart, turned_around
from engine.geometry.outlines import NORMALS
from lang.jit import kernel

X_1, GAP_1, X_2, GAP_2 = 2, 4, 5, 7
"""Columns of a manifold: normal x and y, then x, y (from the first centre) and gap of both points."""
PREFERENCE = 5e-4
"""Metres by which the second outline's face must part more to be the reference: no flipping to and fro."""


@kernel
def _corner_id(corner_a: int, corner_b: int) -> int:
    return 16 * corner_a + corner_b + 1


@kernel
def _put_single(
    out: Any, at: int, pair: Pair, normal: tuple[float, float], on_a: tuple[float, float], gap: float
) -> int:
    """Write the manifold of one point, given by the core of the first; returns 1."""
    along = pair.radius_a + gap / 2.0
    out[at, 0], out[at, 1] = normal
    out[at, X_1] = on_a[0] + along * normal[0]
    out[at, X_1 + 1] = on_a[1] + along * normal[1]
    out[at, GAP_1] = gap
    return 1


@kernel
def _meet_circles(pair: Pair, margin: float, out: Any, at: int) -> tuple[int, int, int]:
    """Write the manifold of two circles; of two in one place the second goes right."""
    squared = pair.dx * pair.dx + pair.dy * pair.dy
    radii = pair.radius_a + pair.radius_b
    if squared > (radii + margin) * (radii + margin):
        return 0, 0, 0
    distance = math.sqrt(squared)
    normal = (pair.dx / distance, pair.dy / distance) if distance > 0.0 else (1.0, 0.0)
    return _put_single(out, at, pair, normal, (0.0, 0.0), distance - radii), 1, 0


@kernel
def _apart(corners: Any, pair: Pair, margin: float, out: Any, at: int) -> tuple[int, int]:
    """Take the closest points of cores that are apart: returns (points, id), or (-1, 0) for two faces."""
    distance, ax, ay, bx, by, corner_a, corner_b, at_corners = closest_points(corners, pair)
    gap = distance - pair.radius_a - pair.radius_b
    if gap > margin:
        return 0, 0
    if distance <= TINY or not (at_corners or pair.count_a == 1 or pair.count_b == 1):
        return -1, 0
    normal = ((bx - ax) / distance, (by - ay) / distance)
    return _put_single(out, at, pair, normal, (ax, ay), gap), _corner_id(corner_a, corner_b)


@kernel
def _incident_edge(corners: Any, row: int, count: int, nx: float, ny: float) -> int:
    """Return the edge of an outline that faces a normal most."""
    edge, lowest = 0, 2.0
    for i in range(count):
        facing = nx * corners[row, NORMALS + 2 * i] + ny * corners[row, NORMALS + 2 * i + 1]
        if facing < lowest:
            edge, lowest = i, facing
    return edge


@kernel
def _put_point(
    out: Any, at: int, place: int, pair: Pair, point: tuple[float, float], flipped: bool, gap: float
) -> None:
    """Write a point; of a flipped pair it is given from the second centre."""
    out[at, place] = point[0] - pair.dx if flipped else point[0]
    out[at, place + 1] = point[1] - pair.dy if flipped else point[1]
    out[at, place + 2] = gap


@kernel
def _clip(
    corners: Any, pair: Pair, edge: int, flipped: bool, margin: float, out: Any, at: int
) -> tuple[int, int, int]:
    """Clip the second outline's nearest edge against an edge of the first; returns (points, id, id)."""
    a, b = pair.a, pair.b
    nx, ny = corners[a, NORMALS + 2 * edge], corners[a, NORMALS + 2 * edge + 1]
    next_edge = edge + 1 if edge + 1 < pair.count_a else 0
    x, y = corners[a, 2 * edge], corners[a, 2 * edge + 1]
    tx, ty = -ny, nx
    length = (corners[a, 2 * next_edge] - x) * tx + (corners[a, 2 * next_edge + 1] - y) * ty
    first = _incident_edge(corners, b, pair.count_b, nx, ny)
    last = first + 1 if first + 1 < pair.count_b else 0
    high_x, high_y = corners[b, 2 * first] + pair.dx - x, corners[b, 2 * first + 1] + pair.dy - y
    low_x, low_y = corners[b, 2 * last] + pair.dx - x, corners[b, 2 * last + 1] + pair.dy - y
    high, low = high_x * tx + high_y * ty, low_x * tx + low_y * ty
    gap_high, gap_low = high_x * nx + high_y * ny, low_x * nx + low_y * ny
    slope = (gap_high - gap_low) / (high - low) if high - low > 1e-12 else 0.0
    if high - low <= 1e-12:  # a capsule that stands upright on the edge: its nearer end counts
        gap_low = min(gap_low, gap_high)
    begin, end = min(max(low, 0.0), length), min(max(high, 0.0), length)
    radii = pair.radius_a + pair.radius_b
    out[at, 0], out[at, 1] = (-nx, -ny) if flipped else (nx, ny)
    count, ids = 0, (0, 0)
    for side in range(2):
        along = begin if side == 0 else end
        gap = gap_low + (along - low) * slope
        if gap - radii > margin or (side == 1 and end - begin <= 1e-9 and count == 1):
            continue
        depth = (pair.radius_a + gap - pair.radius_b) / 2.0
        point = (x + along * tx + depth * nx, y + along * ty + depth * ny)
        _put_point(out, at, X_1 if count == 0 else X_2, pair, point, flipped, gap - radii)
        corner_a, corner_b = (edge, last) if side == 0 else (next_edge, first)
        name = _corner_id(corner_b, corner_a) if flipped else _corner_id(corner_a, corner_b)
        ids = (name, 0) if count == 0 else (ids[0], name)
        count += 1
    return count, ids[0], ids[1]


@kernel
def _touch_point(
    corners: Any, pair: Pair, faces: tuple[float, int, float, int], out: Any, at: int
) -> tuple[int, int]:
    """Take the deepest face where a circle's centre is inside the other's core; returns (1, id)."""
    gap_a, edge_a, gap_b, edge_b = faces
    radii = pair.radius_a + pair.radius_b
    nx, ny, gap = 1.0, 0.0, 0.0
    if gap_a >= gap_b and pair.count_a > 1:
        nx, ny = corners[pair.a, NORMALS + 2 * edge_a], corners[pair.a, NORMALS + 2 * edge_a + 1]
        gap = gap_a
    elif pair.count_b > 1:
        nx, ny = -corners[pair.b, NORMALS + 2 * edge_b], -corners[pair.b, NORMALS + 2 * edge_b + 1]
        gap = gap_b
    on_a = (corners[pair.a, 0], corners[pair.a, 1])
    if pair.count_a > 1:
        on_a = (corners[pair.b, 0] + pair.dx - gap * nx, corners[pair.b, 1] + pair.dy - gap * ny)
    return _put_single(out, at, pair, (nx, ny), on_a, gap - radii), _corner_id(edge_a, edge_b)


@kernel
def meet(corners: Any, pair: Pair, margin: float, out: Any, at: int) -> tuple[int, int, int]:
    """Write where two outlines meet, or will within ``margin`` metres; returns (points, id, id).

    Args:
        out: float64 [n, >= 8], row ``at`` of it takes the manifold (see X_1).
    """
    if pair.count_a == 1 and pair.count_b == 1:
        return _meet_circles(pair, margin, out, at)
    gap_a, edge_a = best_face(corners, pair)
    most = margin + pair.radius_a + pair.radius_b
    if gap_a > most:
        return 0, 0, 0
    other = turned_around(pair)
    gap_b, edge_b = best_face(corners, other)
    if gap_b > most:
        return 0, 0, 0
    if may_be_apart(pair, max(gap_a, gap_b)):
        points, name = _apart(corners, pair, margin, out, at)
        if points >= 0:
            return points, name, 0
    if pair.count_a == 1 or pair.count_b == 1:
        points, name = _touch_point(corners, pair, (gap_a, edge_a, gap_b, edge_b), out, at)
        return points, name, 0
    if gap_b > gap_a + PREFERENCE:
        return _clip(corners, other, edge_b, True, margin, out, at)
    return _clip(corners, pair, edge_a, False, margin, out, at)
