"""Floats as text against Python's own shortest digits, laid out by a plain twin of the rules."""

from __future__ import annotations

import math
import random
import struct

import pytest

from lang.numeric.floats import DISPLAY_LARGEST, DISPLAY_SMALLEST, debug_float, display_float
from lang.numeric.shortest import POWERS, SMALLEST_POWER

pytestmark = pytest.mark.unit

RANDOM_PATTERNS = 5_000


def twin(value, is_plain):
    if math.isnan(value) or math.isinf(value):
        return "NaN" if math.isnan(value) else str(value)
    sign, digits, exponent = shortest(value)
    if not is_plain:
        mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        return f"{sign}{mantissa}e{exponent - 1}"
    if exponent <= 0:
        return f"{sign}0.{'0' * -exponent}{digits}"
    return f"{sign}{digits[:exponent].ljust(exponent, '0')}.{digits[exponent:] or '0'}"


def shortest(value):
    """Return (sign, digits, exponent): the value is 0.digits times ten to the exponent."""
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = len(whole) + int(power or 0) - len(whole + fraction) + len(digits)
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    return (sign, digits.rstrip("0"), exponent) if digits else (sign, "0", 1)


def expected(value):
    """Return (debug form, display form)."""
    size = abs(value)
    debug = twin(value, size == 0.0 or 1e-4 <= size < 1e16)
    display = twin(value, size == 0.0 or DISPLAY_SMALLEST <= size <= DISPLAY_LARGEST)
    return debug, "0.0" if value == 0.0 else display


def from_bits(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def edges():
    yield from (0.0, -0.0, math.inf, -math.inf, math.nan, 9007199254740993.0, 2.0**63, 1e23, 4.35, 100.0)
    for limit in (DISPLAY_LARGEST, DISPLAY_SMALLEST, 1e16, 1e-4):
        yield from (limit, math.nextafter(limit, 0.0), math.nextafter(limit, math.inf))
    for exponent in range(-1074, 1024):
        yield math.ldexp(1.0, exponent)
        yield -math.nextafter(math.ldexp(1.0, exponent), 0.0)
    yield from (float(f"1e{power}") for power in range(-323, 309))


def random_floats(count):
    source = random.Random(17)
    for _ in range(count):
        yield from_bits(source.getrandbits(64))
        yield round(source.uniform(-1e6, 1e6), source.randrange(12))


def test_edges():
    for value in edges():
        assert (debug_float(value), display_float(value)) == expected(value)


def test_random_patterns():
    for value in random_floats(RANDOM_PATTERNS):
        assert (debug_float(value), display_float(value)) == expected(value), value.hex()


def test_the_twin_knows_right_from_wrong():
    assert expected(1e16) == ("1e16", "1e16")
    assert expected(1e15) == ("1000000000000000.0", "1e15")
    assert expected(-0.00001234) == ("-1.234e-5", "-0.00001234")
    assert expected(0.1 + 0.2) == ("0.30000000000000004", "0.30000000000000004")


def test_powers_are_the_highest_128_bits_rounded_up():
    for number in (0, -SMALLEST_POWER, 616, 300):
        high, low = (int(word) % 2**64 for word in POWERS[2 * number : 2 * number + 2])
        power = SMALLEST_POWER + number
        bits = high << 64 | low
        assert bits >> 127 == 1
        numerator, denominator = (10**power, 1) if power >= 0 else (1, 10**-power)
        # The power is at most bits · 2**shift, and more than (bits - 1) · 2**shift.
        shift = (numerator.bit_length() - denominator.bit_length()) - 128
        scales = [s for s in range(shift - 2, shift + 4) if fits(numerator, denominator, bits, s)]
        assert len(scales) == 1, power


def fits(numerator, denominator, bits, shift):
    left, right = (numerator, denominator << shift) if shift >= 0 else (numerator << -shift, denominator)
    return (bits - 1) * right < left <= bits * right
