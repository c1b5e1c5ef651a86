"""Draws the tiles, the walker, the clouds and the map of `examples/tiles`: the same pixels on every machine.

``python assets/draw_tiles.py`` writes them anew.
"""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

SIDE = 16
COLUMNS, ROWS = 40, 24
FOLDER = Path(__file__).resolve().parent.parent / "examples" / "tiles"
GRASS, FLOWERS, PATH, SWAMP, WATER, WALL, TREE, CHEST = range(1, 9)
Color = tuple[int, int, int]


def noise(x: int, y: int, seed: int) -> int:
    """Return 0 to 255, the same for the same place (a few rounds of multiply and shift)."""
    word = (x * 374761393 + y * 668265263 + seed * 2246822519) & 0xFFFFFFFF
    word = (word ^ word >> 13) * 1274126177 & 0xFFFFFFFF
    return (word ^ word >> 16) & 255


def shade(color: Color, amount: int) -> tuple[int, int, int, int]:
    """Return a colour made lighter or darker, opaque."""
    red, green, blue = (min(max(channel + amount, 0), 255) for channel in color)
    return red, green, blue, 255


def ground(x: int, y: int, seed: int, color: Color, rough: int) -> tuple[int, int, int, int]:
    """Return a pixel of rough ground."""
    return shade(color, (noise(x, y, seed) - 128) * rough // 128)


def tile_pixel(tile: int, x: int, y: int) -> tuple[int, int, int, int]:
    """Return a pixel of a tile, y down."""
    grass = ground(x, y, 1, (86, 142, 78), 10)
    if tile == FLOWERS:
        for fx, fy, color in ((4, 5, (238, 214, 110)), (11, 10, (232, 140, 160)), (12, 3, (235, 235, 245))):
            if abs(x - fx) + abs(y - fy) <= 1:
                return shade(color, 0 if (x, y) != (fx, fy) else -60)
    elif tile == PATH:
        return ground(x // 2, y // 2, 2, (190, 160, 112), 12)
    elif tile == SWAMP:
        reed = noise(x, y // 3, 3) > 226
        return shade((70, 110, 60), 30) if reed else ground(x, y // 2, 4, (74, 92, 62), 9)
    elif tile == WATER:
        wave = (y + noise(x // 4, 0, 5) % 4) % 6 == 0
        red, green, blue, _ = shade((64, 122, 176), 26 if wave else noise(x, y, 6) // 40 - 3)
        return red, green, blue, 215 if wave else 165  # the sky is seen in it
    elif tile == WALL:
        row, shift = y // 4, (y // 4 % 2) * 4
        mortar = y % 4 == 3 or (x + shift) % 8 == 7
        return shade((78, 74, 82), -22) if mortar else ground((x + shift) // 8, row, 7, (134, 126, 132), 14)
    elif tile == TREE:
        far = (x - 7.5) ** 2 + (y - 6.5) ** 2
        if far < 42:
            return ground(x // 2, y // 2, 8, (44, 104, 58) if y > 6 else (66, 132, 70), 14)
        if 6 <= x <= 9 and y > 10:
            return shade((98, 70, 46), -10 if x > 7 else 6)
    elif tile == CHEST:
        if not (3 <= x <= 12 and 5 <= y <= 12):
            return (0, 0, 0, 0)
        edge = x in {3, 12} or y in {5, 8, 12}
        return shade((104, 66, 38), 0) if edge else shade((176, 120, 62), 0 if (x, y) != (8, 9) else 60)
    return grass


def walker_pixel(frame: int, x: int, y: int) -> tuple[int, int, int, int]:
    """Return a pixel of the walker, seen from the front; frames 1 and 3 are steps."""
    bob = frame % 2
    y += bob
    if (x - 7.5) ** 2 + (y - 4.5) ** 2 < 10:
        if y == 5 and x in {6, 9}:
            return (40, 36, 44, 255)
        return shade((110, 70, 40), 0) if y < 4 else shade((236, 192, 154), 0)
    if 4 <= x <= 11 and 8 <= y <= 12:
        return shade((196, 70, 62), -18 if x in {4, 11} else 0)
    lifted = {1: (5, 6), 3: (9, 10)}.get(frame, ())
    if 13 <= y <= 14 + bob and x in {5, 6, 9, 10} and x not in lifted:
        return shade((58, 60, 88), 0)
    return (0, 0, 0, 0)


def soft_noise(x: float, y: float, cells: int, seed: int) -> float:
    """Return 0 to 1, changing smoothly between the corners of cells; the same again after `cells` of them."""
    column, row = int(x), int(y)
    part_x, part_y = x - column, y - row
    part_x, part_y = part_x * part_x * (3 - 2 * part_x), part_y * part_y * (3 - 2 * part_y)
    low, high = (
        noise(column % cells, at % cells, seed) * (1 - part_x)
        + noise((column + 1) % cells, at % cells, seed) * part_x
        for at in (row, row + 1)
    )
    return (low * (1 - part_y) + high * part_y) / 255


def clouds(side: int, cells: int, seed: int, edge: float) -> Image.Image:
    """Return white clouds whose copies close up on all sides; `edge` is how much of the sky is free."""
    image = Image.new("RGBA", (side, side))
    for y in range(side):
        for x in range(side):
            thick = 0.0
            for octave in range(3):
                grid = cells << octave
                thick += soft_noise(x * grid / side, y * grid / side, grid, seed + octave) / (2 << octave)
            alpha = min(max((thick - edge) * 4, 0.0), 1.0)
            image.putpixel((x, y), (255, 255, 255, round(5 * alpha) * 51))
    return image


def tile_at(column: int, row: int) -> int:
    """Return the tile of a cell of the map, row 0 above."""
    if column in {0, COLUMNS - 1} or row in {0, ROWS - 1}:
        return TREE
    river = 13 + (noise(column // 3, 0, 9) % 3)
    if row in {river, river + 1}:
        return PATH if column in {8, 9, 29, 30} else WATER
    if 18 <= column <= 28 and 4 <= row <= 10 and (column in {18, 28} or row in {4, 10}):
        return PATH if (column, row) in {(23, 10), (18, 7)} else WALL
    if 18 < column < 28 and 4 < row < 10:
        return PATH
    if (column - 32) ** 2 + 2 * (row - 19) ** 2 < 20:
        return SWAMP
    if column in {8, 9} or (row == 11 and 8 <= column <= 30) or column in {29, 30}:
        return PATH
    chance = noise(column, row, 10)
    return TREE if chance > 232 else FLOWERS if chance > 205 else GRASS


def properties(**values: object) -> list[dict[str, object]]:
    """Return properties as Tiled writes them."""
    kinds = {bool: "bool", float: "float"}
    return [{"name": name, "type": kinds[type(value)], "value": value} for name, value in values.items()]


def level() -> dict[str, object]:
    """Return the map as Tiled's JSON."""
    cells = [tile_at(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    size = {"width": COLUMNS, "height": ROWS}
    layer = {"id": 1, "name": "ground", "type": "tilelayer", "visible": True, "opacity": 1, "x": 0, "y": 0}
    chest = {"id": 1, "name": "", "type": "chest", "rotation": 0, "visible": True, "point": True}
    chest |= {"x": 26.5 * SIDE, "y": 6.5 * SIDE, "width": 0, "height": 0}
    things = layer | {"id": 2, "name": "things", "type": "objectgroup", "draworder": "topdown"}
    tiles = [
        {"id": SWAMP - 1, "properties": properties(cost=4.0)},
        *({"id": one - 1, "properties": properties(solid=True)} for one in (WATER, WALL, TREE)),
        {"id": GRASS - 1, "properties": properties(cost=1.5)},
        {"id": FLOWERS - 1, "properties": properties(cost=1.5)},
    ]
    tileset = {"firstgid": 1, "name": "tiles", "image": "../images/tiles.png", "imagewidth": 8 * SIDE}
    tileset |= {"imageheight": SIDE, "tilewidth": SIDE, "tileheight": SIDE, "tilecount": 8, "columns": 8}
    tileset |= {"margin": 0, "spacing": 0, "tiles": tiles}
    found: dict[str, object] = {"type": "map", "version": "1.10", "tiledversion": "1.10.2", "infinite": False}
    found |= {"orientation": "orthogonal", "renderorder": "right-down", "tilewidth": SIDE, "tileheight": SIDE}
    layers = [layer | size | {"data": cells}, things | {"objects": [chest]}]
    return found | size | {"nextlayerid": 3, "nextobjectid": 2, "layers": layers, "tilesets": [tileset]}


def main() -> None:
    """Write the images and the map."""
    for folder in ("images", "maps"):
        (FOLDER / folder).mkdir(parents=True, exist_ok=True)
    for name, count, pixel in (("tiles", 8, tile_pixel), ("walker", 4, walker_pixel)):
        image = Image.new("RGBA", (count * SIDE, SIDE))
        for number in range(count):
            for y in range(SIDE):
                for x in range(SIDE):
                    color = pixel(number + (1 if name == "tiles" else 0), x, y)
                    image.putpixel((number * SIDE + x, y), color)
        image.save(FOLDER / "images" / f"{name}.png", optimize=True)
    clouds(128, 3, 20, 0.44).save(FOLDER / "images" / "clouds.png", optimize=True)
    (FOLDER / "maps" / "valley.tmj").write_text(json.dumps(level()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
