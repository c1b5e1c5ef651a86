"""Texts of entities: one label for each text in sight, kept as long as it is."""

from __future__ import annotations

import pyglet
from pyglet.graphics import Batch

from engine.app.canvas import POINTS_PER_PIXEL
from engine.render.camera import Camera
from engine.render.shapes import color_channels
from engine.render.texts import PlacedText

_SMALLEST_PIXELS = 6.0
_LARGEST_PIXELS = 400.0
_WIDEST_PIXELS = 4000


class WorldTexts:
    """Labels by entity, centred on their entity's position."""

    def __init__(self, font: str | None) -> None:
        self._font = font
        self._batch = Batch()
        self._labels: dict[int, pyglet.text.Label] = {}

    def draw(self, texts: list[PlacedText], camera: Camera) -> None:
        """Draw the texts in sight and drop the labels of all others."""
        for entity in self._labels.keys() - {text.entity for text in texts}:
            self._labels.pop(entity).delete()
        for text in texts:
            self._update(text, camera)
        if texts:
            self._batch.draw()

    def _update(self, text: PlacedText, camera: Camera) -> None:
        label = self._labels.get(text.entity)
        pixels = min(max(text.size * camera.pixels_per_metre, _SMALLEST_PIXELS), _LARGEST_PIXELS)
        points = round(pixels) * POINTS_PER_PIXEL
        if label is None:
            label = self._labels[text.entity] = self._new_label()
        if label.font_size != points:
            label.font_size = points
        if label.text != text.content:
            label.text = text.content
        channels = color_channels(text.color)
        if tuple(label.color) != channels:
            label.color = channels
        x, y = camera.world_to_screen(text.x, text.y)
        place = (float(round(x)), float(round(y)), 0.0)
        if tuple(label.position) != place:
            label.position = place

    def _new_label(self) -> pyglet.text.Label:
        return pyglet.text.Label(
            "",
            font_name=self._font,
            anchor_x="center",
            anchor_y="center",
            align="center",
            multiline=True,
            width=_WIDEST_PIXELS,
            batch=self._batch,
        )
