"""The main loop in a real window: ticks, pause, reload polls, limits, and no display at all."""

import os
import subprocess
import sys
import time

import pytest

from engine.app import WindowOptions, run_window
from engine.ecs.components import ShapeKind

pytestmark = [pytest.mark.integration, pytest.mark.window]


def options(**changes):
    return WindowOptions(**({"width": 320, "height": 240, "vsync": False} | changes))


def test_ticks_keep_to_real_time(game):
    start = time.perf_counter()
    run = run_window(game, options(max_ticks=30))
    seconds = time.perf_counter() - start
    assert run.ticks == game.tick == 30
    assert seconds > 0.4, "30 ticks of 60 Hz take half a second"
    assert len(game.rows) == 30
    assert game.reload_polls == run.frames > 5
    assert run.frame_milliseconds > 0.0


def test_every_tick_is_told(game):
    told = []
    run_window(game, options(max_ticks=3, on_tick=lambda: told.append(game.tick)))
    assert told == [1, 2, 3]


def test_an_interrupt_closes_the_window_well(game):
    def interrupt():
        raise KeyboardInterrupt

    game.on_step = interrupt
    assert run_window(game, options()).ticks == 0


def test_a_paused_game_stands_still_but_reloads(game):
    game.paused = True
    run = run_window(game, options(max_frames=5))
    assert (run.frames, run.ticks, game.tick) == (5, 0, 0)
    assert game.reload_polls == 5


def test_a_scene_that_was_saved_is_shown_anew(game):
    from engine.scene.hud import Hud

    shown = []

    def change():
        game.hud = (Hud(text="new"),)
        game.scene_version += 1

    game.on_step = lambda: shown.append(game.scene_version) if game.scene_version else change()
    run_window(game, options(max_ticks=3))
    assert shown == [1, 1]


def test_a_game_may_pause_itself(game):
    def pause():
        game.paused = True

    game.on_step = pause
    assert run_window(game, options(max_frames=12)).ticks == 1


def test_one_step_while_paused(game, monkeypatch):
    from engine.app.window import GameWindow

    game.paused = True
    opened = GameWindow.__init__

    def open_with_request(self, *arguments, **named):
        opened(self, *arguments, **named)
        self.step_requested = True

    monkeypatch.setattr(GameWindow, "__init__", open_with_request)
    assert run_window(game, options(max_frames=4)).ticks == 1


def test_the_last_frame_is_saved(game, tmp_path):
    game.sprite(ShapeKind.BOX, 5.0, 4.0)
    run_window(game, options(max_frames=2, screenshot=tmp_path / "last.png"))
    assert (tmp_path / "last.png").read_bytes().startswith(b"\x89PNG")


def test_a_fault_of_the_game_closes_the_window_and_is_told(game):
    def fail():
        raise RuntimeError("a broken invariant")

    game.on_step = fail
    with pytest.raises(RuntimeError, match="a broken invariant"):
        run_window(game, options(max_ticks=5))


NO_DISPLAY = """
import sys
from engine.app import NoDisplay, run_window
assert "pyglet" not in sys.modules
class Session:
    game = None
try:
    run_window(Session())
except NoDisplay as error:
    print(error)
"""


@pytest.mark.parametrize("display", [None, ":4711"])
def test_without_a_display_the_error_names_headless(display):
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    if display:
        environment["DISPLAY"] = display
    done = subprocess.run(
        [sys.executable, "-c", NO_DISPLAY],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "--headless" in done.stdout, done.stderr
