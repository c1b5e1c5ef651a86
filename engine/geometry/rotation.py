"""Sine and cosine whose every bit is the same on every machine.

The C library's differ from system to system, so a turned box may not use them (determinism).
"""

from __future__ import annotations

import math

from lang.jit import kernel
from lang.numeric.remainder import float_remainder

HALF_TURNS_PER_RADIAN = 2.0 / math.pi
# pi / 2 in two parts: the first has 33 bits, so a small whole multiple of it is exact.
QUARTER_HIGH = 1.57079632673412561417
QUARTER_LOW = 6.07710050650619224932e-11
FULL_TURN = 2.0 * math.pi
MOST_EXACT_ANGLE = 1.0e5


@kernel
def sine_cosine(angle: float) -> tuple[float, float]:
    """Return (sine, cosine) of an angle in radians; below 1e5 radians within 2 units of the last place.

    Source: minimax polynomials of fdlibm (k_sin.c, k_cos.c) after a Cody-Waite reduction.
    """
    if angle == 0.0:
        return 0.0, 1.0
    if not abs(angle) <= MOST_EXACT_ANGLE:
        angle = float_remainder(angle, FULL_TURN)
        if math.isnan(angle):
            return angle, angle
        if angle < 0.0:
            angle += FULL_TURN
    quarters = math.floor(angle * HALF_TURNS_PER_RADIAN + 0.5)
    x = (angle - quarters * QUARTER_HIGH) - quarters * QUARTER_LOW
    z = x * x
    sine = x + x * z * (
        -1.66666666666666324348e-01
        + z
        * (
            8.33333333332248946124e-03
            + z
            * (
                -1.98412698298579493134e-04
                + z
                * (
                    2.75573137070700676789e-06
                    + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)
                )
            )
        )
    )
    cosine = (1.0 - 0.5 * z) + z * z * (
        4.16666666666666019037e-02
        + z
        * (
            -1.38888888888741095749e-03
            + z
            * (
                2.48015872894767294178e-05
                + z
                * (
                    -2.75573143513906633035e-07
                    + z * (2.08757232129817482790e-09 - z * 1.13596475577881948265e-11)
                )
            )
        )
    )
    quadrant = int(quarters) & 3
    if quadrant == 0:
        return sine, cosine
    if quadrant == 1:
        return cosine, -sine
    if quadrant == 2:
        return -sine, -cosine
    return -cosine, sine
