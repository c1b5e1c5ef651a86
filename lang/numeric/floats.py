"""Floats as text: the two forms that scripts see.

Both use the shortest digits that read back as the same float. The debug form goes to exponents from
1e16 up and below 1e-4; the display form has wider bounds, which are those of a 32-bit float.
"""

from __future__ import annotations

import math

import numpy as np

from lang.jit import U8, entry, kernel
from lang.numeric.shortest import shortest

DISPLAY_LARGEST = 9999999827968.0
DISPLAY_SMALLEST = 9.99999982451670044e-14  # 1e-13 as a 32-bit float
DEBUG_LARGEST = 1e16
DEBUG_SMALLEST = 1e-4
INFINITY = math.inf
LONGEST = 40
"""More bytes than any float takes."""
ZERO, POINT, MINUS, EXPONENT = 48, 46, 45, 101
NAN_WORD = 0x4E614E  # "NaN", first byte lowest
INF_WORD = 0x666E69


def debug_float(value: float) -> str:
    """Return the form used inside arrays and maps and for a script's result."""
    return _text(value, is_debug=True)


def display_float(value: float) -> str:
    """Return the form that `print` and interpolation use."""
    return _text(value, is_debug=False)


def _text(value: float, *, is_debug: bool) -> str:
    out = np.empty(LONGEST, np.uint8)
    return out[: fill_float(out, value, is_debug)].tobytes().decode("ascii")


@entry("int64(uint8[::1], float64, boolean)")
def fill_float(out: U8, value: float, is_debug: bool) -> int:
    """Write a float at the start of `out`, of `LONGEST` bytes; returns its length."""
    return write_float(out, 0, value, is_debug)


@kernel
def is_plain(size: float, is_debug: bool) -> bool:
    """Return whether a float of this size is written without an exponent."""
    if is_debug:
        return size == 0.0 or DEBUG_SMALLEST <= size < DEBUG_LARGEST
    return size == 0.0 or DISPLAY_SMALLEST <= size <= DISPLAY_LARGEST


@kernel
def significant(size: float) -> tuple[int, int, int]:
    """Return (digits, their number, exponent) of a float >= 0; the last digit is no 0, but for 0.0.

    The value is 0.digits times ten to the exponent.
    """
    if size == 0.0:
        return 0, 1, 1
    digits, exponent = shortest(size)
    while digits % 10 == 0:
        digits //= 10
        exponent += 1
    count = decimal_length(digits)
    return digits, count, exponent + count


@kernel
def decimal_length(value: int) -> int:
    """Return how many digits an int >= 0 has."""
    count = 1
    while value >= 10:
        value //= 10
        count += 1
    return count


@kernel
def has_sign(value: float, is_debug: bool) -> bool:
    """Return whether a float is written with a minus: the display form of -0.0 is not."""
    return value < 0.0 or (is_debug and value == 0.0 and 1.0 / value < 0.0)


@kernel
def float_length(value: float, is_debug: bool) -> int:
    """Return how many bytes a float takes as text."""
    sign = 1 if has_sign(value, is_debug) else 0
    size = abs(value)
    if not size < INFINITY:  # NaN too
        return 3 + sign
    _, count, exponent = significant(size)
    if is_plain(size, is_debug):
        if exponent <= 0:
            return sign + 2 - exponent + count
        return sign + (exponent + 2 if exponent >= count else count + 1)
    point = 1 if count > 1 else 0
    power_sign = 1 if exponent < 1 else 0
    return sign + count + point + 1 + power_sign + decimal_length(abs(exponent - 1))


@kernel
def write_digits(out: U8, at: int, value: int, count: int) -> int:
    """Write the `count` lowest digits of an int >= 0; returns where the next byte goes."""
    for place in range(at + count - 1, at - 1, -1):
        out[place] = ZERO + value % 10
        value //= 10
    return at + count


@kernel
def write_float(out: U8, at: int, value: float, is_debug: bool) -> int:
    """Write a float; returns where the next byte goes."""
    if has_sign(value, is_debug):
        out[at] = MINUS
        at += 1
    size = abs(value)
    if not size < INFINITY:
        word = INF_WORD if size == INFINITY else NAN_WORD
        for i in range(3):
            out[at + i] = (word >> (8 * i)) & 0xFF
        return at + 3
    digits, count, exponent = significant(size)
    if not is_plain(size, is_debug):
        return write_scientific(out, at, digits, count, exponent - 1)
    if exponent <= 0:
        at = write_digits(out, at, 0, 1)
        out[at] = POINT
        at = write_digits(out, at + 1, 0, -exponent)
        return write_digits(out, at, digits, count)
    if exponent >= count:
        at = write_digits(out, at, digits, count)
        at = write_digits(out, at, 0, exponent - count)
        out[at] = POINT
        return write_digits(out, at + 1, 0, 1)
    # The digits go one place to the right; then those before the point move back over it.
    end = write_digits(out, at + 1, digits, count)
    for i in range(exponent):
        out[at + i] = out[at + i + 1]
    out[at + exponent] = POINT
    return end


@kernel
def write_scientific(out: U8, at: int, digits: int, count: int, power: int) -> int:
    """Write digits with a point after the first, and a power of ten."""
    end = write_digits(out, at + 1, digits, count)
    out[at] = out[at + 1]
    if count > 1:
        out[at + 1] = POINT
    else:
        end -= 1
    out[end] = EXPONENT
    end += 1
    if power < 0:
        out[end] = MINUS
        end += 1
    return write_digits(out, end, abs(power), decimal_length(abs(power)))
