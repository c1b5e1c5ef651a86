"""Soft constraints: a spring and a damper in the terms of the solver."""

from __future__ import annotations

import math

from lang.jit import kernel


@kernel
def softness(hertz: float, damping: float, seconds: float) -> tuple[float, float, float]:
    """Return (bias rate in 1/s, mass scale, impulse scale) of a soft constraint.

    Source: Catto, Soft constraints (GDC 2011), for a damped spring solved implicitly over a substep.
    """
    omega = 2.0 * math.pi * hertz
    first = 2.0 * damping + seconds * omega
    second = seconds * omega * first
    scale = 1.0 / (1.0 + second)
    return omega / first, second * scale, scale
