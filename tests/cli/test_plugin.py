"""`--plugin MODULE:OBJECT` of `run` and `check`, through the command."""

import sys

import pytest
from click.testing import CliRunner

from engine.cli import main

pytestmark = pytest.mark.integration

PLUGIN = """
class Doubling:
    def register(self, host):
        @host.function
        def twice(number: float) -> float:
            return 2 * number

made = Doubling()
nothing = 5
class Broken:
    def register(self, host):
        host.function(len, name="get_position")
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Run the command in a folder with a plugin, a scene and a script that calls it."""
    (tmp_path / "doubling_plugin.py").write_text(PLUGIN)
    (tmp_path / "scene.toml").write_text('[scene]\n[[entity]]\nscript = "a.rhai"')
    (tmp_path / "a.rhai").write_text("fn on_spawn() { print(twice(2.5)); }")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    yield lambda *arguments: CliRunner().invoke(main, list(arguments))
    sys.modules.pop("doubling_plugin", None)


@pytest.mark.parametrize("name", ["Doubling", "made"])
def test_its_functions_are_there(command, name):
    plugin = ("--plugin", f"doubling_plugin:{name}")
    run = command("run", "scene.toml", "--headless", "--ticks", "1", "--fail-on-script-error", *plugin)
    assert (run.exit_code, run.stdout) == (0, "5.0\n")
    assert command("check", ".", *plugin).exit_code == 0


def test_without_it_they_are_not(command):
    check = command("check", ".")
    assert check.exit_code == 1
    assert "Function not found: twice" in check.stderr


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("doubling_plugin", 2, "a plugin is named as `module:object`"),
        ("no_such_module:X", 2, "ModuleNotFoundError"),
        ("doubling_plugin:Missing", 2, "AttributeError"),
        ("doubling_plugin:nothing", 2, "it has no method `register(host)`"),
        ("doubling_plugin:Broken", 1, "`get_position` is the name of another function"),
    ],
)
def test_one_that_cannot_be_used(command, name, code, reason):
    for arguments in (("check", "."), ("run", "scene.toml", "--headless", "--ticks", "1")):
        done = command(*arguments, "--plugin", name)
        assert done.exit_code == code
        assert reason in done.stderr
