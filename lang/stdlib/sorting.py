"""Sorting by the natural order: a stable merge sort, bottom up, in the free space of the heap."""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.alloc import charge, has_room
from lang.heap.arrays import VALUE_WORDS, element_at, length_of
from lang.heap.strings import compare_strings
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.arrays import done, receiver, receiver_kind
from lang.stdlib.registry import NativeEntry
from lang.values import Tag


@kernel
def precedes(m: I64, kind: int, x: int, y: int) -> bool:
    """Return whether payload `x` sorts before `y`; floats by their true order, -0.0 before 0.0."""
    if kind == Tag.STRING:
        return compare_strings(m, x, y) < 0
    if kind == Tag.FLOAT:
        x ^= (x >> 63) & 0x7FFFFFFFFFFFFFFF
        y ^= (y >> 63) & 0x7FFFFFFFFFFFFFFF
    return x < y


@kernel
def common_kind(m: I64, array: int) -> int:
    """Return the kind that all elements have if it can be sorted, else -1."""
    heap = words_in(m, M.HEAP)
    kind = heap[element_at(m, array, 0)] & 0xFF
    if kind < Tag.BOOL or kind > Tag.STRING:
        return -1
    for i in range(length_of(m, array)):
        if heap[element_at(m, array, i)] & 0xFF != kind:
            return -1
    return kind


@kernel
def merge_runs(m: I64, kind: int, source: int, target: int, bounds: tuple[int, int, int]) -> None:
    """Merge the sorted runs start..middle and middle..end of `source` into `target` (both offsets)."""
    heap = words_in(m, M.HEAP)
    start, middle, end = bounds
    left = start
    right = middle
    for i in range(start, end):
        take_right = right < end and (
            left >= middle or precedes(m, kind, heap[source + 2 * right + 1], heap[source + 2 * left + 1])
        )
        chosen = right if take_right else left
        heap[target + 2 * i] = heap[source + 2 * chosen]
        heap[target + 2 * i + 1] = heap[source + 2 * chosen + 1]
        if take_right:
            right += 1
        else:
            left += 1


@native
def sort(machine: int, word: int) -> int:
    """`sort` of elements of one kind."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Fault.FUNCTION_NOT_FOUND
    array = receiver(m, word)
    count = length_of(m, array)
    if count < 2:
        return done(m, word, Status.OK)
    kind = common_kind(m, array)
    if kind < 0:
        return Fault.NOT_SORTABLE
    if not has_room(m, VALUE_WORDS * count):
        return Status.NEEDS_MEMORY
    heap = words_in(m, M.HEAP)
    values = element_at(m, array, 0)
    source = values
    target = m[M.HEAP_TOP]
    width = 1
    while width < count:
        for start in range(0, count, 2 * width):
            middle = min(start + width, count)
            merge_runs(m, kind, source, target, (start, middle, min(start + 2 * width, count)))
        source, target = target, source
        width *= 2
        charge(m, VALUE_WORDS * count)
    if source != values:
        for i in range(VALUE_WORDS * count):
            heap[values + i] = heap[source + i]
    return done(m, word, Status.OK)


KERNELS = (NativeEntry("sort", sort, (1, 1), changes=True),)
