"""Our own sine and its kin against the platform's: the same digits, but for a few in a thousand."""

from __future__ import annotations

import hashlib
import math
import random
import struct
from decimal import Decimal, localcontext

import pytest

from lang.numeric.reduction import LIMB, LIMB_COUNT, LIMBS, PADDING
from lang.numeric.transcendental import FUNCTIONS, evaluate

pytestmark = pytest.mark.unit

DOMAINS = {
    "asin": (-1.0, 1.0),
    "acos": (-1.0, 1.0),
    "acosh": (1.0, 60.0),
    "atanh": (-0.999, 0.999),
    "ln": (1e-9, 200.0),
    "log10": (1e-9, 200.0),
    "exp": (-60.0, 60.0),
}


REFERENCE = {"ln": math.log}
ONE_ARGUMENT = [name for name in FUNCTIONS if name not in ("log", "atan2", "hypot")]
NEAREST_TO_QUARTER_TURN = 6381956970095103.0 * 2.0**797  # of all floats
SHARE_THAT_MAY_DIFFER = 0.006  # twice what was measured, for other versions of the platform's library
WHERE_PLATFORMS_ROUND_TWICE = {"sinh": 0.25, "tanh": 0.15, "asinh": 0.3, "acosh": 0.3, "atanh": 0.3}


def random_points(name):
    source = random.Random(name)
    low, high = DOMAINS.get(name, (-20.0, 20.0))
    for number in range(2000):
        value = source.uniform(low, high)
        yield max(low, value / 64.0) if number % 3 == 0 else value


def round_points(name):
    low, high = DOMAINS.get(name, (-20.0, 20.0))
    step = 0.001 if high <= 1.0 else 0.02
    return [x for x in (number * step for number in range(-1000, 3000)) if low <= x <= high]


def units_apart(x, y):
    return 0.0 if x == y else abs(x - y) / math.ulp(y)


@pytest.mark.parametrize("name", ONE_ARGUMENT)
@pytest.mark.parametrize("points", [random_points, round_points])
def test_the_digits_are_those_of_the_platform(name, points):
    reference = REFERENCE.get(name) or getattr(math, name)
    xs = list(points(name))
    apart = [units_apart(evaluate(name, x), reference(x)) for x in xs]
    assert max(apart) <= (3.0 if name in WHERE_PLATFORMS_ROUND_TWICE else 1.0)
    allowed = WHERE_PLATFORMS_ROUND_TWICE.get(name, SHARE_THAT_MAY_DIFFER)
    assert sum(distance > 0.0 for distance in apart) / len(xs) <= allowed


def exact_hyperbolic(name, x):
    with localcontext(prec=60):
        grown, shrunk = Decimal(x).exp(), (-Decimal(x)).exp()
        sine, cosine = (grown - shrunk) / 2, (grown + shrunk) / 2
        return float({"sinh": sine, "cosh": cosine, "tanh": sine / cosine}[name])


@pytest.mark.parametrize("name", ["sinh", "cosh", "tanh"])
@pytest.mark.parametrize("points", [random_points, round_points])
def test_a_unit_at_most_from_the_nearest_float(name, points):
    assert max(units_apart(evaluate(name, x), exact_hyperbolic(name, x)) for x in points(name)) <= 1.0


def test_angle_and_length():
    source = random.Random(3)
    for _ in range(800):
        x, y = source.uniform(-9, 9), source.uniform(-9, 9)
        assert units_apart(evaluate("atan2", y, x), math.atan2(y, x)) <= 1.0
        assert units_apart(evaluate("hypot", x, y), math.hypot(x, y)) <= 1.0


@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_angles_of_every_size(name):
    source = random.Random(4)
    sizes = [math.ldexp(1.0 + source.random(), source.randrange(-30, 1024)) for _ in range(2000)]
    xs = [source.choice((-1.0, 1.0)) * x for x in sizes]
    apart = [units_apart(evaluate(name, x), getattr(math, name)(x)) for x in xs]
    assert max(apart) <= 1.0
    assert sum(distance > 0.0 for distance in apart) / len(xs) <= SHARE_THAT_MAY_DIFFER


@pytest.mark.parametrize(
    ("x", "sine", "cosine"),
    [
        (1e22, -0.8522008497671888, 0.523214785395139),
        (-1e22, 0.8522008497671888, 0.523214785395139),
        (NEAREST_TO_QUARTER_TURN, 1.0, -4.687165924254628e-19),
        (5e-324, 5e-324, 1.0),
        (math.pi, 1.2246467991473532e-16, -1.0),
    ],
)
def test_angles_that_are_hard_to_reduce(x, sine, cosine):
    assert evaluate("sin", x) == sine
    assert evaluate("cos", x) == cosine


def test_the_bits_of_two_over_pi():
    number = 0
    for limb in LIMBS[PADDING:]:
        number = number << LIMB | int(limb)
    assert f"{number:x}".startswith(
        "a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a"
    )
    assert len(LIMBS) == PADDING + LIMB_COUNT


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_what_is_no_number_stays_none(name):
    assert math.isnan(evaluate(name, math.nan))


@pytest.mark.parametrize(
    ("name", "x", "y", "expected"),
    [
        ("log", 1000.0, 10.0, 2.9999999999999996),
        ("log", 8.0, 2.0, 3.0),
        ("ln", 0.0, 0.0, -math.inf),
        ("exp", 1000.0, 0.0, math.inf),
        ("exp", -1000.0, 0.0, 0.0),
        ("atan2", 0.0, -1.0, math.pi),
        ("atan2", -0.0, -1.0, -math.pi),
        ("atan2", 1e300, 1e300, math.pi / 4),
        ("atan2", 1e-320, -1.0, math.pi),
        ("hypot", 3e200, 4e200, 4.9999999999999995e200),
        ("hypot", math.inf, math.nan, math.inf),
        ("atan2", 1e-310, 1e-310, math.pi / 4),
        ("atan2", -math.inf, math.inf, -math.pi / 4),
        ("asin", 1.0, 0.0, math.pi / 2),
        ("acos", -1.0, 0.0, math.pi),
        ("atan", math.inf, 0.0, math.pi / 2),
        ("atan", 1.7976931348623157e308, 0.0, math.pi / 2),
        ("atan", 1e-310, 0.0, 1e-310),
        ("sinh", 1e9, 0.0, math.inf),
        ("sinh", 710.2, 0.0, 1.3643036845527107e308),
        ("cosh", -710.2, 0.0, 1.3643036845527107e308),
        ("asinh", math.inf, 0.0, math.inf),
        ("asinh", 5e-324, 0.0, 5e-324),
        ("atanh", -1.0, 0.0, -math.inf),
        ("log10", 5e-324, 0.0, -323.3062153431158),
        ("log10", 1000.0, 0.0, 3.0),
        ("tanh", -50.0, 0.0, -1.0),
        ("atanh", 1.0, 0.0, math.inf),
    ],
)
def test_edges(name, x, y, expected):
    assert evaluate(name, x, y) == expected


def test_the_bits_are_those_of_every_machine():
    digest = hashlib.sha256()
    for name in ONE_ARGUMENT:
        for x in random_points(name):
            digest.update(struct.pack("<d", evaluate(name, x)))
    assert digest.hexdigest()[:16] == "e25b72a833719cea"
