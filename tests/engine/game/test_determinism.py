"""The same scene gives the same states: in this run, in another process, with another cache."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import astraweave
from tests.engine.game.play_scenes import SCENE, SPARK, WALKER

pytestmark = pytest.mark.integration

ROOT = Path(astraweave.__file__).resolve().parent
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


@pytest.mark.skipif("not os.environ.get('ASTRAWEAVE_SLOW_TESTS')", reason="compiles every kernel anew")
def test_with_a_cold_cache(folder, tmp_path_factory):
    folder.game(SCENE, walker=WALKER, spark=SPARK)
    first = command_line(folder)
    cold = str(tmp_path_factory.mktemp("cache"))
    assert command_line(folder, NUMBA_CACHE_DIR=cold) == first
