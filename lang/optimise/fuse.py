"""Fusing: several instructions become one that does the work of all.

The rules of an instruction are tried whenever it comes next; the one that fits takes what stands just
before it. A fused instruction must keep to the order of what it replaces. Of its parts only the last may
fail, or, in the family of `lang.bytecode.ops.JUMPING`, the one before the jump: `Machine.serve` gives the
cost of that jump back.
"""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.optimise.instruction import MOST_COST, Instruction
from lang.optimise.window import Rule, Window
from lang.values import Tag

WITH_CONSTANT = {
    Op.ADD: Op.ADD_K,
    Op.SUB: Op.SUB_K,
    Op.MUL: Op.MUL_K,
    Op.DIV: Op.DIV_K,
    Op.MOD: Op.MOD_K,
    Op.ADD_TO: Op.ADD_TO_K,
}
"""An operation, and the one whose right operand is a constant."""
UNLESS = {
    Op.EQ: Op.UNLESS_EQ,
    Op.NE: Op.UNLESS_NE,
    Op.LT: Op.UNLESS_LT,
    Op.LE: Op.UNLESS_LE,
    Op.GT: Op.UNLESS_GT,
    Op.GE: Op.UNLESS_GE,
}
"""A comparison, and the jump that is taken unless it holds."""
UNLESS_CONSTANT = {
    Op.UNLESS_EQ: Op.UNLESS_EQ_K,
    Op.UNLESS_NE: Op.UNLESS_NE_K,
    Op.UNLESS_LT: Op.UNLESS_LT_K,
    Op.UNLESS_LE: Op.UNLESS_LE_K,
    Op.UNLESS_GT: Op.UNLESS_GT_K,
    Op.UNLESS_GE: Op.UNLESS_GE_K,
}

NUMBERS = (Tag.INT, Tag.FLOAT)
LITERALS = (*NUMBERS, Tag.UNIT, Tag.BOOL, Tag.CHAR, Tag.STRING)


def with_constant(window: Window, instruction: Instruction) -> Instruction | None:
    """``x + 1``: the right operand is part of the instruction."""
    right = window.constant(instruction.c, 0, instruction.a)
    if right is None or right[1] == 0 or instruction.c == instruction.b:
        return None
    if not window.is_of(right[0], NUMBERS):
        return None
    found = window.take(right[1], instruction)
    if found is not None:
        found.op, found.c = WITH_CONSTANT[Op(found.op)], right[0]
    return found


def unless_constant(window: Window, instruction: Instruction) -> Instruction | None:
    """``if x < 1``: the right operand is part of the jump."""
    right = window.constant(instruction.b)
    if right is None or right[1] == 0 or not window.is_of(right[0], LITERALS):
        return None
    found = window.take(right[1], instruction)
    if found is not None:
        found.op, found.b = UNLESS_CONSTANT[Op(found.op)], right[0]
    return found


def compare_and_jump(window: Window, jump: Instruction) -> Instruction | None:
    """``if x < y``: the comparison jumps."""
    comparison = window.previous()
    if comparison is None or comparison.a != jump.a or not window.is_dropped(jump.a):
        return None
    if jump.cost != 1 or comparison.cost == MOST_COST:
        return None
    if comparison.op in UNLESS:
        window.done.pop()
        comparison.op, comparison.a, comparison.b = UNLESS[Op(comparison.op)], comparison.b, comparison.c
    elif comparison.op == Op.SAME_LITERAL:
        window.done.pop()
        case = window.constant(comparison.c)
        is_literal = case is not None and case[1] == 1 and window.is_of(case[0], LITERALS)
        if case is None or not is_literal or window.take(case[1], comparison) is None:
            window.done.append(comparison)
            return None
        comparison.op, comparison.a, comparison.b = Op.UNLESS_SAME_K, comparison.b, case[0]
    else:
        return None
    comparison.c = jump.b
    comparison.parts = comparison.all_parts() + jump.all_parts()
    return comparison


RULES: dict[int, tuple[Rule, ...]] = {
    **dict.fromkeys(map(int, WITH_CONSTANT), (with_constant,)),
    **dict.fromkeys(map(int, UNLESS_CONSTANT), (unless_constant,)),
    int(Op.JUMP_FALSE): (compare_and_jump,),
}
