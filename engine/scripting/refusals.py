"""Why an API function refuses its arguments: one line each, shown to the author of the script."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum, unique
from typing import Any, Self

from lang.faults import Fault
from lang.jit import I64, kernel
from lang.layout import M
from lang.stdlib.text import display, type_name


@unique
class Refusal(IntEnum):
    """Number and message; `{value}` is the argument's payload, `{text}` the argument as it prints."""

    _value_: int
    message: str

    def __new__(cls, number: int, message: str) -> Self:
        """Make a member from a line of the table."""
        refusal = int.__new__(cls, number)
        refusal._value_ = number
        refusal.message = message
        return refusal

    NOT_AN_ENTITY = 0, "an entity id (an int) is expected as argument {number}, not {found}"
    STALE_ENTITY = 1, "entity {value} does not exist (any more)"
    NO_TRANSFORM = 2, "entity {value} has no position"
    NOT_A_POSITION = 3, "a position is expected as argument {number}: a vector, or an array of 2 or 3 numbers"
    NOT_FINITE = 4, "argument {number} is NaN or infinite"
    NOT_A_NUMBER = 5, "a number is expected as argument {number}, not {found}"
    NEGATIVE = 6, "argument {number} must not be negative"
    NOT_A_STRING = 7, "a string is expected as argument {number}, not {found}"
    UNKNOWN_PREFAB = 8, "no prefab is called {text}"
    UNKNOWN_ACTION = 9, "no action is called {text} in the scene's [input] table"
    EMPTY_INTERVAL = 10, "the first number must not be above the second"
    NO_TEXT = 11, "entity {value} has no text"
    WRITES_REFUSED = 12, "the world cannot be changed here"
    NOT_TWO_INTS = 13, "two ints are expected here"
    TOO_MANY_ENTITIES = 14, "the world has as many entities as the scene's limits allow"
    NO_VELOCITY = 15, "entity {value} has neither a velocity nor a body"
    TEXT_TOO_LONG = 16, "argument {number} is longer than 16 KiB"
    UNKNOWN_EFFECT = 17, "no effect is called {text}: the scene has no table [effect.NAME] of it"
    NO_EMITTER = 18, "entity {value} has no emitter"
    NOT_A_BOOL = 19, "true or false is expected as argument {number}, not {found}"
    UNKNOWN_BUS = 20, "no bus is called {text}: there are master, music and effects"
    NOT_A_SOUND = 21, "a handle (an int) or a name is expected as argument {number}, not {found}"
    UNKNOWN_SCREEN = 22, "no [[screen]] of the scene is called {text}"
    TOO_MANY_EFFECTS = 23, "too much was asked for in this tick"
    NOT_POSITIVE = 24, "argument {number} must be above 0"
    NO_HEALTH = 25, "entity {value} has no health"
    CANNOT_CROSS = (
        26,
        "argument {number} holds a closure or a pointer that carries values: these belong to one script",
    )
    NOT_A_TIME = 27, "argument {number} must be from 0 to a billion seconds"
    NO_DIRECTION = 28, "argument {number} has no direction: its length is 0"
    NO_TEAM = 29, "entity {value} is in no team: give it a `team` in the scene"
    NO_DYNAMIC_BODY = 30, "entity {value} has no dynamic body"
    NO_SPACE = 31, "this world has no index of places"
    NO_ANIMATION = 32, "entity {value} has no animation"
    UNKNOWN_ANIMATION = 33, "no clip, or state of the entity's animator, is called {text}"
    NO_ANIMATOR = 34, "entity {value} has no animator"
    UNKNOWN_PARAMETER = 35, "no parameter or trigger of the entity's animator is called {text}"
    NOT_A_SETTING = 36, "a number or a bool is expected as argument {number}, not {found}"
    TOO_STRONG = 37, "argument {number} is too strong: no velocity is so large"
    NOT_AN_INT = 38, "an int is expected as argument {number}, not {found}"
    TOO_MANY_ITEMS = 39, "nobody can carry so many"
    UNKNOWN_STATUS = 40, "no status effect is called {text}: the scene has no table [status.NAME] of it"
    NO_MAP = 41, "this scene has no [tilemap]"
    UNKNOWN_COMPONENT = 42, 'scripts see no component "{component}"; there are: {properties}'
    LACKS_COMPONENT = 43, "the entity has no {component}, and only components of [component] can be added"
    NOT_A_MAP_OF = 44, "{component} expects a map of some of its properties: {properties}"
    UNKNOWN_PROPERTY = 45, '{component} has no property "{property}" that scripts see; it has: {properties}'
    BAD_PROPERTY = 46, "{component}.{property} must be {expected}"
    TOO_MUCH_DATA = 48, "with this value a game would keep more than 64 KiB"
    NOT_OVERRIDES = 47, "a map of components is expected as argument {number}, not {found}"
    NO_COLLIDER = 49, "entity {value} has no collider"


OF_COMPONENTS = frozenset(range(Refusal.UNKNOWN_COMPONENT, Refusal.BAD_PROPERTY + 1))
"""Refusals about a place of the table of components, see `engine.scripting.reflection`."""
MESSAGES = {int(refusal): refusal.message for refusal in Refusal}
LONGEST_QUOTE = 60
NO_ARGUMENT = -1
ARGUMENT_SHIFT = 8


@kernel
def refuse(m: I64, refusal: int, argument: int, value: int) -> int:
    """Return the fault of a refused call: why, which argument (from 0, or NO_ARGUMENT), its payload."""
    m[M.DETAIL] = refusal | (argument + 1) << ARGUMENT_SHIFT
    m[M.DETAIL2] = value
    return Fault.REFUSED


def refusal_text(
    detail: int, value: int, arguments: list[Any], words_of: Callable[[int, Any], dict[str, str]]
) -> str:
    """Return the message of a refused call from what `refuse` noted and the arguments of the call.

    Args:
        words_of: what to say of a place of the table of components, and the argument that is at fault.
    """
    number = detail >> ARGUMENT_SHIFT
    argument = arguments[number - 1] if number else None
    refusal = detail & (1 << ARGUMENT_SHIFT) - 1
    if refusal in OF_COMPONENTS:
        return MESSAGES[refusal].format(**words_of(value, argument))
    found, text = type_name(argument), _quoted(argument)
    return MESSAGES[refusal].format(value=value, number=number, found=found, text=text)


def _quoted(value: Any) -> str:
    text = display(value)
    text = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return f'"{text}"' if isinstance(value, str) else text
