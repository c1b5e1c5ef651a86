"""Whatever a script is, an outcome comes back; with bounds checks, no kernel reaches out of its arrays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import mutation  # noqa: E402

pytestmark = pytest.mark.security


@pytest.mark.parametrize("seed", [1, 2])
def test_mutated_scripts_only_ever_come_to_an_outcome(seed):
    mutation.check(seed, 600)


@pytest.fixture(scope="module")
def evaluator():
    return mutation.Evaluator(limits=mutation.LIMITS)


FRAGMENTS = """
    let x = [ ] ( ) { } #{ } ; , . .. ..= ?. ?? | || && + += - * / % == < in if else while for fn return
    break throw try catch switch => 1 2.5 "s" 'c' this true x y f x.len() x.push(1) x[0] x.y [1].map(|x| x)
"""
WORDS = st.sampled_from(FRAGMENTS.split())


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=25).map(" ".join)))
def test_any_text_comes_to_an_outcome(evaluator, text):
    assert isinstance(evaluator.evaluate(text), mutation.Outcome)


def test_mutated_scripts_stay_within_bounds():
    """The kernels are compiled once more, with bounds checks; a breach is told on standard error."""
    result = subprocess.run(
        [sys.executable, str(HERE / "mutation.py"), "3", "500"],
        env={**os.environ, "NUMBA_BOUNDSCHECK": "1"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert (result.stdout.strip(), result.stderr, result.returncode) == ("fine", "", 0)
