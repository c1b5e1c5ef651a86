"""Moving an instance's heap to another program of the same state.

References into the old constant pool become references into the new one.
"""

from __future__ import annotations

from lang.jit import I64, entry, kernel, words_at, words_in
from lang.layout import (
    CELL_WORDS,
    ENTRY_WORDS,
    FN_HEAD_WORDS,
    HEADER_SIZE_SHIFT,
    MACHINE_WORDS,
    Kind,
    M,
    Status,
)
from lang.vm.collect import collect, is_reference
from lang.vm.instances import bind, unbind

HAS_FUNCTIONS = 100
"""Answer: the heap holds pointers to functions by index, which only Python can move."""


@kernel
def remap_values(heap: I64, at: int, count: int, offsets: I64) -> None:
    """Let constant references among `count` values point into the new pool."""
    for i in range(count):
        word = at + 2 * i
        if is_reference(heap[word]) and heap[word + 1] < 0:
            heap[word + 1] = ~offsets[~heap[word + 1]]


@kernel
def remap_objects(m: I64, offsets: I64) -> int:
    """Walk all objects of a compact heap; returns OK or HAS_FUNCTIONS."""
    heap = words_in(m, M.HEAP)
    at = 2 * m[M.STATE_SLOTS]
    while at < m[M.HEAP_TOP]:
        kind = heap[at] & 0xFF
        words = heap[at] >> HEADER_SIZE_SHIFT
        if kind == Kind.VALUES:
            remap_values(heap, at + 1, (words - 1) // 2, offsets)
        elif kind == Kind.ENTRIES:
            for i in range((words - 1) // ENTRY_WORDS):
                key = at + 1 + ENTRY_WORDS * i
                if heap[key] < 0:
                    heap[key] = ~offsets[~heap[key]]
                remap_values(heap, key + 1, 1, offsets)
        elif kind == Kind.CELL:
            remap_values(heap, at + CELL_WORDS - 2, 1, offsets)
        elif kind == Kind.FN:
            if heap[at + 1] >= 0:
                return HAS_FUNCTIONS
            if heap[at + 2] < 0:
                heap[at + 2] = ~offsets[~heap[at + 2]]
            remap_values(heap, at + FN_HEAD_WORDS, heap[at + 3], offsets)
        at += words
    return Status.OK


@kernel
def holds_functions(m: I64) -> bool:
    """Return whether a compact heap holds a pointer to a function by index."""
    heap = words_in(m, M.HEAP)
    at = 2 * m[M.STATE_SLOTS]
    while at < m[M.HEAP_TOP]:
        if heap[at] & 0xFF == Kind.FN and heap[at + 1] >= 0:
            return True
        at += heap[at] >> HEADER_SIZE_SHIFT
    return False


@entry("int64(int64, int64, int64, int64)")
def remap_instance(machine: int, instance: int, offsets_at: int, offsets_size: int) -> int:
    """Move an instance of the current program to another pool.

    `offsets` gives, for each word of the old pool at which an object starts, its place in the new one.
    Returns OK, HAS_FUNCTIONS (nothing is changed), or NEEDS_ARENA (the scratch space is too small).
    """
    m = words_at(machine, MACHINE_WORDS)
    bind(m, instance)
    if m[M.SCRATCH_WORDS] < m[M.HEAP_TOP]:
        return Status.NEEDS_ARENA
    m[M.PC] = -1
    collect(m)
    status = HAS_FUNCTIONS
    if not holds_functions(m):
        offsets = words_at(offsets_at, offsets_size)
        remap_values(words_in(m, M.HEAP), 0, m[M.STATE_SLOTS], offsets)
        status = remap_objects(m, offsets)
    unbind(m)
    return status
