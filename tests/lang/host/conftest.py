"""What the tests of the host interface share: interpreters, one of which collects whenever it can."""

import sys
from pathlib import Path

import pytest

import lang
from lang.host_machine import HostMachine

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS / "lang" / "differential"), str(TESTS / "scripts")]

from script_runner import CollectingMachine  # noqa: E402


class CollectingHostMachine(CollectingMachine, HostMachine):
    """The machine of an interpreter, which collects at every instruction and spoils what is not live."""


@pytest.fixture(params=["plain", "collecting"])
def interpreter(request):
    made = lang.Interpreter(vectors=True)
    if request.param == "collecting":
        made._machine.__class__ = CollectingHostMachine
    return made
