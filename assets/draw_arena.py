"""Draws the pictures and the map of `examples/arena` out of shapes: ``python assets/draw_arena.py``.

Those who fight are in `fighters.py`. Nothing is copied.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from draw_sprites import LETTERS
from fighters import SHADOW, bat, brute, grunt, hero, spitter, walker, warden, wraith
from PIL import Image, ImageChops
from shapes import (
    AMBER,
    BLUE,
    FOG,
    GOLD,
    INK,
    NAVY,
    PIXELS,
    RED,
    SLATE,
    SNOW,
    STONE,
    TAN,
    WINE,
    WOOD,
    Canvas,
    Color,
    sheet,
)

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "arena"

# --- what flies and what lies about ------------------------------------------------------------------


def shots() -> Image.Image:
    """Return a bolt, a pellet, a drop of poison and an ember."""
    frames = []
    for colors, radii in (
        ((SNOW, GOLD), (0.26, 0.1)),
        ((SNOW, AMBER), (0.14, 0.14)),
        (((214, 255, 140, 255), (120, 170, 60, 255)), (0.2, 0.17)),
        ((GOLD, RED), (0.28, 0.26)),
    ):
        canvas = Canvas(0.7, 0.7)
        canvas.fill(canvas.ellipse((-0.04, 0.0), (radii[0] + 0.06, radii[1] + 0.06)), (*colors[1][:3], 110))
        canvas.fill(canvas.ellipse((0.0, 0.0), radii), colors[1])
        canvas.fill(canvas.ellipse((0.04, 0.0), (radii[0] * 0.6, radii[1] * 0.6)), colors[0])
        frames.append(canvas.finished())
    return sheet(frames, 4)


def flask(canvas: Canvas, liquid: Color, dark: Color) -> None:
    """Draw a flask."""
    canvas.shape(canvas.box((0.0, 0.28), (0.12, 0.1), 0.02), TAN, WOOD)
    canvas.shape(canvas.ellipse((0.0, -0.08), (0.29, 0.28)), SNOW, FOG)
    canvas.fill(canvas.ellipse((0.0, -0.1), (0.23, 0.21)), dark)
    canvas.fill(canvas.ellipse((-0.03, -0.08), (0.19, 0.17)), liquid)
    canvas.fill(canvas.ellipse((-0.1, 0.02), (0.06, 0.05)), SNOW)


def shells(canvas: Canvas) -> None:
    """Draw three shells."""
    for x in (-0.22, 0.0, 0.22):
        canvas.shape(canvas.box((x, 0.03), (0.08, 0.26), 0.04), RED, WINE)
        canvas.shape(canvas.box((x, -0.2), (0.09, 0.08), 0.02), GOLD, AMBER)


def key(canvas: Canvas) -> None:
    """Draw a key."""
    ring = ImageChops.subtract(
        canvas.ellipse((0.0, 0.2), (0.19, 0.18)), canvas.ellipse((0.0, 0.2), (0.08, 0.07))
    )
    shaft = ImageChops.lighter(canvas.box((0.0, -0.14), (0.05, 0.24)), canvas.box((0.09, -0.32), (0.1, 0.05)))
    canvas.shape(
        ImageChops.lighter(ImageChops.lighter(ring, shaft), canvas.box((0.08, -0.18), (0.08, 0.04))),
        GOLD,
        AMBER,
    )


def scroll(canvas: Canvas) -> None:
    """Draw a scroll with a heart: a charm."""
    canvas.shape(canvas.box((0.0, 0.0), (0.28, 0.26), 0.03), (246, 226, 180, 255), TAN)
    for y in (-0.28, 0.28):
        canvas.shape(canvas.box((0.0, y), (0.33, 0.07), 0.06), TAN, WOOD)
    for side in (-1, 1):
        canvas.fill(canvas.ellipse((0.07 * side, 0.05), (0.09, 0.09)), RED)
    canvas.fill(canvas.polygon([(-0.155, 0.02), (0.155, 0.02), (0.0, -0.17)]), RED)


def items() -> Image.Image:
    """Return potion, shells, key and charm."""
    frames = []
    for draw in (lambda canvas: flask(canvas, RED, WINE), shells, key, scroll):
        canvas = Canvas(1.0, 1.0)
        draw(canvas)
        frames.append(canvas.finished())
    return sheet(frames, 4)


def chest(part: float) -> Image.Image:
    """Return a chest whose lid is open by a part."""
    canvas = Canvas(1.4, 1.4)
    canvas.fill(canvas.ellipse((0.0, -0.42), (0.6, 0.14)), SHADOW)
    canvas.shape(canvas.box((0.0, -0.2), (0.52, 0.26), 0.05), TAN, WOOD)
    if part > 0.0:
        canvas.fill(canvas.box((0.0, 0.06), (0.46, 0.05 + 0.1 * part)), INK)
        canvas.fill(canvas.ellipse((0.0, 0.06), (0.4 * part, 0.12 * part)), GOLD)
    canvas.shape(canvas.box((0.0, 0.16 + 0.26 * part), (0.54, 0.17 - 0.06 * part), 0.08), TAN, WOOD)
    for x in (-0.34, 0.34):
        canvas.fill(canvas.box((x, -0.2), (0.06, 0.25)), STONE)
    canvas.shape(canvas.box((0.0, -0.06), (0.1, 0.11), 0.02), GOLD, AMBER)
    canvas.fill(canvas.ellipse((0.0, -0.05), (0.03, 0.04)), INK)
    return canvas.finished()


def ring(size: float, color: Color, dark: Color) -> Image.Image:
    """Return a circle of runes on the ground, where somebody comes or goes."""
    canvas = Canvas(size, size)
    half = size / 2 - 0.1
    canvas.fill(canvas.ellipse((0.0, 0.0), (half, half)), (*dark[:3], 120))
    for outer, inner in ((1.0, 0.92), (0.7, 0.64)):
        band = ImageChops.subtract(
            canvas.ellipse((0.0, 0.0), (half * outer, half * outer)),
            canvas.ellipse((0.0, 0.0), (half * inner, half * inner)),
        )
        canvas.fill(band, (*color[:3], 220))
    for number in range(8):
        turn = number * math.pi / 4
        at = (0.81 * half * math.cos(turn), 0.81 * half * math.sin(turn))
        canvas.fill(canvas.ellipse(at, (0.07, 0.07)), color)
    return canvas.finished()


def golden_brute(step: int) -> Image.Image:
    """Return a brute in armour of gold."""
    return brute(step, ((206, 122, 62, 255), (140, 74, 44, 255)), (GOLD, AMBER))


def roost() -> Image.Image:
    """Return a hole in the ground, out of which eyes look."""
    canvas = Canvas(2.0, 2.0)
    for number in range(9):
        turn = number * math.tau / 9
        at = (0.68 * math.cos(turn), 0.68 * math.sin(turn))
        size = 0.2 + 0.05 * (number % 3)
        canvas.shape(canvas.ellipse(at, (size, size)), STONE, SLATE)
    canvas.fill(canvas.ellipse((0.0, 0.0), (0.62, 0.62)), INK)
    canvas.fill(canvas.ellipse((0.06, -0.06), (0.5, 0.5)), (8, 8, 12, 255))
    for x, y in ((-0.22, 0.12), (0.16, 0.2), (0.02, -0.2)):
        for side in (-1, 1):
            canvas.fill(canvas.ellipse((x + 0.07 * side, y), (0.045, 0.045)), RED)
    return canvas.finished()


def saw() -> Image.Image:
    """Return a saw blade."""
    canvas = Canvas(1.6, 1.6)
    points = []
    for number in range(12):
        for turn, far in ((0.0, 0.72), (0.35, 0.52)):
            angle = (number + turn) * math.pi / 6
            points.append((far * math.cos(angle), far * math.sin(angle)))
    canvas.shape(canvas.polygon(points), FOG, STONE)
    canvas.shape(canvas.ellipse((0.0, 0.0), (0.3, 0.3)), RED, WINE, 0.03)
    canvas.fill(canvas.ellipse((0.0, 0.0), (0.09, 0.09)), INK)
    return canvas.finished()


def rail() -> Image.Image:
    """Return the slit in which a saw runs, a metre of it."""
    canvas = Canvas(1.0, 0.3)
    canvas.fill(canvas.box((0.0, 0.0), (0.5, 0.09)), (20, 17, 24, 255))
    canvas.fill(canvas.box((0.0, -0.1), (0.5, 0.02)), (62, 56, 70, 255))
    return canvas.finished()


def logo() -> Image.Image:
    """Return the title of the game in letters of blocks, glowing from below."""
    letters = LETTERS | {
        "A": (" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"),
        "E": ("#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"),
    }
    block, words = 0.22, "ARENA"
    canvas = Canvas((6 * len(words) + 1) * block, 9 * block)
    x = -canvas.size[0] / PIXELS / 2 + block
    for letter in words:
        mask = canvas.mask()[0]
        for row, line in enumerate(letters[letter]):
            for column, cell in enumerate(line):
                if cell == "#":
                    at = (x + (column + 0.5) * block, (3 - row) * block)
                    mask = ImageChops.lighter(mask, canvas.box(at, (block * 0.52, block * 0.52)))
        canvas.shape(mask, GOLD, AMBER)
        canvas.fill(
            ImageChops.multiply(mask, canvas.box((0.0, -3.2 * block), (9.0, 1.7 * block))), (*RED[:3], 150)
        )
        x += 6 * block
    return canvas.finished()


# --- the ground --------------------------------------------------------------------------------------

FLOOR, CRACKED, GRATE, EMBER, TOP, FACE = range(6)
HALF = (  # the left half of the map, mirrored to the right; # is a wall
    "###############",
    "###############",
    "#..............",
    "#..............",
    "#...##.....#...",
    "#...#......#...",
    "#..............",
    "#.......##.....",
    "#..............",
    "##.............",
    "#..............",
    "#.......##.....",
    "#..............",
    "#...#......#...",
    "#...##.....#...",
    "#..............",
    "#..............",
    "###############",
)
PLAN = tuple(row + row[::-1] for row in HALF)


def tile(kind: int) -> Image.Image:
    """Return a tile of a metre."""
    canvas = Canvas(1.0, 1.0)
    if kind == TOP:
        canvas.fill(canvas.box((0.0, 0.0), (0.51, 0.51)), (70, 62, 80, 255))
        canvas.fill(canvas.box((0.0, 0.0), (0.44, 0.44), 0.08), (80, 72, 92, 255))
        return canvas.finished()
    if kind == FACE:
        canvas.fill(canvas.box((0.0, 0.0), (0.51, 0.51)), (70, 62, 80, 255))
        canvas.fill(canvas.box((0.0, 0.22), (0.44, 0.24), 0.08), (80, 72, 92, 255))
        canvas.fill(canvas.box((0.0, -0.28), (0.51, 0.23)), (42, 36, 50, 255))
        for x, y in ((-0.25, -0.17), (0.25, -0.17), (0.0, -0.38)):
            canvas.fill(canvas.box((x, y), (0.22, 0.08), 0.03), (52, 45, 61, 255))
        return canvas.finished()
    canvas.fill(canvas.box((0.0, 0.0), (0.51, 0.51)), (28, 25, 33, 255))
    canvas.fill(canvas.box((0.0, 0.0), (0.475, 0.475), 0.04), (37, 33, 43, 255))
    if kind == CRACKED:
        crack = [(-0.3, 0.34), (-0.1, 0.12), (0.02, 0.08), (0.2, -0.2), (0.0, 0.02), (-0.14, 0.06)]
        canvas.fill(canvas.polygon(crack), (25, 22, 30, 255))
    elif kind == GRATE:
        canvas.fill(canvas.box((0.0, 0.0), (0.34, 0.34), 0.04), (22, 19, 26, 255))
        for x in (-0.2, 0.0, 0.2):
            canvas.fill(canvas.box((x, 0.0), (0.04, 0.34)), (50, 45, 57, 255))
    elif kind == EMBER:
        canvas.fill(
            canvas.polygon([(-0.3, 0.2), (-0.05, 0.05), (0.12, -0.24), (0.0, -0.06), (-0.2, 0.08)]),
            (150, 62, 40, 255),
        )
        canvas.fill(
            canvas.polygon([(-0.2, 0.12), (-0.05, 0.04), (0.06, -0.12), (-0.04, -0.02)]), (236, 140, 60, 255)
        )
    return canvas.finished()


def cells() -> list[int]:
    """Return the numbers of the map's tiles, from 1, row by row from the upper left one."""
    chance = np.random.default_rng(5)
    found = []
    for row, line in enumerate(PLAN):
        for column, sign in enumerate(line):
            if sign == "#":
                shows_face = row + 1 < len(PLAN) and PLAN[row + 1][column] == "."
                found.append(1 + (FACE if shows_face else TOP))
            else:
                kinds = (FLOOR, CRACKED, GRATE, EMBER)
                found.append(1 + int(kinds[chance.choice(4, p=(0.84, 0.1, 0.03, 0.03))]))
    return found


def level() -> dict[str, object]:
    """Return the map as Tiled's JSON."""
    size = {"width": len(PLAN[0]), "height": len(PLAN)}
    layer = {"id": 1, "name": "ground", "type": "tilelayer", "visible": True, "opacity": 1, "x": 0, "y": 0}
    solid = [{"name": "solid", "type": "bool", "value": True}]
    tileset = {"firstgid": 1, "name": "tiles", "image": "../images/tiles.png", "columns": 6, "tilecount": 6}
    tileset |= {"imagewidth": 6 * PIXELS, "imageheight": PIXELS, "tilewidth": PIXELS, "tileheight": PIXELS}
    tileset |= {"margin": 0, "spacing": 0, "tiles": [{"id": one, "properties": solid} for one in (TOP, FACE)]}
    found: dict[str, object] = {"type": "map", "version": "1.10", "tiledversion": "1.10.2", "infinite": False}
    found |= {"orientation": "orthogonal", "renderorder": "right-down"}
    found |= {"tilewidth": PIXELS, "tileheight": PIXELS, "nextlayerid": 2, "nextobjectid": 1}
    return found | size | {"layers": [layer | size | {"data": cells()}], "tilesets": [tileset]}


_PICTURES: dict[str, Callable[[], Image.Image]] = {
    "brute.png": lambda: walker(brute),
    "chest.png": lambda: sheet([chest(part) for part in (0.0, 0.3, 0.7, 1.0)], 4),
    "gate.png": lambda: ring(2.2, RED, WINE),
    "grunt.png": lambda: walker(grunt),
    "hero.png": lambda: walker(hero),
    "items.png": items,
    "logo.png": logo,
    "portal.png": lambda: ring(1.8, BLUE, NAVY),
    "rail.png": rail,
    "saw.png": saw,
    "shots.png": shots,
    "spitter.png": lambda: walker(spitter),
    "tiles.png": lambda: sheet([tile(kind) for kind in range(6)], 6),
    "warden.png": lambda: walker(warden),
    "wraith.png": lambda: walker(wraith),
}
_BATS, _GOLDEN = (FOLDER / "mods" / mod / "images" for mod in ("bats", "golden"))
PICTURES = {FOLDER / "images" / name: draw for name, draw in _PICTURES.items()} | {
    _BATS / "bat.png": lambda: sheet([bat(lift) for lift in (1.0, 0.45, -0.1)], 3),
    _BATS / "roost.png": roost,
    _GOLDEN / "golden_brute.png": lambda: walker(golden_brute),
}
"""Each file, and what draws it."""


def main() -> None:
    """Write all pictures and the map."""
    for file, draw in PICTURES.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        draw().save(file, optimize=True)
    (FOLDER / "maps").mkdir(exist_ok=True)
    (FOLDER / "maps" / "arena.tmj").write_text(json.dumps(level()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
