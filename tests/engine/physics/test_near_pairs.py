"""Pairs that are kept over ticks change nothing: neither what a step does nor what a restored world does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ecs.components import Field
from engine.physics.layout import Count
from tests.engine.arena import Arena

pytestmark = pytest.mark.unit

PLACES = tuple(field for field in Field if field.name.startswith(("TRANSFORM_", "VELOCITY_", "BODY_")))


def crowd(seed: int, fastest: float) -> Arena:
    """An arena with 60 bodies of all kinds in a box, two sensors and a trigger volume."""
    chance, arena = np.random.default_rng(seed), Arena()
    for x, y, size in ((0, -8, (18, 1)), (0, 8, (18, 1)), (-8, 0, (1, 16)), (8, 0, (1, 16))):
        arena.add(x, y, size=size, body="static")
    for number in range(60):
        x, y = chance.uniform(-7.0, 7.0, 2)
        kinds = ({"radius": 0.4}, {"size": (0.6, 0.9)}, {"capsule": (0.4, 1.0)})
        velocity = tuple(chance.uniform(-fastest, fastest, 2))
        kind = ("dynamic", "dynamic", "kinematic")[number % 7 % 3]
        arena.add(x, y, body=kind, velocity=velocity, sensor=number % 31 == 0, **kinds[number % 3])
    arena.add_volume("middle", 0.0, 0.0, 2.0)
    return arena


def found_anew(arena: Arena) -> None:
    """Step with pairs that are found in this tick."""
    arena.physics._buffers.counts[Count.LISTED] = 0
    arena.physics._near_pairs._left = 1  # with boxes that are not grown
    arena.step()


def disturb(arena: Arena, chance: np.random.Generator) -> None:
    """Do what scripts may: put one elsewhere, push one, add one, remove one."""
    entities = arena.world.entities()
    one = int(chance.choice(entities[4:]))
    action = chance.integers(12)
    if action == 0:
        arena.move(one, *chance.uniform(-7.0, 7.0, 2))
    elif action == 1:
        arena.world.set(one, Field.VELOCITY_VX, float(chance.uniform(-30.0, 30.0)))
    elif action == 2:
        arena.add(*chance.uniform(-7.0, 7.0, 2), body="dynamic", radius=0.3)
    elif action == 3:
        arena.world.despawn(one)
    elif action == 4:
        arena.world.set(one, Field.COLLIDER_MASK, int(chance.integers(2)))


@given(st.integers(0, 1000), st.sampled_from([0.1, 3.0, 40.0]))
@settings(deadline=None, max_examples=10)
def test_kept_pairs_do_what_new_ones_do(seed: int, fastest: float) -> None:
    kept, anew = crowd(seed, fastest), crowd(seed, fastest)
    one, other = np.random.default_rng(seed), np.random.default_rng(seed)
    for _ in range(30):
        disturb(kept, one)
        disturb(anew, other)
        kept.step()
        found_anew(anew)
        assert kept.physics.events.tolist() == anew.physics.events.tolist()
        assert kept.physics.state.tolist() == anew.physics.state.tolist()
    assert kept.columns(PLACES) == anew.columns(PLACES)


def test_what_is_at_rest_is_not_searched_again(monkeypatch) -> None:
    from engine.physics import near_pairs

    searches = []
    find = near_pairs.find_pairs
    monkeypatch.setattr(near_pairs, "find_pairs", lambda *given: searches.append(1) or find(*given))
    arena = Arena()
    arena.physics.gravity = (0.0, -9.81)
    arena.add(0.0, -0.5, size=(20.0, 1.0), body="static")
    for number in range(5):
        arena.add(0.0, 0.5 + number, size=(1.0, 1.0), body="dynamic")
    arena.step(120)
    assert len(searches) < 20


def test_boxes_that_do_not_last_are_not_grown_in_vain(monkeypatch) -> None:
    from engine.physics import near_pairs

    seconds = []
    grow = near_pairs.grow_boxes
    monkeypatch.setattr(near_pairs, "grow_boxes", lambda *given: seconds.append(given[-1]) or grow(*given))
    arena = Arena()
    arena.add(0.0, 0.0)
    for number in range(100):
        arena.add(10.0 + number, 0.0)  # others are there in each tick
        arena.step()
    assert len(seconds) == 100
    assert sum(one > 0.0 for one in seconds) < 12


def test_which_of_too_many_pairs_are_left_out_depends_on_the_present_alone(monkeypatch) -> None:
    for module in ("buffers", "near_pairs"):
        monkeypatch.setattr(f"engine.physics.{module}.MOST_PAIRS", 2000)
    kept, anew = Arena(), Arena()
    for arena in (kept, anew):
        for number in range(80):
            arena.add(0.01 * number, 0.0, velocity=(5.0, 0.1 * number), body="dynamic")
    for _ in range(20):
        kept.step()
        found_anew(anew)
        assert kept.physics.state.tolist() == anew.physics.state.tolist()
