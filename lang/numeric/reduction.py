"""Angles brought within pi / 4 of 0, exactly enough for every float.

Small angles lose multiples of a 152-bit pi / 2. Large ones are multiplied by as many bits of 2 / pi as
matter; the bits worth whole turns are never looked at, so an angle of 1e300 costs the same as one of 1e9.
Source: Cody and Waite, Software Manual for the Elementary Functions (1980); Payne and Hanek, Radian
reduction for trigonometric functions (1983).
"""

from __future__ import annotations

import math

import numpy as np

from lang.jit import I64, float_bits, kernel
from lang.numeric.powers import add_pairs, multiply_pairs, two_sum

HALF_PI = 1.5707963267948966
HALF_PI_LOW = 6.123233995736766e-17
QUARTER_PI = 0.7853981633974483
TWO_OVER_PI = 0.6366197723675814
PIO2_1 = 1.57079632673412561417e00  # the first 33 bits of pi / 2, the next 33, the next 33, the rest
PIO2_2 = 6.07710050630396597660e-11
PIO2_3 = 2.02226624871116645580e-21
PIO2_3T = 8.47842766036888956997e-32
LARGEST_SMALL = 1e6  # fewer than 2**20 quarter turns, whose products with 33 bits are exact

LIMB = 24  # bits
LIMB_MASK = 2**24 - 1
SHIFT_DOWN = 2.0**-24
LIMB_COUNT = 51  # the largest float begins at limb 40 and uses 11
PADDING = 2  # limbs of zeros in front, for floats with bits after the point
LIMBS_USED = 8


def _inverse_tangent(n: int, one: int) -> int:
    """Return atan(1 / n) in units of 1 / one."""
    total, term, k = 0, one // n, 1
    while term:
        total += term // k if k & 2 == 0 else -(term // k)
        term //= n * n
        k += 2
    return total


def _limbs_of_two_over_pi() -> list[int]:
    """Return the bits of 2 / pi, 24 at a time, by Machin's formula."""
    bits = LIMB * LIMB_COUNT
    one = 1 << (bits + 64)
    pi = 4 * (4 * _inverse_tangent(5, one) - _inverse_tangent(239, one))
    whole = (one << (bits + 1)) // pi
    limbs = [(whole >> (LIMB * (LIMB_COUNT - 1 - at))) & LIMB_MASK for at in range(LIMB_COUNT)]
    return [0] * PADDING + limbs


LIMBS: I64 = np.array(_limbs_of_two_over_pi(), np.int64)


@kernel
def reduce_large(x: float) -> tuple[int, float, float]:
    """Return what `reduce_angle` does for an x >= 1e6."""
    bits = float_bits(x)
    exponent = (bits >> 52) - 1075
    mantissa = (bits & (2**52 - 1)) | 2**52
    m0, m1, m2 = mantissa & LIMB_MASK, (mantissa >> 24) & LIMB_MASK, mantissa >> 48
    start = (exponent - 2) // LIMB + PADDING  # what stands before is worth whole turns
    carry = 0
    high, low = 0.0, 0.0
    for at in range(start + LIMBS_USED, start + 1, -1):
        limb = m0 * LIMBS[at] + m1 * LIMBS[at + 1] + m2 * LIMBS[at + 2] + carry
        carry = limb >> LIMB
        high, low = add_pairs((limb & LIMB_MASK) * 1.0, 0.0, high * SHIFT_DOWN, low * SHIFT_DOWN)
    limb = m0 * LIMBS[start + 1] + m1 * LIMBS[start + 2] + m2 * LIMBS[start + 3] + carry
    top = m0 * LIMBS[start] + m1 * LIMBS[start + 1] + m2 * LIMBS[start + 2] + (limb >> LIMB)
    top = ((top & LIMB_MASK) << LIMB) | (limb & LIMB_MASK)
    point = LIMB * (start + 2 - PADDING) - exponent  # bits of `top` after the point
    quarters = (top + (1 << (point - 1))) >> point
    high, low = add_pairs((top - (quarters << point)) * 1.0, 0.0, high * SHIFT_DOWN, low * SHIFT_DOWN)
    scale = 1.0 / (1 << point)
    high, low = multiply_pairs(high * scale, low * scale, HALF_PI, HALF_PI_LOW)
    return quarters & 3, high, low


@kernel
def reduce_angle(x: float) -> tuple[int, float, float]:
    """Return (quarter turns mod 4, rest, its low part) of a finite x; the rest lies within pi / 4 of 0."""
    if abs(x) <= QUARTER_PI:
        return 0, x, 0.0
    if abs(x) >= LARGEST_SMALL:
        quarter, high, low = reduce_large(abs(x))
        return (-quarter & 3, -high, -low) if x < 0.0 else (quarter, high, low)
    quarters = math.floor(x * TWO_OVER_PI + 0.5) * 1.0
    high, low = two_sum(x - quarters * PIO2_1, -quarters * PIO2_2)
    high, low = add_pairs(high, low, -quarters * PIO2_3, 0.0)
    high, low = add_pairs(high, low, -quarters * PIO2_3T, 0.0)
    return int(quarters) & 3, high, low
