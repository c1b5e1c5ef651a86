"""Carrying state from an instance of an old program over to a fresh instance of a new one.

The objects of the old heap are appended to the new one as they stand, with their references moved;
then the state slots choose. What holds a function that the new program does not have as it was, at
whatever depth, stays behind.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import NamedTuple

from lang.heap.strings import object_address
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
"""Bit of an object's header while it is being grafted: a function that is lost is in it."""
LOST = -1
"""Of functions, files and constants of the old program: the new one has none like it."""
HEADER_ONLY = 1


@unique
class Choice(IntEnum):
    """What became of a state slot."""

    KEPT = 0
    INITIAL = 1  # as the new top level made it
    FUNCTION_LOST = 2  # as the new top level made it, for the old value held a function that is lost
    UNDEFINED = 3
    NO_ROOM = 4  # as the new top level made it, for there is no memory for the old state beside it


class Carried(NamedTuple):
    """What becomes of what an old program's state may refer to.

    Attributes:
        offsets: for each word of the old constant pool at which an object starts, its place in the new one;
            LOST of a pointer to a function that is lost.
        functions: the new index of each old function, then the new number of each old file; LOST likewise.
        names: names of functions that are lost, one after another: the old number of the file, then the
            string as it would lie on a heap.
        function_count: of the old program.
    """

    offsets: I64
    functions: I64
    names: I64
    function_count: int


@kernel
def taint_of(heap: I64, at: int, count: int, carried: Carried) -> int:
    """Return TAINT if one of `count` values refers to a tainted object or a lost constant, else 0."""
    for i in range(count):
        tag = heap[at + 2 * i]
        reference = heap[at + 2 * i + 1]
        if is_reference(tag):
            is_lost = heap[reference] & TAINT != 0 if reference >= 0 else carried.offsets[~reference] == LOST
            if is_lost:
                return TAINT
    return 0


@kernel
def is_lost_name(m: I64, heap: I64, at: int, carried: Carried) -> bool:
    """Return whether a pointer to a function by its name is to one that is lost."""
    file = -1 - heap[at + 1]
    if carried.functions[carried.function_count + file] == LOST:
        return True
    reference = heap[at + 2]
    if reference < 0:  # the constants of the old program lie in the new one's pool, too
        name = words_at(object_address(m, ~carried.offsets[~reference]), 2)
        size = name[0] >> HEADER_SIZE_SHIFT
        name = words_at(object_address(m, ~carried.offsets[~reference]), size)
    else:
        size = heap[reference] >> HEADER_SIZE_SHIFT
        name = heap[reference : reference + size]
    one = 0
    while one < carried.names.size:
        words = carried.names[one + 1] >> HEADER_SIZE_SHIFT
        if carried.names[one] == file and words == size:
            same = True
            for i in range(HEADER_ONLY, size):
                same = same and name[i] == carried.names[one + 1 + i]
            if same:
                return True
        one += 1 + words
    return False


@kernel
def taint_of_object(m: I64, heap: I64, at: int, carried: Carried) -> int:
    """Return TAINT if an object is a function that is lost or refers to a tainted object."""
    kind = heap[at] & 0xFF
    words = heap[at] >> HEADER_SIZE_SHIFT
    if kind == Kind.VALUES:
        return taint_of(heap, at + 1, (words - 1) // 2, carried)
    if kind == Kind.ENTRIES:
        for i in range((words - 1) // ENTRY_WORDS):
            if taint_of(heap, at + 2 + ENTRY_WORDS * i, 1, carried) != 0:
                return TAINT
        return 0
    if kind == Kind.CELL:
        return taint_of(heap, at + 1, 1, carried)
    if kind == Kind.FN:
        if heap[at + 1] >= 0:
            if carried.functions[heap[at + 1]] == LOST:
                return TAINT
        elif is_lost_name(m, heap, at, carried):
            return TAINT
        return taint_of(heap, at + FN_HEAD_WORDS, heap[at + 3], carried)
    if kind == Kind.ARRAY or kind == Kind.MAP:
        storage = heap[at + 2]
        return heap[storage] & TAINT if storage >= 0 else 0
    return 0


@kernel
def taint(m: I64, heap: I64, first: int, top: int, carried: Carried) -> None:
    """Taint every object from `first` on that holds a lost function, until nothing changes any more."""
    changed = True
    while changed:
        changed = False
        at = first
        while at < top:
            if heap[at] & TAINT == 0 and taint_of_object(m, heap, at, carried) != 0:
                heap[at] |= TAINT
                changed = True
            at += heap[at] >> HEADER_SIZE_SHIFT


@kernel
def drop_lost(heap: I64, slot: int) -> None:
    """Let no function wait any more that holds what is lost; the others stay (`lang.vm.suspension`)."""
    if heap[2 * slot] != Tag.ARRAY:
        return
    every = heap[2 * slot + 1]
    storage = heap[every + 2]
    for i in range(heap[every + 1]):
        at = storage + 1 + 2 * i
        if heap[at] == Tag.ARRAY and heap[heap[at + 1]] & TAINT != 0:
            heap[at] = Tag.UNIT
            heap[at + 1] = 0
    if storage >= 0:
        heap[storage] &= ~TAINT
    heap[every] &= ~TAINT


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
def append_objects(source: I64, first: int, top: int, heap: I64, end: int, carried: Carried) -> None:
    """Append the objects of a compact heap at the end of another."""
    shift = end - first
    for i in range(first, top):
        heap[i + shift] = source[i]
    at = end
    while at < top + shift:
        is_kept = heap[at] & TAINT == 0  # what is lost stays as rubbish
        heap[at] &= ~TAINT
        if is_kept and heap[at] & 0xFF == Kind.FN:
            index = heap[at + 1]
            if index >= 0:
                heap[at + 1] = carried.functions[index]
            else:
                heap[at + 1] = -1 - carried.functions[carried.function_count - 1 - index]
        move_object(heap, at, shift, carried.offsets)
        at += heap[at] >> HEADER_SIZE_SHIFT


@kernel
def choose(source: I64, old: int, heap: I64, new: int, shift: int, carried: Carried) -> int:
    """Fill the new slot from the old one (-1: there is none) or leave it as it is; returns a `Choice`."""
    initial = Choice.UNDEFINED if heap[2 * new] & 0xFF == Tag.UNDEFINED else Choice.INITIAL
    if old < 0 or source[2 * old] & 0xFF == Tag.UNDEFINED:
        return initial
    if taint_of(source, 2 * old, 1, carried) != 0:
        return Choice.FUNCTION_LOST
    heap[2 * new] = source[2 * old]
    heap[2 * new + 1] = source[2 * old + 1]
    move_references(heap, 2 * new, 1, shift, carried.offsets)
    return Choice.KEPT


@entry("int64(int64, int64[::1])")
def compact_instances(machine: int, work: I64) -> int:
    """Collect the heaps of instances of the current program.

    Args:
        work: where the next one stands here (from 1), then the instances.
    Returns:
        OK, or NEEDS_ARENA for scratch space, after which it goes on where it was.
    """
    m = words_at(machine, MACHINE_WORDS)
    while work[0] < work.size:
        bind(m, work[work[0]])
        if m[M.SCRATCH_WORDS] < m[M.HEAP_TOP]:
            return Status.NEEDS_ARENA
        collect(m, -1)  # no frame is live
        unbind(m)
        work[0] += 1
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


@kernel
def graft(m: I64, old: int, carried: Carried, old_slots: int, wanted: I64, choices: I64) -> bool:
    """Give the bound instance, fresh from its top level, the state of another; False: it has no room."""
    row = INSTANCE_WORDS * old
    instances = words_in(m, M.INSTANCES)
    first = 2 * old_slots
    top = instances[row + InstanceWord.TOP]
    end = m[M.HEAP_TOP]
    if end + top - first > m[M.HEAP_WORDS]:
        m[M.REQUEST] = top - first
        return False
    source = words_at(m[M.ARENA] + 8 * instances[row + InstanceWord.BASE], top)
    heap = words_in(m, M.HEAP)
    taint(m, source, first, top, carried)
    if m[M.SEQUENCE_STATE] >= 0 and wanted[m[M.SEQUENCE_STATE]] >= 0:
        drop_lost(source, wanted[m[M.SEQUENCE_STATE]] >> 1)
    append_objects(source, first, top, heap, end, carried)
    m[M.HEAP_TOP] = end + top - first
    for new in range(wanted.size):
        if wanted[new] & 1 != 0 and heap[2 * new] & 0xFF != Tag.UNDEFINED:
            choices[new] = Choice.INITIAL
        else:
            choices[new] = choose(source, wanted[new] >> 1, heap, new, end - first, carried)
    return True


@entry("int64(int64, int64[::1], int64[::1], int64[::1], int64[::1], int64[::1], int64[::1])")
def graft_instances(
    machine: int, work: I64, offsets: I64, functions: I64, names: I64, wanted: I64, choices: I64
) -> int:
    """Give fresh instances of the current program the state of old, compacted ones.

    Args:
        machine: with the new program current.
        work: which pair is the next, how many functions and how many state slots the old program has, then
            the pairs: old instance, fresh instance.
        offsets, functions, names: see `Carried`.
        wanted: for each new slot twice the number of the old one to take (-1 for none), plus 1 where the
            value of the new top level comes first.
        choices: [pairs * slots] overwritten with what became of each slot (`Choice`).
    Returns:
        OK, or NEEDS_MEMORY with the next fresh instance bound, REQUEST set, and nothing done to that one.
    """
    m = words_at(machine, MACHINE_WORDS)
    carried = Carried(offsets, functions, names, work[1])
    slots = wanted.size
    while 3 + 2 * work[0] < work.size:
        pair = work[0]
        bind(m, work[4 + 2 * pair])
        if not graft(
            m, work[3 + 2 * pair], carried, work[2], wanted, choices[slots * pair : slots * (pair + 1)]
        ):
            return Status.NEEDS_MEMORY
        unbind(m)
        work[0] += 1
    return Status.OK
