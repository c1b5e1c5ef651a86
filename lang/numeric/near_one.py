"""exp(x) - 1, where taking the one away from a rounded result would lose what matters.

It is taken from a double-double and rounded once; near 0 three terms of the series are exact enough.
"""

from __future__ import annotations

import math

from lang.jit import bits_float, kernel
from lang.numeric.powers import add_pairs, exponential_pair, exponential_parts

FEW_TERMS = 2.0**-26  # below it the fourth term of the series is 2**-78 of the first or less
ONE_VANISHES = 40.0  # e**40 > 2**57


@kernel
def exponential_less_one(x: float) -> float:
    """Return exp(x) - 1."""
    if math.isnan(x):
        return x
    if abs(x) < FEW_TERMS:
        return x + x * x * (0.5 + x / 6.0)
    if x > ONE_VANISHES:
        return exponential_pair(x, 0.0)
    if x < -ONE_VANISHES:
        return -1.0
    high, low, exponent = exponential_parts(x, 0.0)
    scale = bits_float((1023 + exponent) << 52)
    return add_pairs(high * scale, low * scale, -1.0, 0.0)[0]
