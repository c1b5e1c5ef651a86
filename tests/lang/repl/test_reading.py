"""Which inputs are whole, and how they are coloured and completed."""

import pytest

from lang.repl.completion import completions
from lang.repl.highlighting import STYLES, highlighted
from lang.repl.reading import indentation, is_unfinished

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    ["fn f() {", "f(1,", "[1,", "#{a: 1", "1 +", "`a", "`a ${", "`a ${b} c", '#"a', '"a\\', "/* a",
     "a; /* /* */", "if a {", "fn f()", "switch a {", "if a { } else"],
)  # fmt: skip
def test_what_goes_on_in_the_next_line(text):
    assert is_unfinished(text, vectors=True)
    assert is_unfinished(text + "\n", vectors=True)
    assert not is_unfinished(text + "\n\n", vectors=True)


@pytest.mark.parametrize(
    "text",
    ["1", "let a = 1", "", "fn f() { }", "let = 1", "f(1))", '"a', "'a", "a; // b", "/* a */", "}", "1 1"],
)
def test_what_is_run_at_once(text):
    assert not is_unfinished(text, vectors=True)


def test_a_new_line_is_indented():
    assert indentation("fn f() {") == "    "
    assert indentation("fn f() {\n    if a {") == "        "
    assert indentation("  a;") == "  "
    assert indentation("a;") == ""


@pytest.mark.parametrize(
    "text",
    ["let a = f(1, \"b\") + 'c'; // d", "`a ${b + 1} c`", '"open', "/* x */ 1 $ 2", "", "fn f() {\n  true }"],
)
def test_colours_lose_nothing(text):
    parts = highlighted(text)
    assert "".join(part for _, part in parts) == text
    assert {style for style, _ in parts} <= {"", *STYLES}


def test_colours_tell_what_is_what():
    parts = highlighted('let a = f(1.5) + "b"; // c')
    styles = {text: style for style, text in parts}
    assert (styles["let"], styles["f"], styles["1.5"]) == ("keyword", "function", "number")
    assert (styles['"b"'], styles["// c"], styles["a"]) == ("string", "comment", "")
    assert highlighted('let "open') == [("keyword", "let"), ("", " "), ("string", '"open')]


def words(before, variables=None, functions=()):
    found = completions(before, variables or {}, functions, [":help", ":reset"])
    return [(item.word, item.meaning) for item in found]


def test_names_complete():
    assert words("1 + spe", {"speed": 1}) == [("speed", "variable")]
    assert words("let total = 1; to")[0] == ("total", "name")
    assert words("whi") == [("while", "keyword")]
    assert ("print", "built-in") in words("pri")
    assert ("private", "keyword") in words("pri")
    assert words("hur", functions=["hurt"]) == [("hurt", "function")]
    assert words("1 + ") == []


def test_methods_and_properties_complete_behind_a_point():
    assert ("len", "method") in words("x.le")
    assert ("sort", "method") in words("[1, 2].so")
    assert words("m.al", {"m": {"alpha": 1, "be ta": 2}})[0] == ("alpha", "property")
    assert ("speed", "variable") not in words("x.sp", {"speed": 1})


def test_commands_complete():
    assert words(":re") == [(":reset", "command")]
    assert words(":help x") == []
