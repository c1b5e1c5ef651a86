"""Instructions under construction: those of one function, and the program that they become part of.

The compiler emits plain instructions. Each notes which registers hold a value just before it: those
that were taken and written since, on every way that leads there. The optimiser reads from it what a
register is good for, and the collector finds its roots by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lang.bytecode.ops import COST_SHIFT, OPERAND_LIMIT, OPERAND_MASK, OPERAND_SHIFTS, Op
from lang.bytecode.program import ConstantPool, FunctionInfo, Handler, RootTable, TopVariable
from lang.compile.entries import Module
from lang.errors import CompileError
from lang.layout import MOST_REGISTERS
from lang.optimise.instruction import JUMP_FIELD, Instruction, is_near
from lang.optimise.optimise import LEAVING, Listing, optimise
from lang.optimise.passes import Pass
from lang.source import Source
from lang.syntax import ast

EVERYTHING = -1
"""Registers that hold a value where nothing leads: any."""
RESULT, WINDOW, STATE, LEAVES = 1, 2, 3, 4
STATES = {Op.FOR_BEGIN: (3, 0), Op.EACH: (4, 4), Op.FOLD: (3, 5), Op.MERGE: (8, 4)}
"""Instructions that write registers from their first operand on, and from their second: how many."""
EFFECTS: dict[int, int] = {
    **{int(op): RESULT for op in Op if op.operands[:1] == ("dst",)},
    **{int(op): WINDOW for op in Op if op.operands[:1] == ("window",)},
    int(Op.CALL_NATIVE): RESULT,
    int(Op.CALL_ON): RESULT,
    **dict.fromkeys(map(int, STATES), STATE),
    **dict.fromkeys(map(int, LEAVING), LEAVES),
}
"""What an instruction does to the registers that hold values."""


class Registers:
    """The registers of one function, taken and given back like a stack.

    Attributes:
        next: the first that is free. most: how many the function needs. live: a bit for each that holds
            a value; those from `next` on do not count.
    """

    def __init__(self, first: int, source: Source) -> None:
        self.next = first
        self.most = first
        self.live = (1 << first) - 1
        self._source = source

    def take(self, count: int = 1, at: int = 0) -> int:
        """Take `count` neighbours; returns the first."""
        first = self.next
        self.live &= (1 << first) - 1
        self.next += count
        if self.next > self.most:
            self.most = self.next
            if self.most > MOST_REGISTERS:
                raise CompileError(self._source, at, "This function needs too many variables")
        return first


@dataclass
class Output:
    """What all functions of a program share while it is compiled, and what is finished."""

    source: Source
    passes: frozenset[Pass]
    pool: ConstantPool = field(default_factory=ConstantPool)
    code: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    live: list[int] = field(default_factory=list)
    roots: RootTable = field(default_factory=RootTable)
    names: dict[int, str] = field(default_factory=dict)
    fault_places: dict[tuple[int, int], int] = field(default_factory=dict)
    parts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    assignments: set[int] = field(default_factory=set)
    handlers: list[Handler] = field(default_factory=list)
    infos: list[FunctionInfo | None] = field(default_factory=list)
    variables: list[TopVariable] = field(default_factory=list)
    nodes: dict[tuple[str, int], ast.Function] = field(default_factory=dict)
    slots: list[str] = field(default_factory=list)
    modules: dict[str, Module] = field(default_factory=dict)
    options: Any = None
    sites: list[Any] = field(default_factory=list)
    evaluated: dict[Any, int] = field(default_factory=dict)

    def add(self, code: Code) -> tuple[int, int]:
        """Append a finished function, optimised; returns its first instruction and the one after it."""
        first = len(self.code)
        listing = Listing(code.instructions, code.handlers, code.fixed)
        instructions, moved = optimise(listing, self.pool, self.passes)
        numbers: dict[int, int] = {}
        for number, instruction in enumerate(instructions, first):
            numbers[instruction.number] = number
            self._append(instruction, number - first)
        for number, name in code.names.items():
            if number in numbers:
                self.names[numbers[number]] = name
        for (number, fault), place in code.fault_places.items():
            if number in numbers:
                self.fault_places[numbers[number], fault] = place
        self.assignments.update(numbers[number] for number in code.assignments if number in numbers)
        for handler in code.handlers:
            start, end, target = (first + moved[at] for at in handler[:3])
            self.handlers.append(Handler(start, end, target, handler.register))
        self.variables += [item._replace(first=first + moved[item.first]) for item in code.variables]
        return first, len(self.code)

    def _append(self, instruction: Instruction, number: int) -> None:
        """Append the word of an instruction that stands at `number` of its function."""
        jump = JUMP_FIELD.get(instruction.op)
        if jump is not None:
            distance = getattr(instruction, jump) - number - 1
            setattr(instruction, jump, distance & OPERAND_MASK)
        parts = instruction.parts
        if parts and any(at != instruction.at for at in parts):
            self.parts[len(self.code)] = parts
        first, second, third = OPERAND_SHIFTS
        operands = instruction.a << first | instruction.b << second | instruction.c << third
        self.code.append(instruction.op | operands | (len(parts) or 1) << COST_SHIFT)
        self.places.append(instruction.at)
        self.live.append(self.roots.row(instruction.live))


class Code:
    """The instructions of one function.

    Attributes:
        instructions: in order; the operand of a jump is the number of the instruction that it leads to.
        names: number → name of what is called there. fault_places: (number, fault) → place, where it is
            not the place of the instruction. handlers: its `try` statements.
        variables: those of a scope. assignments: operators that assign what they make.
        fixed: number → register that does not change any more from there on, while it is live.
    """

    def __init__(self, output: Output, parameters: int, *, this: bool = True) -> None:
        self._output = output
        self.pool = output.pool
        self.infos = output.infos
        self.registers = Registers(1 + parameters, output.source)
        if not this:  # what the caller has left there
            self.registers.live &= ~1
        self.instructions: list[Instruction] = []
        self.names: dict[int, str] = {}
        self.fault_places: dict[tuple[int, int], int] = {}
        self.handlers: list[Handler] = []
        self.variables: list[TopVariable] = []
        self.assignments: set[int] = set()
        self.fixed: dict[int, int] = {}
        self._live_at: dict[int, int] = {}

    @property
    def source(self) -> Source:
        """The text that places lie in; it grows with every file that is imported."""
        return self._output.source

    def emit(self, op: Op, at: int, a: int = 0, b: int = 0, c: int = 0) -> int:
        """Append an instruction for the place `at`; returns its number."""
        if not 0 <= a | b | c < OPERAND_LIMIT:
            raise CompileError(self.source, at, "This script has too many constants, names or functions")
        registers = self.registers
        number = len(self.instructions)
        live = self.holding
        self.instructions.append(Instruction(op, a, b, c, at, live, number))
        effect = EFFECTS.get(op)
        if effect is RESULT:
            registers.live = live | 1 << a
        elif effect is WINDOW:  # the called function has used the registers behind its result
            registers.live = live & (1 << a) - 1 | 1 << a
        elif effect is STATE:
            state, window = STATES[op]
            registers.live = live | (1 << state) - 1 << a | (1 << window) - 1 << b
        elif effect is LEAVES:
            registers.live = EVERYTHING
        return number

    def wrote(self, register: int, count: int = 1) -> None:
        """Note that registers hold values from here on that no instruction before has written."""
        self.registers.live |= (1 << count) - 1 << register

    def jump(self, op: Op, at: int, *operands: int) -> int:
        """Append a jump whose target is not known yet; returns its number for `patch`."""
        number = self.emit(op, at, *operands)
        self._live_at[number] = self.instructions[number].live
        return number

    def patch(self, number: int, target: int | None = None) -> None:
        """Let a jump go to `target` (default: the next instruction)."""
        instruction = self.instructions[number]
        live = self._live_at.pop(number, EVERYTHING)
        if target is None:
            target = len(self.instructions)
            self.registers.live &= live
        if not is_near(number, target):  # told of the plain program, so that it does not hang on the passes
            raise CompileError(self.source, instruction.at, "This part of the script is too long")
        setattr(instruction, JUMP_FIELD[instruction.op], target)

    @property
    def holding(self) -> int:
        """A bit for each register that holds a value now."""
        return self.registers.live & (1 << self.registers.next) - 1

    def goes_on(self, holding: int) -> None:
        """Let what follows be reached in a way on which these registers hold a value."""
        self.registers.live &= holding

    def jump_to(self, at: int, target: int) -> None:
        """Append a jump to a known target."""
        self.patch(self.emit(Op.JUMP, at), target)

    @property
    def here(self) -> int:
        """The number of the next instruction."""
        return len(self.instructions)
