"""Comparisons beyond the loop's fast path for ints, alone or fused with a jump; switch cases; `in`."""

from __future__ import annotations

from lang.bytecode.ops import COST_SHIFT, Op
from lang.faults import Fault
from lang.heap.access import (
    field_b,
    field_c,
    put_bool,
    register_a,
    register_b,
    register_c,
)
from lang.heap.equality import (
    EQUAL,
    NO_OPERATOR,
    equal,
    is_numeric,
    is_text,
    number_order,
    text_order,
)
from lang.heap.search import FALSE, TRUE, contains_value
from lang.heap.strings import object_address
from lang.jit import I64, bits_float, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag


@kernel
def compare(m: I64, op: int, left_tag: int, lp: int, right_tag: int, rp: int) -> int:
    """Return FALSE, TRUE or a fault for a comparison opcode."""
    lt = left_tag & 0xFF
    rt = right_tag & 0xFF
    if op == Op.EQ or op == Op.NE:
        both_ranges = Tag.RANGE <= lt <= Tag.RANGE_INCLUSIVE and Tag.RANGE <= rt <= Tag.RANGE_INCLUSIVE
        if both_ranges and lt != rt:
            return Fault.FUNCTION_NOT_FOUND if op == Op.EQ else TRUE
        if is_numeric(lt) and is_numeric(rt):
            order = number_order(lt, lp, rt, rp)
            if op == Op.EQ:
                return TRUE if order == 0 else FALSE
            return TRUE if order == 1 or order == -1 else FALSE
        result = equal(m, left_tag, lp, right_tag, rp)
        if result == NO_OPERATOR:
            return Fault.FUNCTION_NOT_FOUND
        return TRUE if (result == EQUAL) == (op == Op.EQ) else FALSE
    if is_numeric(lt) and is_numeric(rt):
        order = number_order(lt, lp, rt, rp)
    elif is_text(lt) and is_text(rt):
        order = text_order(m, lt, lp, rt, rp)
    elif lt == Tag.BOOL and rt == Tag.BOOL:
        order = lp - rp
    elif lt != rt or lt == Tag.UNIT:
        return FALSE
    else:
        return Fault.FUNCTION_NOT_FOUND
    if order == 3:
        return FALSE
    if op == Op.LT:
        return TRUE if order < 0 else FALSE
    if op == Op.LE:
        return TRUE if order <= 0 else FALSE
    if op == Op.GT:
        return TRUE if order > 0 else FALSE
    return TRUE if order >= 0 else FALSE


@native
def comparison(machine: int, word: int) -> int:
    """Do EQ, NE, LT, LE, GT, GE."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    left = register_b(m, word)
    right = register_c(m, word)
    result = compare(
        m, word & 0xFF, registers[left], registers[left + 1], registers[right], registers[right + 1]
    )
    if result > TRUE:
        return result
    put_bool(m, register_a(m, word), result == TRUE)
    return Status.OK


@native
def compare_and_jump(machine: int, word: int) -> int:
    """Do the fused comparisons: jump unless it holds."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    op = word & 0xFF
    left = register_a(m, word)
    if op >= Op.UNLESS_EQ_K:
        constants = words_in(m, M.CONSTANTS)
        rt = constants[2 * field_b(word)]
        rp = constants[2 * field_b(word) + 1]
        plain = op - Op.UNLESS_EQ_K + Op.EQ
    else:
        right = register_b(m, word)
        rt = registers[right]
        rp = registers[right + 1]
        plain = op - Op.UNLESS_EQ + Op.EQ
    result = compare(m, plain, registers[left], registers[left + 1], rt, rp)
    if result > TRUE:
        return result
    if m[M.FUEL] + m[M.RESERVE] < 0:  # comparing took the operation that the jump needs
        m[M.DETAIL] = (word >> COST_SHIFT) - 1
        return Fault.TOO_MANY_OPERATIONS
    if result == FALSE:
        m[M.PC] += (field_c(word) ^ 0x8000) - 0x8000
        return Status.ENTERED
    return Status.OK


@kernel
def same_literal(m: I64, lt: int, lp: int, rt: int, rp: int) -> bool:
    """Return whether a switch's subject equals a literal: no mixing of types, floats exactly."""
    if lt & 0xFF != rt & 0xFF:
        return False
    if lt & 0xFF == Tag.FLOAT:
        return bits_float(lp) == bits_float(rp)
    return equal(m, lt, lp, rt, rp) == EQUAL


@native
def unless_same(machine: int, word: int) -> int:
    """Do UNLESS_SAME_K of strings, floats, and values with a user tag."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    constants = words_in(m, M.CONSTANTS)
    left = register_a(m, word)
    right = 2 * field_b(word)
    same = same_literal(m, registers[left], registers[left + 1], constants[right], constants[right + 1])
    if m[M.FUEL] + m[M.RESERVE] < 0:
        m[M.DETAIL] = (word >> COST_SHIFT) - 1
        return Fault.TOO_MANY_OPERATIONS
    if same:
        return Status.OK
    m[M.PC] += (field_c(word) ^ 0x8000) - 0x8000
    return Status.ENTERED


@native
def switch_case(machine: int, word: int) -> int:
    """Do SAME_LITERAL (no mixing of int and float) and IN_RANGE (a switch's range case)."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    left = register_b(m, word)
    right = register_c(m, word)
    lt = registers[left] & 0xFF
    lp = registers[left + 1]
    rt = registers[right] & 0xFF
    rp = registers[right + 1]
    found = False
    if word & 0xFF == Op.SAME_LITERAL:
        found = same_literal(m, lt, lp, rt, rp)
    elif is_numeric(lt):
        bounds = words_at(object_address(m, rp), 3)
        if lt == Tag.INT:
            found = bounds[1] <= lp and (lp < bounds[2] or (lp == bounds[2] and rt == Tag.RANGE_INCLUSIVE))
        else:
            x = bits_float(lp)
            end = float(bounds[2])
            found = float(bounds[1]) <= x and (x < end or (x == end and rt == Tag.RANGE_INCLUSIVE))
    put_bool(m, register_a(m, word), found)
    return Status.OK


@native
def membership(machine: int, word: int) -> int:
    """Do ``left in right``."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    left = register_b(m, word)
    right = register_c(m, word)
    result = contains_value(
        m, registers[right] & 0xFF, registers[right + 1], registers[left], registers[left + 1]
    )
    if result > TRUE:
        return result
    put_bool(m, register_a(m, word), result == TRUE)
    return Status.OK
