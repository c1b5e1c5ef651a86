"""Moves that the loop does not finish: deep copies, state that is not set yet, `this`, shared cells."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.heap.access import (
    field_a,
    field_b,
    field_c,
    put,
    register_a,
    register_b,
    register_c,
)
from lang.heap.alloc import has_room, take
from lang.heap.arrays import element_at, length_of
from lang.heap.copying import put_copy
from lang.heap.maps import entry_at, find_key
from lang.jit import I64, entry, kernel, native, words_at, words_in
from lang.layout import CELL_WORDS, MACHINE_WORDS, Kind, M, Status
from lang.values import READ_ONLY, TO_ASSIGN, USER_TAG_SHIFT, Tag
from lang.vm.locks import state_is_locked


@native
def copy(machine: int, word: int) -> int:
    """Do COPY of an array, map or blob, with which COPY_AHEAD begins."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    src = register_b(m, word)
    return put_copy(m, register_a(m, word), registers[src], registers[src + 1])


@native
def get_state(machine: int, word: int) -> int:
    """Do GET_STATE, GET_STATE_REF and SET_STATE, also of a variable that is locked or has no value yet."""
    m = words_at(machine, MACHINE_WORDS)
    op = word & 0xFF
    slot = 2 * field_b(word)
    heap = words_in(m, M.HEAP)
    if heap[slot] & 0xFF == Tag.UNDEFINED and not (op == Op.SET_STATE and field_c(word) == 1):
        return Fault.VARIABLE_NOT_FOUND
    if state_is_locked(m, slot // 2):
        return Fault.DATA_RACE
    at = register_a(m, word)
    if op == Op.GET_STATE:
        return put_copy(m, at, heap[slot], heap[slot + 1])
    registers = words_in(m, M.REGISTERS)
    if op == Op.GET_STATE_REF:
        put(m, at, heap[slot], heap[slot + 1])
    else:
        heap[slot] = registers[at]
        heap[slot + 1] = registers[at + 1]
    return Status.OK


@native
def jump_defined(machine: int, word: int) -> int:
    """Do JUMP_DEFINED."""
    m = words_at(machine, MACHINE_WORDS)
    if words_in(m, M.HEAP)[2 * field_a(word)] & 0xFF != Tag.UNDEFINED:
        m[M.PC] += (field_b(word) ^ 0x8000) - 0x8000
    return Status.ENTERED


@native
def get_context(machine: int, word: int) -> int:
    """Do GET_CONTEXT: entity, seconds a tick, tick."""
    m = words_at(machine, MACHINE_WORDS)
    which = field_b(word)
    put(m, register_a(m, word), Tag.FLOAT if which == 1 else Tag.INT, m[M.ENTITY + which])
    return Status.OK


@native
def share(machine: int, word: int) -> int:
    """Do SHARE: a variable that a closure captures moves into a cell."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = register_a(m, word)
    if registers[at] == Tag.CELL:
        return Status.OK
    if not has_room(m, CELL_WORDS):
        return Status.NEEDS_MEMORY
    cell = take(m, Kind.CELL, CELL_WORDS)
    heap = words_in(m, M.HEAP)
    heap[cell + 1] = registers[at]
    heap[cell + 2] = registers[at + 1]
    heap[cell + 3] = 0
    put(m, at, Tag.CELL, cell)
    return Status.OK


@kernel
def load_reference(m: I64, tag: int, payload: int) -> tuple[int, int]:
    """Return the value that a reference stands for; other values stand for themselves."""
    kind = tag & 0xFF
    registers = words_in(m, M.REGISTERS)
    heap = words_in(m, M.HEAP)
    while kind == Tag.REF_REGISTER:
        tag = registers[2 * payload]
        payload = registers[2 * payload + 1]
        kind = tag & 0xFF
    if kind == Tag.REF_STATE:
        return heap[2 * payload], heap[2 * payload + 1]
    if kind == Tag.CELL:
        return heap[payload + 1], heap[payload + 2]
    if kind == Tag.REF_ELEMENT:
        index = tag >> USER_TAG_SHIFT
        if index >= length_of(m, payload):
            return Tag.UNIT, 0
        if heap[payload] & 0xFF == Kind.MAP:
            at = entry_at(m, payload, index) + 1
        else:
            at = element_at(m, payload, index)
        return heap[at], heap[at + 1]
    return tag, payload


@kernel
def store_reference(m: I64, at: int, tag: int, payload: int) -> None:
    """Store a value where the reference in the register at `at` points, or in the register."""
    registers = words_in(m, M.REGISTERS)
    heap = words_in(m, M.HEAP)
    kind = registers[at] & 0xFF
    while kind == Tag.REF_REGISTER:
        at = 2 * registers[at + 1]
        kind = registers[at] & 0xFF
    target = registers[at + 1]
    if kind == Tag.REF_STATE:
        heap[2 * target] = tag
        heap[2 * target + 1] = payload
    elif kind == Tag.CELL:
        heap[target + 1] = tag
        heap[target + 2] = payload
    elif kind == Tag.REF_ELEMENT:
        index = registers[at] >> USER_TAG_SHIFT
        if index < length_of(m, target):
            if heap[target] & 0xFF == Kind.MAP:
                to = entry_at(m, target, index) + 1
            else:
                to = element_at(m, target, index)
            heap[to] = tag
            heap[to + 1] = payload
    else:
        registers[at] = tag
        registers[at + 1] = payload


@kernel
def is_reference_to_place(tag: int) -> bool:
    """Return whether a value is a reference to a register, a state variable or an element."""
    kind = tag & 0xFF
    return kind == Tag.REF_REGISTER or kind == Tag.REF_STATE or kind == Tag.REF_ELEMENT


@kernel
def is_read_only(tag: int) -> bool:
    """Return whether a value is a reference to (a part of) a constant."""
    return is_reference_to_place(tag) and tag & READ_ONLY != 0


@entry("int64(int64, int64, int64)")
def store_this(machine: int, this: int, source: int) -> int:
    """Store the value of one register where the reference in another points, for Python."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = 2 * (m[M.BASE] + source)
    store_reference(m, 2 * (m[M.BASE] + this), registers[at], registers[at + 1])
    return Status.OK


@native
def freeze(machine: int, word: int) -> int:
    """Do FREEZE."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = register_a(m, word)
    wanted = field_b(word) == 0 or is_read_only(registers[2 * m[M.BASE]])
    if wanted and is_reference_to_place(registers[at]):
        registers[at] |= READ_ONLY
    return Status.OK


@native
def reference_to_this(machine: int, word: int) -> int:
    """Do REF_THIS."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    this = 2 * m[M.BASE]
    if registers[this] & 0xFF == Tag.UNBOUND:
        return Fault.UNBOUND_THIS
    dst = register_a(m, word)
    if is_reference_to_place(registers[this]):
        put(m, dst, registers[this], registers[this + 1])
    else:
        put(m, dst, Tag.REF_REGISTER, m[M.BASE])
    return Status.OK


@native
def this_value(machine: int, word: int) -> int:
    """Do GET_THIS and SET_THIS."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    this = 2 * m[M.BASE]
    if registers[this] & 0xFF == Tag.UNBOUND:
        return Fault.UNBOUND_THIS
    at = register_a(m, word)
    if word & 0xFF == Op.GET_THIS:
        if field_b(word) != 0 and is_read_only(registers[this]):
            return Fault.CONSTANT_ASSIGNED if field_b(word) == TO_ASSIGN else Fault.CONSTANT_METHOD
        tag, payload = load_reference(m, registers[this], registers[this + 1])
        put(m, at, tag, payload)
    else:
        if is_read_only(registers[this]):
            return Fault.CONSTANT_ASSIGNED
        store_reference(m, this, registers[at], registers[at + 1])
    return Status.OK


@native
def make_reference(machine: int, word: int) -> int:
    """Do REF_STATE, REF_INDEX and REF_PROPERTY: what `this` of a method refers to."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    op = word & 0xFF
    dst = register_a(m, word)
    if op == Op.REF_STATE:
        if words_in(m, M.HEAP)[2 * field_b(word)] & 0xFF == Tag.UNDEFINED:
            return Fault.VARIABLE_NOT_FOUND
        if state_is_locked(m, field_b(word)):
            return Fault.DATA_RACE
        put(m, dst, Tag.REF_STATE, field_b(word))
        return Status.OK
    container = register_b(m, word)
    kind = registers[container] & 0xFF
    offset = registers[container + 1]
    index = -1
    if op == Op.REF_PROPERTY:
        if kind != Tag.MAP:
            return Status.HOST_CALL
        index = find_key(m, offset, words_in(m, M.CONSTANTS)[2 * field_c(word) + 1])
    else:
        key = register_c(m, word)
        if kind == Tag.MAP and registers[key] & 0xFF == Tag.STRING:
            index = find_key(m, offset, registers[key + 1])
        elif kind == Tag.ARRAY and registers[key] & 0xFF == Tag.INT:
            index = registers[key + 1]
            m[M.DETAIL] = index
            m[M.DETAIL2] = length_of(m, offset)
            if index < 0:
                index += length_of(m, offset)
            if index < 0 or index >= length_of(m, offset):
                return Fault.ARRAY_BOUNDS
        else:
            return Status.HOST_CALL
    if index < 0:
        put(m, dst, Tag.UNIT, 0)
    else:
        put(m, dst, Tag.REF_ELEMENT | index << USER_TAG_SHIFT, offset)
    return Status.OK
