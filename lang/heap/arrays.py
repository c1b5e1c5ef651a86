"""Arrays: a container with a storage of values; every array has one owner."""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import put
from lang.heap.alloc import container_words, copy_words, grow_storage, has_room, take_container
from lang.heap.copying import copy_nested, copy_values
from lang.jit import I64, kernel, words_in
from lang.layout import Kind, M, Status
from lang.values import Tag

VALUE_WORDS = 2


@kernel
def length_of(m: I64, container: int) -> int:
    """Return the number of elements of an array, map or blob."""
    return words_in(m, M.HEAP)[container + 1]


@kernel
def element_at(m: I64, container: int, index: int) -> int:
    """Return the offset of the tag word of an element (0 <= index < capacity)."""
    return words_in(m, M.HEAP)[container + 2] + 1 + VALUE_WORDS * index


@kernel
def push(m: I64, array: int, tag: int, payload: int) -> int:
    """Append a value that nobody else owns; returns a status."""
    length = length_of(m, array)
    if length >= m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    if not grow_storage(m, array, Kind.VALUES, VALUE_WORDS, length + 1):
        return Status.NEEDS_MEMORY
    heap = words_in(m, M.HEAP)
    at = element_at(m, array, length)
    heap[at] = tag
    heap[at + 1] = payload
    heap[array + 1] = length + 1
    return Status.OK


@kernel
def copy_elements(m: I64, source: int, target: int, index: int) -> bool:
    """Copy all elements of `source` into the capacity of `target` from `index` on; False: no memory."""
    heap = words_in(m, M.HEAP)
    start = m[M.HEAP_TOP]
    count = length_of(m, source)
    first = element_at(m, target, index)
    if count > 0:
        copy_words(heap, first, heap, element_at(m, source, 0), VALUE_WORDS * count)
    return copy_values(m, first, count, VALUE_WORDS, start) and copy_nested(m, start)


@kernel
def append_array(m: I64, array: int, other: int) -> int:
    """Append copies of the elements of `other`; returns a status."""
    length = length_of(m, array)
    more = length_of(m, other)
    if length + more > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    top = m[M.HEAP_TOP]
    fuel = m[M.FUEL]
    heap = words_in(m, M.HEAP)
    storage = heap[array + 2]
    capacity = heap[array + 3]
    if not grow_storage(m, array, Kind.VALUES, VALUE_WORDS, length + more):
        return Status.NEEDS_MEMORY
    if not copy_elements(m, other, array, length):
        m[M.REQUEST] += m[M.HEAP_TOP] - top
        m[M.HEAP_TOP] = top
        m[M.FUEL] = fuel
        heap[array + 2] = storage
        heap[array + 3] = capacity
        return Status.NEEDS_MEMORY
    heap[array + 1] = length + more
    return Status.OK


@kernel
def concatenate(m: I64, dst: int, left: int, right: int) -> int:
    """Write a new array of copies of the elements of both into `dst`; returns a status."""
    count = length_of(m, left) + length_of(m, right)
    if count > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    top = m[M.HEAP_TOP]
    fuel = m[M.FUEL]
    if not has_room(m, container_words(VALUE_WORDS, count)):
        return Status.NEEDS_MEMORY
    array = take_container(m, Kind.ARRAY, Kind.VALUES, VALUE_WORDS, count)
    if not (copy_elements(m, left, array, 0) and copy_elements(m, right, array, length_of(m, left))):
        m[M.REQUEST] += m[M.HEAP_TOP] - top
        m[M.HEAP_TOP] = top
        m[M.FUEL] = fuel
        return Status.NEEDS_MEMORY
    words_in(m, M.HEAP)[array + 1] = count
    put(m, dst, Tag.ARRAY, array)
    return Status.OK
