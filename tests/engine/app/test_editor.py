"""Which command opens a file at a line, and what it is given: one argument a place, and never a shell."""

import sys
import time
from pathlib import Path

import pytest

from engine.app.editor import BadEditor, Editor, find_editor
from engine.render.view import Place

pytestmark = pytest.mark.unit

PLACE = Place(Path("/games/my game/a; rm -rf $HOME {line}.rhai"), 12, 5)


def test_places_are_put_into_the_arguments():
    editor = Editor("code -g '{file}:{line}:{column}' --wait")
    assert editor.arguments(PLACE) == ["code", "-g", f"{PLACE.file}:12:5", "--wait"]


def test_the_name_of_a_file_stays_one_argument_and_is_not_filled_again():
    assert Editor("vim +{line} {file}").arguments(PLACE) == ["vim", "+12", str(PLACE.file)]


@pytest.mark.parametrize("command", ["code -g", "vim 'x", "{file}"])
def test_what_is_no_command_is_refused(command):
    with pytest.raises(BadEditor, match="the editor `"):
        Editor(command)


def test_the_option_goes_before_the_environment_and_that_before_the_settings(tmp_path, monkeypatch):
    (tmp_path / "settings.toml").write_text('editor = "third {file}"')
    monkeypatch.delenv("ASTRAWEAVE_EDITOR", raising=False)
    assert find_editor(folder=tmp_path).words[0] == "third"
    monkeypatch.setenv("ASTRAWEAVE_EDITOR", "second {file}")
    assert find_editor(folder=tmp_path).words[0] == "second"
    assert find_editor("first {file}", tmp_path).words[0] == "first"


def test_without_a_setting_it_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.delenv("ASTRAWEAVE_EDITOR", raising=False)
    told = find_editor(folder=tmp_path).open(PLACE)
    assert "ASTRAWEAVE_EDITOR='code -g {file}:{line}:{column}'" in told


@pytest.mark.parametrize(
    "text", ["editor = 3", "editr = 'a {file}'", "editor =", "\xff", "editor = " + 2000 * "["]
)
def test_settings_that_make_no_sense_are_told(text, tmp_path, monkeypatch):
    monkeypatch.delenv("ASTRAWEAVE_EDITOR", raising=False)
    (tmp_path / "settings.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadEditor, match=r"settings\.toml: "):
        find_editor(folder=tmp_path)


def test_it_is_started_with_its_arguments_and_not_waited_for(tmp_path):
    out, script = tmp_path / "out", tmp_path / "editor.py"
    script.write_text(f"import sys, pathlib; pathlib.Path({str(out)!r}).write_text(repr(sys.argv[1:]))")
    place = Place(tmp_path / "größe & co.rhai", 3, 4)
    told = Editor(f"{sys.executable} {script} {{file}} {{line}}:{{column}}").open(place)
    assert told == "opened größe & co.rhai:3"
    deadline = time.monotonic() + 10.0
    while not (out.is_file() and out.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert out.read_text() == repr([str(place.file), "3:4"])


def test_what_is_not_installed_or_cannot_run_is_told(tmp_path, monkeypatch):
    assert Editor("no-such-editor {file}").open(PLACE) == "the editor no-such-editor is not installed"
    assert Editor("vim {file}").open(None) == "there is no file to open"
    broken = tmp_path / "broken"
    broken.write_text("")
    broken.chmod(0o755)
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: (_ for _ in ()).throw(OSError(8, "no program")))
    assert Editor(f"{broken} {{file}}").open(PLACE).endswith("cannot be started: no program")


def test_a_batch_file_gets_no_name_that_its_shell_would_read(tmp_path):
    batch = tmp_path / "code.cmd"
    batch.write_text("")
    batch.chmod(0o755)
    told = Editor(f"{batch} {{file}}").open(Place(Path('/a/b&calc".rhai'), 1, 1))
    assert told.endswith("cannot be given safely")
