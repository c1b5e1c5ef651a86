import math

import pytest

from engine.ecs.components import Component, Field
from engine.physics.layout import LINEAR_SLOP

pytestmark = pytest.mark.unit
TICK = 1.0 / 60.0


def test_velocity_moves_with_and_without_a_collider(arena) -> None:
    circle = arena.add(0.0, 0.0, velocity=(3.0, -6.0))
    ghost = arena.world.spawn([Component.TRANSFORM, Component.VELOCITY], {Field.VELOCITY_ANGULAR: 2.0})
    arena.step(60)
    assert arena.place(circle) == pytest.approx((3.0, -6.0))
    assert arena.world.get(ghost, Field.TRANSFORM_ROTATION) == pytest.approx(2.0)


def test_free_fall_is_a_parabola(arena) -> None:
    arena.physics.gravity = (0.0, -10.0)
    falling = arena.add(0.0, 0.0, body="dynamic")
    carried = arena.add(5.0, 0.0, body="kinematic", velocity=(0.0, 0.0))
    thrown = arena.add(10.0, 0.0, velocity=(1.0, 0.0))
    half = arena.add(15.0, 0.0, body="dynamic")
    arena.world.set(half, Field.BODY_GRAVITY_SCALE, 0.5)
    arena.step(60)
    distance = 10.0 / 2
    assert arena.place(falling) == (0.0, pytest.approx(-distance, rel=1e-12))
    assert arena.place(carried) == (5.0, 0.0)
    assert arena.place(thrown) == (pytest.approx(11.0), 0.0)
    assert arena.place(half)[1] == pytest.approx(-distance / 2)


def test_a_static_body_never_moves(arena) -> None:
    arena.physics.gravity = (0.0, -10.0)
    wall = arena.add(0.0, 0.0, body="static", velocity=(5.0, 5.0))
    arena.add(0.4, 0.0, body="dynamic")
    arena.step(10)
    assert arena.place(wall) == (0.0, 0.0)


@pytest.mark.parametrize(
    "shape", [{"radius": 0.5}, {"size": (1.0, 1.0)}, {"size": (1.0, 1.0), "rotation": math.pi / 2}]
)
@pytest.mark.parametrize("floor", [{"body": "static"}, {}, {"body": "kinematic"}])
def test_what_falls_comes_to_rest_on_the_floor(arena, shape, floor) -> None:
    arena.physics.gravity = (0.0, -9.81)
    arena.add(0.0, -0.5, size=(20.0, 1.0), **floor)
    body = arena.add(1.0, 3.0, body="dynamic", **shape)
    arena.step(240)
    x, y = arena.place(body)
    assert x == pytest.approx(1.0, abs=LINEAR_SLOP)
    assert y == pytest.approx(0.5, abs=LINEAR_SLOP)
    assert arena.velocity(body) == (0.0, 0.0)
    assert arena.world.get(body, Field.BODY_SLEEPING)


def test_two_movable_solids_share_the_way_apart(arena) -> None:
    left, right = arena.add(-0.3, 0.0, body="dynamic"), arena.add(0.3, 0.0, body="dynamic")
    arena.step(30)
    assert arena.place(left)[0] == pytest.approx(-0.5, abs=LINEAR_SLOP)
    assert arena.place(right)[0] == pytest.approx(0.5, abs=LINEAR_SLOP)


def test_approaching_speed_is_taken_away_and_sliding_stays(arena) -> None:
    arena.add(0.0, -0.5, size=(20.0, 1.0))
    slider = arena.add(0.0, 0.45, body="dynamic", velocity=(2.0, -3.0), friction=0.0)
    arena.step()
    assert arena.velocity(slider) == (2.0, pytest.approx(0.0, abs=1e-9))


def test_a_kinematic_body_pushes_and_is_not_pushed(arena) -> None:
    ram = arena.add(0.0, 0.0, body="kinematic", velocity=(1.0, 0.0))
    crate = arena.add(1.2, 0.0, body="dynamic")
    arena.step(60)
    assert arena.place(ram) == (pytest.approx(1.0), 0.0)
    assert arena.place(crate)[0] == pytest.approx(2.0 - LINEAR_SLOP, abs=0.02)
    assert arena.velocity(crate) == (pytest.approx(1.0), 0.0)


def test_scale_makes_colliders_larger(arena) -> None:
    big = arena.add(0.0, 0.0)
    arena.world.set(big, Field.TRANSFORM_SCALE_X, 3.0)
    crate = arena.add(1.4, 0.0, body="dynamic")
    arena.step(30)
    assert arena.place(crate)[0] == pytest.approx(2.0, abs=LINEAR_SLOP)


def test_a_script_may_put_an_entity_anywhere(arena) -> None:
    arena.add(0.0, 0.0)
    crate = arena.add(5.0, 0.0, body="dynamic")
    arena.step()
    arena.move(crate, 0.8, 0.0)
    arena.step(30)
    assert arena.place(crate)[0] == pytest.approx(1.0, abs=LINEAR_SLOP)


def test_a_corner_of_walls_holds_a_body_that_is_driven_into_it(arena) -> None:
    arena.add(2.0, 0.0, size=(1.0, 10.0), body="static")
    arena.add(0.0, 2.0, size=(10.0, 1.0), body="static")
    body = arena.add(0.0, 0.0, size=(1.0, 1.0), body="dynamic")
    for _ in range(60):
        arena.world.set(body, Field.VELOCITY_VX, 4.0)
        arena.world.set(body, Field.VELOCITY_VY, 4.0)
        arena.step()
    assert arena.place(body) == pytest.approx((1.0, 1.0), abs=2 * LINEAR_SLOP)


def test_a_heap_comes_to_rest_and_falls_silent(arena) -> None:
    arena.physics.gravity = (0.0, -9.81)
    arena.add(0.0, -0.5, size=(20.0, 1.0), body="static")
    arena.add(-4.0, 5.0, size=(1.0, 20.0))
    arena.add(4.0, 5.0, size=(1.0, 20.0))
    bodies = [
        arena.add(index * 37 % 60 / 10.0 - 3.0, 1.0 + index * 0.3, radius=0.4, body="dynamic")
        for index in range(60)
    ]
    arena.step(300)
    before = [arena.place(body) for body in bodies]
    for _ in range(60):
        arena.step()
        assert arena.events() == []
    for body, place in zip(bodies, before, strict=True):
        assert arena.place(body) == pytest.approx(place, abs=0.01)
        assert arena.place(body)[1] > 0.3


@pytest.mark.parametrize("speed", [1e300, -math.inf, math.nan, 1e5])
def test_senseless_speeds_spoil_nobody_else(arena, speed) -> None:
    arena.physics.gravity = (0.0, -9.81)
    arena.add(0.0, -0.5, size=(20.0, 1.0), body="static", restitution=1.0)
    boxes = [arena.add(x, 0.5, size=(1.0, 1.0), body="dynamic") for x in (-1.0, 0.0, 1.0)]
    wild = arena.add(-4.0, 0.5, radius=0.4, body="dynamic", velocity=(speed, speed))
    arena.world.set(wild, Field.VELOCITY_ANGULAR, speed)
    for _ in range(60):
        arena.step()
        assert all(
            math.isfinite(value) for box in boxes for value in (*arena.place(box), *arena.velocity(box))
        )


def test_places_that_are_no_numbers_are_left_alone(arena) -> None:
    lost = arena.add(0.0, 0.0, velocity=(0.0, 0.0))
    arena.add(0.2, 0.0, body="dynamic")
    arena.move(lost, math.nan, math.inf)
    arena.step(2)
    assert arena.events() == []
