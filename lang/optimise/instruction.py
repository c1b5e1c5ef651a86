"""Instructions on their way from the compiler to a program."""

from __future__ import annotations

import msgspec

from lang.bytecode.ops import Op, jump_position

JUMP_FIELD = {int(op): "abc"[position] for op in Op if (position := jump_position(op)) is not None}
"""Which operand of an opcode is a jump."""
MOST_COST = 127
"""An instruction word has seven bits for its cost, since its sign tells a broken one."""


JUMP_LIMIT = 1 << 15


def is_near(number: int, target: int) -> bool:
    """Return whether a jump at one position reaches another."""
    return -JUMP_LIMIT <= target - number - 1 < JUMP_LIMIT


class Instruction(msgspec.Struct, gc=False):
    """One instruction of a function under construction.

    Attributes:
        op: the opcode. a, b, c: operands; a jump is the number of the instruction it leads to.
        at: place in the script. live: a bit for each register that holds a value just before it.
        number: its position in the plain program. parts: the places of the plain instructions that it
            stands for, in order; empty if it is one itself.
    """

    op: int
    a: int
    b: int
    c: int
    at: int
    live: int
    number: int
    parts: tuple[int, ...] = ()

    @property
    def cost(self) -> int:
        """The operations it costs: one for each plain instruction."""
        return len(self.parts) or 1

    def all_parts(self) -> tuple[int, ...]:
        """Return the places of the plain instructions that it stands for."""
        return self.parts or (self.at,)

    def follows(self, others: list[Instruction]) -> None:
        """Take over what instructions just before it stand for."""
        for other in reversed(others):
            self.parts = other.all_parts() + self.all_parts()
