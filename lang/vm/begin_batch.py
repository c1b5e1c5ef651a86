"""Readying the machine for a batch, in one step: Python writes its words one by one, and slowly."""

from __future__ import annotations

from lang.jit import I64, entry, words_at
from lang.layout import MACHINE_WORDS, M


@entry("int64(int64, int64[::1], int64[::1], int64, int64, int64)")
def begin_batch(machine: int, image: I64, rows: I64, function: int, operations: int, call_depth: int) -> int:
    """Enter a program, and stand before the first row of a batch; returns 0.

    Args:
        image: of the program. rows: of the batch, which must stay where they are until its end.
        function: of the program. operations, call_depth: what each call may take.
    """
    m = words_at(machine, MACHINE_WORDS)
    for word in range(image.size):
        m[M.CODE + word] = image[word]
    m[M.BATCH], m[M.BATCH_WORDS], m[M.BATCH_NEXT] = rows.ctypes.data, rows.size, 0
    m[M.BATCH_FUNCTION] = function
    m[M.OPERATIONS], m[M.CALL_LIMIT] = operations, call_depth
    return 0
