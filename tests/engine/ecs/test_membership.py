"""Which numbers are among others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ecs.membership import among

pytestmark = pytest.mark.unit

NUMBERS = st.lists(st.integers(-5, 5), max_size=12)


@given(NUMBERS, NUMBERS)
def test_it_tells_what_isin_tells(numbers, others):
    numbers, others = np.array(numbers, np.int64), np.array(others, np.int64)
    assert among(numbers, others).tolist() == np.isin(numbers, others).tolist()
