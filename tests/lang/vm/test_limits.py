"""Limits strike at their edge, at the same place every time, and no script can catch them."""

import pytest

from lang.errors import ScriptError
from lang.limits import ENTITY_LIMITS, Limits
from lang.optimise.passes import ALL_PASSES, NO_PASSES

pytestmark = pytest.mark.security

COUNTING = "let n = 0;\nfor i in 0..20 {\n  n += i;\n  n = n * 2;\n}\n[n, `${n}`]"


@pytest.fixture(params=[ALL_PASSES, NO_PASSES], ids=["optimised", "plain"])
def run(machine, compiled, request):
    """Run a text's top level in an instance of its own; returns its value as a Python value."""

    def run(text, mode="vectors", **limits):
        machine.set_limits(Limits(**limits))
        instance = machine.create(compiled(text, mode, passes=request.param))
        try:
            return machine.run_top_level(instance)
        finally:
            machine.destroy(instance)

    return run


@pytest.fixture
def failure(run):
    """Return the error of a run."""

    def failure(text, mode="vectors", **limits):
        with pytest.raises(ScriptError) as caught:
            run(text, mode, **limits)
        return caught.value

    return failure


def test_the_last_operation_decides(run, failure, machine):
    value = run(COUNTING)
    needed = machine.spent
    assert run(COUNTING, operations=needed) == value
    assert machine.spent == needed
    error = failure(COUNTING, operations=needed - 1)
    assert (error.kind, error.line) == ("ErrorTooManyOperations", 6)


def test_fewer_operations_never_get_farther(failure, run, machine):
    run(COUNTING)
    places = [failure(COUNTING, operations=n).at for n in range(1, machine.spent, 3)]
    again = [failure(COUNTING, operations=n).at for n in range(1, machine.spent, 3)]
    assert places == again


def test_slices_do_not_show(run, machine, monkeypatch):
    run(COUNTING)
    whole = machine.spent
    monkeypatch.setattr("lang.machine.SLICE_OPERATIONS", 7)
    run(COUNTING)
    assert machine.spent == whole


@pytest.mark.parametrize("depth", [1, 5, 64])
def test_call_depth(run, failure, depth):
    text = f"fn down(n) {{ if n == 0 {{ 0 }} else {{ 1 + down(n - 1) }} }} down({depth - 1})"
    assert run(text, call_depth=depth) == depth - 1
    assert failure(text, call_depth=depth - 1).kind == "ErrorStackOverflow"


def test_call_depth_beyond_the_first_room_for_frames(run):
    text = "fn down(n) { if n == 0 { 0 } else { 1 + down(n - 1) } } down(1500)"
    assert run(text, call_depth=100_000) == 1500


def test_registers_run_out_before_anything_breaks(failure):
    text = "fn down(n) { down(n + 1) } down(0)"
    assert failure(text, call_depth=10_000_000).kind == "ErrorStackOverflow"


@pytest.mark.parametrize(
    ("text", "limits", "kind"),
    [
        ('let s = "{}"; s += "ab"; s.len()', {"string_bytes": 12}, "ErrorDataTooLarge"),
        ("let a = []; for i in 0..12 { a.push(i); } a.len()", {"array_elements": 12}, "ErrorDataTooLarge"),
        ("let m = #{}; for i in 0..12 { m[`${i}`] = i; } m.len()", {"map_entries": 12}, "ErrorDataTooLarge"),
        ("[1,2,3,4,5,6,7,8,9,10,11,12].len()", {"array_elements": 12}, "ErrorDataTooLarge"),
    ],
)
def test_sizes(run, failure, text, limits, kind):
    text = text.replace("{}", "0123456789", 1) if "{}" in text and "string" in str(limits) else text
    assert run(text, **limits) == 12
    ((name, most),) = limits.items()
    assert failure(text, **{name: most - 1}).kind == kind


def test_memory(run, failure):
    text = "let a = []; for i in 0..200 { a.push([i, i]); } a.len()"
    least = 1000
    while True:
        try:
            run(text, memory=least)
            break
        except ScriptError as error:
            assert error.kind == "ErrorDataTooLarge"  # noqa: PT017 - most of the runs fail
            least += 500
    assert 200 * 7 * 8 <= least <= 4 * 200 * 9 * 8
    for memory in range(1000, least, 2500):
        assert failure(text, memory=memory).kind == "ErrorDataTooLarge"


@pytest.mark.parametrize(
    ("body", "limits", "kind"),
    [
        ("loop { }", {"operations": 500}, "ErrorTooManyOperations"),
        ("down(0)", {"call_depth": 9}, "ErrorStackOverflow"),
        ('let s = "ab"; loop { s += s; }', {"string_bytes": 99}, "ErrorDataTooLarge"),
        ("let a = [1]; loop { a += a; }", {"array_elements": 99}, "ErrorDataTooLarge"),
        ("let a = [1]; loop { a = [a, a]; }", {"memory": 9999}, "ErrorDataTooLarge"),
        ("loop { }", {"seconds": 0.0, "operations": 10**12}, "ErrorTerminated"),
    ],
)
def test_no_limit_can_be_caught(failure, machine, body, limits, kind):
    printed = []
    machine.on_print = printed.append
    text = f'fn down(n) {{ down(n + 1) }} try {{ {body} }} catch {{ print("caught"); }} print("after");'
    assert failure(text, **limits).kind == kind
    assert printed == []


HOSTILE = {
    "loop": "loop {}",
    "range": "for i in 0..9223372036854775807 { }",
    "widest range": "for i in -9223372036854775807..9223372036854775807 { }",
    "ranges in ranges": "for a in 0..1000000000 { for b in 0..1000000000 { } }",
    "recursion": "fn f(n) { f(n + 1) } f(0)",
    "recursion of a closure": "let f = |g| g.call(g); f.call(f)",
    "recursion of a method": "fn m() { this.m() } let x = 1; x.m()",
    "recursion through the prelude": "fn f(x) { [x].map(f) } f(1)",
    "recursion by name": 'fn f() { Fn("f").call() } f()',
    "recursion of an object": "let o = #{ again: || this.again() }; o.again()",
    "doubled string": 'let s = "0123456789"; loop { s += s; }',
    "doubled template": 'let s = "0123456789"; loop { s = `${s}${s}`; }',
    "doubled array": "let a = [1]; loop { a += a; }",
    "array in itself": "let a = []; loop { a.push(a); }",
    "bushy array": "let a = []; loop { a = [a, a]; }",
    "deep array": "let a = []; loop { a = [a]; }",
    "growing map": "let m = #{}; let i = 0; loop { m[`k${i}`] = i; i += 1; }",
    "bushy map": "let m = #{}; loop { m = #{a: m, b: m}; }",
    "chain of closures": "let f = || 1; loop { let g = f; f = || g.call(); }",
    "cells": "let a = 0; let fs = []; loop { fs.push(|| a); }",
    "comparing arrays": "let a = []; for i in 0..1000 { a.push(i); } let b = a; loop { a == b; }",
    "comparing strings": 'let s = "a"; for i in 0..15 { s += s; } let t = s + "a"; s += "a"; loop { t==s; }',
    "searching an array": "let a = []; for i in 0..1000 { a.push(i); } loop { -1 in a; }",
    "quadratic search": 'let s = "a"; for i in 0..14 { s += s; } let t = s + "b"; s += s; loop { t in s; }',
    "far characters": 'let s = "é"; for i in 0..15 { s += s; } loop { s[30000]; }',
    "long keys": 'let s = "a"; for i in 0..14 { s += s; } let m = #{}; m[s + "b"] = 1; loop { m[s + "c"]; }',
    "printing arrays": "let a = []; for i in 0..1000 { a.push(i); } loop { print(a); }",
    "printing": 'loop { print("x"); }',
    "catching": "loop { try { 1 / 0; } catch (e) { } }",
    "throwing arrays": "let a = []; for i in 0..500 { a.push(i); } loop { try { throw a; } catch (e) { } }",
    "powers": "let x = 2.5; loop { x ** 3.7; }",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_scripts_end_soon(failure, name):
    """Under an entity's limits nothing runs for long; 0.5 s is 50 times what any of these takes."""
    limits = {field: getattr(ENTITY_LIMITS, field) for field in Limits.__dataclass_fields__}
    error = failure(HOSTILE[name], **{**limits, "seconds": 60.0})
    assert error.kind in {"ErrorTooManyOperations", "ErrorStackOverflow", "ErrorDataTooLarge"}
    assert error.line == 1
    assert error.diagnostic()


DEEP = "let a = []; for i in 0..1500 { a = [a]; } "


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "throw a",
        "print(a)",
        '"" + a',
        "a * 2",
        "let r = 0; try { throw a; } catch (e) { r = e; } r",
        "#{x: a}",
        "`${a}`",
    ],
)
def test_deep_values_do_not_break_the_host(failure, text):
    error = failure(DEEP + text)
    assert error.kind in {"ErrorDataTooLarge", "ErrorFunctionNotFound"}


def test_deep_values_can_be_compared_and_copied(run):
    assert run(DEEP + "let b = a; b == a") is True
    assert run(DEEP + "let b = []; for i in 0..1499 { b = [b]; } b == a") is False


def test_no_room_for_what_a_handler_gets(failure, run):
    """An error is caught while the memory is full: the run ends with the limit, not with a host's fault."""
    text = "let a = [];\nlet n = 0;\nloop { a.push(n); try { 1 / 0; } catch (e) { n += 1; } }"
    for memory in range(4000, 6000, 56):
        assert failure(text, memory=memory, operations=10**6).kind == "ErrorDataTooLarge"
    assert run("1") == 1


def test_arguments_too_large_for_the_instance(machine, compiled):
    program = compiled("fn f(x) { x }")
    machine.set_limits(Limits(memory=1000))
    instance = machine.create(program)
    with pytest.raises(ScriptError) as caught:
        machine.call(instance, program.callbacks["f"], (list(range(10_000)),))
    assert caught.value.kind == "ErrorDataTooLarge"
    assert machine.call(instance, program.callbacks["f"], (5,)) == 5
    machine.destroy(instance)


@pytest.mark.parametrize("count", [200, 40_000])
def test_long_literals_fit_the_registers(run, count):
    text = "[" + ", ".join(map(str, range(count))) + "]"
    assert run(text)[-1] == count - 1


def test_programs_too_large_are_refused(compiled):
    from lang.errors import CompileError

    distinct = "; ".join(f"x = {n}.5" for n in range(66_000))
    with pytest.raises(CompileError, match="too many constants"):
        compiled("let x = 0.0; " + distinct)
    many = "; ".join(f"let v{n} = {n}" for n in range(5000))
    with pytest.raises(CompileError, match="too many variables"):
        compiled(many)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("s.chars()", "ErrorDataTooLarge"),
        ("s.chars", "ErrorDataTooLarge"),
        ("range(0.0, 1.0 / 0.0, 1.0)", "ErrorDataTooLarge"),
        ("range(9007199254740992.0, 9007199254740994.0, 0.5)", "ErrorDataTooLarge"),
        ("parse_json(s)", "ErrorTooManyOperations"),
    ],
)
def test_what_python_would_do_for_long_is_refused_before_it_begins(failure, monkeypatch, text, kind):
    def never(*_):
        raise AssertionError

    monkeypatch.setattr("lang.stdlib.strings.Char", never)
    monkeypatch.setattr("lang.stdlib.parsing.read_json", never)
    limits = {name: getattr(ENTITY_LIMITS, name) for name in ("operations", "array_elements")}
    assert failure(f'let s = ""; s.pad(200_000, "1,"); {text}', **limits).kind == kind


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("p", "f"),
        ("[p, #{a: p}][1].a", "f"),
        ("`${p}`", "Fn(f)"),
        ("try { throw p; } catch (e) { return e; }", "f"),
    ],
)
def test_pointers_that_hold_each_other_are_read_once(run, text, shown):
    """As a tree, what this one carries would have 3 ** 40 leaves."""
    value = run('fn f(a) { } let p = Fn("f"); for i in 0..40 { p = p.curry(p).curry(p); } ' + text)
    assert getattr(value, "name", value) == shown


@pytest.mark.parametrize("text", ["a < a", "a + 1", "-a", "a.x", "a[a]", "[f] == [f]"])
def test_an_error_about_types_does_not_read_values(failure, monkeypatch, text):
    monkeypatch.setattr("lang.heap.convert.Memory._container", None)
    error = failure(f"let a = [1, 2, 3]; let f = |x| x; {text}")
    assert error.kind in ("ErrorFunctionNotFound", "ErrorDotExpr", "ErrorMismatchDataType")
