"""Natives on arrays: what changes their structure. They answer HOST_CALL for receivers of other types."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.heap.access import argument, field_c, put, put_unit, register_a
from lang.heap.alloc import grow_storage
from lang.heap.arrays import VALUE_WORDS, append_array, element_at, length_of, push
from lang.heap.copying import FULL, copy_value
from lang.heap.equality import EQUAL, equal
from lang.heap.spans import index_from, open_span, read_span, remove_span, take_span
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, Kind, M, Status
from lang.stdlib.registry import NativeEntry
from lang.values import Tag


@kernel
def receiver_kind(m: I64, word: int) -> int:
    """Return the kind of the first argument."""
    return words_in(m, M.REGISTERS)[argument(word, m, 0)] & 0xFF


@kernel
def receiver(m: I64, word: int) -> int:
    """Return the payload of the first argument."""
    return words_in(m, M.REGISTERS)[argument(word, m, 0) + 1]


@kernel
def int_argument(m: I64, word: int, number: int) -> tuple[bool, int]:
    """Return (whether an argument is an int, its value)."""
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    return registers[at] & 0xFF == Tag.INT, registers[at + 1]


@kernel
def done(m: I64, word: int, status: int) -> int:
    """Write () as the result if all went well; returns the status."""
    if status == Status.OK:
        put_unit(m, register_a(m, word))
    return status


@native
def array_push(machine: int, word: int) -> int:
    """`push`."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Status.HOST_CALL
    registers = words_in(m, M.REGISTERS)
    value = argument(word, m, 1)
    return done(m, word, push(m, receiver(m, word), registers[value], registers[value + 1]))


@kernel
def remove_at(m: I64, word: int, array: int, index: int) -> int:
    """Move an element out into the result; () if there is none."""
    if index < 0 or index >= length_of(m, array):
        put_unit(m, register_a(m, word))
        return Status.OK
    heap = words_in(m, M.HEAP)
    at = element_at(m, array, index)
    put(m, register_a(m, word), heap[at], heap[at + 1])
    remove_span(m, array, index, 1)
    return Status.OK


@kernel
def pop_element(m: I64, word: int) -> int:
    """Do `pop` without a count."""
    if field_c(word) != 1:
        return Status.HOST_CALL
    array = receiver(m, word)
    return remove_at(m, word, array, length_of(m, array) - 1)


@native
def array_shift(machine: int, word: int) -> int:
    """`shift`."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Status.HOST_CALL
    return remove_at(m, word, receiver(m, word), 0)


@native
def array_insert(machine: int, word: int) -> int:
    """`insert`: the index is clamped."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Status.HOST_CALL
    is_int, index = int_argument(m, word, 1)
    if not is_int:
        return Fault.FUNCTION_NOT_FOUND
    array = receiver(m, word)
    length = length_of(m, array)
    index = min(index_from(length, index), length)
    status = open_span(m, array, index, 1)
    if status == Status.OK:
        registers = words_in(m, M.REGISTERS)
        heap = words_in(m, M.HEAP)
        at = element_at(m, array, index)
        value = argument(word, m, 2)
        heap[at] = registers[value]
        heap[at + 1] = registers[value + 1]
    return done(m, word, status)


@kernel
def truncate_array(m: I64, word: int) -> int:
    """Do `truncate`: keep the first elements."""
    is_int, count = int_argument(m, word, 1)
    if not is_int:
        return Fault.FUNCTION_NOT_FOUND
    array = receiver(m, word)
    words_in(m, M.HEAP)[array + 1] = min(length_of(m, array), max(count, 0))
    return done(m, word, Status.OK)


@native
def array_chop(machine: int, word: int) -> int:
    """`chop`: keep the last elements."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Status.HOST_CALL
    is_int, count = int_argument(m, word, 1)
    if not is_int:
        return Fault.FUNCTION_NOT_FOUND
    array = receiver(m, word)
    remove_span(m, array, 0, max(length_of(m, array) - max(count, 0), 0))
    return done(m, word, Status.OK)


@kernel
def pad_array(m: I64, word: int) -> int:
    """Do `pad`: append copies of a value up to a length."""
    is_int, wanted = int_argument(m, word, 1)
    if not is_int:
        return Fault.FUNCTION_NOT_FOUND
    array = receiver(m, word)
    length = length_of(m, array)
    if wanted <= length:
        return done(m, word, Status.OK)
    if wanted > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    top = m[M.HEAP_TOP]
    if not grow_storage(m, array, Kind.VALUES, VALUE_WORDS, wanted):
        return Status.NEEDS_MEMORY
    registers = words_in(m, M.REGISTERS)
    heap = words_in(m, M.HEAP)
    value = argument(word, m, 2)
    start = m[M.HEAP_TOP]
    for i in range(length, wanted):
        fine, payload = copy_value(m, registers[value], registers[value + 1])
        if not fine:
            m[M.REQUEST] = m[M.REQUEST] * (wanted - length) + start - top
            m[M.HEAP_TOP] = start
            return Status.NEEDS_MEMORY
        at = element_at(m, array, i)
        heap[at] = registers[value]
        heap[at + 1] = payload
    heap[array + 1] = wanted
    return done(m, word, Status.OK)


@native
def array_reverse(machine: int, word: int) -> int:
    """`reverse`, in place."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Status.HOST_CALL
    array = receiver(m, word)
    heap = words_in(m, M.HEAP)
    length = length_of(m, array)
    for i in range(length // 2):
        left = element_at(m, array, i)
        right = element_at(m, array, length - 1 - i)
        for j in range(VALUE_WORDS):
            heap[left + j], heap[right + j] = heap[right + j], heap[left + j]
    m[M.FUEL] -= length // 4
    return done(m, word, Status.OK)


@kernel
def append_to_array(m: I64, word: int) -> int:
    """Do `append` of another array."""
    registers = words_in(m, M.REGISTERS)
    other = argument(word, m, 1)
    if registers[other] & 0xFF != Tag.ARRAY:
        return Fault.FUNCTION_NOT_FOUND
    return done(m, word, append_array(m, receiver(m, word), registers[other + 1]))


@native
def array_dedup(machine: int, word: int) -> int:
    """`dedup`: of equal neighbours only the first stays."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Fault.FUNCTION_NOT_FOUND
    array = receiver(m, word)
    heap = words_in(m, M.HEAP)
    kept = 0
    for i in range(length_of(m, array)):
        at = element_at(m, array, i)
        last = element_at(m, array, max(kept - 1, 0))
        if kept > 0 and equal(m, heap[last], heap[last + 1], heap[at], heap[at + 1]) == EQUAL:
            continue
        to = element_at(m, array, kept)
        heap[to] = heap[at]
        heap[to + 1] = heap[at + 1]
        kept += 1
    m[M.FUEL] -= length_of(m, array) // 4
    heap[array + 1] = kept
    return done(m, word, Status.OK)


@native
def array_extract(machine: int, word: int) -> int:
    """`extract`: a copy of a run."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Status.HOST_CALL
    array = receiver(m, word)
    more = field_c(word) - 1
    used, start, count = read_span(m, argument(word, m, 1), more, length_of(m, array))
    if used != more:
        return Fault.FUNCTION_NOT_FOUND
    result = take_span(m, array, start, count, deep=True)
    if result == FULL:
        return Status.NEEDS_MEMORY
    put(m, register_a(m, word), Tag.ARRAY, result)
    return Status.OK


@kernel
def move_out(m: I64, word: int, array: int, start: int, count: int) -> int:
    """Remove a run of elements and return them as a new array."""
    result = take_span(m, array, start, count, deep=False)
    if result == FULL:
        return Status.NEEDS_MEMORY
    remove_span(m, array, start, count)
    put(m, register_a(m, word), Tag.ARRAY, result)
    return Status.OK


@kernel
def is_lone_index(m: I64, word: int, more: int) -> bool:
    """Return whether all that says where a run is would be its start."""
    return more == 1 and words_in(m, M.REGISTERS)[argument(word, m, 1)] & 0xFF == Tag.INT


@native
def array_drain(machine: int, word: int) -> int:
    """`drain` of a run; with a function the prelude does it."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Status.HOST_CALL
    array = receiver(m, word)
    more = field_c(word) - 1
    used, start, count = read_span(m, argument(word, m, 1), more, length_of(m, array))
    if used != more or is_lone_index(m, word, more):
        return Status.HOST_CALL
    return move_out(m, word, array, start, count)


@native
def array_retain(machine: int, word: int) -> int:
    """`retain` a run and return the others; with a function the prelude does it."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Status.HOST_CALL
    array = receiver(m, word)
    more = field_c(word) - 1
    length = length_of(m, array)
    used, start, count = read_span(m, argument(word, m, 1), more, length)
    if used != more or is_lone_index(m, word, more):
        return Status.HOST_CALL
    kept = take_span(m, array, start, count, deep=False)
    if kept == FULL:
        return Status.NEEDS_MEMORY
    remove_span(m, array, start, count)
    heap = words_in(m, M.HEAP)
    # The run becomes the array and the array, without it, the result: storages change places.
    other = kept
    for i in range(1, 4):
        heap[array + i], heap[other + i] = heap[other + i], heap[array + i]
    put(m, register_a(m, word), Tag.ARRAY, other)
    return Status.OK


@kernel
def split_array(m: I64, word: int) -> int:
    """Do `split`: cut the array at an index and return the rest."""
    is_int, index = int_argument(m, word, 1)
    if not is_int or field_c(word) != 2:
        return Fault.FUNCTION_NOT_FOUND
    array = receiver(m, word)
    length = length_of(m, array)
    index = min(index_from(length, index), length)
    return move_out(m, word, array, index, length - index)


@native
def array_splice(machine: int, word: int) -> int:
    """`splice`: put the elements of another array in the place of a run."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Status.HOST_CALL
    array = receiver(m, word)
    more = field_c(word) - 2
    registers = words_in(m, M.REGISTERS)
    last = argument(word, m, field_c(word) - 1)
    used, start, count = read_span(m, argument(word, m, 1), more, length_of(m, array))
    if used != more or registers[last] & 0xFF != Tag.ARRAY or is_lone_index(m, word, more):
        return Fault.FUNCTION_NOT_FOUND
    other = registers[last + 1]
    added = length_of(m, other)
    if added > count:
        status = open_span(m, array, start + count, added - count)
        if status != Status.OK:
            return status
    else:
        remove_span(m, array, start + added, count - added)
    if added > 0:
        heap = words_in(m, M.HEAP)
        to = element_at(m, array, start)
        source = element_at(m, other, 0)
        for i in range(VALUE_WORDS * added):
            heap[to + i] = heap[source + i]
    return done(m, word, Status.OK)


KERNELS = (
    NativeEntry("push", array_push, (2, 2), changes=True, ahead=Op.PUSH_AHEAD),
    NativeEntry("shift", array_shift, (1, 1), changes=True),
    NativeEntry("insert", array_insert, (3, 3), changes=True),
    NativeEntry("chop", array_chop, (2, 2), changes=True),
    NativeEntry("reverse", array_reverse, (1, 1), changes=True),
    NativeEntry("dedup", array_dedup, (1, 1), changes=True),
    NativeEntry("extract", array_extract, (2, 3)),
    NativeEntry("drain", array_drain, (2, 3), changes=True),
    NativeEntry("retain", array_retain, (2, 3), changes=True),
    NativeEntry("splice", array_splice, (3, 4), changes=True),
)
