import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.geometry.rotation import sine_cosine

pytestmark = pytest.mark.unit


@given(st.floats(-1e5, 1e5))
@settings(deadline=None)
def test_sine_and_cosine_are_right_to_the_last_places(angle: float) -> None:
    sine, cosine = sine_cosine(angle)
    assert sine == pytest.approx(math.sin(angle), abs=4e-16)
    assert cosine == pytest.approx(math.cos(angle), abs=4e-16)


@given(st.floats(1e5, 1e300) | st.floats(-1e300, -1e5))
@settings(deadline=None)
def test_huge_angles_still_give_a_point_of_the_unit_circle(angle: float) -> None:
    sine, cosine = sine_cosine(angle)
    assert math.hypot(sine, cosine) == pytest.approx(1.0, abs=1e-15)


def test_no_turn_is_exact() -> None:
    assert sine_cosine(0.0) == (0.0, 1.0)
    assert sine_cosine(-0.0) == (0.0, 1.0)
