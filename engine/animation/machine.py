"""The state machine of an animator: which transition its conditions let it take."""

from __future__ import annotations

import math
from typing import Any

from engine.animation.layout import (
    ANIMATOR_WORDS,
    ANY_STATE,
    CONDITION_WORDS,
    ENDED,
    PARAMETER_WORDS,
    STATE_WORDS,
    TRANSITION_WORDS,
    AnimatorWord,
    Condition,
    ConditionWord,
    Header,
    ParameterWord,
    TransitionWord,
)
from engine.ecs.components import Field
from lang.jit import bits_float, floats_in, kernel, words_in

NO_TRANSITION = -1
NO_ANIMATOR = -1


@kernel
def animator_of(table: Any, book: Any, row: int) -> int:
    """Return where the animator of an animator's row stands in the book, or NO_ANIMATOR.

    Columns may hold anything: a save or a script wrote them.
    """
    number = words_in(table, 2 * Field.ANIMATOR_NUMBER)[row]
    if number < 0 or number >= book[Header.ANIMATORS]:
        return NO_ANIMATOR
    return book[Header.FIRST_ANIMATOR] + number * ANIMATOR_WORDS


@kernel
def has_animator(table: Any, book: Any, row: int) -> bool:
    """Return whether an animator's row, or -1, is in a state that the book knows."""
    if row < 0:
        return False
    animator = animator_of(table, book, row)
    if animator == NO_ANIMATOR:
        return False
    state = words_in(table, 2 * Field.ANIMATOR_STATE)[row]
    return 0 <= state < book[animator + AnimatorWord.STATES]


@kernel
def state_of(book: Any, animator: int, state: int) -> int:
    """Return where a state of an animator stands in the book."""
    return book[animator + AnimatorWord.FIRST_STATE] + state * STATE_WORDS


@kernel
def parameter_of(book: Any, animator: int, parameter: int) -> int:
    """Return where a parameter of an animator stands in the book."""
    return book[animator + AnimatorWord.FIRST_PARAMETER] + parameter * PARAMETER_WORDS


@kernel
def speed_of(table: Any, transform: int, seconds: float) -> float:
    """Return the metres a second that an entity has moved since the tick began, in whatever way."""
    dx = (
        floats_in(table, 2 * Field.TRANSFORM_X)[transform]
        - floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_X)[transform]
    )
    dy = (
        floats_in(table, 2 * Field.TRANSFORM_Y)[transform]
        - floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_Y)[transform]
    )
    return math.sqrt(dx * dx + dy * dy) / seconds


@kernel
def _holds(table: Any, book: Any, rows: tuple[int, int], condition: int, speed: float) -> bool:
    animation, animator = rows
    kind, value = book[condition + ConditionWord.KIND], bits_float(book[condition + ConditionWord.VALUE])
    if kind == Condition.END:
        return words_in(table, 2 * Field.ANIMATION_FLAGS)[animation] & ENDED != 0
    if kind == Condition.SPEED_ABOVE:
        return speed > value
    if kind == Condition.SPEED_BELOW:
        return speed < value
    field = int(Field.ANIMATOR_PARAMETER_0) + book[condition + ConditionWord.PARAMETER]
    found = floats_in(table, 2 * field)[animator]
    if kind == Condition.ABOVE:
        return found > value
    return found < value if kind == Condition.BELOW else found == value


@kernel
def transition_to_take(table: Any, book: Any, rows: tuple[int, int], speed: float) -> int:
    """Return the first transition whose conditions all hold, as its place in the book, or NO_TRANSITION.

    Args:
        rows: (of the animation, of the animator).  speed: see `speed_of`.
    """
    animator = animator_of(table, book, rows[1])
    state = words_in(table, 2 * Field.ANIMATOR_STATE)[rows[1]]
    transition = book[animator + AnimatorWord.FIRST_TRANSITION]
    for _ in range(book[animator + AnimatorWord.TRANSITIONS]):
        begin, to = book[transition + TransitionWord.FROM], book[transition + TransitionWord.TO]
        if begin == state or (begin == ANY_STATE and to != state):
            condition = book[transition + TransitionWord.FIRST_CONDITION]
            holds = True
            for _ in range(book[transition + TransitionWord.CONDITIONS]):
                holds = holds and _holds(table, book, rows, condition, speed)
                condition += CONDITION_WORDS
            if holds:
                return transition
        transition += TRANSITION_WORDS
    return NO_TRANSITION


@kernel
def use_triggers(table: Any, book: Any, row: int, transition: int) -> None:
    """Set the triggers that a transition asked for back to 0."""
    animator = animator_of(table, book, row)
    condition = book[transition + TransitionWord.FIRST_CONDITION]
    for _ in range(book[transition + TransitionWord.CONDITIONS]):
        if book[condition + ConditionWord.KIND] >= Condition.ABOVE:
            number = book[condition + ConditionWord.PARAMETER]
            if book[parameter_of(book, animator, number) + ParameterWord.IS_TRIGGER] != 0:
                floats_in(table, 2 * (int(Field.ANIMATOR_PARAMETER_0) + number))[row] = 0.0
        condition += CONDITION_WORDS
