"""Values that cross into a heap, are copied, compared and searched there, against a model in Python."""

import copy
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lang.heap.convert import Char, FunctionValue, Memory, RangeValue, Vector, parcel_of, words_needed

pytestmark = pytest.mark.unit

INTS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CHARS = st.characters(exclude_categories=["Cs"]).map(Char)
VECTORS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=3).map(Vector)
RANGES = st.builds(RangeValue, INTS, INTS, st.booleans())
SIMPLE = st.none() | st.booleans() | INTS | FLOATS | TEXTS | CHARS
VALUES = st.recursive(
    SIMPLE | VECTORS | RANGES | st.binary(max_size=20).map(bytearray),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=25,
)
COMPARABLE = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "ab", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def same(left, right):
    """Return whether two Python values are the same script value, bit by bit."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | Vector):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


@pytest.fixture(scope="session")
def identity(function):
    return function("fn f(x) { x }")


@given(value=VALUES)
@settings(max_examples=200, deadline=None)
def test_values_cross_unchanged(identity, value):
    assert same(identity(value), value)


@pytest.fixture(scope="session")
def copied(function):
    return function(
        "fn f(x) { let a = [x, x]; let b = a; let m = #{k: b}; let n = m; b.push(1); [a, n.k, x] }"
    )


@given(value=VALUES)
@settings(max_examples=100, deadline=None)
def test_copies_are_deep_and_equal(copied, value):
    assert same(copied(value), [[value, value], [value, value], value])


@pytest.fixture(scope="session")
def spoilt(function):
    """Change a copy in every place; the original must come back as it was."""
    return function(
        """
        fn spoil(v) {
            if type_of(v) == "array" { for i in 0..v.len() { v[i] = spoil(v[i]); } v.push("more"); return v; }
            if type_of(v) == "map" { v["more"] = 1; return v; }
            "spoilt"
        }
        fn f(x) { let y = x; spoil(y); y = spoil(y); x }
        """
    )


@given(value=VALUES)
@settings(max_examples=100, deadline=None)
def test_changing_a_copy_leaves_the_original(spoilt, value):
    assert same(spoilt(copy.deepcopy(value)), value)


@pytest.fixture(scope="session")
def equality(function):
    return function("fn f(a, b) { [a == b, b == a, a != b, a in [b], [a] == [b], #{k: a} == #{k: b}] }")


@given(left=COMPARABLE, right=COMPARABLE)
@settings(max_examples=300, deadline=None)
def test_equality(equality, left, right):
    equal = same(left, right)
    assert equality(left, right) == [equal, equal, not equal, equal, equal, equal]
    assert equality(left, left) == [True, True, False, True, True, True]


@pytest.fixture(scope="session")
def order(function):
    return function("fn f(a, b) { [a < b, a <= b, a > b, a >= b] }")


def python_order(a, b):
    return [a < b, a <= b, a > b, a >= b]


@given(pair=st.tuples(INTS, INTS) | st.tuples(TEXTS, TEXTS) | st.tuples(CHARS, CHARS))
@settings(max_examples=200, deadline=None)
def test_order(order, pair):
    keys = [item.encode() if isinstance(item, str) else item for item in pair]
    assert order(*pair) == python_order(*keys)


@pytest.fixture(scope="session")
def text_operations(function):
    return function(
        """
        fn f(s, t, i, c) {
            let reversed = "";
            for x in s { reversed = x + reversed; }
            let changed = s;
            changed[i] = c;
            [s.len(), s + t, `${s}${t}`, reversed, s[i], s[i - s.len()], changed, t in s, c in s, s == t,
             s < t]
        }
        """
    )


@given(text=TEXTS.filter(bool), other=TEXTS, index=st.integers(0, 100), char=CHARS)
@settings(max_examples=300, deadline=None)
def test_strings(text_operations, text, other, index, char):
    index %= len(text)
    changed = text[:index] + char + text[index + 1 :]
    found = text_operations(text, other, index, char)
    joined = text + other
    assert found[:4] == [len(text), joined, joined, text[::-1]]
    assert found[4:7] == [text[index], text[index], changed]
    assert found[7:] == [other in text, char in text, text == other, text.encode() < other.encode()]


@given(number=INTS)
@settings(max_examples=200, deadline=None)
def test_ints_are_written_in_decimal(function, number):
    assert _written(function)(number) == str(number)


def _written(function, made=[]):  # noqa: B006 - compiled once
    if not made:
        made.append(function("fn f(n) { `${n}` }"))
    return made[0]


@pytest.mark.parametrize("number", [0, -1, 9, 10, -10, 99, 100, 2**63 - 1, -(2**63), 10**18, -(10**18)])
def test_ints_at_edges(function, number):
    assert _written(function)(number) == str(number)


def test_pointers_that_hold_each_other_are_written_once():
    pointer = FunctionValue("f", 0, (1,))
    for _ in range(40):
        pointer = FunctionValue("f", 0, (pointer, [pointer]))
    assert words_needed([pointer, pointer]) < 2_000
    words = parcel_of([pointer, pointer])
    memory = Memory(words, words[:0])
    first, second = memory.read(*words[:2])
    assert first is second
    assert first.captures[0] is first.captures[1][0]
