"""Built-ins of ints, floats, chars and bits."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.reference.bits import field_of, with_field
from tests.reference.faults import arithmetic
from tests.reference.places import position_of_bit
from tests.reference.rounding import ROUNDINGS
from tests.reference.signatures import Table
from tests.reference.values import LARGEST, SMALLEST, Char, Items, display

TABLE = Table()
takes = TABLE.takes


@takes("abs number")
def absolute(value: float) -> float:
    if value == SMALLEST and isinstance(value, int):
        raise arithmetic(f"Negation overflow: -{value}")
    return abs(value)


@takes("sign number")
def sign(value: float) -> int:
    if math.isnan(value):
        raise arithmetic("Sign of NaN is undefined")
    return (value > 0) - (value < 0)


@takes("is_even int")
def is_even(value: int) -> bool:
    return value % 2 == 0


@takes("is_odd int")
def is_odd(value: int) -> bool:
    return value % 2 == 1


@takes("is_zero number")
def is_zero(value: float) -> bool:
    return value == 0


@takes("max number number", "max string string", "max char char")
def largest(a: Any, b: Any) -> Any:
    a, b = promoted(a, b)
    return max(b, a)


@takes("min number number", "min string string", "min char char")
def smallest(a: Any, b: Any) -> Any:
    a, b = promoted(a, b)
    return min(b, a)


def promoted(a: Any, b: Any) -> tuple[Any, Any]:
    """Two numbers of one kind."""
    return (float(a), float(b)) if isinstance(a, float) or isinstance(b, float) else (a, b)


@takes("to_float number")
def to_float(value: float) -> float:
    return float(value)


@takes("to_int int")
def int_to_int(value: int) -> int:
    return value


@takes("to_int float")
def float_to_int(value: float) -> int:
    if math.isnan(value):
        return 0
    if math.isinf(value) or not -(2.0**63) <= value <= 2.0**63:
        whole = display(value) if math.isinf(value) else format(Decimal(repr(value)), "f")
        raise arithmetic(f"Integer overflow: to_int({whole})")
    return min(int(value), LARGEST)


@takes("to_int char")
def char_to_int(value: str) -> int:
    return ord(value)


def radix(form: str) -> Callable[[int], str]:
    """Digits of the two's complement."""
    return lambda value: format(value & (2**64 - 1), form)


takes("to_hex int")(radix("x"))
takes("to_octal int")(radix("o"))
takes("to_binary int")(radix("b"))


for _name, _function in ROUNDINGS.items():
    takes(f"{_name} float")(_function)
takes("to_degrees float")(lambda x: x * (180.0 / math.pi))
takes("to_radians float")(lambda x: x * (math.pi / 180.0))


@takes("sqrt float")
def square_root(x: float) -> float:
    return math.sqrt(x) if x >= 0.0 or math.isnan(x) else math.nan


def mathematical(name: str, function: Callable[..., float], arguments: int = 1) -> None:
    """One of the library's; the engine's own differs from it in the last bit now and then."""

    def compute(*values: float) -> float:
        try:
            return function(*values)
        except OverflowError:
            return math.copysign(math.inf, values[0]) if name == "sinh" else math.inf
        except ValueError:
            return poles.get((name, values[0]), math.nan)

    poles = {
        ("atanh", 1.0): math.inf,
        ("atanh", -1.0): -math.inf,
        ("ln", 0.0): -math.inf,
        ("log", 0.0): -math.inf,
    }
    takes(" ".join([name, *["float"] * arguments]))(compute)


for _name in [
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "exp",
]:
    mathematical(_name, getattr(math, _name))
mathematical("ln", math.log)
mathematical("log", math.log10)
mathematical("log", lambda x, base: math.log(x) / math.log(base), 2)
mathematical("hypot", math.hypot, 2)
mathematical("atan", math.atan2, 2)


def cased(name: str) -> Callable[[str], Char]:
    """Another case, if it is one character."""

    def change(value: str) -> Char:
        changed = getattr(value, name)()
        return Char(changed) if len(changed) == 1 else Char(value)

    return change


takes("to_upper char")(cased("upper"))
takes("to_lower char")(cased("lower"))


@takes("make_upper char", changes=True)
def make_upper(place: Any) -> None:
    place.set(cased("upper")(place.get()))


@takes("make_lower char", changes=True)
def make_lower(place: Any) -> None:
    place.set(cased("lower")(place.get()))


# --- bits ---


@takes("get_bit int int")
def get_bit(value: int, index: int) -> bool:
    return bool(field_of(value, position_of_bit(index)))


@takes("set_bit int int bool", changes=True)
def set_bit(place: Any, index: int, new: bool) -> None:
    place.set(with_field(place.get(), position_of_bit(index), new))


def field(start: Any, length: int | None = None) -> tuple[int, int]:
    """(start, length) of a range, or of two ints."""
    if length is None:
        start = start._replace(start=max(start.start, 0), end=max(start.end, 0 - start.inclusive, -1))
        stop = start.end + start.inclusive
        first = position_of_bit(start.start)
        return first, max(min(stop, 64) - first, 0)
    first = position_of_bit(start)
    return first, max(min(length, 64 - first), 0)


@takes("get_bits int range", "get_bits int int int")
def get_bits(value: int, *where: Any) -> int:
    return int(field_of(value, field(*where)))


@takes("set_bits int range int", "set_bits int int int int", changes=True)
def set_bits(place: Any, *where: Any) -> None:
    *bounds, new = where
    key = field(*bounds)
    place.set(with_field(place.get(), key, new & ((1 << key[1]) - 1)))


@takes("bits int", "bits int int", "bits int int int", "bits int range")
def bits(value: int, *where: Any) -> Items:
    start, length = (
        (0, 64)
        if not where
        else field(*where)
        if len(where) > 1 or not isinstance(where[0], int)
        else field(where[0], 64)
    )
    return Items(bool(value >> i & 1) for i in range(start, start + length))
