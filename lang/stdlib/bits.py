"""Bits of ints: single ones, runs of them, and iterators over them; bit 0 is the lowest."""

from __future__ import annotations

from typing import Any

from lang.faults import Fault
from lang.heap.convert import RangeValue, Sequence
from lang.stdlib.overloads import BOOL, INT, RANGE, Changed, Library
from lang.stdlib.registry import HostFault

LIBRARY = Library()
BITS = 64


def signed(value: int) -> int:
    """Return the low 64 bits as a signed int."""
    value &= 2**BITS - 1
    return value - 2**BITS if value >= 2 ** (BITS - 1) else value


def bit_place(index: int) -> int:
    """Return a bit index from 0 to 63; negative ones count from the top.

    Raises:
        HostFault: there is no such bit.
    """
    if not -BITS <= index < BITS:
        raise HostFault(Fault.BIT_BOUNDS, str(index))
    return index % BITS


def _run(part: tuple[Any, ...]) -> tuple[int, int]:
    if isinstance(part[0], RangeValue):
        end = part[0].end + part[0].inclusive
        start = bit_place(max(part[0].start, 0))  # ranges count from the lowest bit only
        return start, max(min(end, BITS) - start, 0)
    start = bit_place(part[0])
    return start, max(min(part[1], BITS - start), 0)


@LIBRARY.add("get_bit", INT, INT)
def get_bit(value: int, index: int) -> bool:
    """Whether a bit is set."""
    return value >> bit_place(index) & 1 == 1


@LIBRARY.add("set_bit", INT, INT, BOOL, changes=True)
def set_bit(value: int, index: int, on: bool) -> Changed:
    """Set or clear a bit."""
    mask = 1 << bit_place(index)
    return Changed(signed(value | mask if on else value & ~mask))


@LIBRARY.add("get_bits", INT, INT, INT)
@LIBRARY.add("get_bits", INT, RANGE)
def get_bits(value: int, *part: Any) -> int:
    """A run of bits as an int."""
    start, count = _run(part)
    return signed((value & 2**BITS - 1) >> start & (1 << count) - 1)


@LIBRARY.add("set_bits", INT, INT, INT, INT, changes=True)
@LIBRARY.add("set_bits", INT, RANGE, INT, changes=True)
def set_bits(value: int, *arguments: Any) -> Changed:
    """Write the low bits of an int into a run of bits."""
    *part, new = arguments
    start, count = _run(tuple(part))
    mask = (1 << count) - 1 << start
    return Changed(signed(value & ~mask | new << start & mask))


@LIBRARY.add("bits", INT, is_property=True)
@LIBRARY.add("bits", INT, INT)
@LIBRARY.add("bits", INT, INT, INT)
@LIBRARY.add("bits", INT, RANGE)
def bits(value: int, *part: Any) -> Sequence:
    """An iterator over bits, from the lowest on."""
    if not part:
        part = (0, BITS)
    elif len(part) == 1 and not isinstance(part[0], RangeValue):
        part = (part[0], BITS)
    start, count = _run(part)
    return Sequence(value >> i & 1 == 1 for i in range(start, start + count))


@LIBRARY.add("is_odd", INT, is_property=True)
def is_odd(value: int) -> bool:
    """Whether it is odd."""
    return value & 1 == 1


@LIBRARY.add("is_even", INT, is_property=True)
def is_even(value: int) -> bool:
    """Whether it is even."""
    return value & 1 == 0


def _digits(value: int, form: str) -> str:
    return format(value & 2**BITS - 1, form)


@LIBRARY.add("to_hex", INT)
def to_hex(value: int) -> str:
    """In base 16, as two's complement."""
    return _digits(value, "x")


@LIBRARY.add("to_octal", INT)
def to_octal(value: int) -> str:
    """In base 8, as two's complement."""
    return _digits(value, "o")


@LIBRARY.add("to_binary", INT)
def to_binary(value: int) -> str:
    """In base 2, as two's complement."""
    return _digits(value, "b")
