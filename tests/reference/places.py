"""Places: where a value lies, so that it can be changed there."""

from __future__ import annotations

from typing import Any

from tests.reference.bits import field_of, with_field
from tests.reference.faults import Fault, mismatch, out_of_bounds
from tests.reference.rounding import ROUNDINGS
from tests.reference.spans import string_span
from tests.reference.values import Cell, Char, Items, Range, Vector, is_int, type_name


class Place:
    """A temporary: nobody sees what happens to it."""

    def __init__(self, value: Any = None) -> None:
        self.value = value
        self.cell: Cell | None = None
        self.constant = False
        self.root = ""
        self.root_at = -1

    def get(self) -> Any:
        """The value that lies there, not a copy."""
        return self.value

    def set(self, value: Any) -> None:
        """Put a value there."""
        self.value = value

    def refuse_constant(self) -> None:
        """A constant's parts cannot be assigned to."""
        if self.constant:
            message = f"Cannot modify constant {self.root}"
            raise Fault("ErrorAssignmentToConstant", message, self.root_at, variable=self.root)


class Variable(Place):
    """A variable."""

    def __init__(self, cell: Cell, name: str, at: int) -> None:
        super().__init__()
        self.cell = cell
        self.constant = cell.constant
        self.root = name
        self.root_at = at

    def get(self) -> Any:
        return self.cell.value

    def set(self, value: Any) -> None:
        self.cell.value = value


class Part(Place):
    """A part of the value at another place."""

    def __init__(self, whole: Place, key: Any) -> None:
        super().__init__()
        self.whole = whole
        self.key = key
        self.written = 0
        self.cell = whole.cell
        self.constant = whole.constant
        self.root = whole.root
        self.root_at = whole.root_at

    def get(self) -> Any:
        whole = self.whole.get()
        if isinstance(whole, dict):
            return whole.get(self.key)
        if is_int(whole):
            return field_of(whole, self.key)
        if isinstance(whole, str):
            return whole[slice(*self.key)] if isinstance(self.key, tuple) else Char(whole[self.key])
        return whole[self.key]

    def set(self, value: Any) -> None:
        whole = self.whole.get()
        if is_int(whole):
            self.whole.set(with_field(whole, self.key, value))
        elif isinstance(whole, str):
            start, stop = self.key if isinstance(self.key, tuple) else (self.written, self.written + 1)
            if start < len(whole) or isinstance(self.key, tuple):
                self.whole.set(whole[:start] + value + whole[stop:])
        elif isinstance(whole, bytearray):
            whole[self.key] = value & 0xFF
        else:
            whole[self.key] = value

    def accept(self, value: Any, at: int) -> None:
        """Refuse a value that cannot lie there."""
        whole = self.whole.get()
        ranged = isinstance(self.key, tuple)
        if is_int(whole) and ranged and not is_int(value):
            raise mismatch(value, "INT", at)
        if is_int(whole) and not ranged and not isinstance(value, bool):
            raise mismatch(value, "bool", at)
        if isinstance(whole, str) and ranged and type_name(value) != "string":
            raise mismatch(value, "string", at)
        if isinstance(whole, str) and not ranged and not isinstance(value, Char):
            raise mismatch(value, "char", at)
        if isinstance(whole, bytearray) and not is_int(value):
            raise mismatch(value, "INT", at)


def element(whole: Place, index: Any, at: int, index_at: int) -> Part:
    """`whole[index]`; `at` is the bracket."""
    value = whole.get()
    if isinstance(value, dict):
        if type_name(index) != "string":
            raise mismatch(index, "string", index_at)
        return Part(whole, index)
    if isinstance(value, list | bytearray) or type_name(value) == "string":
        if isinstance(index, Range) and type_name(value) == "string":
            start, stop = string_span(value, index, at=index_at)
            return Part(whole, (start, stop))
        if not is_int(index):
            raise mismatch(index, "i64", index_at)
        kind = "ErrorStringBounds" if isinstance(value, str) else "ErrorArrayBounds"
        if not -len(value) <= index < len(value):
            raise out_of_bounds(kind, index, len(value), index_at)
        part = Part(whole, index % len(value))
        part.written = abs(index)  # what is written to a string loses its sign, as the kit shows
        return part
    if is_int(value):
        return bit(whole, index, index_at)
    if isinstance(value, Vector) and is_int(index) and -len(value) <= index < len(value):
        return Part(whole, index)
    if isinstance(value, Vector) and is_int(index):
        raise out_of_bounds("ErrorArrayBounds", index, len(value), index_at)
    if isinstance(value, Vector):
        raise mismatch(index, "i64", index_at)
    what = f"{type_name(value)} [{type_name(index)}]"
    raise Fault("ErrorIndexingType", f"Indexer unavailable: {what}", at, type=what)


def bit(whole: Place, index: Any, at: int) -> Part:
    """A bit, or a field of bits, of an int."""
    if isinstance(index, Range):
        start, stop = index.start, index.end + index.inclusive
        for bound in (start, index.end):
            position_of_bit(min(bound, 0), at, lowest=0)
        start = position_of_bit(start, at)
        return Part(whole, (start, max(min(stop - start, 64 - start), 0)))
    if not is_int(index):
        raise mismatch(index, "i64", at)
    return Part(whole, position_of_bit(index, at))


def position_of_bit(index: int, at: int = -1, *, lowest: int = -64) -> int:
    """A bit's number from 0, of one that may count from the top."""
    if not lowest <= index < 64:
        message = f"Bit-field index {index} out of bounds: only 64 bits in bit-field"
        raise Fault("ErrorBitFieldBounds", message, at, index=index, length=64)
    return index % 64


def member(whole: Place, name: str) -> Place | None:
    """A property that can be read: of maps any, of others a few."""
    value = whole.get()
    if name == "tag" and not isinstance(value, dict):
        return Tag(whole)
    if isinstance(value, dict):
        return Part(whole, name)
    reader = GETTERS.get((type_name(value), name))
    if reader is None:
        return None
    place = Place(reader(value))
    place.cell = whole.cell
    return place


class Tag(Place):
    """The tag of the value at another place."""

    def __init__(self, whole: Place) -> None:
        super().__init__()
        self.whole = whole

    def get(self) -> Any:
        cell = self.whole.cell
        return cell.tag if cell is not None and isinstance(self.whole, Variable) else 0

    def set(self, value: Any) -> None:
        if not is_int(value):
            raise mismatch(value, "i64")
        if not -(2**31) <= value < 2**31:
            raise Fault(
                "ErrorArithmetic",
                f"{value} is too large to fit into a tag (must be between -2147483648 and 2147483647)",
            )
        if self.whole.cell is not None and isinstance(self.whole, Variable):
            self.whole.cell.tag = value


GETTERS: dict[tuple[str, str], Any] = {
    **{(kind, "len"): len for kind in ("array", "blob", "string")},
    **{(kind, "is_empty"): lambda v: not v for kind in ("array", "blob", "string")},
    ("string", "bytes"): lambda v: len(v.encode()),
    ("string", "chars"): lambda v: Items(map(Char, v)),
    ("Fn", "name"): lambda v: v.name,
    ("Fn", "is_anonymous"): lambda v: v.closure is not None,
    ("i64", "is_even"): lambda v: v % 2 == 0,
    ("i64", "is_odd"): lambda v: v % 2 == 1,
    ("i64", "is_zero"): lambda v: v == 0,
    ("f64", "is_zero"): lambda v: v == 0.0,
    ("i64", "bits"): lambda v: Items(bool(v >> i & 1) for i in range(64)),
}
for _kind in ("range", "range="):
    GETTERS[_kind, "start"] = lambda v: v.start
    GETTERS[_kind, "end"] = lambda v: v.end
    GETTERS[_kind, "is_inclusive"] = lambda v: v.inclusive
    GETTERS[_kind, "is_exclusive"] = lambda v: not v.inclusive
    GETTERS[_kind, "is_empty"] = lambda v: not v.numbers()
for _kind in ("vec2", "vec3"):
    GETTERS[_kind, "x"] = lambda v: v[0]
    GETTERS[_kind, "y"] = lambda v: v[1]
GETTERS["vec3", "z"] = lambda v: v[2]
for _name in ("floor", "ceiling", "round", "int", "fraction", "is_nan", "is_finite", "is_infinite"):
    GETTERS["f64", _name] = ROUNDINGS[_name]
