"""A hundred scripts that are wrong in a hundred ways, among a hundred good ones that must not notice.

Each file of `invalid_scripts/` fails once, at the place and with the words of `expected.toml`.
"""

import shutil
import tomllib
from pathlib import Path

import pytest

from engine.ecs.components import Field
from engine.game import Game

pytestmark = pytest.mark.integration

FOLDER = Path(__file__).parent / "invalid_scripts"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
TICKS = 600
GOOD_ONES = 100

HEAD = """
[scene]
size = [400.0, 100.0]
seed = 12
gravity = [0.0, 0.0]
[status.burning]
damage = 0.5
[effect.sparkle]
burst = 3
[input]
jumps = ["SPACE"]
[[screen]]
name = "paused"
[[trigger]]
name = "yard"
shape = { box = [8.0, 200.0] }
position = [40.0, 50.0]
[[trigger]]
name = "gate"
shape = { box = [2.0, 2.0] }
position = [300.0, 50.0]
[prefab.good]
tag = "Good"
health = { value = 100, armor = 10 }
velocity = [0.0, 0.0]
collider = { circle = 0.4 }
[prefab.bad]
tag = "Bad"
health = { value = 10 }
velocity = [0.0, 0.0]
sprite = { shape = "box", size = [1.0, 1.0] }
"""
GOOD = {
    "walker": """
        let at = 0;
        let places = [(4.0, 4.0), (70.0, 8.0), (70.0, 80.0)];
        fn on_update() {
            if move_towards(entity_id, places[at], 6.0 * delta_time) { at = (at + 1) % places.len(); }
        }""",
    "dreamer": """
        let drawn = [];
        fn on_update() {
            if tick % 50 == 0 { drawn.push(random(1, 1000)); }
            set_velocity(entity_id, (random() - 0.5, random() - 0.5));
        }""",
    "clock": """
        let rings = 0;
        fn on_spawn() { start_timer("ring", 0.1 + random(), true); }
        fn on_timer(name) { rings += 1; set_global("rings", (get_global("rings") ?? 0) + 1); }""",
    "speaker": """
        let heard = [];
        fn on_spawn() { start_timer("speak", 0.5, true); }
        fn on_timer(name) {
            for other in find_entities_by_tag("Good") {
                if distance(entity_id, other) < 45.0 { send_message(other, "hello", #{ at: tick }); }
            }
        }
        fn on_message(name, data, sender) {
            if heard.len() < 100 { heard.push([data.at, sender - entity_id]); }
        }""",
    "fighter": """
        let dealt = 0.0;
        let taken = 0;
        fn on_update() {
            let enemy = get_nearest_enemy(entity_id, 30.0);
            if enemy != () && tick % 20 == 0 { dealt += apply_damage(enemy, 1.5); }
        }
        fn on_damage(amount) { taken += 1; }
        fn on_death() { set_health(entity_id, 50); }""",
    "healer": """
        let healed = 0.0;
        fn on_update() {
            for friend in get_allies_in_radius(entity_id, 20.0) { healed += heal(friend, 0.1); }
        }""",
    "collector": """
        let touched = 0;
        fn on_update() { set_velocity(entity_id, if tick % 120 < 60 { (9.0, 0.0) } else { (-9.0, 0.0) }); }
        fn on_collision(other) { touched += 1; }
        fn on_trigger(name, other) { add_to_inventory(entity_id, name, 1); }""",
    "burner": """
        let times = 0;
        fn on_update() {
            if !has_status_effect(entity_id, "burning") {
                apply_status_effect(entity_id, "burning", 1.0);
                times += 1;
            }
        }""",
    "careful": """
        let caught = 0;
        fn on_update() { try { get_position(4294967999) } catch { caught += 1; } }""",
    "closure": """
        let n = 0;
        let up = |by| { n += by; n };
        fn on_update() { up.call(tick % 3); }""",
}
COMPARED = ("TRANSFORM_X", "TRANSFORM_Y", "VELOCITY_VX", "VELOCITY_VY", "HEALTH_VALUE")
PLACES = {
    "run_on_trigger": "position = [296.0, 50.0]\nvelocity = [3.0, 0.0]\ncollider = { circle = 0.5 }",
    "run_on_collision": "position = [316.0, 50.0]\nvelocity = [3.0, 0.0]\ncollider = { circle = 0.5 }\n"
    'body = { kind = "dynamic" }',
}


def good_entity(number):
    name = list(GOOD)[number % len(GOOD)]
    team = ("red", "blue")[number % 2]
    place = f"position = [{5 + number % 20 * 4}.0, {10 + number // 20 * 15}.0]"
    return f'[[entity]]\nprefab = "good"\nteam = "{team}"\nscript = "{name}.rhai"\n{place}\n'


def bad_entity(number, name):
    place = PLACES.get(name, f"position = [{200 + number % 10 * 2}.0, {10 + number // 10 * 2}.0]")
    return f'[[entity]]\nprefab = "bad"\nscript = "{name}.rhai"\n{place}\n'


def played(folder, bad=()):
    """Play the good ones, and after them in the scene the bad ones; returns the game."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    for name, text in GOOD.items():
        (folder / f"{name}.rhai").write_text(text)
    scene = HEAD + "".join(map(good_entity, range(GOOD_ONES)))
    scene += '[[entity]]\ntag = "Rock"\nposition = [320.0, 50.0]\ncollider = { circle = 1.0 }\n'
    scene += "".join(bad_entity(number, name) for number, name in enumerate(bad))
    (folder / "scene.toml").write_text(scene)
    game = Game.load(folder / "scene.toml")
    for _ in range(TICKS):
        game.step()
    return game


def good_states(game):
    """Return all that the good ones have: of their scripts, their components, and what they share."""
    states = []
    for entity in range(1, GOOD_ONES + 1):
        scripts = {name: game.scripts.state(entity, f"{name}.rhai") for name in GOOD}
        states.append((scripts, [game.world.get(entity, Field[name]) for name in COMPARED]))
    return states, [(one.name, one.parcel.tolist()) for one in game.scripts.globals.contents()]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    return played(tmp_path_factory.mktemp("mixed"), EXPECTED)


def test_there_are_a_hundred():
    assert {file.stem for file in FOLDER.glob("*.rhai")} == set(EXPECTED)
    assert len(EXPECTED) == 100
    assert 40 <= sum(name.startswith("parse_") for name in EXPECTED) <= 60


def test_each_is_reported_once(mixed):
    files = [failure.file.removesuffix(".rhai") for failure in mixed.error_reports]
    assert len(files) == 100
    assert set(files) == set(EXPECTED)


def test_every_diagnostic_names_its_place_shows_the_line_and_gives_the_hint(mixed):
    for failure in mixed.error_reports:
        name = failure.file.removesuffix(".rhai")
        expected, lines = EXPECTED[name], failure.diagnostic.splitlines()
        file = expected.get("file", failure.file)
        assert failure.place_file == file
        assert f"{failure.line}:{failure.column}" == expected["at"], failure.diagnostic
        assert failure.tick == expected.get("tick", 0), name
        assert lines[0].startswith(f"{file}:{expected['at']}: ")
        assert expected["message"] in lines[0]
        text = (FOLDER / file).read_text(encoding="utf-8").split("\n")[failure.line - 1]
        assert lines[1].removeprefix(f"{failure.line:>5} | ") == text[: len(lines[1]) - 8]
        assert lines[2].rstrip() == f"      | {' ' * (failure.column - 1)}^"
        hints = [line.removeprefix("hint: ") for line in lines if line.startswith("hint: ")]
        assert hints == ([expected["hint"]] if "hint" in expected else []), name
        assert (failure.kind == "Parsing") == name.startswith("parse_"), name


def test_the_good_ones_are_as_if_the_bad_ones_were_not_there(mixed, tmp_path):
    alone = played(tmp_path)
    assert alone.error_reports == []
    assert good_states(mixed) == good_states(alone)
    heard = alone.scripts.state(4, "speaker.rhai")["heard"]
    assert len({sender for _, sender in heard}) > 2, "the good ones have to do with each other"


def test_the_window_lists_what_is_still_there(mixed):
    faults = mixed.faults()
    assert len(faults) == 99, "one was destroyed"
    assert mixed.faults() is faults
    by_name = {fault.name: fault for fault in faults}
    helper = by_name["run_import_that_fails.rhai"]
    assert (helper.place.file.name, helper.place.line, helper.entities) == ("helper.rhai", 2, 1)
    assert all(fault.entities == 1 and fault.is_script for fault in faults)
