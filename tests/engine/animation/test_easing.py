"""Easings: their names, their ends, and the formulas again in plain Python."""

from typing import get_args

import pytest

from engine.animation.easing import Ease, ease
from engine.scene.animation import EaseName
from tests.engine.animation.reference import eased

pytestmark = pytest.mark.unit
NAMES = [one.name.lower() for one in Ease]


def test_scenes_know_every_easing():
    assert list(get_args(EaseName)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_curve_is_that_of_the_formula(name):
    kind = Ease[name.upper()]
    assert ease(kind, 0.0) == 0.0
    assert ease(kind, 1.0) == 1.0
    for step in range(129):
        t = step / 128
        assert ease(kind, t) == pytest.approx(eased(name, t), abs=1e-12), t


@pytest.mark.parametrize("name", ["out_back", "in_elastic", "in_out_elastic"])
def test_some_swing_beyond_their_ends(name):
    values = [ease(Ease[name.upper()], step / 64) for step in range(65)]
    assert max(values) > 1.0 or min(values) < 0.0
