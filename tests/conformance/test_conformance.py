"""The conformance kit, against a floor for each file: what agrees today must agree tomorrow."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import harness

OUTCOME_FLOORS = {"arithmetic": 0.90, "compound_assignment": 0.90, "comparison_equality": 0.85}


@pytest.fixture(scope="module")
def table():
    return harness.rates(harness.verdicts(harness.cases()))


@pytest.mark.integration
@pytest.mark.parametrize("name", sorted(OUTCOME_FLOORS))
def test_a_file_of_the_kit_keeps_its_rate(table, name):
    rate = table[name]
    assert rate.outcome >= OUTCOME_FLOORS[name] * rate.total, str(rate)
