"""Draws the pictures of `examples/coin_rush` out of shapes: ``python assets/draw_sprites.py`` writes them.

Nothing is copied and no font is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from figures import guards, players
from PIL import Image, ImageChops
from shapes import (
    AMBER,
    BLUE,
    FINE,
    FOG,
    GOLD,
    INK,
    NAVY,
    NIGHT,
    PIXELS,
    RED,
    SLATE,
    SNOW,
    STONE,
    TAN,
    WINE,
    WOOD,
    Canvas,
    Point,
    grown,
    sheet,
)

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "coin_rush" / "images"

# --- what lies about -------------------------------------------------------------------------------


def coin(turn: float) -> Image.Image:
    """Return a coin that has turned by a part of a half turn."""
    canvas = Canvas(0.8, 0.8)
    wide = max(0.07, 0.30 * abs(math.cos(math.pi * turn)))
    canvas.fill(canvas.ellipse((0.0, -0.31), (wide, 0.05)), (8, 10, 16, 90))
    canvas.shape(canvas.ellipse((0.03 if wide < 0.28 else 0.0, 0.0), (wide, 0.30)), AMBER, AMBER)
    canvas.shape(canvas.ellipse((0.0, 0.0), (wide, 0.30)), GOLD, AMBER, 0.0)
    if wide > 0.1:
        canvas.fill(canvas.ellipse((0.0, 0.0), (wide * 0.66, 0.20)), AMBER)
        canvas.fill(canvas.ellipse((-0.02, 0.01), (wide * 0.58, 0.17)), (255, 232, 140, 255))
        canvas.fill(canvas.box((0.0, 0.0), (wide * 0.16, 0.11), 0.03), AMBER)
    return canvas.finished()


def boots(canvas: Canvas) -> None:
    """Draw a boot with a wing: who wears it runs faster."""
    wing = [
        (-0.08, 0.05),
        (-0.42, 0.26),
        (-0.36, 0.1),
        (-0.42, 0.06),
        (-0.32, -0.02),
        (-0.34, -0.08),
        (-0.1, -0.1),
    ]
    canvas.shape(canvas.polygon(wing), SNOW, FOG)
    leg = [(-0.12, 0.3), (0.12, 0.3), (0.13, -0.06), (0.34, -0.12), (0.36, -0.28), (-0.14, -0.28)]
    canvas.shape(canvas.polygon(leg), BLUE, NAVY)
    canvas.fill(canvas.box((0.0, 0.24), (0.12, 0.05)), GOLD)


def shield(canvas: Canvas) -> None:
    """Draw a shield: it takes one blow."""
    edge = [(-0.3, 0.28), (0.0, 0.34), (0.3, 0.28), (0.28, -0.05), (0.0, -0.36), (-0.28, -0.05)]
    canvas.shape(canvas.polygon(edge), FOG, STONE)
    inner = [(0.72 * x, 0.72 * y) for x, y in edge]
    canvas.shape(canvas.polygon(inner), BLUE, NAVY, 0.0)
    canvas.fill(canvas.box((0.0, 0.0), (0.045, 0.2)), SNOW)
    canvas.fill(canvas.box((0.0, 0.06), (0.17, 0.045)), SNOW)


def magnet(canvas: Canvas) -> None:
    """Draw a magnet: coins come by themselves."""
    bow = ImageChops.subtract(
        ImageChops.lighter(canvas.ellipse((0.0, -0.02), (0.33, 0.32)), canvas.box((0.0, 0.15), (0.33, 0.17))),
        ImageChops.lighter(canvas.ellipse((0.0, -0.02), (0.13, 0.13)), canvas.box((0.0, 0.19), (0.13, 0.22))),
    )
    canvas.shape(bow, RED, WINE)
    for side in (-1, 1):
        canvas.fill(canvas.box((side * 0.23, 0.26), (0.1, 0.06)), SNOW)


def heart_mask(canvas: Canvas, at: Point, size: float) -> Image.Image:
    """Return the mask of a heart."""
    turns = [2.0 * math.pi * k / 60 for k in range(60)]
    points = [
        (
            at[0] + size * math.sin(t) ** 3,
            at[1]
            + size * (0.8125 * math.cos(t) - 0.3125 * math.cos(2 * t) - 0.125 * math.cos(3 * t))
            - size * 0.0625 * math.cos(4 * t),
        )
        for t in turns
    ]
    return canvas.polygon(points)


def heart(canvas: Canvas) -> None:
    """Draw a heart: it heals."""
    canvas.shape(heart_mask(canvas, (0.0, 0.03), 0.33), RED, WINE)
    canvas.fill(canvas.ellipse((-0.14, 0.15), (0.06, 0.05)), SNOW)


def items() -> Image.Image:
    """Return boots, shield, magnet and heart, each with a shadow."""
    frames = []
    for draw in (boots, shield, magnet, heart):
        canvas = Canvas(1.0, 1.0)
        canvas.fill(canvas.ellipse((0.0, -0.4), (0.26, 0.06)), (8, 10, 16, 100))
        draw(canvas)
        frames.append(canvas.finished())
    return sheet(frames, 4)


def spikes(height: float) -> Image.Image:
    """Return a plate of spikes that are out by a part of their height."""
    canvas = Canvas(1.0, 1.0)
    canvas.shape(canvas.box((0.0, 0.0), (0.44, 0.44), 0.08), SLATE, NIGHT)
    for row in (0.24, 0.0, -0.24):
        for column in (-0.25, 0.0, 0.25):
            canvas.fill(canvas.ellipse((column, row - 0.06), (0.07, 0.05)), INK)
            if height > 0.0:
                tip = [
                    (column - 0.07, row - 0.06),
                    (column + 0.07, row - 0.06),
                    (column, row - 0.06 + 0.3 * height),
                ]
                canvas.shape(canvas.polygon(tip), SNOW, RED if height > 0.5 else FOG, 0.02)
    return canvas.finished()


# --- the room --------------------------------------------------------------------------------------


def wall(width: float, height: float) -> Image.Image:
    """Return a wall seen from above and a little from the front."""
    canvas = Canvas(width, height)
    face = min(0.4, 0.4 * height)
    canvas.fill(canvas.box((0.0, 0.0), (width / 2, height / 2)), INK)
    canvas.fill(canvas.box((0.0, -height / 2 + face / 2 + 0.02), (width / 2 - 0.03, face / 2)), SLATE)
    for number in range(round(width * 2)):
        x = -width / 2 + 0.5 * number
        for row in range(2):
            at = (x + 0.25 * row, -height / 2 + face * (0.25 + 0.5 * row))
            canvas.fill(canvas.box(at, (0.014, face / 4)), NIGHT)
    canvas.fill(canvas.box((0.0, -height / 2 + face / 2), (width / 2, 0.014)), NIGHT)
    middle, half = face / 2, (height - face) / 2
    canvas.fill(canvas.box((0.0, middle), (width / 2 - 0.03, half - 0.03), 0.05), STONE)
    canvas.fill(canvas.box((0.0, height / 2 - 0.06), (width / 2 - 0.06, 0.025)), FOG)
    for number in range(1, round(max(width, height))):
        joint = (-width / 2 + number, middle) if width >= height else (0.0, -height / 2 + number + 0.2)
        half_joint = (0.014, half - 0.08) if width >= height else (width / 2 - 0.06, 0.014)
        if width >= height or joint[1] > -height / 2 + face:
            canvas.fill(canvas.box(joint, half_joint), (58, 69, 90, 255))
    return canvas.finished()


def door() -> Image.Image:
    """Return a gate of planks and iron bands, five metres high."""
    canvas = Canvas(0.8, 5.0)
    canvas.shape(canvas.box((0.0, 0.0), (0.34, 2.46), 0.06), TAN, WOOD)
    for x in (-0.11, 0.11):
        canvas.fill(canvas.box((x, 0.0), (0.016, 2.42)), (92, 58, 34, 255))
    for y in (-2.0, -0.7, 0.7, 2.0):
        canvas.shape(canvas.box((0.0, y), (0.36, 0.12), 0.03), FOG, STONE, 0.03)
        for x in (-0.24, 0.0, 0.24):
            canvas.fill(canvas.ellipse((x, y), (0.035, 0.035)), INK)
    canvas.shape(canvas.ellipse((0.0, 0.0), (0.24, 0.24)), GOLD, AMBER)
    canvas.fill(canvas.ellipse((0.0, 0.05), (0.07, 0.07)), INK)
    canvas.fill(canvas.polygon([(-0.05, -0.14), (0.05, -0.14), (0.02, 0.05), (-0.02, 0.05)]), INK)
    return canvas.finished()


def floor() -> Image.Image:
    """Return the ground of a room of 40 by 22 metres: flagstones of two metres, each a little different."""
    generator = np.random.default_rng(11)
    scale, width, height = 32, 40, 22
    pixels = np.zeros((height * scale, width * scale, 3), np.uint8)
    tones = np.array([[29, 36, 51], [31, 38, 54], [33, 41, 58], [35, 43, 60]])
    for y in range(0, height, 2):
        for x in range(0, width, 2):
            stone = pixels[y * scale : (y + 2) * scale, x * scale : (x + 2) * scale]
            stone[:] = tones[generator.integers(4)]
            stone[:2] = stone[0, 0] + 7
            stone[:, :2] = stone[-1, -1] + 4
            stone[-2:] = stone[:, -2:] = (22, 27, 39)
            for _ in range(generator.integers(4)):
                u, v = generator.integers(6, 56, 2)
                stone[v : v + 3, u : u + 3] = tones[0] - 4
    return Image.fromarray(pixels).convert("RGBA")


def bubble() -> Image.Image:
    """Return the sphere around who has the shield."""
    canvas = Canvas(1.8, 1.8)
    canvas.fill(canvas.ellipse((0.0, 0.0), (0.8, 0.8)), (*BLUE[:3], 45))
    ring = ImageChops.subtract(
        canvas.ellipse((0.0, 0.0), (0.82, 0.82)), canvas.ellipse((0.0, 0.0), (0.75, 0.75))
    )
    canvas.fill(ring, (*BLUE[:3], 220))
    canvas.fill(canvas.ellipse((-0.36, 0.42), (0.16, 0.1)), (*SNOW[:3], 150))
    return canvas.finished()


def sight() -> Image.Image:
    """Return how far a guard sees: a disc of one metre that is as good as white, to be coloured."""
    canvas = Canvas(4.0, 4.0)
    canvas.fill(canvas.ellipse((0.0, 0.0), (1.96, 1.96)), (255, 255, 255, 60))
    rim = ImageChops.subtract(
        canvas.ellipse((0.0, 0.0), (1.98, 1.98)), canvas.ellipse((0.0, 0.0), (1.94, 1.94))
    )
    for k in range(48):
        if k % 2:
            begin, end = (2.0 * math.pi * (k + part) / 48 for part in (0.0, 1.0))
            piece = [(0.0, 0.0), *((3.0 * math.cos(t), 3.0 * math.sin(t)) for t in (begin, end))]
            rim = ImageChops.subtract(rim, canvas.polygon(piece))
    canvas.fill(rim, (255, 255, 255, 200))
    return canvas.finished()


def sign(asks: bool) -> Image.Image:
    """Return what a guard thinks: an exclamation mark, or a question mark."""
    canvas = Canvas(0.8, 0.8)
    color = (GOLD, AMBER) if asks else (RED, WINE)
    if asks:
        bow = ImageChops.subtract(
            canvas.ellipse((0.0, 0.14), (0.2, 0.19)), canvas.ellipse((0.0, 0.14), (0.09, 0.08))
        )
        bow = ImageChops.subtract(bow, canvas.box((-0.14, 0.02), (0.14, 0.1)))
        stroke = ImageChops.lighter(bow, canvas.box((0.0, -0.06), (0.055, 0.09)))
    else:
        stroke = canvas.polygon([(-0.1, 0.34), (0.1, 0.34), (0.05, -0.1), (-0.05, -0.1)])
    canvas.shape(ImageChops.lighter(stroke, canvas.ellipse((0.0, -0.25), (0.075, 0.075))), *color)
    return canvas.finished()


# --- over the picture ------------------------------------------------------------------------------

LETTERS = {
    "C": (" ### ", "#   #", "#    ", "#    ", "#    ", "#   #", " ### "),
    "I": ("###", " # ", " # ", " # ", " # ", " # ", "###"),
    "N": ("#   #", "##  #", "##  #", "# # #", "#  ##", "#  ##", "#   #"),
    "R": ("#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"),
    "U": ("#   #", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "),
    "S": (" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "),
    "H": ("#   #", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"),
}
"""The letters of the title in blocks. Its O is a coin."""


def logo() -> Image.Image:
    """Return the title of the game in letters of blocks."""
    block = 0.2
    words = "COIN RUSH"
    widths = [5 if c == "O" else 2 if c == " " else len(LETTERS[c][0]) for c in words]
    canvas = Canvas((sum(widths) + len(words) + 1) * block, 9 * block)
    x = -canvas.size[0] / PIXELS / 2 + block
    for letter, width in zip(words, widths, strict=True):
        if letter == "O":
            middle = (x + 2.5 * block, 0.0)
            canvas.shape(canvas.ellipse(middle, (0.56, 0.68)), GOLD, AMBER)
            canvas.fill(canvas.ellipse(middle, (0.38, 0.48)), AMBER)
            canvas.fill(canvas.ellipse((middle[0] - 0.03, 0.03), (0.34, 0.43)), (255, 232, 140, 255))
            canvas.fill(canvas.box(middle, (0.08, 0.26), 0.06), AMBER)
        elif letter != " ":
            mask = canvas.mask()[0]
            for row, line in enumerate(LETTERS[letter]):
                for column, cell in enumerate(line):
                    if cell == "#":
                        at = (x + (column + 0.5) * block, (3 - row) * block)
                        mask = ImageChops.lighter(mask, canvas.box(at, (block * 0.52, block * 0.52), 0.05))
            canvas.shape(mask, *((GOLD, AMBER) if x < 0 else (RED, WINE)))
        x += (width + 1) * block
    return canvas.finished()


def hearts() -> Image.Image:
    """Return a plate with three holes in the form of hearts, through which a red bar is seen."""
    canvas = Canvas(3.6, 1.2)
    canvas.shape(canvas.box((0.0, 0.0), (1.74, 0.54), 0.16), SLATE, NIGHT)
    for x in (-1.1, 0.0, 1.1):
        canvas.fill(grown(heart_mask(canvas, (x, 0.05), 0.38), round(0.06 * PIXELS * FINE)), INK)
    holes = canvas.image.getchannel("A")
    for x in (-1.1, 0.0, 1.1):
        holes = ImageChops.subtract(holes, heart_mask(canvas, (x, 0.05), 0.38))
    canvas.image.putalpha(holes)
    return canvas.finished()


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "alert.png": lambda: sign(asks=False),
    "bubble.png": bubble,
    "captain.png": lambda: guards(leads=True),
    "coin.png": lambda: sheet([coin(k / 8) for k in range(8)], 8),
    "door.png": door,
    "floor.png": floor,
    "guard.png": lambda: guards(leads=False),
    "hearts.png": hearts,
    "items.png": items,
    "logo.png": logo,
    "player.png": players,
    "puzzled.png": lambda: sign(asks=True),
    "sight.png": sight,
    "spikes.png": lambda: sheet([spikes(part) for part in (0.0, 0.35, 0.7, 1.0)], 4),
    "wall_1x4.png": lambda: wall(1.0, 4.0),
    "wall_1x7.png": lambda: wall(1.0, 7.0),
    "wall_1x22.png": lambda: wall(1.0, 22.0),
    "wall_2x2.png": lambda: wall(2.0, 2.0),
    "wall_4x1.png": lambda: wall(4.0, 1.0),
    "wall_40x1.png": lambda: wall(40.0, 1.0),
}
"""Each file, and what draws it."""


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        draw().save(FOLDER / name, optimize=True)
        print(f"{name}: {(FOLDER / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
