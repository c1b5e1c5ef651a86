"""Functions in state: a reload keeps those that are as they were, the rest begins anew."""

import pytest

from lang.heap.convert import FunctionValue

pytestmark = pytest.mark.integration

ONE = '[[entity]]\ntag = "Me"\nposition = [1, 2]\nscript = "a.rhai"\n'
MANY = ONE.replace("script", "count = {}\nspread = {{ box = [10, 10] }}\nscript")


def reload(folder, game, text):
    """Save a.rhai and swap it in, without the watcher; returns whether it compiled."""
    folder.write("a.rhai", text)
    return game.reload("a.rhai")


def state(game, entity=1):
    return game.scripts.state(entity, "a.rhai")


def is_function(value):
    return isinstance(value, FunctionValue)


def test_closures_begin_anew_with_one_warning(folder):
    text = """
        let n = 0;
        let f = |x| x + {0};
        let holder = #{{ inner: [1, |x| x * {0}] }};
        let plain = [1];
        fn on_update() {{ n = f.call(1); plain.push(holder.inner[1].call(2)); }}
    """
    game = folder.game(MANY.format(3), a=text.format(10), ticks=1)
    reload(folder, game, text.format(20))
    game.step()
    assert (state(game)["n"], state(game)["plain"]) == (21, [1, 20, 40])
    warnings = game.log.take_warnings()
    assert [warning.split("'")[1] for warning in warnings] == ["f", "holder"]
    assert "begins anew" in warnings[0]


def test_functions_that_are_as_they_were_stay(folder):
    text = """
        fn twice(x) {{ x * 2 }}
        fn chosen() {{ {0} }}
        let captured = ();
        let later = [];
        let inner = [#{{ f: || |x| x + 1 }}];
        let by_name = Fn("twice");
        let curried = Fn("twice").curry(21);
        let changed = Fn("chosen");
        let built_in = Fn("abs");
        let n = 0;
        fn on_spawn() {{
            let add = 40;
            captured = |x| x + add;
            later.push(|x| {{ n += x; chosen() }});
        }}
        fn on_update() {{ n = captured.call(2); }}
    """
    game = folder.game(MANY.format(2), a=text.format(1), ticks=1)
    game.scripts.set_state(2, "a.rhai", "n", 7)
    before = game.state_hash()
    assert reload(folder, game, "// moved\nlet first = |z| z - 1;\n" + text.format(2))
    (warning,) = game.log.take_warnings()
    assert "'changed'" in warning
    assert reload(folder, game, text.format(2))
    assert game.log.take_warnings() == []
    assert game.state_hash() == before, "functions have other numbers in between"
    check = (
        "fn on_reload() { print([captured.call(2), inner[0].f.call().call(1), by_name.call(4), "
        "curried.call(), changed.call(), built_in.call(-3), later[0].call(5), n]); }"
    )
    assert reload(folder, game, text.format(2) + check)
    assert game.drain_log() == ["[42, 2, 8, 42, 2, 3, 2, 47]", "[42, 2, 8, 42, 2, 3, 2, 12]"]
    assert game.error_reports == []


@pytest.mark.parametrize(
    ("first", "second", "lost"),
    [
        ('let f = Fn("run"); fn run() { 1 }', 'let f = Fn("run");', "f"),
        ('let f = Fn("run"); fn run() { 1 }', "let f = (); fn run() { 2 }", "f"),
        ('let f = Fn("run"); fn run() { 1 }', "let f = (); fn run() { 1 } fn run(x) { 2 }", ""),
        ('let f = Fn("ru" + "n"); fn run() { 1 }', "let f = (); fn run(x) { 1 }", "f"),
        ('let f = [1, [#{ g: Fn("run") }]]; fn run() { 1 }', "let f = 0; fn on() { }", "f"),
        ("let f = |x| x + 1;", "let f = 0; let g = |y| y + 1;", ""),
        ("let f = |x| x + 1;", "let f = 0; let g = |y| y + 2;", "f"),
        ("let f = |x| x + 1;", "let f = 0; let g = |y, z| y + 1;", "f"),
        ('let f = |x| "a";', 'let f = 0; let g = |x| "b";', "f"),
        ('let f = || { || "a" };', 'let f = 0; let g = || { || "b" };', "f"),
        ("let n = 1; let f = || n;", "let m = 0; let n = 1; let f = 0; let g = || n;", ""),
        ("let n = 1; let f = || n;", "let m = 0; let n = 1; let f = 0; let g = || m;", "f"),
        ("let f = || h(); fn h() { 1 }", "let f = 0; fn h() { 2 } let g = || h();", ""),
        ("let f = || try { 1 } catch { 2 };", "let f = 0; let g = || try { 1 } catch { 3 };", "f"),
        ("let f = |x| switch x { 1 => 2, 2 => 3, 3 => 4, 4 => 5 };", "let f = 0; let g = |x| 1;", "f"),
    ],
)
def test_what_counts_as_the_same_function(folder, first, second, lost):
    game = folder.game(ONE, a=first, ticks=1)
    assert reload(folder, game, second)
    warnings = [warning for warning in game.log.take_warnings() if "function" in warning]
    assert [warning.split("'")[1] for warning in warnings] == [lost] * bool(lost)
    assert is_function(state(game)["f"]) != bool(lost) or "Fn" in second


def test_closures_that_hold_each_other_do_not_hang(folder):
    text = """
        let kept = ();
        let n = 5;
        fn on_spawn() {
            let a = (); let b = ();
            let f = || { a; b };
            let g = || { f; a };
            a = f; b = g;
            kept = [f, g, a];
        }
    """
    game = folder.game(ONE, a=text, ticks=1)
    assert game.error_reports == []
    first = game.state_hash()
    assert reload(folder, game, text + "// changed")
    assert state(game)["n"] == 5
    assert game.state_hash() != first, "kept begins anew as ()"
