"""Instances of sprites against a plain-Python twin, and the rules of order, culling, interpolation."""

import math
from pathlib import Path

import numpy as np
import pytest

from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.render.camera import Camera
from engine.render.images import Images
from engine.render.shapes import FIRST_PAGE, InstanceWord
from engine.render.sprites import SpriteInstances, interpolated_position
from engine.scene.file_names import FileNames

pytestmark = pytest.mark.unit

CAMERA = Camera(0.0, 0.0, 10.0, 400, 200)  # 40 m by 20 m
NOWHERE = Path("no-such-folder")
DRAWN = (Component.TRANSFORM, Component.SPRITE)
FLOATS = {
    Field.TRANSFORM_X: (-30.0, 30.0),
    Field.TRANSFORM_Y: (-15.0, 15.0),
    Field.TRANSFORM_PREVIOUS_X: (-30.0, 30.0),
    Field.TRANSFORM_PREVIOUS_Y: (-15.0, 15.0),
    Field.TRANSFORM_ROTATION: (-9.0, 9.0),
    Field.TRANSFORM_PREVIOUS_ROTATION: (-9.0, 9.0),
    Field.TRANSFORM_SCALE_X: (-2.0, 2.0),
    Field.TRANSFORM_SCALE_Y: (0.5, 2.0),
    Field.SPRITE_WIDTH: (0.1, 3.0),
    Field.SPRITE_HEIGHT: (0.1, 3.0),
    Field.SPRITE_ANCHOR_X: (0.0, 1.0),
    Field.SPRITE_ANCHOR_Y: (0.0, 1.0),
}
INTS = {
    Field.SPRITE_SHAPE: (0, 3),
    Field.SPRITE_COLOR: (0, 1 << 32),
    Field.SPRITE_LAYER: (-3, 4),
    Field.SPRITE_VISIBLE: (0, 2),
    Field.SPRITE_FLIP_X: (0, 2),
    Field.TRANSFORM_Z: (-2, 3),
}


def new_instances(folder=NOWHERE, warnings=None):
    return SpriteInstances(Images(FileNames(folder), (warnings if warnings is not None else []).append))


def random_world(count, seed):
    rng = np.random.default_rng(seed)
    world = World()
    described = []
    for number in range(count):
        values = {field: float(rng.uniform(*limits)) for field, limits in FLOATS.items()}
        values |= {field: int(rng.integers(*limits)) for field, limits in INTS.items()}
        values[Field.TRANSFORM_Z] = float(values[Field.TRANSFORM_Z])
        for field in (Field.SPRITE_VISIBLE, Field.SPRITE_FLIP_X):
            values[field] = bool(values[field])
        extra = (Component.VELOCITY,) if number % 3 == 0 else ()
        described.append((world.spawn([*DRAWN, *extra]), values))
        for field, value in values.items():
            world.set(described[-1][0], field, value)
    return world, described


def expected_instance(values, camera, alpha):
    def between(now, previous):
        return values[previous] + (values[now] - values[previous]) * alpha

    x = between(Field.TRANSFORM_X, Field.TRANSFORM_PREVIOUS_X) - camera.x
    y = between(Field.TRANSFORM_Y, Field.TRANSFORM_PREVIOUS_Y) - camera.y
    start = values[Field.TRANSFORM_PREVIOUS_ROTATION]
    rotation = start + math.remainder(values[Field.TRANSFORM_ROTATION] - start, 2 * math.pi) * alpha
    width = values[Field.SPRITE_WIDTH] * values[Field.TRANSFORM_SCALE_X]
    height = values[Field.SPRITE_HEIGHT] * values[Field.TRANSFORM_SCALE_Y]
    middle = complex(
        (0.5 - values[Field.SPRITE_ANCHOR_X]) * width, (0.5 - values[Field.SPRITE_ANCHOR_Y]) * height
    ) * complex(math.cos(rotation), math.sin(rotation))
    x, y = x + middle.real, y + middle.imag
    half_width, half_height = abs(width) / 2, abs(height) / 2
    reach = half_width + half_height
    in_sight = abs(x) <= camera.half_width + reach and abs(y) <= camera.half_height + reach
    if not (in_sight and values[Field.SPRITE_VISIBLE]):
        return None
    if (width < 0) != values[Field.SPRITE_FLIP_X]:
        rotation += math.pi
    color = values[Field.SPRITE_COLOR].to_bytes(4, "big")
    return (x, y, half_width, half_height, rotation), color, values[Field.SPRITE_SHAPE]


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_instances_equal_the_plain_twin(alpha):
    world, described = random_world(300, seed=5)
    camera = Camera(3.0, -2.0, 12.0, 400, 200)
    rows = new_instances().build(world, camera, alpha)
    ordered = sorted(described, key=lambda e: (e[1][Field.SPRITE_LAYER], e[1][Field.TRANSFORM_Z]))
    expected = [found for _, v in ordered if (found := expected_instance(v, camera, alpha))]
    assert len(rows) == len(expected)
    assert 20 < len(expected) < 280, "some are culled, some are not"
    for row, (numbers, color, shape) in zip(rows, expected, strict=True):
        np.testing.assert_allclose(row[:4], numbers[:4], rtol=1e-5, atol=1e-5)
        turn = math.remainder(row[InstanceWord.ROTATION] - numbers[4], 2 * math.pi)
        assert turn == pytest.approx(0.0, abs=1e-5)
        assert row[InstanceWord.COLOR : InstanceWord.COLOR + 1].tobytes() == color
        assert row[InstanceWord.SHAPE] == shape


def spawn_at(world, x, **fields):
    entity = world.spawn(DRAWN)
    values = {"TRANSFORM_X": x, "TRANSFORM_PREVIOUS_X": x} | fields
    for name, value in values.items():
        world.set(entity, Field[name], value)
    return entity


def drawn_places(world, camera=CAMERA):
    return new_instances().build(world, camera, 1.0)[:, InstanceWord.X].tolist()


def test_layers_go_before_z_and_equal_sprites_keep_the_order_of_entities():
    world = World()
    layers = [(2, 0.0), (0, 5.0), (-1, 0.0), (0, -5.0), (0, -0.0), (0, 0.0), (2, 0.0), (1 << 40, 0.0)]
    for number, (layer, z) in enumerate(layers):
        spawn_at(world, float(number), SPRITE_LAYER=layer, TRANSFORM_Z=z)
    assert drawn_places(world) == [2.0, 3.0, 4.0, 5.0, 1.0, 0.0, 6.0, 7.0]


def test_a_sprite_partly_in_sight_is_drawn_and_one_beyond_is_not():
    world = World()
    for x in (-20.4, 20.4, 23.0, -50.0, math.nan, math.inf):
        spawn_at(world, x)
    assert drawn_places(world) == pytest.approx([-20.4, 20.4])


def test_despawned_and_half_born_entities_are_not_drawn():
    world = World()
    first = spawn_at(world, 1.0)
    spawn_at(world, 2.0)
    world.despawn(first)
    assert drawn_places(world) == [2.0]
    prefab = world.define_prefab(DRAWN)
    world.spawn_prefab(prefab)
    assert drawn_places(world) == [2.0], "it is born in the stage `commands`"


def test_buffers_grow_with_the_world():
    world = World()
    world.spawn_many(DRAWN, 5000)
    sprites = new_instances()
    assert len(sprites.build(world, CAMERA, 1.0)) == 5000
    assert len(sprites.build(World(), CAMERA, 1.0)) == 0


def test_a_far_world_keeps_its_precision():
    world = World()
    spawn_at(world, 1_000_000.25)
    assert drawn_places(world, Camera(1_000_000.0, 0.0, 10.0, 400, 200)) == [0.25]


def test_many_turns_keep_their_direction():
    world = World()
    turned = 1_000_000.0 * 2.0 * math.pi + 1.0
    spawn_at(world, 0.0, TRANSFORM_ROTATION=turned, TRANSFORM_PREVIOUS_ROTATION=turned)
    row = new_instances().build(world, CAMERA, 0.5)[0]
    assert row[InstanceWord.ROTATION] == pytest.approx(1.0, abs=1e-6)


def test_the_place_of_an_entity_is_interpolated_and_a_stale_one_has_none():
    world = World()
    entity = spawn_at(world, 4.0, TRANSFORM_PREVIOUS_X=2.0)
    assert interpolated_position(world.table, entity, 0.25) == (2.5, 0.0)
    world.despawn(entity)
    assert interpolated_position(world.table, entity, 0.25) is None
    assert interpolated_position(world.table, 0, 0.25) is None
    assert interpolated_position(world.table, spawn_at(world, math.nan), 0.25) is None
    assert interpolated_position(world.table, world.spawn([Component.TAG]), 0.25) is None


def write_image(folder, name, size=(8, 4), color=(255, 0, 0, 255)):
    from PIL import Image

    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGBA", size, color).save(file)
    return file


def sides(row):
    """Left, bottom, right, top in pixels of the page."""
    return row[InstanceWord.LEFT : InstanceWord.TOP + 1].tolist()


def test_a_sprite_shows_its_frame_of_the_image(tmp_path):
    write_image(tmp_path, "hero.png", (8, 4))
    world = World()
    look = {"SPRITE_IMAGE": "hero.png", "SPRITE_COLUMNS": 4, "SPRITE_ROWS": 2}
    for frame in (0, 5, 8 + 5, -3):
        spawn_at(world, 0.0, SPRITE_FRAME=frame, **look)
    spawn_at(world, 0.0, SPRITE_FRAME=5, SPRITE_FLIP_X=True, TRANSFORM_SCALE_Y=-1.0, **look)
    sprites = new_instances(tmp_path)
    rows = sprites.build(world, CAMERA, 1.0)
    page, x, y, _, _ = sprites._images.region("hero.png")
    first = [x, y + 2, x + 2, y]
    sixth = [x + 2, y + 4, x + 4, y + 2]
    assert [sides(row) for row in rows[:4]] == [first, sixth, sixth, sixth], "frames begin again"
    assert sides(rows[4]) == [x + 4, y + 2, x + 2, y + 4], "left and right, top and bottom change sides"
    assert set(rows[:, InstanceWord.SHAPE].tolist()) == {FIRST_PAGE + page}


def test_an_image_that_cannot_be_shown_is_told_once_and_has_a_placeholder(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no image")
    world, warnings = World(), []
    for name in ("bad.png", "gone.png", "../up.png", "bad.png", "scene.toml"):
        spawn_at(world, 0.0, SPRITE_IMAGE=name)
    sprites = new_instances(tmp_path, warnings)
    for _ in range(2):
        rows = sprites.build(world, CAMERA, 1.0)
        assert [sides(row) for row in rows] == [[1.0, 17.0, 17.0, 1.0]] * 5
    assert [warning.partition(":")[0] for warning in warnings] == [
        f"image {name}" for name in ("bad.png", "gone.png", "../up.png", "scene.toml")
    ]


def test_more_images_than_one_look_asks_for(tmp_path):
    world = World()
    for number in range(40):
        write_image(tmp_path, f"{number}.png", (2, 2), (number, 0, 0, 255))
        spawn_at(world, 0.0, SPRITE_IMAGE=f"{number}.png")
    sprites = new_instances(tmp_path)
    rows = sprites.build(world, CAMERA, 1.0)
    pages = sprites._images.atlas.pages
    places = rows[:, [InstanceWord.TOP, InstanceWord.LEFT]].astype(int)
    assert [int(pages[0, y, x, 0]) for y, x in places] == list(range(40))


def test_rows_below_a_layer():
    world = World()
    for layer in (3, -2, 0, 0, 7):
        spawn_at(world, 0.0, SPRITE_LAYER=layer)
    sprites = new_instances()
    sprites.build(world, CAMERA, 1.0)
    assert [sprites.rows_below(layer) for layer in (-5, -2, 0, 1, 3, 7, 8)] == [0, 0, 1, 3, 3, 4, 5]
