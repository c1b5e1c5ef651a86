"""Exit codes and messages that need no game."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import astraweave
from engine import warm_up
from engine.cli import main

pytestmark = pytest.mark.integration

ROOT = Path(astraweave.__file__).resolve().parent


@pytest.fixture
def command(monkeypatch):
    monkeypatch.setattr(warm_up, "warm_up_with_bar", lambda: None)

    def run(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run


def test_the_version_of_the_module_and_of_the_command(command):
    for module in ("astraweave", "engine.cli"):
        done = subprocess.run(
            [sys.executable, "-m", module, "--version"], capture_output=True, text=True, cwd=ROOT, check=True
        )
        assert done.stdout == f"astraweave, version {astraweave.__version__}\n"


def test_a_missing_scene_is_bad_input(command, tmp_path):
    done = command("run", tmp_path / "none.toml", "--headless")
    assert done.exit_code == 2
    assert "none.toml: no such file" in done.stderr
    assert done.stdout == ""


def test_a_wrong_scene_is_bad_input_with_its_place(command, tmp_path):
    file = tmp_path / "scene.toml"
    file.write_text("[scene]\nsise = [1, 2]")
    done = command("run", file, "--headless", "--ticks", 1)
    assert done.exit_code == 2
    assert "[scene]: sise: unknown key" in done.stderr
    assert "did you mean `size`?" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "x.toml", "--ticks", "-1"],
        ["run", "x.toml", "--ticks", "many"],
        ["run", "x.toml", "--seed", str(2**63)],
        ["run", "x.toml", "--record", "x.gif"],
        ["check"],
        ["fly"],
    ],
)
def test_wrong_arguments_are_bad_input(command, arguments):
    assert command(*arguments).exit_code == 2


def test_checking_counts_files_and_faults_of_scenes(command, tmp_path):
    (tmp_path / "good.toml").write_text("[scene]\nname = 'a'")
    (tmp_path / "other.toml").write_text("[project]\nname = 'no scene'")
    done = command("check", tmp_path)
    assert (done.exit_code, done.stdout) == (0, "1 file checked: 0 errors, 0 warnings\n")
    (tmp_path / "bad.toml").write_text("[[entity]]\nposition = 3")
    done = command("check", tmp_path)
    assert (done.exit_code, done.stdout) == (1, "2 files checked: 1 error, 0 warnings\n")
    assert "bad.toml:2: [entity 1]: position: expected a list, got a whole number" in done.stderr


@pytest.mark.parametrize("name", ["none", "none.rhai", "picture.png"])
def test_a_path_that_cannot_be_checked_is_bad_input(command, tmp_path, name):
    (tmp_path / "picture.png").write_bytes(b"")
    done = command("check", tmp_path / name)
    assert done.exit_code == 2
    assert name in done.stderr


def test_a_missing_script_has_no_program(command, tmp_path):
    done = command("disasm", tmp_path / "none.rhai")
    assert done.exit_code == 2
    assert "no such file" in done.stderr


def test_sounds_that_are_missing_or_broken_are_warnings(command, tmp_path):
    scene = tmp_path / "scene.toml"
    scene.write_text('[sound]\nmusic = "them"\n[[entity]]\nsound = { name = "hum" }')
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "theme.wav").write_text("no sound")
    done = command("check", scene)
    assert (done.exit_code, done.stdout) == (0, "1 file checked: 0 errors, 3 warnings\n")
    assert 'warning: no sound is called "them"; did you mean `theme`?' in done.stderr
    assert 'warning: no sound is called "hum"' in done.stderr
    assert "theme.wav: it is no WAV or OGG sound" in done.stderr
