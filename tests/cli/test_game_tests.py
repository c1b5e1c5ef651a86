"""`astraweave test`: scripted tests of a small game written here, those that pass and those that fail."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli import main
from engine.scripting.compiling import script_natives
from engine.tools.testing.api_calls import api_functions
from engine.tools.testing.running import run_tests

pytestmark = pytest.mark.integration

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "coin_rush"
SCENE = """
[scene]
gravity = [0.0, 0.0]
[input]
right = ["D"]
steer = { negative = ["Q"], positive = ["E"] }
[[screen]]
name = "menu"
item = [{ button = "Go on", on_click = "close" }, { button = "Again", on_click = "restart" }]
[prefab.ball]
tag = "Ball"
[[entity]]
tag = "Hero"
position = [1.0, 2.0]
sprite = { shape = "box", size = [1.0, 1.0] }
health = { value = 10 }
script = "hero.rhai"
"""
HERO = """
let steps = 0;
let clicks = 0;
fn on_update() {
    steps += 1;
    if is_action_down("right") { set_position(entity_id, get_position(entity_id) + (1.0, 0.0)); }
    if action_value("steer") < 0.0 { set_position(entity_id, get_position(entity_id) - (0.0, 1.0)); }
}
fn on_click() { clicks += 1; }
fn on_message(name) {
    switch name {
        "menu" => open_screen("menu"),
        "next" => load_scene("second.toml"),
        "fail" => this_is.wrong,
        _ => print(`heard ${name}`),
    }
}
"""
PASSING = """
const START = (1.0, 2.0, 0.0);
let mine = 0;
fn hero() { find_entity_by_tag("Hero") }
fn test_input() {
    expect_eq(get_position(hero()), START);
    press("right", 3);
    step();
    expect_eq(get_position(hero()).x, 4.0, "where it went");
    hold("right");
    step(2);
    release("right");
    step(5);
    expect_near(get_position(hero()), (6.0, 2.0, 0.0), 0.001);
    hold("steer", -1.0);
    step();
    expect_eq(get_position(hero()).y, 1.0);
    expect_eq(ticks(), 12);
}
fn test_variables_begin_anew() { mine += 1; expect_eq(mine, 1); expect_eq(ticks(), 0); }
fn test_state_and_clicks() {
    click((1.2, 2.2));
    click([30, 20]);
    expect_eq(state(hero(), "hero.rhai"), #{ steps: 2, clicks: 1 });
}
fn test_recorded_input() {
    play("2 right\\n3\\n1 steer=-1  # down");
    expect_eq(get_position(hero()), (3.0, 1.0, 0.0));
}
fn test_api_writes() {
    let ball = spawn_entity("ball", (3, 3));
    step();
    expect_eq(find_entities_by_tag("Ball"), [ball]);
    expect_eq(apply_damage(hero(), 4), 4.0);
    expect_eq(get_health(hero()), 6.0);
    set_global("n", [1, "a", 2.5]);
    expect_eq(get_global("n"), [1, "a", 2.5]);
    expect_near(distance((0, 0), [3, 4]), 5);
}
fn test_screens() {
    send_message(hero(), "menu");
    step(2);
    expect_eq(screen_name(), "menu");
    press_button("Go on");
    expect_eq(screen_name(), ());
}
fn test_scenes() {
    expect_eq(scene_name(), "scene.toml");
    send_message(hero(), "next");
    assert(step_until(|| scene_name() == "second.toml", 5));
    assert(!step_until(|| false, 3));
}
fn test_failures_may_be_meant() {
    allow_script_errors();
    send_message(hero(), "fail");
    step(3);
    expect_eq(script_errors().len(), 1);
    assert("this_is" in script_errors()[0]);
}
fn test_printed() {
    send_message(hero(), "hello");
    step();
    expect_eq(printed(), ["heard hello"]);
    expect_eq(printed(), []);
}
fn test_hash_and_seed() {
    let first = state_hash();
    load("scene.toml");
    expect_eq(state_hash(), first);
    load("scene.toml", 99);
    assert(state_hash() != first);
}
fn test_imported() { import "common" as common; expect_eq(common::three(), 3); }
fn not_a_test() { assert(false) }
fn test_with_parameter(x) { assert(false) }
"""
FAILING = {
    'expect_eq(1 + 1, 3, "sum")': "sum: 3 is expected, not 2",
    "expect_eq(true, 1)": "1 is expected, not true",
    "expect_eq([1, #{ a: 2 }], [1, #{ a: 3 }])": '[1, #{"a": 3}] is expected, not [1, #{"a": 2}]',
    "expect_near((1, 2), (1.0, 2.1), 0.01)": "(1.0, 2.1) is expected within 0.01, not (1.0, 2.0)",
    'expect_near("a", 1)': '1 is expected within 1e-6, not "a"',
    "assert(1 > 2)": "this must be true",
    'assert(false, "no way")': "no way",
    "get_position(123456)": "get_position: `e`: entity 123456 does not exist (any more)",
    "get_position()": "`get_position(e)` takes 1 argument, not 0",
    'press("rigth")': 'the scene has no action "rigth" (actions: right, steer)',
    'hold("steer", 2.0)': "the value of an action goes from -1 to 1",
    'play("2 left")': 'the scene has no action "left" (actions: right, steer)',
    'play("right")': 'line 1: a number of ticks is expected first, not "right"',
    'click("here")': 'a place is expected: a vector or an array of 2 numbers, not "here"',
    'press_button("Go on")': 'no screen is open, without a button "Go on"',
    'load("secnd.toml")': 'no such file: "secnd.toml"; did you mean `second.toml`?',
    'load("broken.toml")': "[scene]",
    'state(find_entity_by_tag("Hero"), "hera.rhai")': 'no script is called "hera.rhai"; did you mean',
    'state(5, "hero.rhai")': "entity 5 does not exist",
    'state(spawn_entity("ball", (1, 1)), "hero.rhai")': "has no script hero.rhai",
    "step(-1)": "from 0 to 1000000 ticks at a time, not -1",
    'send_message(find_entity_by_tag("Hero"), "fail"); step()': "a script of the game failed:\nhero.rhai:14:",
    "loop {}": "Too many operations",
    "let a = [1]; a[3]": "Array index 3 out of bounds",
}


@pytest.fixture(scope="module")
def game(tmp_path_factory):
    """A game with a file of tests that pass and one of tests that fail."""
    folder = tmp_path_factory.mktemp("game")
    (folder / "tests").mkdir()
    (folder / "scene.toml").write_text(SCENE)
    (folder / "second.toml").write_text("[scene]\n")
    (folder / "broken.toml").write_text("[scene]\nsize = 3\n")
    (folder / "hero.rhai").write_text(HERO)
    (folder / "tests" / "good.rhai").write_text(PASSING)
    (folder / "tests" / "common.rhai").write_text("fn three() { 3 }")
    functions = (f"fn test_{number}() {{ print({number}); {text} }}" for number, text in enumerate(FAILING))
    (folder / "tests" / "wrong.rhai").write_text("\n".join(functions))
    return folder


def invoke(*arguments):
    done = CliRunner().invoke(main, ["test", *map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_tests_that_pass(game):
    done = invoke(game / "tests" / "good.rhai")
    assert done.exit_code == 0, done.stdout
    lines = done.stdout.splitlines()
    assert lines[0].startswith("passed  ")
    assert lines[0].partition("  (")[0].endswith("tests/good.rhai::test_input")
    assert lines[-1].startswith("11 passed in ")
    assert len(lines) == 12


def test_what_fails_is_told_with_its_place_and_its_reason(game):
    report = run_tests(game / "tests", "wrong")
    assert (report.passed, report.failed) == (0, len(FAILING))
    for number, (outcome, wanted) in enumerate(zip(report.tests, FAILING.values(), strict=True)):
        assert outcome.name == f"test_{number}"
        assert wanted in outcome.text
        assert outcome.line == number + 1
        assert f"wrong.rhai:{outcome.line}:{outcome.column}: " in outcome.text
        assert "^" in outcome.text
        assert outcome.printed[0] == str(number)


def test_a_failure_exits_with_1_and_is_printed_after_all_tests(game):
    done = invoke(game, "-k", "WRONG.rhai::test_5")
    assert done.exit_code == 1
    first, _, title, place, snippet, caret, printed, line, summary = done.stdout.splitlines()
    assert first.startswith("FAILED")
    assert title.endswith("wrong.rhai::test_5")
    assert place.endswith("wrong.rhai:6:25: this must be true")
    assert snippet == "    6 | fn test_5() { print(5); assert(1 > 2) }"
    assert caret == "      |                         ^"
    assert (printed, line) == ("printed:", "    5")
    assert summary.startswith("1 failed, 0 passed in ")


def test_json_is_one_line(game):
    done = invoke(game, "--json", "-x", "-k", "wrong")
    report = json.loads(done.stdout)
    assert (report["passed"], report["failed"], done.exit_code) == (0, 1, 1)
    assert (report["tests"][0]["line"], report["tests"][0]["name"]) == (1, "test_0")


def test_a_file_that_does_not_compile_fails_as_a_whole(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "a.rhai").write_text("fn test_a() {\n    steq(4);\n}")
    done = invoke(tmp_path)
    assert done.exit_code == 1
    assert "a.rhai:2:5: Function not found: steq" in done.stdout
    assert "did you mean `step`?" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        (["game.toml"], "game.toml: not a test (.rhai)"),
        (["."], "there are no tests (tests/*.rhai)"),
        (["empty"], "has no function test_…()"),
    ],
)
def test_nothing_to_run_exits_with_2(arguments, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "game.toml").write_text("")
    (tmp_path / "empty" / "tests").mkdir(parents=True)
    (tmp_path / "empty" / "tests" / "a.rhai").write_text("fn helper() {}")
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_keyword_that_no_test_has_exits_with_2(game):
    done = invoke(game, "-k", "elephant")
    assert done.exit_code == 2
    assert 'has "elephant" in its name' in done.stderr


def test_check_knows_the_functions_of_tests(game):
    done = CliRunner().invoke(main, ["check", str(game / "tests" / "good.rhai")])
    assert done.exit_code == 0, done.stderr


def test_functions_of_an_instance_are_not_for_tests():
    names = set(api_functions(script_natives()))
    assert {"get_position", "spawn_entity", "apply_damage", "get_component"} <= names
    assert not {"random", "start_timer", "start", "wait"} & names


PLUGIN = """
class Doubling:
    def register(self, host):
        host.function(lambda number: 2 * number, name="double_of")
"""


def test_functions_of_a_plugin_are_there(game, tmp_path, monkeypatch, request):
    monkeypatch.chdir(tmp_path)
    request.addfinalizer(lambda: sys.modules.pop("doubling_plugin", None))  # others have one of that name
    (tmp_path / "doubling_plugin.py").write_text(PLUGIN)
    (tmp_path / "tests").mkdir()
    (tmp_path / "scene.toml").write_text("[scene]\n")
    (tmp_path / "tests" / "a.rhai").write_text("fn test_a() { expect_eq(double_of(21), 42); }")
    assert invoke(".", "--plugin", "doubling_plugin:Doubling").exit_code == 0
    assert invoke(".").exit_code == 1


def test_coin_rush_passes_its_own_tests():
    report = run_tests(EXAMPLE)
    assert report.failed == 0, [outcome.text for outcome in report.tests if not outcome.passed]
    assert report.passed >= 8
