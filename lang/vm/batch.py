"""One call for many instances: a function of one program, or what waits in it, for every row of a batch.

No Python runs between two instances. When one needs Python, the batch returns a status and is
entered again.
"""

from __future__ import annotations

from lang.heap.alloc import operations_of
from lang.heap.strings import COUNT_MASK, string_bytes, string_words, take_string
from lang.jit import I64, bytes_at, entry, kernel, prefetch, words_at, words_in
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
LINE = 8
"""Words of a line of the cache."""
MOST_NEAR = 16_000
"""Calls whose heaps stay in the cache from one tick to the next: to fetch them would be in vain."""
MOST_FETCHED = 64
"""Words of a heap that are fetched ahead: a large one is not read all over in a call."""


@kernel
def put_arguments(machine: int, m: I64, row: int, count: int) -> int:
    """Write a row's first `count` arguments into registers 1 and on; returns a status.

    What is copied takes some of the budget.
    """
    rows = words_in(m, M.BATCH)
    copied = 0
    for number in range(count):
        registers = words_in(m, M.REGISTERS)
        at = row + 2 + 3 * number
        tag = rows[at]
        payload = rows[at + 1]
        if tag == Tag.PARCEL:
            parcel = words_at(payload, rows[at + 2])
            copied += parcel.size
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
            copied += string_words(length)
            source = bytes_at(payload, length)
            payload = take_string(m, length, rows[at + 2] >> 32)
            out = string_bytes(m, payload)
            for i in range(length):
                out[i] = source[i]
        registers[2 + 2 * number] = tag
        registers[3 + 2 * number] = payload
    m[M.BUDGET] -= m[M.WORD_PRICE] * copied
    return Status.OK


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
    if status == Status.OK:
        m[M.BUDGET] -= m[M.BULK_PRICE] * operations_of(m[M.HIGH])
    return status


@kernel
def fetch_heap(m: I64, instances: I64, row: int) -> None:
    """Bring the heap of the instance of a row near while another one is called, up to where it will grow."""
    heap = m[M.ARENA] + 8 * instances[row + InstanceWord.BASE]
    for word in range(0, min(instances[row + InstanceWord.TOP] + LINE, MOST_FETCHED), LINE):
        prefetch(heap + 8 * word)


@kernel
def finish_call(m: I64) -> None:
    """Leave the instance of the current row and go to the next.

    A call that wrote nothing to what was there before it leaves nothing: its heap shrinks to what it was, the
    next call works in the same lines of the cache, and a collection is far off.
    """
    if m[M.KEPT] == 0:
        m[M.HEAP_TOP] = m[M.ENTRY_TOP]
    unbind(m)
    m[M.BUDGET] -= m[M.OPERATIONS] - m[M.FUEL] - m[M.RESERVE]
    m[M.BATCH_NEXT] += BATCH_ROW_WORDS


@kernel
def run_rows(machine: int, m: I64) -> int:
    """Call the function for the rows from BATCH_NEXT on; a status, which is RETURNED when all were called.

    Also when the next call could need more operations than are left: then BATCH_NEXT is before the end.
    Rows of disabled instances and those whose gate is closed are left out. What is the same for all calls is
    read once: nothing that a call does moves it, who makes room comes from outside and enters anew.
    """
    rows, instances, gates = words_in(m, M.BATCH), words_in(m, M.INSTANCES), words_in(m, M.GATES)
    is_part = m[M.BATCH_FUNCTION] == SEQUENCE_PART
    function = 0 if is_part else FUNCTION_WORDS * m[M.BATCH_FUNCTION]
    functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
    start, registers = functions[function], functions[function + 1]
    arguments = min(functions[function + 2], BATCH_ARGUMENTS)
    fuel = min(m[M.OPERATIONS], SLICE_OPERATIONS)
    reserve = m[M.OPERATIONS] - fuel
    last_far = rows.size - BATCH_ROW_WORDS if rows.size > BATCH_ROW_WORDS * MOST_NEAR else 0
    while m[M.BATCH_NEXT] < m[M.BATCH_WORDS]:
        row = m[M.BATCH_NEXT]
        gate = rows[row + 1]
        is_off = instances[INSTANCE_WORDS * rows[row] + InstanceWord.DISABLED] != 0
        if is_off or (gate >= 0 and gates[gate] != 0):
            m[M.BATCH_NEXT] = row + BATCH_ROW_WORDS
            continue
        if m[M.BUDGET] < fuel + reserve:
            break
        if row < last_far:
            fetch_heap(m, instances, INSTANCE_WORDS * rows[row + BATCH_ROW_WORDS])
        bind(m, rows[row])
        begin_keeping(m)
        m[M.BASE], m[M.DEPTH], m[M.SEQUENCE] = 0, 0, 0
        m[M.FUEL], m[M.RESERVE] = fuel, reserve
        status = int(Status.OK)
        if is_part:
            status = begin_sequence_part(machine, m, row)
        else:
            m[M.PC], m[M.HIGH] = start, registers
            words_in(m, M.REGISTERS)[0] = Tag.UNBOUND
            if arguments > 0:
                status = put_arguments(machine, m, row, arguments)
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
