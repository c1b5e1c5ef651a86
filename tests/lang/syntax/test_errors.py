"""What errors say."""

import pytest

from lang.errors import CompileError, LangError, ScriptError
from lang.source import NO_PLACE, Source

pytestmark = pytest.mark.unit


def test_a_diagnostic_shows_place_line_caret_and_hint():
    error = CompileError(
        Source("let a = 1;\n\tlet = 2;", "hero.rhai"), 16, "Expecting a name", "X", "add one"
    )
    assert (error.line, error.column) == (2, 6)
    assert error.diagnostic() == (
        "hero.rhai:2:6: Expecting a name\n    2 | \tlet = 2;\n      | \t    ^\nhint: add one"
    )
    assert str(error) == "Expecting a name (line 2, position 6)"


def test_a_script_error_shows_its_calls():
    source = Source("fn f() { throw 1 }\nf()")
    error = ScriptError(source, 9, "Runtime error: 1", "ErrorRuntime", 1, (("f", 19),))
    assert error.diagnostic().splitlines() == [
        "script:1:10: Runtime error: 1",
        "    1 | fn f() { throw 1 }",
        "      |          ^",
        "  in f() at 2:1",
    ]
    assert isinstance(error, LangError)


def test_an_error_without_a_place_shows_none():
    error = ScriptError(Source("1 / 0"), NO_PLACE, "Division by zero", "ErrorArithmetic")
    assert (error.line, error.column) == (None, None)
    assert error.diagnostic() == "script: Division by zero"
    assert str(error) == "Division by zero"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("let a = 5 5;", "Expecting ';' to terminate this statement"),
        ("f(1 2)", "Expecting ',' to separate the arguments to function call 'f'"),
        ("[1 2]", "Expecting ',' to separate the items of this array literal"),
        ("a[1 2]", "Expecting ']' for a matching [ in this index expression"),
        ("if a = 2 {}", "Possibly a typo of '=='?"),
        ("if a print(1)", "Expecting '{' to start a statement block"),
        ("fn f {}", "Expecting parameters for function f"),
        ("fn f() 1", "Expecting body statement block for function f"),
        ("`a ${1 +} b`", "Unexpected '}'"),
        ("x = 2.5 2.5", "Expecting ';' to terminate this statement"),
        ("* 2.5", "Unexpected '*'"),
        ("a.2", "Expecting name of a property"),
        ("try {}", "Expecting 'catch' for the 'try' statement"),
        ("1 +", "Script is incomplete"),
    ],
)
def test_syntax_errors_say_what_is_missing(refuse, text, message):
    assert refuse(text).message == message
