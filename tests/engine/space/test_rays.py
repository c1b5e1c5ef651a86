"""The first hit of a ray, found along the grid, is the first of all hits, whatever shapes there are."""

import math

import numpy as np
import pytest

from engine.ecs.components import Field
from engine.space.colliders import Colliders

pytestmark = pytest.mark.unit

TRIANGLE = [(-0.5, -0.4), (0.6, -0.3), (0.0, 0.7)]


def fill(arena, random, count: int, side: float) -> list[int]:
    """Add shapes of all kinds and of very different sizes."""
    made = []
    for number in range(count):
        x, y, turn = *random.uniform(-side, side, 2), random.uniform(-math.pi, math.pi)
        size = random.uniform(0.2, 1.5) * (12.0 if number % 97 == 0 else 1.0)
        shape = (
            {"radius": size / 2},
            {"size": (size, size / 2), "rotation": turn},
            {"capsule": (size, size / 3), "rotation": turn},
            {"polygon": TRIANGLE, "rotation": turn},
        )[number % 4]
        entity = arena.add(x, y, **shape)
        if number % 8 == 1:
            arena.world.set(entity, Field.COLLIDER_RADIUS, 0.2)
        made.append(entity)
    return made


@pytest.mark.parametrize("length", [3.0, 40.0, 400.0])
def test_the_first_hit_is_the_first_of_all_casts(arena, length) -> None:
    random = np.random.default_rng(int(length))
    fill(arena, random, 1500, 60.0)
    space = Colliders(arena.world, arena.physics)
    space.build()
    met = 0
    for _ in range(150):
        origin, turn = tuple(random.uniform(-60, 60, 2)), random.uniform(0, 2 * math.pi)
        direction = (math.cos(turn), math.sin(turn))
        hit = space.ray_cast(origin, direction, length)
        way = (direction[0] * length, direction[1] * length)
        expected = space.cast_circle(origin, 0.0, way)
        if hit is None or not expected:
            assert hit is None
            assert not expected
            continue
        met += 1
        assert hit.distance == pytest.approx(expected[0].distance, abs=1e-3)
        assert hit.place == pytest.approx(expected[0].place, abs=1e-3)
        if hit.entity == expected[0].entity and hit.distance > 0.0:
            assert hit.normal == pytest.approx(expected[0].normal, abs=0.02)
            assert math.hypot(*hit.normal) == pytest.approx(1.0)
            assert hit.normal[0] * direction[0] + hit.normal[1] * direction[1] < 0.0
    assert met > 10


def test_sight_is_the_same_from_either_end_and_agrees_with_the_ray(arena) -> None:
    random = np.random.default_rng(9)
    made = fill(arena, random, 1500, 60.0)
    space = Colliders(arena.world, arena.physics)
    space.build()
    blocked = 0
    for _ in range(200):
        a, b = tuple(random.uniform(-60, 60, 2)), tuple(random.uniform(-60, 60, 2))
        left_out = tuple(random.choice(made, 2).tolist())
        clear = space.line_of_sight(a, b, leave_out=left_out)
        assert space.line_of_sight(b, a, leave_out=left_out) == clear
        way = (b[0] - a[0], b[1] - a[1])
        others = [hit for hit in space.cast_circle(a, 0.0, way) if hit.entity not in left_out]
        inside = set(space.overlap_point(a)) - set(left_out)
        assert clear == (not others and not inside)
        blocked += not clear
    assert 10 < blocked < 200


@pytest.mark.parametrize("way", [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)])
def test_along_the_axes_and_through_corners(arena, way) -> None:
    box = arena.add(10.0 * way[0], 10.0 * way[1], size=(2.0, 2.0))
    for aside in (-1.0, 0.0, 1.0):
        space = Colliders(arena.world, arena.physics)
        space.build()
        hit = space.ray_cast((aside * way[1], aside * way[0]), way, 50.0)
        assert hit.entity == box
        assert hit.distance == 9.0
    assert space.ray_cast((1.1 * way[1], 1.1 * way[0]), way, 50.0) is None
    assert space.ray_cast((0.0, 0.0), way, 8.9) is None
    assert space.ray_cast((0.0, 0.0), (way[0] * 1e6, way[1] * 1e6), 9.0).entity == box


def test_of_two_at_one_place_the_lower_index_is_hit(arena) -> None:
    first = arena.add(5.0, 0.0, radius=1.0)
    arena.add(5.0, 0.0, radius=1.0)
    space = Colliders(arena.world, arena.physics)
    space.build()
    assert space.ray_cast((0.0, 0.0), (1.0, 0.0), 9.0).entity == first


def test_who_was_removed_is_not_hit(arena) -> None:
    gone, wall = arena.add(5.0, 0.0), arena.add(9.0, 0.0)
    space = Colliders(arena.world, arena.physics)
    space.build()
    arena.world.despawn(gone)
    assert space.ray_cast((0.0, 0.0), (1.0, 0.0), 20.0).entity == wall
    arena.world.despawn(wall)
    assert space.line_of_sight((0.0, 0.0), (20.0, 0.0))


def test_rays_to_the_end_of_the_numbers_do_no_harm(arena) -> None:
    arena.add(5.0, 0.0)
    space = Colliders(arena.world, arena.physics)
    space.build()
    assert space.ray_cast((0.0, 50.0), (1.0, 1.0), 1e308) is None
    assert space.line_of_sight((-1e308, 3.0), (1e308, 3.0))
