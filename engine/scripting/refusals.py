"""Why an API function refuses its arguments: one line each, shown to the author of the script."""

from __future__ import annotations

from enum import IntEnum, unique

from typing_extensions import Self

from lang.faults import Fault
from lang.jit import I64, kernel
from lang.layout import M


@unique
class Refusal(IntEnum):
    """Number and message; `{value}` is the argument's payload where that helps."""

    _value_: int
    message: str

    def __new__(cls, number: int, message: str) -> Self:
        refusal = int.__new__(cls, number)
        refusal._value_ = number
        refusal.message = message
        return refusal

    NOT_AN_ENTITY = 0, "an entity id is expected here (an int)"
    STALE_ENTITY = 1, "entity {value} does not exist (any more)"
    NO_TRANSFORM = 2, "entity {value} has no position"
    NOT_A_POSITION = 3, "a position is expected here: a vector, or an array of 2 or 3 numbers"
    NOT_FINITE = 4, "a number here is NaN or infinite"
    NOT_A_NUMBER = 5, "a number is expected here"
    NEGATIVE = 6, "a number here must not be negative"
    NOT_A_STRING = 7, "a string is expected here"
    UNKNOWN_PREFAB = 8, "the scene has no prefab of that name"
    UNKNOWN_ACTION = 9, "the scene's [input] table has no action of that name"
    EMPTY_INTERVAL = 10, "the first number must not be above the second"
    NO_TEXT = 11, "entity {value} has no text"
    WRITES_REFUSED = 12, "the world cannot be changed here"
    NOT_TWO_INTS = 13, "two ints are expected here"
    NO_VELOCITY = 15, "entity {value} has neither a velocity nor a body"
    TOO_MANY_ENTITIES = 14, "the world has as many entities as the scene's limits allow"


REFUSALS = tuple(refusal.message for refusal in Refusal)


@kernel
def refuse(m: I64, refusal: int, value: int) -> int:
    """Return the fault of a refused argument."""
    m[M.DETAIL] = refusal
    m[M.DETAIL2] = value
    return Fault.REFUSED
