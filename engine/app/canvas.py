"""What overlays are made of: dark panels and cached lines of text over the game.

Positions are pixels from the lower left corner. Creating or changing a pyglet label costs some
0.3 ms, so a label is kept and touched only when its text, place or opacity differs.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyglet
from pyglet.graphics import Batch

from engine.app.shape_drawing import ShapeDrawing
from engine.ecs.components import ShapeKind
from engine.render.shapes import ShapeBuffer, color_channels

POINTS_PER_PIXEL = 0.75  # pyglet sizes fonts in points at 96 dots per inch
PANEL = 0x0B0E14E6
TEXT = 0xE8EAF0FF
FAINT_TEXT = 0x9AA3B2FF
ACCENT = 0x7CC7FFFF
WARNING = 0xFFC66DFF
ERROR = 0xFF7B72FF

_MONOSPACE = ("DejaVu Sans Mono", "Consolas", "Menlo", "Liberation Mono", "Noto Sans Mono")
_SANS = ("Noto Sans", "DejaVu Sans", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans")


@dataclass(frozen=True)
class Fonts:
    """Names of the fonts that this machine has; None lets pyglet choose."""

    sans: str | None
    monospace: str | None


def find_fonts() -> Fonts:
    """Return the first font of each kind that is installed."""

    def first(names: tuple[str, ...]) -> str | None:
        return next((name for name in names if pyglet.font.have_font(name)), None)

    return Fonts(first(_SANS), first(_MONOSPACE))


class Canvas:
    """Panels and texts of one frame; panels are added anew each frame, texts persist."""

    def __init__(self, drawing: ShapeDrawing, fonts: Fonts) -> None:
        self.fonts = fonts
        self.batch = Batch()
        self.width = 0
        self.height = 0
        self._drawing = drawing
        self._shapes = ShapeBuffer()

    def begin(self, width: int, height: int) -> None:
        """Start a frame of a view in pixels: no panel is there."""
        self.width, self.height = width, height
        self._shapes.clear()

    def panel(self, x: float, y: float, width: float, height: float, color: int = PANEL) -> None:
        """Add a box, given by its lower left corner."""
        middle = (x + 0.5 * (width - self.width), y + 0.5 * (height - self.height))
        self._shapes.add(ShapeKind.BOX, middle, (width, height), color)

    def draw(self) -> None:
        """Draw the panels, then all texts."""
        self._drawing.draw(self._shapes.rows, (self.width, self.height), 1.0)
        self.batch.draw()


class TextLine:
    """A label that is touched only when what it shows changes; hidden until it is first shown.

    Without a width it is a single line, with one it may have several.
    """

    def __init__(
        self, canvas: Canvas, font: str | None, pixels: float, *, color: int = TEXT, lines: bool = False
    ) -> None:
        self._label = pyglet.text.Label(
            "",
            font_name=font,
            font_size=pixels * POINTS_PER_PIXEL,
            color=color_channels(color),
            anchor_x="left",
            anchor_y="top" if lines else "baseline",
            multiline=lines,
            width=4000 if lines else None,
            batch=canvas.batch,
        )
        self._label.visible = False

    @property
    def width(self) -> float:
        """Width of the text in pixels."""
        return float(self._label.content_width)

    @property
    def height(self) -> float:
        """Height of the text in pixels."""
        return float(self._label.content_height)

    def set_text(self, text: str) -> None:
        """Change the text."""
        if self._label.text != text:
            self._label.text = text

    def set_color(self, color: int) -> None:
        """Change the colour, 0xRRGGBBAA."""
        channels = color_channels(color)
        if tuple(self._label.color) != channels:
            self._label.color = channels

    def show(self, x: float, y: float) -> None:
        """Show the text at whole pixels: a single line by its baseline, several by their top."""
        place = (float(round(x)), float(round(y)), 0.0)
        if tuple(self._label.position) != place:
            self._label.position = place
        if not self._label.visible:
            self._label.visible = True

    def hide(self) -> None:
        """Do not show the text until `show`."""
        if self._label.visible:
            self._label.visible = False

    def delete(self) -> None:
        """Give the label's memory back."""
        self._label.delete()
