"""exp(x) - 1 and ln(1 + x), where taking the one away from a rounded result would lose what matters.

Both are taken from double-doubles and rounded once; near 0 three terms of the series are exact enough.
"""

from __future__ import annotations

import math

from lang.jit import bits_float, kernel
from lang.numeric.powers import add_pairs, exponential_pair, exponential_parts, logarithm_pair, two_sum

NAN = math.nan
INFINITY = math.inf
FEW_TERMS = 2.0**-26  # below it the fourth term of either series is 2**-78 of the first or less
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


@kernel
def logarithm_of_one_more(x: float) -> float:
    """Return ln(1 + x)."""
    if not x > -1.0:
        return -INFINITY if x == -1.0 else NAN
    if x == INFINITY:
        return x
    if abs(x) < FEW_TERMS:
        return x - x * x * (0.5 - x / 3.0)
    one_more, rest = two_sum(1.0, x)
    high, low = logarithm_pair(one_more)
    return add_pairs(high, low, rest / one_more, 0.0)[0]
