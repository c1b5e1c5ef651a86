"""`astraweave record` and `astraweave replay`: what they write, print and exit with."""

import json

import pytest
from click.testing import CliRunner

from engine.cli import main

pytestmark = pytest.mark.integration

SCENE = '[input]\ngo = ["D"]\n[[entity]]\ntag = "Probe"\nscript = "a.rhai"\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "scene.toml").write_text(SCENE)
    (tmp_path / "a.rhai").write_text('let n = 0; fn on_update() { if is_action_down("go") { n += 1; } }')
    (tmp_path / "keys.txt").write_text("5\n10 go\n")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_a_run_is_recorded_and_done_again(folder):
    file = folder / "runs" / "a.replay"
    file.parent.mkdir()
    arguments = ("--headless", "--ticks", 30, "--input", folder / "keys.txt")
    done = run("record", folder / "scene.toml", file, *arguments)
    assert (done.exit_code, "30 ticks" in done.output) == (0, True), done.output
    done = run("replay", file, "--headless")
    assert (done.exit_code, "30 of 30 steps, the same in all" in done.output) == (0, True), done.output
    done = run("replay", file, "--headless", "--json")
    assert json.loads(done.output) == {"steps": 30, "of": 30, "ticks": 30, "differs": []}

    elsewhere = folder.parent / "elsewhere.replay"
    elsewhere.write_bytes(file.read_bytes())
    done = run("replay", elsewhere, "--headless")
    assert (done.exit_code, "--scene" in done.output) == (2, True)
    assert run("replay", elsewhere, "--headless", "--scene", folder / "scene.toml").exit_code == 0

    (folder / "a.rhai").write_text("let n = 0;")
    done = run("replay", file, "--headless")
    assert (done.exit_code, "others than at the recording: a.rhai" in done.output) == (2, True)
    file.write_bytes(file.read_bytes()[:-9])
    done = run("replay", file, "--headless")
    assert (done.exit_code, "cut off" in done.output) == (2, True)


def test_what_differs_is_told_and_ends_with_1(folder, monkeypatch):
    file = folder / "a.replay"
    assert run("record", folder / "scene.toml", file, "--headless", "--ticks", 8).exit_code == 0
    from engine.game.game import Game

    step = Game.step

    def step_otherwise(game):
        if game.tick == 4:
            game.scripts.set_state(1, "a.rhai", "n", 7)
        step(game)

    monkeypatch.setattr(Game, "step", step_otherwise)
    done = run("replay", file, "--headless")
    assert done.exit_code == 1
    assert 'step 5, tick 5: the first that differs is a.rhai: variable n of entity 1 ("Probe")' in done.output


def test_what_cannot_be(folder):
    assert run("record", folder / "scene.toml", folder / "a.replay", "--headless").exit_code == 2
    assert run("record", folder / "none.toml", folder / "a.replay", "--headless", "--ticks", 1).exit_code == 2
    assert run("replay", folder / "none.replay", "--headless").exit_code == 2


@pytest.mark.parametrize("target", ["none/a.replay", "taken.replay"])
def test_a_replay_that_cannot_be_written_is_told_before_anybody_plays(folder, target):
    (folder / "taken.replay").mkdir()
    done = run("record", folder / "scene.toml", folder / target, "--headless", "--ticks", 10**9)
    assert done.exit_code == 1
    assert "cannot be written" in done.output
