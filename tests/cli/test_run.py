"""`astraweave run` and what it prints, on small scenes written here."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import astraweave
from engine.cli import main

pytestmark = pytest.mark.integration

ROOT = Path(astraweave.__file__).resolve().parent

WALKER = """
let steps = 0;
fn on_update() {
    steps += 1;
    move_towards(entity_id, (10.0, 10.0), delta_time);
    if steps == 3 { print(`three steps of ${entity_id}`); }
}
"""


@pytest.fixture
def scene(tmp_path):
    """Write a scene of five walkers; returns the folder."""
    (tmp_path / "walker.rhai").write_text(WALKER)
    (tmp_path / "scene.toml").write_text("""
        [[entity]]
        tag = "Walker"
        count = 5
        spread = { box = [8.0, 8.0] }
        script = "walker.rhai"
    """)
    return tmp_path


def run(folder, *arguments):
    done = CliRunner().invoke(main, ["run", str(folder / "scene.toml"), "--headless", *map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def report_of(done):
    return json.loads(done.stdout.splitlines()[-1])


def test_the_report_is_the_last_line(scene):
    done = run(scene, "--ticks", 70, "--json")
    report = report_of(done)
    assert done.exit_code == 0
    assert (report["ticks"], report["entities"], report["script_errors"]) == (70, 5, [])
    assert re.fullmatch("[0-9a-f]{16}", report["hash"])
    for part in ("script", "physics", "tick"):
        assert set(report[part]) == {"median", "p95"}
        assert 0.0 <= report[part]["median"] <= report[part]["p95"]
    assert report["script"]["median"] <= report["tick"]["median"]


def test_no_tick_at_all_has_a_report(scene):
    report = report_of(run(scene, "--ticks", 0, "--json"))
    assert (report["ticks"], report["entities"]) == (0, 5)


def test_prints_go_to_standard_output(scene):
    assert run(scene, "--ticks", 5).stdout.count("three steps of ") == 5


def test_hashes_are_the_same_in_another_process_and_differ_by_seed(scene):
    here = run(scene, "--ticks", 4, "--hash").stdout
    command = [
        sys.executable,
        "-m",
        "astraweave",
        "run",
        scene / "scene.toml",
        "--headless",
        "--ticks",
        "4",
        "--hash",
    ]
    there = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert here == there
    lines = [line for line in here.splitlines() if "three" not in line]
    assert [line.split()[0] for line in lines] == ["1", "2", "3", "4"]
    assert len({line.split()[1] for line in lines}) == 4
    assert run(scene, "--ticks", 4, "--hash", "--seed", 99).stdout != here


def test_a_script_that_does_not_compile_is_reported_and_the_scene_runs_on(scene):
    (scene / "walker.rhai").write_text("fn on_update() {\n    let x = ;\n}")
    done = run(scene, "--ticks", 3, "--json")
    report = report_of(done)
    assert (done.exit_code, report["ticks"], report["entities"]) == (0, 3, 5)
    assert len(report["script_errors"]) == 1
    error = report["script_errors"][0]
    assert error["file"].endswith("walker.rhai")
    assert (error["line"], error["tick"]) == (2, 0)
    assert set(error) == {"script", "file", "line", "column", "kind", "message", "entity", "tick"}
    assert "let x = ;" in done.stderr
    assert "^" in done.stderr
    assert run(scene, "--ticks", 3, "--fail-on-script-error").exit_code == 1


def test_the_file_of_an_error_is_the_one_that_its_place_lies_in(scene):
    (scene / "steps.rhai").write_text("fn three() {\n    throw 1;\n}")
    (scene / "walker.rhai").write_text('import "steps" as steps;\nfn on_update() { steps::three(); }')
    error = report_of(run(scene, "--ticks", 1, "--json"))["script_errors"][0]
    assert (error["script"], error["file"], error["line"]) == ("walker.rhai", "steps.rhai", 2)


def test_a_failing_script_is_reported_once_for_each_entity_and_disabled(scene):
    (scene / "walker.rhai").write_text(
        "let n = 0;\nfn on_update() {\n    n += 1;\n    if n == 2 { let a = [1]; a[n] }\n}"
    )
    report = report_of(run(scene, "--ticks", 6, "--json"))
    assert (report["ticks"], report["entities"]) == (6, 5)
    assert len({error["entity"] for error in report["script_errors"]}) == len(report["script_errors"]) == 5
    error = report["script_errors"][0]
    assert (error["line"], error["kind"]) == (4, "ErrorArrayBounds")


def test_without_a_display_the_message_names_headless(scene):
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}
    }
    done = subprocess.run(
        [sys.executable, "-m", "astraweave", "run", scene / "scene.toml", "--ticks", "1"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    if sys.platform.startswith("linux"):
        assert done.returncode == 1
        assert "--headless" in done.stderr
        assert "Traceback" not in done.stderr


def lines_of(process, word, seconds=20.0):
    """Read lines of a process until one has the word; fail when none comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        line = process.stdout.readline()
        if word in line:
            return line
    pytest.fail(f"no line with {word!r}")


def hear_interrupts():
    """Undo what a background job inherits: there, interrupts are ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="sends an interrupt")
def test_a_run_in_real_time_takes_saves_and_ends_with_its_report_when_interrupted(scene):
    script = scene / "walker.rhai"
    script.write_text('let n = 0;\nfn on_update() { n += 1; if n % 10 == 0 { print("old"); } }')
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "astraweave", "run", scene / "scene.toml", "--headless", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        preexec_fn=hear_interrupts,  # noqa: PLW1509 - no threads are alive here that could hold a lock
    ) as process:
        guard = threading.Timer(120.0, process.kill)
        guard.start()
        lines_of(process, "old")
        script.write_text("let n = 0;\nfn on_update() { n += 1; if n % 10 == 0 { print(`new ${n > 10}`); } }")
        assert "true" in lines_of(process, "new"), "state keeps its value"
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        guard.cancel()
        assert process.returncode == 0
    assert json.loads(rest.splitlines()[-1])["entities"] == 5


INPUT_SCENE = """
[input]
right = ["D"]
[[entity]]
velocity = [0.0, 0.0]
script = "mover.rhai"
"""
MOVER = """
fn on_update() {
    if is_action_pressed("right") { print(`right at ${tick}`); }
    if is_action_released("right") { print(`let go at ${tick}`); quit(); }
}
"""


@pytest.fixture
def with_input(tmp_path):
    """Write a scene and a file of input, and run it; returns what came of it."""
    (tmp_path / "scene.toml").write_text(INPUT_SCENE)
    (tmp_path / "mover.rhai").write_text(MOVER)

    def run_it(text, *options):
        (tmp_path / "bot.txt").write_text(text)
        files = [str(tmp_path / "scene.toml"), "--input", str(tmp_path / "bot.txt")]
        return CliRunner().invoke(main, ["run", *files, *options])

    return run_it


def test_a_file_of_input_is_played_and_a_script_may_quit(with_input):
    done = with_input("3\n2 right  # press it\n", "--headless", "--ticks", "100", "--json")
    assert done.exit_code == 0, done.output
    *lines, report = done.stdout.splitlines()
    assert lines == ["right at 3", "let go at 5"]
    assert json.loads(report)["ticks"] == 6


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("2 rihgt", ["--headless"], 'line 1: the scene has no action "rihgt" (actions: right)'),
        ("right", ["--headless"], "line 1: a number of ticks is expected"),
        ("1 right", [], "add --headless"),
    ],
)
def test_bad_input_is_exit_code_2(with_input, text, options, message):
    done = with_input(text, "--ticks", "1", *options)
    assert done.exit_code == 2
    assert message in done.stderr
