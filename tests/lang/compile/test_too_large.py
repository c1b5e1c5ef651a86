"""Functions that are too large for an instruction's operands are refused at their edge, with any pass."""

import pytest

from lang.errors import CompileError
from lang.layout import MOST_REGISTERS
from lang.optimise.passes import ALL_PASSES, NO_PASSES

pytestmark = [pytest.mark.unit, pytest.mark.security]

MOST_LETS = MOST_REGISTERS - 2  # beside `this`, and the value of the script
MOST_ADDITIONS = 16_383  # of two plain instructions each, and a jump back


@pytest.fixture(params=[ALL_PASSES, NO_PASSES], ids=["optimised", "plain"])
def refusal(compiled, request):
    """Return the error with which a text is refused, or None."""

    def refusal(text):
        try:
            compiled(text, passes=request.param)
        except CompileError as error:
            return error
        return None

    return refusal


def test_variables(refusal):
    lets = [f"let v{number} = 1;" for number in range(MOST_LETS + 1)]
    assert refusal("\n".join(lets[:-1])) is None
    error = refusal("\n".join(lets))
    assert error.message == "This function needs too many variables"
    assert error.line == MOST_LETS + 1


def test_a_jump(refusal):
    assert refusal("let x = 0; loop { " + "x += 1; " * MOST_ADDITIONS + "}") is None
    error = refusal("let x = 0; loop { " + "x += 1; " * (MOST_ADDITIONS + 1) + "}")
    assert error.message == "This part of the script is too long"
    assert error.line == 1


def test_constants(refusal):
    assert refusal(f"[{','.join(map(str, range(65_000)))}]") is None
    error = refusal(f"[{','.join(map(str, range(66_000)))}]")
    assert error.message == "This script has too many constants, names or functions"


def test_arguments_of_a_call(refusal):
    assert refusal(f"fn f() {{ }} print({','.join(['1'] * (MOST_REGISTERS + 1))})") is not None
