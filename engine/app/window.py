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
from pyglet.math import Mat4

from engine.app.canvas import Canvas, find_fonts
from engine.app.editor import Editor
from engine.app.overlays import Overlays
from engine.app.pads import Pads
from engine.app.picture import Picture
from engine.app.screen_drawing import ScreenDrawing
from engine.app.shape_drawing import ShapeDrawing, make_shape_program
from engine.app.tools import WindowTools
from engine.app.window_input import WindowInput
from engine.app.window_keys import WindowCommand
from engine.render.camera import Viewport, place_viewport, window_size
from engine.render.error_list import ErrorAction
from engine.render.png import write_png
from engine.render.view import Fault, GameView, MessageKind

_PANEL_CORNERS = 6.0
_DEPTH = 8192
_USUAL_REFRESH_RATE = 60
_LEAST_FRAME_SHARE = 0.9  # of a refresh: with vsync the screen sets the pace, not the waiting


class GameWindow:
    """One window that shows one game, and after `show` another.

    Attributes:
        closed: the user wants to leave; nothing may be drawn any more.
        step_requested: one tick is asked for while paused; whoever does it sets this back.
        frame_seconds: a frame that took less may wait so long before the next one.
        game: what is shown. scene_version: of its scene, as it is shown. input: what the user does.
        overlays: the panels over the world, and the times that they show. tools: what developers look with.
    """

    def __init__(
        self,
        game: GameView,
        *,
        width: int | None = None,
        height: int | None = None,
        vsync: bool = True,
        visible: bool = True,
        settings_folder: Path | None = None,
        editor: Editor | None = None,
    ) -> None:
        self.closed = False
        self.step_requested = False
        self._settings_folder = settings_folder
        self._editor = editor or Editor()
        fitting = window_size(game.window, game.size, game.camera.pixels_per_metre, _screen_size())
        self._window = pyglet.window.Window(
            width or fitting[0],
            height or fitting[1],
            caption=game.title,
            resizable=game.window.resizable,
            vsync=vsync and game.window.vsync,
            visible=visible,
        )
        if visible and game.window.fullscreen and width is None and height is None:
            self._window.set_fullscreen(True)  # afterwards, so that it knows the size to go back to
        self.frame_seconds = _LEAST_FRAME_SHARE / _refresh_rate(self._window)
        self._alpha = 1.0
        self._window.push_handlers(on_close=self._on_close)
        self._program, self._fonts = make_shape_program(), find_fonts()
        self._flat = ShapeDrawing(self._program, shading=0.0, rounding=_PANEL_CORNERS)
        self._begin(game)
        self._pads = Pads(self.input)

    def _begin(self, game: GameView) -> None:
        """Make all that belongs to one game."""
        self.game = game
        self.scene_version = game.scene_version
        self.tools = WindowTools(game)
        self.tools.errors.on_action = self._mend
        self.input = WindowInput(game, self.tools, self._obey, self._settings_folder)
        self.input.click_tool = lambda x, y: self.tools.click(self.world_position(x, y))
        self._window.push_handlers(
            on_key_press=self.input.on_key_press,
            on_key_release=self.input.on_key_release,
            on_text=self.input.on_text,
            on_mouse_press=self.input.on_mouse_press,
            on_mouse_release=self.input.on_mouse_release,
            on_mouse_motion=self.input.on_mouse_motion,
            on_mouse_drag=self.input.on_mouse_drag,
            on_mouse_scroll=self.input.on_mouse_scroll,
            on_deactivate=self.input.release_all,
        )
        self._picture = Picture(game, self._program, self._flat, self._fonts)
        self._screens = ScreenDrawing(game, self.input.menu, self._program, self._fonts, self._picture.world)
        self.input.item_at = self._screens.item_at
        self.overlays = Overlays(game, Canvas(self._flat, self._fonts), self.input, self.tools)
        self._picture.look(self.viewport, self._alpha)  # the first tick asks where the mouse is

    def show(self, game: GameView) -> None:
        """Show another game, which takes the place of the one before, or the same one whose scene changed."""
        before, overlays, tools = self.input, self.overlays, self.tools
        self._window.pop_handlers()
        self._window.switch_to()
        self._picture.close()
        self._begin(game)
        self._window.set_caption(game.title)
        self.input.follow(before)
        self.tools.follow(tools)
        self._pads.target = self.input
        self.overlays.shows_times = overlays.shows_times
        self.overlays.statistics = overlays.statistics

    # --- input ---------------------------------------------------------------------------------

    def poll_events(self) -> None:
        """Handle what the user did since the last call."""
        self._window.switch_to()
        self._window.dispatch_events()
        self._pads.poll()
        if self.input.bindings.fault:
            self.overlays.note(self.input.bindings.take_fault(), MessageKind.WARNING)
        if self._window.has_exit:
            self.closed = True

    def next_row(self) -> NDArray[np.int64]:
        """Return what the coming tick takes from outside."""
        return self.input.next_row(self.world_position(*self.input.pointer))

    def _on_close(self) -> bool:
        self.closed = True
        return bool(pyglet.event.EVENT_HANDLED)

    def _obey(self, command: WindowCommand) -> None:
        overlays = self.overlays
        match command:
            case WindowCommand.HELP:
                overlays.shows_help = not overlays.shows_help
            case WindowCommand.TIMES:
                overlays.shows_times = not overlays.shows_times
            case WindowCommand.PAUSE:
                self.game.paused = not self.game.paused
            case WindowCommand.STEP:
                self.step_requested = self.game.paused
            case WindowCommand.FULL_SCREEN:
                self._window.set_fullscreen(not self._window.fullscreen)
            case WindowCommand.SCREENSHOT:
                self._save_screenshot()
            case WindowCommand.QUIT:
                self.closed = True
            case _:
                self.tools.obey(command)

    def _mend(self, action: ErrorAction, fault: Fault) -> None:
        if action is ErrorAction.OPEN:
            self.overlays.note(self._editor.open(fault.place))
        elif fault.is_script:
            self.game.reload(fault.name)

    def _save_screenshot(self) -> None:
        path = Path(f"screenshot-{self.game.tick}.png")
        try:
            self.screenshot(path)
        except OSError as error:
            self.overlays.note(f"no screenshot: {error}", MessageKind.WARNING)
        else:
            self.overlays.note(f"saved {path}")

    def world_position(self, x: float, y: float) -> tuple[float, float]:
        """Return the world position that the last picture showed at a position of the window, in its units.

        Beside a picture with bars around it are positions too.
        """
        return self._picture.camera.screen_to_world(*self.viewport.to_picture(x, y))

    @property
    def viewport(self) -> Viewport:
        """Where the picture lies in the window as large as it is now."""
        settings = self.game.window
        ratio = self._window.get_pixel_ratio()
        return place_viewport(self._window.get_size(), settings.virtual, settings.scaling, ratio)

    # --- drawing -------------------------------------------------------------------------------

    def draw(self, alpha: float) -> None:
        """Draw a frame into the back buffer.

        Args:
            alpha: 0..1, how far time has gone from the last tick to the next one.
        """
        start = time.perf_counter()
        self._alpha = alpha = 1.0 if self.tools.level else alpha  # lines show the state itself
        self._window.switch_to()
        size, ratio = self._window.get_size(), self._window.get_pixel_ratio()
        self._picture.draw(self._window, self.viewport, ratio, alpha)
        self.tools.draw(self._picture.camera, alpha)
        gl.glViewport(0, 0, *self._window.get_framebuffer_size())
        self._window.projection = Mat4.orthogonal_projection(0, size[0], 0, size[1], -_DEPTH, _DEPTH)
        self._screens.draw(size)
        statistics = self.overlays.statistics
        statistics.sprites = self._picture.world.sprites
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
        if self._window.context is not None:
            self._window.switch_to()
            self._picture.close()
            self._window.close()


def _screen_size() -> tuple[int, int]:
    screen = pyglet.display.get_display().get_default_screen()
    return int(screen.width), int(screen.height)


def _refresh_rate(window: pyglet.window.Window) -> int:
    mode = window.screen.get_mode()
    return int(getattr(mode, "rate", 0) or _USUAL_REFRESH_RATE)
