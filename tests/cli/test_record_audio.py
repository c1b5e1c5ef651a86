"""`astraweave run --record-audio`."""

import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from engine.cli import main

pytestmark = pytest.mark.integration

SCENE = """
[sound]
music = "theme"
[[entity]]
script = "noise.rhai"
sound = { name = "hum" }
"""
NOISE = 'fn on_update() { if tick % 5 == 0 { play_sound("hum", (30 * random(), 4), 0.5, 0.8 + random()); } }'


@pytest.fixture
def scene(tmp_path):
    (tmp_path / "scene.toml").write_text(SCENE)
    (tmp_path / "noise.rhai").write_text(NOISE)
    (tmp_path / "sounds").mkdir()
    generator = np.random.default_rng(3)
    for name in ("theme.ogg", "hum.wav"):
        soundfile.write(tmp_path / "sounds" / name, 0.3 * generator.uniform(-1, 1, 5000), 44_100)
    return tmp_path / "scene.toml"


def record(scene, file, ticks):
    return CliRunner().invoke(
        main, ["run", str(scene), "--headless", "--ticks", str(ticks), "--record-audio", str(file), "--hash"]
    )


def test_each_tick_is_800_frames_and_two_runs_are_the_same_bytes(scene, tmp_path):
    first, again = tmp_path / "first.wav", tmp_path / "again.wav"
    done = record(scene, first, 45)
    assert done.exit_code == 0
    assert record(scene, again, 45).stdout == done.stdout
    assert first.read_bytes() == again.read_bytes()
    with wave.open(str(first)) as found:
        assert found.getparams()[:4] == (2, 2, 48_000, 45 * 800)
        samples = np.frombuffer(found.readframes(45 * 800), "<i2")
    assert samples.std() > 1000


def test_nothing_recorded_is_a_whole_file(scene, tmp_path):
    assert record(scene, tmp_path / "none.wav", 0).exit_code == 0
    with wave.open(str(tmp_path / "none.wav")) as found:
        assert found.getnframes() == 0


def test_where_nothing_can_be_written(scene, tmp_path):
    done = record(scene, tmp_path / "nowhere" / "a.wav", 5)
    assert done.exit_code == 1
    assert "a.wav cannot be written: No such file or directory" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux that is always full")
def test_a_full_disk_is_told(scene):
    done = record(scene, "/dev/full", 200)
    assert done.exit_code == 1
    assert "/dev/full cannot be written: No space left on device" in done.stderr
