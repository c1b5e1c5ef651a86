"""Pictures of a game without a window: drawn into a buffer of the GPU, or of Mesa's software, and read back.

Where a display is there a hidden window gives the GL context, elsewhere EGL does, which needs none. Which of
the two is decided when pyglet's window is first imported, once for a process.
"""

from __future__ import annotations

import ctypes
import sys

import numpy as np
import pyglet
from numpy.typing import NDArray

from engine.app.display import is_without_display

if is_without_display() and "pyglet.window" not in sys.modules:
    pyglet.options.headless = True

from pyglet import gl
from pyglet.math import Mat4

from engine.app.canvas import find_fonts
from engine.app.picture import Picture
from engine.app.screen_drawing import ScreenDrawing
from engine.app.shape_drawing import ShapeDrawing, make_shape_program
from engine.render.camera import LARGEST_WINDOW, Viewport, place_viewport, window_size
from engine.render.view import GameView
from engine.screens.menu import Menu

_DEPTH = 8192
_PANEL_CORNERS = 6.0


class Offscreen:
    """Draws one game after the other into one buffer of the first one's size.

    Attributes:
        size: width and height of the pictures in pixels. picture: what draws the present game.
    """

    def __init__(self, game: GameView) -> None:
        self.size = window_size(game.window, game.size, game.camera.pixels_per_metre, LARGEST_WINDOW)
        self._window = pyglet.window.Window(*self.size, visible=False, vsync=False)
        self._program, self._fonts = make_shape_program(), find_fonts()
        self._flat = ShapeDrawing(self._program, shading=0.0, rounding=_PANEL_CORNERS)
        self._buffer = _new_buffer(self.size)
        self._begin(game)

    def _begin(self, game: GameView) -> None:
        self._game = game
        self.picture = Picture(game, self._program, self._flat, self._fonts)
        menu = Menu.without_player(game.flow.screens, game.actions)
        self._screens = ScreenDrawing(game, menu, self._program, self._fonts, self.picture.world)

    def draw(self, game: GameView) -> None:
        """Draw a game as it is now into the buffer, which stays bound."""
        self._window.switch_to()
        if game is not self._game:
            self.picture.close()
            self._begin(game)
        width, height = self.size
        gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, self._buffer)
        self.picture.draw(self._window, self._viewport(), 1.0, 1.0)
        gl.glViewport(0, 0, width, height)
        self._window.projection = Mat4.orthogonal_projection(0, width, 0, height, -_DEPTH, _DEPTH)
        self._screens.draw(self.size)

    def _viewport(self) -> Viewport:
        settings = self._game.window
        return place_viewport(self.size, settings.virtual, settings.scaling)

    def pixels(self, game: GameView) -> NDArray[np.uint8]:
        """Return [height, width, 3] the picture of a game as it is now, first row on top."""
        self.draw(game)
        width, height = self.size
        pixels = np.empty((height, width, 3), np.uint8)
        gl.glPixelStorei(gl.GL_PACK_ALIGNMENT, 1)
        data = ctypes.c_void_p(pixels.ctypes.data)
        gl.glReadPixels(0, 0, width, height, gl.GL_RGB, gl.GL_UNSIGNED_BYTE, data)
        return np.ascontiguousarray(pixels[::-1])

    def close(self) -> None:
        """Give everything back."""
        self._window.switch_to()
        self.picture.close()
        self._window.close()


def _new_buffer(size: tuple[int, int]) -> int:
    """Return a framebuffer of 8-bit colours."""
    colors, buffer = gl.GLuint(), gl.GLuint()
    gl.glGenRenderbuffers(1, ctypes.byref(colors))
    gl.glBindRenderbuffer(gl.GL_RENDERBUFFER, colors)
    gl.glRenderbufferStorage(gl.GL_RENDERBUFFER, gl.GL_RGBA8, *size)
    gl.glGenFramebuffers(1, ctypes.byref(buffer))
    gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, buffer)
    gl.glFramebufferRenderbuffer(gl.GL_FRAMEBUFFER, gl.GL_COLOR_ATTACHMENT0, gl.GL_RENDERBUFFER, colors)
    assert gl.glCheckFramebufferStatus(gl.GL_FRAMEBUFFER) == gl.GL_FRAMEBUFFER_COMPLETE, "it can be drawn to"
    gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, 0)
    return int(buffer.value)
