"""The remainder of two floats without libm: exact, as IEEE 754 and C's ``fmod`` define it."""

from __future__ import annotations

import math

from lang.jit import bits_float, float_bits, kernel

FRACTION = 2**52 - 1
ONE = 2**52  # the bit that normal floats leave out
SUBNORMAL_SCALES = 52  # powers of two below the least normal float
BITS_A_STEP = 10  # a rest has at most 53 bits, so that many more still fit into an int
NAN = math.nan


@kernel
def parts_of(bits: int) -> tuple[int, int]:
    """Return (mantissa, exponent) of a positive finite float: it is mantissa * 2 ** (exponent - 1075)."""
    exponent = bits >> 52
    if exponent == 0:
        return bits, 1
    return bits & FRACTION | ONE, exponent


@kernel
def float_remainder(x: float, y: float) -> float:
    """Return x - n * y for the n of x / y rounded toward zero; it has the sign of x.

    The mantissas are divided as ints, some bits of the difference of the exponents at a time.
    """
    if not abs(x) < math.inf or math.isnan(y) or y == 0.0:
        return NAN
    if abs(x) < abs(y):
        return x
    rest, exponent = parts_of(float_bits(abs(x)))
    divisor, least = parts_of(float_bits(abs(y)))
    rest %= divisor
    left = exponent - least
    while left > 0 and rest != 0:
        step = min(left, BITS_A_STEP)
        rest = (rest << step) % divisor
        left -= step
    scale = bits_float((least - 52) << 52) if least > SUBNORMAL_SCALES else bits_float(1 << (least - 1))
    result = rest * scale
    return -result if float_bits(x) < 0 else result
