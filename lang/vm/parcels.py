"""Parcels: values on their way from one instance to another, copied whole into words of their own.

A parcel is a value and all that it holds, in one run of words that can lie anywhere: tag and payload, then
objects as on a heap, references counted from the parcel's first word. Equal values give equal words, so
that a parcel can be hashed, saved and compared as it stands.

What belongs to one program or one instance cannot cross: a closure, and a function pointer that carries
values. One by name means a function of that name where it arrives.
"""

from __future__ import annotations

from lang.heap.alloc import charge, copy_words, has_room
from lang.heap.strings import object_address
from lang.jit import I64, kernel, words_at, words_in
from lang.layout import (
    CONTAINER_WORDS,
    ENTRY_WORDS,
    HEADER_SIZE_SHIFT,
    NO_OFFSET,
    Kind,
    M,
    Status,
)
from lang.values import Tag
from lang.vm.collect import is_reference, storage_words
from lang.vm.graft import move_object
from lang.vm.hashing import one_nan

HEAD_WORDS = 2
"""Tag and payload of the value, before its objects."""
NO_ROOM = -1
CANNOT_CROSS = -2
BY_NAME = -1
"""Function index of a pointer that is found by its name, in the script itself."""


@kernel
def bring(m: I64, out: I64, first: int, top: int, tag: int, reference: int) -> int:
    """Copy one object to the parcel's end, what it holds still to follow; returns the new end."""
    kind = tag & 0xFF
    if kind == Tag.SEQUENCE or kind >= Tag.CELL:
        return CANNOT_CROSS
    address = object_address(m, reference)
    header = words_at(address, 1)[0]
    words = (header >> HEADER_SIZE_SHIFT) & 0x7FFFFFFF
    if top + words > out.size:
        return NO_ROOM
    copy_words(out, top, words_at(address, words), 0, words)
    out[top] = (header & 0xFF) | words << HEADER_SIZE_SHIFT
    if kind == Tag.VEC2 or kind == Tag.VEC3:
        for i in range(1, words):
            out[top + i] = one_nan(out[top + i])
    elif kind == Tag.FN:
        if out[top + 1] >= 0 or out[top + 3] != 0:
            return CANNOT_CROSS
        out[top + 1] = BY_NAME
    elif kind == Tag.ARRAY or kind == Tag.MAP or kind == Tag.BLOB:
        return bring_storage(m, out, first, top)
    return top + words


@kernel
def bring_storage(m: I64, out: I64, first: int, top: int) -> int:
    """Copy a container's elements behind it, without spare capacity; returns the new end."""
    heap = words_in(m, M.HEAP)
    length = out[top + 1]
    storage = out[top + 2]
    used = storage_words(out[top] & 0xFF, length)
    out[top + 2] = NO_OFFSET
    out[top + 3] = length
    at = top + CONTAINER_WORDS
    if used == 0:
        return at
    if at + used > out.size:
        return NO_ROOM
    copy_words(out, at, heap, storage, used)
    out[at] = (heap[storage] & 0xFF) | used << HEADER_SIZE_SHIFT
    if out[at] & 0xFF == Kind.BYTES and length % 8 != 0:
        out[at + used - 1] &= (1 << (8 * (length % 8))) - 1
    out[top + 2] = at - first
    return at + used


@kernel
def bring_values(m: I64, out: I64, first: int, top: int, at: int, count: int) -> int:
    """Copy what `count` values of the parcel from `at` on refer to; returns the new end."""
    for i in range(count):
        value = at + 2 * i
        if out[value] & 0xFF == Tag.FLOAT:
            out[value + 1] = one_nan(out[value + 1])
        elif is_reference(out[value]):
            end = bring(m, out, first, top, out[value], out[value + 1])
            if end < 0:
                return end
            out[value + 1] = top - first
            top = end
    return top


@kernel
def bring_string(m: I64, out: I64, first: int, top: int, at: int) -> int:
    """Copy the string that a word of the parcel refers to; returns the new end."""
    end = bring(m, out, first, top, Tag.STRING, out[at])
    if end >= 0:
        out[at] = top - first
    return end


@kernel
def pack(m: I64, tag: int, payload: int, out: I64, first: int) -> int:
    """Write a value of the bound instance as a parcel from `first` on.

    Returns:
        Its words, NO_ROOM (`out` ends before it), or CANNOT_CROSS.
    """
    if first + HEAD_WORDS > out.size:
        return NO_ROOM
    out[first] = tag
    out[first + 1] = payload
    top = bring_values(m, out, first, first + HEAD_WORDS, first, 1)
    at = first + HEAD_WORDS
    while 0 <= at < top:
        kind = out[at] & 0xFF
        words = out[at] >> HEADER_SIZE_SHIFT
        if kind == Kind.VALUES:
            top = bring_values(m, out, first, top, at + 1, (words - 1) // 2)
        elif kind == Kind.ENTRIES:
            for i in range((words - 1) // ENTRY_WORDS):
                if top >= 0:
                    top = bring_string(m, out, first, top, at + 1 + ENTRY_WORDS * i)
                if top >= 0:
                    top = bring_values(m, out, first, top, at + 2 + ENTRY_WORDS * i, 1)
        elif kind == Kind.FN:
            top = bring_string(m, out, first, top, at + 2)
        at += words
    if top < 0:
        return top
    charge(m, top - first)
    return top - first


@kernel
def unpack(m: I64, parcel: I64, words: int) -> tuple[int, int, int]:
    """Put a parcel's value on the bound instance's heap; returns (status, tag, payload)."""
    tag = parcel[0]
    payload = parcel[1]
    if not is_reference(tag):
        return Status.OK, tag, payload
    objects = words - HEAD_WORDS
    if not has_room(m, objects):
        return Status.NEEDS_MEMORY, tag, payload
    charge(m, objects)
    heap = words_in(m, M.HEAP)
    at = m[M.HEAP_TOP]
    shift = at - HEAD_WORDS
    copy_words(heap, at, parcel, HEAD_WORDS, objects)
    m[M.HEAP_TOP] = at + objects
    while at < m[M.HEAP_TOP]:
        move_object(heap, at, shift, heap)  # a parcel refers to no constants: the last one is not read
        at += heap[at] >> HEADER_SIZE_SHIFT
    return Status.OK, tag, payload + shift
