"""Tiles in sight as instances: where they lie, what they show, and that those out of sight are left out."""

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.ecs.world import World
from engine.render.camera import Camera
from engine.render.images import Images
from engine.render.shapes import InstanceWord
from engine.render.tile_instances import CHUNK, TileInstances
from engine.scene.file_names import FileNames
from engine.tilemap.ground import Ground
from engine.tilemap.tile_map import FLIP_DIAGONAL, FLIP_X, FLIP_Y, TileLayer, TileMap, Tileset

pytestmark = pytest.mark.unit

X, Y, ROTATION = InstanceWord.X, InstanceWord.Y, InstanceWord.ROTATION
LEFT, RIGHT, TOP, BOTTOM = InstanceWord.LEFT, InstanceWord.RIGHT, InstanceWord.TOP, InstanceWord.BOTTOM


def instances(tmp_path, cells, opacity=1.0):
    Image.new("RGBA", (32, 8)).save(tmp_path / "tiles.png")
    cells = np.array(cells, np.int64)
    layer = TileLayer("a", cells, opacity)
    tileset = Tileset(1, 4, 4, 1, Path("tiles.png"))
    solid = np.zeros(cells.shape, bool)
    tile_map = TileMap((layer,), (tileset,), (), solid, np.ones(cells.shape))
    ground = Ground(World(), tile_map, 2.0, (10.0, 0.0))
    return TileInstances(ground, layer, ("tiles.png",), Images(FileNames(tmp_path), print))


def camera(x, y, width=320, height=320):
    return Camera(x=x, y=y, width=width, height=height, pixels_per_metre=16.0)


def test_cells_lie_where_the_map_has_them(tmp_path):
    rows = instances(tmp_path, [[1, 0], [0, 3]]).build(camera(12.0, 2.0))
    assert rows[:, [X, Y]].tolist() == [[-1.0, 1.0], [1.0, -1.0]]
    assert (rows[:, RIGHT] - rows[:, LEFT]).tolist() == [8.0, 8.0]
    assert rows[1, LEFT] - rows[0, LEFT] == 16.0


def test_the_same_cells_move_with_the_camera(tmp_path):
    made = instances(tmp_path, [[1]])
    assert made.build(camera(11.0, 1.0))[0, X] == 0.0
    assert made.build(camera(11.5, 1.0))[0, X] == -0.5


def corners(row):
    """Return which corner of the frame is seen at the upper left and the upper right of the tile."""
    sides = {(-1, 1): (LEFT, TOP), (1, 1): (RIGHT, TOP), (-1, -1): (LEFT, BOTTOM), (1, -1): (RIGHT, BOTTOM)}
    found = {}
    for (x, y), (across, along) in sides.items():
        turn = float(row[ROTATION])
        at = (round(x * math.cos(turn) - y * math.sin(turn)), round(x * math.sin(turn) + y * math.cos(turn)))
        found[at] = (row[across] > min(row[LEFT], row[RIGHT]), row[along] > min(row[TOP], row[BOTTOM]))
    return found[-1, 1], found[1, 1]


@pytest.mark.parametrize(
    ("flips", "upper_left", "upper_right"),  # of the image: (is right, is below)
    [
        (0, (0, 0), (1, 0)),
        (FLIP_X, (1, 0), (0, 0)),
        (FLIP_Y, (0, 1), (1, 1)),
        (FLIP_X | FLIP_Y, (1, 1), (0, 1)),
        (FLIP_DIAGONAL, (0, 0), (0, 1)),
        (FLIP_DIAGONAL | FLIP_X, (0, 1), (0, 0)),
        (FLIP_DIAGONAL | FLIP_Y, (1, 0), (1, 1)),
        (FLIP_DIAGONAL | FLIP_X | FLIP_Y, (1, 1), (1, 0)),
    ],
)
def test_flips_are_those_of_tiled(tmp_path, flips, upper_left, upper_right):
    [row] = instances(tmp_path, [[1 | flips]]).build(camera(11.0, 1.0))
    assert corners(row) == (upper_left, upper_right)


def test_chunks_out_of_sight_are_left_out(tmp_path):
    made = instances(tmp_path, np.ones((100, 100)))
    rows = made.build(camera(110.0, 100.0))
    assert len(rows) == (2 * CHUNK) ** 2
    assert np.abs(rows[:, [X, Y]]).max() <= 2 * CHUNK * 2.0
    assert len(made.build(camera(-5000.0, 0.0))) == 0
    assert len(made.build(camera(1e18, -1e18))) == 0


def test_opacity(tmp_path):
    [row] = instances(tmp_path, [[1]], opacity=0.5).build(camera(11.0, 1.0))
    assert row.view(np.uint8)[4 * InstanceWord.COLOR :][:4].tolist() == [255, 255, 255, 128]
