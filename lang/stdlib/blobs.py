"""Functions on blobs. A byte keeps the low 8 bits of what is written; absent bytes read 0."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from lang.faults import Fault
from lang.heap.convert import RangeValue
from lang.stdlib.overloads import BLOB, CHAR, FLOAT, INT, RANGE, STRING, Changed, Library, Pattern
from lang.stdlib.registry import HostFault
from lang.stdlib.strings import range_span, span

LIBRARY = Library()
LARGEST = 8 * 1024 * 1024  # bytes, as many as arrays have elements


def _bounded(size: int) -> int:
    if size > LARGEST:
        raise HostFault(Fault.ARRAY_TOO_LARGE)
    return max(size, 0)


def _index(blob: bytearray, index: int) -> int:
    return max(index + len(blob), 0) if index < 0 else index


def _part(blob: bytearray, part: tuple[Any, ...]) -> slice:
    if isinstance(part[0], RangeValue):
        return range_span(len(blob), part[0])
    return span(len(blob), *part)


@LIBRARY.add("blob")
@LIBRARY.add("blob", INT)
@LIBRARY.add("blob", INT, INT)
def make(length: int = 0, value: int = 0) -> bytearray:
    """A blob of so many equal bytes."""
    return bytearray([value & 0xFF]) * _bounded(length)


@LIBRARY.add("get", BLOB, INT)
def get(blob: bytearray, index: int) -> int:
    """The byte at an index, or 0."""
    at = _index(blob, index)
    return blob[at] if at < len(blob) else 0


@LIBRARY.add("set", BLOB, INT, INT, changes=True)
def set_byte(blob: bytearray, index: int, value: int) -> Changed:
    """Write the byte at an index, if there is one."""
    at = _index(blob, index)
    if at < len(blob):
        blob[at] = value & 0xFF
    return Changed(blob)


@LIBRARY.add("push", BLOB, INT, changes=True)
@LIBRARY.add("append", BLOB, INT, changes=True)
def push(blob: bytearray, value: int) -> Changed:
    """Append a byte."""
    _bounded(len(blob) + 1)
    blob.append(value & 0xFF)
    return Changed(blob)


@LIBRARY.add("append", BLOB, BLOB, changes=True)
def append(blob: bytearray, other: bytearray) -> Changed:
    """Append a blob."""
    _bounded(len(blob) + len(other))
    return Changed(blob + other)


@LIBRARY.add("append", BLOB, CHAR, changes=True)
@LIBRARY.add("append", BLOB, STRING, changes=True)
def append_text(blob: bytearray, text: str) -> Changed:
    """Append a text as UTF-8."""
    return append(blob, bytearray(text.encode("utf-8", "replace")))


@LIBRARY.add("pop", BLOB, changes=True)
def pop(blob: bytearray) -> Changed:
    """Remove the last byte and return it."""
    return Changed(blob[:-1], blob[-1] if blob else 0)


@LIBRARY.add("shift", BLOB, changes=True)
def shift(blob: bytearray) -> Changed:
    """Remove the first byte and return it."""
    return Changed(blob[1:], blob[0] if blob else 0)


@LIBRARY.add("insert", BLOB, INT, INT, changes=True)
def insert(blob: bytearray, index: int, value: int) -> Changed:
    """Insert a byte; the index is clamped."""
    _bounded(len(blob) + 1)
    blob.insert(_index(blob, index), value & 0xFF)
    return Changed(blob)


@LIBRARY.add("remove", BLOB, INT, changes=True)
def remove(blob: bytearray, index: int) -> Changed:
    """Remove the byte at an index and return it."""
    at = _index(blob, index)
    if at >= len(blob):
        return Changed(blob, 0)
    value = blob.pop(at)
    return Changed(blob, value)


@LIBRARY.add("pad", BLOB, INT, INT, changes=True)
def pad(blob: bytearray, length: int, value: int) -> Changed:
    """Append equal bytes up to a length."""
    missing = max(_bounded(length) - len(blob), 0)
    return Changed(blob + bytearray([value & 0xFF]) * missing)


@LIBRARY.add("truncate", BLOB, INT, changes=True)
def truncate(blob: bytearray, length: int) -> Changed:
    """Keep the first bytes."""
    return Changed(blob[: max(length, 0)])


@LIBRARY.add("chop", BLOB, INT, changes=True)
def chop(blob: bytearray, length: int) -> Changed:
    """Keep the last bytes."""
    return Changed(blob[max(len(blob) - max(length, 0), 0) :])


@LIBRARY.add("reverse", BLOB, changes=True)
def reverse(blob: bytearray) -> Changed:
    """Reverse in place."""
    return Changed(blob[::-1])


@LIBRARY.add("to_array", BLOB)
def to_array(blob: bytearray) -> list[int]:
    """An array of the bytes."""
    return list(blob)


@LIBRARY.add("as_string", BLOB)
def as_string(blob: bytearray) -> str:
    """The text that it holds in UTF-8."""
    return bytes(blob).decode("utf-8", "replace")


@LIBRARY.add("split", BLOB, INT, changes=True)
def split(blob: bytearray, index: int) -> Changed:
    """Cut at an index and return the rest."""
    at = span(len(blob), index).start
    return Changed(blob[:at], blob[at:])


@LIBRARY.add("extract", BLOB, INT)
@LIBRARY.add("extract", BLOB, INT, INT)
@LIBRARY.add("extract", BLOB, RANGE)
def extract(blob: bytearray, *part: Any) -> bytearray:
    """A part of it."""
    return blob[_part(blob, part)]


@LIBRARY.add("drain", BLOB, INT, INT, changes=True)
@LIBRARY.add("drain", BLOB, RANGE, changes=True)
def drain(blob: bytearray, *part: Any) -> Changed:
    """Remove a part and return it."""
    chosen = _part(blob, part)
    return Changed(blob[: chosen.start] + blob[chosen.stop :], blob[chosen])


@LIBRARY.add("retain", BLOB, INT, INT, changes=True)
@LIBRARY.add("retain", BLOB, RANGE, changes=True)
def retain(blob: bytearray, *part: Any) -> Changed:
    """Keep a part and return the rest."""
    chosen = _part(blob, part)
    return Changed(blob[chosen], blob[: chosen.start] + blob[chosen.stop :])


@LIBRARY.add("splice", BLOB, INT, INT, BLOB, changes=True)
@LIBRARY.add("splice", BLOB, RANGE, BLOB, changes=True)
def splice(blob: bytearray, *arguments: Any) -> Changed:
    """Put another blob in the place of a part."""
    *part, other = arguments
    chosen = _part(blob, tuple(part))
    _bounded(len(blob) + len(other))
    return Changed(blob[: chosen.start] + other + blob[chosen.stop :])


def _parse(blob: bytearray, part: tuple[Any, ...], *, big: bool) -> bytes:
    data = bytes(blob[_part(blob, part)])[:8].ljust(8, b"\0")
    return data[::-1] if big else data


def _write(blob: bytearray, part: tuple[Any, ...], data: bytes) -> Changed:
    chosen = _part(blob, part)
    count = min(chosen.stop - chosen.start, len(data))
    blob[chosen.start : chosen.start + count] = data[:count]
    return Changed(blob)


def _parser(layout: str, *, big: bool) -> Callable[..., Any]:
    def parse(blob: bytearray, *part: Any) -> Any:
        return struct.unpack(layout, _parse(blob, part, big=big))[0]

    return parse


def _writer(layout: str) -> Callable[..., Any]:
    def write(blob: bytearray, *arguments: Any) -> Changed:
        *part, value = arguments
        return _write(blob, tuple(part), struct.pack(layout, value))

    return write


@LIBRARY.add("write_ascii", BLOB, INT, INT, STRING, changes=True)
@LIBRARY.add("write_ascii", BLOB, RANGE, STRING, changes=True)
def write_ascii(blob: bytearray, *arguments: Any) -> Changed:
    """Write the ASCII characters of a text into a part."""
    *part, text = arguments
    return _write(blob, tuple(part), text.encode("ascii", "ignore"))


@LIBRARY.add("write_utf8", BLOB, INT, INT, STRING, changes=True)
@LIBRARY.add("write_utf8", BLOB, RANGE, STRING, changes=True)
def write_utf8(blob: bytearray, *arguments: Any) -> Changed:
    """Write a text as UTF-8 into a part."""
    *part, text = arguments
    return _write(blob, tuple(part), text.encode("utf-8", "replace"))


def _declare_numbers() -> None:
    parts: tuple[tuple[Pattern, ...], ...] = ((INT, INT), (RANGE,))
    for part in parts:
        for order, big in (("le", False), ("be", True)):
            for kind, layout in (("int", "<q"), ("float", "<d")):
                LIBRARY.add(f"parse_{order}_{kind}", BLOB, *part)(_parser(layout, big=big))
            for pattern, code in ((INT, "q"), (FLOAT, "d")):
                writer = _writer((">" if big else "<") + code)
                LIBRARY.add(f"write_{order}", BLOB, *part, pattern, changes=True)(writer)


_declare_numbers()
