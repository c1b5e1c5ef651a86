"""Shapes that pictures are drawn of, and their colours.

Every shape is drawn four times too large and made smaller at the end, which smooths its edges; it has a dark
outline, and light falls on it from the upper left, in two tones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Color = tuple[int, int, int, int]
Point = tuple[float, float]

PIXELS = 48  # of a finished picture for a metre
FINE = 4  # times larger while it is drawn
LINE = 0.045  # metres, of an outline
SHADING = 0.07  # metres by which the lit part of a shape is moved

# --- palette ---------------------------------------------------------------------------------------

INK = (18, 20, 28, 255)
NIGHT = (27, 33, 48, 255)
SLATE = (44, 53, 71, 255)
STONE = (74, 87, 111, 255)
FOG = (134, 149, 174, 255)
SNOW = (232, 237, 245, 255)
GREEN = (110, 231, 168, 255)
LEAF = (63, 174, 130, 255)
SKIN = (255, 221, 184, 255)
GOLD = (255, 210, 74, 255)
AMBER = (214, 138, 40, 255)
RED = (255, 93, 93, 255)
WINE = (172, 52, 76, 255)
BLUE = (93, 184, 255, 255)
NAVY = (52, 103, 186, 255)
VIOLET = (168, 139, 255, 255)
WOOD = (138, 90, 52, 255)
TAN = (190, 138, 84, 255)
CLEAR = (0, 0, 0, 0)


class Canvas:
    """A picture that is being drawn, in metres from its middle with y up."""

    def __init__(self, width: float, height: float) -> None:
        self.size = (round(width * PIXELS), round(height * PIXELS))
        self.image = Image.new("RGBA", (self.size[0] * FINE, self.size[1] * FINE), CLEAR)

    def pixel(self, x: float, y: float) -> Point:
        """Return a place in pixels from the upper left corner."""
        return self.image.width / 2 + x * PIXELS * FINE, self.image.height / 2 - y * PIXELS * FINE

    def mask(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        """Return an empty mask, and what draws on it."""
        mask = Image.new("L", self.image.size, 0)
        return mask, ImageDraw.Draw(mask)

    def ellipse(self, at: Point, radii: Point) -> Image.Image:
        """Return the mask of an ellipse."""
        mask, draw = self.mask()
        left, top = self.pixel(at[0] - radii[0], at[1] + radii[1])
        right, bottom = self.pixel(at[0] + radii[0], at[1] - radii[1])
        draw.ellipse((left, top, right, bottom), fill=255)
        return mask

    def box(self, at: Point, half: Point, corner: float = 0.0) -> Image.Image:
        """Return the mask of a box with round corners."""
        mask, draw = self.mask()
        left, top = self.pixel(at[0] - half[0], at[1] + half[1])
        right, bottom = self.pixel(at[0] + half[0], at[1] - half[1])
        draw.rounded_rectangle((left, top, right - 1, bottom - 1), corner * PIXELS * FINE, fill=255)
        return mask

    def polygon(self, points: Sequence[Point]) -> Image.Image:
        """Return the mask of a polygon."""
        mask, draw = self.mask()
        draw.polygon([self.pixel(*point) for point in points], fill=255)
        return mask

    def fill(self, mask: Image.Image, color: Color) -> None:
        """Lay a flat colour over a mask; one that is not opaque lets through what is below."""
        layer = Image.new("RGBA", self.image.size, color)
        layer.putalpha(mask.point([round(v * color[3] / 255) for v in range(256)]))
        self.image.alpha_composite(layer)

    def shape(self, mask: Image.Image, light: Color, dark: Color, line: float = LINE) -> None:
        """Draw a mask with an outline, in a light and a dark tone."""
        width = round(line * PIXELS * FINE)
        if width:
            self.fill(grown(mask, width), INK)
        self.fill(mask, dark)
        move = round(SHADING * PIXELS * FINE)
        lit = ImageChops.offset(mask, -move, -move)
        self.fill(ImageChops.multiply(mask, lit), light)

    def finished(self) -> Image.Image:
        """Return the picture in its final size."""
        return self.image.resize(self.size, Image.Resampling.BOX)


def grown(mask: Image.Image, by: int) -> Image.Image:
    """Return a mask with all that is within so many pixels of it."""
    blurred = mask.filter(ImageFilter.GaussianBlur(by / 2))
    return ImageChops.lighter(mask, blurred.point([255 if value > 8 else 0 for value in range(256)]))


def sheet(frames: Sequence[Image.Image], columns: int) -> Image.Image:
    """Return frames of one size side by side, row by row from the upper left one."""
    width, height = frames[0].size
    rows = math.ceil(len(frames) / columns)
    whole = Image.new("RGBA", (width * columns, height * rows), CLEAR)
    for number, frame in enumerate(frames):
        whole.paste(frame, (number % columns * width, number // columns * height))
    return whole
