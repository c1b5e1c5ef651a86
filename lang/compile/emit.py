"""Instructions under construction: code, places, jumps, registers of one function, constants."""

from __future__ import annotations

from dataclasses import dataclass, field

from lang.bytecode.ops import OPCODES, OPERAND_LIMIT, OPERAND_SHIFTS, Op, encode, jump_position
from lang.bytecode.program import ConstantPool, FunctionInfo, Handler
from lang.compile.entries import Module
from lang.errors import CompileError
from lang.layout import MOST_REGISTERS
from lang.source import Source
from lang.syntax import ast

JUMP_LIMIT = 1 << 15


@dataclass
class Output:
    """What all functions of a program share while it is compiled."""

    source: Source
    pool: ConstantPool = field(default_factory=ConstantPool)
    code: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    fault_places: dict[tuple[int, int], int] = field(default_factory=dict)
    handlers: list[Handler] = field(default_factory=list)
    infos: list[FunctionInfo | None] = field(default_factory=list)
    nodes: dict[tuple[str, int], ast.Function] = field(default_factory=dict)
    slots: list[str] = field(default_factory=list)
    modules: dict[str, Module] = field(default_factory=dict)

    def emit(self, op: Op, at: int, a: int = 0, b: int = 0, c: int = 0) -> int:
        """Append an instruction for the place `at`; returns its pc."""
        if not 0 <= a | b | c < OPERAND_LIMIT:
            raise CompileError(self.source, at, "This script has too many constants, names or functions")
        self.code.append(encode(op, a, b, c))
        self.places.append(at)
        return len(self.code) - 1

    def patch(self, pc: int, target: int | None = None) -> None:
        """Let the jump at `pc` go to `target` (default: the next instruction)."""
        if target is None:
            target = len(self.code)
        distance = target - pc - 1
        if not -JUMP_LIMIT <= distance < JUMP_LIMIT:
            raise CompileError(self.source, self.places[pc], "This part of the script is too long")
        position = jump_position(OPCODES[self.code[pc] & 0xFF])
        assert position is not None, "only jumps are patched"
        shift = OPERAND_SHIFTS[position]
        self.code[pc] = self.code[pc] & ~(0xFFFF << shift) | (distance & 0xFFFF) << shift

    def jump(self, op: Op, at: int, *operands: int) -> int:
        """Append a jump whose target is not known yet; returns its pc for `patch`."""
        return self.emit(op, at, *operands)

    def jump_to(self, at: int, target: int) -> None:
        """Append a jump to a known target."""
        self.patch(self.emit(Op.JUMP, at), target)

    @property
    def here(self) -> int:
        """The pc of the next instruction."""
        return len(self.code)


class Registers:
    """The registers of one function, taken and given back like a stack."""

    def __init__(self, first: int, source: Source) -> None:
        self.next = first
        self.most = first
        self._source = source

    def take(self, count: int = 1, at: int = 0) -> int:
        """Take `count` neighbours; returns the first."""
        first = self.next
        self.next += count
        if self.next > self.most:
            self.most = self.next
            if self.most > MOST_REGISTERS:
                raise CompileError(self._source, at, "This function needs too many variables")
        return first
