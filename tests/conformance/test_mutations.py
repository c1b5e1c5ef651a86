"""Whatever a script is, an outcome comes back.

`python tests/conformance/fuzz.py SEED COUNT` does the same with as many scripts as one likes.
"""

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

import fuzz as fuzzing  # noqa: E402

pytestmark = pytest.mark.security


def fuzz(folder, *words, **environment):
    """Run the command that evaluates scripts in processes of their own."""
    command = [sys.executable, str(HERE / "fuzz.py"), *map(str, words), "--keep", str(folder)]
    settings = {**os.environ, **environment}
    return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=900, check=False)


def test_mutated_scripts_only_ever_come_to_an_outcome(tmp_path):
    result = fuzz(tmp_path, 1, 1500, "--workers", 1)
    assert (result.stdout.splitlines()[-1], result.stderr, result.returncode) == ("0 found", "", 0)


def test_a_worker_that_dies_leaves_its_script_and_is_followed_by_another(tmp_path, monkeypatch):
    scripts = list(fuzzing.Mutator(9).numbered(0, 30))
    plugin = tmp_path / "sitecustomize.py"
    plugin.write_text(
        "import os, lang.evaluate as e\n"
        "evaluate = e.Evaluator.evaluate\n"
        "def deadly(self, text):\n"
        f"    return os.abort() if text == {scripts[7][1]!r} else evaluate(self, text)\n"
        "e.Evaluator.evaluate = deadly\n"
    )
    path = os.pathsep.join([str(tmp_path), str(HERE.parents[1])])
    result = fuzz(tmp_path, 9, 30, "--workers", 1, PYTHONPATH=path)
    assert result.returncode == 1
    assert (tmp_path / "found-mutations-9-7.rhai").read_text() == scripts[7][1]
    assert "mutations 30 of 30" in result.stdout


@pytest.fixture(scope="module")
def evaluator():
    return fuzzing.Evaluator(limits=fuzzing.LIMITS)


FRAGMENTS = """
    let x = [ ] ( ) { } #{ } ; , . .. ..= ?. ?? | || && + += - * / % == < in if else while for fn return
    break throw try catch switch => 1 2.5 "s" 'c' this true x y f x.len() x.push(1) x[0] x.y [1].map(|x| x)
"""
WORDS = st.sampled_from(FRAGMENTS.split())


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=25).map(" ".join)))
def test_any_text_comes_to_an_outcome(evaluator, text):
    assert isinstance(evaluator.evaluate(text), fuzzing.Outcome)
