"""Binary and unary operators on values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tests.reference.faults import Fault, arithmetic, missing
from tests.reference.values import (
    LARGEST,
    SMALLEST,
    Char,
    Pointer,
    Range,
    Vector,
    copy,
    display,
    is_int,
    is_number,
    type_name,
)

EPSILON = 2.220446049250313e-16
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}


def float_order(x: float, y: float) -> int | None:
    """-1, 0, 1 by a relative epsilon; None with NaN or infinity."""
    product = x * y
    largest = 1.0 if product == 0.0 else max(abs(x), abs(y))
    difference = (x - y) / largest
    if abs(difference) <= EPSILON:
        return 0
    if difference > EPSILON:
        return 1
    return -1 if difference < -EPSILON else None


def order(left: Any, right: Any) -> int | None:
    """How two comparable values stand; None if neither way."""
    if is_number(left) and is_number(right):
        if isinstance(left, float) or isinstance(right, float):
            return float_order(float(left), float(right))
        return (left > right) - (left < right)
    return (left > right) - (left < right)


def is_text(value: Any) -> bool:
    """Whether it is a string or a character."""
    return isinstance(value, str)


def comparable(left: Any, right: Any) -> bool:
    """Whether `<` orders the two."""
    if isinstance(left, bool) or isinstance(right, bool):
        return isinstance(left, bool) and isinstance(right, bool)
    return (is_number(left) and is_number(right)) or (is_text(left) and is_text(right))


def compare(operator: str, left: Any, right: Any) -> bool:
    """`==` and its kin."""
    if operator in {"==", "!="}:
        return equality(operator, left, right)
    if comparable(left, right):
        result = order(left, right)
        if result is None:
            return False
        return {"<": result < 0, "<=": result <= 0, ">": result > 0, ">=": result >= 0}[operator]
    if type_name(left) == type_name(right) and left is not None:
        raise missing(operator, [left, right])
    return False


def equality(operator: str, left: Any, right: Any) -> bool:
    """`==` and `!=`; NaN and infinity give false for both."""
    if is_number(left) and is_number(right):
        result = order(left, right)
        return result is not None and (result == 0) == (operator == "==")
    if isinstance(left, Range) and isinstance(right, Range) and left.inclusive != right.inclusive:
        if operator == "==":
            raise missing(operator, [left, right])
        return True
    return equal(left, right, operator) == (operator == "==")


def equal(left: Any, right: Any, operator: str = "==") -> bool:
    """Deep equality, numbers with an epsilon."""
    if comparable(left, right):
        return order(left, right) == 0
    if isinstance(left, Vector) and isinstance(right, Vector):
        return len(left) == len(right) and all(
            float_order(x, y) == 0 for x, y in zip(left, right, strict=True)
        )
    if type_name(left) != type_name(right):
        return False
    if isinstance(left, Pointer):
        raise missing(operator, [left, right])
    if isinstance(left, list):
        return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in sorted(left))
    return bool(left == right)


def checked(value: int, problem: str, left: int, right: int, symbol: str) -> int:
    """An int that fits, or an error."""
    if not SMALLEST <= value <= LARGEST:
        raise arithmetic(f"{problem} overflow: {left} {symbol} {right}")
    return value


def divide(left: int, right: int) -> int:
    """Towards zero."""
    if right == 0:
        raise arithmetic(f"Division by zero: {left} / 0")
    quotient = abs(left) // abs(right)
    return checked(quotient if (left < 0) == (right < 0) else -quotient, "Division", left, right, "/")


def remainder(left: int, right: int) -> int:
    """With the sign of the left."""
    if right == 0 or (left == SMALLEST and right == -1):
        raise arithmetic(f"Modulo division by zero or overflow: {left} % {right}")
    return (abs(left) % abs(right)) * (-1 if left < 0 else 1)


def power(left: int, right: int) -> int:
    """Of ints."""
    if right < 0:
        raise arithmetic(f"Integer raised to a negative power: {left} ** {right}")
    if right > 0xFFFFFFFF or (abs(left) > 1 and right > 64):
        raise arithmetic(f"Exponential overflow: {left} ** {right}")
    return checked(left**right, "Exponential", left, right, "**")


def wrapped(value: int) -> int:
    """The low 64 bits as a signed int."""
    return ((value + 2**63) & (2**64 - 1)) - 2**63


def shift(value: int, amount: int) -> int:
    """To the left; a negative amount goes to the right."""
    if amount >= 0:
        return 0 if amount >= 64 else wrapped(value << amount)
    return value >> min(-amount, 64)


INT: dict[str, Callable[[int, int], Any]] = {
    "+": lambda a, b: checked(a + b, "Addition", a, b, "+"),
    "-": lambda a, b: checked(a - b, "Subtraction", a, b, "-"),
    "*": lambda a, b: checked(a * b, "Multiplication", a, b, "*"),
    "/": divide,
    "%": remainder,
    "**": power,
    "<<": shift,
    ">>": lambda a, b: shift(a, -b),
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "..": lambda a, b: Range(a, b, inclusive=False),
    "..=": lambda a, b: Range(a, b, inclusive=True),
}


def float_divide(x: float, y: float) -> float:
    """With infinities instead of errors."""
    if y != 0.0:
        return x / y
    return math.nan if x == 0.0 or math.isnan(x) else math.copysign(math.inf, x) * math.copysign(1.0, y)


def float_remainder(x: float, y: float) -> float:
    """As C's fmod."""
    return math.nan if y == 0.0 or math.isinf(x) else math.fmod(x, y)


def float_power(x: float, y: float) -> float:
    """As C's pow."""
    try:
        return math.pow(x, y)
    except OverflowError:
        odd = y == math.floor(y) and math.fmod(y, 2.0) != 0.0
        return -math.inf if x < 0 and odd else math.inf
    except ValueError:
        if x == 0.0:
            odd = y == math.floor(y) and math.fmod(y, 2.0) != 0.0
            return math.copysign(math.inf, x) if odd else math.inf
        return math.nan


FLOAT: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": float_divide,
    "%": float_remainder,
    "**": float_power,
}
BOOL: dict[str, Callable[[bool, bool], bool]] = {
    "&": lambda a, b: a and b,
    "|": lambda a, b: a or b,
    "^": lambda a, b: a != b,
}


def add(left: Any, right: Any) -> Any:
    """`+` of what are not numbers."""
    if isinstance(left, bytearray) and type_name(right) == "string":
        return left.decode("utf-8", "replace") + right
    if isinstance(right, bytearray) and type_name(left) == "string":
        return left + right.decode("utf-8", "replace")
    if isinstance(left, bytearray) and isinstance(right, bytearray):
        return left + right
    if isinstance(left, bytearray) and isinstance(right, Char):
        return left + right.encode()
    if "string" in {type_name(left), type_name(right)} or (
        isinstance(left, Char) and isinstance(right, Char)
    ):
        return display(left) + display(right)
    if isinstance(left, list) and isinstance(right, list):
        return copy(left) + copy(right)
    if isinstance(left, dict) and isinstance(right, dict):
        return {**copy(left), **copy(right)}
    raise missing("+", [left, right])


def vector_operation(operator: str, left: Any, right: Any) -> Vector:
    """Of vectors; a missing z is that of the other for sums, else 0."""
    if isinstance(left, Vector) and isinstance(right, Vector):
        size = max(len(left), len(right))
        a, b = list(left), list(right)
        if len(a) < size:
            a.append(0.0)
        if len(b) < size:
            b.append(0.0)
        if operator in {"+", "-"} and len(left) != len(right):
            z = (left if len(left) == 3 else right)[2]
            return Vector([*(FLOAT[operator](x, y) for x, y in zip(a[:2], b[:2], strict=True)), z])
        return Vector(FLOAT[operator](x, y) for x, y in zip(a, b, strict=True))
    if operator in {"*", "/"} and isinstance(left, Vector) and is_number(right):
        return Vector(FLOAT[operator](x, float(right)) for x in left)
    if operator == "*" and isinstance(right, Vector) and is_number(left):
        return Vector(FLOAT[operator](float(left), x) for x in right)
    raise missing(operator, [left, right])


LONGEST = 64 * 1024 * 1024
MOST = 8 * 1024 * 1024


def bounded(value: Any) -> Any:
    """A value that is not too large."""
    if isinstance(value, str) and len(value) > LONGEST:
        raise Fault("ErrorDataTooLarge", "Length of string too large")
    if isinstance(value, list | bytearray) and len(value) > MOST:
        raise Fault("ErrorDataTooLarge", "Size of array/BLOB too large")
    return value


def binary(operator: str, left: Any, right: Any) -> Any:
    """The value of an operator that needs both sides."""
    if operator in COMPARISONS:
        return compare(operator, left, right)
    if is_int(left) and is_int(right) and operator in INT:
        return INT[operator](left, right)
    if is_number(left) and is_number(right) and operator in FLOAT and not (is_int(left) and is_int(right)):
        return FLOAT[operator](float(left), float(right))
    if isinstance(left, bool) and isinstance(right, bool) and operator in BOOL:
        return BOOL[operator](left, right)
    if isinstance(left, Vector) or isinstance(right, Vector):
        if "string" in {type_name(left), type_name(right)} and operator == "+":
            return display(left) + display(right)
        if operator in {"+", "-", "*", "/"}:
            return vector_operation(operator, left, right)
    if operator == "+":
        return add(left, right)
    if operator == "-" and type_name(left) == "string" and is_text(right):
        return left.replace(right, "") if right else left
    if operator in {"in", "!in"}:
        return contains(right, left) == (operator == "in")
    raise missing(operator, [left, right])


def contains(container: Any, item: Any) -> bool:
    """`item in container`."""
    if isinstance(container, list):
        return any(equal(item, other) for other in container)
    if isinstance(container, dict) and type_name(item) == "string":
        return item in container
    if type_name(container) == "string" and is_text(item):
        return item in container
    if isinstance(container, Range) and is_int(item):
        return item in container.numbers()
    if isinstance(container, bytearray) and is_int(item):
        return item & 0xFF in container
    raise missing("contains", [container, item])


def unary(operator: str, value: Any) -> Any:
    """`-x`, `+x`, `!x`."""
    if operator == "!" and isinstance(value, bool):
        return not value
    if operator in {"-", "+"} and is_number(value):
        if operator == "+":
            return value
        if value == SMALLEST and is_int(value):
            raise arithmetic(f"Negation overflow: -{value}")
        return -value
    if operator == "-" and isinstance(value, Vector):
        return Vector(-x for x in value)
    raise missing(operator, [value])


def plain(fault: Fault) -> Fault:
    """Mark the arithmetic fault of a plain operator: scripts see no place of it."""
    fault.plain = fault.kind == "ErrorArithmetic"
    return fault
