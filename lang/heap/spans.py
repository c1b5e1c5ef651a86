"""Runs of elements of an array: naming them, copying them out, removing them, making room for them."""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.alloc import charge, container_words, copy_words, grow_storage, has_room, take_container
from lang.heap.arrays import VALUE_WORDS, element_at, length_of
from lang.heap.copying import FULL, copy_nested, copy_values
from lang.heap.strings import object_address
from lang.jit import I64, kernel, words_at, words_in
from lang.layout import RANGE_WORDS, Kind, M, Status
from lang.values import Tag


@kernel
def index_from(length: int, index: int) -> int:
    """Return an index that may count from the end, not below 0."""
    return max(index + length, 0) if index < 0 else index


@kernel
def clamp_span(length: int, start: int, count: int) -> tuple[int, int]:
    """Return (start, count) of what a run covers of a sequence; a negative start counts from the end."""
    start = min(index_from(length, start), length)
    return start, max(min(count, length - start), 0)


@kernel
def read_span(m: I64, at: int, available: int, length: int) -> tuple[int, int, int]:
    """Read a run from arguments: a range, a start, or (if `available` is 2) a start and a count.

    Returns:
        (how many arguments it took, or 0 if they are no run; start; count), within the sequence.
    """
    registers = words_in(m, M.REGISTERS)
    kind = registers[at] & 0xFF
    if kind == Tag.RANGE or kind == Tag.RANGE_INCLUSIVE:
        bounds = words_at(object_address(m, registers[at + 1]), RANGE_WORDS)
        start = min(max(bounds[1], 0), length)
        end = min(max(bounds[2], 0), length)
        if kind == Tag.RANGE_INCLUSIVE and bounds[2] >= 0 and end < length:
            end += 1
        return 1, start, max(end - start, 0)
    if kind != Tag.INT:
        return 0, 0, 0
    if available == 1:
        start, count = clamp_span(length, registers[at + 1], length)
        return 1, start, count
    if registers[at + 2] & 0xFF != Tag.INT:
        return 0, 0, 0
    start, count = clamp_span(length, registers[at + 1], registers[at + 3])
    return 2, start, count


@kernel
def take_span(m: I64, array: int, start: int, count: int, deep: bool) -> int:
    """Return a new array of a run of elements, copied deeply or moved; FULL: no memory."""
    top = m[M.HEAP_TOP]
    fuel = m[M.FUEL]
    if not has_room(m, container_words(VALUE_WORDS, count)):
        return FULL
    result = take_container(m, Kind.ARRAY, Kind.VALUES, VALUE_WORDS, count)
    if count == 0:
        return result
    heap = words_in(m, M.HEAP)
    heap[result + 1] = count
    first = element_at(m, result, 0)
    source = element_at(m, array, start)
    copy_words(heap, first, heap, source, VALUE_WORDS * count)
    copies = m[M.HEAP_TOP]
    if deep and not (copy_values(m, first, count, VALUE_WORDS, copies) and copy_nested(m, copies)):
        m[M.REQUEST] += copies - top
        m[M.HEAP_TOP] = top
        m[M.FUEL] = fuel
        return FULL
    return result


@kernel
def remove_span(m: I64, array: int, start: int, count: int) -> None:
    """Remove a run of elements."""
    heap = words_in(m, M.HEAP)
    length = length_of(m, array)
    if count > 0:
        to = element_at(m, array, start)
        moved = VALUE_WORDS * (length - start - count)
        copy_words(heap, to, heap, to + VALUE_WORDS * count, moved)
        charge(m, moved)
    heap[array + 1] = length - count


@kernel
def open_span(m: I64, array: int, start: int, count: int) -> int:
    """Make room for `count` elements before index `start`, to be written; returns a status."""
    length = length_of(m, array)
    if length + count > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    if not grow_storage(m, array, Kind.VALUES, VALUE_WORDS, length + count):
        return Status.NEEDS_MEMORY
    heap = words_in(m, M.HEAP)
    if count > 0:
        at = element_at(m, array, start)
        moved = VALUE_WORDS * (length - start)
        for i in range(moved - 1, -1, -1):
            heap[at + VALUE_WORDS * count + i] = heap[at + i]
        charge(m, moved)
    heap[array + 1] = length + count
    return Status.OK
