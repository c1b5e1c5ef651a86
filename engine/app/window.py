"""The window: draws a game, collects its keys, shows overlays.

A frame is at most a handful of draw calls: the ground, all sprites, texts of entities, panels, texts
of panels. Nothing here changes the world; `engine.app.run` decides when ticks happen.
"""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

import numpy as np
import pyglet
from numpy.typing import NDArray
from pyglet import gl
from pyglet.window import key

from engine.app.canvas import Canvas, find_fonts
from engine.app.overlays import Overlays
from engine.app.shape_drawing import ShapeDrawing, make_shape_program
from engine.app.window_keys import WindowCommand, WindowKeys
from engine.app.world_drawing import WorldDrawing
from engine.input import ActionStates
from engine.render.camera import fitting_window
from engine.render.png import write_png
from engine.render.view import GameView, MessageKind

_PANEL_CORNERS = 6.0
_USUAL_REFRESH_RATE = 60
_LEAST_FRAME_SHARE = 0.9  # of a refresh: with vsync the screen sets the pace, not the waiting


class GameWindow:
    """One window that shows one game.

    Attributes:
        closed: the user wants to leave; nothing may be drawn any more.
        step_requested: one tick is asked for while paused; whoever does it sets this back.
        frame_seconds: a frame that took less may wait so long before the next one.
        overlays: the panels over the world, and the times that they show.
    """

    def __init__(
        self,
        game: GameView,
        *,
        width: int | None = None,
        height: int | None = None,
        vsync: bool = True,
        visible: bool = True,
    ) -> None:
        self.closed = False
        self.step_requested = False
        self._game = game
        self._actions = ActionStates(game.input_bindings)
        self._keys = WindowKeys(self._actions.is_bound)
        fitting = fitting_window(game.size, game.camera.pixels_per_metre, _screen_size())
        self._window = pyglet.window.Window(
            width or fitting[0],
            height or fitting[1],
            caption=game.title,
            resizable=True,
            vsync=vsync,
            visible=visible,
        )
        self.frame_seconds = _LEAST_FRAME_SHARE / _refresh_rate(self._window)
        self._listen()
        self._make_drawing(game)
        self._alpha = 1.0

    def _listen(self) -> None:
        self._window.push_handlers(
            on_key_press=self._on_key_press,
            on_key_release=lambda symbol, _: self._actions.release(key.symbol_string(symbol)),
            on_deactivate=self._actions.release_all,
            on_close=self._on_close,
        )

    def _make_drawing(self, game: GameView) -> None:
        program, fonts = make_shape_program(), find_fonts()
        flat = ShapeDrawing(program, shading=0.0, rounding=_PANEL_CORNERS)
        self._world = WorldDrawing(game, program, flat, fonts)
        self.overlays = Overlays(game, Canvas(flat, fonts), self._keys)

    # --- input ---------------------------------------------------------------------------------

    def poll_events(self) -> None:
        """Handle what the user did since the last call."""
        self._window.switch_to()
        self._window.dispatch_events()
        if self._window.has_exit:
            self.closed = True

    def next_actions(self) -> NDArray[np.int64]:
        """Return the states of the scene's actions for the coming tick."""
        return self._actions.next_tick()

    def _on_key_press(self, symbol: int, _modifiers: int) -> bool:
        name = key.symbol_string(symbol)
        self._actions.press(name)
        command = self._keys.command_of(name)
        if command is not None:
            self._obey(command)
        return bool(pyglet.event.EVENT_HANDLED)  # pyglet itself would close on Escape

    def _on_close(self) -> bool:
        self.closed = True
        return bool(pyglet.event.EVENT_HANDLED)

    def _obey(self, command: WindowCommand) -> None:
        overlays = self.overlays
        match command:
            case WindowCommand.HELP:
                overlays.shows_help = not overlays.shows_help
            case WindowCommand.ERRORS:
                overlays.shows_errors = not overlays.shows_errors
            case WindowCommand.TIMES:
                overlays.shows_times = not overlays.shows_times
            case WindowCommand.PAUSE:
                self._game.paused = not self._game.paused
            case WindowCommand.STEP:
                self.step_requested = self._game.paused
            case WindowCommand.FULL_SCREEN:
                self._window.set_fullscreen(not self._window.fullscreen)
            case WindowCommand.SCREENSHOT:
                self._save_screenshot()
            case WindowCommand.QUIT:
                self.closed = True

    def _save_screenshot(self) -> None:
        path = Path(f"screenshot-{self._game.tick}.png")
        try:
            self.screenshot(path)
        except OSError as error:
            self.overlays.note(f"no screenshot: {error}", MessageKind.WARNING)
        else:
            self.overlays.note(f"saved {path}")

    # --- drawing -------------------------------------------------------------------------------

    def draw(self, alpha: float) -> None:
        """Draw a frame into the back buffer.

        Args:
            alpha: 0..1, how far time has gone from the last tick to the next one.
        """
        start = time.perf_counter()
        self._alpha = alpha
        self._window.switch_to()
        size = self._window.get_size()
        self._world.draw(size, alpha)
        statistics = self.overlays.statistics
        statistics.sprites = self._world.sprites
        self.overlays.draw(size, start)
        statistics.draw_milliseconds = 1000.0 * (time.perf_counter() - start)

    def flip(self) -> None:
        """Show what was drawn; waits for the screen when vsync is on and the driver can."""
        self._window.flip()

    # --- pictures ------------------------------------------------------------------------------

    def pixels(self) -> NDArray[np.uint8]:
        """Return [height, width, 3] the back buffer, first row on top; call it after `draw`."""
        width, height = self._window.get_framebuffer_size()
        picture = np.empty((height, width, 3), np.uint8)
        gl.glPixelStorei(gl.GL_PACK_ALIGNMENT, 1)
        data = ctypes.c_void_p(picture.ctypes.data)
        gl.glReadPixels(0, 0, width, height, gl.GL_RGB, gl.GL_UNSIGNED_BYTE, data)
        return np.ascontiguousarray(picture[::-1])

    def screenshot(self, path: Path) -> None:
        """Draw the current frame again and save it as a PNG file.

        Raises:
            OSError: the file cannot be written.
        """
        self.draw(self._alpha)
        write_png(path, self.pixels())

    def close(self) -> None:
        """Close the window; further calls do nothing."""
        self.closed = True
        self._world.close()
        if self._window.context is not None:
            self._window.close()


def _screen_size() -> tuple[int, int]:
    screen = pyglet.display.get_display().get_default_screen()
    return int(screen.width), int(screen.height)


def _refresh_rate(window: pyglet.window.Window) -> int:
    mode = window.screen.get_mode()
    return int(getattr(mode, "rate", 0) or _USUAL_REFRESH_RATE)
