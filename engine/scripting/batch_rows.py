"""Rows of a batch: which of some entities have an instance of a script, and with what it is called."""

from __future__ import annotations

from lang.jit import I64, entry
from lang.layout import BATCH_ROW_WORDS

NO_INSTANCE = -1
HEAD = 2
"""Words of a row before its arguments: instance and gate."""


@entry("boolean(int64[::1], int64[::1])")
def have_any(instance_of: I64, indices: I64) -> bool:
    """Return whether one of the entity indices has an instance."""
    for i in range(indices.size):
        index = indices[i]
        if 0 <= index < instance_of.size and instance_of[index] != NO_INSTANCE:
            return True
    return False


@entry("int64(int64[::1], int64[::1], int64[::1], int64[:,::1], int64, int64[:,::1], int64[::1])")
def choose_rows(
    instance_of: I64, indices: I64, meant: I64, arguments: I64, width: int, rows: I64, which: I64
) -> int:
    """Write a row for each of the entity indices that has an instance, in their order; returns how many.

    Args:
        instance_of: [entity indices] instance, or NO_INSTANCE.
        meant: [n] the one instance that is called, NO_INSTANCE for whichever there is; or empty: all are so.
        arguments: [n, width at least] the words of the arguments; width: as many are copied.
        rows: [n, BATCH_ROW_WORDS] zeros. which: [n] gets the places among the indices.
    """
    count = 0
    for i in range(indices.size):
        index = indices[i]
        if index < 0 or index >= instance_of.size:
            continue
        instance = instance_of[index]
        if instance == NO_INSTANCE:
            continue
        if meant.size > 0 and meant[i] != NO_INSTANCE and meant[i] != instance:
            continue
        rows[count, 0], rows[count, 1], which[count] = instance, index, i
        for word in range(min(width, BATCH_ROW_WORDS - HEAD)):
            rows[count, HEAD + word] = arguments[i, word]
        count += 1
    return count
