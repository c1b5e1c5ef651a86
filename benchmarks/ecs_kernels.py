"""The loop that moves entities, over ranges of a query and over plain arrays."""

from __future__ import annotations

from typing import Any

from engine.ecs.components import Field
from lang.jit import entry, floats_in, kernel


@kernel
def _move(x: Any, y: Any, vx: Any, vy: Any, seconds: float) -> None:
    for i in range(x.size):
        x[i] += vx[i] * seconds
        y[i] += vy[i] * seconds


@entry("int64(int64[::1], int64[:,::1], float64)")
def move_ranges(table: Any, ranges: Any, seconds: float) -> int:
    """Move what a query of transform and velocity found."""
    x, y = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
    vx, vy = floats_in(table, 2 * Field.VELOCITY_VX), floats_in(table, 2 * Field.VELOCITY_VY)
    for r in range(ranges.shape[0]):
        count, p, v = ranges[r, 2], ranges[r, 3], ranges[r, 4]
        _move(x[p : p + count], y[p : p + count], vx[v : v + count], vy[v : v + count], seconds)
    return 0


@entry("int64(float64[::1], float64[::1], float64[::1], float64[::1], float64)")
def move_arrays(x: Any, y: Any, vx: Any, vy: Any, seconds: float) -> int:
    """Move what stands in four arrays."""
    _move(x, y, vx, vy, seconds)
    return 0
