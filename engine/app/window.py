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
from engine.app.error_panel import ErrorPanel
from engine.app.panels import HelpPanel, MessagesPanel, PauseSign, Statistics, TimesPanel
from engine.app.shape_drawing import ShapeDrawing, make_shape_program
from engine.app.window_keys import WindowCommand, WindowKeys
from engine.app.world_texts import WorldTexts
from engine.ecs.components import ShapeKind
from engine.input import ActionStates
from engine.render.camera import Camera, fitting_window, place_camera
from engine.render.frame_times import RecentTimes
from engine.render.messages import MessageFeed
from engine.render.png import write_png
from engine.render.shapes import ShapeBuffer, color_channels
from engine.render.sprites import SpriteInstances, interpolated_position
from engine.render.texts import TextCollector
from engine.render.view import GameView, Message, MessageKind

_OUTSIDE_BRIGHTNESS = 0.6  # of the background, where the world has ended
_SPRITE_CORNERS = 4.0  # pixels
_PANEL_CORNERS = 6.0
_USUAL_REFRESH_RATE = 60
_LEAST_FRAME_SHARE = 0.9  # of a refresh: with vsync the screen sets the pace, not the waiting


class GameWindow:
    """One window that shows one game.

    Attributes:
        closed: the user wants to leave; nothing may be drawn any more.
        step_requested: one tick is asked for while paused; whoever does it sets this back.
        frame_seconds: a frame that took less may wait so long before the next one.
        statistics: times, filled by the main loop and by `draw`.
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
        self.statistics = Statistics(RecentTimes(), RecentTimes())
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
        self._make_drawing()
        self._make_panels()
        self._last_target: tuple[float, float] | None = None
        self._alpha = 1.0

    def _listen(self) -> None:
        self._window.push_handlers(
            on_key_press=self._on_key_press,
            on_key_release=lambda symbol, _: self._actions.release(key.symbol_string(symbol)),
            on_deactivate=self._actions.release_all,
            on_close=self._on_close,
        )

    def _make_drawing(self) -> None:
        program = make_shape_program()
        self._sprite_drawing = ShapeDrawing(program, shading=1.0, rounding=_SPRITE_CORNERS)
        self._flat_drawing = ShapeDrawing(program, shading=0.0, rounding=_PANEL_CORNERS)
        self._ground = ShapeBuffer(1)
        self._sprites = SpriteInstances()
        self._texts = TextCollector()
        fonts = find_fonts()
        self._world_texts = WorldTexts(fonts.sans)
        self._canvas = Canvas(self._flat_drawing, fonts)

    def _make_panels(self) -> None:
        canvas, keys = self._canvas, self._keys
        go_on, step = keys.first_name(WindowCommand.PAUSE), keys.first_name(WindowCommand.STEP)
        self._feed = MessageFeed()
        self._times = TimesPanel(canvas)
        self._errors = ErrorPanel(canvas)
        self._messages = MessagesPanel(canvas)
        self._pause_sign = PauseSign(canvas, f"{go_on} goes on   ·   {step} steps")
        self._help = HelpPanel(canvas, keys.help_rows(), self._game.input_bindings)
        self._shown_errors: tuple[str, ...] = ()
        self.shows_times = False
        self.shows_help = False
        self.shows_errors = True

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
        match command:
            case WindowCommand.HELP:
                self.shows_help = not self.shows_help
            case WindowCommand.ERRORS:
                self.shows_errors = not self.shows_errors
            case WindowCommand.TIMES:
                self.shows_times = not self.shows_times
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
            self.note(f"no screenshot: {error}", MessageKind.WARNING)
        else:
            self.note(f"saved {path}")

    def note(self, text: str, kind: MessageKind = MessageKind.NOTE) -> None:
        """Show a message of the window itself."""
        self._feed.add([Message(kind, text)], time.perf_counter())

    # --- drawing -------------------------------------------------------------------------------

    def draw(self, alpha: float) -> None:
        """Draw a frame into the back buffer.

        Args:
            alpha: 0..1, how far time has gone from the last tick to the next one.
        """
        start = time.perf_counter()
        self._alpha = alpha
        self._window.switch_to()
        camera = self._place_camera(alpha)
        self._draw_world(camera, alpha)
        self._draw_overlays(start)
        self.statistics.draw_milliseconds = 1000.0 * (time.perf_counter() - start)

    def _place_camera(self, alpha: float) -> Camera:
        game, settings = self._game, self._game.camera
        if settings.follow:
            found = interpolated_position(game.world.table, settings.follow, alpha)
            self._last_target = found or self._last_target  # stay where the target was lost
        else:
            self._last_target = None
        view = self._window.get_size()
        return place_camera(self._last_target, game.size, settings.pixels_per_metre, view)

    def _draw_world(self, camera: Camera, alpha: float) -> None:
        game, view = self._game, (camera.width, camera.height)
        red, green, blue, _ = (channel / 255.0 for channel in color_channels(game.background))
        outside = _OUTSIDE_BRIGHTNESS
        gl.glClearColor(red * outside, green * outside, blue * outside, 1.0)
        gl.glClear(gl.GL_COLOR_BUFFER_BIT)
        scale = camera.pixels_per_metre
        size = (game.size[0] * scale, game.size[1] * scale)
        middle = (0.5 * size[0] - camera.x * scale, 0.5 * size[1] - camera.y * scale)
        self._ground.clear()
        self._ground.add(ShapeKind.BOX, middle, size, game.background | 0xFF)
        self._flat_drawing.draw(self._ground.rows, view, 1.0)
        rows = self._sprites.build(game.world.table, camera, alpha)
        self.statistics.sprites = len(rows)
        self._sprite_drawing.draw(rows, view, scale)
        self._world_texts.draw(self._texts.collect(game.world, camera, alpha), camera)

    def _draw_overlays(self, now: float) -> None:
        game, canvas = self._game, self._canvas
        canvas.begin(*self._window.get_size())
        self._feed.add(game.take_messages(), now)
        bottom = self._lay_out_errors()
        self._messages.lay_out(canvas, self._feed, now, bottom)
        self.statistics.tick = game.tick
        self.statistics.entities = game.entity_count
        self.statistics.stages = game.stage_times()
        if self.shows_times:
            self._times.lay_out(canvas, self.statistics, now)
        else:
            self._times.hide()
        self._pause_sign.lay_out(canvas, paused=game.paused)
        self._help.lay_out(canvas, visible=self.shows_help)
        canvas.draw()

    def _lay_out_errors(self) -> float:
        errors = tuple(self._game.script_errors())
        if set(errors) - set(self._shown_errors):
            self.shows_errors = True  # something new to see, also for one who hid the old ones
        self._shown_errors = errors
        if self.shows_errors:
            return self._errors.lay_out(self._canvas, errors, self._keys.first_name(WindowCommand.ERRORS))
        self._errors.hide()
        return 0.0

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
        if self._window.context is not None:
            self._window.close()


def _screen_size() -> tuple[int, int]:
    screen = pyglet.display.get_display().get_default_screen()
    return int(screen.width), int(screen.height)


def _refresh_rate(window: pyglet.window.Window) -> int:
    mode = window.screen.get_mode()
    return int(getattr(mode, "rate", 0) or _USUAL_REFRESH_RATE)
