"""Natives on arrays, and those that arrays share with strings and maps (`len`, `clear`, …)."""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import argument, put, register_a
from lang.heap.arrays import length_of, push
from lang.heap.strings import string_counts
from lang.jit import native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
from lang.values import Tag


@native
def length(machine: int, word: int) -> int:
    """`len`: elements, entries, bytes of a blob, characters."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 0)
    kind = registers[at] & 0xFF
    if kind == Tag.ARRAY or kind == Tag.MAP or kind == Tag.BLOB:
        count = length_of(m, registers[at + 1])
    elif kind == Tag.STRING:
        count = string_counts(m, registers[at + 1])[1]
    else:
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), Tag.INT, count)
    return Status.OK


@native
def array_push(machine: int, word: int) -> int:
    """`push`."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 0)
    if registers[at] & 0xFF != Tag.ARRAY:
        return Status.HOST_CALL
    value = argument(word, m, 1)
    status = push(m, registers[at + 1], registers[value], registers[value + 1])
    if status == Status.OK:
        put(m, register_a(m, word), Tag.UNIT, 0)
    return status


ENTRIES = (
    NativeEntry("len", length, (1, 1), is_property=True),
    NativeEntry("push", array_push, (2, 2), changes=True),
)
