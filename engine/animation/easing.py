"""Easing: how a value goes from one key of a track to the next.

Each family is one curve from (0, 0) to (1, 1); `in_` is the curve itself, `out_` its mirror image, `in_out_`
joins the halves of both.

Source: the formulas of R. Penner, Programming Macromedia Flash MX (2002), chapter 7.
"""

from __future__ import annotations

import math
from enum import IntEnum, unique

from engine.geometry.rotation import sine_cosine
from lang.jit import kernel
from lang.numeric.powers import power


@unique
class Ease(IntEnum):
    """The easings; from IN_QUAD on, three of each family: in, out, in and out."""

    LINEAR = 0
    STEP = 1  # the old value until the next key
    IN_QUAD = 2
    OUT_QUAD = 3
    IN_OUT_QUAD = 4
    IN_CUBIC = 5
    OUT_CUBIC = 6
    IN_OUT_CUBIC = 7
    IN_SINE = 8
    OUT_SINE = 9
    IN_OUT_SINE = 10
    IN_BACK = 11
    OUT_BACK = 12
    IN_OUT_BACK = 13
    IN_BOUNCE = 14
    OUT_BOUNCE = 15
    IN_OUT_BOUNCE = 16
    IN_ELASTIC = 17
    OUT_ELASTIC = 18
    IN_OUT_ELASTIC = 19


OVERSHOOT = 1.70158
"""How far `back` swings out: a tenth of the way."""
BOUNCE = 7.5625
BOUNCE_WIDTH = 2.75
TURNS = 2.0 * math.pi / 3.0
"""Angle that `elastic` turns by in a tenth of the time."""
_FIRST_OF_FAMILIES = int(Ease.IN_QUAD)
_QUAD, _CUBIC, _SINE, _BACK, _BOUNCE = range(5)


@kernel
def _bounce_out(t: float) -> float:
    if t < 1.0 / BOUNCE_WIDTH:
        return BOUNCE * t * t
    if t < 2.0 / BOUNCE_WIDTH:
        t -= 1.5 / BOUNCE_WIDTH
        return BOUNCE * t * t + 0.75
    if t < 2.5 / BOUNCE_WIDTH:
        t -= 2.25 / BOUNCE_WIDTH
        return BOUNCE * t * t + 0.9375
    t -= 2.625 / BOUNCE_WIDTH
    return BOUNCE * t * t + 0.984375


@kernel
def _curve(family: int, t: float) -> float:
    """Return the curve of a family that begins slowly, 0 <= t <= 1."""
    if t <= 0.0 or t >= 1.0:
        return 0.0 if t <= 0.0 else 1.0
    if family == _QUAD:
        return t * t
    if family == _CUBIC:
        return t * t * t
    if family == _SINE:
        _, cosine = sine_cosine(t * (0.5 * math.pi))
        return 1.0 - cosine
    if family == _BACK:
        return t * t * ((OVERSHOOT + 1.0) * t - OVERSHOOT)
    if family == _BOUNCE:
        return 1.0 - _bounce_out(1.0 - t)
    sine, _ = sine_cosine((10.0 * t - 10.75) * TURNS)
    return -power(2.0, 10.0 * t - 10.0) * sine


@kernel
def ease(kind: int, t: float) -> float:
    """Return the part of the way done after the part t of the time, 0 <= t <= 1."""
    if kind == Ease.LINEAR:
        return t
    if kind == Ease.STEP:
        return 0.0 if t < 1.0 else 1.0
    family = (kind - _FIRST_OF_FAMILIES) // 3
    way = (kind - _FIRST_OF_FAMILIES) % 3
    if way == 0:
        return _curve(family, t)
    if way == 1:
        return 1.0 - _curve(family, 1.0 - t)
    if t < 0.5:
        return 0.5 * _curve(family, 2.0 * t)
    return 1.0 - 0.5 * _curve(family, 2.0 - 2.0 * t)
