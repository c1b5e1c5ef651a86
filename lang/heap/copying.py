"""Deep copies: an array, map or blob is copied whenever a variable that holds it is read as a value.

The copy is made breadth first: each container is copied as it stands, and the copies made so far are
then walked in order, so that the elements still to be copied need no stack and may nest at will.
"""

from __future__ import annotations

from lang.heap.access import put
from lang.heap.alloc import copy_words, has_room, take_container
from lang.jit import I64, kernel, words_in
from lang.layout import CONTAINER_WORDS, ENTRY_WORDS, HEADER_SIZE_SHIFT, Kind, M, Status
from lang.values import Tag

FULL = -1


@kernel
def is_container(tag: int) -> bool:
    """Return whether a value is an array, a map or a blob."""
    return Tag.ARRAY <= tag & 0xFF <= Tag.BLOB


@kernel
def copy_shallow(m: I64, container: int, start: int) -> int:
    """Return a copy whose elements are the same objects, or FULL (with the wish counted from `start`)."""
    heap = words_in(m, M.HEAP)
    length = heap[container + 1]
    kind = heap[container] & 0xFF
    width = 2
    count = length
    storage_kind = Kind.VALUES
    if kind == Kind.MAP:
        width = ENTRY_WORDS
        storage_kind = Kind.ENTRIES
    elif kind == Kind.BLOB:
        width = 1
        count = (length + 7) // 8
        storage_kind = Kind.BYTES
    words = CONTAINER_WORDS + (1 + width * count if count > 0 else 0)
    if not has_room(m, words):
        m[M.REQUEST] = words + m[M.HEAP_TOP] - start
        return FULL
    copy = take_container(m, kind, storage_kind, width, count)
    source = heap[container + 2] + 1
    target = heap[copy + 2] + 1
    copy_words(heap, target, heap, source, width * count)
    heap[copy + 1] = length
    if kind == Kind.BLOB:
        heap[copy + 3] = 8 * count
    return copy


@kernel
def copy_values(m: I64, first: int, count: int, width: int, start: int) -> bool:
    """Replace the containers among `count` values by copies; False: there is no room."""
    heap = words_in(m, M.HEAP)
    for i in range(count):
        at = first + width * i
        if is_container(heap[at]):
            copy = copy_shallow(m, heap[at + 1], start)
            if copy == FULL:
                return False
            heap[at + 1] = copy
    return True


@kernel
def copy_nested(m: I64, start: int) -> bool:
    """Copy what the containers from `start` up to the top of the heap hold, and what those hold."""
    heap = words_in(m, M.HEAP)
    at = start
    while at < m[M.HEAP_TOP]:
        kind = heap[at] & 0xFF
        words = heap[at] >> HEADER_SIZE_SHIFT
        fine = True
        if kind == Kind.VALUES:
            fine = copy_values(m, at + 1, (words - 1) // 2, 2, start)
        elif kind == Kind.ENTRIES:
            fine = copy_values(m, at + 2, (words - 1) // ENTRY_WORDS, ENTRY_WORDS, start)
        if not fine:
            return False
        at += words
    return True


@kernel
def copy_value(m: I64, tag: int, payload: int) -> tuple[bool, int]:
    """Return (True, payload of a deep copy), or (False, 0) with nothing taken and the wish in REQUEST."""
    if not is_container(tag):
        return True, payload
    start = m[M.HEAP_TOP]
    fuel = m[M.FUEL]
    copy = copy_shallow(m, payload, start)
    if copy == FULL or not copy_nested(m, start):
        m[M.HEAP_TOP] = start
        m[M.FUEL] = fuel
        return False, 0
    return True, copy


@kernel
def put_copy(m: I64, dst: int, tag: int, payload: int) -> int:
    """Write a deep copy of a value into a register; returns a status."""
    fine, copy = copy_value(m, tag, payload)
    if not fine:
        return Status.NEEDS_MEMORY
    put(m, dst, tag, copy)
    return Status.OK
