"""A text file of input: what a bot holds for how many ticks, for runs without a window.

Each line is a number of ticks and what goes on in them::

    60 right            # hold `right` for 60 ticks
    1 right jump        # jump on the way
    30                  # let go of everything
    20 move_x=-0.5      # half to the left
    1 at=3.5,2.0 click  # the mouse, in metres of the world

An action that was not held in the tick before is pressed, one that is held no more is released. The
mouse stays where it was. After the last line nothing is held.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.input.bindings import DOWN_FROM
from engine.input.row import I64, LARGEST_PLACE, InputWord, held_row, mouse_of, values_of

LARGEST_FILE = 16_000_000
MOST_TICKS = 1_000_000_000
MOST_DIGITS = 20
"""Of a number of ticks: Python itself refuses to read thousands."""
MOST_SHOWN = 40


class InputScriptError(ValueError):
    """A line that makes no sense; the message begins with its number."""


@dataclass(frozen=True)
class _Line:
    number: int
    ticks: int
    values: dict[str, float] = field(default_factory=dict)
    mouse: tuple[float, float] | None = None
    clicks: bool = False


class InputScript:
    """What is held for how long; it goes on over changes of the scene."""

    def __init__(self, text: str) -> None:
        """Read the text of a file.

        Raises:
            InputScriptError: a line is no number with actions.
        """
        numbered = enumerate(text.splitlines(), 1)
        self._lines = [_parse(number, line) for number, line in numbered if line.partition("#")[0].strip()]
        self._at = 0
        self._left = self._lines[0].ticks if self._lines else 0

    @property
    def ticks(self) -> int:
        """How many ticks its lines take."""
        return sum(line.ticks for line in self._lines)

    def action_lines(self) -> dict[str, int]:
        """Return the actions that it holds, each with the number of its first line."""
        return {name: line.number for line in reversed(self._lines) for name in line.values}

    def next_row(self, last: I64, actions: Sequence[str]) -> I64:
        """Return the row of the next tick.

        Args:
            last: the row of the tick before.  actions: of the scene; others are left out.
        """
        while self._at < len(self._lines) and self._left == 0:
            self._at += 1
            self._left = self._lines[self._at].ticks if self._at < len(self._lines) else 0
        if self._at >= len(self._lines):
            return held_row(last, np.zeros(len(actions), np.int64))
        line = self._lines[self._at]
        values = np.array([line.values.get(name, 0.0) for name in actions])
        row = held_row(last, np.abs(values) >= DOWN_FROM)
        values_of(row)[:] = values
        if line.mouse is not None:
            mouse_of(row)[:] = line.mouse
        row[InputWord.CLICK] = line.clicks and self._left == line.ticks
        self._left -= 1
        return row


def _parse(number: int, text: str) -> _Line:
    count, *words = text.partition("#")[0].split()
    if not count.isdecimal() or len(count) > MOST_DIGITS or not 1 <= int(count) <= MOST_TICKS:
        shown = count if len(count) <= MOST_SHOWN else f"{count[:MOST_SHOWN]}…"
        raise InputScriptError(f'line {number}: a number of ticks is expected first, not "{shown}"')
    values: dict[str, float] = {}
    mouse: tuple[float, float] | None = None
    for word in words:
        name, equals, value = word.partition("=")
        if word == "click":
            continue
        numbers = [_number(number, part) for part in value.split(",")] if equals else [1.0]
        if name == "at":
            if len(numbers) != 2:
                raise InputScriptError(f"line {number}: at=X,Y is expected, not {word}")
            mouse = (numbers[0], numbers[1])
        elif len(numbers) != 1 or abs(numbers[0]) > 1.0:
            raise InputScriptError(f"line {number}: the value of {name} goes from -1 to 1")
        else:
            values[name] = numbers[0]
    return _Line(number, int(count), values, mouse, "click" in words)


def _number(line: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST_PLACE:
        raise InputScriptError(f'line {line}: "{text}" is no number')
    return value
