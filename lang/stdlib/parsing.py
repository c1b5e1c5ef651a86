"""Text to values and back: ints, floats, JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from lang.faults import Fault
from lang.heap.convert import Char, FunctionValue
from lang.stdlib.overloads import INT, MAP, STRING, Library
from lang.stdlib.registry import HostFault
from lang.stdlib.text import debug, display, type_name

LIBRARY = Library()
_FLOAT = re.compile(
    r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf|infinity|nan)", re.IGNORECASE
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _bad_int(text: str, why: str) -> HostFault:
    return HostFault(Fault.MATH, f"Error parsing integer number '{text}': {why}")


@LIBRARY.add("parse_int", STRING)
@LIBRARY.add("parse_int", STRING, INT)
def parse_int(text: str, radix: int = 10) -> int:
    """An int in a radix from 2 to 36; blanks around it are ignored."""
    if not 2 <= radix <= 36:
        raise HostFault(Fault.MATH, f"Invalid radix: '{radix}'")
    trimmed = text.strip()
    if not trimmed:
        raise _bad_int(text, "cannot parse integer from empty string")
    digits = trimmed[1:] if trimmed[0] in "+-" else trimmed
    allowed = _DIGITS[:radix]
    if not digits or any(character not in allowed for character in digits.lower()):
        raise _bad_int(text, "invalid digit found in string")
    value = 2**64 if len(digits.lstrip("0")) > 64 else int(digits, radix)
    if trimmed[0] == "-":
        if value > 2**63:
            raise _bad_int(text, "number too small to fit in target type")
        return -value
    if value >= 2**63:
        raise _bad_int(text, "number too large to fit in target type")
    return value


@LIBRARY.add("parse_float", STRING)
def parse_float(text: str) -> float:
    """A float; blanks around it are ignored."""
    trimmed = text.strip()
    if not trimmed:
        why = "cannot parse float from empty string"
        raise HostFault(Fault.MATH, f"Error parsing floating-point number '{text}': {why}")
    if not _FLOAT.fullmatch(trimmed) or not trimmed.isascii():
        raise HostFault(Fault.MATH, f"Error parsing floating-point number '{text}': invalid float literal")
    return float(trimmed)


def to_json_text(value: Any) -> str:
    """Return JSON, but for characters, ranges and pointers, which have none."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-8", "replace"))
        return "{" + ",".join(f"{debug(key)}:{to_json_text(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(to_json_text, value)) + "]"
    if isinstance(value, FunctionValue):
        return debug(value.name)
    if isinstance(value, Char):
        return f"'{value}'"
    if isinstance(value, str):
        return debug(value)
    return display(value) if isinstance(value, float) and abs(value) < 1e13 else debug(value)


@LIBRARY.add("to_json", MAP)
def to_json(value: dict[str, Any]) -> str:
    """A map as JSON."""
    return to_json_text(value)


def _number(text: str) -> int | float:
    value = int(text)
    return value if -(2**63) <= value < 2**63 else float(text)


def _refuse(text: str) -> Any:
    raise ValueError(text)


@LIBRARY.add("parse_json", STRING)
def parse_json(text: str) -> Any:
    """The map that a JSON object describes; a text that is no JSON is a fault of its own kind."""
    try:
        value = json.loads(text, parse_int=_number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        at = getattr(error, "pos", 0)
        raise HostFault(Fault.PARSING, f"Unexpected text in JSON (position {at + 1})") from None
    if not isinstance(value, dict):
        raise HostFault(Fault.OUTPUT_TYPE, f"{type_name(value)} (expecting map)")
    return value
