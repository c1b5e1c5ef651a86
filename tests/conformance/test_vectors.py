"""Vectors, an extension of ours: cases in the kit's format, for the machine and the reference interpreter."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import harness

from lang.evaluate import Evaluator
from tests.reference.walker import Reference

pytestmark = pytest.mark.integration

FILES = sorted(harness.VECTORS.glob("*.toml"))
IN_STRICT_MODE = "strict"


@pytest.mark.parametrize("interpreter", [Evaluator, Reference])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_cases_come_out_as_they_expect(path, interpreter):
    evaluator = interpreter(vectors=path.stem != IN_STRICT_MODE)
    verdicts = [harness.judge(case, evaluator.evaluate(case.script)) for case in harness.file_cases(path)]
    assert [(v.case.name, v.got) for v in verdicts if not v.place] == []


def test_there_are_enough_of_them():
    assert sum(len(list(harness.file_cases(path))) for path in FILES) >= 80
