"""The row of a tick: all that a tick takes from outside, in one array of fixed width.

A run is its scene, its seed and its rows. Words that are floats hold their bits. A row without anything
is all zeros; every word of a row from a stranger is checked by `check_row`.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag, unique

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]
WORDS_OF_ACTION = 2
LARGEST_PLACE = 1e9


@unique
class InputWord(IntEnum):
    """Words of a row; from FIRST_ACTION on a pair for each action of the scene: `Pressing`, value."""

    MOUSE_X = 0  # metres in the world, a float
    MOUSE_Y = 1
    CLICK = 2  # 1: the left mouse button went down over the world
    BUTTON = 3  # number of the screen's button that was pressed, from 1; 0 for none
    FIRST_ACTION = 4


class Pressing(IntFlag):
    """The state of an action; a tap between two ticks is DOWN and PRESSED in one, RELEASED in the next."""

    DOWN = 1
    PRESSED = 2  # it went down since the last tick
    RELEASED = 4  # it went up since the last tick; with PRESSED: up, then down again


_ALL_BITS = int(Pressing.DOWN | Pressing.PRESSED | Pressing.RELEASED)


class RowError(ValueError):
    """A row that no window makes: of a wrong width, or with a value that makes no sense."""


def row_width(actions: int) -> int:
    """Return how many words a row has for so many actions."""
    return InputWord.FIRST_ACTION + WORDS_OF_ACTION * actions


def empty_row(actions: int) -> I64:
    """Return the row of a tick in which nothing happens."""
    return np.zeros(row_width(actions), np.int64)


def states_of(row: I64) -> I64:
    """Return a view of the states of the actions, [actions] bits of `Pressing`."""
    return row[InputWord.FIRST_ACTION :: WORDS_OF_ACTION]


def values_of(row: I64) -> npt.NDArray[np.float64]:
    """Return a view of the values of the actions, [actions] -1..1."""
    return row[InputWord.FIRST_ACTION + 1 :: WORDS_OF_ACTION].view(np.float64)


def mouse_of(row: I64) -> npt.NDArray[np.float64]:
    """Return a view of the position of the mouse in the world, [2] metres."""
    return row[InputWord.MOUSE_X : InputWord.MOUSE_Y + 1].view(np.float64)


def held_row(last: I64, down: I64) -> I64:
    """Return the row that follows another one when so much is held down, [actions] 0 or 1.

    For bots and tests: pressed and released follow from the row before, and the mouse stays.
    """
    row = lasting_row(last)
    before, now = states_of(row) & Pressing.DOWN, np.asarray(down) != 0
    states_of(row)[:] = (
        now * int(Pressing.DOWN)
        + (now & (before == 0)) * int(Pressing.PRESSED)
        + (~now & (before != 0)) * int(Pressing.RELEASED)
    )
    values_of(row)[:] = now
    return row


def lasting_row(row: I64) -> I64:
    """Return what of a row goes on when no other follows: what is held stays held, nothing happens anew."""
    lasting = row.copy()
    lasting[InputWord.CLICK] = lasting[InputWord.BUTTON] = 0
    states_of(lasting)[:] &= int(Pressing.DOWN)
    return lasting


def check_row(row: I64, actions: int, buttons: int) -> I64:
    """Return a row of int64 words.

    Args:
        row: of any origin.  actions: of the scene.  buttons: of its screens.
    Raises:
        RowError: another width, unknown bits, a number that is not finite or far out.
    """
    row = np.ascontiguousarray(row)
    if row.dtype != np.int64 or row.shape != (row_width(actions),):
        message = f"a row of {row_width(actions)} int64 words is expected, not {row.dtype} {row.shape}"
        raise RowError(message)
    if (np.abs(mouse_of(row)) <= LARGEST_PLACE).sum() != 2:
        raise RowError("the mouse is nowhere")
    if row[InputWord.CLICK] not in (0, 1) or not 0 <= row[InputWord.BUTTON] <= buttons:
        raise RowError("no such button")
    if (states_of(row) & ~_ALL_BITS).any() or not (np.abs(values_of(row)) <= 1.0).all():
        raise RowError("no such state of an action")
    return row
