"""`for` loops: the state of an iterator lies in three registers.

COUNTING: the next int, how many are left, the step. ARRAY: an array of the loop's own, and the index
of the next element. STRING: the string, and the byte at which the next character starts. VEC2, VEC3:
the vector, and the index of the next component.
"""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import field_c, put, register_a, register_b
from lang.heap.strings import object_address, read_utf8, string_bytes, string_counts
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import ITERATOR_WORDS, MACHINE_WORDS, RANGE_WORDS, M, Status
from lang.values import Tag

LARGEST = 2**63 - 1


@kernel
def begin_counting(m: I64, at: int, first: int, count: int, step: int) -> int:
    """Write the state of a loop over ints."""
    put(m, at, Tag.COUNTING, first)
    put(m, at + 2, Tag.INT, count)
    put(m, at + 4, Tag.INT, step)
    return Status.OK


@native
def for_begin(machine: int, word: int) -> int:
    """Do FOR_BEGIN."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = register_a(m, word)
    kind = registers[at] & 0xFF
    reference = registers[at + 1]
    if kind == Tag.RANGE or kind == Tag.RANGE_INCLUSIVE:
        bounds = words_at(object_address(m, reference), RANGE_WORDS)
        first, last = bounds[1], bounds[2]
        if kind == Tag.RANGE:
            if first >= last:
                return begin_counting(m, at, first, 0, 1)
            last -= 1
        if first > last:
            return begin_counting(m, at, first, 0, 1)
        if first <= 0 and last > LARGEST + first - 1:
            return begin_counting(m, at, first, LARGEST, 1)
        return begin_counting(m, at, first, last - first + 1, 1)
    if kind == Tag.ITERATOR:
        state = words_at(object_address(m, reference), ITERATOR_WORDS)
        return begin_counting(m, at, state[1], state[2], state[3])
    if kind == Tag.SEQUENCE:
        kind = Tag.ARRAY
    if kind == Tag.ARRAY or kind == Tag.STRING or kind == Tag.VEC2 or kind == Tag.VEC3:
        put(m, at, kind, reference)
        put(m, at + 2, Tag.INT, 0)
        put(m, at + 4, Tag.UNIT, 0)  # a root as the others are
        return Status.OK
    if kind == Tag.BLOB:
        return Status.HOST_CALL
    return Fault.FOR_TYPE


@kernel
def jump_back(m: I64, word: int) -> int:
    """Go to the start of the loop's body; returns a status."""
    m[M.PC] += (field_c(word) ^ 0x8000) - 0x8000
    return Status.ENTERED


@native
def for_next(machine: int, word: int) -> int:
    """Do FOR_NEXT over the characters of a string or the components of a vector."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = register_a(m, word)
    reference = registers[at + 1]
    position = registers[at + 3]
    kind = registers[at] & 0xFF
    if kind == Tag.STRING:
        if position < string_counts(m, reference)[0]:
            code, following = read_utf8(string_bytes(m, reference), position)
            registers[at + 3] = following
            put(m, register_b(m, word), Tag.CHAR, code)
            return jump_back(m, word)
    elif kind != Tag.VEC2 and kind != Tag.VEC3:
        return Fault.FOR_TYPE
    else:
        size = 3 if kind == Tag.VEC3 else 2
        if position < size:
            registers[at + 3] = position + 1
            bits = words_at(object_address(m, reference), 1 + size)[1 + position]
            put(m, register_b(m, word), Tag.FLOAT, bits)
            return jump_back(m, word)
    return Status.OK
