"""Floats as text: the two forms that scripts see.

Both use the shortest digits that read back as the same float. The debug form goes to exponents from
1e16 up and below 1e-4; the display form has wider bounds, which are those of a 32-bit float.
"""

from __future__ import annotations

import math

DISPLAY_LARGEST = 9999999827968.0
DISPLAY_SMALLEST = 9.99999982451670044e-14  # 1e-13 as a 32-bit float
DEBUG_LARGEST = 1e16
DEBUG_SMALLEST = 1e-4


def debug_float(value: float) -> str:
    """Return the form used inside arrays and maps and for a script's result."""
    return _format(value, DEBUG_SMALLEST, value == 0.0 or abs(value) < DEBUG_LARGEST)


def display_float(value: float) -> str:
    """Return the form that `print` and interpolation use."""
    if value == 0.0:
        return "0.0"
    return _format(value, DISPLAY_SMALLEST, abs(value) <= DISPLAY_LARGEST)


def _format(value: float, smallest: float, is_small_enough: bool) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    sign, digits, exponent = _shortest(value)
    if is_small_enough and (value == 0.0 or abs(value) >= smallest):
        return sign + _plain(digits, exponent)
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{exponent - 1}"


def _shortest(value: float) -> tuple[str, str, int]:
    """Return (sign, digits, exponent): the value is 0.digits times ten to the exponent."""
    text = repr(value)
    sign = "-" if text.startswith("-") else ""
    mantissa, _, power = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    exponent = len(whole) + int(power or 0)
    stripped = digits.lstrip("0")
    exponent -= len(digits) - len(stripped)
    stripped = stripped.rstrip("0")
    return (sign, stripped, exponent) if stripped else (sign, "0", 1)


def _plain(digits: str, exponent: int) -> str:
    if exponent <= 0:
        return "0." + "0" * -exponent + digits
    if exponent >= len(digits):
        return digits + "0" * (exponent - len(digits)) + ".0"
    return digits[:exponent] + "." + digits[exponent:]
