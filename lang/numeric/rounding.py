"""Whole numbers near floats. The sign of zero is kept; infinity, NaN and what is whole already stay."""

from __future__ import annotations

import math

from lang.jit import bits_float, float_bits, kernel

MOST_NEGATIVE = -(2**63)
LARGEST = 2**63 - 1
FLOOR, CEILING, ROUND, TRUNCATE = 0, 1, 2, 3
ALL_WHOLE = 4503599627370496.0  # from here on no float has a fraction


@kernel
def keep_sign(result: float, x: float) -> float:
    """Return a rounded float with the sign of what it was made of."""
    return bits_float((float_bits(result) & LARGEST) | (float_bits(x) & MOST_NEGATIVE))


@kernel
def rounded(x: float, how: int) -> float:
    """Return a float rounded down, up, to the nearest (halves away from zero) or toward zero."""
    if not abs(x) < ALL_WHOLE:
        return x
    if how == FLOOR:
        return keep_sign(math.floor(x) * 1.0, x)
    if how == CEILING:
        return keep_sign(math.ceil(x) * 1.0, x)
    whole = math.floor(abs(x)) * 1.0
    if how == ROUND and abs(x) - whole >= 0.5:
        whole += 1.0
    return keep_sign(whole, x)
