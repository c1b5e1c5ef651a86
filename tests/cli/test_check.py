"""`astraweave check`, through the command."""

import json

import pytest
from click.testing import CliRunner

from engine.cli import main

pytestmark = pytest.mark.integration


@pytest.fixture
def check():
    return lambda *arguments: CliRunner().invoke(main, ["check", *map(str, arguments)])


def test_all_errors_of_all_files(check, tmp_path):
    (tmp_path / "a.rhai").write_text("fn a() { let = 1; }\n\nfn b() { f(1; }\n")
    (tmp_path / "b.rhai").write_text("fn f() { get_postion(1); }\n")
    done = check(tmp_path)
    assert done.exit_code == 1
    assert done.stdout == "2 files checked: 3 errors, 0 warnings\n"
    file = tmp_path / "a.rhai"
    assert done.stderr.splitlines()[:3] == [
        f"{file}:1:14: Expecting name of a variable",
        "    1 | fn a() { let = 1; }",
        "      |              ^",
    ]
    assert f"{file}:3:13: Expecting ','" in done.stderr
    assert "b.rhai:1:10: Function not found: get_postion" in done.stderr
    assert "hint: did you mean `get_position`?" in done.stderr


def test_warnings_alone_are_no_failure(check, tmp_path):
    (tmp_path / "a.rhai").write_text("fn f() { let a = 1; }")
    done = check(tmp_path)
    assert (done.exit_code, done.stdout) == (0, "1 file checked: 0 errors, 1 warning\n")
    assert "a.rhai:1:14: warning: nothing uses the variable 'a'" in done.stderr


def test_json_for_editors(check, tmp_path):
    (tmp_path / "a.rhai").write_text("let x = 1;\nx === 2;\n")
    (tmp_path / "s.toml").write_text("[scene]\nsise = 1\n")
    done = check(tmp_path, "--json")
    assert (done.exit_code, done.stderr) == (1, "")
    report = json.loads(done.stdout)
    assert report["files"] == 2
    script, scene = report["findings"]
    assert script["file"].endswith("a.rhai")
    assert (script["line"], script["column"], script["severity"], script["kind"]) == (
        2,
        3,
        "error",
        "BadInput",
    )
    assert script["message"].startswith("'===' is not a valid operator")
    assert (scene["severity"], scene["kind"], scene["line"]) == ("error", "SceneError", 2)


def test_strict_takes_plain_rhai(check, tmp_path):
    (tmp_path / "a.rhai").write_text("let v = (1.0, 2.0);\nv")
    assert check(tmp_path).exit_code == 0
    done = check(tmp_path, "--strict")
    assert done.exit_code == 1
    assert "a.rhai:1:13: Expecting ')'" in done.stderr


def test_a_file_that_is_no_text_is_an_error(check, tmp_path):
    (tmp_path / "a.rhai").write_bytes(b"\xff\xfe")
    done = check(tmp_path)
    assert done.exit_code == 1
    assert "the file is not UTF-8 text" in done.stderr
