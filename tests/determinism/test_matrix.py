"""The examples come to the same states however they are run: other process, other passes, saved and loaded.

What compiles all kernels anew takes minutes: ``ASTRAWEAVE_SLOW_TESTS=1`` asks for it. A hundred thousand
ticks are ``python -m tests.determinism.soak --ticks 100000 --every 1``.
"""

import os
import random
import subprocess
import sys
from functools import cache, partial
from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.game import Game
from engine.input.row import InputWord
from engine.scene import load_scene
from engine.scripting import compiling, programs
from lang.optimise.passes import ALL_PASSES, NO_PASSES, Pass
from tests.determinism.playing import GAMES, hashes, played, player_of, scene_of

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
TICKS = 60
ALL = ",".join(GAMES)
slow = pytest.mark.skipif("not os.environ.get('ASTRAWEAVE_SLOW_TESTS')", reason="compiles every kernel anew")


@cache
def expected(name):
    """Return the hash of each tick, with the row that each was fed."""
    return tuple(hashes(name, TICKS))


@cache
def rows_of(name):
    """Return the rows of the first game of a run, one a tick."""
    rows, player = [], player_of(name)
    game = Game.load(scene_of(name))
    for _ in range(TICKS):
        rows.append(player.row(game).copy())
        feed(game, rows[-1])
    return tuple(rows)


def feed(game, row):
    """Do a tick of a game as its session does."""
    game.set_input(row)
    game.press_button(int(row[InputWord.BUTTON]))
    if game.flow.is_halted:
        game.input.end_tick()
    else:
        game.step()


def states(game, rows):
    """Do ticks; returns the state after each."""
    found = []
    for row in rows:
        feed(game, row)
        found.append(game.state_hash())
    return found


def in_process(*, names=ALL, cwd=ROOT, **environment):
    """Play in another process; returns the hashes of all games, one after the other."""
    words = [sys.executable, "-m", "tests.determinism.playing", names, str(TICKS), "1"]
    changed = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(words, capture_output=True, text=True, cwd=cwd, env=changed, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split()[1] for line in done.stdout.splitlines()]


def all_expected():
    return [state for name in GAMES for state in expected(name)]


@pytest.mark.parametrize("name", GAMES)
def test_states_change_and_the_game_goes_on(name):
    assert len(set(expected(name))) > TICKS // 2


def test_in_another_process_elsewhere_with_other_salt_and_memory(tmp_path):
    found = in_process(cwd=tmp_path, PYTHONHASHSEED="77", MALLOC_PERTURB_="165")
    assert found == all_expected()


def limited(name, **limits):
    """Return a game whose scripts may use less than its scene allows."""
    scene = load_scene(scene_of(name))
    return Game(msgspec.structs.replace(scene, limits=msgspec.structs.replace(scene.limits, **limits)))


def outcome(name, rows, **limits):
    """Return what a game came to: its states, and the errors of its scripts."""
    game = limited(name, **limits)
    return states(game, rows), [(one.tick, str(one.diagnostic)) for one in game.error_reports]


SETS = [NO_PASSES, *(ALL_PASSES - {one} for one in Pass)]
TIGHT = [{"operations": 60}, {"memory": 400}]


@pytest.mark.parametrize("name", ["coin_rush", "arena"])
@pytest.mark.parametrize("limits", TIGHT, ids=["operations", "memory"])
def test_limits_strike_at_the_same_place_with_any_passes(monkeypatch, name, limits):
    rows = rows_of(name)[:30]
    plain = outcome(name, rows, **limits)
    assert plain[1], "limits so tight that some callbacks fail"
    for passes in SETS:
        monkeypatch.setattr(programs, "compile_script", partial(compiling.compile_script, passes=passes))
        assert outcome(name, rows, **limits) == plain, passes


@pytest.mark.parametrize("name", GAMES)
def test_without_passes(monkeypatch, name):
    plain = states(Game.load(scene_of(name)), rows_of(name))
    monkeypatch.setattr(programs, "compile_script", partial(compiling.compile_script, passes=NO_PASSES))
    assert states(Game.load(scene_of(name)), rows_of(name)) == plain


@pytest.mark.parametrize("name", GAMES)
def test_saved_and_loaded_at_a_random_tick(name, tmp_path):
    rows, rng = rows_of(name), random.Random(name)
    plain = states(Game.load(scene_of(name)), rows)
    for tick in rng.sample(range(1, TICKS), 2):
        game, file = Game.load(scene_of(name)), tmp_path / f"{tick}.save"
        states(game, rows[:tick])
        game.save(file)
        assert states(game, rows[tick:]) == plain[tick:], "saving changes nothing"
        loaded = Game.load(scene_of(name))
        loaded.load_save(file)
        assert loaded.state_hash() == plain[tick - 1]
        assert states(loaded, rows[tick:]) == plain[tick:]


@pytest.mark.parametrize("name", GAMES)
def test_taken_back_at_random_ticks(name):
    rows, rng = rows_of(name), random.Random(name)
    plain = states(Game.load(scene_of(name)), rows)
    game = Game.load(scene_of(name))
    kept = {0: game.snapshot()}
    for _ in range(8):
        tick = rng.choice(sorted(kept))
        end = rng.randint(tick, TICKS)
        game.restore(kept[tick])
        assert states(game, rows[tick:end]) == plain[tick:end]
        kept[end] = game.snapshot()


GROWING = """
let list = [];
let by_name = #{};
fn on_update() {
    for i in 0..random(1, 30) { list.push([i, `${i}`]); }
    if list.len() > 120 { list.splice(0, random(0, 90), []); }
    by_name[`a long name of a value, as long as that of a key that one pays for: ${random(0, 40)}`] = tick;
    by_name += #{ a: tick, b: list.len() };
    if random(0, 9) == 0 { by_name = #{}; list = list.filter(|x| x[0] % 2 == 0); }
    list.pad(random(0, 20), [0, ""]);
}
"""
CROWD = """
[scene]
seed = 3
[limits]
operations = 2500
[[entity]]
count = 40
script = "growing.rhai"
"""


def test_operations_end_at_the_same_place_after_loading(tmp_path):
    """What an operation costs hangs on no capacity and no garbage: a game that was loaded has others."""
    (tmp_path / "growing.rhai").write_text(GROWING)
    (tmp_path / "scene.toml").write_text(CROWD)

    def do(game, count):
        found = []
        for _ in range(count):
            game.step()
            found.append(game.state_hash())
        return found

    game = Game.load(tmp_path / "scene.toml")
    plain = do(game, 80)
    assert len({one.tick for one in game.error_reports}) > 5
    assert {one.kind for one in game.error_reports} == {"ErrorTooManyOperations"}
    for tick in (7, 19, 33):
        game = Game.load(tmp_path / "scene.toml")
        do(game, tick)
        game.save(tmp_path / "a.save")
        loaded = Game.load(tmp_path / "scene.toml")
        loaded.load_save(tmp_path / "a.save")
        assert do(loaded, 80 - tick) == plain[tick:]


def cpu_features():
    """Return what NumPy may use on this processor beyond what it needs."""
    module = np._core._multiarray_umath
    return [name for name in module.__cpu_dispatch__ if module.__cpu_features__.get(name)]


@slow
def test_with_a_cold_cache(tmp_path):
    assert in_process(NUMBA_CACHE_DIR=str(tmp_path)) == all_expected()


@slow
def test_on_a_processor_that_can_do_little(tmp_path):
    plain = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)}
    assert in_process(**plain, NPY_DISABLE_CPU_FEATURES=" ".join(cpu_features())) == all_expected()


def test_a_session_goes_on_through_its_scenes():
    """Bots play on when a level or a game has ended."""
    files = set()
    for _, session in played("coin_rush", 1500):
        files.add(session.game.scene.file.name)
    assert len(files) > 1
