"""The kit on a heap so small that it is collected all the time: nothing may come out differently."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import harness

from lang.evaluate import Evaluator
from lang.faults import Fault
from lang.limits import Limits

pytestmark = pytest.mark.integration

FILES = ("arrays", "blobs", "closures", "fn_pointers", "maps", "programs", "strings", "try_catch_throw")
RANDOM_CASES = 250


def cases():
    for name in FILES:
        yield from harness.cases(name)
    yield from list(harness.cases(harness.RANDOM))[:RANDOM_CASES]


def test_collections_change_nothing():
    roomy = Evaluator()
    small = Evaluator(limits=Limits(memory=4096))
    different = []
    full = 0
    for case in cases():
        expected = roomy.evaluate(case.script, case.name)
        got = small.evaluate(case.script, case.name)
        if got.message is not None and Fault.MEMORY.message in got.message:
            full += 1
        elif harness.plain_outcome(got) != harness.plain_outcome(expected):
            different.append(case.name)
    assert different == []
    assert full < 20
