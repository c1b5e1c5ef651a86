"""exp(x) - 1 and ln(1 + x), by the operations of fdlibm in the order that common C libraries run them.

The hyperbolic functions of those libraries are made of these two, and show their rounding: a result that
is nearer to the exact one would differ from what scripts print elsewhere.
Source: fdlibm 5.3, s_expm1.c and s_log1p.c. Copyright (C) 1993 by Sun Microsystems, Inc. All rights
reserved. Permission to use, copy, modify, and distribute this software is freely granted, provided that
this notice is preserved.
"""

from __future__ import annotations

import math

from lang.jit import bits_float, float_bits, kernel

NAN = math.nan
INFINITY = math.inf
LN2_HIGH = 6.93147180369123816490e-01  # 33 bits, and the rest
LN2_LOW = 1.90821492927058770002e-10
HALF_LN2 = 0.34657359027997264
ONE_AND_A_HALF_LN2 = 1.0397207708399179
ONE_OVER_LN2 = 1.44269504088896338700
LARGEST_EXPONENT = 709.782712893384
FRACTION = 2**52 - 1
SQRT_2_FRACTION = 0x6A09E00000000  # of sqrt 2, in its upper 20 bits


@kernel
def power_of_two(k: int) -> float:
    """Return 2 ** k for a normal result."""
    return bits_float((1023 + k) << 52)


@kernel
def exponential_less_one(x: float) -> float:
    """Return exp(x) - 1, within one unit in the last place."""
    if math.isnan(x) or abs(x) < 2.0**-54:
        return x
    if x > LARGEST_EXPONENT:
        return INFINITY
    if x < -39.0:
        return -1.0
    k = 0
    c = 0.0
    if abs(x) > HALF_LN2:
        if abs(x) < ONE_AND_A_HALF_LN2:
            k = 1 if x > 0.0 else -1
        else:
            k = int(ONE_OVER_LN2 * x + (0.5 if x > 0.0 else -0.5))
        high = x - k * LN2_HIGH
        low = k * LN2_LOW
        x = high - low
        c = (high - x) - low
    half = 0.5 * x
    z = x * half
    z2 = z * z
    r = 1.0 + z * -3.33333333333331316428e-02
    r += z2 * (1.58730158725481460165e-03 + z * -7.93650757867487942473e-05)
    r += z2 * z2 * (4.00821782732936239552e-06 + z * -2.01099218183624371326e-07)
    t = 3.0 - r * half
    e = z * ((r - t) / (6.0 - x * t))
    if k == 0:
        return x - (x * e - z)
    return scale_back(x, x * (e - c) - c - z, k)


@kernel
def scale_back(x: float, e: float, k: int) -> float:
    """Return 2**k * (1 + x - e) - 1, in the order that loses least."""
    if k == -1:
        return 0.5 * (x - e) - 0.5
    if k == 1:
        return -2.0 * (e - (x + 0.5)) if x < -0.25 else 1.0 + 2.0 * (x - e)
    if k <= -2 or k > 56:
        y = 1.0 - (e - x)
        return (y * 2.0 * power_of_two(k - 1) if k > 1 else y * power_of_two(k)) - 1.0
    if k < 20:
        return ((1.0 - power_of_two(-k)) - (e - x)) * power_of_two(k)
    return ((x - (e + power_of_two(-k))) + 1.0) * power_of_two(k)


@kernel
def logarithm_of_one_more(x: float) -> float:
    """Return ln(1 + x), within one unit in the last place."""
    if not x > -1.0:
        return -INFINITY if x == -1.0 else NAN
    if x == INFINITY or abs(x) < 2.0**-54:
        return x
    if abs(x) < 2.0**-29:
        return x - x * x * 0.5
    k = 0
    c = 0.0
    f = x
    if not -0.2928932188134525 < x < 0.41421356237309515:
        u = 1.0 + x
        bits = float_bits(u)
        k = (bits >> 52) - 1023
        if x < 2.0**53:
            c = (1.0 - (u - x) if k > 0 else x - (u - 1.0)) / u
        bits &= FRACTION
        if bits >= SQRT_2_FRACTION:
            k += 1
            f = bits_float(bits | (1022 << 52)) - 1.0
        else:
            f = bits_float(bits | (1023 << 52)) - 1.0
        if f == 0.0:
            return k * LN2_HIGH + (c + k * LN2_LOW)
    half = 0.5 * f * f
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    r = z * 6.666666666666735130e-01
    r += z2 * (3.999999999940941908e-01 + z * 2.857142874366239149e-01)
    r += z4 * (2.222219843214978396e-01 + z * 1.818357216161805012e-01)
    r += z4 * z2 * (1.531383769920937332e-01 + z * 1.479819860511658591e-01)
    if k == 0:
        return f - (half - s * (half + r))
    return k * LN2_HIGH - ((half - (s * (half + r) + (k * LN2_LOW + c))) - f)
