"""The reference interpreter does what the conformance kit says, so that it may judge the machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "conformance"))

import harness

from tests.reference.walker import Reference

pytestmark = pytest.mark.integration

NOT_COVERED = {
    "stmt-set-tag-and-take",  # it gives tags to variables, not to values
}


def test_the_kit_agrees_but_for_what_is_told():
    reference = Reference()
    cases = [case for case in harness.cases() if case.file != harness.RANDOM]
    wrong = [case.name for case in cases if not harness.judge(case, reference.run(case.script)).outcome]
    assert set(wrong) <= NOT_COVERED


def test_random_programs_of_the_kit_agree():
    reference = Reference()
    cases = list(harness.cases(harness.RANDOM))[::5]
    assert all(harness.judge(case, reference.run(case.script)).outcome for case in cases)


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("(1, 2.5) + (1.0, 1.0)", "(2.0, 3.5)"),
        ("let v = (3.0, 4.0); [v.length(), v.x, v[1]]", "[5.0, 3.0, 4.0]"),
        ("(1.0, 2.0, 3.0) * 2", "(2.0, 4.0, 6.0)"),
        ("-(1.0, 2.0) == (-1.0, -2.0)", "true"),
    ],
)
def test_vectors_are_an_extension(script, value):
    assert Reference(vectors=True).run(script).value == value
    assert Reference().run(script).error == "Parsing"
