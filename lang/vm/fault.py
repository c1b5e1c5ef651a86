"""Instructions that do nothing but fail, and checks that found nothing to do in the loop."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.heap.access import field_a, field_b, register_a
from lang.jit import native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag


@native
def raise_fault(machine: int, word: int) -> int:
    """Do FAULT, THROW, CHECK_BOOL, and the jumps on a condition that is no bool."""
    m = words_at(machine, MACHINE_WORDS)
    op = word & 0xFF
    if op == Op.FAULT:
        return field_a(word)
    if op == Op.THROW:
        return Fault.THROWN
    registers = words_in(m, M.REGISTERS)
    if registers[register_a(m, word)] & 0xFF == Tag.BOOL:  # one with a user tag
        jumps = op == Op.JUMP_TRUE if registers[register_a(m, word) + 1] else op == Op.JUMP_FALSE
        if not jumps:
            return Status.OK
        m[M.PC] += (field_b(word) ^ 0x8000) - 0x8000
        return Status.ENTERED
    m[M.DETAIL] = registers[register_a(m, word)] & 0xFF
    return Fault.NOT_BOOL


@native
def host_native(machine: int, word: int) -> int:
    """Stand in the table of natives for every function written in Python."""
    return Status.HOST_CALL


@native
def unlinked(machine: int, word: int) -> int:
    """Stand in both tables for every kernel that is not loaded yet."""
    return Status.UNLINKED
