"""Heaps come to rest where they were put, sleep, and wake when something happens."""

import numpy as np
import pytest

from engine.ecs.components import Field

pytestmark = pytest.mark.integration
BOX = (1.0, 1.0)


def floor(arena, width=80.0):
    arena.physics.gravity = (0.0, -9.81)
    return arena.add(0.0, -0.5, size=(width, 1.0), body="static")


def pyramid(arena, rows, gap):
    return [
        arena.add((i - (rows - row - 1) / 2) * (1.0 + gap), row + 0.5, size=BOX, body="dynamic")
        for row in range(rows)
        for i in range(rows - row)
    ]


def places(arena, bodies):
    return np.array([arena.place(body) for body in bodies])


def sleepers(arena, bodies):
    return sum(bool(arena.world.get(body, Field.BODY_SLEEPING)) for body in bodies)


@pytest.mark.parametrize("build", ["stack", "pyramid", "pyramid without gaps"])
def test_heaps_stay_and_sleep(arena, build) -> None:
    floor(arena)
    if build == "stack":
        bodies = [arena.add(0.0, row + 0.5, size=BOX, body="dynamic") for row in range(10)]
    else:
        bodies = pyramid(arena, 20, 0.1 if build == "pyramid" else 0.0)
    before = places(arena, bodies)
    arena.step(600)
    assert np.hypot(*(places(arena, bodies) - before).T).max() < 0.02
    assert sleepers(arena, bodies) == len(bodies)


def test_stacks_of_capsules_and_polygons_stay(arena) -> None:
    floor(arena)
    hexagon = [(0.6, 0.0), (0.3, 0.5), (-0.3, 0.5), (-0.6, 0.0), (-0.3, -0.5), (0.3, -0.5)]
    bodies = [arena.add(-4.0, row + 0.5, polygon=hexagon, body="dynamic") for row in range(6)]
    bodies += [arena.add(4.0, row * 0.5 + 0.25, capsule=(2.0, 0.5), body="dynamic") for row in range(6)]
    bodies += [
        arena.add(8.0, row * 0.9 + 0.45, size=(1.0, 0.7), radius=0.1, body="dynamic") for row in range(6)
    ]
    before = places(arena, bodies)
    arena.step(600)
    assert np.hypot(*(places(arena, bodies) - before).T).max() < 0.02
    assert sleepers(arena, bodies) == len(bodies)


def resting_pair(arena):
    ground = floor(arena)
    below = arena.add(0.0, 0.5, size=BOX, body="dynamic")
    above = arena.add(0.0, 1.5, size=BOX, body="dynamic")
    arena.step(120)
    assert sleepers(arena, [below, above]) == 2
    return ground, below, above


def test_an_impulse_wakes_the_whole_island(arena) -> None:
    _, below, above = resting_pair(arena)
    arena.world.set(below, Field.VELOCITY_VX, 3.0)
    arena.step()
    assert sleepers(arena, [below, above]) == 0


def test_sleepers_fall_when_their_ground_goes(arena) -> None:
    ground, below, above = resting_pair(arena)
    arena.world.despawn(ground)
    arena.step(60)
    assert arena.place(below)[1] < -3.0
    assert arena.place(above)[1] < -2.0


def test_a_sleeper_that_is_moved_wakes(arena) -> None:
    _, below, above = resting_pair(arena)
    arena.move(above, 5.0, 4.0)
    arena.step()
    assert sleepers(arena, [below, above]) == 0
    arena.step(240)
    assert arena.place(above) == pytest.approx((5.0, 0.5), abs=0.02)


def test_a_platform_that_begins_to_move_wakes_what_lies_on_it(arena) -> None:
    arena.physics.gravity = (0.0, -9.81)
    lift = arena.add(0.0, -0.5, size=(4.0, 1.0), body="kinematic", velocity=(0.0, 0.0))
    crate = arena.add(0.0, 0.5, size=BOX, body="dynamic")
    arena.step(120)
    assert sleepers(arena, [crate]) == 1
    arena.world.set(lift, Field.VELOCITY_VY, 2.0)
    arena.step(60)
    assert arena.place(crate)[1] == pytest.approx(2.5, abs=0.05)


def test_what_falls_on_sleepers_wakes_them_and_sleepers_are_not_moved(arena) -> None:
    _, below, above = resting_pair(arena)
    before = places(arena, [below, above])
    arena.step(60)
    assert (places(arena, [below, above]) == before).all()
    arena.add(0.3, 4.0, size=BOX, body="dynamic")
    arena.step(45)
    assert sleepers(arena, [below, above]) == 0


def test_a_body_that_may_not_sleep_never_does(arena) -> None:
    floor(arena)
    body = arena.add(0.0, 0.5, size=BOX, body="dynamic", can_sleep=False)
    arena.step(120)
    assert sleepers(arena, [body]) == 0
