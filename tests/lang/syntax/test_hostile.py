"""Text that wants to break the parser: it gets a CompileError, soon, and never a tall tree."""

import contextlib
import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lang.errors import CompileError
from lang.source import Source
from lang.syntax.parser import parse
from lang.syntax.tokens import CALLED, KEYWORDS, RESERVED, RESERVED_SYMBOLS, SYMBOLS

pytestmark = pytest.mark.security

MANY = 3000
TALLEST = 450
"""Three frames a level, as the passes behind the parser need, stay below Python's limit of 1,000."""

FRAGMENTS = [
    *SYMBOLS,
    *RESERVED_SYMBOLS,
    *KEYWORDS,
    *sorted(CALLED),
    *sorted(RESERVED),
    *(
        "x",
        "y",
        "1",
        "2.5",
        '"s"',
        "`",
        "`a`",
        "${",
        "`t${",
        "'c'",
        "true",
        "_",
        "/*",
        "*/",
        "//",
        "\n",
        '#"',
        '"#',
    ),
    *(
        "\\",
        '"',
        "'",
        "\0",
        "é",
        "1.",
        "0xZ",
        "-9223372036854775808",
        "fn f(",
        "if x {",
        "|a|",
        "switch x { 1 =>",
    ),
    *("let x =", "for i in", "do {} while", "\ud800"),
]


def height(node):
    """Height of a tree, measured without recursion."""
    tallest, pending = 0, [(node, 1)]
    while pending:
        item, level = pending.pop()
        tallest = max(tallest, level)
        if isinstance(item, msgspec.Struct):
            pending += [(getattr(item, field), level + 1) for field in item.__struct_fields__]
        elif isinstance(item, tuple):
            pending += [(child, level) for child in item]
    return tallest


@given(st.text())
def test_any_text_is_parsed_or_refused(text):
    with contextlib.suppress(CompileError):
        parse(Source(text))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40), st.booleans(), st.sampled_from(["", " "]))
def test_any_tokens_are_parsed_or_refused_at_a_place(fragments, vectors, between):
    text = between.join(fragments)
    try:
        tree = parse(Source(text), vectors=vectors)
    except CompileError as caught:
        tree, error = None, caught
    if tree is None:
        assert 0 <= error.at <= len(text)
        assert error.diagnostic()
    else:
        assert height(tree) <= TALLEST


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_scripts_are_parsed_or_refused(kit, data):
    script = data.draw(st.sampled_from(kit))[1]
    cut = data.draw(st.integers(0, len(script)))
    end = data.draw(st.integers(cut, min(cut + 9, len(script))))
    text = script[:cut] + data.draw(st.sampled_from(FRAGMENTS)) + script[end:]
    with contextlib.suppress(CompileError):
        parse(Source(text))


@pytest.mark.parametrize(
    ("before", "repeated", "after"),
    [
        ("", "(", ""),
        ("", "[", ""),
        ("", "{", ""),
        ("", "#{a:", ""),
        ("", "`${", ""),
        ("", "- ", "1"),
        ("", "!", "x"),
        ("a", ".b", ""),
        ("a", ".f(x.y)", ""),
        ("a", "[0]", ""),
        ("a", " + a", ""),
        ("a", " ** a", ""),
        ("a", " * a + a", ""),
        ("a", " + f(1, 2)", ""),
        ("x = {}", " + {}", ""),
        ("if x {}", " else if x {}", ""),
        ("", "|a| ", "1"),
        ("", "||", ""),
        ("", "|a| { ", ""),
        ("", "|x| throw ", "1"),
        ("", "|x| let y = ", "1"),
        ("", "|x| if ", "1"),
        ("", "switch 1 { 1 => ", ""),
        ("", "do {} while ", "1"),
        ("x = ", "if ", "x" + " {}" * MANY),
        ("x = ", "if a {} else {} + ", "1"),
        ("", "f(", ""),
        ("", "x?[", ""),
        ("switch 1 { ", "1 | ", "1 => 2 }"),
    ],
)
def test_depth_is_limited(refuse, before, repeated, after):
    assert refuse(before + repeated * MANY + after).kind == "ExprTooDeep"


@pytest.mark.parametrize(
    "text",
    [
        "a;" * MANY,
        "[" + "1," * MANY + "]",
        "f(" + "|x| x," * MANY + ")",
        "switch 1 {" + "1 => 2," * MANY + "1..2 => 3 }",
        "if x { y } " * MANY,
        "let a = b + c * d;" * MANY,
        "#{" + ",".join(f"a{i}: 1" for i in range(MANY)) + "}",
        "".join(f"/// Text.\nfn f{i}() {{}}\n" for i in range(MANY)),
        '"' + "\\n" * MANY + '"',
        "/*" * MANY,
        "`" + "``" * MANY + "`",
        "a" + "::a" * MANY,
    ],
)
def test_long_scripts_are_not_deep_ones(text):
    assert height(parse(Source(text))) < 12


@pytest.mark.parametrize(
    ("before", "depth", "after"),
    [("", 31, ""), ("fn f() { ", 14, " }"), ("let f = || ", 29, ""), ("fn f() { || ", 29, " }")],
)
def test_the_limit_is_64_levels_and_32_in_functions(refuse, before, depth, after):
    """A parenthesis takes two levels; a closure counts as top level even inside of a function."""
    nested = "(" * (depth - 1) + "1" + ")" * (depth - 1)
    assert parse(Source(before + nested + after))
    assert refuse(f"{before}({nested}){after}").kind == "ExprTooDeep"


def test_lone_surrogates_are_refused(refuse):
    error = refuse(json.loads('"let s = \\"a\\ud800\\";"'))
    assert error.column == 11
