"""The closest points of two convex outlines, and the axis that parts them most."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from engine.geometry.outlines import NORMALS
from lang.jit import kernel

TINY = 5e-4
"""Metres below which cores count as touching: then the axis of a face is the normal, not a difference."""


class Pair(NamedTuple):
    """Two rows of corners: numbers of their corners, radii in metres, the way between their centres."""

    a: int
    b: int
    count_a: int
    count_b: int
    radius_a: float
    radius_b: float
    dx: float
    dy: float


@kernel
def turned_around(pair: Pair) -> Pair:
    """Return the pair with its sides exchanged."""
    return Pair(pair.b, pair.a, pair.count_b, pair.count_a, pair.radius_b, pair.radius_a, -pair.dx, -pair.dy)


@kernel
def moved(pair: Pair, x: float, y: float) -> Pair:
    """Return the pair with its second side moved by so many metres."""
    return Pair(
        pair.a,
        pair.b,
        pair.count_a,
        pair.count_b,
        pair.radius_a,
        pair.radius_b,
        pair.dx + x,
        pair.dy + y,
    )


@kernel
def best_face(corners: Any, pair: Pair) -> tuple[float, int]:
    """Return (separation, edge) of the first outline's edge that parts the cores most; -inf without edges.

    Source: Ericson, Real-Time Collision Detection (2005), section 5.2.1 (separating axes).
    """
    best, edge, a, b = -math.inf, 0, pair.a, pair.b
    if pair.count_a < 2:
        return best, edge
    for i in range(pair.count_a):
        nx, ny = corners[a, NORMALS + 2 * i], corners[a, NORMALS + 2 * i + 1]
        lowest = nx * corners[b, 0] + ny * corners[b, 1]
        for j in range(1, pair.count_b):
            lowest = min(lowest, nx * corners[b, 2 * j] + ny * corners[b, 2 * j + 1])
        lowest += nx * (pair.dx - corners[a, 2 * i]) + ny * (pair.dy - corners[a, 2 * i + 1])
        if lowest > best:
            best, edge = lowest, i
    return best, edge


@kernel
def _nearest_on_edges(
    corners: Any, pair: Pair, best: float
) -> tuple[float, float, float, float, float, int, int, bool]:
    """Return what closest_points does, of the second outline's corners and the first one's edges alone."""
    a, b = pair.a, pair.b
    ax, ay, bx, by, feature_a, feature_b, at_corner = 0.0, 0.0, 0.0, 0.0, 0, 0, True
    for i in range(pair.count_a):
        j = i + 1 if i + 1 < pair.count_a else 0
        x, y = corners[a, 2 * i], corners[a, 2 * i + 1]
        ex, ey = corners[a, 2 * j] - x, corners[a, 2 * j + 1] - y
        squared = ex * ex + ey * ey
        for k in range(pair.count_b):
            px, py = corners[b, 2 * k] + pair.dx - x, corners[b, 2 * k + 1] + pair.dy - y
            along = px * ex + py * ey
            part = min(max(along / squared, 0.0), 1.0) if squared > 0.0 else 0.0
            gap_x, gap_y = px - part * ex, py - part * ey
            distance = gap_x * gap_x + gap_y * gap_y
            if distance < best:
                best, feature_b = distance, k
                ax, ay, bx, by = x + part * ex, y + part * ey, x + px, y + py
                at_corner = part == 0.0 or part == 1.0
                feature_a = j if part == 1.0 else i
    return best, ax, ay, bx, by, feature_a, feature_b, at_corner


@kernel
def closest_points(corners: Any, pair: Pair) -> tuple[float, float, float, float, float, int, int, bool]:
    """Return (distance, point on a, point on b, corner or edge of a, of b, whether both are corners).

    The cores must be apart. Points are metres from the first centre. Every corner is tried with every edge:
    with at most 8 of each that is as fast as an iteration (GJK), and never fails to end.
    """
    first = _nearest_on_edges(corners, pair, math.inf)
    if pair.count_b == 1:
        return math.sqrt(first[0]), first[1], first[2], first[3], first[4], first[5], first[6], first[7]
    other = _nearest_on_edges(corners, turned_around(pair), first[0])
    if other[0] >= first[0]:
        return math.sqrt(first[0]), first[1], first[2], first[3], first[4], first[5], first[6], first[7]
    ax, ay, bx, by = other[3] + pair.dx, other[4] + pair.dy, other[1] + pair.dx, other[2] + pair.dy
    return math.sqrt(other[0]), ax, ay, bx, by, other[6], other[5], other[7]


@kernel
def may_be_apart(pair: Pair, gap: float) -> bool:
    """Return whether cores with this gap of faces may be apart: flat ones have no faces at their ends."""
    flat = pair.count_a <= 2 and pair.count_b <= 2
    return gap > TINY or (flat and (gap > -TINY or gap == -math.inf))


@kernel
def gap_and_normal(corners: Any, pair: Pair) -> tuple[float, float, float]:
    """Return (gap in metres, normal x, normal y) of two outlines; the normal points from a to b.

    Below zero they overlap, and the gap is that along the axis of least overlap.
    """
    radii = pair.radius_a + pair.radius_b
    if pair.count_a == 1 and pair.count_b == 1:
        distance = math.sqrt(pair.dx * pair.dx + pair.dy * pair.dy)
        if distance > 0.0:
            return distance - radii, pair.dx / distance, pair.dy / distance
        return -radii, 1.0, 0.0
    gap_a, edge_a = best_face(corners, pair)
    gap_b, edge_b = best_face(corners, turned_around(pair))
    gap = max(gap_a, gap_b)
    if may_be_apart(pair, gap):
        distance, ax, ay, bx, by, _, _, _ = closest_points(corners, pair)
        if distance > 0.0:
            return distance - radii, (bx - ax) / distance, (by - ay) / distance
    if gap == -math.inf:
        return -radii, 1.0, 0.0
    if gap_a >= gap_b:
        row = NORMALS + 2 * edge_a
        return gap - radii, corners[pair.a, row], corners[pair.a, row + 1]
    row = NORMALS + 2 * edge_b
    return gap - radii, -corners[pair.b, row], -corners[pair.b, row + 1]
