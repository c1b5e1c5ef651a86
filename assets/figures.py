"""Those who walk: the player and the guards, in four directions of four steps each."""

from __future__ import annotations

from PIL import Image
from shapes import (
    AMBER,
    FOG,
    GOLD,
    GREEN,
    INK,
    LEAF,
    RED,
    SKIN,
    SLATE,
    SNOW,
    STONE,
    TAN,
    VIOLET,
    WINE,
    WOOD,
    Canvas,
    Color,
    Point,
    sheet,
)

DIRECTIONS = ((0, -1), (0, 1), (1, 0), (-1, 0))  # the rows of a sheet: down, up, right, left
WALK = (0, 1, 0, -1)  # which foot is up in the four frames
FIGURE = 1.3  # metres, both sides of a frame


def feet(canvas: Canvas, way: Point, step: int, colors: tuple[Color, Color]) -> None:
    """Draw two feet and the shadow under them."""
    canvas.fill(canvas.ellipse((0.0, -0.47), (0.36, 0.12)), (8, 10, 16, 110))
    for side in (-1, 1):
        lifted = 0.09 if step == side else 0.0
        x = side * 0.15 + way[0] * 0.14 * step * side
        canvas.shape(canvas.ellipse((x, -0.44 + lifted), (0.13, 0.09)), *colors)


def player(way: Point, step: int) -> Image.Image:
    """Return a runner with a hood and a scarf."""
    canvas = Canvas(FIGURE, FIGURE)
    feet(canvas, way, step, (TAN, WOOD))
    up = 0.03 * abs(step)
    canvas.shape(canvas.ellipse((0.0, -0.17 + up), (0.30, 0.27)), GREEN, LEAF)
    tail = -way[0] or 0.35
    canvas.shape(
        canvas.polygon([(0.1 * tail, 0.0 + up), (0.5 * tail, 0.02 + up), (0.46 * tail, -0.16 - 0.05 * step)]),
        RED,
        WINE,
    )
    canvas.shape(canvas.ellipse((0.0, -0.04 + up), (0.27, 0.10)), RED, WINE)
    x, y = way[0] * 0.09, 0.22 + up
    point = [(-0.16, y + 0.2), (0.16, y + 0.2), (-0.12 * way[0] + 0.02, y + 0.42)]
    canvas.shape(canvas.polygon(point), GREEN, LEAF)
    canvas.shape(canvas.ellipse((0.0, y), (0.32, 0.29)), GREEN, LEAF)
    if way[1] <= 0:
        canvas.shape(canvas.ellipse((x, y - 0.04), (0.22, 0.19)), SKIN, (235, 186, 146, 255), 0.025)
        for side in (-1, 1):
            canvas.fill(canvas.ellipse((x * 1.5 + side * 0.085, y - 0.02), (0.036, 0.062)), INK)
    return canvas.finished()


def guard(way: Point, step: int, *, hunts: bool, leads: bool) -> Image.Image:
    """Return a guard in armour: it walks its round, or hunts. The captain's armour is of gold."""
    canvas = Canvas(FIGURE, FIGURE)
    feet(canvas, way, step, (STONE, SLATE))
    coat = (RED, WINE) if hunts else (VIOLET, (104, 84, 190, 255))
    eyes = RED if hunts else SNOW if leads else GOLD
    armour = (GOLD, AMBER) if leads else (SNOW, FOG) if hunts else (FOG, STONE)
    up = 0.02 * abs(step)
    canvas.shape(canvas.box((0.0, -0.17 + up), (0.33, 0.25), 0.14), *coat)
    for side in (-1, 1):
        canvas.shape(canvas.ellipse((side * 0.34, -0.02 + up), (0.14, 0.13)), *armour)
    y = 0.22 + up
    plume = [
        (-0.06, y + 0.2),
        (0.06, y + 0.2),
        (-0.16 * way[0] + 0.12, y + 0.42),
        (-0.2 * way[0] - 0.1, y + 0.40),
    ]
    canvas.shape(canvas.polygon(plume), RED, WINE)
    canvas.shape(canvas.box((0.0, y), (0.31, 0.27), 0.2), *armour)
    if way[1] <= 0:
        x = way[0] * 0.1
        canvas.fill(canvas.box((x, y - 0.03), (0.22, 0.085), 0.05), INK)
        for side in (-1, 1):
            at = (x * 1.2 + side * 0.1, y - 0.03)
            canvas.fill(canvas.ellipse(at, (0.06, 0.05 if hunts else 0.035)), eyes)
    else:
        canvas.fill(canvas.box((0.0, y), (0.025, 0.22), 0.0), armour[1])
    return canvas.finished()


def players() -> Image.Image:
    """Return four directions of four steps."""
    return sheet([player(way, step) for way in DIRECTIONS for step in WALK], 4)


def guards(*, leads: bool) -> Image.Image:
    """Return four directions of four steps, walking; then the same, hunting."""
    frames = [
        guard(way, step, hunts=hunts, leads=leads)
        for hunts in (False, True)
        for way in DIRECTIONS
        for step in WALK
    ]
    return sheet(frames, 4)
