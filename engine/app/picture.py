"""A game's picture: what the camera sees of its world, and the HUD over it.

It is drawn into the framebuffer that is bound, be it a window's or one off the screen.
"""

from __future__ import annotations

import pyglet
from pyglet import gl
from pyglet.graphics.shader import ShaderProgram
from pyglet.math import Mat4

from engine.app.canvas import Fonts
from engine.app.labels import Labels, PlacedLabel
from engine.app.shape_drawing import ShapeDrawing
from engine.app.world_drawing import WorldDrawing
from engine.loop.clock import STEP_SECONDS
from engine.render.camera import Camera, Viewport
from engine.render.camera_motion import CameraMotion, shaken
from engine.render.hud import HudLayout
from engine.render.sprites import interpolated_position
from engine.render.view import GameView

_DEPTH = 8192  # pyglet's own: labels lie between


class Picture:
    """Draws one game for one GL context.

    Attributes:
        camera: that of the last `look`, which a picture begins with.
        world: what draws the world.
    """

    def __init__(self, game: GameView, program: ShaderProgram, flat: ShapeDrawing, fonts: Fonts) -> None:
        self.camera = Camera(0.0, 0.0, 1.0, 1, 1)
        self.world = WorldDrawing(game, program, flat, fonts)
        self._game = game
        self._flat = flat
        self._motion = CameraMotion()
        self._hud = HudLayout(game.hud, self.world.images)
        self._hud_labels = Labels(fonts.sans)

    def draw(
        self, window: pyglet.window.BaseWindow, viewport: Viewport, pixel_ratio: float, alpha: float
    ) -> None:
        """Draw the game.

        Args:
            window: whose projection labels are drawn with.
            viewport: where the picture lies; around it all is black.
            pixel_ratio: pixels of the framebuffer for a unit of the window.
            alpha: 0..1, how far time has gone from the last tick to the next one.
        """
        self.look(viewport, alpha)
        gl.glClearColor(0.0, 0.0, 0.0, 1.0)
        gl.glClear(gl.GL_COLOR_BUFFER_BIT)
        sides = (viewport.x, viewport.y, viewport.width, viewport.height)
        rectangle = [round(side * pixel_ratio) for side in sides]
        gl.glViewport(*rectangle)
        gl.glScissor(*rectangle)
        gl.glEnable(gl.GL_SCISSOR_TEST)
        window.projection = Mat4.orthogonal_projection(
            0, viewport.picture_width, 0, viewport.picture_height, -_DEPTH, _DEPTH
        )
        self.world.draw(self.camera, alpha)
        self._draw_hud(viewport)
        gl.glDisable(gl.GL_SCISSOR_TEST)

    def close(self) -> None:
        """Stop watching files and give the texture back; the GL context is the current one."""
        self.world.close()

    def look(self, viewport: Viewport, alpha: float) -> None:
        """Put the camera where it is at a part of the tick."""
        game, settings = self._game, self._game.camera
        time = (game.tick + alpha) * STEP_SECONDS
        target = interpolated_position(game.world.table, settings.follow, alpha) if settings.follow else None
        camera = self._motion.next(settings, target, game.size, viewport, time)
        self.camera = shaken(camera, game.shakes, time)

    def _draw_hud(self, viewport: Viewport) -> None:
        texts = self._hud.lay_out(self._game.world, viewport)
        self.world.texture.bind()
        self._flat.draw(self._hud.shapes.rows, viewport.picture, 1.0)
        self._hud_labels.draw(
            [
                PlacedLabel(
                    one.element, one.content, one.x, one.y, one.pixels, one.color, one.across, one.along
                )
                for one in texts
            ]
        )
