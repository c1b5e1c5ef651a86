"""Drawing the backgrounds of a scene, each between the layers of sprites where the scene has put it."""

from __future__ import annotations

from engine.app.shape_drawing import ShapeDrawing
from engine.loop.clock import STEP_SECONDS
from engine.render.background_instances import background_rows
from engine.render.camera import Camera
from engine.render.images import Images
from engine.render.view import GameView
from engine.scene.background import Background


class BackgroundDrawing:
    """One background, all its copies in one draw call.

    Attributes:
        layer: where it lies among the layers of sprites.
    """

    def __init__(self, background: Background, game: GameView, images: Images, drawing: ShapeDrawing) -> None:
        self.layer = background.layer
        self._background = background
        self._game = game
        self._images = images
        self._drawing = drawing

    def draw(self, camera: Camera, alpha: float) -> None:
        """Draw the copies in sight."""
        game = self._game
        middle = (0.5 * game.size[0], 0.5 * game.size[1])
        time = (game.tick + alpha) * STEP_SECONDS
        rows = background_rows(self._background, self._images, camera, middle, time)
        self._drawing.draw(rows, (camera.width, camera.height), camera.pixels_per_metre)
