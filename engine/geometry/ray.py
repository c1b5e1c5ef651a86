"""Where a ray enters a convex outline with a round margin; exact, in one look at each edge and corner."""

from __future__ import annotations

import math
from typing import Any

from engine.geometry.outlines import NORMALS
from lang.jit import kernel

MISS = 2.0
"""A part of the way that lies beyond its end."""


@kernel
def _enter_circle(x: float, y: float, way: tuple[float, float], radius: float) -> float:
    """Return the part of a way from (x, y) after which it enters a circle around the origin, or MISS.

    Source: Ericson, Real-Time Collision Detection (2005), section 5.3.2.
    """
    a, b = way[0] * way[0] + way[1] * way[1], x * way[0] + y * way[1]
    if b >= 0.0 or a == 0.0:
        return MISS
    nearest_x, nearest_y = x - b / a * way[0], y - b / a * way[1]
    under = radius * radius - nearest_x * nearest_x - nearest_y * nearest_y
    if under < 0.0:
        return MISS
    return max((-b - math.sqrt(under * a)) / a, 0.0)


@kernel
def _enter_sharp(
    corners: Any, at: int, count: int, x: float, y: float, way: tuple[float, float]
) -> tuple[float, float, float]:
    """Do enter_outline for a polygon without a margin: half planes cut the way (Cyrus and Beck, 1978)."""
    enters, leaves, nx, ny = -math.inf, math.inf, 0.0, 0.0
    for i in range(count):
        px, py = corners[at, NORMALS + 2 * i], corners[at, NORMALS + 2 * i + 1]
        gap = px * (x - corners[at, 2 * i]) + py * (y - corners[at, 2 * i + 1])
        towards = px * way[0] + py * way[1]
        if towards < 0.0:
            part = -gap / towards
            if part > enters:
                enters, nx, ny = part, px, py
        elif gap > 0.0 and towards == 0.0:
            return MISS, 0.0, 0.0
        elif towards > 0.0:
            leaves = min(leaves, -gap / towards)
    if enters > leaves or enters < 0.0:
        return MISS, 0.0, 0.0
    return enters, nx, ny


@kernel
def enter_outline(
    corners: Any, at: int, count: int, radius: float, place: tuple[float, float], way: tuple[float, float]
) -> tuple[float, float, float]:
    """Return (part of the way after which it enters an outline, normal x, normal y); MISS without a hit.

    The place where the way begins must lie outside. Args: place: metres, seen from the outline's centre.
    """
    x, y = place
    if radius == 0.0 and count > 2:
        return _enter_sharp(corners, at, count, x, y, way)
    best, nx, ny = MISS, 0.0, 0.0
    for i in range(count):
        from_x, from_y = x - corners[at, 2 * i], y - corners[at, 2 * i + 1]
        part = _enter_circle(from_x, from_y, way, radius)
        if part < best:
            best, nx, ny = part, from_x + part * way[0], from_y + part * way[1]
            length = math.sqrt(nx * nx + ny * ny)
            if length > 0.0:
                nx, ny = nx / length, ny / length
        if count == 1:
            break
        px, py = corners[at, NORMALS + 2 * i], corners[at, NORMALS + 2 * i + 1]
        towards, gap = px * way[0] + py * way[1], px * from_x + py * from_y - radius
        if towards >= 0.0 or gap < 0.0:
            continue
        part = -gap / towards
        j = i + 1 if i + 1 < count else 0
        along = -py * (from_x + part * way[0]) + px * (from_y + part * way[1])
        edge_x, edge_y = (
            corners[at, 2 * j] - corners[at, 2 * i],
            corners[at, 2 * j + 1] - corners[at, 2 * i + 1],
        )
        if part < best and along >= 0.0 and along <= -py * edge_x + px * edge_y:
            best, nx, ny = part, px, py
    return best, nx, ny
