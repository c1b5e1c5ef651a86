"""What a check says about a script, and what it keeps silent about."""

from pathlib import Path

import pytest

from engine.scripting.compiling import check_script

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]


def findings(text, *, strict=False):
    found = check_script(text, "x.rhai", strict=strict)
    return [(finding.line, finding.kind, finding.message) for finding in found]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("fn f() { let a = 1; }", "unused-variable", "nothing uses the variable 'a'"),
        ("if x() { let a = 1; }\nfn x() {}", "unused-variable", "nothing uses the variable 'a'"),
        ("fn f() { let a = 1; a = 2; }", "unread-variable", "'a' is assigned to, but nothing reads it"),
        ("fn f() { let a = 1; let a = 2; a }", "unused-variable", "nothing uses the variable 'a'"),
        ("fn f() { return 1; f() }", "unreachable", "nothing behind `return` is ever run"),
        ("loop { break; print(1); }", "unreachable", "nothing behind `break` is ever run"),
        ("fn f(a) { switch a { 1 => 2, 1 => 3 } }", "unreachable", "an earlier case takes this value"),
        ("fn f() { abc }", "unknown-variable", "no variable is called 'abc' here"),
        ("fn f() { abc = 1; }", "unknown-variable", "no variable is called 'abc' here"),
        ("fn f(a) { a == 1; a }", "no-effect", "the result of '==' is not used"),
        ("fn f() { f; 1 }", "no-effect", "this does nothing: its value is not used"),
        ("fn f() { if true { 1 } }", "constant-condition", "this condition is always true"),
        ("fn f() { while false { } }", "constant-condition", "this block never runs"),
        ("fn f(a) { a = a; a }", "same-sides", "a variable is assigned to itself"),
        ("fn f(a) { a < a }", "same-sides", "a variable is compared with itself"),
        ("fn f() { 1 == `a` }", "constant-comparison",
         "a number and a string have nothing to compare: this is always false"),
        ("fn on_colision(a) {}", "unknown-callback",
         "nothing calls 'on_colision'; did you mean `on_collision`?"),
        ("fn distance(a, b) { 1 }", "hidden-function",
         "'distance' hides the function of that name that every script can call"),
    ],
)  # fmt: skip
def test_a_warning(text, kind, message):
    assert findings(text) == [(1, kind, message)]


def test_every_unknown_call_and_wrong_count_is_an_error():
    text = "fn on_update() {\n    get_postion(entity_id);\n    move_towards(1);\n    f();\n}\nfn f(a) { a }"
    found = check_script(text, "x.rhai")
    assert [(finding.line, finding.severity) for finding in found] == [
        (2, "error"),
        (3, "error"),
        (4, "error"),
    ]
    assert [finding.message for finding in found] == [
        "Function not found: get_postion",
        "`move_towards(e, target, max_step)` takes 3 arguments, not 1",
        "'f' takes 1 argument, not 0",
    ]
    assert found[0].hint == "did you mean `get_position`?"


def test_hints_name_what_is_in_reach():
    (found,) = check_script("let speed = 1;\nfn on_update() { sped = 2; }", "x.rhai")
    assert found.text.endswith("hint: did you mean `speed`?")
    (found,) = check_script("fn f() { total = 2; }", "x.rhai")
    assert found.hint == "`let total = …` makes a new variable"


def test_eval_is_off_for_entity_scripts_and_says_so():
    (found,) = check_script('fn on_update() { eval("1") }', "x.rhai")
    assert found.hint.startswith("`eval` is off for entity scripts")


def test_plain_rhai_functions_see_no_variables_of_the_script():
    ((_, kind, message),) = findings("let a = 1;\nfn f() { a }", strict=True)
    assert (kind, message) == ("unknown-variable", "a function does not see the script's variable 'a'")
    assert findings("x + 1", strict=True) == []  # the host may have put it there
    assert findings("lend_me(1)", strict=True) == []
    assert [kind for _, kind, _ in findings("lenn(1); fn f(a) { a } f()", strict=True)] == [
        "unknown-function"
    ] * 2


@pytest.mark.parametrize(
    "text",
    [
        "fn f() { let a = 1; || a }",
        "fn f() { let a = 1; `${a}` }",
        "fn f() { let m = #{}; m.a = 1; }",
        "fn f() { let a = 1; g!(); }\nfn g() { a }",
        'fn f() { is_def_var(`abc`) && is_def_var("abc") && abc > 1 }',
        "fn f(unused) { for i in 0..3 { print(`x`); } try { f(1) } catch (e) { } }",
        "let state = 1; const LIMIT = 2; fn f() { state = LIMIT; tick + delta_time + entity_id }",
        "fn f() { while true { break; } loop { break } }",
        "fn f(x) { x != x }",
        "fn f(x) { f(x); x.f(); x.g(1).h; }",
        'fn f(x) { let g = f; g.call(x); Fn("f").call(1); }',
        "fn f() { return; }\nfn g() { throw 1 }",
        "fn f(x) { switch x { 1 if x > 2 => 3, 1 => 4, _ => 5 } }",
        'import "m" as m; fn f() { anything }',
    ],
)  # fmt: skip
def test_no_warning(text):
    assert findings(text) == []


@pytest.mark.parametrize("folder", ["examples", "benchmarks"])
def test_good_scripts_are_left_alone(folder):
    files = sorted((ROOT / folder).rglob("*.rhai"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        if file.parent.name in ("tests", "plugin"):  # which call what only tests, or a plugin, give
            continue
        entity = "peers" not in file.parts and folder == "examples"
        assert findings(text, strict=not entity) == [], file


def test_scripts_of_the_kit_that_run_have_no_errors(tmp_path):
    for file in sorted((ROOT / "tests" / "scripts").rglob("*.rhai")):
        text = file.read_text(encoding="utf-8")
        if "expect" in text and "error" not in text and "fault" not in text:
            strict = "state" not in file.parts and "vectors" not in file.parts
            assert [f for f in check_script(text, file.name, strict=strict) if f.severity == "error"] == []
