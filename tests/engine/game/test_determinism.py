"""The same scene gives the same states: in this run, in another process, with another cache."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import astraweave
from tests import checked_kernels
from tests.engine.game import play_scenes

pytestmark = pytest.mark.integration

ROOT = Path(astraweave.__file__).resolve().parent
SCENE = """
[scene]
seed = 11
gravity = [0.0, -3.0]
size = [20.0, 20.0]
[input]
left = ["A"]
right = ["D"]
[[trigger]]
name = "middle"
shape = { circle = 3.0 }
position = [10.0, 10.0]
[prefab.spark]
tag = "Spark"
velocity = [0.0, 0.0]
rotation = 0.3
collider = { box = [0.2, 0.1] }
body = { kind = "dynamic" }
script = "spark.rhai"
[[entity]]
tag = "Ground"
position = [10.0, 0.0]
collider = { box = [20.0, 1.0] }
[[entity]]
tag = "Walker"
position = [2.0, 2.0]
count = 20
spread = { box = [15.0, 15.0] }
collider = { circle = 0.5 }
velocity = [0.0, 0.0]
body = { kind = "dynamic", gravity_scale = 0.5 }
text = { content = "" }
script = "walker.rhai"
"""
WALKER = """
let met = #{};
let path = [];
let heading = (random() - 0.5, random() - 0.5);
fn on_update() {
    if tick % 7 == entity_id % 7 {
        heading += (random() - 0.5, 0.1);
        path.push(get_position(entity_id));
    }
    if path.len() > 5 { path.remove(0); }
    set_velocity(entity_id, heading * 3.0);
    if is_action_down("left") { heading -= (delta_time, 0.0); }
}
fn on_collision(other) {
    met[`${other}`] = (met[`${other}`] ?? 0) + 1;
    set_text(entity_id, `met ${met.len()}`);
    if random(0, 3) == 0 { spawn_entity("spark", get_position(entity_id)); }
}
fn on_trigger(name, other) { play_sound(name); heading = -heading; }
"""
SPARK = """
let left = 40;
let tell = || left;
fn on_update() { left -= 1; if left < 0 { destroy_entity(entity_id); } }
"""
AT_TICK_100 = 0xD163336B0425206F
OPTIONS = ("--headless", "--ticks", "60", "--hash")


def play(folder, ticks=100):
    """Play the scene with keys pressed by number of the tick; returns the hashes."""
    game = folder.game(SCENE, walker=WALKER, spark=SPARK)
    hashes = []
    for tick in range(ticks):
        game.set_actions(np.array([tick // 10 % 2, tick // 15 % 2]))
        game.step()
        hashes.append(game.state_hash())
    assert [failure.diagnostic for failure in game.error_reports] == []
    return hashes


def test_the_state_at_tick_100_is_known(folder):
    """Known bits: they change with the rules of the game only, never with machine, run or version."""
    assert f"{play(folder)[-1]:016x}" == f"{AT_TICK_100:016x}"


def test_twice_in_one_process(folder):
    first = play(folder)
    assert len(set(first)) == 100
    assert play(folder) == first


def test_asking_for_hashes_and_errors_changes_nothing(folder):
    with_hashes = play(folder)[-1]
    game = folder.game(SCENE)
    for tick in range(100):
        game.set_actions(np.array([tick // 10 % 2, tick // 15 % 2]))
        game.step()
    assert game.state_hash() == with_hashes


def test_a_reload_of_the_same_text_changes_nothing_but_closures(folder):
    plain = play(folder)[-1]
    game = folder.game(SCENE)
    for tick in range(100):
        if tick in (20, 60):
            assert game.reload("walker.rhai")
        game.set_actions(np.array([tick // 10 % 2, tick // 15 % 2]))
        game.step()
    assert game.state_hash() == plain


def command_line(folder, **environment):
    done = subprocess.run(
        [*(sys.executable, "-m", "astraweave", "run"), folder.path / "scene.toml", *OPTIONS],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
    )
    return done.stdout


def test_in_two_processes_with_other_hash_seeds_and_memory(folder):
    folder.game(SCENE, walker=WALKER, spark=SPARK)
    first = command_line(folder, PYTHONHASHSEED="1")
    assert len(first.splitlines()) == 60
    assert command_line(folder, PYTHONHASHSEED="2", MALLOC_PERTURB_="165") == first


@pytest.mark.skipif("sys.platform == 'win32'", reason="what kernels say there goes elsewhere")
def test_checked_and_little_optimised_kernels_give_the_same_states(folder):
    """No result hangs on what the optimiser makes of a kernel; about a minute when cold."""
    folder.game(SCENE, walker=WALKER, spark=SPARK)
    scenes = (folder.path / "scene.toml", ROOT / "examples" / "coin_rush" / "level_2.toml")
    done = subprocess.run(
        [sys.executable, checked_kernels.__file__, play_scenes.__file__, "60", *scenes],
        env=checked_kernels.checked_environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split("\n")[:-1] == [line for scene in scenes for line in play_scenes.play(scene, 60)]


@pytest.mark.skipif("not os.environ.get('ASTRAWEAVE_SLOW_TESTS')", reason="compiles every kernel anew")
def test_with_a_cold_cache(folder, tmp_path_factory):
    folder.game(SCENE, walker=WALKER, spark=SPARK)
    first = command_line(folder)
    cold = str(tmp_path_factory.mktemp("cache"))
    assert command_line(folder, NUMBA_CACHE_DIR=cold) == first
