"""Joints hold what they say, swing as the formula says, and are part of the state."""

import math
from itertools import pairwise

import numpy as np
import pytest

from engine.ecs.components import Field
from engine.physics.joint_table import Joint, JointKind, JointWord

pytestmark = pytest.mark.unit
GRAVITY = 9.81


def join(arena, kind, first, second=0, **options):
    return arena.physics.joints.add(arena.world, Joint(kind=kind, first=first, second=second, **options))


def angle_of(arena, entity):
    return arena.world.get(entity, Field.TRANSFORM_ROTATION)


def period(samples):
    """Seconds between crossings of the middle, both ways."""
    samples = np.array(samples)
    signs = np.flatnonzero(samples[:-1] * samples[1:] < 0.0)
    exact = signs + samples[signs] / (samples[signs] - samples[signs + 1])
    return 2.0 * np.diff(exact).mean() / 60.0


@pytest.mark.parametrize("length", [0.5, 2.0, 6.0])
def test_a_hinged_rod_swings_with_its_period(arena, length) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    swing = 0.1
    x, y = math.sin(swing) * length / 2, -math.cos(swing) * length / 2
    rod = arena.add(x, y, size=(0.1, length), rotation=swing, body="dynamic", can_sleep=False)
    join(arena, JointKind.HINGE, rod, first_point=(0.0, length / 2))
    angles = []
    for _ in range(1200):
        arena.step()
        angles.append(angle_of(arena, rod))
    inertia = (length**2 + 0.1**2) / 12 + length**2 / 4
    expected = 2 * math.pi * math.sqrt(inertia / (GRAVITY * length / 2)) * (1 + swing**2 / 16)
    assert period(angles) == pytest.approx(expected, rel=0.01)
    assert max(angles[-300:]) == pytest.approx(swing, rel=0.05)


def test_a_ball_on_a_distance_joint_is_a_pendulum(arena) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    ball = arena.add(0.3, -3.0, radius=0.1, body="dynamic", fixed_rotation=True, can_sleep=False)
    join(arena, JointKind.DISTANCE, ball)
    length = math.hypot(0.3, 3.0)
    places = []
    for _ in range(1200):
        arena.step()
        places.append(arena.place(ball))
    assert [math.hypot(*place) for place in places] == pytest.approx([length] * 1200, abs=0.005)
    assert period([x for x, _ in places]) == pytest.approx(
        2 * math.pi * math.sqrt(length / GRAVITY), rel=0.01
    )


def test_a_rope_is_slack_and_then_holds(arena) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    ball = arena.add(0.0, -1.0, radius=0.1, body="dynamic")
    join(arena, JointKind.DISTANCE, ball, length=3.0, rope=True)
    arena.step(20)
    assert arena.place(ball)[1] == pytest.approx(-1.0 - GRAVITY / 2 / 9, rel=0.02)
    arena.step(300)
    assert arena.place(ball)[1] == pytest.approx(-3.0, abs=0.01)


def test_a_spring_swings_with_its_frequency(arena) -> None:
    ball = arena.add(1.5, 0.0, radius=0.1, body="dynamic", can_sleep=False)
    join(arena, JointKind.DISTANCE, ball, length=1.0, hertz=1.0, damping=0.0)
    ways = []
    for _ in range(600):
        arena.step()
        ways.append(arena.place(ball)[0] - 1.0)
    assert period(ways) == pytest.approx(1.0, rel=0.02)


def test_a_weld_makes_one_body_of_two(arena) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    arena.add(0.0, -0.5, size=(40.0, 1.0), body="static")
    left = arena.add(0.0, 3.0, size=(1.0, 1.0), body="dynamic")
    right = arena.add(1.0, 3.0, size=(1.0, 1.0), body="dynamic")
    join(arena, JointKind.WELD, left, right, first_point=(0.5, 0.0), second_point=(-0.5, 0.0))
    arena.add(0.6, 8.0, radius=0.3, body="dynamic")
    arena.step(240)
    way = np.array(arena.place(right)) - arena.place(left)
    assert math.hypot(*way) == pytest.approx(1.0, abs=0.01)
    assert angle_of(arena, left) == pytest.approx(angle_of(arena, right), abs=0.01)


def test_a_motor_turns_a_wheel_and_limits_stop_it(arena) -> None:
    wheel = arena.add(0.0, 0.0, radius=0.5, body="dynamic")
    join(arena, JointKind.HINGE, wheel, motor_speed=-2.0, motor_torque=50.0)
    arena.step(60)
    assert arena.world.get(wheel, Field.VELOCITY_ANGULAR) == pytest.approx(2.0, rel=0.01)
    door = arena.add(10.0, 0.0, size=(2.0, 0.2), body="dynamic")
    options = {"first_point": (-1.0, 0.0), "second_point": (9.0, 0.0)}
    join(arena, JointKind.HINGE, door, limits=(-0.5, 0.25), motor_speed=-3.0, motor_torque=20.0, **options)
    arena.step(120)
    assert angle_of(arena, door) == pytest.approx(0.5, abs=0.02)


def test_a_bridge_of_planks_holds_and_sleeps(arena) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    damped = {"damping": 1.0, "angular_damping": 1.0}
    planks = [arena.add(0.5 + i, 0.0, size=(1.0, 0.2), body="dynamic", **damped) for i in range(12)]
    join(arena, JointKind.HINGE, planks[0], first_point=(-0.5, 0.0), second_point=(0.0, 0.0))
    for i, (left, right) in enumerate(pairwise(planks), 1):
        assert (
            join(arena, JointKind.HINGE, left, right, first_point=(0.5, 0.0), second_point=(-0.5, 0.0)) == i
        )
    join(arena, JointKind.HINGE, planks[-1], first_point=(0.5, 0.0), second_point=(11.5, 0.0))
    arena.step(1200)
    assert max(arena.place(plank)[1] for plank in planks) < 0.1
    assert all(arena.world.get(plank, Field.BODY_SLEEPING) for plank in planks)


def test_joined_bodies_do_not_meet_unless_they_are_to(arena) -> None:
    pairs = [
        (arena.add(x, 0.0, body="dynamic"), arena.add(x + 0.4, 0.0, body="dynamic")) for x in (0.0, 20.0)
    ]
    for (a, b), collides in zip(pairs, (False, True), strict=True):
        join(arena, JointKind.DISTANCE, a, b, collides=collides, length=0.4)
    arena.step()
    assert {event[1] for event in arena.events()} == set(pairs[1])


def test_a_joint_goes_with_its_entity_and_can_be_removed(arena) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    hook = arena.add(0.0, 0.0, body="static")
    first, second = arena.add(0.0, -2.0, body="dynamic"), arena.add(3.0, -2.0, body="dynamic")
    join(arena, JointKind.DISTANCE, first, hook)
    number = join(arena, JointKind.DISTANCE, second, hook, length=3.6)
    arena.step(300)
    arena.physics.joints.remove(number)
    arena.world.despawn(hook)
    arena.step(60)
    assert arena.place(first)[1] < -5.0
    assert arena.place(second)[1] < -5.0
    assert (arena.physics.joints.words[:, JointWord.KIND] == JointKind.GONE).all()


def test_joints_are_restored_with_the_state(arena) -> None:
    arena.physics.gravity = (0.0, -GRAVITY)
    ball = arena.add(1.0, -1.0, radius=0.1, body="dynamic", can_sleep=False)
    join(arena, JointKind.HINGE, ball, first_point=(-1.0, 1.0))
    fields = [field for field in Field if field.label in {"x", "y", "rotation", "vx", "vy", "angular"}]

    def run():
        arena.step(40)
        return arena.columns(fields) + arena.physics.state.tobytes()

    arena.step(10)
    state = arena.physics.state
    columns = {field: arena.world.column(field).copy() for field in fields}
    first = run()
    for field, column in columns.items():
        arena.world.column(field)[:] = column
    arena.physics.restore(state)
    assert run() == first


def test_senseless_joints_are_refused(arena) -> None:
    body = arena.add(0.0, 0.0, body="dynamic")
    with pytest.raises(ValueError, match="two different"):
        join(arena, JointKind.HINGE, body, body)
    with pytest.raises(ValueError, match="above the upper"):
        join(arena, JointKind.HINGE, body, limits=(1.0, 0.0))
