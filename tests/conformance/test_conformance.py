"""The conformance kit, against a floor for each file: what agrees today must agree tomorrow."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import harness

pytestmark = pytest.mark.integration

FLOORS = {
    "arithmetic": (1.0, 1.0),
    "arrays": (1.0, 1.0),
    "bit_fields": (1.0, 1.0),
    "bitwise": (1.0, 1.0),
    "blobs": (1.0, 1.0),
    "chars": (1.0, 1.0),
    "closures": (1.0, 1.0),
    "comments": (1.0, 1.0),
    "comparison_equality": (1.0, 1.0),
    "compound_assignment": (1.0, 1.0),
    "conversion": (1.0, 1.0),
    "float_format": (1.0, 1.0),
    "fn_pointers": (1.0, 1.0),
    "functions": (1.0, 1.0),
    "if_else": (1.0, 1.0),
    "keywords_reserved": (1.0, 1.0),
    "limits": (1.0, 0.892),
    "literals": (1.0, 1.0),
    "logic": (1.0, 1.0),
    "loops": (1.0, 1.0),
    "maps": (1.0, 1.0),
    "math": (1.0, 1.0),
    "methods_this": (1.0, 1.0),
    "parse_errors": (1.0, 1.0),
    "print_debug": (1.0, 1.0),
    "programs": (1.0, 1.0),
    "ranges": (1.0, 1.0),
    "statements_expressions": (1.0, 1.0),
    "string_interpolation": (1.0, 1.0),
    "strings": (1.0, 1.0),
    "switch": (1.0, 1.0),
    "try_catch_throw": (1.0, 1.0),
    "variables_scope": (1.0, 1.0),
    "random": (1.0, 1.0),
}
"""By file: the least share of cases whose outcome agrees, and whose place agrees as well."""
WHOLE_KIT = 1.0


@pytest.fixture(scope="module")
def table():
    return harness.rates(harness.verdicts(harness.cases()))


@pytest.mark.parametrize("name", FLOORS)
def test_a_file_keeps_its_rates(table, name):
    rate = table[name]
    outcome, place = FLOORS[name]
    assert rate.outcome >= outcome * rate.total, str(rate)
    assert rate.place >= place * rate.total, str(rate)


def test_every_file_has_a_floor(table):
    assert set(table) == set(FLOORS)


def test_the_whole_kit_keeps_its_rate(table):
    rate = harness.total(table)
    assert rate.outcome >= WHOLE_KIT * rate.total, str(rate)


def test_a_planted_difference_is_seen():
    case = next(iter(harness.cases("arithmetic")))
    wrong = harness.Case(case.file, case.name, case.script, {"type": "i64", "value": "nothing like it"})
    assert not next(harness.verdicts([wrong])).outcome
