"""Values of the reference interpreter and their text.

Containers are Python's own and are copied wherever the language copies, which is what makes this
interpreter slow and easy to trust.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lang.numeric.floats import debug_float, display_float

LARGEST = 2**63 - 1
SMALLEST = -(2**63)


class Char(str):
    """A character."""

    __slots__ = ()


class Range(NamedTuple):
    """``start..end`` or ``start..=end``."""

    start: int
    end: int
    inclusive: bool

    def numbers(self) -> range:
        """The ints in it."""
        return range(self.start, self.end + self.inclusive)


class Items(tuple):
    """An iterator: what it will give."""

    __slots__ = ()


class Vector(tuple):
    """Two or three floats."""

    __slots__ = ()


class Cell:
    """A variable; `shared` once a closure has captured it, `locked` while a method works on it."""

    __slots__ = ("constant", "locked", "shared", "tag", "value")

    def __init__(self, value: Any, *, constant: bool = False) -> None:
        self.value = value
        self.constant = constant
        self.shared = False
        self.locked = 0
        self.tag = 0


@dataclass(frozen=True, eq=False)
class Pointer:
    """A function pointer: by name, or a closure with its node and captured cells; and curried values."""

    name: str
    closure: Any = None
    captured: tuple[tuple[str, Cell], ...] = ()
    curried: tuple[Any, ...] = field(default=())


def copy(value: Any) -> Any:
    """A value of its own: changes of one never show in the other."""
    if isinstance(value, list):
        return [copy(item) for item in value]
    if isinstance(value, dict):
        return {key: copy(item) for key, item in value.items()}
    if isinstance(value, bytearray):
        return bytearray(value)
    return value


def type_name(value: Any) -> str:
    """What `type_of` says."""
    match value:
        case None:
            return "()"
        case bool():
            return "bool"
        case int():
            return "i64"
        case float():
            return "f64"
        case Char():
            return "char"
        case str():
            return "string"
        case Range():
            return "range=" if value.inclusive else "range"
        case Items():
            return "range"
        case Vector():
            return f"vec{len(value)}"
        case Pointer():
            return "Fn"
        case bytearray():
            return "blob"
        case list():
            return "array"
    return "map"


def spelled(value: Any) -> str:
    """A type as messages about missing functions spell it."""
    name = type_name(value)
    return "&str | ImmutableString | String" if name == "string" else name


def is_number(value: Any) -> bool:
    """Whether it is an int or a float (a bool is neither)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_int(value: Any) -> bool:
    """Whether it is an int (a bool is none)."""
    return isinstance(value, int) and not isinstance(value, bool)


def display(value: Any) -> str:
    """What `print` shows."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return display_float(value)
    return text(value)


def text(value: Any, *, host: bool = False) -> str:
    """The form inside containers, or (`host`) that of a script's result."""
    match value:
        case None:
            return "()"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return debug_float(value)
        case Char():
            return quoted(value, "'") if host else str(value)
        case str():
            return quoted(value, '"')
        case Range():
            end = "" if value.end == LARGEST else str(value.end)
            return f"{value.start}{'..=' if value.inclusive else '..'}{end}"
        case Items():
            return "range"
        case Vector():
            return "(" + ", ".join(debug_float(item) for item in value) + ")"
        case Pointer():
            return f"Fn({value.name})"
        case bytearray():
            return "[" + " ".join(value[i : i + 8].hex() for i in range(0, len(value), 8)) + "]"
        case list():
            return "[" + ", ".join(text(item, host=host) for item in value) + "]"
    pairs = (f"{quoted(key, chr(34))}: {text(value[key], host=host)}" for key in sorted_keys(value))
    return "#{" + ", ".join(pairs) + "}"


def sorted_keys(value: dict[str, Any]) -> list[str]:
    """A map's keys in the order of their bytes."""
    return sorted(value, key=str.encode)


ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", "\0": "\\0"}


def quoted(value: str, quote: str) -> str:
    """A text in quotes, with escapes."""
    parts = [
        "\\" + quote
        if character == quote
        else ESCAPES.get(character)
        or (character if character.isprintable() or character == " " else f"\\u{{{ord(character):x}}}")
        for character in value
    ]
    return quote + "".join(parts) + quote
