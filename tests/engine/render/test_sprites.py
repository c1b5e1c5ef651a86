"""Instances of sprites against a plain-Python twin, and the rules of order, culling, interpolation."""

import math

import numpy as np
import pytest

from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.render.camera import Camera
from engine.render.shapes import InstanceWord
from engine.render.sprites import SpriteInstances, interpolated_position

pytestmark = pytest.mark.unit

CAMERA = Camera(0.0, 0.0, 10.0, 400, 200)  # 40 m by 20 m
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
}
INTS = {
    Field.SPRITE_SHAPE: (0, 3),
    Field.SPRITE_COLOR: (0, 1 << 32),
    Field.SPRITE_LAYER: (-3, 4),
    Field.SPRITE_VISIBLE: (0, 2),
    Field.TRANSFORM_Z: (-2, 3),
}


def random_world(count, seed):
    rng = np.random.default_rng(seed)
    world = World()
    described = []
    for number in range(count):
        values = {field: float(rng.uniform(*limits)) for field, limits in FLOATS.items()}
        values |= {field: int(rng.integers(*limits)) for field, limits in INTS.items()}
        values[Field.TRANSFORM_Z] = float(values[Field.TRANSFORM_Z])
        values[Field.SPRITE_VISIBLE] = bool(values[Field.SPRITE_VISIBLE])
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
    half_width = abs(values[Field.SPRITE_WIDTH] * values[Field.TRANSFORM_SCALE_X]) / 2
    half_height = abs(values[Field.SPRITE_HEIGHT] * values[Field.TRANSFORM_SCALE_Y]) / 2
    reach = half_width + half_height
    in_sight = abs(x) <= camera.half_width + reach and abs(y) <= camera.half_height + reach
    if not (in_sight and values[Field.SPRITE_VISIBLE]):
        return None
    start = values[Field.TRANSFORM_PREVIOUS_ROTATION]
    turn = math.remainder(values[Field.TRANSFORM_ROTATION] - start, 2 * math.pi)
    rotation = start + turn * alpha + (math.pi if values[Field.TRANSFORM_SCALE_X] < 0 else 0)
    color = values[Field.SPRITE_COLOR].to_bytes(4, "big")
    return (x, y, half_width, half_height, rotation), color, values[Field.SPRITE_SHAPE]


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_instances_equal_the_plain_twin(alpha):
    world, described = random_world(300, seed=5)
    camera = Camera(3.0, -2.0, 12.0, 400, 200)
    rows = SpriteInstances().build(world.table, camera, alpha)
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
    return SpriteInstances().build(world.table, camera, 1.0)[:, InstanceWord.X].tolist()


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
    sprites = SpriteInstances()
    assert len(sprites.build(world.table, CAMERA, 1.0)) == 5000
    assert len(sprites.build(World().table, CAMERA, 1.0)) == 0


def test_a_far_world_keeps_its_precision():
    world = World()
    spawn_at(world, 1_000_000.25)
    assert drawn_places(world, Camera(1_000_000.0, 0.0, 10.0, 400, 200)) == [0.25]


def test_many_turns_keep_their_direction():
    world = World()
    turned = 1_000_000.0 * 2.0 * math.pi + 1.0
    spawn_at(world, 0.0, TRANSFORM_ROTATION=turned, TRANSFORM_PREVIOUS_ROTATION=turned)
    row = SpriteInstances().build(world.table, CAMERA, 0.5)[0]
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
