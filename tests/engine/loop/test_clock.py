import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.loop.clock import FixedClock

pytestmark = pytest.mark.unit


def test_a_second_in_any_slices_is_sixty_ticks():
    for slices in (16, 50, 60, 64, 128, 500):
        clock = FixedClock()
        ticks = sum(clock.advance(1 / slices) for _ in range(slices))
        assert ticks + clock.alpha == pytest.approx(60, abs=1e-9)


def test_the_rest_of_a_tick_is_alpha():
    clock = FixedClock()
    assert clock.advance(0.025) == 1
    assert clock.alpha == pytest.approx(0.5)


def test_a_long_frame_is_capped_and_the_rest_dropped():
    clock = FixedClock(most_steps=5)
    assert clock.advance(10.0) == 5
    assert clock.advance(1 / 60) == 1


def test_paused_it_runs_single_steps_only():
    clock = FixedClock()
    clock.advance(0.025)
    clock.paused = True
    assert clock.advance(1.0) == 0
    clock.step()
    clock.step()
    assert clock.advance(0.0) == 2
    assert clock.advance(1.0) == 0
    assert clock.alpha == pytest.approx(0.5)
    clock.step()
    clock.paused = False
    assert clock.advance(0.0) == 0


def test_slow_motion_and_haste():
    clock = FixedClock()
    clock.speed = 0.5
    assert sum(clock.advance(1 / 30) for _ in range(30)) == 30
    clock.speed = 2.0
    assert clock.advance(1 / 60) == 2


@pytest.mark.parametrize("seconds", [-0.1, math.inf, math.nan])
def test_impossible_times_are_refused(seconds):
    with pytest.raises(ValueError, match="real_seconds"):
        FixedClock().advance(seconds)


@pytest.mark.parametrize("speed", [0.0, -1.0, 9.0, math.nan])
def test_impossible_speeds_are_refused(speed):
    with pytest.raises(ValueError, match="speed"):
        FixedClock().speed = speed


def test_reset_forgets_what_is_due():
    clock = FixedClock()
    clock.advance(0.03)
    clock.reset()
    assert clock.alpha == 0.0


@given(st.lists(st.floats(0, 100), max_size=50), st.integers(1, 9))
def test_no_frame_exceeds_the_cap_and_alpha_stays_below_one(frames, most):
    clock = FixedClock(most)
    for seconds in frames:
        assert 0 <= clock.advance(seconds) <= most
        assert 0.0 <= clock.alpha < 1.0
