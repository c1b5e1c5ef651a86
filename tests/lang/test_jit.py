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
    assert sum_of_multiples(5) == 50
    assert list(scaled.overloads) == [(types.int64, types.int64)]


def test_a_kernel_is_not_for_python():
    assert sum_of_multiples(1) == 6
    with pytest.raises(TypeError, match="scaled is a kernel: only kernels call it"):
        scaled(1, 2)
