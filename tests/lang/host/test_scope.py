"""Scopes: variables and functions that scripts share one after another."""

from random import Random

import pytest
from comparing import is_script, plain
from generator import Generator

import lang
from lang.bytecode.verify import verify
from lang.source import Source
from lang.stdlib.text import host_debug

pytestmark = pytest.mark.integration


@pytest.fixture
def run(interpreter):
    return interpreter.run


class TestVariables:
    def test_go_in_and_come_out(self, run):
        scope = lang.Scope(x=20, items=[1, "two", {"k": 3.5}])
        assert run("let y = x + 1; x += 1; items.push(y); y", scope) == 21
        assert dict(scope) == {"x": 21, "items": [1, "two", {"k": 3.5}, 21], "y": 21}

    def test_can_be_changed_from_outside(self, run):
        scope = lang.Scope()
        run("let total = 0; let add = |n| total += n; add.call(3);", scope)
        scope["total"] = 100
        run("add.call(1);", scope)
        assert scope["total"] == 101
        scope["fresh"] = "new"
        assert run("fresh + total", scope) == "new101"

    def test_shadowing_replaces_and_puts_last(self, run):
        scope = lang.Scope(a=1, b=2)
        run("let seen = || a; let a = 10; a += 1;", scope)
        assert list(scope) == ["b", "seen", "a"]
        assert scope["a"] == 11
        assert run("seen.call()", scope) == 1
        run('let a = "text"; let a = a + "!";', scope)
        assert scope["a"] == "text!"

    def test_only_of_the_top_level(self, run):
        scope = lang.Scope()
        run("let a = 1; { let b = 2; a = b; } for c in 0..3 { let d = c; } if true { let e = 1; }", scope)
        assert dict(scope) == {"a": 2}

    def test_are_not_seen_by_functions(self, run):
        scope = lang.Scope(x=1)
        with pytest.raises(lang.ScriptError, match="Variable not found: x"):
            run("fn f() { x } f()", scope)
        assert run("fn g() { x } g!()", scope) == 1

    def test_of_a_script_that_fails_or_leaves_early(self, run):
        scope = lang.Scope(x=1)
        with pytest.raises(lang.ScriptError):
            run("x = 2; let a = [1]; a.push(x); let b = a[9]; let c = 3;", scope)
        assert dict(scope) == {"x": 2, "a": [1, 2]}
        run("fn stop() { exit(1) } let d = 4; if d == 4 { stop(); } let e = 5;", scope)
        run("let f = 6; if f == 6 { return 0; } let g = 7;", scope)
        assert list(scope) == ["x", "a", "d", "f"]

    def test_of_a_script_that_does_not_compile_stay(self, run):
        scope = lang.Scope(x=1)
        with pytest.raises(lang.CompileError):
            run("let y = 1; let z = ;", scope)
        assert dict(scope) == {"x": 1}

    def test_constants(self, run):
        scope = lang.Scope()
        scope.constant("LIMIT", 5)
        scope.constant("LIST", [1])
        for text in ("LIMIT = 1;", "LIMIT += 1;", "LIST[0] = 2;", "LIST.push(2);"):
            with pytest.raises(lang.ScriptError, match="constant"):
                run(text, scope)
        assert run("const OWN = 7; try { LIMIT = 1; } catch { } LIMIT + OWN", scope) == 12
        assert (scope.is_constant("OWN"), scope["LIST"]) == (True, [1])
        with pytest.raises(ValueError, match="constant"):
            scope["OWN"] = 1
        run("let OWN = 8; OWN += 1;", scope)
        assert (scope.is_constant("OWN"), scope["OWN"]) == (False, 9)

    def test_can_be_taken_out(self, run):
        scope = lang.Scope(a=1, b=2)
        run("a += b;", scope)
        del scope["a"]
        assert dict(scope) == {"b": 2}
        with pytest.raises(lang.ScriptError, match="Variable not found: a"):
            run("a", scope)
        with pytest.raises(KeyError):
            scope["a"]
        run("let a = 9;", scope)
        scope.clear()
        assert len(scope) == 0

    def test_values_that_scripts_cannot_hold(self, run):
        scope = lang.Scope(x=object())
        with pytest.raises(TypeError, match="cannot hold"):
            run("1", scope)
        scope["x"] = 1
        with pytest.raises(TypeError, match="cannot hold"):
            scope["y"] = object()
        assert run("x", scope) == 1
        with pytest.raises(ValueError, match="no name"):
            lang.Scope({"not a name": 1})


class TestFunctions:
    def test_stay(self, run):
        scope = lang.Scope()
        run("fn twice(n) { n * 2 } fn int.thrice() { this * 3 }", scope)
        assert run("twice(4) + 5.thrice()", scope) == 23
        assert run('Fn("twice").call(2)', scope) == 4
        assert scope.functions == {"twice": 1}
        run("fn twice(n) { n * 20 } fn twice(a, b) { a + b }", scope)
        assert run("[twice(4), twice(1, 2)]", scope) == [80, 3]
        assert run("let x = [1]; [1, 2].map(twice) + x", scope) == [20, 40, 1]

    def test_call_what_was_there_when_they_were_defined(self, run):
        scope = lang.Scope()
        run("fn one() { 1 } fn call_one() { one() }", scope)
        run("fn one() { 100 }", scope)
        assert run("[one(), call_one()]", scope) == [100, 1]

    def test_see_constants_of_their_own_script(self, run):
        scope = lang.Scope()
        run("const RATE = 3; fn rate() { global::RATE }", scope)
        assert run("const OTHER = 1; rate() + OTHER", scope) == 4

    def test_vanish_where_they_are_not_kept(self, run):
        scope = lang.Scope(keep_functions=False)
        run("fn twice(n) { n * 2 } let f = |n| twice(n) + 1; f.call(1);", scope)
        with pytest.raises(lang.ScriptError, match="Function not found: twice"):
            run("twice(4)", scope)
        assert run("f.call(4)", scope) == 9
        assert scope.functions == {}

    def test_errors_in_them_show_their_own_text(self, interpreter):
        scope = lang.Scope()
        interpreter.run(Source("fn fine() { 1 }\nfn broken(n) {\n  1 / n\n}", "first"), scope)
        interpreter.run(Source("let x = 1;", "second"), scope)
        with pytest.raises(lang.ScriptError) as caught:
            interpreter.run(Source("\n\n   broken(0)", "third"), scope)
        error = caught.value
        assert (error.line, error.column) == (3, 5)
        text = error.diagnostic()
        assert text.startswith("first:3:5: Division by zero: 1 / 0\n    3 |   1 / n\n")
        assert "in broken() at third:3:4" in text

    def test_running_the_same_text_again_costs_nothing(self, interpreter):
        scope = lang.Scope(n=0)
        sizes = []
        for _ in range(6):
            interpreter.run("fn up(x) { x + 1 } let f = |x| up(x); n = f.call(n);", scope)
            interpreter.run('n += 1; "text" + [n, n].map(|x| x + 1)[0]', scope)
            sizes.append(scope._room.base.code.size)
        assert scope["n"] == 12
        assert sizes[2] == sizes[-1]

    def test_closures_that_are_gone_leave_no_code(self, interpreter):
        scope = lang.Scope()
        for number in range(5):
            interpreter.run(f"let sum = [1, 2].map(|x| x + {number}).len();", scope)
        assert scope._room.base.code.size == interpreter._prelude.code.size


@pytest.fixture
def answers(run, interpreter):
    """Run texts one after another in a scope of state; return their values, of failures the message."""
    scope = lang.Scope(state=True)

    def run_all(*texts):
        found = []
        for text in texts:
            try:
                found.append(run(text, scope))
            except lang.LangError as error:
                found.append(error.message)
            if scope._room is not None:
                verify(scope._room.base, len(interpreter.native_names), interpreter._prelude)
        return found

    run_all.scope = scope
    return run_all


class TestState:
    def test_functions_of_any_script_see_and_change_variables(self, answers):
        assert answers(
            "fn seen() { [x, items.len()] } fn add(n) { items.push(n); x += n; }",
            "let x = 1; let items = [];",
            "add(4); fn later() { x * 10 }",
            "[seen(), later(), x, items]",
        )[3] == [[5, 1], 50, 5, [4]]  # fmt: skip

    def test_a_variable_has_no_value_before_its_let_has_run(self, answers):
        assert answers(
            "fn f() { x } fn g(n) { x = n; } let h = || x;",
            "f()", "g(1)", "h.call()", "x",
            "let x = 1 / 0;", "f()",
            "let x = 2;", "g(f() + h.call()); x",
        ) == [
            None,
            *["Variable not found: x"] * 4,
            "Division by zero: 1 / 0", "Variable not found: x",
            None, 4,
        ]  # fmt: skip

    def test_it_can_be_asked_whether_a_let_has_run(self, answers, interpreter):
        answers('fn f(own) { [is_def_var("x"), is_def_var("own"), is_def_var("other")] }')
        assert answers("f(1)", "let x = 0; f(1)") == [[False, True, False], [True, True, False]]
        script = 'fn f() { is_def_var("x") } let early = [f(), is_def_var("x")]; let x = 1; let late = f();'
        assert dict(interpreter.instance(script)) == {"early": [False, False], "x": 1, "late": True}

    def test_declaring_again_replaces_the_value_for_all(self, answers):
        found = answers("let x = [1]; fn f() { x } let h = || x;", 'let x = "a" + x;', "[f(), h.call(), x]")
        assert found[2] == ["a[1]"] * 3
        assert list(answers.scope) == ["h", "x"]

    def test_closures_capture_no_state(self, answers):
        assert answers("let n = 0; let up = || n += 1;", "up.call(); n = 10; up.call();", "n") == [
            None,
            None,
            11,
        ]
        assert answers("{ let own = 5; up = || { own += n; own } }", "up.call()", "n = 1; up.call()") == [
            None, 16, 17,
        ]  # fmt: skip

    def test_constants(self, answers):
        refused = "Cannot assign to constant K"
        found = answers(
            "const K = [5]; fn f() { K } fn g() { global::K[0] }",
            "K = 6;",
            "fn h() { K += 1; }",
            "[f(), g()]",
        )
        assert found == [None, refused, refused, [[5], 5]]
        assert "constant" in answers("K.push(1)")[0]
        assert answers.scope.is_constant("K")
        assert answers("let K = 7; K += 1;", "fn h() { K += 1; f() }", "h()") == [None, None, 9]
        assert not answers.scope.is_constant("K")

    def test_a_function_defined_again_is_called_by_earlier_ones(self, answers):
        text = "fn one() { try { throw 1 } catch (e) { return e; } } fn one(a) { a } fn int.up() { this + 1 }"
        answers(text, "fn two() { one() + one(5).up() } let kept = one;")
        assert answers("two()", "fn one() { count += 1; 20 }", "two()", "let count = 0;", "two()") == [
            7, None, "Variable not found: count", None, 26,
        ]  # fmt: skip
        assert answers("fn int.up() { this + 100 }", "[two(), kept.call(), count]") == [
            None,
            [125, 20, 3],
        ]
        assert answers.scope.functions == {"two": 0, "one": 1}
        assert answers("fn two() { unknown() }", "two()") == ["Function not found: unknown", 125]

    def test_a_name_may_become_a_function_or_a_variable(self, answers):
        assert answers("fn f() { [1].map(twice) }", "fn twice(n) { n * 2 }", "[1].map(twice)", "f()") == [
            None, None, [2], "Variable not found: twice",
        ]  # fmt: skip
        assert answers("let twice = |n| n * 3;", "[[1].map(twice), f(), twice(1)]") == [None, [[3], [3], 2]]

    def test_is_changed_from_outside(self, answers, interpreter):
        scope = answers.scope
        scope["x"] = 1
        answers("fn f() { x }")
        scope["x"] = 2
        assert answers("f()", "x += 1") == [2, None]
        assert interpreter.call(scope, "f") == scope["x"] == 3
        del scope["x"]
        assert answers("f()", "x", "let x = 9; f()") == ["Variable not found: x"] * 2 + [9]


def test_a_scope_belongs_to_one_interpreter(interpreter):
    scope = lang.Scope(x=1)
    interpreter.run("x", scope)
    with pytest.raises(ValueError, match="another interpreter"):
        lang.Interpreter().run("x", scope)
    with pytest.raises(TypeError, match="as text"):
        interpreter.run(interpreter.compile("1"), scope)


def pieces_of(lines):
    """The statements of a program one by one, each on the lines where it stands."""
    pieces, first = [], 0
    for end in range(1, len(lines) + 1):
        if is_script(lines[first:end]):
            pieces.append("\n".join([""] * first + lines[first:end]))
            first = end
    return pieces


@pytest.mark.parametrize("state", [False, True])
@pytest.mark.parametrize("seed", range(30))
def test_a_program_in_pieces_does_what_it_does_as_a_whole(run, interpreter, seed, state):
    source = Random(seed)
    lines = Generator(source, 10, mistakes=0.01).program()
    while not is_script(lines):  # nested too deeply
        lines = Generator(source, 10, mistakes=0.01).program()
    outcomes = []
    for whole in (True, False):
        printed = []
        interpreter.on_print = printed.append
        scope = lang.Scope(state=state)
        try:
            for piece in ["\n".join(lines)] if whole else pieces_of(lines):
                value = run(piece, scope)
            outcomes.append([host_debug(value), printed])
        except lang.ScriptError as error:
            outcomes.append([error.kind, error.line, str(error), printed])
    assert plain(str(outcomes[0])) == plain(str(outcomes[1]))
