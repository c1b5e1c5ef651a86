"""Rays and moving shapes against convex outlines."""

from __future__ import annotations

from typing import Any

from engine.geometry.closest import Pair, gap_and_normal, moved
from lang.jit import kernel

MOST_STEPS = 32
NEAR = 1e-5
"""Metres at which a cast has hit."""


@kernel
def cast(corners: Any, pair: Pair, way: tuple[float, float]) -> tuple[float, float, float]:
    """Move the first outline along a way; returns (part of the way until the hit, normal x, normal y).

    Without a hit the part is 2. The normal points out of the second outline. A shape that overlaps it at the
    start hits at 0 unless it moves out of it. Source: Mirtich (1996), conservative advancement; nothing
    turns, so gaps bound the way exactly.
    """
    part = 0.0
    for step in range(MOST_STEPS):
        gap, x, y = gap_and_normal(corners, moved(pair, -part * way[0], -part * way[1]))
        closing = way[0] * x + way[1] * y
        if closing <= 0.0:
            return 2.0, 0.0, 0.0
        if gap <= NEAR or step == MOST_STEPS - 1:
            return part, -x, -y
        part += gap / closing
        if part > 1.0:
            return 2.0, 0.0, 0.0
    return 2.0, 0.0, 0.0
