"""Saved games: the same again with all scripts, going on as if they had never been saved."""

import numpy as np
import pytest

from engine.errors import SaveError
from engine.game.saves import game_bytes, restore_game
from engine.saves.container import pack, unpack

pytestmark = pytest.mark.integration

SCENE = """
[scene]
seed = 5
gravity = [0.0, -9.0]
[component.leaf]
mass = 1.0
kind = { type = "string", default = "oak" }
[input]
left = ["A"]
[[trigger]]
name = "middle"
shape = { circle = 3.0 }
position = [5.0, 3.0]
[prefab.spark]
tag = "Spark"
collider = { circle = 0.2 }
body = { kind = "dynamic" }
script = "spark.rhai"
leaf = { mass = 2.5 }
[prefab.spark.child.tail]
position = [-0.3, 0.0]
script = "spark.rhai"
[[entity]]
tag = "Ground"
position = [5.0, 0.0]
collider = { box = [30.0, 1.0] }
[[entity]]
tag = "Box"
position = [1.0, 2.0]
count = 8
spread = { box = [8.0, 6.0] }
body = { kind = "dynamic" }
collider = { box = [0.5, 0.5] }
text = { content = "" }
script = "box.rhai"
[[entity]]
tag = "Lamp"
position = [9.0, 6.0]
body = { kind = "dynamic" }
[[joint]]
kind = "hinge"
first = "Lamp"
anchor = [8.0, 6.0]
[[system]]
script = "wind.rhai"
with = ["leaf"]
"""
BOX = """
let met = #{};
let path = [];
let counter = 0;
let add = |x| { x + counter };
fn on_spawn() { start_timer("beat", 0.2, true); set_global("start", #{ at: tick, list: [1, "two"] }); }
fn on_timer(name) {
    send_message(entity_id, "beat", [counter, name]);
    set_global("last", #{ name: name, at: tick });
}
fn on_message(name, data, sender) { met["beats"] = data; play_sound("nothing"); }
fn on_update() {
    counter += 1;
    if tick % 5 == entity_id % 5 { path.push((random(), add.call(tick))); }
    if path.len() > 4 { path.remove(0); }
    set_text(entity_id, `${counter} ${path}`);
    if random(0, 20) == 0 { spawn_entity("spark", get_position(entity_id)); }
    if random(0, 60) == 0 { destroy_entity(entity_id); }
}
fn on_collision(other) { met[get_tag(other)] = tick; }
fn on_trigger(name, other) { met[name] = counter; }
"""
SPARK = """
let age = 0;
fn on_update() { age += 1; if age > 30 { destroy_entity(entity_id); } }
fn on_destroy() { if age == 13 { print("gone"); } }
"""
WIND = "let blown = 0;\nfn run(e) { blown += 1; if blown == 200 { blown / 0 } }"


def game_of(folder, **changed):
    return folder.game(SCENE, **{"box": BOX, "spark": SPARK, "wind": WIND, **changed})


def run(game, ticks):
    hashes = []
    for _ in range(ticks):
        game.step()
        hashes.append(game.state_hash())
    return hashes


@pytest.mark.parametrize("tick", [0, 1, 37, 90])
def test_a_loaded_game_goes_on_with_the_hashes_of_one_that_was_never_saved(folder, tick):
    game = game_of(folder)
    run(game, tick)
    before = game.state_hash()
    game.save(folder.path / "a.save")
    expected = run(game, 60)
    assert len(set(expected)) == 60
    assert {failure.file for failure in game.error_reports} <= {"wind.rhai"}
    assert len(game.scripts.timers.rows) > 0
    assert len(game.scripts.globals.rows) == 2

    fresh = game_of(folder)
    run(fresh, 7)
    fresh.load_save(folder.path / "a.save")
    assert (fresh.tick, fresh.state_hash()) == (tick, before)
    assert run(fresh, 60) == expected

    game.load_save(folder.path / "a.save")  # back in time, in the game that went on
    assert game.state_hash() == before
    assert run(game, 60) == expected


def test_another_scene_or_script_is_refused_and_nothing_changes(folder):
    game = game_of(folder)
    run(game, 5)
    game.save(folder.path / "a.save")
    other = game_of(folder, box=BOX.replace("> 4", "> 5"))
    before = other.state_hash()
    with pytest.raises(SaveError, match=r"a\.save: the script box\.rhai is another one by now"):
        other.load_save(folder.path / "a.save")
    assert other.state_hash() == before
    other = folder.game(SCENE + "[prefab.extra]\n", box=BOX, spark=SPARK, wind=WIND)
    with pytest.raises(SaveError, match="other prefabs"):
        other.load_save(folder.path / "a.save")
    for kind, table in (("statuses", "[status.wet]"), ("clips", "[clip.blink]\nduration = 1.0")):
        other = folder.game(SCENE + table, box=BOX, spark=SPARK, wind=WIND)
        with pytest.raises(SaveError, match=f"other {kind}"):
            other.load_save(folder.path / "a.save")
    other = folder.game("")
    with pytest.raises(SaveError):
        other.load_save(folder.path / "a.save")


def test_a_failed_script_stays_off_after_loading(folder):
    game = game_of(folder, spark="fn on_update() { 1 / 0 }")
    run(game, 40)
    assert game.error_reports
    data = game_bytes(game)
    expected = run(game, 20)
    fresh = game_of(folder, spark="fn on_update() { 1 / 0 }")
    restore_game(fresh, data)
    assert run(fresh, 20) == expected


def test_sealed_saves_with_something_wrong_are_refused_or_run_on(folder):
    game = game_of(folder)
    run(game, 60)
    sound = unpack(game_bytes(game))
    random = np.random.default_rng(3)
    refused = 0
    for name in [
        name for name in sound if name.startswith(("physics.state", "scripts.", "game.", "waiting."))
    ]:
        for _ in range(6):
            sections = dict(sound)
            array = sections[name].copy()
            if not array.size or name == "physics.polygons":
                continue
            at = int(random.integers(array.size))
            number = int(random.choice([-1, 0, 1, 7, 255, 2**31, 2**62 + 99, -(2**63)]))
            array[at] = number & 255 if array.dtype == np.uint8 else number
            sections[name] = array
            before = game.state_hash()
            try:
                restore_game(game, pack(sections))
            except SaveError:
                refused += 1
                assert game.state_hash() == before
                continue
            run(game, 2)
            restore_game(game, pack(sound))
    assert refused > 10
