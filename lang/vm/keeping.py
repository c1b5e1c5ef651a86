"""What a callback may not leave half done: its instance's memory as it was when the call began.

An embedder that asks for it (`M.ATOMIC`) gets every call of a batch whole or not at all. Nothing is
copied when a call begins. Before the first instruction that could write to an object that is older
than the call, or the first collection, the heap up to its top at that time is copied; a call that
fails gets it back. What lies above that top is the call's own. An instance is small, most calls write
once or not at all, and one copy costs less than a log of every write in the loop would.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lang.bytecode.ops import Op
from lang.jit import I64, entry, kernel, words_at, words_in
from lang.layout import INSTANCE_WORDS, MACHINE_WORDS, InstanceWord, M, Status

U24, OPERAND = np.uint64(24), np.uint64(0xFFFF)


@kernel
def begin_keeping(m: I64) -> None:
    """Note how far the bound instance's heap is filled; nothing has been written yet."""
    m[M.KEPT] = 1 - m[M.ATOMIC]
    m[M.ENTRY_TOP] = m[M.HEAP_TOP]
    m[M.UNDO_COUNT] = 0


@kernel
def keep(m: I64) -> int:
    """Copy what the heap held when the call began, once; OK, or NEEDS_ARENA when there is no room."""
    if m[M.KEPT] != 0:
        return Status.OK
    count = m[M.ENTRY_TOP]
    if m[M.KEEP_WORDS] < count:
        return Status.NEEDS_ARENA
    heap = words_in(m, M.HEAP)
    kept = words_in(m, M.KEEP)
    for i in range(count):
        kept[i] = heap[i]
    m[M.KEPT] = 1
    return Status.OK


@kernel
def may_write(m: I64, op: Any, word: Any) -> bool:
    """Return whether an instruction could write to an object that was there before it."""
    if op == Op.CALL_NATIVE or op == Op.CALL_ON:
        return words_at(m[M.NATIVE_CHANGES], m[M.NATIVE_COUNT])[word >> U24 & OPERAND] != 0
    return (
        op == Op.SET_STATE
        or op == Op.SET_SHARED
        or op == Op.SET_THIS
        or op == Op.ADD_TO
        or op == Op.ADD_TO_K
        or op == Op.SET_INDEX
        or op == Op.SET_PROPERTY
        or op == Op.LOCK
        or op == Op.LOCK_STATE
        or op == Op.UNLOCK_STATE
        or op == Op.FREEZE
        or op == Op.CALL_POINTER
        or op == Op.CALL_BACK
        or op == Op.CALL_METHOD_OF
        or op == Op.MERGE
        or op == Op.FOLD
        or op == Op.EACH
    )


@entry("int64(int64)")
def give_back(machine: int) -> int:
    """Give the bound instance the memory that it had when the call began; returns OK."""
    m = words_at(machine, MACHINE_WORDS)
    if m[M.ATOMIC] != 0:
        if m[M.KEPT] != 0:
            heap = words_in(m, M.HEAP)
            kept = words_in(m, M.KEEP)
            for i in range(m[M.ENTRY_TOP]):
                heap[i] = kept[i]
        m[M.HEAP_TOP] = m[M.ENTRY_TOP]
    words_in(m, M.INSTANCES)[INSTANCE_WORDS * m[M.INSTANCE] + InstanceWord.TOP] = m[M.HEAP_TOP]
    return Status.OK
