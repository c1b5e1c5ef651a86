"""Folding: an operation whose operands are constants becomes the constant that it makes.

Only what cannot fail and takes no memory is folded. An overflow, a division by zero and whatever depends
on the machine's own arithmetic (powers, comparisons of floats with their tolerance) is left to run time.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import fmod

from lang.bytecode.ops import OPERAND_LIMIT, Op
from lang.bytecode.program import ConstantPool
from lang.optimise.instruction import Instruction
from lang.optimise.window import Rule, Window
from lang.values import Tag
from lang.words import float_payload, payload_float

LEAST, MOST = -(2**63), 2**63 - 1
BITS = 64
ARITHMETIC: dict[int, Callable[..., int | float]] = {
    Op.ADD: operator.add,
    Op.ADD_TO: operator.add,
    Op.SUB: operator.sub,
    Op.MUL: operator.mul,
}
BITWISE: dict[int, Callable[[int, int], int]] = {
    Op.BIT_AND: operator.and_,
    Op.BIT_OR: operator.or_,
    Op.BIT_XOR: operator.xor,
}
COMPARISONS: dict[int, Callable[[int, int], bool]] = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.SAME_LITERAL: operator.eq,
}
BINARY = (*ARITHMETIC, *BITWISE, *COMPARISONS, Op.DIV, Op.MOD, Op.SHIFT_LEFT, Op.SHIFT_RIGHT)


def fold_binary(window: Window, instruction: Instruction) -> Instruction | None:
    """An operation on two constants."""
    right = window.constant(instruction.c, 0, instruction.a)
    if right is None:
        return None
    left = window.constant(instruction.b, right[1], instruction.a)
    if left is None:
        return None
    number = _result(window.pool, instruction.op, left[0], right[0])
    return None if number is None else _load(window, instruction, left[1], number)


def fold_unary(window: Window, instruction: Instruction) -> Instruction | None:
    """An operation on one constant."""
    operand = window.constant(instruction.b, 0, instruction.a)
    if operand is None:
        return None
    tag, payload = window.pool.words[2 * operand[0] : 2 * operand[0] + 2]
    if instruction.op == Op.NOT and tag == Tag.BOOL:
        number = window.pool.value(Tag.BOOL, 1 - payload)
    elif instruction.op == Op.NEGATE and tag == Tag.INT and payload != LEAST:
        number = window.pool.value(Tag.INT, -payload)
    elif instruction.op == Op.NEGATE and tag == Tag.FLOAT:
        number = window.pool.value(Tag.FLOAT, float_payload(-payload_float(payload)))
    else:
        return None
    return _load(window, instruction, operand[1], number)


def fold_copy(window: Window, instruction: Instruction) -> Instruction | None:
    """A copy of a constant."""
    source = window.constant(instruction.b, 0, instruction.a)
    return None if source is None else _load(window, instruction, source[1], source[0])


def _load(window: Window, instruction: Instruction, taken: int, number: int) -> Instruction | None:
    found = window.take(taken, instruction) if number < OPERAND_LIMIT else None
    if found is not None:
        found.op, found.b, found.c = Op.LOAD, number, 0
    return found


def _result(pool: ConstantPool, op: int, left: int, right: int) -> int | None:
    """Return the number of the constant that an operation makes of two, if it may be folded."""
    tag, x = pool.words[2 * left : 2 * left + 2]
    other, y = pool.words[2 * right : 2 * right + 2]
    if tag != other:
        return None
    if op in COMPARISONS:
        is_plain = tag in (Tag.INT, Tag.BOOL, Tag.CHAR)
        return pool.value(Tag.BOOL, int(COMPARISONS[op](x, y))) if is_plain else None
    if tag == Tag.FLOAT:
        return _float_result(pool, op, payload_float(x), payload_float(y))
    if tag == Tag.BOOL and op in BITWISE:
        return pool.value(Tag.BOOL, BITWISE[op](x, y))
    if tag != Tag.INT:
        return None
    value = _int_result(op, x, y)
    return pool.value(Tag.INT, value) if value is not None and LEAST <= value <= MOST else None


def _int_result(op: int, x: int, y: int) -> int | None:
    if op in ARITHMETIC:
        return int(ARITHMETIC[op](x, y))
    if op in BITWISE:
        return BITWISE[op](x, y)
    if op in (Op.DIV, Op.MOD) and y != 0 and (x, y) != (LEAST, -1):
        quotient = abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)
        return quotient if op == Op.DIV else x - quotient * y
    if op in (Op.SHIFT_LEFT, Op.SHIFT_RIGHT) and 0 <= y < BITS and x >= 0:
        return x << y if op == Op.SHIFT_LEFT else x >> y
    return None


def _float_result(pool: ConstantPool, op: int, x: float, y: float) -> int | None:
    if op in ARITHMETIC:
        value = float(ARITHMETIC[op](x, y))
    elif op == Op.DIV and y != 0.0:
        value = x / y
    elif op == Op.MOD and y != 0.0:
        value = fmod(x, y)
    else:
        return None
    return pool.value(Tag.FLOAT, float_payload(value)) if value - value == 0.0 else None


RULES: dict[int, tuple[Rule, ...]] = {
    **dict.fromkeys(map(int, BINARY), (fold_binary,)),
    int(Op.NOT): (fold_unary,),
    int(Op.NEGATE): (fold_unary,),
    int(Op.COPY): (fold_copy,),
    int(Op.MOVE): (fold_copy,),
}
