"""What the door to Numba promises beyond Numba's own."""

from __future__ import annotations

import pytest
from numba import types

from lang.jit import entry, kernel

pytestmark = pytest.mark.unit


@kernel
def scaled(value: int, factor: int) -> int:
    return value * factor


@entry("int64(int64)")
def sum_of_multiples(value: int) -> int:
    return scaled(value, 2) + scaled(value, 3) + scaled(value, value)


def test_constants_do_not_make_versions():
    for factor in (types.literal(2), types.literal(3), types.int64):
        scaled.get_call_template((types.int64, factor), {})
    assert list(scaled.overloads) == [(types.int64, types.int64)]


def test_kernels_are_called_by_kernels_and_by_tests():
    assert sum_of_multiples(5) == 50
    assert scaled(3, 4) == 12
    assert scaled(3, 5) == 15
    assert scaled(0.5, 4) == 2.0
