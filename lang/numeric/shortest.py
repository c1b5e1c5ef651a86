"""The shortest decimal digits that read back as a float.

Source: Giulietti, The Schubfach way to render doubles (2020), sections 8 and 9. Words are signed here, since
Numba turns a mixture of signed and unsigned ints into floats; only their bits matter, so they wrap.
"""

from __future__ import annotations

import numpy as np

from lang.jit import float_bits, kernel, wrapping_add, wrapping_mul

FRACTION_BITS = 52
HIDDEN_BIT = 1 << FRACTION_BITS
EXPONENT_MASK = 0x7FF
EXPONENT_SHIFT = 1075  # of the significand taken as an int
LOW_HALF = 0xFFFFFFFF
SIGN_BIT = -(2**63)
SMALLEST_POWER, LARGEST_POWER = -292, 324


def _power_words() -> list[int]:
    """Return the 128 highest bits of each power of ten, rounded up, as two signed words (high, low)."""
    words = []
    for power in range(SMALLEST_POWER, LARGEST_POWER + 1):
        if power >= 0:
            value, shift = 10**power, (10**power).bit_length() - 128
            bits = -(-value >> shift) if shift > 0 else value << -shift
        else:
            divisor = 10**-power
            shift = 127 + divisor.bit_length()
            bits = -(-(1 << shift) // divisor)
            if bits >> 128:
                bits = -(-(1 << shift - 1) // divisor)
        words += [bits >> 64, bits & 2**64 - 1]
    return [word - 2**64 if word >= 2**63 else word for word in words]


POWERS = np.array(_power_words(), np.int64)


@kernel
def multiply_high(x: int, y: int) -> int:
    """Return the high word of the product of two unsigned words."""
    x_low = x & LOW_HALF
    x_high = (x >> 32) & LOW_HALF
    y_low = y & LOW_HALF
    y_high = (y >> 32) & LOW_HALF
    lowest = wrapping_mul(x_low, y_low)
    middle = wrapping_add(wrapping_mul(x_high, y_low), (lowest >> 32) & LOW_HALF)
    other = wrapping_add(wrapping_mul(x_low, y_high), middle & LOW_HALF)
    carries = ((middle >> 32) & LOW_HALF) + ((other >> 32) & LOW_HALF)
    return wrapping_add(wrapping_mul(x_high, y_high), carries)


@kernel
def round_to_odd(high: int, low: int, factor: int) -> int:
    """Return the product of a power and a factor, divided by 2**128; a lost part makes it odd."""
    carried = multiply_high(low, factor)
    lowest = wrapping_add(wrapping_mul(high, factor), carried)
    result = multiply_high(high, factor)
    if lowest ^ SIGN_BIT < carried ^ SIGN_BIT:
        result += 1
    return result | (1 if lowest != 0 and lowest != 1 else 0)


@kernel
def shortest(value: float) -> tuple[int, int]:
    """Return (digits, exponent) of a positive finite float: it is digits times ten to the exponent."""
    bits = float_bits(value)
    fraction = bits & (HIDDEN_BIT - 1)
    biased = (bits >> FRACTION_BITS) & EXPONENT_MASK
    significand = fraction | HIDDEN_BIT if biased > 0 else fraction
    exponent = max(biased, 1) - EXPONENT_SHIFT
    if -FRACTION_BITS <= exponent <= 0 and significand & ((1 << -exponent) - 1) == 0:
        return significand >> -exponent, 0
    is_lowest = 1 if fraction == 0 and biased > 1 else 0  # the float below is nearer than that above
    odd = significand & 1
    power = (exponent * 1262611 - 524031 * is_lowest) >> 22  # floor of the logarithm to base 10
    shift = exponent + ((-power * 1741647) >> 19) + 1
    at = 2 * (-power - SMALLEST_POWER)
    high, low = POWERS[at], POWERS[at + 1]
    scaled = round_to_odd(high, low, 4 * significand << shift)
    lower = round_to_odd(high, low, (4 * significand - 2 + is_lowest) << shift) + odd
    upper = round_to_odd(high, low, (4 * significand + 2) << shift) - odd
    whole = scaled >> 2
    if whole >= 10:
        tens = whole // 10
        is_below_inside = lower <= 40 * tens
        is_above_inside = 40 * tens + 40 <= upper
        if is_below_inside != is_above_inside:
            return tens + (1 if is_above_inside else 0), power + 1
    is_below_inside = lower <= 4 * whole
    is_above_inside = 4 * whole + 4 <= upper
    if is_below_inside != is_above_inside:
        return whole + (1 if is_above_inside else 0), power
    middle = 4 * whole + 2
    return whole + (1 if scaled > middle or (scaled == middle and whole & 1 == 1) else 0), power
