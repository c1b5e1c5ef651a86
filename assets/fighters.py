"""Those who fight in the arena, seen from above: they look to the right, and the engine turns them."""

from __future__ import annotations

import math
from collections.abc import Callable

from PIL import Image
from shapes import (
    AMBER,
    BLUE,
    FOG,
    GOLD,
    GREEN,
    INK,
    LEAF,
    NIGHT,
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
    sheet,
)

WALK = (0, 1, 0, -1)  # which foot is ahead in the four frames
SHADOW = (8, 10, 16, 100)
ICE, FROST = (176, 226, 255, 255), (96, 150, 210, 255)


def feet(canvas: Canvas, step: int, apart: float, colors: tuple[Color, Color]) -> None:
    """Draw a shadow and two feet, one of them ahead."""
    canvas.fill(canvas.ellipse((-0.04, -0.06), (apart * 1.5, apart * 1.5)), SHADOW)
    for side in (-1, 1):
        canvas.shape(canvas.ellipse((0.18 * step * side, apart * side), (0.15, 0.1)), *colors)


def eyes(canvas: Canvas, x: float, apart: float, color: Color, size: float = 0.07) -> None:
    """Draw two eyes that look to the right."""
    for side in (-1, 1):
        canvas.fill(canvas.ellipse((x, apart * side), (size, size)), INK)
        canvas.fill(canvas.ellipse((x + 0.02, apart * side), (size * 0.6, size * 0.6)), color)


def hero(step: int) -> Image.Image:
    """Return the hero: a hood, two hands, and a blaster."""
    canvas = Canvas(1.5, 1.5)
    feet(canvas, step, 0.24, (TAN, WOOD))
    cape = [
        (-0.1, 0.34),
        (-0.5, 0.2 + 0.06 * step),
        (-0.55, -0.1),
        (-0.46, -0.26 + 0.06 * step),
        (-0.1, -0.34),
    ]
    canvas.shape(canvas.polygon(cape), RED, WINE)
    canvas.shape(canvas.ellipse((0.0, 0.0), (0.28, 0.38)), GREEN, LEAF)
    canvas.shape(canvas.box((0.44, -0.1), (0.24, 0.08), 0.03), FOG, SLATE)
    canvas.fill(canvas.box((0.62, -0.1), (0.06, 0.05)), GOLD)
    for hand in ((0.26, -0.26), (0.38, 0.04)):
        canvas.shape(canvas.ellipse(hand, (0.1, 0.09)), SKIN, TAN)
    canvas.shape(canvas.ellipse((0.02, 0.0), (0.24, 0.24)), GREEN, LEAF)
    canvas.fill(canvas.ellipse((0.14, 0.0), (0.11, 0.15)), SKIN)
    return canvas.finished()


def grunt(step: int) -> Image.Image:
    """Return a small devil with claws and horns."""
    canvas = Canvas(1.3, 1.3)
    feet(canvas, step, 0.22, (WINE, NIGHT))
    for side in (-1, 1):
        claw = (0.3 + 0.1 * step * side, 0.28 * side)
        canvas.shape(canvas.ellipse(claw, (0.13, 0.1)), RED, WINE)
        for turn in (-0.5, 0.0, 0.5):
            tip = (claw[0] + 0.2 * math.cos(turn), claw[1] + 0.2 * math.sin(turn))
            side_x, side_y = 0.05 * math.sin(turn), 0.05 * math.cos(turn)
            base = ((claw[0] - side_x, claw[1] + side_y), (claw[0] + side_x, claw[1] - side_y))
            canvas.fill(canvas.polygon([*base, tip]), SNOW)
    canvas.shape(canvas.ellipse((-0.02, 0.0), (0.32, 0.33)), RED, WINE)
    for side in (-1, 1):
        horn = [(0.06, 0.2 * side), (-0.06, 0.26 * side), (-0.1, 0.48 * side), (0.02, 0.42 * side)]
        canvas.shape(canvas.polygon(horn), SNOW, FOG, 0.03)
    eyes(canvas, 0.17, 0.12, GOLD)
    return canvas.finished()


def spitter(step: int) -> Image.Image:
    """Return a toad that spits poison."""
    canvas = Canvas(1.4, 1.4)
    feet(canvas, step, 0.3, (LEAF, NIGHT))
    canvas.shape(canvas.ellipse((-0.1, 0.0), (0.4, 0.38)), (150, 200, 70, 255), (92, 134, 48, 255))
    for x, y, size in ((-0.3, 0.12, 0.08), (-0.22, -0.16, 0.1), (-0.06, 0.2, 0.06), (-0.4, -0.04, 0.05)):
        canvas.fill(canvas.ellipse((x, y), (size, size)), (70, 104, 42, 255))
    canvas.shape(canvas.ellipse((0.3, 0.0), (0.2, 0.2)), (178, 224, 96, 255), (110, 150, 58, 255))
    canvas.fill(canvas.ellipse((0.4, 0.0), (0.07, 0.1)), INK)
    eyes(canvas, 0.14, 0.24, SNOW, 0.09)
    return canvas.finished()


def brute(
    step: int,
    skin: tuple[Color, Color] = (VIOLET, (96, 74, 176, 255)),
    armour: tuple[Color, Color] = (FOG, STONE),
) -> Image.Image:
    """Return a giant in armour, each of two tones."""
    canvas = Canvas(2.2, 2.2)
    feet(canvas, step, 0.42, (SLATE, NIGHT))
    for side in (-1, 1):
        canvas.shape(canvas.ellipse((0.46 + 0.14 * step * side, 0.56 * side), (0.24, 0.2)), *skin)
    canvas.shape(canvas.ellipse((-0.06, 0.0), (0.5, 0.64)), *skin)
    for side in (-1, 1):
        canvas.shape(canvas.ellipse((-0.06, 0.52 * side), (0.3, 0.24)), *armour)
        canvas.fill(canvas.ellipse((-0.06, 0.52 * side), (0.06, 0.06)), INK)
    canvas.shape(canvas.ellipse((0.12, 0.0), (0.36, 0.34)), *armour)
    canvas.fill(canvas.box((0.34, 0.0), (0.07, 0.22), 0.05), INK)
    eyes(canvas, 0.34, 0.1, RED, 0.06)
    return canvas.finished()


def wraith(step: int) -> Image.Image:
    """Return a ghost of ice, which has no feet."""
    canvas = Canvas(1.4, 1.4)
    canvas.fill(canvas.ellipse((0.0, 0.0), (0.55, 0.5)), (*ICE[:3], 40))
    tail = [(0.1, 0.34), (-0.3, 0.3), (-0.6, 0.16 + 0.08 * step), (-0.4, 0.04), (-0.62, -0.12 + 0.08 * step)]
    tail += [(-0.32, -0.3), (0.1, -0.34)]
    canvas.shape(canvas.polygon(tail), ICE, FROST)
    canvas.shape(canvas.ellipse((0.12, 0.0), (0.32, 0.34)), ICE, FROST)
    eyes(canvas, 0.26, 0.13, BLUE, 0.09)
    return canvas.finished()


def bat(lift: float) -> Image.Image:
    """Return a bat with its wings spread as far as a part of their length; it casts its shadow from above."""
    canvas = Canvas(1.4, 1.4)
    canvas.fill(canvas.ellipse((-0.16, -0.14), (0.24, 0.2 + 0.3 * abs(lift))), SHADOW)
    for side in (-1, 1):
        tip = 0.26 + 0.36 * lift
        wing = [(0.16, 0.08 * side), (0.26, tip * 0.6 * side), (0.1, tip * side), (-0.12, tip * 0.96 * side)]
        wing += [
            (-0.06, tip * 0.66 * side),
            (-0.26, tip * 0.6 * side),
            (-0.16, 0.3 * tip * side),
            (-0.2, 0.06 * side),
        ]
        canvas.shape(canvas.polygon(wing), (128, 84, 150, 255), (72, 44, 96, 255), 0.03)
    canvas.shape(canvas.ellipse((-0.06, 0.0), (0.26, 0.15)), (104, 66, 124, 255), (62, 38, 82, 255))
    for side in (-1, 1):
        ear = [(0.1, 0.05 * side), (0.2, 0.24 * side), (0.28, 0.08 * side)]
        canvas.shape(canvas.polygon(ear), (150, 100, 168, 255), (72, 44, 96, 255), 0.025)
    canvas.shape(canvas.ellipse((0.22, 0.0), (0.14, 0.14)), (128, 84, 150, 255), (72, 44, 96, 255))
    eyes(canvas, 0.27, 0.07, RED, 0.05)
    for side in (-1, 1):
        fang = [(0.34, 0.02 * side), (0.34, 0.08 * side), (0.42, 0.05 * side)]
        canvas.fill(canvas.polygon(fang), SNOW)
    return canvas.finished()


def warden(step: int) -> Image.Image:
    """Return the warden of the arena: horns of gold, a mantle, and an ember in its chest."""
    canvas = Canvas(3.2, 3.2)
    feet(canvas, step, 0.62, (SLATE, NIGHT))
    mantle = [(0.1, 0.9), (-0.8, 0.8), (-1.2, 0.3 + 0.1 * step), (-1.05, 0.0), (-1.2, -0.4 + 0.1 * step)]
    mantle += [(-0.8, -0.8), (0.1, -0.9)]
    canvas.shape(canvas.polygon(mantle), (120, 40, 60, 255), (74, 26, 44, 255))
    for side in (-1, 1):
        canvas.shape(canvas.ellipse((0.62 + 0.2 * step * side, 0.8 * side), (0.34, 0.28)), STONE, SLATE)
        canvas.shape(canvas.ellipse((-0.05, 0.76 * side), (0.42, 0.34)), GOLD, AMBER)
    canvas.shape(canvas.ellipse((0.0, 0.0), (0.66, 0.74)), SLATE, NIGHT)
    for size, color in ((0.34, WINE), (0.25, RED), (0.15, GOLD)):
        canvas.fill(canvas.ellipse((-0.22, 0.0), (size, size)), color)
    canvas.shape(canvas.ellipse((0.34, 0.0), (0.42, 0.4)), STONE, SLATE)
    for side in (-1, 1):
        horn = [
            (0.4, 0.3 * side),
            (0.2, 0.36 * side),
            (0.3, 0.78 * side),
            (0.74, 0.9 * side),
            (0.5, 0.66 * side),
        ]
        canvas.shape(canvas.polygon(horn), GOLD, AMBER, 0.05)
    eyes(canvas, 0.58, 0.16, RED, 0.11)
    return canvas.finished()


def walker(draw: Callable[[int], Image.Image]) -> Image.Image:
    """Return the four steps of somebody."""
    return sheet([draw(step) for step in WALK], 4)
