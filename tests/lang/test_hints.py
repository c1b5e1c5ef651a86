"""Hints on failed runs: looked for when the diagnostic is read."""

import pytest

from lang import Interpreter, Scope, ScriptError

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def interpreter():
    return Interpreter(vectors=True)


def hint_of(interpreter, text, scope=None):
    with pytest.raises(ScriptError) as caught:
        interpreter.run(text, scope)
    return caught.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("let total = 1; totl", "did you mean `total`?"),
        ("fn f(speed) { sped } f(1)", "did you mean `speed`?"),
        ("for item in [1] { itme }", "did you mean `item`?"),
        ("let f = |radius| radus; f.call(1)", "did you mean `radius`?"),
        ("try { throw 1 } catch (problem) { problm }", "did you mean `problem`?"),
        ("if true { let inside = 1; } insid", None),
        ("fn add_up() { 1 } ad_up", "did you mean `add_up`?"),
        ("True", "write `true`"),
        ("None", "write `()`"),
        ("[1].sotr()", "did you mean `sort`?"),
        ("[1].length()", "did you mean `len`?"),
        ("[1].length", "did you mean `len`?"),
        ("println(1)", "did you mean `print`?"),
        ("pow(1, 2)", "write `a ** b`"),
        ("fn f(a) { a } f(1, 2)", "'f' takes 1 argument, not 2"),
        ("fn f(a) { a } fn f(a, b) { a } f()", "'f' takes 1 or 2 arguments, not 0"),
        ("let f = |x| x; f(1)", "`f` is a variable: call the function in it by `f.call(…)`"),
        ('abs("a")', None),
        ("if 1 == 1 { let x = 1; if x { } }", "a condition is true or false: compare, `x != 0`, `x != ()`"),
        ("[1, 2][2]", "the first index is 0, the last is one less than the length"),
        ("[][0]", None),
        ("let m = #{}; m.a.b", "there is no value before the point; `?.` goes on only where there is one"),
        ("fn f(n) { f(n) } f(1)", "does a function call itself without an end?"),
        ("loop { }", "is there a loop that does not end?"),
        ('throw "Variable not found: x"', None),
        ("1 / 0", None),
    ],
)  # fmt: skip
def test_a_hint(interpreter, text, hint):
    assert hint_of(interpreter, text) == hint


def test_functions_do_not_see_the_scripts_variables(interpreter):
    text = "let speed = 1; fn f() { speed } f()"
    assert hint_of(interpreter, text).startswith("functions do not see the variables of the script")


def test_a_state_variable_without_a_value(interpreter):
    hint = "its `let` has not run yet"
    assert hint_of(interpreter, "fn f() { later } f(); let later = 1;", Scope(state=True)) == hint
    scope = Scope(total=1, state=True)
    assert hint_of(interpreter, "fn f() { totl } f()", scope) == "did you mean `total`?"
    assert hint_of(interpreter, "fn g() { else_where } g()", scope) == hint


def test_names_of_a_scope_are_in_reach(interpreter):
    scope = Scope(total=1)
    assert hint_of(interpreter, "totl", scope) == "did you mean `total`?"
    interpreter.run("fn f(speed) { sped }", scope)
    interpreter.run("let later = 1;", scope)
    assert hint_of(interpreter, "f(1)", scope) == "did you mean `speed`?"


def test_a_rethrown_error_has_no_hint_of_its_place(interpreter):
    assert hint_of(interpreter, "let total = 1; try { totl } catch (e) { throw e }") is None


def test_a_diagnostic_ends_with_the_hint_and_names_types_shortly(interpreter):
    with pytest.raises(ScriptError) as caught:
        interpreter.run('fn f(a) {\n  lenn(a)\n}\nf("x")')
    assert caught.value.message == "Function not found: lenn (&str | ImmutableString | String)"
    assert caught.value.diagnostic().splitlines() == [
        "script:2:3: Function not found: lenn (string)",
        "    2 |   lenn(a)",
        "      |   ^",
        "  in f() at 4:1",
        "hint: did you mean `len`?",
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("let down = |n| down.call(n); down.call(1)", None),
        ("let f = abs; f", 'a built-in function as a value is written `Fn("abs")`'),
        ("let o = #{ hp: 5 }; o.hp()", "`hp` is a property: it is read without parentheses"),
        ("let none = (); none - 1", "`()` stands for no value: was something not found, or not set yet?"),
        ("let n = 6; n & 2 == 2", "comparisons bind closer: write `(a & b) == c`"),
        ("'a'.len", None),
        ("[1, 2][0..1]", "a part of an array is `a.extract(0..2)`, of a string `s.sub_string(0..2)`"),
        ("let n = 1; n[0] = 1;", None),
        ("foo::bar(1)", '`import "file" as foo` comes first'),
        ("let u = (); u[0]", "there is no value before the bracket; `?[` goes on only where there is one"),
        ("let a = [1]; a.map(|x| a.len())",
         "what a method works on cannot be used by the function it calls: copy it before"),
    ],
)  # fmt: skip
def test_more_hints(interpreter, text, hint):
    assert hint_of(interpreter, text) == hint


def test_a_closure_on_the_stack_has_no_made_up_name(interpreter):
    with pytest.raises(ScriptError) as caught:
        interpreter.run("let f = |x| x / 0;\nf.call(1)")
    assert "  in a closure at 2:3" in caught.value.diagnostic().splitlines()
