"""Pictures of runs without a window: through a hidden window and, in processes of their own, through EGL."""

import os
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.ecs.components import ShapeKind
from engine.scene.hud import Hud
from engine.scene.tables import Window

pytestmark = [pytest.mark.integration, pytest.mark.window]

ROOT = Path(__file__).resolve().parents[2]
SCENE = """
[scene]
size = [10.0, 5.0]
gravity = [0.0, 0.0]
[window]
size = [321, 160]
[[entity]]
position = [1.0, 2.5]
velocity = [6.0, 0.0]
sprite = { shape = "box", size = [1.0, 1.0], color = "#ff4030" }
[[entity]]
sprite = { image = "gone.png" }
"""


def run(folder, *arguments, display=False):
    (folder / "scene.toml").write_text(SCENE)
    (folder / "gone.png").touch()
    environment = {name: value for name, value in os.environ.items() if display or name != "DISPLAY"}
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-m", "astraweave", "run", "scene.toml", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def red_column(picture):
    """The middle of what is red, as a part of the width."""
    pixels = np.asarray(picture.convert("RGB"), int)
    red = (pixels[..., 0] > 180) & (pixels[..., 1] < 110) & (pixels[..., 2] < 110)
    assert red.any()
    return red.any(axis=0).nonzero()[0].mean() / picture.width


needs_egl = pytest.mark.skipif(find_library("EGL") is None, reason="there is no EGL library")


@needs_egl
def test_a_run_without_a_display_is_recorded(tmp_path, display):
    ended = run(
        tmp_path,
        *("--headless", "--ticks", "60", "--record", "out.gif", "--fps", "10", "--screenshot", "last.png"),
    )
    assert (ended.returncode, ended.stderr.count("gone.png")) == (0, 1), ended.stderr
    with Image.open(tmp_path / "out.gif") as film:
        assert (film.n_frames, film.size) == (11, (321, 160))
        for number in (0, 5, 10):
            film.seek(number)
            assert red_column(film) == pytest.approx(0.1 + 0.06 * number, abs=0.01)
    with Image.open(tmp_path / "last.png") as last:
        assert last.size == (321, 160)
        assert red_column(last) == pytest.approx(0.7, abs=0.01)


def test_a_run_with_a_display_is_recorded_too(tmp_path, display):
    pytest.importorskip("imageio_ffmpeg")
    ended = run(tmp_path, "--headless", "--ticks", "6", "--record", "out.mp4", display=True)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "out.mp4").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--record", "out.gif"), 2, "add --headless"),
        (("--headless", "--ticks", "1", "--record", "out.avi"), 1, "films end in .gif or .mp4"),
        (("--headless", "--ticks", "1", "--record", "gone/out.gif"), 1, "no such folder"),
    ],
)
def test_what_cannot_be_recorded_is_told(tmp_path, display, arguments, code, words):
    ended = run(tmp_path, *arguments, display=True)
    assert ended.returncode == code
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_off_the_screen_it_looks_as_in_the_window(game, open_window):
    from engine.app.offscreen import Offscreen

    game.window = Window(size=(400, 320))
    game.crowd(60)
    game.hud = [Hud(text="the same", anchor="bottom")]
    window = open_window(game)
    window.draw(1.0)
    in_window = window.pixels()
    off_screen = Offscreen(game)
    try:
        assert np.abs(off_screen.pixels(game).astype(int) - in_window).max() <= 2
        game.sprite(ShapeKind.BOX, 5.0, 4.0)
        assert np.abs(off_screen.pixels(game).astype(int) - in_window).max() > 100
    finally:
        off_screen.close()


def test_without_display_and_egl_the_reason_is_told(game, monkeypatch):
    from engine.app import NoDisplay, display, open_offscreen

    monkeypatch.delenv("DISPLAY")
    monkeypatch.setattr(display, "find_library", lambda name: None)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(NoDisplay, match=r"DISPLAY is not set; .*EGL"):
        open_offscreen(game)
