"""All functions on a grid over all floats, against many digits: at most a unit from the nearest float."""

import math
import random

import mpmath
import pytest

from lang.numeric.powers import power
from lang.numeric.remainder import float_remainder
from lang.numeric.transcendental import FUNCTIONS, evaluate

pytestmark = pytest.mark.unit

POINTS = 60  # of each kind
DIGITS, DIGITS_OF_ANGLES = 200, 1300  # bits; an angle of 1e308 loses a thousand
ANGLES = {"sin", "cos", "tan"}
TWO_ARGUMENTS = {"atan2": mpmath.atan2, "hypot": mpmath.hypot}
EXACT = {"ln": mpmath.log, "log10": mpmath.log10}
DOMAINS = {
    "asin": lambda x: abs(x) <= 1.0,
    "acos": lambda x: abs(x) <= 1.0,
    "acosh": lambda x: x >= 1.0,
    "atanh": lambda x: abs(x) < 1.0,
    "ln": lambda x: x > 0.0,
    "log10": lambda x: x > 0.0,
    "exp": lambda x: abs(x) < 709.0,
    "sinh": lambda x: abs(x) < 709.0,
    "cosh": lambda x: abs(x) < 709.0,
}


def scaled(source, least, most):
    return math.ldexp(source.uniform(1.0, 2.0) * source.choice((1, -1)), source.randint(least, most))


def grid(name):
    """Points of all sizes, near 0, near 1 and -1 from both sides, and their neighbours."""
    source = random.Random(name)
    for _ in range(POINTS):
        yield scaled(source, -60, 9)
        yield scaled(source, -1022, 1023)
        yield source.uniform(-1.0, 1.0)
        yield source.uniform(-30.0, 30.0)
        for one in (1.0, -1.0):
            yield one + scaled(source, -52, -1)
            yield math.nextafter(one, math.inf)
            yield math.nextafter(one, -math.inf)


def units_from_nearest(found, exact):
    nearest = float(exact)
    return 0.0 if found == nearest else abs(found - nearest) / math.ulp(nearest)


@pytest.mark.parametrize("name", [one for one in FUNCTIONS if one not in {"log", *TWO_ARGUMENTS}])
def test_functions_of_one_number(name):
    exact, fits = EXACT.get(name) or getattr(mpmath, name), DOMAINS.get(name, lambda _: True)
    with mpmath.workprec(DIGITS_OF_ANGLES if name in ANGLES else DIGITS):
        for x in filter(fits, grid(name)):
            assert units_from_nearest(evaluate(name, x), exact(mpmath.mpf(x))) <= 1.0, x


@pytest.mark.parametrize("name", TWO_ARGUMENTS)
def test_functions_of_two_numbers(name):
    source = random.Random(name)
    with mpmath.workprec(DIGITS):
        for _ in range(5 * POINTS):
            x, y = scaled(source, -300, 300), scaled(source, -300, 300)
            exact = TWO_ARGUMENTS[name](mpmath.mpf(x), mpmath.mpf(y))
            assert units_from_nearest(evaluate(name, x, y), exact) <= 1.0, (x, y)


def test_powers():
    source, count = random.Random("power"), 0
    with mpmath.workprec(DIGITS):
        for _ in range(8 * POINTS):
            x = abs(scaled(source, *source.choice(((-1022, 1023), (-3, 3)))))
            y = source.choice(
                (source.uniform(-700, 700) / (abs(math.log(x)) or 1.0), source.randint(-30, 30) * 1.0)
            )
            exact = mpmath.mpf(x) ** mpmath.mpf(y)
            if mpmath.mpf(2) ** -1022 <= exact < mpmath.mpf(2) ** 1023:
                assert units_from_nearest(power(x, y), exact) <= 1.0, (x, y)
                count += 1
    assert count > 4 * POINTS


@pytest.mark.parametrize("y", [1e301, -1e301, 1e308, 2.0**65])
@pytest.mark.parametrize("x", [2.0, 0.5, -2.0, -1.0, 1.0, math.nextafter(1.0, 2.0), math.nextafter(1.0, 0.0)])
def test_huge_exponents(x, y):
    try:
        expected = math.pow(x, y)
    except OverflowError:
        expected = math.inf
    assert power(x, y) == expected


def test_remainders_are_those_of_the_platform():
    """They are exact, so that there is but one right answer."""
    source = random.Random("remainder")
    pairs = [(5.5, -2.0), (-5.5, 2.0), (-4.0, 2.0), (0.0, 1.0), (-0.0, 1.0), (1e308, 5e-324), (5e-324, 1e308)]
    pairs += [(7.0, math.inf), (1e22, 3.0), (2.0**-1022, 5e-324), (3e-320, 7e-321), (0.7, 0.1)]
    for _ in range(2000):
        x, y = scaled(source, -1074, 1023), scaled(source, -1074, 1023)
        pairs += [(x, y)] if y else []
        pairs += [(x, x * 0.3)] if x * 0.3 else []
    for x, y in pairs:
        found, expected = float_remainder(x, y), math.fmod(x, y)
        assert (found, math.copysign(1.0, found)) == (expected, math.copysign(1.0, expected)), (x, y)
    for x, y in ((math.inf, 1.0), (1.0, 0.0), (math.nan, 1.0), (1.0, math.nan)):
        assert math.isnan(float_remainder(x, y))
