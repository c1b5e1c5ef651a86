"""Shapes, colours, and the rows of vertex data that stand for drawn shapes.

One row is one shape or image (an *instance*): float32 words, of which the colour holds four bytes
(red, green, blue, alpha in memory order) and not a number. A triangle points
along its rotation: to the right at 0. An image shows a rectangle of a page of the atlas.
"""

from __future__ import annotations

from enum import IntEnum, unique

import numpy as np
from numpy.typing import NDArray

from engine.ecs.components import ShapeKind

INSTANCE_WORDS = 11
INSTANCE_BYTES = 4 * INSTANCE_WORDS
FIRST_PAGE = 16
"""A SHAPE from here on is an image of page SHAPE - FIRST_PAGE; smaller ones are of `ShapeKind`."""


@unique
class InstanceWord(IntEnum):
    """The words of one instance. x and y are relative to the middle of the view."""

    X = 0
    Y = 1
    HALF_WIDTH = 2
    HALF_HEIGHT = 3
    ROTATION = 4  # radians, counter-clockwise
    COLOR = 5
    SHAPE = 6
    # Of an image: what its sides show, in pixels of the page from the left and from the top.
    LEFT = 7
    BOTTOM = 8
    RIGHT = 9
    TOP = 10


def color_channels(color: int) -> tuple[int, int, int, int]:
    """Return red, green, blue, alpha (0..255) of 0xRRGGBBAA."""
    return color >> 24 & 255, color >> 16 & 255, color >> 8 & 255, color & 255


class ShapeBuffer:
    """Instances written from Python, for panels and bars: a few hundred a frame at most."""

    def __init__(self, capacity: int = 256) -> None:
        self.count = 0
        self._rows = np.zeros((capacity, INSTANCE_WORDS), np.float32)

    @property
    def rows(self) -> NDArray[np.float32]:
        """[count, INSTANCE_WORDS] the instances added since the last `clear`."""
        return self._rows[: self.count]

    def clear(self) -> None:
        """Forget all instances."""
        self.count = 0

    def add(
        self, kind: ShapeKind, middle: tuple[float, float], size: tuple[float, float], color: int
    ) -> None:
        """Append a shape that is not turned; the colour is 0xRRGGBBAA."""
        if self.count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        row = self._rows[self.count]
        row[:5] = (*middle, 0.5 * size[0], 0.5 * size[1], 0.0)
        row.view(np.uint8)[4 * InstanceWord.COLOR :][:4] = color_channels(color)
        row[InstanceWord.SHAPE] = kind
        self.count += 1

    def add_image(
        self,
        page: int,
        sides: tuple[float, float, float, float],
        middle: tuple[float, float],
        size: tuple[float, float],
        color: int = 0xFFFFFFFF,
    ) -> None:
        """Append a part of a page of the atlas (see `Region.sides`), multiplied with a colour 0xRRGGBBAA."""
        self.add(ShapeKind.BOX, middle, size, color)
        row = self._rows[self.count - 1]
        row[InstanceWord.SHAPE] = FIRST_PAGE + page
        row[InstanceWord.LEFT :] = sides
