"""The generator against known numbers, and against the same reckoning with Python's whole numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lang.numeric.splitmix import mixed, next_state, unit_of

pytestmark = pytest.mark.unit

MASK = 2**64 - 1
KNOWN = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)
"""The first numbers from seed 0, as the authors' own program prints them."""


def test_the_first_numbers_are_the_known_ones():
    state, found = 0, []
    for _ in KNOWN:
        state = next_state(state)
        found.append(mixed(state) % 2**64)
    assert tuple(found) == KNOWN


@settings(deadline=None)
@given(st.integers(-(2**63), 2**63 - 1))
def test_numbers_are_those_of_whole_numbers_without_a_sign(state):
    assert next_state(state) % 2**64 == (state + 0x9E3779B97F4A7C15) & MASK
    bits = state & MASK
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & MASK
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & MASK
    assert mixed(state) % 2**64 == bits ^ bits >> 31


@settings(deadline=None)
@given(st.integers(-(2**63), 2**63 - 1))
def test_units_have_53_bits(bits):
    assert unit_of(bits) == (bits % 2**64 >> 11) / 2**53
