"""Sorting against Python's own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lang.evaluate import Evaluator

pytestmark = pytest.mark.unit
EVALUATOR = []

INTS = st.integers(-(2**63) + 1, 2**63 - 1)
TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters='"\\$`\r\n'), max_size=4)


def run(script):
    if not EVALUATOR:
        EVALUATOR.append(Evaluator())
    return EVALUATOR[0].evaluate(script)


@settings(max_examples=40, deadline=None)
@given(st.lists(INTS, max_size=70))
def test_ints(items):
    assert run(f"let a = {items}; a.sort(); a").value == str(sorted(items))


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, max_size=20))
def test_strings_sort_by_their_bytes(items):
    quoted = ", ".join(f'"{item}"' for item in items)
    expected = "".join(sorted(items, key=lambda item: item.encode()))
    assert run(f'let a = [{quoted}]; a.sort(); a.reduce(|s, x| s + x, "")').display == expected


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=50))
def test_a_comparer_sorts_stably(items):
    pairs = [[item, number] for number, item in enumerate(items)]
    assert run(f"let a = {pairs}; a.sort(|x, y| x[0] - y[0]); a").value == str(
        sorted(pairs, key=lambda pair: pair[0])
    )


@pytest.mark.parametrize("call", ["a.sort()", "a.sort(|x, y| x - y)"])
def test_the_work_grows_as_n_log_n(call):
    def cost(count):
        script = f"let a = []; for i in 0..{count} {{ a.push((i * 7919) % 10007); }} "
        return run(script + call).ops - run(script + "0").ops

    assert cost(4096) < 4 * 1.5 * cost(1024)


def test_floats_sort_by_their_true_order():
    assert run("let a = [0.3, 0.1 + 0.2, -0.0, 0.0, -1.0]; a.sort(); a").value == (
        "[-1.0, -0.0, 0.0, 0.3, 0.30000000000000004]"
    )
