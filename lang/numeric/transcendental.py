"""Exponentials, logarithms and hyperbolic functions without libm: the same bits everywhere.

Only +, -, *, / and the square root are used, which IEEE 754 defines exactly; double-doubles carry what
one ulp would lose. Source: Muller, Elementary Functions (3rd ed.), chapter 11.
"""

from __future__ import annotations

import math

from lang.jit import bits_float, entry, float_bits, kernel
from lang.numeric.circular import angle_of, arccosine, arcsine, arctangent, cosine, sine, tangent
from lang.numeric.powers import (
    add_pairs,
    divide_pairs,
    exponential_pair,
    logarithm_pair,
    two_product,
    two_sum,
)

NAN = math.nan
INFINITY = math.inf
LN2 = 0.6931471805599453


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
    high, low = logarithm_pair(x)
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
    a, b = logarithm_pair(x)
    c, d = logarithm_pair(10.0)
    high, low = divide_pairs(a, b, c, d)
    return high + low


@kernel
def logarithm_of_sum(x: float, low: float) -> float:
    """Return ln(1 + x + low) for x > -1."""
    a, b = two_sum(1.0, x)
    if a <= 0.0 or math.isinf(a):
        return natural_logarithm(a)
    high, rest = logarithm_pair(a)
    return high + (rest + (b + low) / a)


@kernel
def hyperbolic_sine(x: float) -> float:
    """Return sinh x."""
    size = abs(x)
    if size < 0.5:
        z = x * x
        series = 0.0
        for k in range(17, 1, -2):
            series = (1.0 + series) * z / (k * (k - 1.0))
        return x + x * series
    if size > 709.0:
        result = exponential(size - LN2) if size < 1e6 else INFINITY
    else:
        power = exponential(size)
        result = 0.5 * power - 0.5 / power
    return bits_float((float_bits(result) & 0x7FFFFFFFFFFFFFFF) | (float_bits(x) & (-0x8000000000000000)))


@kernel
def hyperbolic_cosine(x: float) -> float:
    """Return cosh x."""
    size = abs(x)
    if size > 709.0:
        return exponential(size - LN2) if size < 1e6 else INFINITY
    power = exponential(size)
    return 0.5 * power + 0.5 / power


@kernel
def hyperbolic_tangent(x: float) -> float:
    """Return tanh x."""
    if abs(x) < 0.5:
        return hyperbolic_sine(x) / hyperbolic_cosine(x)
    if abs(x) > 22.0:
        return 1.0 if x > 0.0 else -1.0
    result = 1.0 - 2.0 / (exponential(2.0 * abs(x)) + 1.0)
    return -result if x < 0.0 else result


@kernel
def inverse_hyperbolic_sine(x: float) -> float:
    """Return asinh x."""
    size = abs(x)
    if size == 0.0 or not size < INFINITY:
        return x
    if size > 1e8:
        result = natural_logarithm(size) + LN2
    else:
        p, q = two_product(size, size)
        total, low = two_sum(size, (p + q) / (1.0 + math.sqrt(1.0 + p)))
        result = logarithm_of_sum(total, low)
    return -result if x < 0.0 else result


@kernel
def inverse_hyperbolic_cosine(x: float) -> float:
    """Return acosh x."""
    if not x >= 1.0:
        return NAN
    if x > 1e8:
        return natural_logarithm(x) + LN2
    above = x - 1.0
    total, low = two_sum(above, math.sqrt(above * (x + 1.0)))
    return logarithm_of_sum(total, low)


@kernel
def inverse_hyperbolic_tangent(x: float) -> float:
    """Return atanh x."""
    if not abs(x) <= 1.0:
        return NAN
    if abs(x) == 1.0:
        return INFINITY if x > 0.0 else -INFINITY
    if x == 0.0:
        return x
    t, t_low = divide_pairs(2.0 * abs(x), 0.0, 1.0 - abs(x), 0.0)
    result = 0.5 * logarithm_of_sum(t, t_low)
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
