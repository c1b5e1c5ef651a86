"""Built-ins of every type, ranges, and reading texts."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from lang.errors import CompileError
from lang.heap import convert as machine_values
from lang.source import NO_PLACE
from lang.stdlib.json_text import read_json
from lang.stdlib.registry import HostFault
from tests.reference.faults import Fault, arithmetic
from tests.reference.places import Tag, Variable
from tests.reference.signatures import Table
from tests.reference.values import (
    LARGEST,
    SMALLEST,
    Char,
    Items,
    Pointer,
    Range,
    display,
    text,
    type_name,
)

TABLE = Table()
takes = TABLE.takes


@takes("to_string ?", "print ?")
def to_string(value: Any) -> str:
    return display(value)


@takes("to_debug ?", "debug ?")
def to_debug(value: Any) -> str:
    return text(value)


@takes("type_of ?")
def kind_of(value: Any) -> str:
    return type_name(value)


@takes("is_shared ?", place=True)
def is_shared(place: Any) -> bool:
    return isinstance(place, Variable) and place.cell.shared


@takes("tag ?", place=True)
def tag(place: Any) -> int:
    return Tag(place).get()


@takes("set_tag ? int", changes=True)
def set_tag(place: Any, value: int) -> None:
    Tag(place).set(value)


@takes("take ?", changes=True)
def take(place: Any) -> Any:
    value = place.get()
    place.set(None)
    return value


# --- pointers ---


@takes("name Fn")
def name(pointer: Pointer) -> str:
    return pointer.name


@takes("is_anonymous Fn")
def is_anonymous(pointer: Pointer) -> bool:
    return pointer.closure is not None


# --- ranges ---


@takes("range int int")
def plain_range(start: int, end: int) -> Range:
    return Range(start, end, inclusive=False)


def step_zero() -> Fault:
    fault = arithmetic("step value cannot be zero")
    fault.calls.append(("range", NO_PLACE))
    fault.plain = True
    return fault


@takes("range int int int")
def stepped(start: int, end: int, step: int) -> Items:
    if step == 0:
        raise step_zero()
    numbers = range(start, end, step)
    if numbers and not SMALLEST <= numbers[-1] + step <= LARGEST:
        numbers = numbers[:-1]  # an iterator steps before it gives
    return Items(numbers[:1_000_000])


@takes("range Range int")
def stepped_range(bounds: Range, step: int) -> Items:
    return stepped(bounds.start, bounds.end, step)


@takes("range float float float")
def float_range(start: float, end: float, step: float) -> Items:
    if step == 0.0:
        raise step_zero()
    items = []
    while (start < end if step > 0 else start > end) and len(items) < 1_000_000:
        items.append(start)
        start += step
    return Items(items)


@takes("contains range int")
def range_contains(bounds: Range, value: int) -> bool:
    return value in bounds.numbers()


# --- reading ---


@takes("parse_int string")
def parse_int(source: str) -> int:
    return parse_radix(source, 10)


@takes("parse_int string int")
def parse_radix(source: str, radix: int) -> int:
    if not 2 <= radix <= 36:
        raise arithmetic(f"Invalid radix: '{radix}'")
    trimmed = source.strip()
    digits = trimmed[1:] if trimmed[:1] in {"+", "-"} else trimmed
    problem = f"Error parsing integer number '{source}': "
    if not trimmed:
        raise arithmetic(problem + "cannot parse integer from empty string")
    if not digits or not digits.isalnum() or not digits.isascii():
        raise arithmetic(problem + "invalid digit found in string")
    try:
        value = int(trimmed, radix)
    except ValueError:
        raise arithmetic(problem + "invalid digit found in string") from None
    if not SMALLEST <= value <= LARGEST:
        how = "large" if value > 0 else "small"
        raise arithmetic(problem + f"number too {how} to fit in target type")
    return value


FLOAT = re.compile(r"[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf|infinity|nan)", re.IGNORECASE)


@takes("parse_float string")
def parse_float(source: str) -> float:
    trimmed = source.strip()
    problem = f"Error parsing floating-point number '{source}': "
    if not trimmed:
        raise arithmetic(problem + "cannot parse float from empty string")
    if not FLOAT.fullmatch(trimmed) or not trimmed.isascii():
        raise arithmetic(problem + "invalid float literal")
    return float(trimmed)


@takes("E")
def euler() -> float:
    return math.e


@takes("PI")
def pi() -> float:
    return math.pi


def to_json(value: Any) -> str:
    """A value as JSON, or nearly."""
    match value:
        case None:
            return "null"
        case dict():
            from tests.reference.values import sorted_keys

            pairs = (
                f"{json.dumps(key, ensure_ascii=False)}:{to_json(value[key])}" for key in sorted_keys(value)
            )
            return "{" + ",".join(pairs) + "}"
        case list():
            return "[" + ",".join(map(to_json, value)) + "]"
        case Pointer():
            return json.dumps(value.name)
    if type_name(value) == "string":
        return json.dumps(value, ensure_ascii=False)
    return text(value, host=True)


@takes("to_json map")
def map_to_json(value: dict[str, Any]) -> str:
    return to_json(value)


@takes("parse_json string")
def parse_json(source: str) -> Any:
    """What the shared parser makes of it."""
    try:
        value = own(read_json(source))
    except HostFault as error:
        fault = Fault(error.fault.kind, str(error))
        if isinstance(error.__cause__, CompileError):
            fault.elsewhere = (error.__cause__.line, error.__cause__.column)
        raise fault from None
    if not isinstance(value, dict):
        kind = type_name(value)
        raise Fault("ErrorMismatchOutputType", f"Output type incorrect: {kind} (expecting map)")
    return value


def own(value: Any) -> Any:
    """A value of the machine's as one of ours."""
    match value:
        case dict():
            return {key: own(item) for key, item in value.items()}
        case list():
            return [own(item) for item in value]
        case machine_values.Char():
            return Char(value)
    return value
