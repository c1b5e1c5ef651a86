"""Functions on strings and characters in Python. Positions count characters; negative ones from the end.

They are what `string_natives` leaves: letters outside ASCII, separators without a character, rare ones.
"""

from __future__ import annotations

from typing import Any

from lang.faults import Fault
from lang.heap.convert import Char, RangeValue, Sequence
from lang.stdlib.overloads import ANY, BLOB, CHAR, INT, STRING, TEXT, Changed, Library
from lang.stdlib.registry import HostFault
from lang.stdlib.text import display

LIBRARY = Library()
LONGEST = 64 * 1024 * 1024  # bytes that a function here makes at most; machines may allow less


def span(length: int, start: int, count: int | None = None) -> slice:
    """Return the part of a sequence from an index, which may count from the end."""
    first = min(max(start + length, 0) if start < 0 else start, length)
    return slice(first, length if count is None else first + min(max(count, 0), length - first))


def range_span(length: int, part: RangeValue) -> slice:
    """Return the part of a sequence in a range; negative bounds are 0."""
    end = max(part.end + part.inclusive, 0)
    first = min(max(part.start, 0), length)
    return slice(first, max(min(end, length), first))


def _bounded(size: int) -> None:
    if size > LONGEST:
        raise HostFault(Fault.STRING_TOO_LARGE)


@LIBRARY.add("bytes", STRING, is_property=True)
def byte_length(text: str) -> int:
    """The length in UTF-8."""
    return len(text.encode("utf-8", "replace"))


@LIBRARY.add("clear", STRING, changes=True)
def clear(_text: str) -> Changed:
    """Make it empty."""
    return Changed("")


@LIBRARY.add("get", STRING, INT)
def get(text: str, index: int) -> Char | None:
    """The character at an index, or ()."""
    at = index + len(text) if index < 0 else index
    return Char(text[at]) if 0 <= at < len(text) else None


@LIBRARY.add("set", STRING, INT, CHAR, changes=True)
def set_character(text: str, index: int, value: Char) -> Changed:
    """Replace the character at an index, if there is one."""
    at = index + len(text) if index < 0 else index
    if not 0 <= at < len(text):
        return Changed(text)
    return Changed(text[:at] + value + text[at + 1 :])


@LIBRARY.add("chars", STRING, is_property=True, elements=len)
def chars(text: str) -> Sequence:
    """An iterator over characters."""
    return Sequence(map(Char, text))


@LIBRARY.add("to_blob", STRING)
def to_blob(text: str) -> bytearray:
    """The UTF-8 bytes."""
    return bytearray(text.encode("utf-8", "replace"))


@LIBRARY.add("split", STRING, INT)
def split_at(text: str, index: int) -> list[str]:
    """Split in two at an index."""
    at = span(len(text), index).start if index else len(text)
    return [text[:at], text[at:]]


def _pieces(text: str, separator: str) -> list[str]:
    return text.split(separator) if separator else ["", *text, ""]


@LIBRARY.add("split", STRING, TEXT)
def split(text: str, separator: str) -> list[str]:
    """Split at a separator."""
    return _pieces(text, separator)


@LIBRARY.add("split", STRING, TEXT, INT)
def split_limited(text: str, separator: str, limit: int) -> list[str]:
    """Split into so many pieces at most; the last one holds the rest."""
    pieces = _pieces(text, separator)
    count = max(limit, 1)
    return [*pieces[: count - 1], separator.join(pieces[count - 1 :])] if len(pieces) > count else pieces


@LIBRARY.add("split_rev", STRING, TEXT)
def split_reverse(text: str, separator: str) -> list[str]:
    """Split from the end: the last piece comes first."""
    return _pieces(text, separator)[::-1]


@LIBRARY.add("split_rev", STRING, TEXT, INT)
def split_reverse_limited(text: str, separator: str, limit: int) -> list[str]:
    """Split from the end into so many pieces at most; the last one holds the beginning."""
    pieces = _pieces(text, separator)
    count = max(limit, 1)
    if len(pieces) <= count:
        return pieces[::-1]
    cut = len(pieces) - count + 1
    return [*pieces[cut:][::-1], separator.join(pieces[:cut])]


@LIBRARY.add("replace", STRING, TEXT, TEXT, changes=True)
def replace(text: str, old: str, new: str) -> Changed:
    """Replace every occurrence; the empty text stands between all characters and at both ends."""
    if len(new) > len(old):
        _bounded(len(text) + (text.count(old) if old else len(text) + 1) * len(new))
    return Changed(text.replace(old, new))


@LIBRARY.add("pop", STRING, INT, changes=True)
def pop_count(text: str, count: int) -> Changed:
    """Remove the last characters and return them."""
    cut = len(text) - min(max(count, 0), len(text))
    return Changed(text[:cut], text[cut:])


@LIBRARY.add("append", STRING, BLOB, changes=True)
def append_blob(text: str, blob: bytearray) -> Changed:
    """Append the text that a blob holds."""
    return Changed(text + bytes(blob).decode("utf-8", "replace"))


@LIBRARY.add("append", STRING, ANY, changes=True)
def append(text: str, value: Any) -> Changed:
    """Append the display form of a value."""
    return Changed(text + display(value))


def _one(changed: str, original: str) -> Char:
    return Char(changed) if len(changed) == 1 else Char(original)


@LIBRARY.add("to_upper", STRING)
def to_upper(text: str) -> str:
    """In upper case."""
    return text.upper()


@LIBRARY.add("to_upper", CHAR)
def char_to_upper(value: Char) -> Char:
    """In upper case, if that is one character."""
    return _one(value.upper(), value)


@LIBRARY.add("to_lower", STRING)
def to_lower(text: str) -> str:
    """In lower case."""
    return text.lower()


@LIBRARY.add("to_lower", CHAR)
def char_to_lower(value: Char) -> Char:
    """In lower case, if that is one character."""
    return _one(value.lower(), value)


@LIBRARY.add("make_upper", STRING, changes=True)
def make_upper(text: str) -> Changed:
    """Change to upper case."""
    return Changed(text.upper())


@LIBRARY.add("make_upper", CHAR, changes=True)
def make_char_upper(value: Char) -> Changed:
    """Change to upper case."""
    return Changed(char_to_upper(value))


@LIBRARY.add("make_lower", STRING, changes=True)
def make_lower(text: str) -> Changed:
    """Change to lower case."""
    return Changed(text.lower())


@LIBRARY.add("make_lower", CHAR, changes=True)
def make_char_lower(value: Char) -> Changed:
    """Change to lower case."""
    return Changed(char_to_lower(value))
