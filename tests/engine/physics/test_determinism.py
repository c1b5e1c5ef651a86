"""The same scene gives the same bits: in every run, after a restore, and as when the hash was written."""

import hashlib

import numba.core.event as numba_event
import numpy as np
import pytest

from engine.ecs.components import Field
from engine.physics.step import PhysicsSystem

pytestmark = pytest.mark.integration

STATE = (
    Field.TRANSFORM_X,
    Field.TRANSFORM_Y,
    Field.TRANSFORM_ROTATION,
    Field.VELOCITY_VX,
    Field.VELOCITY_VY,
    Field.VELOCITY_ANGULAR,
    Field.BODY_SLEEPING,
    Field.BODY_REST_TIME,
    Field.BODY_REST_X,
    Field.BODY_REST_Y,
    Field.BODY_REST_ROTATION,
)
HASH_AFTER_120_TICKS = "6851489fb6ffd662"


def fill(arena) -> None:
    """Balls and turned boxes over a bowl, a moving platform, a sensor and a volume; by a small rule."""
    arena.physics.gravity = (0.3, -9.81)
    arena.add(0.0, -5.0, size=(30.0, 1.0), body="static")
    arena.add(-12.0, 0.0, size=(1.0, 20.0), rotation=0.4, body="static")
    arena.add(12.0, 0.0, size=(1.0, 20.0), rotation=-0.4)
    arena.add(0.0, -2.0, size=(4.0, 0.5), body="kinematic", velocity=(0.5, 0.1))
    arena.add(3.0, -3.0, radius=2.0, sensor=True, tag="Pool")
    arena.add_volume("gate", -3.0, -3.0, 1.5)
    number = 12345
    for index in range(120):
        number = (number * 1103515245 + 12345) % 2**31
        x, y = (number % 1000) / 60.0 - 8.0, index * 0.25
        if index % 3:
            arena.add(x, y, radius=0.2 + (number % 7) * 0.05, body="dynamic", velocity=(0.0, -1.0))
        else:
            arena.add(x, y, size=(0.6, 0.4), rotation=number % 7 * 0.3, body="dynamic")


def digest(arena) -> str:
    return hashlib.sha256(arena.columns(STATE) + arena.physics.state.tobytes()).hexdigest()[:16]


def test_a_fixed_scene_ends_in_known_bits(arena) -> None:
    fill(arena)
    events = 0
    for _ in range(120):
        arena.step()
        events += len(arena.physics.events)
    assert events > 300
    assert digest(arena) == HASH_AFTER_120_TICKS


def test_a_restored_step_repeats_itself(arena) -> None:
    fill(arena)
    arena.step(50)
    columns = {field: arena.world.column(field).copy() for field in STATE}
    state = arena.physics.state
    assert state[0] > 0

    def next_ticks() -> tuple[str, list[list[int]]]:
        events = []
        for _ in range(10):
            arena.step()
            events += arena.physics.events.tolist()
        return digest(arena), events

    first = next_ticks()
    for field, column in columns.items():
        arena.world.column(field)[:] = column
    arena.physics.restore(state)
    assert next_ticks() == first


@pytest.mark.parametrize("words", [[], [1, 2, 3], [-1], [0, 1], [2**40]])
def test_words_that_are_no_state_are_refused(arena, words) -> None:
    with pytest.raises(ValueError, match="no state"):
        arena.physics.restore(np.array(words, np.int64))


def test_buffers_grow_once_and_nothing_compiles_in_a_tick(arena) -> None:
    fill(arena)
    for x in range(60):
        for y in range(20):
            arena.add(x * 0.5, 40.0 + y * 0.5)
    arena.step(2)
    buffers = vars(arena.physics._buffers).copy()
    with numba_event.install_recorder("numba:compile") as recorder:
        arena.step(5)
    assert recorder.buffer == []
    after = vars(arena.physics._buffers)
    assert all(after[name] is buffers[name] for name in buffers)


def test_polygons_go_with_the_state(arena) -> None:
    triangle, square = [(0, 0), (2, 0), (0, 2)], [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    arena.add(0.0, 0.0, polygon=triangle, body="dynamic")
    arena.add(0.5, 0.5, polygon=square, body="dynamic")
    arena.step()
    other = PhysicsSystem()
    other.add_polygon(square)  # another pool, which would mistake the one for the other
    other.restore(arena.physics.state)
    assert (other.polygons == arena.physics.polygons).all()
    assert (other.contacts == arena.physics.contacts).all()
    broken = arena.physics.state.copy()
    broken[1 + arena.physics.contacts.size] = np.array([9.0]).view(np.int64)[0]  # nine corners
    with pytest.raises(ValueError, match="polygon"):
        other.restore(broken)
