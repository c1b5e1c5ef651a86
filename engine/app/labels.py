"""Texts of the world and of the HUD: one label for each text in sight, kept as long as it is.

Creating or changing a pyglet label costs some 0.3 ms, so a label is touched only when what it shows differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pyglet
from pyglet.graphics import Batch

from engine.app.canvas import POINTS_PER_PIXEL
from engine.render.shapes import color_channels

_SMALLEST_PIXELS = 6.0
_LARGEST_PIXELS = 400.0
_WIDEST_PIXELS = 4000
_ACROSS: dict[float, Literal["left", "center", "right"]] = {0.0: "left", 0.5: "center", 1.0: "right"}
_ALONG: dict[float, Literal["bottom", "center", "top"]] = {0.0: "bottom", 0.5: "center", 1.0: "top"}


@dataclass(frozen=True)
class PlacedLabel:
    """A text to draw: whose it is, its words, a pixel of the picture, the height of a line, 0xRRGGBBAA.

    Of its box the point (across, along) lies at the pixel: 0 the left or lower side, 0.5 the middle, 1 the
    right or upper side. Lines break at `wrap` pixels, unless that is 0.
    """

    key: int
    content: str
    x: float
    y: float
    pixels: float
    color: int
    across: float = 0.5
    along: float = 0.5
    wrap: float = 0.0


class Labels:
    """Labels by key."""

    def __init__(self, font: str | None) -> None:
        self._font = font
        self._batch = Batch()
        self._labels: dict[int, pyglet.text.Label] = {}

    def draw(self, placed: Sequence[PlacedLabel]) -> None:
        """Draw these texts and drop the labels of all others."""
        for key in self._labels.keys() - {one.key for one in placed}:
            self._labels.pop(key).delete()
        for one in placed:
            self._update(one)
        if placed:
            self._batch.draw()

    def _update(self, placed: PlacedLabel) -> None:
        label = self._labels.get(placed.key)
        points = round(min(max(placed.pixels, _SMALLEST_PIXELS), _LARGEST_PIXELS)) * POINTS_PER_PIXEL
        if label is None:
            label = self._labels[placed.key] = self._new_label(placed)
        if label.anchor_x != _ACROSS[placed.across]:
            label.delete()
            label = self._labels[placed.key] = self._new_label(placed)
        width = max(1, round(placed.wrap)) if placed.wrap else _WIDEST_PIXELS
        if label.width != width:
            label.width = width
        if label.font_size != points:
            label.font_size = points
        if label.text != placed.content:
            label.text = placed.content
        channels = color_channels(placed.color)
        if tuple(label.color) != channels:
            label.color = channels
        place = (float(round(placed.x)), float(round(placed.y)), 0.0)
        if tuple(label.position) != place:
            label.position = place

    def _new_label(self, placed: PlacedLabel) -> pyglet.text.Label:
        across = _ACROSS[placed.across]
        return pyglet.text.Label(
            "",
            font_name=self._font,
            anchor_x=across,
            anchor_y=_ALONG[placed.along],
            align=across,
            multiline=True,
            width=_WIDEST_PIXELS,
            batch=self._batch,
        )
