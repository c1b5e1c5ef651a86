"""Jumps that a constant decides: they always jump or never do. What nothing reaches is left out.

The costs of a jump that is left out, and of the constant it looked at, go to the next instruction.
"""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.optimise.instruction import Instruction
from lang.optimise.window import NOTHING, Rule, Window
from lang.values import Tag

MOST_CARRIED = 64
"""Operations that may wait for the next instruction."""


def decide(window: Window, instruction: Instruction) -> Instruction | None:
    """A conditional jump whose condition is a constant."""
    condition = window.constant(instruction.a)
    if condition is None:
        return None
    number, taken = condition
    tag, payload = window.pool.words[2 * number : 2 * number + 2]
    if instruction.op in (Op.JUMP_UNIT, Op.JUMP_NOT_UNIT):
        jumps = (tag == Tag.UNIT) == (instruction.op == Op.JUMP_UNIT)
    elif tag == Tag.BOOL:
        jumps = bool(payload) == (instruction.op == Op.JUMP_TRUE)
    else:
        return None
    if jumps:
        found = window.take(taken, instruction)
        if found is not None:
            found.op, found.a, found.b = Op.JUMP, found.b, 0
        return found
    if window.arrivals.get(instruction.number + 1) or instruction.cost > MOST_CARRIED:
        return None
    found = window.take(taken, instruction)
    if found is not None:
        window.arrivals[found.b] -= 1
        window.carried.append(found)
        return NOTHING
    return None


def is_jump_to_next(window: Window, number: int) -> bool:
    """Return whether the last instruction is a jump to the next one, to which no other leads."""
    last = window.previous()
    return (
        last is not None
        and last.op == Op.JUMP
        and last.a == number
        and window.arrivals[number] == 1
        and last.cost <= MOST_CARRIED
    )


JUMPS = (Op.JUMP_FALSE, Op.JUMP_TRUE, Op.JUMP_UNIT, Op.JUMP_NOT_UNIT)
RULES: dict[int, tuple[Rule, ...]] = dict.fromkeys(map(int, JUMPS), (decide,))
