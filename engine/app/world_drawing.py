"""Draws a game's world into the window: ground, sprites, texts of entities, seen by the camera.

Sprites are one draw call, in two parts where something else is drawn on a layer between them.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pyglet import gl
from pyglet.graphics.shader import ShaderProgram

from engine.app.atlas_texture import AtlasTexture
from engine.app.background_drawing import BackgroundDrawing
from engine.app.canvas import Fonts
from engine.app.image_reload import ImageReload
from engine.app.labels import Labels, PlacedLabel
from engine.app.particle_drawing import ParticleDrawing
from engine.app.shape_drawing import ShapeDrawing
from engine.app.tile_drawing import tile_layers
from engine.ecs.components import ShapeKind, TextAlign
from engine.render.camera import Camera
from engine.render.images import Images
from engine.render.shapes import ShapeBuffer, color_channels
from engine.render.sprites import SpriteInstances
from engine.render.texts import TextCollector
from engine.render.view import GameView

_OUTSIDE_BRIGHTNESS = 0.6  # of the background, where the world has ended
_ACROSS = {TextAlign.LEFT: 0.0, TextAlign.CENTER: 0.5, TextAlign.RIGHT: 1.0}
_SPRITE_CORNERS = 4.0  # pixels


class LayeredDrawing(Protocol):
    """Draws what is no sprite on one layer, above the sprites of lower layers and below all others."""

    @property
    def layer(self) -> int:
        """Where it lies among the layers of sprites."""

    def draw(self, camera: Camera, alpha: float, /) -> None:
        """Draw what is in sight at a part of the tick."""


class WorldDrawing:
    """The buffers and programs that draw a world.

    Attributes:
        sprites: how many the last frame had; `instances` writes them, `sprite_drawing` draws them.
        images: the images of the game; `texture` holds them for the GPU.
        others: what is drawn besides sprites.
    """

    def __init__(self, game: GameView, program: ShaderProgram, flat: ShapeDrawing, fonts: Fonts) -> None:
        self.sprites = 0
        self._game = game
        self._flat_drawing = flat
        self.sprite_drawing = ShapeDrawing(program, shading=1.0, rounding=_SPRITE_CORNERS)
        self._ground = ShapeBuffer(1)
        settings = game.image_settings
        self.images = Images(settings.files, game.warn)
        self.images.load(settings.names)
        self.texture = AtlasTexture(self.images.atlas, is_pixelated=settings.is_pixelated)
        self.others: list[LayeredDrawing] = []
        self._image_reload = ImageReload(self.images)
        self.instances = SpriteInstances(self.images)
        self._collector = TextCollector()
        self._texts = Labels(fonts.sans)
        self._particles = ParticleDrawing(game, self.images)
        plain = ShapeDrawing(program, shading=0.0, rounding=0.0)
        self.others += [BackgroundDrawing(one, game, self.images, plain) for one in game.backgrounds]
        self.others += tile_layers(game, self.images, plain)

    def draw(self, camera: Camera, alpha: float) -> None:
        """Draw everything in sight."""
        self._clear()
        self._draw_ground(camera)
        self._draw_sprites(camera, alpha)
        self._texts.draw(self._placed_texts(camera, alpha))

    def _draw_sprites(self, camera: Camera, alpha: float) -> None:
        self._image_reload.poll()
        rows = self.instances.build(self._game.world, camera, alpha)
        others: list[LayeredDrawing] = [*self.others, *self._particles.prepare(camera, alpha)]
        self.sprites = len(rows)
        drawn = 0
        for other in sorted(others, key=lambda other: other.layer):
            below = self.instances.rows_below(other.layer)
            self._draw_rows(rows[drawn:below], camera)
            drawn = below
            other.draw(camera, alpha)
        self._draw_rows(rows[drawn:], camera)

    def _draw_rows(self, rows: NDArray[np.float32], camera: Camera) -> None:
        self.texture.bind()  # each time: what lies between may have bound another
        self.sprite_drawing.draw(rows, (camera.width, camera.height), camera.pixels_per_metre)

    def close(self) -> None:
        """Stop watching files and give the texture back; the GL context is the current one."""
        self._image_reload.close()
        self.texture.delete()

    def _placed_texts(self, camera: Camera, alpha: float) -> list[PlacedLabel]:
        return [
            PlacedLabel(
                text.entity,
                text.content,
                *camera.world_to_screen(text.x, text.y),
                text.size * camera.pixels_per_metre,
                text.color,
                across=_ACROSS[text.align],
                wrap=text.wrap * camera.pixels_per_metre,
            )
            for text in self._collector.collect(self._game.world, camera, alpha)
        ]

    def _clear(self) -> None:
        red, green, blue, _ = (channel / 255.0 for channel in color_channels(self._game.background))
        outside = _OUTSIDE_BRIGHTNESS
        gl.glClearColor(red * outside, green * outside, blue * outside, 1.0)
        gl.glClear(gl.GL_COLOR_BUFFER_BIT)

    def _draw_ground(self, camera: Camera) -> None:
        game, scale = self._game, camera.pixels_per_metre
        size = (game.size[0] * scale, game.size[1] * scale)
        middle = (0.5 * size[0] - camera.x * scale, 0.5 * size[1] - camera.y * scale)
        self._ground.clear()
        self._ground.add(ShapeKind.BOX, middle, size, game.background | 0xFF)
        self._flat_drawing.draw(self._ground.rows, (camera.width, camera.height), 1.0)
