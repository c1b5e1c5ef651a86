"""Exponentials, logarithms and hyperbolic functions without libm: the same bits everywhere.

Only +, -, *, / and the square root are used, which IEEE 754 defines exactly. Exponential and logarithm are
the nearest floats; the hyperbolic functions and the logarithm to base 10 use the formulas that common C
libraries use: scripts print all digits, and those of the language itself come from these formulas. The
inverse hyperbolic functions are rounded once: the usual formulas lose digits near 1.
Source: Muller, Elementary Functions (3rd ed.), chapter 11.
"""

from __future__ import annotations

import math

from lang.jit import bits_float, entry, float_bits, kernel
from lang.numeric.circular import angle_of, arccosine, arcsine, arctangent, cosine, sine, tangent
from lang.numeric.near_one import FEW_TERMS, exponential_less_one
from lang.numeric.powers import (
    LN2_HIGH,
    LN2_LOW,
    add_pairs,
    divide_pairs,
    exponential_pair,
    exponential_parts,
    inverse_tangent_pair,
    logarithm_pair,
    multiply_pairs,
    root_pair,
    two_product,
    two_sum,
)

NAN = math.nan
INFINITY = math.inf
FRACTION = 2**52 - 1
HALF_LN2 = 0.34657359027997264
LARGEST_EXPONENT = 709.782712893384
SMALLEST_NORMAL = 2.0**-1022
TINY = 2.0**-28  # below it a function of x that begins with x rounds to it
SERIES_END = 0.17
ONE_IS_LOST = 2.0**60  # here x x + 1 and x x - 1 are x x, to twice the digits
LOG10_OF_2_HIGH = 3.01029995663611771306e-01  # 33 bits, and the rest
LOG10_OF_2_LOW = 3.69423907715893078616e-13
ONE_OVER_LN10 = 4.34294481903251816668e-01


@kernel
def exponential(x: float) -> float:
    """Return e ** x."""
    return x if math.isnan(x) else exponential_pair(x, 0.0)


@kernel
def natural_logarithm(x: float) -> float:
    """Return ln x."""
    if math.isnan(x) or x < 0.0:
        return NAN
    if x == 0.0 or math.isinf(x):
        return INFINITY if x > 0.0 else -INFINITY
    high, low = logarithm_pair(x, 0.0)
    return high + low


@kernel
def logarithm(x: float, base: float) -> float:
    """Return the logarithm of x to a base: a quotient, as the language's own is."""
    return natural_logarithm(x) / natural_logarithm(base)


@kernel
def decimal_logarithm(x: float) -> float:
    """Return the logarithm of x to base 10."""
    if not 0.0 < x < INFINITY:
        return natural_logarithm(x)
    k = -1023
    if x < SMALLEST_NORMAL:
        k -= 54
        x *= 2.0**54
    k += float_bits(x) >> 52
    below = 1 if k < 0 else 0  # then the rest lies in [0.5, 1), otherwise in [1, 2)
    rest = bits_float((float_bits(x) & FRACTION) | ((1023 - below) << 52))
    y = (k + below) * 1.0
    return (y * LOG10_OF_2_LOW + ONE_OVER_LN10 * natural_logarithm(rest)) + y * LOG10_OF_2_HIGH


@kernel
def hyperbolic_sine(x: float) -> float:
    """Return sinh x."""
    size = abs(x)
    if not size >= 2.0**-28:
        return x
    if size < 22.0:
        t = exponential_less_one(size)
        result = 0.5 * (2.0 * t - t * t / (t + 1.0)) if size < 1.0 else 0.5 * (t + t / (t + 1.0))
    else:
        result = half_exponential(size)
    return -result if x < 0.0 else result


@kernel
def half_exponential(x: float) -> float:
    """Return e ** x / 2, which is finite a little longer than e ** x."""
    if x < LARGEST_EXPONENT:
        return 0.5 * exponential(x)
    root = exponential(0.5 * x)
    return 0.5 * root * root


@kernel
def hyperbolic_cosine(x: float) -> float:
    """Return cosh x."""
    size = abs(x)
    if size < HALF_LN2:
        t = exponential_less_one(size)
        return 1.0 + t * t / (2.0 * (1.0 + t))
    if size < 22.0:
        power = exponential(size)
        return 0.5 * power + 0.5 / power
    return half_exponential(size)


@kernel
def hyperbolic_tangent(x: float) -> float:
    """Return tanh x, rounded once: the usual formula is two units off at times."""
    size = abs(x)
    if not size >= FEW_TERMS:
        return x - x * x * x / 3.0
    if size >= 22.0:
        return 1.0 if x > 0.0 else -1.0
    a, b, exponent = exponential_parts(2.0 * x, 0.0)
    scale = bits_float((1023 + exponent) << 52)
    n, n_low = add_pairs(a * scale, b * scale, -1.0, 0.0)
    d, d_low = add_pairs(a * scale, b * scale, 1.0, 0.0)
    return divide_pairs(n, n_low, d, d_low)[0]


@kernel
def inverse_hyperbolic_sine(x: float) -> float:
    """Return asinh x, rounded once: artanh(x / sqrt(x x + 1)) near 0, else ln(x + sqrt(x x + 1))."""
    size = abs(x)
    if not TINY < size < INFINITY:
        return x
    if size > ONE_IS_LOST:
        a, b = logarithm_pair(size, 0.0)
        result = add_pairs(a, b, LN2_HIGH, LN2_LOW)[0]
    else:
        a, b = two_product(size, size)
        a, b = add_pairs(a, b, 1.0, 0.0)
        a, b = root_pair(a, b)
        if size < SERIES_END:
            a, b = divide_pairs(size, 0.0, a, b)
            result = inverse_tangent_pair(a, b)[0]
        else:
            a, b = add_pairs(a, b, size, 0.0)
            result = logarithm_pair(a, b)[0]
    return -result if x < 0.0 else result


@kernel
def inverse_hyperbolic_cosine(x: float) -> float:
    """Return acosh x, rounded once: ln(x + sqrt((x - 1) (x + 1)))."""
    if not 1.0 < x < INFINITY:
        return 0.0 if x == 1.0 else x if x > 1.0 else NAN
    if x > ONE_IS_LOST:
        a, b = logarithm_pair(x, 0.0)
        return add_pairs(a, b, LN2_HIGH, LN2_LOW)[0]
    a, b = two_sum(x, -1.0)
    c, d = two_sum(x, 1.0)
    a, b = multiply_pairs(a, b, c, d)
    a, b = root_pair(a, b)
    a, b = add_pairs(x, 0.0, a, b)
    return logarithm_pair(a, b)[0]


@kernel
def inverse_hyperbolic_tangent(x: float) -> float:
    """Return atanh x, rounded once: a series near 0, else ln((1 + x) / (1 - x)) / 2."""
    size = abs(x)
    if not size < 1.0:
        return x * INFINITY if size == 1.0 else NAN
    if size < TINY:
        return x
    if size < SERIES_END:
        result = inverse_tangent_pair(size, 0.0)[0]
    else:
        a, b = two_sum(1.0, size)
        c, d = two_sum(1.0, -size)
        a, b = divide_pairs(a, b, c, d)
        result = 0.5 * logarithm_pair(a, b)[0]
    return -result if x < 0.0 else result


@kernel
def hypotenuse(x: float, y: float) -> float:
    """Return the length of (x, y) without overflow on the way."""
    x, y = abs(x), abs(y)
    if math.isinf(x) or math.isinf(y):
        return INFINITY
    if math.isnan(x) or math.isnan(y):
        return NAN
    larger, smaller = max(x, y), min(x, y)
    if larger == 0.0 or not larger < INFINITY:
        return larger + smaller
    scale = 1.0
    if larger > 1e150:
        scale = 2.0**600
    elif larger < 1e-150:
        scale = 2.0**-600
    larger /= scale
    smaller /= scale
    a, b = two_product(larger, larger)
    c, d = two_product(smaller, smaller)
    total, low = add_pairs(a, b, c, d)
    root = math.sqrt(total)
    p, q = two_product(root, root)
    return (root + ((total - p) + (low - q)) / (2.0 * root)) * scale


FUNCTIONS = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("exp", "ln", "log", "atan2", "hypot", "log10"),
)


@kernel
def circular(which: int, x: float) -> float:
    """Return one of the first six functions."""
    if which == 0:
        return sine(x)
    if which == 1:
        return cosine(x)
    if which == 2:
        return tangent(x)
    if which == 3:
        return arcsine(x)
    return arccosine(x) if which == 4 else arctangent(x)


@kernel
def hyperbolic(which: int, x: float) -> float:
    """Return one of the next six functions."""
    if which == 6:
        return hyperbolic_sine(x)
    if which == 7:
        return hyperbolic_cosine(x)
    if which == 8:
        return hyperbolic_tangent(x)
    if which == 9:
        return inverse_hyperbolic_sine(x)
    return inverse_hyperbolic_cosine(x) if which == 10 else inverse_hyperbolic_tangent(x)


@entry("float64(int64, float64, float64)")
def compute(which: int, x: float, y: float) -> float:
    """Return the function of that number in `FUNCTIONS`, for Python."""
    if which < 6:
        return circular(which, x)
    if which < 12:
        return hyperbolic(which, x)
    if which == 12:
        return exponential(x)
    if which == 13:
        return natural_logarithm(x)
    if which == 14:
        return logarithm(x, y)
    if which == 17:
        return decimal_logarithm(x)
    return angle_of(x, y) if which == 15 else hypotenuse(x, y)


def evaluate(name: str, x: float, y: float = 0.0) -> float:
    """Return the function of that name; `y` is the second argument of log, atan2 and hypot."""
    return float(compute(FUNCTIONS.index(name), x, y))
