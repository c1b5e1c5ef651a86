"""Scripts that compile but hardly mean what their author meant are told so, once."""

import pytest
from click.testing import CliRunner

from engine.cli import main
from engine.scripting.compiling import check_script

pytestmark = pytest.mark.integration


def checked(text, *, strict=False):
    """Return the errors and the warnings about a script, as printed; unused names are no matter here."""
    findings = [
        finding
        for finding in check_script(text, "a.rhai", strict=strict)
        if not finding.kind.startswith("unused")
    ]
    errors = [finding.text for finding in findings if finding.severity == "error"]
    return errors, [finding.text for finding in findings if finding.severity == "warning"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("on_colision", "on_collision"),
        ("on_updat", "on_update"),
        ("onUpdate", "on_update"),
        ("On_Update", "on_update"),
        ("on_triger_exit", "on_trigger_exit"),
        ("on_destroyed", "on_destroy"),
    ],
)
def test_a_near_miss(name, meant):
    errors, warnings = checked(f"let x = 1;\nfn {name}() {{ x += 1; }}")
    assert errors == []
    (warning,) = warnings
    assert warning.splitlines()[0] == f"a.rhai:2:4: warning: nothing calls '{name}'; did you mean `{meant}`?"
    assert warning.splitlines()[2].index("^") == warning.splitlines()[1].index(name)


@pytest.mark.parametrize("name", ["on_update", "on_collision", "on_fire", "once", "update", "only_once"])
def test_names_that_are_fine(name):
    assert checked(f"fn {name}() {{ }}") == ([], [])


def test_hiding_a_function_of_the_api():
    text = "fn distance(a, b) { 7 }\nfn get_tag() { 1 }\nfn vec2.distance(b) { 3 }"
    errors, warnings = checked(text)
    assert errors == []
    (warning,) = warnings  # get_tag of no argument hides nothing
    assert warning.startswith("a.rhai:1:4: warning: 'distance' hides")
    assert checked("fn distance(a, b) { 7 }", strict=True) == ([], [])


def test_the_scripts_own_function_is_called_in_that_script_alone(folder):
    scene = '[[entity]]\nscript = "a.rhai"\n[[entity]]\nscript = "b.rhai"\n'
    call = "fn on_spawn() { print(distance((0.0, 0.0), (0.0, 2.0))); }"
    game = folder.game(scene, a=f"fn distance(a, b) {{ 7 }}\n{call}", b=call)
    assert game.drain_log() == ["7", "2.0"]
    (warning,) = game.log.take_warnings()
    assert warning.startswith("a.rhai:1:4: warning: ")


@pytest.mark.parametrize(
    ("callback", "most"),
    [("on_update", 0), ("on_spawn", 0), ("on_collision", 1), ("on_trigger", 2), ("on_destroy", 0)],
)
def test_more_parameters_than_there_are_arguments_do_not_compile(callback, most):
    parameters = ", ".join("abc"[: most + 1])
    errors, _ = checked(f"fn {callback}({parameters}) {{ }}")
    assert errors[0].startswith(f"a.rhai:1:4: '{callback}' takes at most {most} parameters")
    fewer = ", ".join("abc"[:most])
    assert checked(f"fn {callback}({fewer}) {{ }}") == ([], [])


def test_check_and_run_show_warnings_and_succeed(folder):
    file = folder.write("a.rhai", "fn on_colision(other) { }")
    done = CliRunner().invoke(main, ["check", str(file)])
    assert (done.exit_code, done.stdout) == (0, "1 file checked: 0 errors, 1 warning\n")
    assert "did you mean `on_collision`?" in done.stderr
    folder.write("scene.toml", '[[entity]]\ncount = 3\nscript = "a.rhai"')
    done = CliRunner().invoke(main, ["run", str(folder.path / "scene.toml"), "--headless", "--ticks", "5"])
    assert done.exit_code == 0
    assert done.stderr.count("warning: nothing calls 'on_colision'") == 1
