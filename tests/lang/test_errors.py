import pytest

from lang.errors import ScriptError
from lang.source import Source

pytestmark = pytest.mark.unit

TEXT = "fn f(n) {\n\tf(n + 1)\n}\nf(0)"


def diagnostic(*calls):
    return ScriptError(
        Source(TEXT, "a.rhai"), 11, "Stack overflow", "ErrorStackOverflow", None, calls
    ).diagnostic()


def test_a_diagnostic_has_place_line_caret_and_calls():
    assert diagnostic(("f", 11), ("f", 22)).splitlines() == [
        "a.rhai:2:2: Stack overflow",
        "    2 | \tf(n + 1)",
        "      | \t^",
        "  in f() at 2:2",
        "  in f() at 4:1",
    ]


def test_equal_calls_are_told_once():
    lines = diagnostic(*[("f", 11)] * 60, ("f", 22)).splitlines()
    assert lines[3:] == [*["  in f() at 2:2"] * 3, "  … 57 more like it", "  in f() at 4:1"]


def test_calls_in_turn_are_all_told():
    lines = diagnostic(*[("f", 11), ("g", 11)] * 4).splitlines()
    assert len(lines) == 3 + 8


@pytest.mark.parametrize("column", [1, 70, 5_000, 9_990, 10_000])
def test_of_a_long_line_the_part_around_the_place_is_shown(column):
    text = "a" * (column - 1) + "X" + "a" * (10_000 - column)
    shown, caret = Source(text).snippet(column - 1).splitlines()
    assert len(shown) < 140
    assert shown[caret.index("^")] == "X"
