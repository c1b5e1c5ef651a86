"""Arithmetic of the machine against Python's own ints, fractions and decimals."""

import math
import struct
from decimal import Decimal, getcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lang.errors import ScriptError
from lang.limits import Limits
from lang.numeric.floats import debug_float, display_float

pytestmark = pytest.mark.unit

LEAST, MOST = -(2**63), 2**63 - 1
EDGES = [0, 1, -1, 2, -2, 3, 7, 63, 64, 2**31, 2**32, -(2**32), 10**18, MOST, LEAST, MOST - 1, LEAST + 1]
INTS = st.sampled_from(EDGES) | st.integers(LEAST, MOST) | st.integers(-100, 100)


def truncated(x, y):
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


OPERATIONS = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": truncated,
    "%": lambda x, y: x - y * truncated(x, y),
    "&": lambda x, y: x & y,
    "|": lambda x, y: x | y,
    "^": lambda x, y: x ^ y,
}


@pytest.fixture(scope="session")
def function(shared_machine, compiled):
    def function(text):
        program = compiled(text)
        shared_machine.set_limits(Limits())
        instance = shared_machine.create(program)
        index = program.callbacks["f"]
        return lambda *arguments: shared_machine.call(instance, index, arguments)

    return function


def _made(function, text, made={}):  # noqa: B006 - compiled once
    if text not in made:
        made[text] = function(text)
    return made[text]


@pytest.fixture(scope="session", params=OPERATIONS)
def operation(request, function):
    """Return (symbol, function of variables, of assignment, of a constant)."""
    symbol = request.param
    plain = function(f"fn f(x, y) {{ x {symbol} y }}")
    assigned = function(f"fn f(x, y) {{ x {symbol}= y; x }}")
    return symbol, plain, assigned


@given(x=INTS, y=INTS)
@settings(max_examples=150, deadline=None)
def test_ints(operation, x, y):
    symbol, *ways = operation
    try:
        expected = OPERATIONS[symbol](x, y)
    except ZeroDivisionError:
        expected = None
    overflows = symbol == "%" and (x, y) == (LEAST, -1)  # as the hardware's division does
    for way in ways:
        if expected is None or overflows or not LEAST <= expected <= MOST:
            with pytest.raises(ScriptError) as caught:
                way(x, y)
            assert caught.value.kind == "ErrorArithmetic"
        else:
            assert way(x, y) == expected


@pytest.mark.parametrize("constant", [1, -1, 2, 3, -7, 10, MOST])
@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "%"])
def test_int_and_constant(function, symbol, constant):
    way = function(f"fn f(x) {{ x {symbol} {constant} }}")
    for x in EDGES:
        expected = OPERATIONS[symbol](x, constant)
        if not LEAST <= expected <= MOST or (symbol == "%" and (x, constant) == (LEAST, -1)):
            with pytest.raises(ScriptError):
                way(x)
        else:
            assert way(x) == expected


def shifted_left(x, amount):
    if amount >= 64:
        return 0
    if amount < 0:
        return x >> min(-amount, 63)
    return ((x << amount) + 2**63) % 2**64 - 2**63


@given(x=INTS, amount=st.integers(-70, 70))
@settings(max_examples=150, deadline=None)
def test_shifts(function, x, amount):
    left, right = _made(function, "fn f(x, n) { [x << n, x >> n] }")(x, amount)
    assert left == shifted_left(x, amount)
    assert right == shifted_left(x, -amount)


@given(base=st.integers(-12, 12) | INTS, exponent=st.integers(-2, 70))
@settings(max_examples=200, deadline=None)
def test_powers_of_ints(function, base, exponent):
    power = _made(function, "fn f(x, y) { x ** y }")
    if exponent < 0 or not LEAST <= base**exponent <= MOST:
        with pytest.raises(ScriptError):
            power(base, exponent)
    else:
        assert power(base, exponent) == base**exponent


def units_in_last_place(value, exact):
    """Return the distance of a float from the exact value, in its units in the last place."""
    return abs(Fraction(value) - Fraction(exact)) / Fraction(math.ulp(value))


BASES = [1e-300, 1e-9, 0.1, 0.5, 0.9999999, 1.0000001, 1.5, 2.0, 2.5, math.pi, 10.0, 123.456, 1e9, 1e300]
EXPONENTS = [
    -1000.5,
    -37.0,
    -2.5,
    -1.0,
    -0.5,
    -1e-9,
    1e-9,
    1 / 3,
    0.5,
    1.0,
    1.5,
    2.0,
    3.7,
    64.0,
    65.0,
    1000.5,
]


@pytest.mark.parametrize("base", BASES)
def test_powers_of_floats_are_within_one_unit(function, base):
    power = _made(function, "fn f(x, y) { x ** y }")
    getcontext().prec = 60
    for exponent in EXPONENTS:
        exact = Decimal(base) ** Decimal(exponent)
        found = power(base, exponent)
        if exact > Decimal("1.7976931348623157e308"):
            assert found == math.inf
        elif exact < Decimal("1e-320"):
            assert found < 1e-319
        else:
            assert units_in_last_place(found, exact) <= 1, (base, exponent)


@pytest.mark.parametrize(
    ("base", "exponent", "result"),
    [
        (0.0, 0.0, 1.0),
        (0.0, -1.0, math.inf),
        (-0.0, -1.0, -math.inf),
        (-2.0, 3.0, -8.0),
        (-8.0, 1 / 3, math.nan),
        (math.inf, -1.0, 0.0),
        (-math.inf, 3.0, -math.inf),
        (1.0, math.nan, 1.0),
        (0.5, math.inf, 0.0),
        (2.0, -1074.0, 5e-324),
        (5e-324, 0.5, math.sqrt(5e-324)),
    ],
)
def test_powers_at_edges(function, base, exponent, result):
    found = _made(function, "fn f(x, y) { x ** y }")(base, exponent)
    assert math.isnan(found) if math.isnan(result) else found == result


BITS = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0])


@given(value=BITS | st.floats(1e-9, 1e18) | st.integers(-(10**6), 10**6).map(float))
@settings(max_examples=500, deadline=None)
def test_floats_as_text_read_back_the_same(value):
    for text in (debug_float(value), display_float(value)):
        back = float(text.replace("NaN", "nan"))
        assert math.isnan(back) if math.isnan(value) else back == value
        assert "." in text or "e" in text or "n" in text.lower()
