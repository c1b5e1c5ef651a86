"""Powers: exact for ints; for floats, exp(y ln x) in double-double arithmetic, without libm.

A float power must give the same bits on every machine, so it uses only +, -, *, / (which IEEE 754
defines exactly). The logarithm and the exponential are evaluated with about 100 bits.
Source: Dekker, A floating-point technique for extending the available precision (1971);
Muller, Elementary Functions (3rd ed.), chapters 3 and 6.
"""

from __future__ import annotations

import math

from lang.jit import bits_float, float_bits, kernel, mul_overflows

EXPONENT_LIMIT = 2**32
SPLITTER = 134217729.0  # 2**27 + 1
LN2_HIGH = 0.6931471805599453
LN2_LOW = 2.3190468138462996e-17
INFINITY = math.inf
NAN = math.nan


@kernel
def int_power(base: int, exponent: int) -> tuple[bool, int]:
    """Return (whether it fits, base ** exponent) for an exponent >= 0."""
    if exponent >= EXPONENT_LIMIT:
        return False, 0
    result = 1
    while exponent > 0:
        if exponent & 1:
            if mul_overflows(result, base):
                return False, 0
            result *= base
        exponent >>= 1
        if exponent > 0:
            if mul_overflows(base, base):
                return False, 0
            base *= base
    return True, result


@kernel
def two_sum(x: float, y: float) -> tuple[float, float]:
    """Return the rounded sum and its error."""
    total = x + y
    part = total - x
    return total, (x - (total - part)) + (y - part)


@kernel
def two_product(x: float, y: float) -> tuple[float, float]:
    """Return the rounded product and its error."""
    product = x * y
    t = SPLITTER * x
    x_high = t - (t - x)
    x_low = x - x_high
    t = SPLITTER * y
    y_high = t - (t - y)
    y_low = y - y_high
    return product, ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low


@kernel
def add_pairs(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    """Return the sum of the double-doubles (a, b) and (c, d)."""
    high, low = two_sum(a, c)
    return two_sum(high, low + b + d)


@kernel
def multiply_pairs(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    """Return the product of the double-doubles (a, b) and (c, d)."""
    high, low = two_product(a, c)
    return two_sum(high, low + a * d + b * c)


@kernel
def divide_pairs(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    """Return the quotient of the double-doubles (a, b) and (c, d)."""
    quotient = a / c
    p, q = multiply_pairs(quotient, 0.0, c, d)
    r, s = add_pairs(a, b, -p, -q)
    return two_sum(quotient, (r + s) / c)


@kernel
def root_pair(a: float, b: float) -> tuple[float, float]:
    """Return the square root of the positive double-double (a, b)."""
    root = math.sqrt(a)
    p, q = two_product(root, root)
    rest, rest_low = add_pairs(a, b, -p, -q)
    return two_sum(root, (rest + rest_low) / (2.0 * root))


@kernel
def logarithm_pair(x: float, x_low: float) -> tuple[float, float]:
    """Return ln of the double-double (x, x_low) as a double-double, for a positive finite x."""
    exponent = 0
    while x > 1.4142135623730951:
        bits = float_bits(x) >> 52
        shift = max(bits - 1023, 1)
        exponent += shift
        scale = bits_float((1023 - min(shift, 1000)) << 52)
        x *= scale
        x_low *= scale
        if shift > 1000:
            scale = bits_float((1023 - (shift - 1000)) << 52)
            x *= scale
            x_low *= scale
    while x < 0.7071067811865476:
        x *= 2.0
        x_low *= 2.0
        exponent -= 1
    # ln x = 2 artanh s with s = (x - 1) / (x + 1), |s| < 0.172.
    n, n_low = add_pairs(x, x_low, -1.0, 0.0)
    d, d_low = add_pairs(x, x_low, 1.0, 0.0)
    s, s_low = divide_pairs(n, n_low, d, d_low)
    total, low = inverse_tangent_pair(s, s_low)
    e, e_low = multiply_pairs(float(exponent), 0.0, LN2_HIGH, LN2_LOW)
    return add_pairs(e, e_low, 2.0 * total, 2.0 * low)


@kernel
def inverse_tangent_pair(s: float, s_low: float) -> tuple[float, float]:
    """Return artanh of the double-double (s, s_low), |s| < 0.172: 22 terms give 110 bits."""
    z, z_low = multiply_pairs(s, s_low, s, s_low)
    total, low = 0.0, 0.0
    for k in range(22, -1, -1):
        total, low = multiply_pairs(total, low, z, z_low)
        term, term_low = divide_pairs(1.0, 0.0, 2.0 * k + 1.0, 0.0)
        total, low = add_pairs(total, low, term, term_low)
    return multiply_pairs(total, low, s, s_low)


@kernel
def exponential_parts(x: float, x_low: float) -> tuple[float, float, int]:
    """Return (a, b, n) with exp of the double-double (x, x_low) = (a + b) * 2**n, for |x| < 746."""
    exponent = math.floor(x / LN2_HIGH + 0.5)
    p, q = multiply_pairs(float(exponent), 0.0, LN2_HIGH, LN2_LOW)
    r, r_low = add_pairs(x, x_low, -p, -q)
    r *= 0.0625
    r_low *= 0.0625
    total, low = 1.0, 0.0
    for k in range(18, 0, -1):  # |r| < 0.022: 18 terms leave 2**-110
        total, low = multiply_pairs(total, low, r, r_low)
        total, low = divide_pairs(total, low, float(k), 0.0)
        total, low = add_pairs(total, low, 1.0, 0.0)
    for _ in range(4):
        total, low = multiply_pairs(total, low, total, low)
    return total, low, exponent


@kernel
def exponential_pair(x: float, x_low: float) -> float:
    """Return exp of a double-double, rounded to a float."""
    if x > 709.8:
        return INFINITY
    if x < -745.2:
        return 0.0
    total, low, exponent = exponential_parts(x, x_low)
    half = exponent // 2
    total += low
    return total * bits_float((1023 + half) << 52) * bits_float((1023 + exponent - half) << 52)


@kernel
def power(x: float, y: float) -> float:
    """Return x ** y as IEEE 754 `pow` defines it."""
    if y == 0.0 or x == 1.0:
        return 1.0
    if math.isnan(x) or math.isnan(y):
        return NAN
    is_integral = abs(y) >= 9007199254740992.0 or math.floor(y) == y
    is_odd = is_integral and abs(y) < 9007199254740992.0 and int(abs(y)) & 1 != 0
    negative = float_bits(x) < 0
    magnitude = abs(x)
    if math.isinf(y):
        if magnitude == 1.0:
            return 1.0
        return INFINITY if (magnitude > 1.0) == (y > 0.0) else 0.0
    if magnitude == 0.0 or math.isinf(magnitude):
        grows = (magnitude == 0.0) == (y < 0.0)
        result = INFINITY if grows else 0.0
        return -result if negative and is_odd else result
    if negative and not is_integral:
        return NAN
    if abs(y) > 2.0**64:  # an even number, and every float but 1 is 2**-53 from it, or more
        if magnitude == 1.0:
            return 1.0
        return INFINITY if (magnitude > 1.0) == (y > 0.0) else 0.0
    if is_integral and abs(y) <= 64.0 and exact_power_fits(magnitude, abs(y)):
        result = small_power(magnitude, int(abs(y)))
        result = result if y > 0.0 else 1.0 / result
    else:
        a, b = logarithm_pair(magnitude, 0.0)
        p, q = multiply_pairs(a, b, y, 0.0)
        result = exponential_pair(p, q) if abs(p) < 1e6 else (INFINITY if p > 0.0 else 0.0)
    return -result if negative and is_odd else result


@kernel
def exact_power_fits(x: float, y: float) -> bool:
    """Return whether x ** y is a whole number that a float holds exactly."""
    if x > 9007199254740992.0 or math.floor(x) != x:
        return False
    result = 1.0
    for _ in range(int(y)):
        result *= x
        if result > 9007199254740992.0:
            return False
    return True


@kernel
def small_power(x: float, y: int) -> float:
    """Return x ** y by multiplication, where every product is exact."""
    result = 1.0
    for _ in range(y):
        result *= x
    return result
