"""One call for many instances: a function of one program, or what waits in it, for every row of a batch.

No Python runs between two instances. When one needs Python, the batch returns a status and is
entered again.
"""

from __future__ import annotations

from lang.heap.strings import COUNT_MASK, string_bytes, string_words, take_string
from lang.jit import I64, bytes_at, entry, kernel, words_at, words_in
from lang.layout import (
    BATCH_ARGUMENTS,
    BATCH_ROW_WORDS,
    FUNCTION_WORDS,
    INSTANCE_WORDS,
    MACHINE_WORDS,
    SLICE_OPERATIONS,
    InstanceWord,
    M,
    Status,
)
from lang.values import Tag
from lang.vm.collect import make_room
from lang.vm.instances import bind, unbind
from lang.vm.keeping import begin_keeping
from lang.vm.loop import execute
from lang.vm.parcels import unpack
from lang.vm.suspension import SEQUENCE_PART, begin_part

ONE_CALL, BATCH, RESUME = 0, 1, 2


@kernel
def is_due(m: I64, row: int) -> bool:
    """Return whether the call of a row is to be made."""
    rows = words_in(m, M.BATCH)
    instances = words_in(m, M.INSTANCES)
    if instances[INSTANCE_WORDS * rows[row] + InstanceWord.DISABLED] != 0:
        return False
    gate = rows[row + 1]
    return gate < 0 or words_in(m, M.GATES)[gate] == 0


@kernel
def put_arguments(machine: int, m: I64, row: int, count: int) -> int:
    """Write a row's first `count` arguments into registers 1 and on; returns a status."""
    rows = words_in(m, M.BATCH)
    for number in range(count):
        registers = words_in(m, M.REGISTERS)
        at = row + 2 + 3 * number
        tag = rows[at]
        payload = rows[at + 1]
        if tag == Tag.PARCEL:
            parcel = words_at(payload, rows[at + 2])
            status, tag, payload = unpack(m, parcel, rows[at + 2])
            if status == Status.NEEDS_MEMORY:
                status = make_room(machine)
                if status == Status.OK:
                    status, tag, payload = unpack(m, parcel, rows[at + 2])
                if status != Status.OK:
                    return status
        elif tag == Tag.STRING:
            length = rows[at + 2] & COUNT_MASK
            m[M.REQUEST] = string_words(length)
            if m[M.HEAP_TOP] + m[M.REQUEST] > m[M.HEAP_WORDS]:
                status = make_room(machine)
                if status != Status.OK:
                    return status
            source = bytes_at(payload, length)
            payload = take_string(m, length, rows[at + 2] >> 32)
            out = string_bytes(m, payload)
            for i in range(length):
                out[i] = source[i]
        registers[2 + 2 * number] = tag
        registers[3 + 2 * number] = payload
    return Status.OK


@kernel
def begin_row(machine: int, m: I64, row: int) -> int:
    """Bind a row's instance and stand where its call begins; a status, RETURNED if there is nothing to do."""
    bind(m, words_in(m, M.BATCH)[row])
    begin_keeping(m)
    m[M.BASE] = 0
    m[M.DEPTH] = 0
    m[M.FUEL] = min(m[M.OPERATIONS], SLICE_OPERATIONS)
    m[M.RESERVE] = m[M.OPERATIONS] - m[M.FUEL]
    m[M.SEQUENCE] = 0
    if m[M.BATCH_FUNCTION] == SEQUENCE_PART:
        return begin_sequence_part(machine, m, row)
    return begin_call(machine, m, row)


@kernel
def begin_sequence_part(machine: int, m: I64, row: int) -> int:
    """Let the sequence go on that a row names by its first argument, and note there that it was asked to."""
    rows = words_in(m, M.BATCH)
    status = begin_part(m, rows[row + 3])
    if status == Status.NEEDS_MEMORY:
        status = make_room(machine)
        if status == Status.OK:
            status = begin_part(m, rows[row + 3])
    if status != Status.NEEDS_ARENA:
        rows[row + 4] = 1
    return status


@kernel
def begin_call(machine: int, m: I64, row: int) -> int:
    """Stand at the start of the function of the batch; returns a status."""
    functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
    function = FUNCTION_WORDS * m[M.BATCH_FUNCTION]
    m[M.PC] = functions[function]
    m[M.HIGH] = functions[function + 1]
    words_in(m, M.REGISTERS)[0] = Tag.UNBOUND
    return put_arguments(machine, m, row, min(functions[function + 2], BATCH_ARGUMENTS))


@kernel
def finish_call(m: I64) -> None:
    """Leave the instance of the current row and go to the next."""
    unbind(m)
    m[M.BATCH_NEXT] += BATCH_ROW_WORDS


@kernel
def run_rows(machine: int, m: I64) -> int:
    """Call the function for the rows from BATCH_NEXT on; RETURNED at the end, or a status."""
    while m[M.BATCH_NEXT] < m[M.BATCH_WORDS]:
        row = m[M.BATCH_NEXT]
        if not is_due(m, row):
            m[M.BATCH_NEXT] += BATCH_ROW_WORDS
            continue
        status = begin_row(machine, m, row)
        if status == Status.NEEDS_ARENA:
            unbind(m)
            return Status.NEEDS_ARENA_FIRST
        if status == Status.OK:
            status = execute(machine)
        elif status != Status.RETURNED:
            m[M.PC] += 1  # no memory for the arguments: told as a fault of the function's first instruction
        if status != Status.RETURNED:
            return status
        finish_call(m)
    return Status.RETURNED


@entry("int64(int64, int64)")
def run(machine: int, way: int) -> int:
    """Run until something needs the caller; returns a status.

    `ONE_CALL` runs the machine from its PC. `BATCH` makes the calls of a batch from row BATCH_NEXT on.
    `RESUME` goes on inside the call of a batch that needed something, then with the rows after it.
    One entry serves all three: each would hold the whole loop.
    """
    m = words_at(machine, MACHINE_WORDS)
    if way != BATCH:
        status = execute(machine)
        if way == ONE_CALL or status != Status.RETURNED:
            return status
        finish_call(m)
    return run_rows(machine, m)
