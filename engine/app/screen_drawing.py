"""Draws the open screen: a dimmed world, a rounded panel, its items, the focus."""

from __future__ import annotations

import pyglet
from pyglet.graphics.shader import ShaderProgram

from engine.app.canvas import POINTS_PER_PIXEL, Canvas, Fonts, TextLine
from engine.app.shape_drawing import ShapeDrawing
from engine.app.world_drawing import WorldDrawing
from engine.render.hud import filled_text
from engine.render.shapes import ShapeBuffer
from engine.render.view import GameView
from engine.screens.layout import (
    VIEW_HEIGHT,
    Box,
    LaidOutScreen,
    PlacedItem,
    Sight,
    can_focus,
    image_size,
    lay_out,
    shortened,
)
from engine.screens.menu import Menu

_CORNERS = 9.0  # pixels
_MEASURED_PIXELS = 64  # a width is proportional to the height of the letters
_BELOW_MIDDLE = 0.36  # of the height of letters, from the middle of a line to its baseline
_SIDE = 16.0  # virtual pixels from the edge of a button to its words
_LINE = 1.35
_OUTSIDE = 32.0  # pixels, so that the rounded corners of what dims the world are out of sight


class ScreenDrawing:
    """The screens of one game on a canvas of their own, whose labels are made anew with the window's size."""

    def __init__(
        self, game: GameView, menu: Menu, program: ShaderProgram, fonts: Fonts, world: WorldDrawing
    ) -> None:
        self._game = game
        self._world = world
        self._images = ShapeBuffer(4)
        self._image_drawing = ShapeDrawing(program, shading=0.0, rounding=0.0)
        items = [item for screen in game.flow.screens for item in screen.items]
        world.images.load(item.image for item in items if item.image is not None)
        self._menu = menu
        self._fonts = fonts
        self._drawing = ShapeDrawing(program, shading=0.0, rounding=_CORNERS)
        self._canvas = Canvas(self._drawing, fonts)
        self._font = pyglet.font.load(fonts.sans, _MEASURED_PIXELS * POINTS_PER_PIXEL)
        self._widths: dict[str, float] = {}
        self._lines: dict[tuple[int, int], TextLine] = {}
        self._shown: tuple[int, tuple[int, int]] = (-1, (0, 0))
        self._scale = 1.0
        self._laid_out: LaidOutScreen | None = None
        self._moved = 0.0
        self._letters = 1.0  # how much smaller those of the lines are than they were meant to be

    def item_at(self, x: float, y: float) -> int:
        """Return the number of the item that the last frame had at a place in pixels, or -1."""
        return -1 if self._laid_out is None else self._laid_out.item_at(x / self._scale, y / self._scale)

    def draw(self, size: tuple[int, int]) -> None:
        """Draw the open screen, if there is one, into a window of `size` pixels."""
        flow = self._game.flow
        self._menu.show(flow.screen_number)
        self._laid_out = None
        if (flow.screen_number, size) != self._shown:
            self._forget_lines((flow.screen_number, size))
        screen = flow.screen
        if screen is None:
            return
        self._scale = size[1] / VIEW_HEIGHT
        self._laid_out = lay_out(
            screen,
            self._game.style,
            size[0] / self._scale,
            self._width_of,
            lambda item: filled_text(self._game.world, item.words),
            self._menu.value_of,
            Sight(self._menu.focus, self._moved),
        )
        self._moved = self._laid_out.moved
        if self._laid_out.scale != self._letters:
            self._letters = self._laid_out.scale
            self._forget_lines(self._shown)
        self._images.clear()
        self._canvas.begin(*size)
        width, height = size[0] + 2 * _OUTSIDE, size[1] + 2 * _OUTSIDE
        self._canvas.panel(-_OUTSIDE, -_OUTSIDE, width, height, self._game.style.dim)
        self._panel(self._laid_out.panel, self._game.style.panel)
        for placed in self._laid_out.items:
            self._item(placed)
        self._canvas.draw()
        self._world.texture.bind()
        self._image_drawing.draw(self._images.rows, size, 1.0)

    def _forget_lines(self, shown: tuple[int, tuple[int, int]]) -> None:
        if shown[0] != self._shown[0]:
            self._moved = 0.0
        self._shown = shown
        for line in self._lines.values():
            line.delete()
        self._lines.clear()

    def _width_of(self, text: str, size: float) -> float:
        """Return the width of a line in virtual pixels."""
        if text not in self._widths:
            self._widths[text] = float(self._font.get_text_size(text)[0]) / _MEASURED_PIXELS
        return self._widths[text] * size

    def _panel(self, box: Box, color: int) -> None:
        scale = self._scale
        self._canvas.panel(box.x * scale, box.y * scale, box.width * scale, box.height * scale, color)

    def _item(self, placed: PlacedItem) -> None:
        item, box, style = placed.item, placed.box, self._game.style
        if item.image is not None:
            self._image(placed, item.image)
            return
        if item.button is None and item.bind is None:
            color = item.color or (style.text if item.title is None else style.title)
            for at, line in enumerate(placed.lines):
                middle = box.y + box.height - _LINE * placed.size * (at + 0.5)
                self._centred(placed, at, line, middle, color)
            return
        has_focus = placed.number == self._menu.focus
        self._panel(box, style.focus if has_focus else style.button)
        letters = style.focus_text if has_focus else item.color or style.text
        color = letters if can_focus(item) else style.faint
        middle = box.y + 0.5 * box.height
        if item.bind is None:
            self._centred(placed, 0, placed.lines[0], middle, color)
            return
        self._line(placed, 0, placed.lines[0], box.x + _SIDE, middle, color)
        conflicts = bool(self._menu.other_users(item.bind)) and not has_focus
        value_color = style.warning if conflicts else color
        room = box.width - 3 * _SIDE - self._width_of(placed.lines[0], placed.size)
        value = shortened(placed.value, room, lambda text: self._width_of(text, placed.size))
        x = box.x + box.width - _SIDE - self._width_of(value, placed.size)
        self._line(placed, 1, value, x, middle, value_color)

    def _image(self, placed: PlacedItem, name: str) -> None:
        box, scale = placed.box, self._scale
        full = image_size(placed.item, box.width)
        size = (full[0] * box.height / full[1], box.height)
        region = self._world.images.region(name)
        across = (box.x + 0.5 * box.width) * scale - 0.5 * self._shown[1][0]
        along = (box.y + 0.5 * box.height) * scale - 0.5 * self._shown[1][1]
        color = 0xFFFFFFFF if placed.item.color is None else placed.item.color
        sides = region.sides((1, 1), 0)
        self._images.add_image(region.page, sides, (across, along), (size[0] * scale, size[1] * scale), color)

    def _centred(self, placed: PlacedItem, at: int, text: str, middle: float, color: int) -> None:
        x = placed.box.x + 0.5 * (placed.box.width - self._width_of(text, placed.size))
        self._line(placed, at, text, x, middle, color)

    def _line(self, placed: PlacedItem, at: int, text: str, x: float, middle: float, color: int) -> None:
        line = self._lines.get((placed.number, at))
        if line is None:
            line = TextLine(self._canvas, self._fonts.sans, placed.size * self._scale)
            self._lines[placed.number, at] = line
        line.set_text(text)
        line.set_color(color)
        line.show(x * self._scale, (middle - _BELOW_MIDDLE * placed.size) * self._scale)
