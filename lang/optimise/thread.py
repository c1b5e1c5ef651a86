"""Jump threading: a jump that leads to a jump goes where that one leads, and to a return it returns."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.optimise.instruction import MOST_COST, Instruction, is_near

ENDS = (Op.RETURN, Op.RETURN_BUILT_IN)


def thread(instructions: list[Instruction]) -> None:
    """Shorten the ways of unconditional jumps, whose targets are positions in the list."""
    for number, jump in enumerate(instructions):
        seen = {id(jump)}
        while jump.op == Op.JUMP:
            target = instructions[jump.a]
            if id(target) in seen or jump.cost + target.cost > MOST_COST:
                break
            seen.add(id(target))
            if target.op not in ENDS and (target.op != Op.JUMP or not is_near(number, target.a)):
                break
            jump.parts = jump.all_parts() + target.all_parts()
            jump.at, jump.op, jump.a, jump.live = target.at, target.op, target.a, target.live
