"""A character stops at solids, slides along them, and lands on one-way platforms."""

import math

import pytest

from engine.errors import MissingComponent
from engine.space.character import Character
from engine.space.sliding import SKIN

pytestmark = pytest.mark.unit
TICK = 1.0 / 60.0


@pytest.fixture
def walker(arena):
    """A capsule on a floor, with a wall to the right; and what moves it."""
    arena.add(0.0, -0.5, size=(40.0, 1.0), body="static")
    arena.add(5.0, 2.0, size=(1.0, 10.0), body="static")
    entity = arena.add(0.0, 1.0, capsule=(0.6, 1.6), body="kinematic")
    character = Character(arena.world, arena.physics)

    def move(vx, vy, ticks=1):
        for _ in range(ticks):
            slide = character.move_and_slide(entity, (vx, vy), TICK)
        return slide

    move.entity = entity
    return move


def test_it_falls_to_the_floor_and_walks_on_it(arena, walker) -> None:
    slide = walker(0.0, -5.0, 30)
    assert slide.on_floor
    assert not slide.on_wall
    assert slide.velocity == pytest.approx((0.0, 0.0), abs=1e-9)
    assert slide.place == pytest.approx((0.0, 0.8 + SKIN), abs=1e-3)
    slide = walker(3.0, -5.0, 60)
    assert slide.place == pytest.approx((3.0, 0.8 + SKIN), abs=0.02)
    assert slide.velocity == pytest.approx((3.0, 0.0), abs=1e-6)


def test_it_stops_at_a_wall_and_slides_up_along_it(arena, walker) -> None:
    slide = walker(6.0, -5.0, 120)
    assert slide.on_wall
    assert slide.on_floor
    assert slide.place[0] == pytest.approx(4.2 - SKIN, abs=1e-3)
    assert len(slide.met) == 2
    slide = walker(6.0, 2.0, 30)
    assert slide.on_wall
    assert slide.place[1] == pytest.approx(1.8 + SKIN, abs=0.02)
    assert slide.velocity == pytest.approx((0.0, 2.0), abs=1e-6)


def test_it_walks_up_a_slope_and_meets_a_ceiling(arena, walker) -> None:
    arena.add(-6.0, 0.0, size=(8.0, 0.5), rotation=-0.4, body="static")
    slide = walker(-3.0, -2.0, 160)
    assert slide.on_floor
    assert slide.place[1] > 1.2
    arena.add(0.0, 8.0, size=(40.0, 1.0))
    slide = walker(0.0, 20.0, 60)
    assert slide.on_ceiling
    assert slide.place[1] == pytest.approx(6.7 - SKIN, abs=1e-3)


def test_a_fast_one_does_not_pass_a_thin_wall(arena, walker) -> None:
    arena.add(-5.0, 2.0, size=(0.01, 10.0), body="static")
    slide = walker(-1000.0, 0.0)
    assert slide.place[0] > -5.0
    assert slide.on_wall


def test_a_one_way_platform_carries_from_above_only(arena, walker) -> None:
    arena.add(0.0, 3.0, size=(4.0, 0.2), one_way=True)
    slide = walker(0.0, 6.0, 50)
    assert slide.place[1] > 4.0
    slide = walker(0.0, -6.0, 60)
    assert slide.on_floor
    assert slide.place[1] == pytest.approx(3.9 + SKIN, abs=1e-3)


def test_a_triangle_slides_too_and_sensors_let_through(arena, walker) -> None:
    arena.add(-3.0, 0.5, radius=0.5, sensor=True)
    corners = [(-0.3, -0.3), (0.3, -0.3), (0.0, 0.5)]
    entity = arena.add(-1.0, 1.0, polygon=corners, body="kinematic")
    character = Character(arena.world, arena.physics)
    for _ in range(120):
        slide = character.move_and_slide(entity, (-2.0, -3.0), TICK)
    assert slide.place == pytest.approx((-5.0, 0.3 + SKIN), abs=0.02)
    assert math.isclose(slide.velocity[1], 0.0, abs_tol=1e-9)


def test_what_has_no_collider_is_refused(arena) -> None:
    entity = arena.world.spawn([0])
    with pytest.raises(MissingComponent):
        Character(arena.world, arena.physics).move_and_slide(entity, (1.0, 0.0), TICK)


def test_dynamic_bodies_pass_a_one_way_platform_from_below_and_rest_on_it(arena) -> None:
    arena.physics.gravity = (0.0, -9.81)
    arena.add(0.0, 0.0, size=(6.0, 0.2), one_way=True, layer=9)
    above = arena.add(-2.0, 2.0, body="dynamic")
    below = arena.add(2.0, -2.0, body="dynamic", velocity=(0.0, 9.0))
    options = {"gravity_scale": 0.0, "layer": 2, "mask": 8}
    sideways = arena.add(-5.0, 0.0, radius=0.3, body="dynamic", velocity=(3.0, 0.0), **options)
    highest = -2.0
    for _ in range(240):
        arena.step()
        highest = max(highest, arena.place(below)[1])
    assert highest > 1.5
    assert arena.place(above)[1] == pytest.approx(0.6, abs=0.02)
    assert arena.place(below)[1] == pytest.approx(0.6, abs=0.02)
    assert arena.place(sideways)[0] > 5.0
