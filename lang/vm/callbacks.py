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

import numpy as np

from lang.heap.access import field_a, field_b, field_c, put, register_a, register_b
from lang.heap.alloc import charge
from lang.heap.arrays import VALUE_WORDS, element_at, length_of
from lang.heap.copying import copy_value, is_container
from lang.heap.equality import is_numeric, number_order
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag

LAST_IMMUTABLE = Tag.FN
ONE, TWO, THREE, FOUR = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
FIVE, SIX, SEVEN = np.uint64(5), np.uint64(6), np.uint64(7)
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
    if tag == Tag.INT:
        return payload < 0
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
    if not is_container(heap[at]):
        put(m, to, heap[at], heap[at + 1])
        return True
    fine, payload = copy_value(m, heap[at], heap[at + 1])
    put(m, to, heap[at], payload)
    return fine


@kernel
def next_comparison(m: I64, word: int) -> int:
    """Lay out the next comparison, or jump if all is sorted; returns a status."""
    registers = words_in(m, M.REGISTERS)
    state = register_a(m, word)
    window = register_b(m, word)
    if registers[state + WIDTH] == 0:
        for i in range(3, 8):
            put(m, state + 2 * i, Tag.INT, 0)
        begin_pass(m, state, 1)
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


@native
def merge(machine: int, word: int) -> int:
    """Do MERGE: a stable merge sort, bottom up, one comparison at a time.

    Whatever the comparer answers, each pass moves every element once: a liar gets some order of the
    same elements, after the same number of passes. Here the element that a comparison has found moves,
    and within two runs of simple elements the next comparison is laid out. Which element it is cannot
    be foretold, so nothing branches on it; indexes are unsigned, as in the loop.
    """
    m = words_at(machine, MACHINE_WORDS)
    r = words_at(m[M.REGISTERS] + 16 * m[M.BASE], m[M.REGISTER_WORDS] - 2 * m[M.BASE])
    state = np.uint64(2 * field_a(word))
    window = np.uint64(2 * field_b(word))
    if r[state + np.uint64(WIDTH)] == 0 or r[state + np.uint64(UNDER_WAY)] == 0:
        return next_comparison(m, word)
    heap = words_in(m, M.HEAP)
    array = np.uint64(r[state + ONE])
    source = np.uint64(heap[array + TWO]) + ONE
    target = np.uint64(heap[np.uint64(r[state + THREE]) + TWO]) + ONE
    takes_right = np.int64(says_before(r[window], r[window + ONE]))
    left = r[state + np.uint64(LEFT)]
    right = r[state + np.uint64(RIGHT)]
    out = r[state + np.uint64(OUT)]
    middle = left + right - out
    end = min(middle + r[state + np.uint64(WIDTH)], heap[array + ONE])
    x = source + np.uint64(2 * (left + (right - left) * takes_right))
    y = target + np.uint64(2 * out)
    heap[y] = heap[x]
    heap[y + ONE] = heap[x + ONE]
    left += 1 - takes_right
    right += takes_right
    r[state + np.uint64(LEFT)] = left
    r[state + np.uint64(RIGHT)] = right
    r[state + np.uint64(OUT)] = out + 1
    if left < middle and right < end:
        x = source + np.uint64(2 * right)
        y = source + np.uint64(2 * left)
        if heap[x] <= LAST_IMMUTABLE and heap[y] <= LAST_IMMUTABLE:
            r[window + TWO] = r[state + np.uint64(POINTER)]
            r[window + THREE] = r[state + np.uint64(POINTER + 1)]
            r[window + FOUR] = heap[x]
            r[window + FIVE] = heap[x + ONE]
            r[window + SIX] = heap[y]
            r[window + SEVEN] = heap[y + ONE]
            return Status.OK
    r[state + np.uint64(UNDER_WAY)] = 0
    return next_comparison(m, word)
