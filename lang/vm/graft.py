"""Carrying state from an instance of an old program over to a fresh instance of a new one.

The objects of the old heap are appended to the new one as they stand, with their references moved;
then the state slots choose. What holds a function of the old program, at whatever depth, stays behind.
"""

from __future__ import annotations

from enum import IntEnum, unique

from lang.jit import I64, entry, kernel, words_at, words_in
from lang.layout import (
    ENTRY_WORDS,
    FN_HEAD_WORDS,
    HEADER_SIZE_SHIFT,
    INSTANCE_WORDS,
    MACHINE_WORDS,
    InstanceWord,
    Kind,
    M,
    Status,
)
from lang.values import Tag
from lang.vm.collect import collect, is_reference
from lang.vm.instances import bind, unbind

TAINT = 1 << 8
"""Bit of an object's header while it is being grafted: a function of the old program is in it."""


@unique
class Choice(IntEnum):
    """What became of a state slot."""

    KEPT = 0
    INITIAL = 1  # as the new top level made it
    FUNCTION_LOST = 2  # as the new top level made it, for the old value held a function
    UNDEFINED = 3


@kernel
def taint_of(heap: I64, at: int, count: int) -> int:
    """Return TAINT if one of `count` values refers to a tainted object, else 0."""
    for i in range(count):
        tag = heap[at + 2 * i]
        reference = heap[at + 2 * i + 1]
        if is_reference(tag) and reference >= 0 and heap[reference] & TAINT != 0:
            return TAINT
    return 0


@kernel
def taint_of_object(heap: I64, at: int) -> int:
    """Return TAINT if an object is a function of its program or refers to a tainted object."""
    kind = heap[at] & 0xFF
    words = heap[at] >> HEADER_SIZE_SHIFT
    if kind == Kind.VALUES:
        return taint_of(heap, at + 1, (words - 1) // 2)
    if kind == Kind.ENTRIES:
        for i in range((words - 1) // ENTRY_WORDS):
            if taint_of(heap, at + 2 + ENTRY_WORDS * i, 1) != 0:
                return TAINT
        return 0
    if kind == Kind.CELL:
        return taint_of(heap, at + 1, 1)
    if kind == Kind.FN:
        return TAINT if heap[at + 1] >= 0 else taint_of(heap, at + FN_HEAD_WORDS, heap[at + 3])
    if kind == Kind.ARRAY or kind == Kind.MAP:
        storage = heap[at + 2]
        return heap[storage] & TAINT if storage >= 0 else 0
    return 0


@kernel
def taint(heap: I64, first: int, top: int) -> None:
    """Taint every object from `first` on that holds a function, until nothing changes any more."""
    changed = True
    while changed:
        changed = False
        at = first
        while at < top:
            if heap[at] & TAINT == 0 and taint_of_object(heap, at) != 0:
                heap[at] |= TAINT
                changed = True
            at += heap[at] >> HEADER_SIZE_SHIFT


@kernel
def moved(reference: int, shift: int, offsets: I64) -> int:
    """Return where an object of the old heap or constant pool lies now."""
    return reference + shift if reference >= 0 else ~offsets[~reference]


@kernel
def move_references(heap: I64, at: int, count: int, shift: int, offsets: I64) -> None:
    """Let the references among `count` values follow their objects."""
    for i in range(count):
        if is_reference(heap[at + 2 * i]):
            heap[at + 2 * i + 1] = moved(heap[at + 2 * i + 1], shift, offsets)


@kernel
def move_object(heap: I64, at: int, shift: int, offsets: I64) -> None:
    """Let the references inside one appended object follow their objects."""
    kind = heap[at] & 0xFF
    words = heap[at] >> HEADER_SIZE_SHIFT
    if kind == Kind.VALUES:
        move_references(heap, at + 1, (words - 1) // 2, shift, offsets)
    elif kind == Kind.ENTRIES:
        for i in range((words - 1) // ENTRY_WORDS):
            key = at + 1 + ENTRY_WORDS * i
            heap[key] = moved(heap[key], shift, offsets)
            move_references(heap, key + 1, 1, shift, offsets)
    elif kind == Kind.CELL:
        move_references(heap, at + 1, 1, shift, offsets)
    elif kind == Kind.FN:
        if heap[at + 1] < 0:
            heap[at + 2] = moved(heap[at + 2], shift, offsets)
        move_references(heap, at + FN_HEAD_WORDS, heap[at + 3], shift, offsets)
    elif (kind == Kind.ARRAY or kind == Kind.MAP or kind == Kind.BLOB) and heap[at + 2] >= 0:
        heap[at + 2] += shift


@kernel
def append_objects(source: I64, first: int, top: int, heap: I64, end: int, offsets: I64) -> None:
    """Append the objects of a compact heap at the end of another."""
    shift = end - first
    for i in range(first, top):
        heap[i + shift] = source[i]
    at = end
    while at < top + shift:
        heap[at] &= ~TAINT
        move_object(heap, at, shift, offsets)
        at += heap[at] >> HEADER_SIZE_SHIFT


@kernel
def choose(source: I64, old: int, heap: I64, new: int, shift: int, offsets: I64) -> int:
    """Fill the new slot from the old one (-1: there is none) or leave it as it is; returns a `Choice`."""
    initial = Choice.UNDEFINED if heap[2 * new] & 0xFF == Tag.UNDEFINED else Choice.INITIAL
    if old < 0 or source[2 * old] & 0xFF == Tag.UNDEFINED:
        return initial
    if taint_of(source, 2 * old, 1) != 0:
        return Choice.FUNCTION_LOST
    heap[2 * new] = source[2 * old]
    heap[2 * new + 1] = source[2 * old + 1]
    move_references(heap, 2 * new, 1, shift, offsets)
    return Choice.KEPT


@entry("int64(int64, int64)")
def compact_instance(machine: int, instance: int) -> int:
    """Collect the heap of an instance of the current program; OK, or NEEDS_ARENA for scratch space."""
    m = words_at(machine, MACHINE_WORDS)
    bind(m, instance)
    if m[M.SCRATCH_WORDS] < m[M.HEAP_TOP]:
        return Status.NEEDS_ARENA
    collect(m, -1)  # no frame is live
    unbind(m)
    return Status.OK


@entry("int64(int64)")
def latest_function(machine: int) -> int:
    """Return the largest index among the functions on the bound instance's compact heap, or -1."""
    m = words_at(machine, MACHINE_WORDS)
    heap = words_in(m, M.HEAP)
    latest = -1
    at = 2 * m[M.STATE_SLOTS]
    while at < m[M.HEAP_TOP]:
        if heap[at] & 0xFF == Kind.FN:
            latest = max(latest, heap[at + 1])
        at += heap[at] >> HEADER_SIZE_SHIFT
    return latest


@entry("int64(int64, int64, int64[::1], int64[::1], int64[::1])")
def graft_instance(machine: int, old: int, sizes: I64, offsets: I64, slots: I64) -> int:
    """Give the bound instance, fresh from its top level, the state of a compacted old one.

    Args:
        machine: with the new program's instance bound. old: the other instance.
        sizes: [2] state slots of the old program, and 1 where the new one begins with all its functions.
        offsets: for each word of the old constant pool at which an object starts, its place in the new.
        slots: for each new slot twice the number of the old one to take (-1 for none), plus 1 where the
            value of the new top level comes first; overwritten with what became of it (`Choice`).
    Returns:
        OK, or NEEDS_MEMORY with REQUEST set and nothing done.
    """
    m = words_at(machine, MACHINE_WORDS)
    row = INSTANCE_WORDS * old
    instances = words_in(m, M.INSTANCES)
    first = 2 * sizes[0]
    top = instances[row + InstanceWord.TOP]
    end = m[M.HEAP_TOP]
    if end + top - first > m[M.HEAP_WORDS]:
        m[M.REQUEST] = top - first
        return Status.NEEDS_MEMORY
    source = words_at(m[M.ARENA] + 8 * instances[row + InstanceWord.BASE], top)
    heap = words_in(m, M.HEAP)
    if sizes[1] == 0:
        taint(source, first, top)
    append_objects(source, first, top, heap, end, offsets)
    m[M.HEAP_TOP] = end + top - first
    for new in range(slots.size):
        if slots[new] & 1 != 0 and heap[2 * new] & 0xFF != Tag.UNDEFINED:
            slots[new] = Choice.INITIAL
        else:
            slots[new] = choose(source, slots[new] >> 1, heap, new, end - first, offsets)
    unbind(m)
    return Status.OK
