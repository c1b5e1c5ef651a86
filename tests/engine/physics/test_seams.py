"""Bodies along the walls of tile maps: no seam between boxes slows them, and none lets them through."""

import numpy as np
import pytest

from engine.ecs.components import BodyKind, Component, Field, ShapeKind
from engine.ecs.world import World
from engine.physics.step import PhysicsSystem
from engine.tilemap.boxes import merged_boxes
from engine.tilemap.ground import Ground
from engine.tilemap.tile_map import TileMap

pytestmark = pytest.mark.integration

SECONDS = 1.0 / 60.0
PARTS = [Component.TRANSFORM, Component.COLLIDER, Component.BODY, Component.VELOCITY]
SHAPES = {
    "box": {Field.COLLIDER_SHAPE: int(ShapeKind.BOX)},
    "capsule": {Field.COLLIDER_SHAPE: int(ShapeKind.CAPSULE), Field.COLLIDER_HALF_HEIGHT: 0.45},
    "polygon": {Field.COLLIDER_SHAPE: int(ShapeKind.POLYGON)},
}
HALF = 0.3
CORNERS = ((3, -1), (3, 1), (1, 3), (-1, 3), (-3, 1), (-3, -1), (-1, -3), (1, -3))
OCTAGON = [(0.1 * x, 0.1 * y) for x, y in CORNERS]


def ground_of(world, solid):
    tile_map = TileMap((), (), (), solid, np.ones(solid.shape))
    return Ground(world, tile_map, 1.0, (0.0, 0.0)).spawn_boxes(world)


def big_box(world, solid):
    """Make rows and columns of the map that are solid as a whole into one box."""
    rows, columns = np.nonzero(solid)
    values = {
        Field.TRANSFORM_X: 0.5 * (columns.min() + columns.max() + 1),
        Field.TRANSFORM_Y: len(solid) - 0.5 * (rows.min() + rows.max() + 1),
        Field.COLLIDER_SHAPE: int(ShapeKind.BOX),
        Field.COLLIDER_HALF_WIDTH: 0.5 * (np.ptp(columns) + 1),
        Field.COLLIDER_HALF_HEIGHT: 0.5 * (np.ptp(rows) + 1),
        Field.BODY_KIND: int(BodyKind.STATIC),
    }
    return world.spawn([Component.TRANSFORM, Component.COLLIDER, Component.BODY], values)


def body_of(world, physics, shape, place, speed, **more):
    values = {
        Field.TRANSFORM_X: place[0],
        Field.TRANSFORM_Y: place[1],
        Field.VELOCITY_VX: speed[0],
        Field.VELOCITY_VY: speed[1],
        Field.COLLIDER_HALF_WIDTH: HALF,
        Field.COLLIDER_HALF_HEIGHT: HALF,
        Field.COLLIDER_FRICTION: 0.0,
        Field.BODY_FIXED_ROTATION: True,
        Field.COLLIDER_POLYGON: physics.add_polygon(OCTAGON),
    }
    values |= SHAPES[shape] | {Field[name]: value for name, value in more.items()}
    return world.spawn(PARTS, values)


def way_of(make, solid, start, speed, gravity, ticks, shape="box", **more):
    """Return places and velocities [ticks, 4] of a body before what is solid."""
    world, physics = World(), PhysicsSystem(gravity)
    make(world, solid)
    body = body_of(world, physics, shape, start, speed, **more)
    fields = (Field.TRANSFORM_X, Field.TRANSFORM_Y, Field.VELOCITY_VX, Field.VELOCITY_VY)
    found = []
    for _ in range(ticks):
        physics.step(world, SECONDS)
        found.append([float(world.get(body, field)) for field in fields])
    return np.array(found)


def ragged_wall(seed):
    """Return a wall of a map whose right side is flush and whose rows reach back by different lengths."""
    rng = np.random.default_rng(seed)
    solid = np.zeros((40, 12), bool)
    for row, reach in enumerate(rng.integers(1, 6, 40)):
        solid[row, 6 - reach : 6] = True
    assert len(merged_boxes(solid)) > 20
    return solid


def turned(solid, start, speed, gravity, quarter):
    """Return a wall, a body and gravity, all turned by quarters of a turn counter-clockwise."""
    for _ in range(quarter):
        high = solid.shape[1]
        start = (solid.shape[0] - start[1], start[0])
        solid = np.rot90(solid)
        speed, gravity = (-speed[1], speed[0]), (-gravity[1], gravity[0])
        assert len(solid) == high
    return solid, start, speed, gravity


@pytest.mark.parametrize("quarter", range(4))
@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize("speed", [3.0, 25.0, 100.0])
def test_no_seam_slows_what_slides_along_it(quarter, shape, speed):
    """The wall to the left is pressed with 30 m/s²; as a floor, as a wall and as a ceiling."""
    for seed in range(4):
        wall = ragged_wall(seed)
        side = 0.45 if shape == "capsule" and quarter % 2 else HALF
        given = turned(wall, (6.0 + side + 0.002, 38.0), (0.0, -speed), (-30.0, 0.0), quarter)
        ticks = min(int(34.0 / speed / SECONDS), 300)
        along = way_of(ground_of, *given, ticks, shape)
        speeds = along[:, 2:] @ (np.array(given[2]) / speed)
        assert speeds.min() > speed * (1.0 - 1e-8), f"slowed at a seam of wall {seed}"
        away = along[:, :2] @ (-np.array(given[3]) / 30.0)
        assert away.max() - away.min() < 0.012, "it stays at the wall"


@pytest.mark.parametrize("speed", [2.0, 15.0])
def test_friction_is_that_of_one_box(speed):
    wall = ragged_wall(7)
    whole = wall.copy()
    whole[:, :5], whole[:, 5] = False, True
    given = ((6.3, 38.0), (0.0, -speed), (-10.0, -10.0), 100)
    more = {"COLLIDER_FRICTION": 0.4}
    among, along = way_of(ground_of, wall, *given, **more), way_of(big_box, whole, *given, **more)
    assert among[-1, 1] == pytest.approx(along[-1, 1], abs=0.05)
    assert np.abs(among[:, 0] - along[:, 0]).max() < 0.01


@pytest.mark.parametrize("shape", list(SHAPES))
def test_nothing_falls_through_a_map(shape):
    """Bodies of all speeds in rooms of random maps end where nothing is solid."""
    for seed in range(6):
        rng = np.random.default_rng(seed)
        solid = rng.random((14, 14)) < 0.35
        solid[[0, -1]], solid[:, [0, -1]] = True, True
        world, physics = World(), PhysicsSystem((0.0, -20.0))
        ground_of(world, solid)
        free = np.argwhere(~solid)
        bodies = []
        for row, column in free[rng.permutation(len(free))[:30]]:
            place = (column + 0.5, 13.5 - row)
            speed = rng.uniform(-80.0, 80.0, 2)
            more = {
                "COLLIDER_HALF_WIDTH": 0.2,
                "COLLIDER_HALF_HEIGHT": 0.25,
                "BODY_FIXED_ROTATION": seed % 2 == 0,
                "COLLIDER_MASK": 1,
                "COLLIDER_LAYER": 2,
            }
            bodies.append(body_of(world, physics, shape, place, speed, **more))
        for _ in range(240):
            physics.step(world, SECONDS)
        for body in bodies:
            x, y = (float(world.get(body, field)) for field in (Field.TRANSFORM_X, Field.TRANSFORM_Y))
            assert not solid[13 - int(y), int(x)]


def test_a_body_between_wall_and_ledge_rests_on_the_ledge():
    solid = np.zeros((8, 8), bool)
    solid[:, 2], solid[5, 2:6] = True, True
    for shape in SHAPES:
        way = way_of(ground_of, solid, (3.0 + HALF, 6.0), (-5.0, -20.0), (-20.0, -20.0), 120, shape)
        half = 0.45 if shape == "capsule" else HALF
        assert way[-1, :2] == pytest.approx([3.0 + HALF, 3.0 + half], abs=0.01)


def test_a_box_of_the_map_that_has_gone_covers_nothing():
    solid = np.zeros((8, 6), bool)
    solid[2:6, 1], solid[4, 1:4] = True, True
    world, physics = World(), PhysicsSystem((0.0, -10.0))
    boxes = ground_of(world, solid)
    upper = boxes[[float(world.get(int(one), Field.TRANSFORM_Y)) == 5.0 for one in boxes]]
    body = body_of(world, physics, "box", (1.5, 6.5), (0.0, 0.0))
    for tick in range(180):
        if tick == 30:
            assert float(world.get(body, Field.TRANSFORM_Y)) == pytest.approx(6.3, abs=0.01)
            world.despawn(int(upper[0]))
        physics.step(world, SECONDS)
    assert float(world.get(body, Field.TRANSFORM_Y)) == pytest.approx(4.3, abs=0.01)


def test_an_upright_capsule_stands_on_its_end():
    solid = np.zeros((8, 8), bool)
    solid[6] = True
    way = way_of(big_box, solid, (4.0, 4.0), (0.0, 0.0), (0.0, -10.0), 120, "capsule")
    assert way[-1] == pytest.approx([4.0, 2.45, 0.0, 0.0], abs=1e-3)
