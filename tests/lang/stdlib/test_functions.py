"""Built-in functions, each with a script and what it comes to (the host's debug form)."""

from __future__ import annotations

import pytest

from lang.evaluate import Evaluator

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def evaluator():
    return Evaluator()


VALUES = [
    # arrays change in place, and what they give away is no longer theirs
    ("let a = [3]; a.push([1]); let b = a.pop(); b.push(2); [a, b]", "[[3], [1, 2]]"),
    ("let a = [1, 2, 3, 4]; let b = a.drain(1..3); b.push(9); [a, b]", "[[1, 4], [2, 3, 9]]"),
    ("let a = [1, 2, 3, 4]; let b = a.retain(1..3); [a, b]", "[[2, 3], [1, 4]]"),
    ("let a = [[1], [2]]; let b = a.extract(0, 1); b[0].push(9); [a, b]", "[[[1], [2]], [[1, 9]]]"),
    ("let a = [1, 2, 3]; a.splice(1, 1, [7, 8, 9]); a.splice(0..1, []); a", "[7, 8, 9, 3]"),
    ("let a = [#{x: 1}]; a.pad(3, #{x: 2}); a[1].x = 5; a", '[#{"x": 1}, #{"x": 5}, #{"x": 2}]'),
    ("let m = #{list: [1]}; m.list.push(2); m.list.reverse(); m", '#{"list": [2, 1]}'),
    ("let a = [1]; push(a, 2); a", "[1, 2]"),
    ("const A = [1]; let b = A; b.push(2); [A, b]", "[[1], [1, 2]]"),
    # functions that call back
    ("let o = #{n: 1}; o.find = |k| this.n + k; o.find(2)", "3"),
    ("let o = #{}; o.sort = 5; o.filter(|k, v| v == 5)", '#{"sort": 5}'),
    ("[3, 1, 2].map(|x, i| x * 10 + i)", "[30, 11, 22]"),
    ("let n = 10; [1, 2].map(|x| x + n)", "[11, 12]"),
    ("let a = [1, 2, 3]; a.for_each(|i| this += i); a", "[1, 3, 5]"),
    ("let f = [|x| x + 1, |x| x * 2]; f.map(|g| g.call(5))", "[6, 10]"),
    ("let m = #{run: |x| x + 1}; let n = #{stop: 1}; m.mixin(n); m.run(4)", "5"),
    ("let f = |x| x; let m = #{f: f}; let c = m + #{}; c.f.call(3)", "3"),
    ("[5, 3, 9].sort(|a, b| b - a)", "()"),
    (
        "let a = [[2, 'a'], [1, 'b'], [2, 'c']]; a.sort(|x, y| x[0] - y[0]); a.map(|x| x[1])",
        "['b', 'a', 'c']",
    ),
    ("[1, 2, 3, 4].filter(|x| x % 2 == 0).reduce(|s, x| s + x, 0)", "6"),
    ("#{a: 1, b: 2}.map(|k, v| k + v)", '#{"a": "a1", "b": "b2"}'),
    ("let total = 0; [1, 2].for_each(|| total += 1); total", "2"),
    ('["x"].map("to_upper")', '["X"]'),
    # strings and ints are replaced where they stand
    ('let m = #{s: " x "}; m.s.trim(); m', '#{"s": "x"}'),
    ('let a = ["ab"]; a[0].make_upper(); a', '["AB"]'),
    ("let a = [0]; a[0].set_bit(3, true); a", "[8]"),
    ('"héllo".index_of("l", -1)', "-1"),
    ('"a-b-c".split("-", 2)', '["a", "b-c"]'),
    # blobs change for everyone who holds them
    ("let m = #{b: blob(2, 1)}; m.b.push(3); m.b[0] = 9; m.b", "[090103]"),
    ("let b = blob(); for i in 0..20 { b.push(i); } [b.len, b[19], b.shift(), b.len]", "[20, 19, 0, 19]"),
    # numbers
    ("[max(1, 2.0), min('a', 'b'), (-7).abs(), (-2.5).round(), 2.5.to_int()]", "[2.0, 'a', 7, -3.0, 2]"),
    ("[sin(0.0), cos(0.0), exp(0.0), ln(1.0), atan(1.0, 0.0) == PI() / 2.0]", "[0.0, 1.0, 1.0, 0.0, true]"),
    # ranges and iterators
    ("let s = 0; for i in range(0, 10, 3) { s = s * 10 + i; } s", "369"),
    ("let r = range(3, 1); [r.is_empty, r.start, type_of(r)]", '[true, 3, "range"]'),
    ("let s = 0; for x in range(0.0, 1.0, 0.25) { s += 1; } s", "4"),
    # tags, pointers, leaving
    ("let x = [1]; x.tag = -5; x.push(2); [x.tag, x.len(), x == [1, 2]]", "[-5, 2, true]"),
    ("let f = |a, b, c| a + b + c; let g = f.curry(1).curry(2); [g.call(3), f.call(0, 0, 1)]", "[6, 1]"),
    ("for i in 0..9 { if i == 3 { exit(i); } }", "3"),
    ("let x = 5; let o = #{n: 1}; o.call(|v| this.n += v, x); o.n", "6"),
]


@pytest.mark.parametrize(("script", "value"), VALUES, ids=[script[:40] for script, _ in VALUES])
def test_a_script_comes_to(evaluator, script, value):
    outcome = evaluator.evaluate(script)
    assert (outcome.ok, outcome.value) == (True, value), outcome.message


FAULTS = [
    ("[1].push(1, 2)", "ErrorFunctionNotFound"),
    ("5.push(1)", "ErrorFunctionNotFound"),
    ("[1, 'a'].sort()", "ErrorFunctionNotFound"),
    ("[].sort(5)", "ErrorFunctionNotFound"),
    ("is_map([], 1)", "ErrorFunctionNotFound"),
    ("let a = []; a.pad(9000000000000000000, 0)", "ErrorDataTooLarge"),
    ('let s = "x"; s.pad(9000000000000000000, "y")', "ErrorDataTooLarge"),
    ('let s = "xy"; s.replace("x", s); loop { s.replace("y", s + s); }', "ErrorDataTooLarge"),
    ("blob(9000000000000000000)", "ErrorDataTooLarge"),
    ("let a = []; loop { a.push(a); }", "ErrorTooManyOperations"),
    ("range(0, 5, 0)", "ErrorArithmetic"),
    ("(-9223372036854775807 - 1).abs()", "ErrorArithmetic"),
    ("const L = [2, 1]; L.sort()", "ErrorNonPureMethodCallOnConstant"),
    ("const L = [2, 1]; L.retain(|x| x > 1)", "ErrorNonPureMethodCallOnConstant"),
    ("fn f() { f() } [1].map(|x| f())", "ErrorStackOverflow"),
]


@pytest.mark.parametrize(("script", "kind"), FAULTS, ids=[script[:40] for script, _ in FAULTS])
def test_a_script_fails(evaluator, script, kind):
    assert evaluator.evaluate(script).error == kind


def test_a_fault_of_the_prelude_is_told_at_the_call(evaluator):
    outcome = evaluator.evaluate("let x = 1;\n[1].map(5)")
    assert (outcome.error, outcome.line, outcome.pos) == ("ErrorFunctionNotFound", 2, 5)


def test_a_fault_in_a_callback_is_told_where_it_is(evaluator):
    outcome = evaluator.evaluate("[1].map(|x| {\n  x[true]\n})")
    assert (outcome.error, outcome.line) == ("ErrorMismatchDataType", 2)


def test_call_depth_is_whole_again_after_a_caught_fault_of_a_callback(evaluator):
    script = """
        fn deep(n) { if n > 0 { 1 + deep(n - 1) } else { 0 } }
        for i in 0..200 { try { [1].map(|x| x.nothing()); } catch { } }
        deep(60)
    """
    assert evaluator.evaluate(script).value == "60"


def test_collections_while_containers_are_made_change_nothing():
    script = """
        let all = [];
        for i in 0..300 {
            let m = #{name: "n" + i, list: [i, i + 1], f: |x| x + i};
            all.push(m);
            all = all.map(|e| e).filter(|e| true);
            if all.len() > 20 { all.shift(); }
        }
        let sum = 0;
        for e in all { sum += e.list[1]; if e.name != "n" + e.list[0] { throw e.name; } }
        sum
    """
    assert Evaluator().evaluate(script).value == str(sum(range(281, 301)))
