"""The kernels of particles against their twin in plain Python, over effects drawn at random."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ecs.world import World
from engine.particles.emission import ask_placed, emit
from engine.particles.layout import (
    EFFECT_WORDS,
    PARTICLE_WORDS,
    PLACED_WORDS,
    REQUEST_WORDS,
    Area,
    EffectWord,
    ParticleWord,
)
from engine.particles.motion import move_particles

_spec = importlib.util.spec_from_file_location("particle_twin", Path(__file__).parent / "twin.py")
twin = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(twin)

pytestmark = pytest.mark.unit

TICK = 1.0 / 60.0
WORLD = World()
number = st.floats(-10.0, 10.0, allow_subnormal=False)
positive = st.floats(0.01, 10.0)


@st.composite
def effects(draw):
    """The words of an effect."""
    words = np.zeros(EFFECT_WORDS)
    for low in (EffectWord.SPEED_LOW, EffectWord.ROTATION_LOW, EffectWord.SPIN_LOW):
        words[low : low + 2] = sorted((draw(number), draw(number)))
    for low in (EffectWord.LIFE_LOW, EffectWord.SCALE_LOW, EffectWord.AREA_A):
        words[low : low + 2] = sorted((draw(positive), draw(positive)))
    for word in (EffectWord.DIRECTION, EffectWord.INHERIT, EffectWord.GRAVITY_X, EffectWord.GRAVITY_Y):
        words[word] = draw(number)
    words[EffectWord.SPREAD] = draw(st.sampled_from([0.0, 1.0, 2.0 * math.pi]))
    words[EffectWord.DRAG] = draw(st.sampled_from([0.0, 0.5, 1000.0]))
    words[EffectWord.AREA] = draw(st.sampled_from(Area))
    words[EffectWord.OUTWARD] = draw(st.sampled_from([0.0, 1.0]))
    words[EffectWord.LOCAL] = draw(st.sampled_from([0.0, 1.0]))
    words[EffectWord.TINTS] = draw(st.sampled_from([1.0, 3.0]))
    words[EffectWord.DURATION] = math.inf
    return words


def emitted(words, requests, seed, limit=1000, before=0):
    """The columns of a pool after an emission, and the generator's state."""
    rows = np.zeros((len(requests), REQUEST_WORDS))
    for row, (evenly, at_once, (start, end, rotation, owner)) in zip(rows, requests, strict=True):
        row[:] = (0, evenly, at_once, *start, *end, rotation, owner & 0xFFFFFFFF, owner >> 32)
    pool = np.zeros((PARTICLE_WORDS, 1000))
    emission = np.array([0, len(requests), before, limit, seed], np.int64)
    count = emit(words[None], rows, pool, emission, TICK)
    return pool[:, :count].T, int(emission[4]) % 2**64


places = st.tuples(number, number)
requests = st.tuples(st.integers(0, 5), st.integers(0, 5), st.tuples(places, places, number, st.just(7)))


@settings(deadline=None)
@given(effects(), st.lists(requests, max_size=4), st.integers(0, 2**63 - 1))
def test_births_are_those_of_the_twin(words, wanted, seed):
    chance = twin.Chance(seed)
    expected = []
    for evenly, at_once, request in wanted:
        moments = [0.0] * at_once + [(k + 0.5) / evenly for k in range(evenly)]
        expected += [twin.born(words, chance, request, moment, TICK) for moment in moments]
    found, state = emitted(words, wanted, seed)
    assert state == chance.state
    assert found.shape[0] == len(expected)
    if expected:
        np.testing.assert_allclose(found[:, :11], expected, rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(effects(), st.integers(0, 60), st.integers(0, 2**32))
def test_motion_is_that_of_the_twin_and_keeps_the_order(words, count, seed):
    words[EffectWord.LOCAL] = 0.0
    rng = np.random.default_rng(seed)
    pool = rng.uniform(-5.0, 5.0, (PARTICLE_WORDS, 64))
    pool[ParticleWord.AGE] = rng.uniform(0.0, 0.1, 64)
    pool[ParticleWord.LIFE] = rng.uniform(0.02, 0.12, 64)
    before = pool[:, :count].T.tolist()
    kept = move_particles(WORLD.table, words, pool, count, TICK)
    expected = [one for one in (twin.moved(particle, words, TICK) for particle in before) if one]
    assert kept == len(expected)
    if expected:
        np.testing.assert_allclose(pool[:, :kept].T, expected, rtol=1e-12, atol=1e-12)


@settings(deadline=None)
@given(effects(), st.integers(0, 30), st.integers(0, 30))
def test_no_emission_passes_its_limit(words, limit, before):
    request = (4, 9, ((0.0, 0.0), (0.0, 0.0), 0.0, 0))
    found, _ = emitted(words, [request, request], 1, limit=limit, before=before)
    assert len(found) == max(before, min(limit, before + 26))


def test_ages_never_pass_the_tick_in_which_one_is_born():
    words = np.zeros(EFFECT_WORDS)
    words[[EffectWord.LIFE_LOW, EffectWord.LIFE_HIGH, EffectWord.TINTS]] = 1.0
    found, _ = emitted(words, [(4, 2, ((0.0, 0.0), (4.0, 0.0), 0.0, 0))], 1)
    assert found[:, ParticleWord.AGE] * 60.0 == pytest.approx([1.0, 1.0, 0.875, 0.625, 0.375, 0.125])
    assert found[:, ParticleWord.X] == pytest.approx([0.0, 0.0, 0.5, 1.5, 2.5, 3.5]), "an even trail"


def births_of(words, bursts, ticks, tick=TICK):
    """How many particles an effect that is placed asks for in each tick, and when it is over."""
    placed = np.zeros((1, PLACED_WORDS))
    births = []
    for _ in range(ticks):
        counts = np.array([1, 0], np.int64)
        rows, wanted = np.zeros((2, REQUEST_WORDS)), np.zeros(1, np.int64)
        alive = ask_placed(placed, words[None], np.array(bursts).reshape(-1, 2), rows, wanted, counts, tick)
        births.append(int(wanted[0]))
        assert int(rows[: counts[1], 1:3].sum()) == wanted[0]
        if not alive:
            break
    return births


@settings(deadline=None)
@given(st.floats(0.5, 5000.0), st.floats(0.02, 2.0), st.floats(0.001, 0.1))
def test_a_rate_bears_as_many_as_time_and_rate_make(rate, duration, tick):
    words = np.zeros(EFFECT_WORDS)
    words[EffectWord.RATE], words[EffectWord.DURATION] = rate, duration
    births = births_of(words, [], 3000, tick)
    assert sum(births) == pytest.approx(rate * duration, abs=1.001)
    assert len(births) == pytest.approx(duration / tick, abs=1.001), "it is over after its duration"


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 0.5), st.integers(1, 9)), max_size=5), st.floats(0.005, 0.1))
def test_each_burst_comes_once_in_the_tick_of_its_time(bursts, tick):
    words = np.zeros(EFFECT_WORDS)
    words[EffectWord.DURATION], words[EffectWord.BURSTS] = 0.6, len(bursts)
    births = births_of(words, bursts, 200, tick)
    assert sum(births) == sum(count for _, count in bursts)
    if bursts:
        first = min(time for time, _ in bursts)
        assert np.flatnonzero(births)[0] == pytest.approx(first / tick, abs=1.001)


def test_hostile_numbers_bear_nothing_or_the_most_there_may_be():
    words = np.zeros(EFFECT_WORDS)
    words[EffectWord.DURATION] = math.inf
    for rate, expected in ((math.nan, 0), (-5.0, 0), (1e300, 1_000_000)):
        words[EffectWord.RATE] = rate
        assert births_of(words, [], 1) == [expected]
