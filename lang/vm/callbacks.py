"""Loops over callbacks in the prelude: `calls`, `fold` and `sorted_by`.

EACH, FOLD and MERGE lay out the window of a callback and CALL_BACK, which stands behind them, makes
the call. The state of the loop lies in registers, as that of a `for` loop does.

| register | EACH, FOLD | MERGE |
|---|---|---|
| 0 | an array of the loop's own | an array of the sort's own, of which runs are merged |
| 1 | the index of the next element | an array of the same length, into which they are merged |
| 2 | the pointer | the pointer |
| 3 | EACH: the element of this round | the width of the runs; 0 before the first comparison |
| 4, 5, 6 | | the next element of the left run, of the right one, of the merged one |
| 7 | | 1 while a comparison is under way |
"""

from __future__ import annotations

from lang.heap.access import field_c, put, register_a, register_b
from lang.heap.alloc import charge
from lang.heap.arrays import VALUE_WORDS, element_at, length_of
from lang.heap.copying import copy_value
from lang.heap.equality import is_numeric, number_order
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag

POINTER, ELEMENT = 4, 6
WIDTH, LEFT, RIGHT, OUT, UNDER_WAY = 7, 9, 11, 13, 15  # payloads


@native
def each(machine: int, word: int) -> int:
    """Do EACH of a container: the callback gets a copy of it, as an argument or as `this`."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    heap = words_in(m, M.HEAP)
    state = register_a(m, word)
    window = register_b(m, word)
    index = registers[state + 3]
    at = element_at(m, registers[state + 1], index)
    fine, item = copy_value(m, heap[at], heap[at + 1])
    if not fine:
        return Status.NEEDS_MEMORY
    put(m, state + ELEMENT, heap[at], heap[at + 1])
    put(m, window, heap[at], item)
    put(m, window + 2, registers[state + POINTER], registers[state + POINTER + 1])
    put(m, window + 4, heap[at], item)
    put(m, window + 6, Tag.INT, index)
    registers[state + 3] = index + 1
    return Status.OK


@kernel
def says_before(tag: int, payload: int) -> bool:
    """Return whether a comparer's result lets its first argument stand before its second."""
    kind = tag & 0xFF
    if kind == Tag.BOOL:
        return payload != 0
    return is_numeric(kind) and number_order(kind, payload, Tag.INT, 0) == -1


@kernel
def move_elements(m: I64, state: int, first: int, count: int) -> None:
    """Append elements `first` to `first + count - 1` of the source to the merged ones."""
    registers = words_in(m, M.REGISTERS)
    heap = words_in(m, M.HEAP)
    if count > 0:
        source = element_at(m, registers[state + 1], first)
        target = element_at(m, registers[state + 3], registers[state + OUT])
        for i in range(VALUE_WORDS * count):
            heap[target + i] = heap[source + i]
        registers[state + OUT] += count


@kernel
def take_answer(m: I64, state: int, window: int) -> None:
    """Move the element that the comparison under way has found to be the next one."""
    registers = words_in(m, M.REGISTERS)
    side = RIGHT if says_before(registers[window], registers[window + 1]) else LEFT
    move_elements(m, state, registers[state + side], 1)
    registers[state + side] += 1
    registers[state + UNDER_WAY] = 0


@kernel
def begin_runs(m: I64, state: int, start: int) -> None:
    """Stand before the pair of runs that begins at `start`."""
    registers = words_in(m, M.REGISTERS)
    registers[state + LEFT] = start
    registers[state + RIGHT] = min(start + registers[state + WIDTH], length_of(m, registers[state + 1]))
    registers[state + OUT] = start


@kernel
def begin_pass(m: I64, state: int, width: int) -> None:
    """Begin to merge runs of a width; this is paid for as bulk work is."""
    registers = words_in(m, M.REGISTERS)
    registers[state + WIDTH] = width
    begin_runs(m, state, 0)
    charge(m, VALUE_WORDS * length_of(m, registers[state + 1]))


@kernel
def needs_comparison(m: I64, state: int) -> bool:
    """Merge until two elements have to be compared (True), or all are sorted (False).

    Where the left run ends need not be kept: as many elements were merged as both runs have lost.
    """
    registers = words_in(m, M.REGISTERS)
    count = length_of(m, registers[state + 1])
    while registers[state + WIDTH] < count:
        left = registers[state + LEFT]
        right = registers[state + RIGHT]
        middle = left + right - registers[state + OUT]
        end = min(middle + registers[state + WIDTH], count)
        if left < middle and right < end:
            return True
        move_elements(m, state, left, middle - left)
        move_elements(m, state, right, end - right)
        if end < count:
            begin_runs(m, state, end)
        else:
            merged = registers[state + 3]
            registers[state + 3] = registers[state + 1]
            registers[state + 1] = merged
            begin_pass(m, state, 2 * registers[state + WIDTH])
    return False


@kernel
def put_element(m: I64, to: int, index: int, state: int) -> bool:
    """Write a copy of an element of the source into a register; False: there is no room."""
    registers = words_in(m, M.REGISTERS)
    heap = words_in(m, M.HEAP)
    at = element_at(m, registers[state + 1], index)
    fine, payload = copy_value(m, heap[at], heap[at + 1])
    put(m, to, heap[at], payload)
    return fine


@native
def merge(machine: int, word: int) -> int:
    """Do MERGE: a stable merge sort, bottom up, one comparison at a time.

    Whatever the comparer answers, each pass moves every element once: a liar gets some order of the
    same elements, after the same number of passes.
    """
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    state = register_a(m, word)
    window = register_b(m, word)
    if registers[state + WIDTH] == 0:
        for i in range(3, 8):
            put(m, state + 2 * i, Tag.INT, 0)
        begin_pass(m, state, 1)
    elif registers[state + UNDER_WAY] != 0:
        take_answer(m, state, window)
    if not needs_comparison(m, state):
        m[M.PC] += (field_c(word) ^ 0x8000) - 0x8000
        return Status.ENTERED
    top = m[M.HEAP_TOP]
    fuel = m[M.FUEL]
    left = registers[state + LEFT]
    right = registers[state + RIGHT]
    if not (put_element(m, window + 4, right, state) and put_element(m, window + 6, left, state)):
        m[M.REQUEST] += m[M.HEAP_TOP] - top
        m[M.HEAP_TOP] = top
        m[M.FUEL] = fuel
        return Status.NEEDS_MEMORY
    put(m, window + 2, registers[state + POINTER], registers[state + POINTER + 1])
    registers[state + UNDER_WAY] = 1
    return Status.OK
