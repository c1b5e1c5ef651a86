"""Sine, cosine, tangent and their inverses without libm: the same bits everywhere.

Only +, -, *, / and the square root are used, which IEEE 754 defines exactly. Sine and cosine follow
fdlibm after a reduction by a 165-bit pi / 2; the others carry double-doubles where one ulp would be lost.
Source: Sun's fdlibm (k_sin, k_cos, s_atan); Muller, Elementary Functions (3rd ed.), chapter 11.
"""

from __future__ import annotations

import math

from lang.jit import float_bits, kernel
from lang.numeric.powers import add_pairs, divide_pairs, multiply_pairs, two_product, two_sum

NAN = math.nan
INFINITY = math.inf
PI = 3.141592653589793
HALF_PI = 1.5707963267948966
HALF_PI_LOW = 6.123233995736766e-17
QUARTER_PI = 0.7853981633974483
TWO_OVER_PI = 0.6366197723675814
PIO2_1 = 1.57079632673412561417e00  # the first 33 bits of pi / 2, the next 33, the next 33, the rest
PIO2_2 = 6.07710050630396597660e-11
PIO2_3 = 2.02226624871116645580e-21
PIO2_3T = 8.47842766036889956997e-32
LARGEST_QUARTERS = 1048576.0


@kernel
def reduce_angle(x: float) -> tuple[int, float, float]:
    """Return (quarter turns mod 4, rest, its low part); the rest lies within pi / 4 of 0."""
    if abs(x) <= QUARTER_PI:
        return 0, x, 0.0
    quarters = math.floor(x * TWO_OVER_PI + 0.5) * 1.0
    if abs(quarters) > LARGEST_QUARTERS:  # beyond 1.6 million radians the angle is taken as it rounds
        turns = math.floor(x / (4.0 * HALF_PI)) * 1.0
        p, q = two_product(turns, 4.0 * HALF_PI)
        x = (x - p) - q - turns * (4.0 * HALF_PI_LOW)
        if not abs(x) < 1e6:
            return 0, 0.0, 0.0
        quarters = math.floor(x * TWO_OVER_PI + 0.5) * 1.0
    high, low = two_sum(x - quarters * PIO2_1, -quarters * PIO2_2)
    high, low = add_pairs(high, low, -quarters * PIO2_3, 0.0)
    high, low = add_pairs(high, low, -quarters * PIO2_3T, 0.0)
    return int(quarters) & 3, high, low


@kernel
def sine_near_zero(x: float, low: float) -> float:
    """Return sin(x + low) for |x| <= pi / 4."""
    z = x * x
    v = z * x
    r = 8.33333333332248946124e-03 + z * (
        -1.98412698298579493134e-04
        + z
        * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10))
    )
    return x - ((z * (0.5 * low - v * r) - low) - v * -1.66666666666666324348e-01)


@kernel
def cosine_near_zero(x: float, low: float) -> float:
    """Return cos(x + low) for |x| <= pi / 4."""
    z = x * x
    r = z * (
        4.16666666666666019037e-02
        + z
        * (
            -1.38888888888741095749e-03
            + z
            * (
                2.48015872894767294178e-05
                + z
                * (
                    -2.75573143513906633035e-07
                    + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)
                )
            )
        )
    )
    half = 0.5 * z
    whole = 1.0 - half
    return whole + (((1.0 - whole) - half) + (z * r - x * low))


@kernel
def sine(x: float) -> float:
    """Return sin x."""
    if not abs(x) < INFINITY:
        return NAN
    if x == 0.0:
        return x
    quarter, high, low = reduce_angle(x)
    result = cosine_near_zero(high, low) if quarter & 1 else sine_near_zero(high, low)
    return -result if quarter >= 2 else result


@kernel
def cosine(x: float) -> float:
    """Return cos x."""
    if not abs(x) < INFINITY:
        return NAN
    quarter, high, low = reduce_angle(x)
    result = sine_near_zero(high, low) if quarter & 1 else cosine_near_zero(high, low)
    return -result if quarter == 1 or quarter == 2 else result


@kernel
def tangent(x: float) -> float:
    """Return tan x, by a continued fraction in double-doubles near 0."""
    if not abs(x) < INFINITY:
        return NAN
    if x == 0.0:
        return x
    quarter, high, low = reduce_angle(x)
    z, z_low = multiply_pairs(high, low, high, low)
    d, d_low = 25.0, 0.0
    for k in range(23, 0, -2):  # tan x = x / (1 - x2 / (3 - x2 / (5 - ...)))
        q, q_low = divide_pairs(z, z_low, d, d_low)
        d, d_low = add_pairs(float(k), 0.0, -q, -q_low)
    if quarter & 1:
        q, q_low = divide_pairs(-d, -d_low, high, low)
    else:
        q, q_low = divide_pairs(high, low, d, d_low)
    return q + q_low


@kernel
def arctangent_pair(x: float) -> tuple[float, float]:
    """Return atan x as a sum of two floats."""
    negative = x < 0.0
    x = abs(x)
    base, base_low = 0.0, 0.0
    if x > 1e19:
        return (-HALF_PI, -HALF_PI_LOW) if negative else (HALF_PI, HALF_PI_LOW)
    t, t_low = x, 0.0
    if x >= 2.4375:
        base, base_low = HALF_PI, HALF_PI_LOW
        t, t_low = divide_pairs(-1.0, 0.0, x, 0.0)
    elif x >= 1.1875:
        base, base_low = 9.82793723247329054082e-01, 1.39033110312309984516e-17
        a, b = two_product(1.5, x)
        c, d = two_sum(x, -1.5)
        a, b = add_pairs(a, b, 1.0, 0.0)
        t, t_low = divide_pairs(c, d, a, b)
    elif x >= 0.6875:
        base, base_low = QUARTER_PI, 3.06161699786838301793e-17
        c, d = two_sum(x, -1.0)
        a, b = two_sum(x, 1.0)
        t, t_low = divide_pairs(c, d, a, b)
    elif x >= 0.4375:
        base, base_low = 4.63647609000806093515e-01, 2.26987774529616870924e-17
        c, d = two_sum(2.0 * x, -1.0)
        a, b = two_sum(2.0, x)
        t, t_low = divide_pairs(c, d, a, b)
    z = t * t
    series = arctangent_series(z)
    high, low = two_sum(t, t_low - t * z * series)
    high, low = add_pairs(base, base_low, high, low)
    return (-high, -low) if negative else (high, low)


@kernel
def arctangent_series(z: float) -> float:
    """Return (1 - atan(t) / t) / z for z = t * t, |t| <= 7 / 16."""
    w = z * z
    even = 3.33333333333329318027e-01 + w * (
        1.42857142725034663711e-01
        + w
        * (
            9.09088713343650656196e-02
            + w
            * (6.66107313738753120669e-02 + w * (4.97687799461593236017e-02 + w * 1.62858201153657823623e-02))
        )
    )
    odd = -1.99999999998764832476e-01 + w * (
        -1.11111104054623557880e-01
        + w
        * (-7.69187620504482999495e-02 + w * (-5.83357013379057348645e-02 + w * -3.65315727442169155270e-02))
    )
    return even + z * odd


@kernel
def arctangent(x: float) -> float:
    """Return atan x."""
    if math.isnan(x) or x == 0.0:
        return x
    high, low = arctangent_pair(x)
    return high + low


@kernel
def angle_of(y: float, x: float) -> float:
    """Return the angle of the point (x, y), as IEEE 754 `atan2` defines it."""
    if math.isnan(x) or math.isnan(y):
        return NAN
    if max(abs(x), abs(y)) > 1e280 and not (math.isinf(x) or math.isinf(y)):
        x *= 2.0**-600  # so that the double-doubles do not overflow
        y *= 2.0**-600
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
        quotient, quotient_low = divide_pairs(abs(y), 0.0, abs(x), 0.0)
        if not abs(quotient) < 1e19:
            high, low = HALF_PI, HALF_PI_LOW
        else:
            high, low = arctangent_pair(quotient)
            if quotient > 1e-300:
                low += quotient_low / (1.0 + quotient * quotient)
        if behind:
            high, low = add_pairs(2.0 * HALF_PI, 2.0 * HALF_PI_LOW, -high, -low)
        result = high + low
    return -result if below else result


@kernel
def cosine_side(x: float) -> tuple[float, float]:
    """Return sqrt(1 - x * x) as a sum of two floats, for |x| < 1."""
    p, q = two_product(x, x)
    a, b = add_pairs(1.0, 0.0, -p, -q)
    root = math.sqrt(a)
    p, q = two_product(root, root)
    rest, rest_low = add_pairs(a, b, -p, -q)
    return two_sum(root, (rest + rest_low) / (2.0 * root))


@kernel
def arcsine(x: float) -> float:
    """Return asin x."""
    if not abs(x) <= 1.0:
        return NAN
    if x == 0.0:
        return x
    if abs(x) == 1.0:
        return HALF_PI if x > 0.0 else -HALF_PI
    side, side_low = cosine_side(x)
    t, t_low = divide_pairs(x, 0.0, side, side_low)
    high, low = arctangent_pair(t)
    return high + (low + t_low / (1.0 + t * t))


@kernel
def arccosine(x: float) -> float:
    """Return acos x."""
    if not abs(x) <= 1.0:
        return NAN
    if abs(x) == 1.0:
        return 0.0 if x > 0.0 else PI
    if x == 0.0:
        return HALF_PI
    side, side_low = cosine_side(x)
    t, t_low = divide_pairs(side, side_low, abs(x), 0.0)
    high, low = arctangent_pair(t)
    low += t_low / (1.0 + t * t)
    if x < 0.0:
        high, low = add_pairs(2.0 * HALF_PI, 2.0 * HALF_PI_LOW, -high, -low)
    return high + low
