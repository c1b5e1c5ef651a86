"""`astraweave new`: what it makes runs, passes its own tests and is laid out well."""

import json

import pytest
from click.testing import CliRunner

from engine.cli import main
from engine.tools.new import TEMPLATE, title_of

pytestmark = pytest.mark.integration


def run(*arguments):
    done = CliRunner().invoke(main, list(map(str, arguments)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A new game; returns its folder and what `new` printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("games"))
        done = run("new", "star_catcher")
        assert done.exit_code == 0
        yield tmp_path_factory.getbasetemp() / "games0" / "star_catcher", done.stdout


def test_the_new_game_runs_without_a_failing_script(made):
    folder, _ = made
    done = run("run", folder / "scene.toml", "--headless", "--ticks", 120, "--json", "--fail-on-script-error")
    assert done.exit_code == 0
    assert done.stderr == ""
    assert json.loads(done.stdout.splitlines()[-1])["entities"] > 12


def test_it_has_a_scene_two_scripts_and_its_own_title(made):
    folder, _ = made
    assert [file.name for file in sorted((folder / "scripts").iterdir())] == ["player.rhai", "star.rhai"]
    scene = (folder / "scene.toml").read_text()
    assert 'name = "Star catcher"' in scene
    assert "TITLE" not in scene


def test_its_tests_pass_and_its_files_are_checked_and_formatted(made):
    folder, _ = made
    assert run("test", folder).stdout.splitlines()[-1].startswith("3 passed in")
    assert run("check", folder).stdout == "4 files checked: 0 errors, 0 warnings\n"
    assert run("fmt", "--check", folder).exit_code == 0


def test_new_tells_what_to_do_next(made):
    _, told = made
    assert "cd star_catcher" in told
    for command in ("astraweave run scene.toml", "astraweave test", "astraweave check ."):
        assert command in told


@pytest.mark.parametrize(
    "name", ["", "9lives", "a/b", "..", "a b", "con", "COM1", "x" * 65, "-k", "ä", "a.b"]
)
def test_a_name_that_is_none_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("new", "--", name)
    assert done.exit_code == 2
    assert "is no name for a game" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    done = run("new", "mine")
    assert (done.exit_code, done.stderr) == (2, "error: mine: is there already; nothing was changed\n")
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_place_where_nobody_may_write_is_a_message(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    done = run("new", "mine")
    assert done.exit_code == 1
    assert "cannot be written: No space left on device" in done.stderr


def test_titles_are_words():
    assert title_of("star_catcher-2") == "Star catcher 2"
    assert title_of("pong") == "Pong"


def test_the_sounds_of_the_template_are_those_that_are_synthesised():
    from pathlib import Path

    made = Path(__file__).resolve().parents[2] / "examples" / "coin_rush" / "sounds"
    for name, original in (("pickup", "coin_pickup"), ("hurt", "hurt"), ("win", "win")):
        assert (TEMPLATE / "sounds" / f"{name}.wav").read_bytes() == (made / f"{original}.wav").read_bytes()
