"""The arrays of a debug drawing show what is there: outlines, contacts, velocities, cells."""

import math

import numpy as np
import pytest

from engine.physics.debug import ROUND_STEPS, PhysicsDebug
from engine.physics.layout import ASLEEP, MARGIN, SENSOR

pytestmark = pytest.mark.unit


def of(picture, entity):
    return picture.outlines[picture.entities == entity]


def is_closed(segments) -> bool:
    return np.allclose(segments[:, 2:], np.roll(segments[:, :2], -1, axis=0))


def test_a_box_has_four_turned_sides(arena) -> None:
    box = arena.add(3.0, 4.0, size=(2.0, 2.0), rotation=math.pi / 4)
    sides = of(PhysicsDebug().picture(arena.world, arena.physics), box)
    assert len(sides) == 4
    assert is_closed(sides)
    root = math.sqrt(2.0)
    corners = {(3.0, 4.0 - root), (3.0 + root, 4.0), (3.0, 4.0 + root), (3.0 - root, 4.0)}
    assert {tuple(np.round(side[:2], 9)) for side in sides} == {tuple(np.round(c, 9)) for c in corners}


def test_a_circle_is_round_and_shows_its_turn(arena) -> None:
    circle = arena.add(1.0, 2.0, radius=0.5, rotation=0.5)
    segments = of(PhysicsDebug().picture(arena.world, arena.physics), circle)
    rim, spoke = segments[:-1], segments[-1]
    assert len(rim) == ROUND_STEPS
    assert is_closed(rim)
    assert np.hypot(rim[:, 0] - 1.0, rim[:, 1] - 2.0) == pytest.approx(0.5)
    assert spoke == pytest.approx([1.0, 2.0, 1.0 + 0.5 * math.cos(0.5), 2.0 + 0.5 * math.sin(0.5)])


@pytest.mark.parametrize("rotation", [0.0, 0.3, 2.0, -1.1])
@pytest.mark.parametrize("shape", [{"capsule": (4.0, 1.0)}, {"size": (2.0, 1.0), "radius": 0.25}])
def test_round_margins_are_drawn_at_their_distance(arena, shape, rotation) -> None:
    one = arena.add(0.0, 0.0, rotation=rotation, **shape)
    segments = of(PhysicsDebug().picture(arena.world, arena.physics), one)
    assert is_closed(segments)
    x = np.cos(rotation) * segments[:, 0] + np.sin(rotation) * segments[:, 1]
    y = np.cos(rotation) * segments[:, 1] - np.sin(rotation) * segments[:, 0]
    half, radius = ((1.5, 0.0), 0.5) if "capsule" in shape else ((1.0, 0.5), 0.25)
    gap_x, gap_y = np.maximum(np.abs(x) - half[0], 0.0), np.maximum(np.abs(y) - half[1], 0.0)
    assert np.hypot(gap_x, gap_y) == pytest.approx(radius)
    turns = np.unwrap(np.arctan2(y, x))
    assert (np.diff(turns) > 0.0).all() or (np.diff(turns) < 0.0).all()  # around once, never back


def test_a_resting_box_touches_at_two_points_and_a_mover_shows_its_speed(arena) -> None:
    arena.physics.gravity = (0.0, -9.81)
    floor = arena.add(0.0, -0.5, size=(20.0, 1.0), body="static")
    box = arena.add(0.0, 0.5, size=(1.0, 1.0), body="dynamic")
    flying = arena.add(5.0, 50.0, velocity=(3.0, 4.0))
    arena.step(5)
    picture = PhysicsDebug().picture(arena.world, arena.physics)
    assert floor < box
    assert sorted(picture.contacts[:, 0].tolist()) == pytest.approx([-0.5, 0.5], abs=1e-3)
    assert picture.contacts[:, 1] == pytest.approx([0.0, 0.0], abs=0.01)
    assert picture.contacts[:, 2:] == pytest.approx(np.array([[0.0, 1.0], [0.0, 1.0]]))
    x, y = arena.place(flying)
    assert [x, y, 3.0, 4.0] in picture.velocities.tolist()


def test_sensors_volumes_and_sleepers_are_told_apart(arena) -> None:
    sensor = arena.add(0.0, 0.0, sensor=True)
    sleeper = arena.add(9.0, 0.0, body="dynamic")
    arena.add_volume("gate", 5.0, 5.0, 1.0)
    arena.step(60)
    picture = PhysicsDebug().picture(arena.world, arena.physics)
    assert (picture.flags[picture.entities == sensor] & SENSOR != 0).all()
    assert (picture.flags[picture.entities == sleeper] & ASLEEP != 0).all()
    volume = of(picture, 0)
    assert np.hypot(volume[:-1, 0] - 5.0, volume[:-1, 1] - 5.0) == pytest.approx(1.0)


def test_every_box_begins_in_one_of_the_cells(arena) -> None:
    random = np.random.default_rng(4)
    for x, y, radius in random.uniform(-30.0, 30.0, (200, 3)):
        arena.add(x, y, radius=abs(radius) / 30.0 + 0.01)
    picture = PhysicsDebug().picture(arena.world, arena.physics)
    assert len(picture.entities) > 1024  # more than there was room for at first
    low_x, low_y, high_x, high_y = picture.cells.T
    for entity in np.unique(picture.entities).tolist():
        x, y = of(picture, entity)[:, :2].min(axis=0) - MARGIN
        assert ((low_x <= x) & (x < high_x) & (low_y <= y) & (y < high_y)).any()


def test_an_empty_world_gives_empty_arrays(arena) -> None:
    picture = PhysicsDebug().picture(arena.world, arena.physics)
    assert [len(part) for part in (picture.outlines, picture.contacts, picture.velocities)] == [0, 0, 0]
    assert picture.cells.shape == (0, 4)
