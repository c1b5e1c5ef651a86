"""What a rule of the optimiser sees: the instructions already done, and what is known of registers.

A rule looks at the next instruction of the plain program and may take instructions just before it
away. It returns the instruction that replaces them, which stands for all of their costs and places.
"""

from __future__ import annotations

from collections.abc import Callable

from lang.bytecode.ops import Op
from lang.bytecode.program import ConstantPool
from lang.optimise.instruction import MOST_COST, Instruction
from lang.values import Tag


class Window:
    """The place in a function where the optimiser is.

    Attributes:
        done: instructions before it. floor: how many of them no rule may take, since something jumps
            behind them. after: the registers that hold a value after the next instruction.
        known: register → number of the constant that it holds for good. arrivals: target → jumps to it.
        carried: instructions that were dropped, for whose costs the next one stands.
    """

    def __init__(self, pool: ConstantPool) -> None:
        self.pool = pool
        self.done: list[Instruction] = []
        self.floor = 0
        self.after = 0
        self.known: dict[int, int] = {}
        self.known_registers = 0
        self.arrivals: dict[int, int] = {}
        self.carried: list[Instruction] = []

    def is_dropped(self, register: int) -> bool:
        """Return whether nobody reads a register after the next instruction."""
        return not self.after >> register & 1

    def previous(self, skip: int = 0) -> Instruction | None:
        """Return the last instruction but `skip`, if a rule may take it."""
        at = len(self.done) - 1 - skip
        return self.done[at] if at >= self.floor else None

    def constant(self, register: int, skip: int = 0, written: int = -1) -> tuple[int, int] | None:
        """Return (number of the constant that a register holds, instructions taken so far).

        Args:
            skip: the instructions taken for another operand; a LOAD before them counts as taken if
                nothing else needs it. written: the register that the next instruction writes.
        """
        last = self.previous(skip)
        if last is not None and last.op == Op.LOAD and last.a == register:
            return last.b, skip + (register == written or self.is_dropped(register))
        number = self.known.get(register)
        return None if number is None else (number, skip)

    def is_of(self, number: int, tags: tuple[Tag, ...]) -> bool:
        """Return whether a constant is of one of these types."""
        return self.pool.words[2 * number] in tags

    def take(self, count: int, instruction: Instruction) -> Instruction | None:
        """Let an instruction stand for the last `count`, too; None if that is too much for one."""
        if count:
            taken = self.done[-count:]
            if sum(other.cost for other in taken) + instruction.cost > MOST_COST:
                return None
            del self.done[-count:]
            for other in taken:
                if other.op == Op.LOAD:
                    instruction.live &= ~(1 << other.a)
            instruction.follows(taken)
        return instruction


NOTHING = Instruction(Op.JUMP, 0, 0, 0, 0, 0, -1)
"""What a rule returns that leaves out the next instruction; it must have been carried."""
Rule = Callable[[Window, Instruction], Instruction | None]
