"""The words that kernels and natives read about clips and animators: one array, the book.

The book is published as `WorldSlot.ANIMATION` and never changes while a game runs. It begins with `Header`;
"FIRST_…" words are offsets in it, and rows of one kind follow each other. Words marked f are bits of a float.
"""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Header(IntEnum):
    """The first words of the book."""

    CLIPS = 0
    FIRST_CLIP = 1
    ANIMATORS = 2
    FIRST_ANIMATOR = 3


@unique
class ClipWord(IntEnum):
    """A clip."""

    NAME = 0  # string id
    IMAGE = 1  # string id, 0: the sprite's own
    COLUMNS = 2  # of the image, 0: the sprite's own
    ROWS = 3
    FRAMES = 4  # how many; each is a word
    FIRST_FRAME = 5
    FPS = 6  # f
    DURATION = 7  # f, seconds, > 0
    MODE = 8  # `Mode`
    TRACKS = 9
    FIRST_TRACK = 10
    EVENTS = 11
    FIRST_EVENT = 12
    MASK = 13  # bits of the properties that it moves
    PIVOT_X = 14  # f, metres
    PIVOT_Y = 15  # f


@unique
class TrackWord(IntEnum):
    """A track of a clip."""

    PROPERTY = 0  # `Property`
    KEYS = 1
    FIRST_KEY = 2


@unique
class KeyWord(IntEnum):
    """A key of a track; times rise from key to key."""

    TIME = 0  # f, seconds
    EASE = 1  # `Ease`, on the way to the next key
    A = 2  # f: x, an angle, a factor; not f: 0xRRGGBBAA
    B = 3  # f: y, the second factor


@unique
class EventWord(IntEnum):
    """Something that happens at a time of a clip."""

    TIME = 0  # f, seconds
    NAME = 1  # string id


@unique
class AnimatorWord(IntEnum):
    """An animator: a state machine over clips."""

    NAME = 0  # string id
    STATES = 1
    FIRST_STATE = 2
    PARAMETERS = 3
    FIRST_PARAMETER = 4
    TRANSITIONS = 5
    FIRST_TRANSITION = 6


@unique
class StateWord(IntEnum):
    """A state of an animator."""

    NAME = 0  # string id
    CLIP = 1  # number
    SPEED = 2  # f, factor


@unique
class ParameterWord(IntEnum):
    """A number of an animator that scripts set."""

    NAME = 0  # string id
    IS_TRIGGER = 1  # the transition that asks for it sets it back to 0


@unique
class TransitionWord(IntEnum):
    """A way from one state to another; the first one whose conditions all hold is taken."""

    FROM = 0  # state, or ANY_STATE
    TO = 1
    BLEND = 2  # f, seconds
    CONDITIONS = 3
    FIRST_CONDITION = 4


@unique
class ConditionWord(IntEnum):
    """One condition of a transition."""

    KIND = 0  # `Condition`
    PARAMETER = 1  # its number
    VALUE = 2  # f


@unique
class Mode(IntEnum):
    """What a clip does at its end."""

    ONCE = 0  # stays there
    LOOP = 1
    PINGPONG = 2  # runs back, and forth again


@unique
class Property(IntEnum):
    """What a track moves."""

    POSITION = 0  # metres beside the place at rest
    ROTATION = 1  # radians added to that at rest
    SCALE = 2  # factors of that at rest
    COLOR = 3  # multiplies the sprite's


@unique
class Condition(IntEnum):
    """What a transition may wait for."""

    END = 0  # the state's clip has come to its end, or round once
    SPEED_ABOVE = 1  # metres a second that the entity has moved in this tick
    SPEED_BELOW = 2
    ABOVE = 3  # of a parameter
    BELOW = 4
    EQUALS = 5


@unique
class Happening(IntEnum):
    """What a step tells of, one row each: (kind, entity index, string id of the name)."""

    EVENT = 0  # a time of the clip was passed
    END = 1  # a clip that plays once has ended


# Words of a row of each kind: kernels know no `len` of an enumeration.
CLIP_WORDS, TRACK_WORDS, KEY_WORDS, EVENT_WORDS = len(ClipWord), len(TrackWord), len(KeyWord), len(EventWord)
ANIMATOR_WORDS, STATE_WORDS, PARAMETER_WORDS = len(AnimatorWord), len(StateWord), len(ParameterWord)
TRANSITION_WORDS, CONDITION_WORDS = len(TransitionWord), len(ConditionWord)
HAPPENING_WORDS = 3
NO_CLIP = -1
ANY_STATE = -1
MOST_PARAMETERS = 8
"""Parameters and triggers of an animator: as many as its component has columns."""
MOST_EVENTS = 16
"""Events of a clip."""
FRESH = 1
"""Bit of ANIMATION_FLAGS: the clip begins in this tick."""
ENDED = 2
"""Bit of ANIMATION_FLAGS: the clip has ended, or came round in this tick."""
POSITION_BIT, ROTATION_BIT, SCALE_BIT, COLOR_BIT = (1 << int(one) for one in Property)
WHITE = 0xFFFFFFFF
