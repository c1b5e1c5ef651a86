"""Pictures of backgrounds and of layers of tiles against stored ones."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.ecs.components import ShapeKind
from engine.render.camera import CameraSettings
from engine.render.view import ImageSettings
from engine.scene.background import Background
from engine.scene.file_names import FileNames
from engine.scene.tables import Window
from engine.scene.values import Color
from engine.tilemap.ground import Ground
from engine.tilemap.tile_map import FLIP_DIAGONAL, FLIP_X, FLIP_Y, TileLayer, TileMap, Tileset

sys.path.insert(0, str(Path(__file__).parent))
from picture_comparison import assert_looks_like, difference

pytestmark = [pytest.mark.integration, pytest.mark.window]

SUN = 0xFFC040FF


@pytest.fixture
def land(game, tmp_path):
    """A sky that grows brighter downwards, hills whose copies close up, a cloud, and four tiles."""
    sky = Image.new("RGB", (8, 64))
    for y in range(64):
        ImageDraw.Draw(sky).line((0, y, 7, y), (60 + y, 110 + y, 190))
    sky.save(tmp_path / "sky.png")
    hills = Image.new("RGBA", (64, 24))
    pen = ImageDraw.Draw(hills)
    for x in range(64):
        pen.line((x, 12 - round(10 * np.sin(x * np.pi / 32)), x, 23), (70, 120 + x % 8, 90, 255))
    hills.save(tmp_path / "hills.png")
    cloud = Image.new("RGBA", (32, 16))
    ImageDraw.Draw(cloud).ellipse((2, 3, 29, 12), (255, 255, 255, 160))
    cloud.save(tmp_path / "cloud.png")
    tiles = Image.new("RGBA", (32, 8))
    pen = ImageDraw.Draw(tiles)
    for tile, color in enumerate([(110, 80, 60), (90, 150, 80), (120, 120, 140), (200, 90, 80)]):
        pen.rectangle((8 * tile, 0, 8 * tile + 7, 7), color)
        pen.rectangle((8 * tile + 1, 1, 8 * tile + 2, 2), (255, 255, 255))
        pen.line((8 * tile, 7, 8 * tile + 7, 7), (30, 30, 30))
    tiles.save(tmp_path / "tiles.png")
    names = sorted(file.name for file in tmp_path.glob("*.png"))
    game.image_settings = ImageSettings(FileNames(tmp_path), names, is_pixelated=True)
    game.size = (20.0, 8.0)
    return tmp_path


SCENERY = (
    Background(image="sky.png", cover=True),
    Background(image="hills.png", size=(8.0, 3.0), factor=(0.25, 0.25), offset=(0.0, -1.0)),
    Background(
        image="hills.png", size=(6.0, 2.0), factor=(0.6, 0.6), offset=(1.0, -2.5), color=Color(0xB0B0FFFF)
    ),
    Background(
        image="cloud.png", size=(3.0, 1.5), factor=(1.3, 1.3), drift=(1.0, 0.0), repeat="both", layer=1
    ),
)


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("background_left", (5.0, 40.0, Window())),
        ("background_right", (15.0, 40.0, Window())),
        ("background_zoomed", (12.0, 90.0, Window())),
        ("background_virtual", (12.0, 16.0, Window(virtual=(160, 90)))),
    ],
)
def test_backgrounds_lie_behind_and_before_the_world(game, land, open_window, tmp_path, name, view):
    x, zoom, game.window = view
    game.backgrounds = SCENERY
    game.tick = 30
    game.camera = CameraSettings(position=(x, 4.0), pixels_per_metre=zoom)
    for place in range(6):
        game.sprite(ShapeKind.BOX, 2.0 + 3.0 * place, 2.0, SPRITE_COLOR=SUN, SPRITE_WIDTH=1.0)
    shown = open_window(game)
    shown.draw(0.5)
    assert_looks_like(name, shown.pixels(), tmp_path)


def test_an_image_that_has_gone_is_told_once(game, land, open_window):
    game.backgrounds = (Background(image="gone.png", size=(2.0, 2.0)),)
    window = open_window(game)
    for _ in range(3):
        window.draw(1.0)
    assert len(game.warnings) == 1
    assert "gone.png" in game.warnings[0]
    assert len(np.unique(window.pixels().reshape(-1, 3), axis=0)) > 2, "a pink board"


def test_clouds_drift_with_the_game_and_not_with_the_clock(game, land, open_window):
    game.backgrounds = SCENERY
    window = open_window(game)
    window.draw(0.5)
    first = window.pixels()
    window.draw(0.5)
    assert difference(window.pixels(), first) == ""
    game.tick = 60
    window.draw(0.5)
    assert difference(window.pixels(), first)


def test_tile_layers(game, land, open_window, tmp_path):
    below = np.zeros((8, 20), np.int64)
    below[4:], below[4] = 1, 2
    below[1, 2:10] = [4 | flips for flips in (0, FLIP_X, FLIP_Y, FLIP_X | FLIP_Y)] + [
        4 | FLIP_DIAGONAL | flips for flips in (0, FLIP_X, FLIP_Y, FLIP_X | FLIP_Y)
    ]
    above = np.zeros((8, 20), np.int64)
    above[2:6, 6:8] = 3
    layers = (TileLayer("below", below, 1.0), TileLayer("above", above, 0.6))
    tileset = Tileset(1, 4, 4, 1, Path("tiles.png"))
    found = TileMap(layers, (tileset,), (), below > 0, np.ones((8, 20)))
    game.ground = Ground(game.world, found, 1.0, (0.0, 0.0), -1, ("tiles.png",))
    game.camera = CameraSettings(position=(5.3, 4.0), pixels_per_metre=41.3)
    for x, layer in ((5.0, -1), (7.0, 0), (9.0, -2)):
        game.sprite(ShapeKind.CIRCLE, x, 3.5, SPRITE_COLOR=SUN, SPRITE_LAYER=layer)
    window = open_window(game)
    window.draw(1.0)
    assert_looks_like("tile_layers", window.pixels(), tmp_path)


@pytest.mark.parametrize(("columns", "rows", "told"), [(4, 1, 0), (5, 1, 1), (4, 3, 1)])
def test_an_image_that_does_not_fit_its_grid_is_told_once(game, land, open_window, columns, rows, told):
    layer = TileLayer("one", np.ones((4, 4), np.int64), 1.0)
    tileset = Tileset(1, columns * rows, columns, rows, Path("tiles.png"))
    found = TileMap((layer, layer), (tileset,), (), np.zeros((4, 4), bool), np.ones((4, 4)))
    game.ground = Ground(game.world, found, 1.0, (0.0, 0.0), -1, ("tiles.png",))
    window = open_window(game)
    for _ in range(2):
        window.draw(1.0)
    assert len(game.warnings) == told
    assert all("tiles.png: 32 × 8 pixels" in warning for warning in game.warnings)
