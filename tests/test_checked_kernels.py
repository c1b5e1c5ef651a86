"""Kernels that tell what they must not do: to reach out of an array, out of 64 bits.

All tests of them are in this file, because their kernels are compiled anew when a source has changed: about
two minutes of one processor, shared by all of them and by the next runs.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import checked_kernels
from tests.determinism import playing
from tests.engine.game import play_scenes
from tests.engine.game.play_scenes import SCENE, SPARK, TALKER, TALKS, WALKER
from tests.fuzz.campaign import Progress
from tests.hostile.cases import GROUPS, cases_of

pytestmark = [
    pytest.mark.security,
    pytest.mark.skipif("sys.platform == 'win32'", reason="what kernels say there goes elsewhere"),
]

ROOT = Path(__file__).resolve().parent.parent
FUZZ = ROOT / "tests" / "fuzz" / "__main__.py"
RUNNER = ROOT / "tests" / "scripts" / "script_runner.py"
HOSTILE = ROOT / "tests" / "hostile" / "play.py"
LEVEL = ROOT / "examples" / "coin_rush" / "level_2.toml"
OVERFLOWING = """
from lang.jit import entry, wrapping_mul
@entry("int64(int64, float64)")
def compute(x, y): return x * 4 + wrapping_mul(x, 4) ^ int(y)
compute(2**62, 2.5)
compute(1, 1e300)
"""


def run_checked(*words, seconds=900):
    """Run a Python file with such kernels."""
    return subprocess.run(
        [sys.executable, checked_kernels.__file__, *map(str, words)],
        env=checked_kernels.checked_environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def test_an_overflow_is_told(tmp_path):
    """The checks are no good if they say nothing."""
    file = tmp_path / "overflowing.py"
    file.write_text(OVERFLOWING)
    done = run_checked(file)
    first, second = done.stderr.splitlines()
    assert first.startswith("overflow in mul: ")
    assert first.endswith("overflowing.py:4"), "the folder may be that of the run that compiled it"
    assert second.startswith("overflow in float to int: ")


def test_scripts_do_what_they_should():
    done = run_checked(RUNNER)
    assert (done.returncode, done.stderr) == (0, ""), "natives cannot raise: what they would is on stderr"
    assert done.stdout.split("different:")[1].split() == []


def test_changed_scripts_stay_within_bounds(tmp_path):
    where = ("--scratch", tmp_path, "--findings", tmp_path / "found")
    done = run_checked(FUZZ, "--work", "script", "--plain", "--seed", 3, "--executions", 500, *where)
    found = [path.read_text() for path in tmp_path.glob("found/*.txt")]
    assert (done.returncode, done.stderr, found) == (0, "", [])
    assert Progress(tmp_path / "progress").counts[:2] == (500, 0)


def test_hostile_scripts_end_as_ever():
    done = run_checked(HOSTILE)
    expected = [
        line
        for group in GROUPS
        for line in (*(f"{group} {case.name} {case.end}" for case in cases_of(group)), f"{group} others ")
    ]
    assert (done.returncode, done.stderr, done.stdout.split("\n")[:-1]) == (0, "", expected)


def test_bots_come_to_the_same_states():
    done = run_checked(playing.__file__, "coin_rush,arena", 40, 1)
    assert (done.returncode, done.stderr) == (0, "")
    states = [line.split()[1] for line in done.stdout.splitlines()]
    assert states == [*playing.hashes("coin_rush", 40), *playing.hashes("arena", 40)]


def test_scenes_come_to_the_same_states(tmp_path):
    """No result hangs on what the optimiser makes of a kernel."""
    files = {"scene.toml": SCENE, "walker.rhai": WALKER, "spark.rhai": SPARK}
    for name, text in {**files, "talks.toml": TALKS, "talker.rhai": TALKER}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    scenes = (tmp_path / "scene.toml", tmp_path / "talks.toml", LEVEL)
    done = run_checked(play_scenes.__file__, 60, *scenes)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split("\n")[:-1] == [line for scene in scenes for line in play_scenes.play(scene, 60)]
