"""Statements and places of the tree, and the rules that the grammar cannot say."""

import pytest

from lang.source import Source
from lang.syntax import ast
from lang.syntax.parser import parse

pytestmark = pytest.mark.unit


def statements(text, **options):
    return parse(Source(text), **options).statements


def test_blocks_at_the_start_of_a_statement_end_it():
    block, number = statements("{ 5 } - 3")
    assert isinstance(block.expr, ast.Block)
    assert number.expr.value == -3
    let, name = statements("let x = { 5 } - 3; y")
    assert isinstance(let.value, ast.Binary)
    assert name.expr.name == "y"


def test_places_are_those_that_errors_name():
    (statement,) = statements("  a.b(c)[d]?.e += f(1)")
    assert statement.at == 15
    target = statement.target
    assert (target.at, target.dot, target.safe) == (13, 11, True)
    index = target.target
    assert index.at == 8
    method = index.target
    assert (method.at, method.dot, method.name) == (4, 3, "b")
    assert statement.value.at == 18


def test_declarations_keep_the_places_of_names():
    let, const, export = statements("let a; const B = 1; export let c = 2;")
    assert (let.name, let.name_at, let.value, let.constant) == ("a", 4, None, False)
    assert (const.name, const.name_at, const.constant) == ("B", 13, True)
    assert (export.name_at, export.export, export.at) == (31, True, 20)


def test_functions_have_types_documentation_and_places():
    text = '/// Adds.\n/// Twice.\nprivate fn f(a, b,) { a }\nfn int.g() {}\n/** Block. */\nfn "Fn".h(x) {}'
    f, g, h = statements(text)
    assert (f.name, f.parameters, f.private, f.this_type) == ("f", ("a", "b"), True, None)
    assert f.doc == "/// Adds.\n/// Twice."
    assert (f.at, f.name_at) == (text.index("private"), text.index("f(a"))
    assert (g.this_type, g.doc) == ("int", "")
    assert (h.this_type, h.doc) == ("Fn", "/** Block. */")


def test_a_switch_holds_literal_patterns_guards_and_statements():
    (switch,) = statements(
        "switch x { 1 | 'c' if y => { 2 } -3..=5 => return 1, [1, #{a: 2}] => (), _ => z = 1 }"
    )
    first, second, third, default = switch.expr.arms
    assert [type(p) for p in first.patterns] == [ast.Int, ast.Char]
    assert first.guard.name == "y"
    assert second.patterns[0].start.value == -3
    assert isinstance(second.body.statements[0], ast.Return)
    assert isinstance(third.patterns[0], ast.Array)
    assert (default.patterns, default.guard) == ((), None)


def test_loops_try_and_imports_are_read():
    for_, do, try_, import_ = statements(
        'for (x, i) in y {} do {} until z; try {} catch (e) {} import "m" as n;'
    )
    assert (for_.expr.variable, for_.expr.counter, for_.expr.counter_at) == ("x", "i", 8)
    assert do.expr.until
    assert try_.variable == "e"
    assert import_.alias == "n"


def test_paths_and_calls():
    path, call, bang = statements("global::A; a::b::f(1); g!();")
    assert path.expr.segments == ("global", "A")
    assert (call.expr.path, call.expr.name, call.expr.at) == (("a", "b"), "f", 17)
    assert bang.expr.bang


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("const X = 1; X = 2;", 14),
        ("const X = 1; || { X += 2 }", 19),
        ("export const A = 5; A = 6;", 21),
        ("{ const X = 1; { let X = 2; X = 3; } X = 4; }", 38),
    ],
)
def test_constants_are_not_assigned_to(refuse, text, column):
    error = refuse(text)
    assert (error.kind, error.column) == ("AssignmentToConstant", column)


@pytest.mark.parametrize(
    "text",
    [
        "const X = 1; let X = 2; X = 3;",
        "const X = 1; fn f() { X = 3 }",
        "const X = 1; fn f(X) { X = 3 }",
        "{ const X = 1; } X = 2;",
        "const X = [1]; X[0] = 2; X.y = 3;",
        "const X = 1; for X in 0..3 { X = 1; }",
        "const X = 1; try {} catch (X) { X = 1; }",
    ],
)
def test_what_hides_a_constant_may_be_assigned_to(text):
    assert statements(text)


def test_constants_of_an_outer_scope_are_known(refuse):
    assert refuse("X = 1", constants=["X"]).kind == "AssignmentToConstant"
    assert statements("let X = 2; X = 1", constants=["X"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("break", "LoopBreak"),
        ("loop { || break }", "LoopBreak"),
        ("while true {} continue", "LoopBreak"),
        ("this", "BadInput"),
        ("{ fn f() {} }", "WrongFnDefinition"),
        ("{ export x; }", "WrongExport"),
        ("fn f() {} fn f() {}", "FnDuplicatedDefinition"),
        ("fn f(a, a) {}", "FnDuplicatedParam"),
        ('#{a: 1, "a": 2}', "DuplicatedProperty"),
        ("for (a, a) in b {}", "DuplicatedVariable"),
        ("if 1 {}", "MismatchedType"),
        ("x && 1", "MismatchedType"),
        ("for x in 5 {}", "MismatchedType"),
        ("if {} {}", "ExprExpected"),
        ("f() = 1", "AssignmentToInvalidLHS"),
        ("let new = 1", "Reserved"),
        ("x.print()", "Reserved"),
    ],
)
def test_rules_beyond_the_grammar(refuse, text, kind):
    assert refuse(text).kind == kind


@pytest.mark.parametrize(
    "text",
    ["|| this", "fn f() { this }", "loop { break 1 }", "fn int.f() {} fn f() {} fn f(a) {}", "x.call(1)"],
)
def test_rules_allow(text):
    assert statements(text)


def test_the_first_error_in_the_text_wins(refuse):
    assert refuse('break; let = 1; "open').column == 1
    assert refuse('let a = 1; let = 1; break; "open').column == 16
    assert refuse('let a = "ok"; "open\nlet = 1').column == 15
