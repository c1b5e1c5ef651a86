"""Rows of input: what follows from what is held, what lasts, and which rows are refused."""

import numpy as np
import pytest

from engine.input.row import (
    InputWord,
    Pressing,
    RowError,
    check_row,
    empty_row,
    held_row,
    lasting_row,
    mouse_of,
    row_width,
    states_of,
    values_of,
)
from engine.input.script import InputScript, InputScriptError

pytestmark = pytest.mark.unit

D, P, R = int(Pressing.DOWN), int(Pressing.PRESSED), int(Pressing.RELEASED)


def test_what_is_held_makes_presses_and_releases():
    first = held_row(empty_row(2), np.array([1, 0]))
    second = held_row(first, np.array([1, 1]))
    third = held_row(second, np.array([0, 0]))
    assert [states_of(row).tolist() for row in (first, second, third)] == [[D | P, 0], [D, D | P], [R, R]]
    assert values_of(second).tolist() == [1.0, 1.0]


def test_only_what_is_held_lasts():
    row = held_row(empty_row(1), np.array([1]))
    row[InputWord.CLICK], row[InputWord.BUTTON] = 1, 2
    mouse_of(row)[:] = 1.0, 2.0
    lasting = lasting_row(row)
    assert states_of(lasting).tolist() == [D]
    assert lasting[: InputWord.FIRST_ACTION].tolist() == [*row[:2].tolist(), 0, 0]
    assert check_row(row, 1, 2) is not lasting


def spoilt(at, value):
    row = empty_row(2)
    row[at] = value
    return row


NAN, LARGE = np.array([np.nan, 1.5]).view(np.int64)


@pytest.mark.parametrize(
    "row",
    [
        np.zeros(row_width(2)),
        empty_row(3),
        empty_row(2).reshape(1, -1),
        spoilt(InputWord.MOUSE_X, NAN),
        spoilt(InputWord.MOUSE_Y, np.array([1e10]).view(np.int64)[0]),
        spoilt(InputWord.CLICK, 2),
        spoilt(InputWord.BUTTON, 4),
        spoilt(InputWord.BUTTON, -1),
        spoilt(InputWord.FIRST_ACTION, 8),
        spoilt(InputWord.FIRST_ACTION + 2, -1),
        spoilt(InputWord.FIRST_ACTION + 1, NAN),
        spoilt(InputWord.FIRST_ACTION + 3, LARGE),
    ],
)
def test_a_row_that_no_window_makes_is_refused(row):
    with pytest.raises(RowError):
        check_row(row, 2, 3)


def played(text, ticks, actions=("left", "move")):
    script, row = InputScript(text), empty_row(len(actions))
    rows = []
    for _ in range(ticks):
        row = script.next_row(row, actions)
        rows.append(row)
    return rows


def test_a_script_of_input():
    rows = played("2 left  # go\n\n1 left move=-0.25 at=3,4.5 click\n# rest\n1", 6)
    assert [states_of(row)[0] for row in rows] == [D | P, D, D, R, 0, 0]
    assert [values_of(row)[1] for row in rows] == [0.0, 0.0, -0.25, 0.0, 0.0, 0.0]
    assert [row[InputWord.CLICK] for row in rows] == [0, 0, 1, 0, 0, 0]
    assert mouse_of(rows[-1]).tolist() == [3.0, 4.5]


def test_a_script_names_its_actions():
    assert InputScript("1 a b=0.5\n3 b c").action_lines() == {"a": 1, "b": 1, "c": 2}
    assert played("", 2)[1].tolist() == empty_row(2).tolist()


@pytest.mark.parametrize(
    "line", ["left", "0 left", "-1", "1 a=x", "1 a=2", "1 a=nan", "1 at=3", "1 at=1,inf"]
)
def test_a_senseless_line_is_named(line):
    with pytest.raises(InputScriptError, match="line 2: "):
        InputScript("1\n" + line)
