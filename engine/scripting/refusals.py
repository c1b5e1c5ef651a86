"""Why an API function refuses its arguments: one line each, shown to the author of the script."""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Self

from lang.faults import Fault
from lang.jit import I64, kernel
from lang.layout import M


@unique
class Refusal(IntEnum):
    """Number, message, and what is wrong then, as the reference says it of a parameter or of the call.

    `{parameter}` is its name, `{value}` its payload, `{text}` the argument as it prints, `{found}` its type.
    A value of a wrong type needs no words in the reference: the types are there.
    """

    _value_: int
    message: str
    when: str

    def __new__(cls, number: int, message: str, when: str = "") -> Self:
        """Make a member from a line of the table."""
        refusal = int.__new__(cls, number)
        refusal._value_ = number
        refusal.message = message
        refusal.when = when
        return refusal

    NOT_AN_ENTITY = 0, "an entity id (an int) is expected as {parameter}, not {found}"
    STALE_ENTITY = 1, "{parameter}: entity {value} does not exist (any more)", "does not exist"
    NO_TRANSFORM = 2, "{parameter}: entity {value} has no position", "has no position"
    NOT_A_VECTOR = 3, "a vector, or an array of 2 or 3 numbers, is expected as {parameter}, not {found}"
    NOT_FINITE = 4, "{parameter} is NaN or infinite", "is NaN or infinite"
    NOT_A_NUMBER = 5, "a number is expected as {parameter}, not {found}"
    NEGATIVE = 6, "{parameter} must not be negative", "is negative"
    NOT_A_STRING = 7, "a string is expected as {parameter}, not {found}"
    UNKNOWN_PREFAB = 8, "{parameter}: no prefab is called {text}", "is no prefab of the scene"
    UNKNOWN_ACTION = (
        9,
        "{parameter}: no action is called {text} in the scene's [input] table",
        "is no action of the scene's `[input]`",
    )
    EMPTY_INTERVAL = 10, "{parameter} must not be below the number before it", "is below the number before it"
    NO_TEXT = 11, "{parameter}: entity {value} has no text", "has no text"
    WRITES_REFUSED = 12, "the world cannot be changed here"
    WRONG_COUNT = 13, "it does not take so many arguments"
    TOO_MANY_ENTITIES = (
        14,
        "the world has as many entities as the scene's limits allow",
        "the world holds as many entities as the scene's `[limits]` allow",
    )
    NO_VELOCITY = (
        15,
        "{parameter}: entity {value} has neither a velocity nor a body",
        "has neither a velocity nor a body",
    )
    TEXT_TOO_LONG = 16, "{parameter} is longer than 16 KiB", "is longer than 16 KiB"
    UNKNOWN_EFFECT = (
        17,
        "{parameter}: no effect is called {text}: the scene has no table [effect.NAME] of it",
        "is no `[effect.NAME]` of the scene",
    )
    NO_EMITTER = 18, "{parameter}: entity {value} has no emitter", "has no emitter"
    NOT_A_BOOL = 19, "true or false is expected as {parameter}, not {found}"
    UNKNOWN_BUS = (
        20,
        "{parameter}: no bus is called {text}: there are master, music and effects",
        "is no bus",
    )
    NOT_A_SOUND = 21, "a handle (an int) or a name is expected as {parameter}, not {found}"
    UNKNOWN_SCREEN = (
        22,
        "{parameter}: no [[screen]] of the scene is called {text}",
        "is no `[[screen]]` of the scene",
    )
    TOO_MANY_EFFECTS = (
        23,
        "too much was asked for in this tick",
        "more than 1,024 things were asked for in this tick",
    )
    NOT_POSITIVE = 24, "{parameter} must be above 0", "is not above 0"
    NO_HEALTH = 25, "{parameter}: entity {value} has no health", "has no health"
    CANNOT_CROSS = (
        26,
        "{parameter} holds a closure or a pointer that carries values: these belong to one script",
        "holds a closure, or a pointer that carries values",
    )
    NOT_A_TIME = (
        27,
        "{parameter} must be from 0 to a billion seconds",
        "is negative or above a billion",
    )
    NO_DIRECTION = 28, "{parameter} has no direction: its length is 0", "has the length 0"
    NO_TEAM = (
        29,
        "{parameter}: entity {value} is in no team: give it a `team` in the scene",
        "was never given a team",
    )
    NO_DYNAMIC_BODY = 30, "{parameter}: entity {value} has no dynamic body", "has no dynamic body"
    NO_SPACE = 31, "this world has no index of places"
    NO_ANIMATION = 32, "{parameter}: entity {value} has no animation", "has no animation"
    UNKNOWN_ANIMATION = (
        33,
        "{parameter}: no clip, or state of the entity's animator, is called {text}",
        "is no clip, or no state of its animator",
    )
    NO_ANIMATOR = 34, "{parameter}: entity {value} has no animator", "has no animator"
    UNKNOWN_PARAMETER = (
        35,
        "{parameter}: no parameter or trigger of the entity's animator is called {text}",
        "is no parameter or trigger of its animator",
    )
    NOT_A_SETTING = 36, "a number or a bool is expected as {parameter}, not {found}"
    TOO_STRONG = (
        37,
        "{parameter} is too strong: no velocity is so large",
        "would make a velocity larger than any",
    )
    NOT_AN_INT = 38, "an int is expected as {parameter}, not {found}"
    TOO_MANY_ITEMS = (
        39,
        "{parameter}: nobody can carry so many",
        "would make more than 2⁵³ of them",
    )
    UNKNOWN_STATUS = (
        40,
        "{parameter}: no status effect is called {text}: the scene has no table [status.NAME] of it",
        "is no `[status.NAME]` of the scene",
    )
    NO_MAP = 41, "this scene has no [tilemap]", "the scene has no `[tilemap]`"
    UNKNOWN_COMPONENT = (
        42,
        'scripts see no component "{component}"; there are: {properties}',
        "names a component that scripts do not see",
    )
    LACKS_COMPONENT = (
        43,
        "the entity has no {component}, and only components of [component] can be added",
        "is for a component that the entity lacks and scripts cannot add",
    )
    NOT_A_MAP_OF = 44, "{component} expects a map of some of its properties: {properties}"
    UNKNOWN_PROPERTY = (
        45,
        '{component} has no property "{property}" that scripts see; it has: {properties}',
        "holds a property that the component lacks",
    )
    BAD_PROPERTY = (
        46,
        "{component}.{property} must be {expected}",
        "holds a value that the property cannot have",
    )
    TOO_MUCH_DATA = (
        48,
        "{parameter}: with this value the game, or mod, would keep more than its share of 64 KiB",
        "would make more than its share of 64 KiB in all",
    )
    NOT_OVERRIDES = 47, "a map of components is expected as {parameter}, not {found}"
    NO_COLLIDER = 49, "{parameter}: entity {value} has no collider", "has no collider"
    VECTOR_NOT_FINITE = 51, "a component of {parameter} is NaN or infinite", "is NaN or infinite"
    NOT_A_PLACE = (
        50,
        "an entity id, a vector, or an array of 2 or 3 numbers is expected as {parameter}, not {found}",
    )
    NOT_A_FUNCTION = 57, "a function pointer is expected as {parameter}, not {found}"
    NOT_AN_ARRAY = 52, "an array is expected as {parameter}, not {found}"
    NOT_TO_START = (
        53,
        "{parameter} is no function of this script that takes {value} arguments",
        "is no function of the script that takes so many arguments",
    )
    TOO_MANY_SEQUENCES = (
        54,
        "a script has {value} sequences at most at a time",
        "the script has 64 sequences already",
    )
    NOT_IN_SEQUENCE = (
        55,
        "only a function that was started as a sequence can wait; see `start`",
        "the function was not started as a sequence",
    )
    CANNOT_WAIT = (
        56,
        "a sequence cannot wait inside a call that a built-in function makes, as that of a closure by `map`",
        "it is inside a call that a built-in function makes, as that of a closure by `map`",
    )
    TOO_LARGE = 58, "{parameter} must be within a billion either way", "is beyond a billion either way"
    USED_UP = (
        59,
        "the scripts of this game, or mod, have used up what they may ask for in a tick",
        "its share of a tick is used up",
    )
    TOO_MANY_TIMERS = (
        60,
        "a script has {value} timers at most at a time",
        "the script has 64 timers already",
    )
    HOLDS_MOST = (
        61,
        "the scripts of this game, or mod, hold as much of this as they may",
        "its share of the world is used up",
    )
    TOO_MANY_KINDS = (
        62,
        "an entity carries {value} kinds of things at most",
        "the entity carries 256 kinds of things already",
    )


NO_ARGUMENT = -1
ARGUMENT_SHIFT = 8


@kernel
def refuse(m: I64, refusal: int, argument: int, value: int) -> int:
    """Return the fault of a refused call: why, which argument (from 0, or NO_ARGUMENT), its payload."""
    m[M.DETAIL] = refusal | (argument + 1) << ARGUMENT_SHIFT
    m[M.DETAIL2] = value
    return Fault.REFUSED
