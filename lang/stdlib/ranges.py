"""`range`, and what ranges know of themselves."""

from __future__ import annotations

import numpy as np

from lang.faults import Fault
from lang.heap.access import argument, field_c, put, register_a
from lang.heap.alloc import has_room, take
from lang.heap.convert import RangeValue, Sequence
from lang.heap.strings import object_address
from lang.jit import I64, add_overflows, kernel, native, words_at, words_in, wrapping_add, wrapping_mul
from lang.layout import ITERATOR_WORDS, MACHINE_WORDS, RANGE_WORDS, Kind, M, Status
from lang.stdlib.overloads import FLOAT, RANGE, Library
from lang.stdlib.registry import HostFault, NativeEntry
from lang.values import Tag

LIBRARY = Library()
MOST_STEPS = 1 << 20  # floats that a range of floats may have
ONE, MOST_STEPS_BUT_ONE = np.uint64(1), np.uint64(2**63 - 2)


@kernel
def steps(first: int, end: int, step: int) -> int:
    """Return how many ints first, first + step, … lie before `end`; the most an int can be if it is more.

    A distance or a step may need all 64 bits, and so no sign.
    """
    if step > 0:
        if first >= end:
            return 0
        distance, size = np.uint64(end) - np.uint64(first) - ONE, np.uint64(step)
    else:
        if first <= end:
            return 0
        distance, size = np.uint64(first) - np.uint64(end) - ONE, np.uint64(0) - np.uint64(step)
    return int(np.int64(min(distance // size, MOST_STEPS_BUT_ONE) + ONE))


@kernel
def new_triple(m: I64, word: int, first: int, count: int, step: int) -> int:
    """Write an iterator over ints as the result."""
    if count > 0 and add_overflows(wrapping_add(first, wrapping_mul(count - 1, step)), step):
        count -= 1  # an iterator ends when its next int would overflow
    if not has_room(m, ITERATOR_WORDS):
        return Status.NEEDS_MEMORY
    at = take(m, Kind.ITERATOR, ITERATOR_WORDS)
    heap = words_in(m, M.HEAP)
    heap[at + 1] = first
    heap[at + 2] = count
    heap[at + 3] = step
    put(m, register_a(m, word), Tag.ITERATOR, at)
    return Status.OK


@native
def make_range(machine: int, word: int) -> int:
    """`range` of ints, or of a range and a step."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 0)
    count = field_c(word)
    last = argument(word, m, count - 1)
    if registers[last] & 0xFF != Tag.INT:
        return Status.HOST_CALL
    step = registers[last + 1]
    if count == 2 and registers[at] & 0xFF == Tag.RANGE:
        bounds = words_at(object_address(m, registers[at + 1]), RANGE_WORDS)
        if step == 0:
            return Fault.STEP_ZERO
        return new_triple(m, word, bounds[1], steps(bounds[1], bounds[2], step), step)
    if registers[at] & 0xFF != Tag.INT:
        return Fault.FUNCTION_NOT_FOUND
    if count == 3:
        if registers[at + 2] & 0xFF != Tag.INT:
            return Fault.FUNCTION_NOT_FOUND
        if step == 0:
            return Fault.STEP_ZERO
        first = registers[at + 1]
        return new_triple(m, word, first, steps(first, registers[at + 3], step), step)
    if not has_room(m, RANGE_WORDS):
        return Status.NEEDS_MEMORY
    made = take(m, Kind.RANGE, RANGE_WORDS)
    heap = words_in(m, M.HEAP)
    heap[made + 1] = registers[at + 1]
    heap[made + 2] = registers[at + 3]
    put(m, register_a(m, word), Tag.RANGE, made)
    return Status.OK


def _float_steps(first: float, end: float, step: float) -> int:
    """Return about how many floats there will be, more than a range may have for ever."""
    count = 0.0 if step == 0.0 else (end - first) / step
    return int(min(count, 2.0 * MOST_STEPS)) if count > 0.0 else 0


@LIBRARY.add("range", FLOAT, FLOAT, FLOAT, elements=_float_steps)
def float_range(first: float, end: float, step: float) -> Sequence:
    """Floats from `first`, before `end`, by addition of `step`."""
    if step == 0.0:
        raise HostFault(Fault.STEP_ZERO)
    items: list[float] = []
    value = first
    while value < end if step > 0.0 else value > end:
        if len(items) >= MOST_STEPS or value + step == value:
            raise HostFault(Fault.ARRAY_TOO_LARGE)
        items.append(value)
        value += step
    return Sequence(items)


@LIBRARY.add("start", RANGE, is_property=True)
def start(value: RangeValue) -> int:
    """The first int."""
    return value.start


@LIBRARY.add("end", RANGE, is_property=True)
def end(value: RangeValue) -> int:
    """The last bound."""
    return value.end


@LIBRARY.add("is_inclusive", RANGE, is_property=True)
def is_inclusive(value: RangeValue) -> bool:
    """Whether the end belongs to it."""
    return value.inclusive


@LIBRARY.add("is_exclusive", RANGE, is_property=True)
def is_exclusive(value: RangeValue) -> bool:
    """Whether the end does not belong to it."""
    return not value.inclusive


@LIBRARY.add("is_empty", RANGE, is_property=True)
def is_empty(value: RangeValue) -> bool:
    """Whether no int lies in it."""
    return value.start > value.end or (value.start == value.end and not value.inclusive)


KERNELS = (NativeEntry("range", make_range, (2, 3)),)
