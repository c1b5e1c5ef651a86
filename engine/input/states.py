"""From inputs that go down and up to the rows of ticks."""

from __future__ import annotations

from engine.input.bindings import DOWN_FROM, Action, Actions, Side
from engine.input.names import BUTTON_NAMES, PAD_AXES, WHEEL_NAMES, canonical_name
from engine.input.row import I64, InputWord, Pressing, empty_row, mouse_of, states_of, values_of

_HALF_ON = 0.5  # from here a stick is a button
_HALF_OFF = 0.4  # less than on, or a stick held at the border would rattle


class ActionStates:
    """Which actions are down, for each tick.

    An action is down while any of its inputs is; one that went down and up between two ticks still
    counts as down for one tick, so that no tap is lost.
    """

    def __init__(self, actions: Actions) -> None:
        self._held: set[str] = set()
        self._axes = dict.fromkeys(PAD_AXES, 0.0)
        self._row = empty_row(len(actions))
        self._actions: list[Action] = []
        self.bind(actions)
        count = len(self._actions)
        self._reported = [False] * count
        self._down = [False] * count
        self._went_down = [False] * count
        self._went_up = [False] * count

    def bind(self, actions: Actions) -> None:
        """Take other bindings of the same actions."""
        self._names = tuple(actions)
        self._actions = list(actions.values())
        self._users: dict[str, list[int]] = {}
        for number, action in enumerate(self._actions):
            for name in dict.fromkeys(map(canonical_name, action.every_input())):
                self._users.setdefault(name, []).append(number)

    def is_bound(self, name: str) -> bool:
        """Return whether the scene uses this input."""
        return canonical_name(name) in self._users

    # --- what happens ---------------------------------------------------------------------------

    def press(self, name: str) -> None:
        """Note that a key or another button went down; a turn of the wheel goes down and up at once."""
        name = canonical_name(name)
        self._held.add(name)
        self._look_at(name)
        if name in WHEEL_NAMES:
            self.release(name)

    def release(self, name: str) -> None:
        """Note that a key or another button went up."""
        name = canonical_name(name)
        self._held.discard(name)
        self._look_at(name)

    def move_axis(self, axis: str, value: float) -> list[str]:
        """Note where an axis of a pad stands, -1..1; return the half axes that went down by it."""
        self._axes[axis] = min(max(value, -1.0), 1.0)
        pushed = []
        for name, part in ((axis + "+", value), (axis + "-", -value)):
            if part >= _HALF_ON and name not in self._held and name in BUTTON_NAMES:
                pushed.append(name)
                self.press(name)
            elif part < _HALF_OFF and name in self._held:
                self.release(name)
        self._look_at(axis)
        return pushed

    def release_all(self) -> None:
        """Note that the window lost the keyboard: nothing is held any more."""
        self._held.clear()
        self._axes = dict.fromkeys(PAD_AXES, 0.0)
        for number in range(len(self._actions)):
            self._update(number)
            self._went_down[number] = False

    def move_mouse(self, x: float, y: float) -> None:
        """Note where in the world the mouse is, in metres."""
        mouse_of(self._row)[:] = x, y

    def click(self) -> None:
        """Note that the left mouse button went down over the world."""
        self._row[InputWord.CLICK] = 1

    def press_button(self, number: int) -> None:
        """Note that a button of a screen was pressed, counted from 1."""
        self._row[InputWord.BUTTON] = number

    @property
    def has_button(self) -> bool:
        """Whether a button of a screen was pressed since the last row."""
        return bool(self._row[InputWord.BUTTON])

    def _look_at(self, name: str) -> None:
        for number in self._users.get(name, ()):
            self._update(number)

    def _update(self, number: int) -> None:
        now = self._is_down(number)
        if now != self._down[number]:
            self._down[number] = now
            if now:
                self._went_down[number] = True
            else:
                self._went_up[number] = True

    def _is_down(self, number: int) -> bool:
        action = self._actions[number]
        if action.is_button:
            return any(name in self._held for name in action.buttons)
        return abs(self._value(number)) >= DOWN_FROM

    def _value(self, number: int) -> float:
        action = self._actions[number]
        if action.is_button:
            return max((self._amount(name) for name in action.buttons), default=0.0)
        stick = self._axes.get(action.axis, 0.0)
        beyond = max(0.0, abs(stick) - action.dead_zone) / (1.0 - action.dead_zone)
        value = beyond if stick > 0.0 else -beyond
        value += max((self._amount(name) for name in action.inputs(Side.POSITIVE)), default=0.0)
        value -= max((self._amount(name) for name in action.inputs(Side.NEGATIVE)), default=0.0)
        return min(max(value, -1.0), 1.0)

    def _amount(self, name: str) -> float:
        """Return how far a button is down, 0..1: half an axis may be so in part."""
        if name in self._held and name[-1:] in "+-":
            return abs(self._axes[name[:-1]])
        return float(name in self._held)

    # --- rows -----------------------------------------------------------------------------------

    def next_row(self, *, takes_actions: bool = True) -> I64:
        """Return the row of the coming tick, and forget what happened once.

        Args:
            takes_actions: without it nothing is held: a screen has the keys.
        """
        states, values = states_of(self._row), values_of(self._row)
        for number in range(len(self._actions)):
            states[number] = self._state(number) if takes_actions else self._lifted(number)
            tapped = states[number] & Pressing.PRESSED and not self._down[number]
            value = self._value(number) if takes_actions else 0.0
            values[number] = 1.0 if tapped and self._actions[number].is_button else value
        row = self._row.copy()
        self._row[InputWord.CLICK] = self._row[InputWord.BUTTON] = 0
        return row

    def _state(self, number: int) -> int:
        went_down, went_up = self._went_down[number], self._went_up[number]
        was_down, is_down = self._reported[number], self._down[number]
        down = is_down or went_down
        state = Pressing.DOWN if down else Pressing(0)
        if went_down:
            state |= Pressing.PRESSED
        if was_down and (went_up or not down):
            state |= Pressing.RELEASED
        self._reported[number] = down
        self._went_down[number] = self._went_up[number] = False
        return int(state)

    def _lifted(self, number: int) -> int:
        was_down = self._reported[number]
        self._reported[number] = self._went_down[number] = self._went_up[number] = False
        return int(Pressing.RELEASED) if was_down else 0
