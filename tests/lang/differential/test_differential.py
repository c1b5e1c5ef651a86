"""Random programs do the same in the machine and in the reference interpreter.

`DIFFERENTIAL_EXAMPLES=2000` runs that many of each kind.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "scripts")]

from comparing import Comparison, is_script  # noqa: E402
from generator import Generator  # noqa: E402
from script_runner import CollectingMachine, CrampedMachine  # noqa: E402

from lang.machine import Machine  # noqa: E402
from lang.optimise.passes import NO_PASSES  # noqa: E402

EXAMPLES = int(os.environ.get("DIFFERENTIAL_EXAMPLES", "50"))
pytestmark = pytest.mark.integration
quick = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def comparison():
    return Comparison()


@pytest.fixture(scope="module")
def plain():
    return Comparison(passes=NO_PASSES)


@pytest.fixture(scope="module", params=[CollectingMachine, CrampedMachine])
def small_heap(request):
    return Comparison(request.param)


def agrees(comparison: Comparison, lines: list[str]) -> None:
    """Fail with the few lines that are needed for the difference."""
    if not is_script(lines) or comparison.difference("\n".join(lines)) is None:
        return
    fewer = comparison.shrunk(lines)
    pytest.fail("\n".join([*fewer, str(comparison.difference("\n".join(fewer)))]), pytrace=False)


@quick
@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_a_program_that_hypothesis_makes_does_the_same_in_both(comparison, random, statements):
    agrees(comparison, Generator(random, statements).program())


@pytest.mark.parametrize("seed", range(EXAMPLES * 4))
def test_a_long_program_does_the_same_in_both(comparison, seed):
    agrees(comparison, Generator(Random(seed), 14, mistakes=0.01).program())


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_plain_instructions_do_the_same(plain, seed):
    agrees(plain, Generator(Random(seed), 14, mistakes=0.01).program())


@pytest.mark.parametrize("seed", range(1000, 1000 + EXAMPLES))
def test_a_heap_that_is_always_full_changes_nothing(small_heap, seed):
    agrees(small_heap, Generator(Random(seed), 10, mistakes=0.01).program())


def test_most_programs_are_compared_to_their_end(comparison):
    programs = [Generator(Random(seed), 10, mistakes=0.01).program() for seed in range(40)]
    outcomes = [comparison.evaluator.evaluate("\n".join(lines)) for lines in programs]
    assert sum(outcome.ok for outcome in outcomes) >= 15
    assert sum(bool(outcome.printed) for outcome in outcomes) >= 20


def test_a_planted_difference_is_found_and_shrunk():
    class Wrong(Machine):
        def put(self, register, value):
            super().put(register, value + 1 if type(value) is int else value)

    comparison = Comparison(Wrong)
    lines = ["let a = 1;", "let b = 2.5;", "let c = 13.get_bits(0, 3);", "print(a);", "[a, b, c]"]
    assert comparison.difference("\n".join(lines)) is not None
    assert len(comparison.shrunk(lines)) < len(lines)
