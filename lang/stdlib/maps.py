"""Natives on object maps."""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import argument, put, register_a
from lang.heap.alloc import container_words, has_room, take_container
from lang.heap.arrays import VALUE_WORDS, element_at, length_of
from lang.heap.copying import copy_nested, copy_values
from lang.heap.maps import entry_at, merge
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, Kind, M, Status
from lang.stdlib.arrays import done, receiver, receiver_kind
from lang.stdlib.registry import NativeEntry
from lang.values import Tag


@native
def keys(machine: int, word: int) -> int:
    """`keys`: in order."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.MAP:
        return Fault.FUNCTION_NOT_FOUND
    container = receiver(m, word)
    count = length_of(m, container)
    if count > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    if not has_room(m, container_words(VALUE_WORDS, count)):
        return Status.NEEDS_MEMORY
    array = take_container(m, Kind.ARRAY, Kind.VALUES, VALUE_WORDS, count)
    heap = words_in(m, M.HEAP)
    for i in range(count):
        at = element_at(m, array, i)
        heap[at] = Tag.STRING
        heap[at + 1] = heap[entry_at(m, container, i)]
    heap[array + 1] = count
    put(m, register_a(m, word), Tag.ARRAY, array)
    return Status.OK


@native
def values(machine: int, word: int) -> int:
    """`values`: copies, in the order of the keys."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.MAP:
        return Fault.FUNCTION_NOT_FOUND
    container = receiver(m, word)
    count = length_of(m, container)
    if count > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    top = m[M.HEAP_TOP]
    fuel = m[M.FUEL]
    if not has_room(m, container_words(VALUE_WORDS, count)):
        return Status.NEEDS_MEMORY
    array = take_container(m, Kind.ARRAY, Kind.VALUES, VALUE_WORDS, count)
    heap = words_in(m, M.HEAP)
    for i in range(count):
        at = element_at(m, array, i)
        entry = entry_at(m, container, i)
        heap[at] = heap[entry + 1]
        heap[at + 1] = heap[entry + 2]
    copies = m[M.HEAP_TOP]
    first = element_at(m, array, 0)
    if not (copy_values(m, first, count, VALUE_WORDS, copies) and copy_nested(m, copies)):
        m[M.REQUEST] += copies - top
        m[M.HEAP_TOP] = top
        m[M.FUEL] = fuel
        return Status.NEEDS_MEMORY
    heap[array + 1] = count
    put(m, register_a(m, word), Tag.ARRAY, array)
    return Status.OK


@kernel
def merge_argument(m: I64, word: int, replace: bool) -> int:
    """Move the entries of the second argument into the first."""
    registers = words_in(m, M.REGISTERS)
    other = argument(word, m, 1)
    if receiver_kind(m, word) != Tag.MAP or registers[other] & 0xFF != Tag.MAP:
        return Fault.FUNCTION_NOT_FOUND
    return done(m, word, merge(m, receiver(m, word), registers[other + 1], replace))


@native
def mixin(machine: int, word: int) -> int:
    """`mixin`: entries of another map replace those of the same key."""
    return merge_argument(words_at(machine, MACHINE_WORDS), word, replace=True)


@native
def fill_with(machine: int, word: int) -> int:
    """`fill_with`: entries of another map whose keys are not there yet."""
    return merge_argument(words_at(machine, MACHINE_WORDS), word, replace=False)


KERNELS = (
    NativeEntry("keys", keys, (1, 1)),
    NativeEntry("values", values, (1, 1)),
    NativeEntry("mixin", mixin, (2, 2), changes=True),
    NativeEntry("fill_with", fill_with, (2, 2), changes=True),
)
