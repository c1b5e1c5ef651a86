"""Literals: their values, and where a wrong one is refused."""

import math

import pytest

from lang.source import Source
from lang.syntax import ast
from lang.syntax.parser import parse

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x_FF_", 255),
        ("0O20", 16),
        ("0b1_0_1", 5),
        ("00012", 12),
        ("7_", 7),
        ("0xFFFFFFFFFFFFFFFF", -1),
        ("-9223372036854775808", -(2**63)),
        ("- 7", -7),
        ("1_000.5_0", 1000.5),
        ("1.", 1.0),
        ("25e-1", 2.5),
        ("2E2", 200.0),
        ("1e400", math.inf),
        ("9223372036854775808", 9223372036854775808.0),
        ("- 9223372036854775808", -9223372036854775808.0),
        ("1" * 5000, math.inf),
        ("true", True),
        (r"'\''", "'"),
        (r"'\U0001F600'", "😀"),
        (r'"tab\tx\x41u\u4e2d\\"', "tab\txAu中\\"),
        ('"say ""hi"""', 'say "hi"'),
        ('"cost ${1}"', "cost ${1}"),
        ('#"no \\n ""quote"" here"#', 'no \\n ""quote"" here'),
        ('##"one "# inside"##', 'one "# inside'),
        ("`a\\n``b``$ $$`", "a\\n`b`$ $$"),
        ("`\n\nx`", "\nx"),
        ("`a\r\nb`", "a\nb"),
    ],
)
def test_literals_have_values(expression, text, value):
    node = expression(text)
    assert node.value == value
    assert type(node.value) is type(value)


@pytest.mark.parametrize(("blanks", "kept"), [(0, 0), (3, 0), (9, 0), (10, 1), (13, 4)])
def test_a_joined_line_loses_blanks_up_to_the_column_of_the_quote(blanks, kept):
    text = 'let t = "a\\\n' + " " * blanks + 'b";'
    (statement,) = parse(Source(text)).statements
    assert statement.value.value == "a" + " " * kept + "b"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("0x1_0000_0000_0000_0000", 1),
        ("1e+", 1),
        ("0xZZ", 1),
        (".5", 1),
        ("0o78", 4),
        ("12abc", 3),
        ("''", 1),
        ("'ab'", 1),
        ("('a;", 2),
        (r'"bad \q"', 7),
        (r'"\uD800"', 7),
        (r'"\x4"', 5),
        ('"open', 1),
        ('"open\nclosed"', 1),
        ('##"open "#', 1),
        ("`x ${1} y", 8),
        ("`open", 1),
        ("( )", 3),
    ],
)
def test_wrong_literals_are_refused_at_the_first_wrong_character(refuse, text, column):
    assert (refuse(text).line, refuse(text).column) == (1, column)


def test_a_template_holds_texts_expressions_and_blocks(expression):
    template = expression("`a${b}c${let d = 1; d}${}`")
    text, name, more, block, empty = template.parts
    assert (text.value, name.name, more.value) == ("a", "b", "c")
    assert isinstance(block, ast.Block)
    assert len(block.statements) == 2
    assert empty.statements == ()


def test_templates_nest_and_braces_in_them_pair(expression):
    outer = expression('`${#{a: "}"}.a}${`<${1}>`}`')
    assert isinstance(outer.parts[0], ast.Property)
    assert [part.value for part in outer.parts[1].parts] == ["<", 1, ">"]


def test_vectors_are_read_only_where_they_are_wanted(expression, refuse):
    assert len(expression("(1, 2)", vectors=True).items) == 2
    assert len(expression("(1, x + 2, (3, 4))", vectors=True).items) == 3
    assert refuse("(1, 2)").column == 3
    assert refuse("(1, 2, 3, 4)", vectors=True).column == 9
    assert refuse("(1, 2,)", vectors=True).column == 7
