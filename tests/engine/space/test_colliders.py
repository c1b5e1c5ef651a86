"""Rays, casts and overlaps find what brute force and formulas find."""

import math

import numpy as np
import pytest

from engine.ecs.components import Field
from engine.space.colliders import Colliders

pytestmark = pytest.mark.unit


@pytest.fixture
def space(arena):
    index = Colliders(arena.world, arena.physics)

    def build():
        index.build()
        return index

    return build


def test_a_ray_meets_circles_as_the_formula_says(arena, space) -> None:
    random = np.random.default_rng(2)
    circles = [(*random.uniform(-20, 20, 2), random.uniform(0.1, 1.5)) for _ in range(300)]
    ids = [arena.add(x, y, radius=r) for x, y, r in circles]
    index = space()
    for _ in range(100):
        origin, turn = random.uniform(-20, 20, 2), random.uniform(0, 2 * math.pi)
        direction = np.array([math.cos(turn), math.sin(turn)])
        expected = []
        for entity, (x, y, r) in zip(ids, circles, strict=True):
            to = np.array([x, y]) - origin
            along = to @ direction
            inside = r * r - (to @ to - along * along)
            if inside > 1e-6 and to @ to > r * r and 0 < along - math.sqrt(inside) < 30.0:
                expected.append((along - math.sqrt(inside), entity))
        hits = [
            hit for hit in index.ray_cast_all(tuple(origin), tuple(direction * 3), 30.0) if hit.distance > 0
        ]
        grazing = {hit.entity for hit in hits} ^ {entity for _, entity in expected}
        assert len(grazing) <= 1
        if not grazing:
            assert [hit.entity for hit in hits] == [entity for _, entity in sorted(expected)]
            assert [hit.distance for hit in hits] == pytest.approx([d for d, _ in sorted(expected)], abs=1e-3)


def test_a_ray_tells_point_normal_and_distance_of_a_turned_box(arena, space) -> None:
    box = arena.add(5.0, 0.0, size=(2.0, 2.0), rotation=math.pi / 4)
    hit = space().ray_cast((0.0, 0.5), (1.0, 0.0), 10.0)
    assert hit.entity == box
    assert hit.distance == pytest.approx(5.0 - math.sqrt(2.0) + 0.5, abs=1e-4)
    assert hit.place == pytest.approx((5.5 - math.sqrt(2.0), 0.5), abs=1e-4)
    assert hit.normal == pytest.approx((-math.sqrt(0.5), math.sqrt(0.5)), abs=1e-6)
    assert space().ray_cast((0.0, 0.5), (1.0, 0.0), 3.0) is None
    assert space().ray_cast((0.0, 0.5), (1.0, 0.0), 10.0, leave_out=box) is None


def test_masks_and_sensors(arena, space) -> None:
    arena.add(2.0, 0.0, sensor=True)
    arena.add(4.0, 0.0, layer=2)
    wall = arena.add(6.0, 0.0, layer=4)
    index = space()
    assert index.ray_cast((0.0, 0.0), (1.0, 0.0), 10.0, mask=4).entity == wall
    assert index.ray_cast((0.0, 0.0), (1.0, 0.0), 10.0).distance == pytest.approx(3.5, abs=1e-4)
    assert index.ray_cast((0.0, 0.0), (1.0, 0.0), 10.0, sensors=True).distance == pytest.approx(1.5, abs=1e-4)
    assert len(index.overlap_circle((4.0, 0.0), 3.0)) == 3
    assert len(index.overlap_circle((4.0, 0.0), 3.0, mask=2)) == 1


def test_casts_of_circle_and_box(arena, space) -> None:
    arena.add(5.0, 0.0, size=(2.0, 2.0))
    index = space()
    (hit,) = index.cast_circle((0.0, 0.0), 0.5, (10.0, 0.0))
    assert (hit.distance, *hit.normal) == pytest.approx((3.5, -1.0, 0.0), abs=1e-4)
    (hit,) = index.cast_box((0.0, 1.4), (1.0, 1.0), (10.0, 0.0))
    assert hit.distance == pytest.approx(3.5, abs=1e-4)
    assert index.cast_box((0.0, 1.6), (1.0, 1.0), (10.0, 0.0)) == []
    assert index.cast_circle((0.0, 0.0), 0.5, (-10.0, 0.0)) == []


def test_overlaps_are_those_of_brute_force(arena, space) -> None:
    random = np.random.default_rng(8)
    circles = [(*random.uniform(-30, 30, 2), random.choice([0.1, 0.5, 4.0])) for _ in range(400)]
    ids = [arena.add(x, y, radius=r) for x, y, r in circles]
    index = space()
    for x, y, r in random.uniform([-30, -30, 0], [30, 30, 12], (60, 3)):
        expected = [e for e, (u, v, s) in zip(ids, circles, strict=True) if math.hypot(u - x, v - y) <= r + s]
        assert index.overlap_circle((x, y), r) == expected
        near = [
            e
            for e, (u, v, s) in zip(ids, circles, strict=True)
            if math.hypot(max(abs(u - x) - r, 0), max(abs(v - y) - 1.0, 0)) <= s
        ]
        assert index.overlap_box((x, y), (2 * r, 2.0)) == near
        assert index.overlap_point((x, y)) == [
            e for e, (u, v, s) in zip(ids, circles, strict=True) if math.hypot(u - x, v - y) <= s
        ]


def test_sight_is_the_same_from_both_ends(arena, space) -> None:
    random = np.random.default_rng(3)
    for _ in range(60):
        arena.add(*random.uniform(-10, 10, 2), size=(1.0, 1.0), rotation=random.uniform(0, 6))
    index = space()
    seen = 0
    for a, b in random.uniform(-10, 10, (200, 2, 2)).tolist():
        sight = index.line_of_sight(tuple(a), tuple(b))
        assert sight == index.line_of_sight(tuple(b), tuple(a))
        seen += sight
    assert 10 < seen < 190


def test_an_index_holds_the_moment(arena, space) -> None:
    body = arena.add(3.0, 0.0)
    index = space()
    arena.world.set(body, Field.TRANSFORM_X, 30.0)
    assert index.overlap_point((3.0, 0.0)) == [body]
    assert space().overlap_point((3.0, 0.0)) == []


def test_a_ray_without_direction_is_refused(space) -> None:
    with pytest.raises(ValueError, match="direction"):
        space().ray_cast((0.0, 0.0), (0.0, 0.0), 1.0)
