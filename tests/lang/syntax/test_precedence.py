"""How operators bind; the surprising lines are backed by cases of the kit."""

import pytest

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a * b % c / d", "(((a * b) % c) / d)"),
        ("a ** b ** c", "(a ** (b ** c))"),
        ("-a ** b", "((-a) ** b)"),
        ("a * b ** c", "(a * (b ** c))"),
        # Shifts bind tighter than everything else.
        ("1 + 1 << 2", "(1 + (1 << 2))"),
        ("8 / 2 << 1", "(8 / (2 << 1))"),
        ("2 ** 1 << 2", "(2 ** (1 << 2))"),
        ("a << b >> c", "((a << b) >> c)"),
        # `|`, `^` and `||` share a level, `&` and `&&` the next; all bind looser than comparisons.
        ("1 | 2 ^ 3", "((1 | 2) ^ 3)"),
        ("a || b ^ c", "((a || b) ^ c)"),
        ("a | b & c", "(a | (b & c))"),
        ("a && b || c && d", "((a && b) || (c && d))"),
        ("6 & 2 == 2", "(6 & (2 == 2))"),
        ("a == b < c", "(a == (b < c))"),
        ("a < b < c", "((a < b) < c)"),
        ("2 + 1 in c", "((2 + 1) in c)"),
        ("a !in b && c", "((a !in b) && c)"),
        # `??` stands between comparisons and ranges.
        ("10 + u ?? 5", "((10 + u) ?? 5)"),
        ("5 ?? 1 == 5", "((5 ?? 1) == 5)"),
        ("0 ?? 1..3", "(0 ?? (1..3))"),
        ("a ?? b ?? c", "((a ?? b) ?? c)"),
        ("0..3 == 0..3", "((0..3) == (0..3))"),
        ("n - 1..n * 2", "((n - 1)..(n * 2))"),
        ("0..=n / 2", "(0..=(n / 2))"),
        ("..5", "(..5)"),
        ("(a..)", "(a..)"),
        ("(..)", "(..)"),
        ("a[2..]", "a[(2..)]"),
        ("!a && -b", "((!a) && (-b))"),
        ("-a.f()", "(-a.f())"),
        ("-5.abs()", "-5.abs()"),
        ("!a.b[c]", "(!a.b[c])"),
        ("- -7", "(--7)"),
        ("a - -3", "(a - -3)"),
        ("a -3", "(a - 3)"),
        ("a-3", "(a - 3)"),
        ("(a + b) * c", "((a + b) * c)"),
    ],
)
def test_operators_bind(shape, text, expected):
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("|x| x + 1", "|x| (x + 1)"),
        ("|x| x || y", "|x| (x || y)"),
        ("|x| x | 1", "|x| (x | 1)"),
        ("|| || z", "|| || z"),
        ("|a| |b| a", "|a| |b| a"),
        ("|a, b,| a = b", "|a, b| {a = b}"),
        ("|x| { x; y }", "|x| {x; y}"),
        ("f(|x| x.y, z)", "f(|x| x.y, z)"),
        ("(|x| x).call(1)", "|x| x.call(1)"),
        ("|x|;", "|x| {}"),
        ("|x|", "|x| {}"),
    ],
)
def test_a_closure_reaches_as_far_as_it_can(shape, text, expected):
    assert shape(text) == expected
