"""The same scenes in pymunk (Chipmunk) end in the same places, as far as two solvers can agree."""

import math

import pytest

pytestmark = pytest.mark.integration
pymunk = pytest.importorskip("pymunk")
TICK = 1.0 / 60.0
GRAVITY = (0.0, -9.81)
FRICTION = math.sqrt(0.6)
"""pymunk multiplies the two, we take the root of the product."""


@pytest.fixture
def space():
    made = pymunk.Space()
    made.gravity = GRAVITY
    made.iterations = 30
    made.collision_slop = 0.005
    floor = pymunk.Poly(made.static_body, [(-50, -1), (50, -1), (50, 0), (-50, 0)])
    floor.friction = FRICTION
    made.add(floor)
    return made


@pytest.fixture
def floor(arena):
    arena.physics.gravity = GRAVITY
    return arena.add(0.0, -0.5, size=(100.0, 1.0), body="static")


def throw(space, shape_of, place, velocity, angle=0.0):
    body = pymunk.Body()
    shape = shape_of(body)
    shape.density, shape.friction = 1.0, FRICTION
    body.position, body.velocity, body.angle = place, velocity, angle
    space.add(body, shape)
    return body


def test_a_box_slides_to_the_same_place(arena, floor, space) -> None:
    ours = arena.add(0.0, 0.5, size=(2.0, 1.0), body="dynamic", velocity=(7.0, 0.0))
    theirs = throw(space, lambda body: pymunk.Poly.create_box(body, (2, 1)), (0, 0.5), (7, 0))
    for _ in range(180):
        arena.step()
        space.step(TICK)
    assert arena.place(ours)[0] == pytest.approx(theirs.position.x, rel=0.02)


def test_a_tilted_box_falls_on_the_same_side(arena, floor, space) -> None:
    for number, angle in enumerate((0.3, 0.6, 0.95, 1.2)):
        x = number * 6.0 - 12.0
        ours = arena.add(x, 2.0, size=(1.0, 2.0), rotation=angle, body="dynamic")
        theirs = throw(space, lambda body: pymunk.Poly.create_box(body, (1, 2)), (x, 2), (0, 0), angle)
        for _ in range(240):
            arena.step()
            space.step(TICK)
        assert arena.place(ours)[1] == pytest.approx(theirs.position.y, abs=0.03)


def test_a_pendulum_swings_alike(arena, space) -> None:
    from engine.physics.joint_table import Joint, JointKind

    arena.physics.gravity = GRAVITY
    ours = arena.add(2.0, 5.0, radius=0.2, body="dynamic", can_sleep=False)
    joint = Joint(kind=JointKind.HINGE, first=ours, first_point=(-2.0, 0.0), second_point=(0.0, 5.0))
    arena.physics.joints.add(arena.world, joint)
    theirs = throw(space, lambda body: pymunk.Circle(body, 0.2), (2, 5), (0, 0))
    space.add(pymunk.PivotJoint(space.static_body, theirs, (0, 5)))
    for _ in range(100):
        arena.step()
        for _ in range(8):
            space.step(TICK / 8)
    assert math.dist(arena.place(ours), theirs.position) < 0.15


def test_a_ball_and_a_block_share_a_push(arena, space) -> None:
    block = arena.add(3.0, 0.0, size=(1.0, 1.0), body="dynamic")
    ball = arena.add(0.0, 0.2, radius=0.4, body="dynamic", velocity=(6.0, 0.0))
    space.gravity = (0, 0)
    other = throw(space, lambda body: pymunk.Poly.create_box(body, (1, 1)), (3, 50), (0, 0))
    shot = throw(space, lambda body: pymunk.Circle(body, 0.4), (0, 50.2), (6, 0))
    for _ in range(60):
        arena.step()
        space.step(TICK)
    assert arena.velocity(block)[0] == pytest.approx(other.velocity.x, rel=0.05)
    assert arena.velocity(ball)[0] == pytest.approx(shot.velocity.x, rel=0.05)
