"""Bodies move as the formulas of a school book say."""

import math

import numpy as np
import pytest

from engine.ecs.components import Field
from engine.errors import MissingComponent
from engine.physics.layout import Motion

pytestmark = pytest.mark.unit
GRAVITY = 9.81


def test_free_fall(arena) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    body = arena.add(3.0, 0.0, body="dynamic", velocity=(2.0, 5.0))
    arena.step(120)
    assert arena.place(body) == pytest.approx((7.0, 10.0 - GRAVITY * 2.0), rel=1e-9)


@pytest.mark.parametrize("friction", [0.2, 0.5, 0.9])
def test_a_slider_stops_after_its_way(arena, friction) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    arena.add(0.0, -0.5, size=(100.0, 1.0), body="static", friction=friction)
    body = arena.add(0.0, 0.25, size=(2.0, 0.5), body="dynamic", velocity=(6.0, 0.0), friction=friction)
    arena.step(300)
    assert arena.place(body)[0] == pytest.approx(36.0 / (2 * friction * GRAVITY), rel=0.02)


@pytest.mark.parametrize("shape", [{"radius": 0.25}, {"size": (0.5, 0.5)}, {"capsule": (1.0, 0.5)}])
@pytest.mark.parametrize("restitution", [0.3, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("height", [1.0, 2.37, 5.0])
def test_bounces_reach_their_height(arena, shape, restitution, height) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    arena.add(0.0, -0.5, size=(100.0, 1.0), body="static")
    body = arena.add(0.0, 0.25 + height, body="dynamic", restitution=restitution, **shape)
    fall = math.ceil(60 * math.sqrt(2 * height / GRAVITY))
    arena.step(fall + 2)
    heights = []
    for _ in range(fall + 2):
        arena.step()
        heights.append(arena.place(body)[1] - 0.25)
    assert max(heights) == pytest.approx(restitution**2 * height, rel=0.02)


def test_a_ball_rolls_down_a_slope(arena) -> None:
    """A disc rolls with two thirds of what slides without friction; the box beside it holds."""
    slope = 0.3
    arena.physics.gravity = (0.0, -GRAVITY)
    arena.add(0.0, 0.0, size=(100.0, 1.0), rotation=-slope, body="static", friction=0.8)
    away = (0.5 * math.sin(slope), 0.5 * math.cos(slope))
    ball = arena.add(2 * away[0], 2 * away[1], radius=0.5, body="dynamic", friction=0.8)
    arena.step(120)
    way = math.hypot(*(np.array(arena.place(ball)) - 2 * np.array(away)))
    assert way == pytest.approx(2.0 / 3.0 * GRAVITY * math.sin(slope) * 4.0 / 2.0, rel=0.02)
    assert arena.world.get(ball, Field.VELOCITY_ANGULAR) < -5.0


def test_a_box_holds_on_a_slope_until_friction_is_too_low(arena) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    slope = math.atan(0.5)
    arena.add(0.0, 0.0, size=(100.0, 1.0), rotation=slope, body="static", friction=1.0)
    up = np.array([-math.sin(slope), math.cos(slope)])
    boxes = [
        arena.add(
            *(up + along * np.array([up[1], -up[0]])),
            size=(1.0, 1.0),
            rotation=slope,
            body="dynamic",
            friction=f,
        )
        for along, f in ((0.0, 0.55**2), (5.0, 0.45**2))
    ]
    before = [arena.place(box) for box in boxes]
    arena.step(120)
    ways = [math.dist(arena.place(box), start) for box, start in zip(boxes, before, strict=True)]
    assert ways[0] < 0.02
    free = GRAVITY * (math.sin(slope) - 0.45 * math.cos(slope)) * 4.0 / 2.0
    assert ways[1] == pytest.approx(free, rel=0.05)


def test_two_balls_share_momentum_and_energy(arena) -> None:
    left = arena.add(-2.0, 0.0, radius=0.5, body="dynamic", velocity=(4.0, 0.0), restitution=1.0, mass=3.0)
    right = arena.add(2.0, 0.0, radius=0.5, body="dynamic", velocity=(-2.0, 0.0), restitution=1.0)
    arena.world.set(right, Field.BODY_MASS, 1.0)
    arena.step(60)
    assert arena.velocity(left)[0] == pytest.approx(1.0)
    assert arena.velocity(right)[0] == pytest.approx(7.0)


def test_damping_takes_its_part(arena) -> None:
    body = arena.add(0.0, 0.0, body="dynamic", velocity=(1.0, 0.0), damping=0.5, angular_damping=1.0)
    arena.world.set(body, Field.VELOCITY_ANGULAR, 1.0)
    arena.step(120)
    assert arena.velocity(body)[0] == pytest.approx(math.exp(-1.0), rel=0.01)
    assert arena.world.get(body, Field.VELOCITY_ANGULAR) == pytest.approx(math.exp(-2.0), rel=0.02)


def test_a_push_beside_the_middle_turns_a_box_unless_it_may_not_turn(arena) -> None:
    free = arena.add(0.0, 0.0, size=(1.0, 4.0), body="dynamic")
    fixed = arena.add(20.0, 0.0, size=(1.0, 4.0), body="dynamic", fixed_rotation=True)
    for x in (0.0, 20.0):
        arena.add(x - 2.0, 1.5, radius=0.5, body="dynamic", velocity=(5.0, 0.0))
    arena.step(60)
    assert arena.world.get(free, Field.TRANSFORM_ROTATION) < -0.3
    assert arena.world.get(fixed, Field.TRANSFORM_ROTATION) == 0.0


@pytest.mark.parametrize("scale", [(1.0, 1.0), (2.0, 3.0), (-1.5, 0.5)])
def test_an_impulse_goes_by_the_mass_that_the_solver_has(arena, scale) -> None:
    shapes = [
        {"radius": 0.7},
        {"size": (2.0, 1.0)},
        {"capsule": (1.0, 3.0)},
        {"polygon": [(-1.0, -1.0), (1.0, -0.5), (0.0, 1.0)]},
        {"size": (2.0, 1.0), "mass": 7.0},
    ]
    bodies = [
        arena.add(
            20.0 * number, 0.0, body="dynamic", density=3.0, scale_x=scale[0], scale_y=scale[1], **shape
        )
        for number, shape in enumerate(shapes)
    ]
    arena.world.set(bodies[1], Field.COLLIDER_RADIUS, 0.25)
    arena.step()
    for number, body in enumerate(bodies):
        arena.physics.apply_impulse(arena.world, body, (2.0, -1.0))
        inverse = arena.physics._buffers.motion[number, Motion.INVERSE_MASS]
        assert arena.velocity(body) == pytest.approx((2.0 * inverse, -inverse), rel=1e-12)
    with pytest.raises(MissingComponent):
        arena.physics.apply_impulse(arena.world, arena.add(0.0, 90.0, body="static"), (1.0, 0.0))
