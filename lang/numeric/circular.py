"""Sine, cosine, tangent and their inverses without libm: the same bits everywhere.

Only +, -, *, / and the square root are used, which IEEE 754 defines exactly. Results are evaluated as
double-doubles with about 64 bits and rounded once, so they are the nearest floats but for about one in
a thousand, as those of common C libraries are.
Source: Muller, Elementary Functions (3rd ed.), chapters 3 and 11.
"""

from __future__ import annotations

import math

from lang.jit import float_bits, kernel
from lang.numeric.powers import add_pairs, divide_pairs, multiply_pairs, root_pair, two_product
from lang.numeric.reduction import HALF_PI, HALF_PI_LOW, QUARTER_PI, reduce_angle

NAN = math.nan
INFINITY = math.inf
PI = 3.141592653589793
TANGENT_OF_EIGHTH = 0.41421356237309503  # of pi / 8
SMALL_ANGLE = 2.0**-27  # below, its sine and tangent round to it
SMALL_QUOTIENT = 2.0**-30  # below, its cube is lost
SIXTH, SIXTH_LOW = 0.16666666666666666, 9.25185853854297e-18
TWENTY_FOURTH, TWENTY_FOURTH_LOW = 0.041666666666666664, 2.3129646346357427e-18
HUNDRED_TWENTIETH, HUNDRED_TWENTIETH_LOW = 0.008333333333333333, 1.1564823173178714e-19


@kernel
def quick_sum(x: float, y: float) -> tuple[float, float]:
    """Return the rounded sum and its error, for |x| >= |y|."""
    total = x + y
    return total, y - (total - x)


@kernel
def sine_near_zero(x: float, low: float) -> tuple[float, float]:
    """Return sin(x + low) as a sum of two floats, for |x| <= pi / 4."""
    z, z_low = multiply_pairs(x, low, x, low)
    tail = 1.6059043836821613e-10 - z * (
        7.647163731819816e-13 - z * (2.8114572543455206e-15 - z * 8.22063524662433e-18)
    )
    tail = 2.7557319223985893e-06 - z * (2.505210838544172e-08 - z * tail)
    tail = z * (1.984126984126984e-04 - z * tail)
    a, b = quick_sum(HUNDRED_TWENTIETH, -tail)
    a, b = multiply_pairs(a, b + HUNDRED_TWENTIETH_LOW, z, z_low)
    c, d = quick_sum(-SIXTH, a)
    c, d = multiply_pairs(c, d + (b - SIXTH_LOW), z, z_low)
    c, d = multiply_pairs(c, d, x, low)
    a, b = quick_sum(x, c)
    return quick_sum(a, b + (d + low))


@kernel
def cosine_near_zero(x: float, low: float) -> tuple[float, float]:
    """Return cos(x + low) as a sum of two floats, for |x| <= pi / 4."""
    z, z_low = multiply_pairs(x, low, x, low)
    tail = 2.08767569878681e-09 - z * (
        1.1470745597729725e-11 - z * (4.779477332387385e-14 - z * 1.5619206968586225e-16)
    )
    tail = 2.48015873015873e-05 - z * (2.755731922398589e-07 - z * tail)
    tail = z * (1.388888888888889e-03 - z * tail)
    a, b = quick_sum(TWENTY_FOURTH, -tail)
    c, d = multiply_pairs(z, z_low, z, z_low)
    c, d = multiply_pairs(a, b + TWENTY_FOURTH_LOW, c, d)
    a, b = quick_sum(1.0, -0.5 * z)
    e, f = quick_sum(a, c)
    return quick_sum(e, f + (b + (d - 0.5 * z_low)))


@kernel
def sine(x: float) -> float:
    """Return sin x."""
    if not abs(x) < INFINITY:
        return NAN
    if abs(x) < SMALL_ANGLE:
        return x
    quarter, high, low = reduce_angle(x)
    result = cosine_near_zero(high, low)[0] if quarter & 1 else sine_near_zero(high, low)[0]
    return -result if quarter >= 2 else result


@kernel
def cosine(x: float) -> float:
    """Return cos x."""
    if not abs(x) < INFINITY:
        return NAN
    quarter, high, low = reduce_angle(x)
    result = sine_near_zero(high, low)[0] if quarter & 1 else cosine_near_zero(high, low)[0]
    return -result if quarter == 1 or quarter == 2 else result


@kernel
def tangent(x: float) -> float:
    """Return tan x."""
    if not abs(x) < INFINITY:
        return NAN
    if abs(x) < SMALL_ANGLE:
        return x
    quarter, high, low = reduce_angle(x)
    s, s_low = sine_near_zero(high, low)
    c, c_low = cosine_near_zero(high, low)
    if quarter & 1:
        return divide_pairs(-c, -c_low, s, s_low)[0]
    return divide_pairs(s, s_low, c, c_low)[0]


@kernel
def arctangent_series(z: float) -> float:
    """Return (1 - atan(t) / t) / z for z = t * t, |t| < 0.415: twelve terms, enough for a guess."""
    total = 0.0
    for k in range(25, 1, -2):
        total = 1.0 / k - z * total
    return total


@kernel
def acute_angle(y: float, y_low: float, x: float, x_low: float) -> tuple[float, float]:
    """Return the angle of a point of 0 <= y + y_low <= x + x_low as a sum of two floats.

    A guess is turned back from the point by its exact sine and cosine; what is left is tiny.
    """
    t = y / x
    if t < SMALL_QUOTIENT:
        return (t, 0.0) if t < 1e-280 else divide_pairs(y, y_low, x, x_low)
    guess = 0.0
    if t > TANGENT_OF_EIGHTH:
        guess = QUARTER_PI
        t = (t - 1.0) / (t + 1.0)
    z = t * t
    guess += t - t * z * arctangent_series(z)
    s, s_low = sine_near_zero(guess, 0.0)
    c, c_low = cosine_near_zero(guess, 0.0)
    a, b = multiply_pairs(y, y_low, c, c_low)
    d, e = multiply_pairs(x, x_low, s, s_low)
    a, b = add_pairs(a, b, -d, -e)
    return quick_sum(guess, (a + b) / (x * c + y * s))


@kernel
def steep_angle(y: float, y_low: float, x: float, x_low: float) -> tuple[float, float]:
    """Return the angle of a point of the first quarter as a sum of two floats."""
    if y <= x:
        return acute_angle(y, y_low, x, x_low)
    high, low = acute_angle(x, x_low, y, y_low)
    return add_pairs(HALF_PI, HALF_PI_LOW, -high, -low)


@kernel
def arctangent(x: float) -> float:
    """Return atan x."""
    if math.isnan(x) or x == 0.0:
        return x
    result = HALF_PI if math.isinf(x) else steep_angle(abs(x), 0.0, 1.0, 0.0)[0]
    return -result if x < 0.0 else result


@kernel
def angle_of(y: float, x: float) -> float:
    """Return the angle of the point (x, y), as IEEE 754 `atan2` defines it."""
    if math.isnan(x) or math.isnan(y):
        return NAN
    if max(abs(x), abs(y)) > 1e280 and not (math.isinf(x) or math.isinf(y)):
        x *= 2.0**-600  # so that the double-doubles do not overflow
        y *= 2.0**-600
    elif max(abs(x), abs(y)) < 1e-200:  # nor underflow
        x *= 2.0**600
        y *= 2.0**600
    behind = float_bits(x) < 0
    below = float_bits(y) < 0
    if y == 0.0:
        result = PI if behind else 0.0
    elif x == 0.0:
        result = HALF_PI
    elif math.isinf(y):
        result = HALF_PI if not math.isinf(x) else (3.0 * QUARTER_PI if behind else QUARTER_PI)
    elif math.isinf(x):
        result = PI if behind else 0.0
    else:
        high, low = steep_angle(abs(y), 0.0, abs(x), 0.0)
        if behind:
            high, low = add_pairs(2.0 * HALF_PI, 2.0 * HALF_PI_LOW, -high, -low)
        result = high + low
    return -result if below else result


@kernel
def cosine_side(x: float) -> tuple[float, float]:
    """Return sqrt(1 - x * x) as a sum of two floats, for |x| <= 1."""
    p, q = two_product(x, x)
    a, b = add_pairs(1.0, 0.0, -p, -q)
    if a == 0.0:
        return 0.0, 0.0
    return root_pair(a, b)


@kernel
def arcsine(x: float) -> float:
    """Return asin x."""
    if not abs(x) <= 1.0:
        return NAN
    if abs(x) < SMALL_ANGLE:
        return x
    side, side_low = cosine_side(x)
    result = steep_angle(abs(x), 0.0, side, side_low)[0]
    return -result if x < 0.0 else result


@kernel
def arccosine(x: float) -> float:
    """Return acos x."""
    if not abs(x) <= 1.0:
        return NAN
    side, side_low = cosine_side(x)
    high, low = steep_angle(side, side_low, abs(x), 0.0)
    if x < 0.0:
        high, low = add_pairs(2.0 * HALF_PI, 2.0 * HALF_PI_LOW, -high, -low)
    return high + low
