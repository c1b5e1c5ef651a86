"""What the door to Numba promises beyond Numba's own."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import types

from lang.jit import entry, kernel, wrapping_add, wrapping_mul, wrapping_sub

pytestmark = pytest.mark.unit


@entry("int64(int64)")
def doubled(value: int) -> int:
    return 2 * value


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


@kernel
def sign_of_wrapped(how: int, x: int, y: int) -> tuple[int, bool]:
    """Return a wrapped result and whether it is negative, which LLVM must not conclude from x and y."""
    if x < 0 or y < 0:
        x, y = -x, -y
    result = wrapping_mul(x, y)
    if how == 0:
        result = wrapping_add(x, y)
    elif how == 1:
        result = wrapping_sub(x, y)
    return result, result < 0


@settings(deadline=None)
@given(st.integers(0, 2), st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_wrapping_arithmetic_is_that_of_64_bits(how, x, y):
    exact = (x + y, x - y, x * y)[how]
    wrapped = (exact + 2**63) % 2**64 - 2**63
    assert sign_of_wrapped(how, x, y) == (wrapped, wrapped < 0)


def test_many_threads_may_load_one_kernel():
    """Numba refuses to compile what another thread has just finished."""
    failures = []

    def load():
        try:
            doubled.compile()
        except RuntimeError as error:
            failures.append(error)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert doubled(21) == 42
