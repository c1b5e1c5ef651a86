"""Names of all that an action can be bound to: keys, mouse buttons, the wheel, buttons and axes of pads.

Names of keys are those of pyglet (a test in ``tests/window`` holds the two tables equal), those of pads
begin with ``PAD_``. Half an axis is a button too: ``PAD_LEFT_X-`` is the left stick pushed to the left.
"""

from __future__ import annotations

import difflib

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
MOUSE_NAMES = ("MOUSE_LEFT", "MOUSE_MIDDLE", "MOUSE_RIGHT", "MOUSE_4", "MOUSE_5")
WHEEL_NAMES = ("WHEEL_UP", "WHEEL_DOWN", "WHEEL_LEFT", "WHEEL_RIGHT")
PAD_BUTTONS = (
    *("PAD_A", "PAD_B", "PAD_X", "PAD_Y", "PAD_START", "PAD_BACK", "PAD_GUIDE"),
    *("PAD_UP", "PAD_DOWN", "PAD_LEFT", "PAD_RIGHT"),
    *("PAD_LEFT_SHOULDER", "PAD_RIGHT_SHOULDER", "PAD_LEFT_STICK", "PAD_RIGHT_STICK"),
)
PAD_AXES = (
    *("PAD_LEFT_X", "PAD_LEFT_Y", "PAD_RIGHT_X", "PAD_RIGHT_Y"),
    *("PAD_LEFT_TRIGGER", "PAD_RIGHT_TRIGGER"),
)
"""Sticks go from -1 (left, down) to 1 (right, up), triggers from 0 to 1."""
AXIS_HALVES = tuple(axis + sign for axis in PAD_AXES for sign in "+-" if sign == "+" or axis[-1] in "XY")
BUTTON_NAMES = KEY_NAMES | set(MOUSE_NAMES) | set(WHEEL_NAMES) | set(PAD_BUTTONS) | set(AXIS_HALVES)
"""All that is either down or not."""

BUTTON_EXAMPLES = '"A", "SPACE", "LEFT", "F1", "MOUSE_LEFT", "WHEEL_UP", "PAD_A", "PAD_LEFT_X-" …'
_SHOWN = {
    "MOUSE_LEFT": "Left mouse button",
    "MOUSE_RIGHT": "Right mouse button",
    "MOUSE_MIDDLE": "Middle mouse button",
    "PAD_LEFT_STICK": "Left stick",
    "PAD_RIGHT_STICK": "Right stick",
    "PAD_LEFT_TRIGGER+": "Left trigger",
    "PAD_RIGHT_TRIGGER+": "Right trigger",
    **{f"PAD_{name}": f"Pad {name}" for name in "ABXY"},
    **{
        f"PAD_{side}_{axis}": f"{side.capitalize()} stick {way}"
        for side in ("LEFT", "RIGHT")
        for axis, way in (("X-", "left"), ("X+", "right"), ("Y-", "down"), ("Y+", "up"))
    },
    **{f"NUM_{name}": f"Keypad {name}" for name in "0123456789"},
}


def canonical_name(name: str) -> str:
    """Return the one name of an input: capitals, and ``ENTER`` for ``RETURN``, ``_1`` for ``1``."""
    upper = name.upper()
    return _ALIASES.get(upper, upper)


def is_button_name(name: str) -> bool:
    """Return whether a key or another button has this name, in any case."""
    return canonical_name(name) in BUTTON_NAMES


def is_pad_name(name: str) -> bool:
    """Return whether an input belongs to a game pad."""
    return canonical_name(name).startswith("PAD_")


def similar_names(name: str) -> list[str]:
    """Return up to three names that an unknown name may have meant."""
    return difflib.get_close_matches(name.upper(), sorted(BUTTON_NAMES | set(_ALIASES)), n=3)


def shown_name(name: str) -> str:
    """Return how a menu calls an input: ``Left shift``, ``Pad A``, ``1``."""
    canonical = canonical_name(name)
    if canonical in _SHOWN:
        return _SHOWN[canonical]
    if canonical in _MODIFIERS:
        side = "Left" if canonical.startswith("L") else "Right"
        return f"{side} {canonical[1:].lower()}"
    return canonical.lstrip("_").replace("_", " ").replace("NUM ", "KEYPAD ").capitalize()
