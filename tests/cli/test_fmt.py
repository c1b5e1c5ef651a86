"""`astraweave fmt`, through the command."""

import pytest
from click.testing import CliRunner

from engine.cli import main

pytestmark = pytest.mark.integration

UGLY, NEAT = "let x=1 // one\n", "let x = 1 // one\n"


@pytest.fixture
def fmt():
    return lambda *arguments, **more: CliRunner().invoke(main, ["fmt", *map(str, arguments)], **more)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "ugly.rhai").write_text(UGLY)
    (tmp_path / "deep" / "neat.rhai").write_text(NEAT)
    (tmp_path / "other.txt").write_text(UGLY)
    return tmp_path


def test_a_folder_is_formatted(fmt, folder):
    done = fmt(folder)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"formatted {folder / 'ugly.rhai'}\n1 file formatted, 1 unchanged\n"
    assert (folder / "ugly.rhai").read_text() == NEAT
    assert (folder / "other.txt").read_text() == UGLY
    assert fmt(folder, "--check").stdout == "0 files to format, 2 unchanged\n"


def test_check_changes_nothing_and_tells(fmt, folder):
    done = fmt(folder, "--check")
    assert done.exit_code == 1
    assert done.stdout == f"would format {folder / 'ugly.rhai'}\n1 file to format, 1 unchanged\n"
    assert (folder / "ugly.rhai").read_text() == UGLY


def test_diff_shows_what_would_change(fmt, folder):
    done = fmt(folder / "ugly.rhai", "--diff")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[2:] == ["@@ -1 +1 @@", "-let x=1 // one", "+let x = 1 // one"]
    assert (folder / "ugly.rhai").read_text() == UGLY


def test_a_file_with_an_error_stays_and_the_others_are_formatted(fmt, folder):
    (folder / "bad.rhai").write_text("let = 1")
    done = fmt(folder)
    assert done.exit_code == 1
    assert "bad.rhai:1:5: Expecting name of a variable" in done.stderr
    assert done.stdout.endswith("1 file formatted, 1 unchanged, 1 with errors\n")
    assert (folder / "bad.rhai").read_text() == "let = 1"


def test_standard_input_goes_to_standard_output(fmt):
    assert fmt("-", input=UGLY).stdout == NEAT
    done = fmt("-", input="let = 1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "standard input:1:5" in done.stderr


def test_byte_order_mark_and_line_ends_stay(fmt, tmp_path):
    file = tmp_path / "a.rhai"
    file.write_bytes(b"\xef\xbb\xbfx=1;\r\ny=2;\r\n")
    assert fmt(file).exit_code == 0
    assert file.read_bytes() == b"\xef\xbb\xbfx = 1;\r\ny = 2;\r\n"


def test_vectors_are_errors_in_strict_mode(fmt, tmp_path):
    (tmp_path / "a.rhai").write_text("let v=(1,2);")
    assert fmt(tmp_path, "--strict").exit_code == 1
    assert fmt(tmp_path).exit_code == 0


def test_what_is_no_script_is_bad_input(fmt, folder):
    assert fmt(folder / "other.txt").exit_code == 2
    assert fmt(folder / "none.rhai").exit_code == 2
