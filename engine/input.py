"""Names of keys, and the states of a scene's actions made from keys that go down and up.

No window is needed here: a scene is checked headless, and a replay feeds the same states. The names
are those of pyglet (a test in ``tests/window`` holds the two tables equal).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = tuple(f"_{digit}" for digit in range(10))
_FUNCTION_KEYS = tuple(f"F{number}" for number in range(1, 25))
_KEYPAD = tuple(
    f"NUM_{name}"
    for name in (
        *"0123456789",
        *("ADD", "BEGIN", "DECIMAL", "DELETE", "DIVIDE", "DOWN", "END", "ENTER", "EQUAL"),
        *("F1", "F2", "F3", "F4", "HOME", "INSERT", "LEFT", "MULTIPLY", "PAGE_DOWN", "PAGE_UP"),
        *("RIGHT", "SEPARATOR", "SPACE", "SUBTRACT", "TAB", "UP"),
    )
)
_MODIFIERS = tuple(
    side + name
    for name in ("ALT", "COMMAND", "CTRL", "META", "OPTION", "SHIFT", "WINDOWS")
    for side in ("L", "R")
)
_OTHERS = (
    *("SPACE", "ENTER", "ESCAPE", "TAB", "BACKSPACE", "DELETE", "INSERT"),
    *("LEFT", "RIGHT", "UP", "DOWN", "HOME", "END", "PAGEUP", "PAGEDOWN", "BEGIN"),
    *("CAPSLOCK", "NUMLOCK", "SCROLLLOCK", "PAUSE", "BREAK", "PRINT", "SYSREQ", "MENU", "HELP"),
    *("CANCEL", "CLEAR", "EXECUTE", "FIND", "LINEFEED", "REDO", "SCRIPTSWITCH", "SELECT", "UNDO"),
    *("AMPERSAND", "APOSTROPHE", "ASCIICIRCUM", "ASCIITILDE", "ASTERISK", "AT", "BACKSLASH", "BAR"),
    *("BRACELEFT", "BRACERIGHT", "BRACKETLEFT", "BRACKETRIGHT", "COLON", "COMMA", "DOLLAR"),
    *("DOUBLEQUOTE", "EQUAL", "EXCLAMATION", "GREATER", "LESS", "MINUS", "PARENLEFT", "PARENRIGHT"),
    *("PERCENT", "PERIOD", "PLUS", "POUND", "QUESTION", "QUOTELEFT", "SEMICOLON", "SLASH"),
    "UNDERSCORE",
)
_ALIASES = {"RETURN": "ENTER", "ESC": "ESCAPE", "PAGE_UP": "PAGEUP", "PAGE_DOWN": "PAGEDOWN"} | {
    digit[1:]: digit for digit in _DIGITS
}

KEY_NAMES = frozenset(_LETTERS + _DIGITS + _FUNCTION_KEYS + _KEYPAD + _MODIFIERS + _OTHERS)


def canonical_key_name(name: str) -> str:
    """Return the one name of a key: capitals, and ``ENTER`` for ``RETURN``, ``_1`` for ``1``."""
    upper = name.upper()
    return _ALIASES.get(upper, upper)


def is_key_name(name: str) -> bool:
    """Return whether a scene's ``[input]`` table may use this name of a key, in any case."""
    return canonical_key_name(name) in KEY_NAMES


def similar_key_names(name: str) -> list[str]:
    """Return up to three names of keys that an unknown name may have meant."""
    return difflib.get_close_matches(name.upper(), sorted(KEY_NAMES | set(_ALIASES)), n=3)


class ActionStates:
    """Which actions are down, for each tick.

    An action is down while any of its keys is; one that was pressed and released between two ticks
    still counts as down for one tick, so that no tap is lost.
    """

    def __init__(self, bindings: Mapping[str, Sequence[str]]) -> None:
        self.actions = tuple(bindings)
        self._actions_of: dict[str, list[int]] = {}
        for index, keys in enumerate(bindings.values()):
            for key in dict.fromkeys(map(canonical_key_name, keys)):
                self._actions_of.setdefault(key, []).append(index)
        self._held: set[str] = set()
        self._tapped: set[str] = set()
        self._down = np.zeros(len(self.actions), np.int64)

    def is_bound(self, key: str) -> bool:
        """Return whether the scene uses this key."""
        return canonical_key_name(key) in self._actions_of

    def press(self, key: str) -> None:
        """Note that a key went down."""
        name = canonical_key_name(key)
        self._held.add(name)
        self._tapped.add(name)

    def release(self, key: str) -> None:
        """Note that a key went up."""
        self._held.discard(canonical_key_name(key))

    def release_all(self) -> None:
        """Note that the window lost the keyboard: no key is held any more."""
        self._held.clear()
        self._tapped.clear()

    def next_tick(self) -> NDArray[np.int64]:
        """Return [actions] 1 for each action that is down in the coming tick, and forget taps.

        The array is reused by the next call.
        """
        self._down[:] = 0
        for key in self._held | self._tapped:
            for action in self._actions_of.get(key, ()):
                self._down[action] = 1
        self._tapped.clear()
        return self._down
