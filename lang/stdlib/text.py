"""Values as text: the form that `print` shows, the form inside containers, and the host's form."""

from __future__ import annotations

from typing import Any

from lang.heap.convert import Char, FunctionValue, RangeValue, Sequence, StepRange, Vector
from lang.numeric.floats import debug_float, display_float
from lang.values import TYPE_NAMES, Tag

LARGEST = 2**63 - 1


def type_name(value: Any) -> str:
    """Return what `type_of` says."""
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
        case Vector():
            return TYPE_NAMES[Tag.VEC2 if len(value) == 2 else Tag.VEC3]
        case RangeValue():
            return "range=" if value.inclusive else "range"
        case StepRange() | Sequence():
            return "range"
        case FunctionValue():
            return "Fn"
        case bytearray():
            return "blob"
        case list():
            return "array"
    return "map"


def display(value: Any) -> str:
    """Return what `print` shows."""
    match value:
        case None:
            return ""
        case str():
            return str(value)
        case float():
            return display_float(value)
    return debug(value)


def debug(value: Any) -> str:
    """Return the form inside arrays and maps: strings quoted, characters not."""
    return _text(value, quote_chars=False)


def host_debug(value: Any) -> str:
    """Return the form in which a host sees a result: strings and characters quoted."""
    return _text(value, quote_chars=True)


def _text(value: Any, *, quote_chars: bool) -> str:
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
            return _quoted(value, "'") if quote_chars else str(value)
        case str():
            return _quoted(value, '"')
        case Vector():
            return "(" + ", ".join(debug_float(item) for item in value) + ")"
        case RangeValue():
            return range_text(value)
        case StepRange() | Sequence():
            return "range"
        case FunctionValue():
            return f"Fn({value.name})"
        case bytearray():
            return blob_text(value)
        case list():
            return "[" + ", ".join(_text(item, quote_chars=quote_chars) for item in value) + "]"
    pairs = (
        _quoted(key, '"') + ": " + _text(value[key], quote_chars=quote_chars)
        for key in sorted(value, key=lambda text: text.encode("utf-8", "replace"))
    )
    return "#{" + ", ".join(pairs) + "}"


def range_text(value: RangeValue) -> str:
    """Return a range as it is written; the largest int as an end is left out."""
    operator = "..=" if value.inclusive else ".."
    end = "" if value.end == LARGEST else str(value.end)
    return f"{value.start}{operator}{end}"


def blob_text(value: bytearray) -> str:
    """Return a blob in hexadecimal, in groups of eight bytes."""
    data = bytes(value).hex()
    return "[" + " ".join(data[i : i + 16] for i in range(0, len(data), 16)) + "]"


_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", "\0": "\\0"}


def _quoted(text: str, quote: str) -> str:
    parts = []
    for character in text:
        if character == quote:
            parts.append("\\" + quote)
        elif character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif character.isprintable() or character == " ":
            parts.append(character)
        else:
            parts.append(f"\\u{{{ord(character):x}}}")
    return quote + "".join(parts) + quote
