"""Arithmetic and bit operations beyond the loop's fast paths: mixed numbers, vectors, text, faults."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.heap.access import (
    field_c,
    put,
    register_a,
    register_b,
    register_c,
)
from lang.heap.alloc import has_room, take
from lang.heap.arrays import append_array, concatenate, push
from lang.heap.copying import copy_value
from lang.heap.equality import is_text
from lang.heap.maps import merge
from lang.heap.strings import MOST_NEGATIVE, object_address
from lang.heap.substrings import put_joined, put_replaced
from lang.jit import (
    I64,
    add_overflows,
    bits_float,
    float_bits,
    kernel,
    mul_overflows,
    native,
    sub_overflows,
    words_at,
    words_in,
    wrapping_mul,
)
from lang.layout import MACHINE_WORDS, Kind, M, Status
from lang.numeric.powers import int_power, power
from lang.numeric.remainder import float_remainder
from lang.values import Tag


@kernel
def plain_operator(op: int) -> int:
    """Return the opcode that a fused or assigning variant stands for."""
    if op == Op.ADD_K or op == Op.ADD_TO or op == Op.ADD_TO_K:
        return Op.ADD
    if op == Op.SUB_K:
        return Op.SUB
    if op == Op.MUL_K:
        return Op.MUL
    if op == Op.DIV_K:
        return Op.DIV
    if op == Op.MOD_K:
        return Op.MOD
    return op


@kernel
def int_arithmetic(m: I64, dst: int, op: int, x: int, y: int) -> int:
    """Do an operation on two ints."""
    result = 0
    if op == Op.ADD:
        if add_overflows(x, y):
            return Fault.ADD_OVERFLOW
        result = x + y
    elif op == Op.SUB:
        if sub_overflows(x, y):
            return Fault.SUB_OVERFLOW
        result = x - y
    elif op == Op.MUL:
        if mul_overflows(x, y):
            return Fault.MUL_OVERFLOW
        result = x * y
    elif op == Op.DIV:
        if y == 0:
            return Fault.DIV_ZERO
        if x == MOST_NEGATIVE and y == -1:
            return Fault.DIV_OVERFLOW
        result = abs_floor_div(x, y)
    elif op == Op.MOD:
        if y == 0:
            return Fault.MOD_ZERO
        if x == MOST_NEGATIVE and y == -1:
            return Fault.MOD_OVERFLOW
        result = x - y * abs_floor_div(x, y)
    put(m, dst, Tag.INT, result)
    return Status.OK


@kernel
def abs_floor_div(x: int, y: int) -> int:
    """Return x / y rounded toward zero, for y != 0 and no overflow."""
    quotient = x // y
    if quotient < 0 and wrapping_mul(quotient, y) != x:  # one below the least int is none of x
        quotient += 1
    return quotient


@kernel
def float_operation(op: int, x: float, y: float) -> float:
    """Return the result of an operation on two floats."""
    if op == Op.ADD:
        return x + y
    if op == Op.SUB:
        return x - y
    if op == Op.MUL:
        return x * y
    if op == Op.DIV:
        return x / y
    return float_remainder(x, y)


@kernel
def as_float(tag: int, payload: int) -> float:
    """Return an int or float as a float."""
    return float(payload) if tag & 0xFF == Tag.INT else bits_float(payload)


@kernel
def is_number(tag: int) -> bool:
    """Return whether the value is an int or a float."""
    return tag & 0xFF == Tag.INT or tag & 0xFF == Tag.FLOAT


@kernel
def is_vector(tag: int) -> bool:
    """Return whether the value is a vector."""
    return tag & 0xFF == Tag.VEC2 or tag & 0xFF == Tag.VEC3


@kernel
def component(m: I64, tag: int, payload: int, i: int, missing: float) -> float:
    """Return component `i` of a vector, or of a number taken as a vector of equal components."""
    if is_number(tag):
        return as_float(tag, payload)
    if i == 2 and tag & 0xFF == Tag.VEC2:
        return missing
    return bits_float(words_at(object_address(m, payload), 4 if tag & 0xFF == Tag.VEC3 else 3)[1 + i])


@kernel
def vector_arithmetic(m: I64, dst: int, op: int, lt: int, lp: int, rt: int, rp: int) -> int:
    """Do an operation on vectors by component; a missing z is the other's for + and -, else 0."""
    if op != Op.MUL and op != Op.DIV and not (is_vector(lt) and is_vector(rt)):
        return Fault.FUNCTION_NOT_FOUND
    if op == Op.MOD:
        return Fault.FUNCTION_NOT_FOUND
    size = 3 if lt & 0xFF == Tag.VEC3 or rt & 0xFF == Tag.VEC3 else 2
    if not has_room(m, 4):
        return Status.NEEDS_MEMORY
    at = take(m, Kind.VECTOR, 1 + size)
    heap = words_in(m, M.HEAP)
    for i in range(size):
        x = component(m, lt, lp, i, 0.0)
        y = component(m, rt, rp, i, 0.0)
        heap[at + 1 + i] = float_bits(float_operation(op, x, y))
    if size == 3 and (op == Op.ADD or op == Op.SUB):
        if lt & 0xFF == Tag.VEC2:
            heap[at + 3] = float_bits(component(m, rt, rp, 2, 0.0))
        elif rt & 0xFF == Tag.VEC2:
            heap[at + 3] = float_bits(component(m, lt, lp, 2, 0.0))
    put(m, dst, Tag.VEC2 if size == 2 else Tag.VEC3, at)
    return Status.OK


@kernel
def push_copy(m: I64, array: int, tag: int, payload: int) -> int:
    """Append a copy of a value; returns a status."""
    start = m[M.HEAP_TOP]
    fine, payload = copy_value(m, tag, payload)
    status = push(m, array, tag, payload) if fine else Status.NEEDS_MEMORY
    if status == Status.NEEDS_MEMORY:
        m[M.REQUEST] += m[M.HEAP_TOP] - start  # doing it again needs all of it
    return status


@kernel
def merge_copy(m: I64, target: int, source: int) -> int:
    """Set copies of the entries of `source` in `target`; returns a status."""
    start = m[M.HEAP_TOP]
    fine, copy = copy_value(m, Tag.MAP, source)
    status = merge(m, target, copy, True) if fine else Status.NEEDS_MEMORY
    if status == Status.NEEDS_MEMORY:
        m[M.REQUEST] += m[M.HEAP_TOP] - start
    return status


@kernel
def merged(m: I64, dst: int, left: int, right: int) -> int:
    """Write a new map with copies of the entries of both into `dst`; returns a status."""
    start = m[M.HEAP_TOP]
    fine, copy = copy_value(m, Tag.MAP, left)
    status = merge_copy(m, copy, right) if fine else Status.NEEDS_MEMORY
    if status == Status.OK:
        put(m, dst, Tag.MAP, copy)
    elif status == Status.NEEDS_MEMORY:
        m[M.REQUEST] += m[M.HEAP_TOP] - start
    return status


@kernel
def other_arithmetic(m: I64, dst: int, op: int, lt: int, lp: int, rt: int, rp: int) -> int:
    """Do an operation on values that are not both numbers or vectors."""
    left = lt & 0xFF
    right = rt & 0xFF
    if op == Op.ADD:
        if left == Tag.BLOB or right == Tag.BLOB:
            return Status.HOST_CALL
        if left == Tag.STRING or right == Tag.STRING or (left == Tag.CHAR and right == Tag.CHAR):
            return put_joined(m, dst, lt, lp, rt, rp)
        if left == Tag.ARRAY and right == Tag.ARRAY:
            return concatenate(m, dst, lp, rp)
        if left == Tag.MAP and right == Tag.MAP:
            return merged(m, dst, lp, rp)
    elif op == Op.SUB and left == Tag.STRING and is_text(right):
        return put_replaced(m, dst, lp, rt, rp, Tag.UNIT, 0)
    return Fault.FUNCTION_NOT_FOUND


@native
def raise_to_power(machine: int, word: int) -> int:
    """Do POW; apart from the other operators, because its code is long."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    left = register_b(m, word)
    right = register_c(m, word)
    lt, lp = registers[left], registers[left + 1]
    rt, rp = registers[right], registers[right + 1]
    if not is_number(lt) or not is_number(rt):
        return Fault.FUNCTION_NOT_FOUND
    dst = register_a(m, word)
    if lt & 0xFF == Tag.INT and rt & 0xFF == Tag.INT:
        if rp < 0:
            return Fault.POW_NEGATIVE
        fine, result = int_power(lp, rp)
        if not fine:
            return Fault.POW_OVERFLOW
        put(m, dst, Tag.INT, result)
        return Status.OK
    put(m, dst, Tag.FLOAT, float_bits(power(as_float(lt, lp), as_float(rt, rp))))
    return Status.OK


@native
def arithmetic(machine: int, word: int) -> int:
    """Do any arithmetic instruction but POW."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    op = word & 0xFF
    dst = register_a(m, word)
    left = register_b(m, word)
    lt = registers[left]
    lp = registers[left + 1]
    if (
        op == Op.ADD_K
        or op == Op.SUB_K
        or op == Op.MUL_K
        or op == Op.DIV_K
        or op == Op.MOD_K
        or op == Op.ADD_TO_K
    ):
        constants = words_in(m, M.CONSTANTS)
        rt = constants[2 * field_c(word)]
        rp = constants[2 * field_c(word) + 1]
    else:
        right = register_c(m, word)
        rt = registers[right]
        rp = registers[right + 1]
    if op == Op.ADD_TO or op == Op.ADD_TO_K:
        if lt & 0xFF == Tag.ARRAY:
            return append_array(m, lp, rp) if rt & 0xFF == Tag.ARRAY else push_copy(m, lp, rt, rp)
        if lt & 0xFF == Tag.MAP and rt & 0xFF == Tag.MAP:
            return merge_copy(m, lp, rp)
        if lt & 0xFF == Tag.BLOB:
            return Status.HOST_CALL
    op = plain_operator(op)
    if is_number(lt) and is_number(rt):
        if lt & 0xFF == Tag.INT and rt & 0xFF == Tag.INT:
            return int_arithmetic(m, dst, op, lp, rp)
        put(m, dst, Tag.FLOAT, float_bits(float_operation(op, as_float(lt, lp), as_float(rt, rp))))
        return Status.OK
    if (is_vector(lt) or is_number(lt)) and (is_vector(rt) or is_number(rt)):
        return vector_arithmetic(m, dst, op, lt, lp, rt, rp)
    return other_arithmetic(m, dst, op, lt, lp, rt, rp)


@kernel
def shift(value: int, amount: int) -> int:
    """Return value << amount; a negative amount shifts right, 64 or more shifts everything out."""
    if amount >= 64:
        return 0
    if amount >= 0:
        return value << amount
    if amount <= -64:
        return -1 if value < 0 else 0
    return value >> -amount


@kernel
def int_bits(op: int, x: int, y: int) -> int:
    """Return the result of a bit operation on two ints."""
    if op == Op.BIT_AND:
        return x & y
    if op == Op.BIT_OR:
        return x | y
    if op == Op.BIT_XOR:
        return x ^ y
    if op == Op.SHIFT_LEFT:
        return shift(x, y)
    return shift(x, -y) if y != MOST_NEGATIVE else 0


@native
def bit_operation(machine: int, word: int) -> int:
    """Do & | ^ << >> on two ints or, without the shifts, on two bools."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    left = register_b(m, word)
    right = register_c(m, word)
    op = word & 0xFF
    kind = registers[left] & 0xFF
    if kind != registers[right] & 0xFF:
        return Fault.FUNCTION_NOT_FOUND
    if kind != Tag.INT and (kind != Tag.BOOL or op == Op.SHIFT_LEFT or op == Op.SHIFT_RIGHT):
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), kind, int_bits(op, registers[left + 1], registers[right + 1]))
    return Status.OK


@native
def unary(machine: int, word: int) -> int:
    """Do -x, +x and !x."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    op = word & 0xFF
    tag = registers[register_b(m, word)] & 0xFF
    payload = registers[register_b(m, word) + 1]
    dst = register_a(m, word)
    if op == Op.NOT:
        if tag != Tag.BOOL:
            return Fault.FUNCTION_NOT_FOUND
        put(m, dst, Tag.BOOL, 1 - payload)
    elif tag == Tag.INT:
        if op == Op.NEGATE and payload == MOST_NEGATIVE:
            return Fault.NEGATE_OVERFLOW
        put(m, dst, Tag.INT, -payload if op == Op.NEGATE else payload)
    elif tag == Tag.FLOAT:
        put(m, dst, Tag.FLOAT, float_bits(-bits_float(payload)) if op == Op.NEGATE else payload)
    elif is_vector(tag):
        if op != Op.NEGATE:
            return Fault.FUNCTION_NOT_FOUND
        return vector_arithmetic(m, dst, Op.MUL, Tag.INT, -1, tag, payload)
    else:
        return Fault.FUNCTION_NOT_FOUND
    return Status.OK
