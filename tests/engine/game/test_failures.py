"""A script that fails is disabled and reported once; everything else runs on as if it were not there."""

import random

import pytest
from click.testing import CliRunner

from engine.cli import main
from engine.errors import ObserverFailed

pytestmark = pytest.mark.integration

GOOD = """
let n = {0};
let place = get_position(entity_id);
fn on_update() {{
    n += random(1, 6);
    move_towards(entity_id, (10.0, {0}.0), delta_time * 3.0);
}}
fn on_collision(other) {{ n += 1000; }}
"""
BROKEN = [
    "fn on_update( { }",
    "let x = ;",
    "fn on_update() { nothing_here(); }",
    "fn on_update() { get_position(); }",
    "}",
    '"',
    "let a = 1; fn on_collision(a, b, c) { }",
    "let entity_id = 5;",
    "\u0000",
    "fn f() { " + "(" * 500 + "1" + ")" * 500 + " }",
    "fn on_update() { [][5] }",
    "fn on_update() { 1 / 0 }",
    "[1, 2][7];",
    "throw 5;",
    'fn on_spawn() { throw "spawn"; }',
    "fn on_update() { missing_variable }",
    "fn on_update() { loop { } }",
    "fn f() { f(); } fn on_update() { f(); }",
    'fn on_update() { let s = "x"; loop { s += s; } }',
    "fn on_update() { get_position(77777) }",
    "fn on_collision(other) { throw 1; }",
    "fn on_update() { if true { if tick == 3 { 9223372036854775807 + 1 } } }",
]


def entity(script, number):
    x, y = number % 10, number // 10
    return f'[[entity]]\nposition = [{x}, {y}]\ncollider = {{ circle = 0.2 }}\nscript = "{script}.rhai"\n'


def states(game, names):
    return {name: game.scripts.state(entity, f"{name}.rhai") for name, entity in names.items()}


def test_a_hundred_broken_scripts_among_a_hundred_good_ones(folder):
    rng = random.Random(3)
    scripts = {f"good{number:03}": GOOD.format(number) for number in range(100)}
    broken = {f"bad{number:03}": BROKEN[number % len(BROKEN)] + f"\n// {number}" for number in range(100)}
    order = [*scripts, *broken]
    rng.shuffle(order)
    head = "[scene]\nseed = 4\ngravity = [0.0, 0.0]\n"
    scene = head + "".join(entity(name, number) for number, name in enumerate(order))
    ids = {name: number + 1 for number, name in enumerate(order) if name in scripts}

    mixed = folder.game(scene, **scripts, **broken, ticks=20)
    clean = folder.game(scene, **dict.fromkeys(broken, ""), ticks=20)
    assert states(mixed, ids) == states(clean, ids)
    assert clean.error_reports == []
    reported = [failure.file for failure in mixed.error_reports]
    assert len(reported) == len(set(reported)), "one report for each"
    assert {name.removesuffix(".rhai") for name in reported} <= set(broken)
    assert len(reported) >= 95, "collisions need somebody to touch"
    for failure in mixed.error_reports:
        assert failure.line is not None, failure
        assert failure.diagnostic.startswith(f"{failure.file}:{failure.line}:")
        assert "^" in failure.diagnostic


def test_once_and_not_once_a_tick(folder):
    game = folder.game('[[entity]]\ncount = 3\nscript = "a.rhai"', a="fn on_update() { [][tick] }", ticks=10)
    assert [(failure.entity, failure.tick) for failure in game.error_reports] == [(1, 0), (2, 0), (3, 0)]
    assert len(game.script_errors()) == 1, "a fault that three share is shown once"
    assert all(game.scripts.is_disabled(number) for number in range(3))


def test_a_failure_is_of_the_entity_that_had_it(folder):
    text = "let n = 0;\nfn on_update() { n += 1; if entity_id == 2 && n == 3 { throw `at ${n}`; } }"
    game = folder.game('[[entity]]\ncount = 3\nscript = "a.rhai"', a=text, ticks=6)
    (failure,) = game.error_reports
    assert (failure.entity, failure.tick, failure.kind, failure.line) == (2, 2, "ErrorRuntime", 2)
    assert "at 3" in failure.message
    assert [game.scripts.state(entity, "a.rhai")["n"] for entity in (1, 2, 3)] == [6, 2, 6]


def test_the_other_script_of_an_entity_runs_on(folder):
    scene = '[[entity]]\nscripts = ["a.rhai", "b.rhai"]'
    game = folder.game(
        scene, a="fn on_update() { [][0] }", b="let n = 0; fn on_update() { n += 1; }", ticks=4
    )
    assert game.scripts.state(1, "b.rhai") == {"n": 4}


def test_a_thousand_failures_in_one_tick_are_told_in_order(folder):
    game = folder.game('[[entity]]\ncount = 1000\nscript = "a.rhai"', a="fn on_update() { [][0] }", ticks=2)
    assert [failure.entity for failure in game.error_reports] == list(range(1, 1001))


def test_failures_without_end_are_counted(folder, monkeypatch):
    monkeypatch.setattr("engine.scripting.reports.MOST_FAILURES", 5)
    game = folder.game('[[entity]]\ncount = 12\nscript = "a.rhai"', a="fn on_update() { [][0] }", ticks=2)
    assert (len(game.error_reports), game.scripts.dropped_failures) == (5, 7)


class TestOnScriptError:
    """`game.on_script_error`: once for each failure, at the end of its tick, in the order of dispatch."""

    SCENE = """
        [scene]
        [[entity]]
        count = 2
        scripts = ["a.rhai", "b.rhai"]
    """

    def test_is_told_once_in_order(self, folder):
        game = folder.game(self.SCENE, a="fn on_update() { 1 / 0 }", b="fn on_update() { none(); }")
        heard = []
        game.on_script_error(lambda failure: heard.append((failure.file, failure.entity, failure.tick)))
        for _ in range(3):
            game.step()
        assert heard == [("b.rhai", None, 0), ("a.rhai", 1, 0), ("a.rhai", 2, 0)]

    def test_ends_when_asked_to(self, folder):
        game = folder.game(self.SCENE, a="fn on_update() { if tick == entity_id { 1 / 0 } }", b="")
        heard = []
        end = game.on_script_error(lambda failure: heard.append(failure.entity))
        for _ in range(2):
            game.step()
        end()
        game.step()
        assert heard == [1]
        assert len(game.error_reports) == 2

    def test_one_that_raises_is_named_and_the_game_goes_on(self, folder):
        game = folder.game(self.SCENE, a="fn on_update() { 1 / 0 }", b="")
        heard = []

        def hear(failure):
            heard.append(failure.entity)
            raise KeyError("x")

        game.on_script_error(hear)
        for _ in range(2):
            with pytest.raises(ObserverFailed, match="hear` failed in on_script_error: KeyError"):
                game.step()
        game.step()
        assert (heard, game.tick) == ([1, 2], 3)


def test_the_terminal_shows_one_fault_of_many_entities_once(folder):
    folder.game('[[entity]]\ncount = 12\nscript = "a.rhai"', a="fn on_update() { [][0] }")
    done = CliRunner().invoke(main, ["run", str(folder.path / "scene.toml"), "--headless", "--ticks", "3"])
    assert done.exit_code == 0
    assert done.stderr.count("a.rhai:1:") == 1
    assert "(and 11 entities more)" in done.stderr


def test_an_empty_script_and_one_of_comments_are_fine(folder):
    scene = '[[entity]]\nscripts = ["a.rhai", "b.rhai"]'
    assert folder.game(scene, a="", b="// nothing\n/* at all */", ticks=2).error_reports == []


def test_a_script_is_at_fault_once_with_the_number_of_its_entities(folder):
    scene = '[[entity]]\ncount = 3\nscript = "a.rhai"\n[[entity]]\ncount = 2\nscript = "b.rhai"'
    game = folder.game(scene, a="fn on_update() { throw entity_id; }", b="let x = ;", ticks=2)
    first, second = game.faults()
    assert (first.name, first.entities, first.others) == ("a.rhai", 3, 2)
    assert "Runtime error: 3" in first.text
    assert (second.name, second.entities, second.place.line) == ("b.rhai", 2, 1)


def test_trying_again_lets_the_entities_of_a_script_go_on(folder):
    text = "let n = 0;\nfn on_update() { n += 1; if tick == 1 { throw n; } }"
    game = folder.game('[[entity]]\ncount = 3\nscript = "a.rhai"', a=text, ticks=5)
    assert game.faults()[0].entities == 3
    assert game.reload("a.rhai")
    assert game.faults() == ()
    game.step()
    assert [game.scripts.state(entity, "a.rhai")["n"] for entity in (1, 2, 3)] == [2, 2, 2]
