"""`astraweave doctor`: what it finds here, and what it says where something is missing."""

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

import astraweave
from engine.app.diagnosis import OpenGL
from engine.app.display import NoDisplay
from engine.cli import main
from engine.tools import doctor

pytestmark = pytest.mark.integration

GOOD_GL = OpenGL("A vendor", "A card", "4.6")


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine on which everything is there; a test takes something away."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("engine.app.diagnosis.find_open_gl", lambda: GOOD_GL)
    monkeypatch.setattr("engine.app.diagnosis.find_sound_driver", lambda: "PulseAudio")
    monkeypatch.setattr("engine.warm_up.is_warm", lambda: True)
    return monkeypatch


def run(*arguments):
    return CliRunner().invoke(main, ["doctor", *arguments])


def found(name):
    done = run("--json")
    told = json.loads(done.stdout)
    assert told["well"] == (done.exit_code == 0)
    (finding,) = [one for one in told["findings"] if one["name"] == name]
    return finding["level"], finding["value"], finding["advice"], done.exit_code


def test_a_good_machine(machine):
    done = run()
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["ok", "astraweave", astraweave.__version__]
    assert lines[-1] == "all is well"
    assert max(map(len, lines)) <= 80
    for part in ("numba", "pyglet", "libsndfile", "4.6, A card, A vendor", "PulseAudio", "settings"):
        assert part in done.stdout


def test_without_a_display_and_a_device_games_still_run(machine):
    def no_window():
        raise NoDisplay("the environment variable DISPLAY is not set")

    machine.setattr("engine.app.diagnosis.find_open_gl", no_window)
    machine.setattr("engine.app.diagnosis.find_sound_driver", lambda: None)
    level, value, advice, code = found("OpenGL")
    assert (level, code) == ("warning", 0)
    assert value == "no window: the environment variable DISPLAY is not set"
    assert "--headless" in advice
    assert found("sound device")[:2] == ("warning", "none")
    assert max(map(len, run().stdout.splitlines())) <= 80


def test_a_processor_that_draws_is_a_warning(machine):
    machine.setattr("engine.app.diagnosis.find_open_gl", lambda: OpenGL("Mesa", "llvmpipe (LLVM 15)", "4.5"))
    assert found("OpenGL")[0] == "warning"


def test_cold_kernels_and_folders_that_cannot_be_written(machine, tmp_path):
    machine.setattr("engine.warm_up.is_warm", lambda: False)
    machine.setenv("NUMBA_CACHE_DIR", str(tmp_path / "a file" / "kernels"))
    (tmp_path / "a file").write_text("")
    level, value, advice, code = found("kernels")
    assert (level, value, code) == ("warning", "not compiled yet", 0)
    assert "compiles them" in advice
    level, value, advice, code = found("kernel cache")
    assert (level, value, code) == ("warning", f"0.0 MB in {tmp_path / 'a file' / 'kernels'}", 0)
    assert "mend its permissions" in advice


def test_a_package_that_is_missing_is_an_error(machine):
    version = metadata.version

    def lose(name):
        if name == "numba":
            raise metadata.PackageNotFoundError(name)
        return version(name)

    machine.setattr(doctor.metadata, "version", lose)
    assert found("numba") == ("error", "is not installed", "pip install numba", 1)
    assert run().stdout.splitlines()[-1] == "1 error, 0 warnings"


def test_an_old_python_is_an_error(machine):
    machine.setattr(doctor, "OLDEST_PYTHON", (9, 0))
    level, _, advice, code = found("Python")
    assert (level, advice, code) == ("error", "install Python 9.0 or newer", 1)


def test_libsndfile_that_does_not_load_is_a_warning(machine):
    machine.setitem(sys.modules, "soundfile", None)
    level, value, _, code = found("sound files")
    assert (level, code) == ("warning", 0)
    assert value.startswith("libsndfile is missing")


def test_this_machine_without_a_display():
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run(
        [sys.executable, "-m", "astraweave", "doctor", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=Path(astraweave.__file__).parent,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["well"]
