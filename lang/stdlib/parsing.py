"""Text to values and back: ints, floats, JSON."""

from __future__ import annotations

import re
from typing import Any

from lang.faults import Fault
from lang.heap.access import field_c, put, register_a
from lang.heap.alloc import pay
from lang.heap.convert import Char, FunctionValue
from lang.heap.strings import MOST_NEGATIVE, string_bytes
from lang.heap.substrings import trimmed
from lang.jit import U8, float_bits, kernel, mul_overflows, native, sub_overflows, words_at
from lang.layout import MACHINE_WORDS, Status
from lang.stdlib.arrays import int_argument, receiver, receiver_kind
from lang.stdlib.json_text import read_json
from lang.stdlib.overloads import INT, MAP, STRING, Library
from lang.stdlib.registry import HostFault, NativeEntry
from lang.stdlib.text import debug, display, type_name
from lang.values import Tag

LIBRARY = Library()
PLUS, MINUS, POINT = 43, 45, 46
NO_DIGIT = 99
TOO_LONG = -1
MOST_EXACT = 10**17
OPERATIONS_OF_CHARACTER = 10
"""What `parse_json` takes for each character: Python reads it, which takes as long as many operations."""
EXACT_POWERS = 22
"""The largest power of ten that a float holds exactly."""
_FLOAT = re.compile(
    r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf|infinity|nan)", re.IGNORECASE
)
BLANKS = "".join(map(chr, (*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)))) + (
    "\u2028\u2029\u202f\u205f\u3000"
)
"""White space as Unicode's property of that name says; Python's own notion of it is wider."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _bad_int(text: str, why: str) -> HostFault:
    return HostFault(Fault.MATH, f"Error parsing integer number '{text}': {why}")


@LIBRARY.add("parse_int", STRING)
@LIBRARY.add("parse_int", STRING, INT)
def why_no_int(text: str, radix: int = 10) -> int:
    """An int in a radix from 2 to 36; the kernel has found that the text is none.

    Raises:
        HostFault: always.
    """
    if not 2 <= radix <= 36:
        raise HostFault(Fault.MATH, f"Invalid radix: '{radix}'")
    trimmed = text.strip(BLANKS)
    if not trimmed:
        raise _bad_int(text, "cannot parse integer from empty string")
    digits = trimmed[1:] if trimmed[0] in "+-" else trimmed
    allowed = _DIGITS[:radix]
    if not digits or any(character not in allowed for character in digits.lower()):
        raise _bad_int(text, "invalid digit found in string")
    size = "small" if trimmed[0] == "-" else "large"
    raise _bad_int(text, f"number too {size} to fit in target type")


@LIBRARY.add("parse_float", STRING)
def parse_float(text: str) -> float:
    """A float; blanks around it are ignored."""
    trimmed = text.strip(BLANKS)
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


@LIBRARY.add("parse_json", STRING, work=lambda text: OPERATIONS_OF_CHARACTER * len(text))
def parse_json(text: str) -> Any:
    """The map that a JSON object describes; a text that is no JSON is a fault of its own kind."""
    value = read_json(text)
    if not isinstance(value, dict):
        raise HostFault(Fault.OUTPUT_TYPE, f"{type_name(value)} (expecting map)")
    return value


# --- kernels ----------------------------------------------------------------------------------


@kernel
def digit_of(byte: int) -> int:
    """Return the value of a digit or letter, 36 or more for anything else."""
    if 48 <= byte <= 57:
        return byte - 48
    if 97 <= byte <= 122:
        return byte - 87
    return byte - 55 if 65 <= byte <= 90 else NO_DIGIT


@kernel
def read_sign(text: U8, at: int, end: int) -> tuple[bool, int]:
    """Return (whether a minus stands there, where the number begins)."""
    if at < end and (text[at] == MINUS or text[at] == PLUS):
        return text[at] == MINUS, at + 1
    return False, at


@native
def parse_int(machine: int, word: int) -> int:
    """`parse_int`; for a text that is no int the host says why."""
    m = words_at(machine, MACHINE_WORDS)
    radix = 10
    is_int = True
    if field_c(word) == 2:
        is_int, radix = int_argument(m, word, 1)
    if receiver_kind(m, word) != Tag.STRING or not is_int or radix < 2 or radix > 36:
        return Status.HOST_CALL
    text = string_bytes(m, receiver(m, word))
    start, end = trimmed(text)
    is_negative, start = read_sign(text, start, end)
    value = 0  # less than or equal to 0: there is one more int below than above
    for i in range(start, end):
        digit = digit_of(int(text[i]))
        if digit >= radix or mul_overflows(value, radix) or sub_overflows(value * radix, digit):
            return Status.HOST_CALL
        value = value * radix - digit
    if start == end or (value == MOST_NEGATIVE and not is_negative):
        return Status.HOST_CALL
    pay(m, text.size)
    put(m, register_a(m, word), Tag.INT, value if is_negative else -value)
    return Status.OK


@kernel
def read_decimal(text: U8, at: int, end: int) -> tuple[int, int, int, int]:
    """Read digits with at most one point; returns (their int or TOO_LONG, after the point, digits, end)."""
    value = 0
    digits = 0
    after_point = 0
    has_point = False
    while at < end:
        byte = int(text[at])
        if byte == POINT and not has_point:
            has_point = True
        elif 48 <= byte <= 57:
            digits += 1
            after_point += 1 if has_point else 0
            value = value * 10 + byte - 48 if 0 <= value < MOST_EXACT else TOO_LONG
        else:
            break
        at += 1
    return value, after_point, digits, at


@kernel
def read_exponent(text: U8, at: int, end: int) -> tuple[bool, int]:
    """Return (whether the rest is nothing or an exponent that is small, the exponent)."""
    if at == end:
        return True, 0
    if text[at] != 69 and text[at] != 101:
        return False, 0
    is_negative, at = read_sign(text, at + 1, end)
    if at == end or end - at > 3:
        return False, 0
    value = 0
    for i in range(at, end):
        digit = digit_of(int(text[i]))
        if digit > 9:
            return False, 0
        value = value * 10 + digit
    return True, -value if is_negative else value


@native
def read_float(machine: int, word: int) -> int:
    """`parse_float` where one operation rounds correctly: at most 2**53, times or over at most 1e22.

    Source: Clinger, How to read floating point numbers accurately (1990), section 3. All else is the host's.
    """
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.STRING:
        return Status.HOST_CALL
    text = string_bytes(m, receiver(m, word))
    start, end = trimmed(text)
    is_negative, start = read_sign(text, start, end)
    value, after_point, digits, at = read_decimal(text, start, end)
    fits, exponent = read_exponent(text, at, end)
    exponent -= after_point
    if not fits or digits == 0 or value < 0 or value > 2**53 or abs(exponent) > EXACT_POWERS:
        return Status.HOST_CALL
    scale = 1.0
    for _ in range(abs(exponent)):
        scale *= 10.0
    result = float(value) / scale if exponent < 0 else float(value) * scale
    pay(m, text.size)
    put(m, register_a(m, word), Tag.FLOAT, float_bits(-result if is_negative else result))
    return Status.OK


KERNELS = (
    NativeEntry("parse_int", parse_int, (1, 2)),
    NativeEntry("parse_float", read_float, (1, 1)),
)
