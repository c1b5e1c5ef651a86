"""Whole parts and kinds of floats, known both as functions and as properties."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any


def whole(function: Callable[[float], float]) -> Callable[[float], float]:
    """A function that leaves NaN and infinity alone and keeps the sign of zero."""
    return lambda x: math.copysign(float(function(x)), x) if math.isfinite(x) else x


def away(x: float) -> int:
    """Rounded, halves away from zero."""
    below = math.floor(abs(x))
    return int(math.copysign(below + (abs(x) - below >= 0.5), x))


def fraction(x: float) -> float:
    """What is behind the point."""
    return math.nan if math.isinf(x) else x - math.trunc(x) if math.isfinite(x) else x


ROUNDINGS: dict[str, Callable[[float], Any]] = {
    "floor": whole(math.floor),
    "ceiling": whole(math.ceil),
    "round": whole(away),
    "int": whole(math.trunc),
    "fraction": fraction,
    "is_nan": math.isnan,
    "is_finite": math.isfinite,
    "is_infinite": math.isinf,
}
