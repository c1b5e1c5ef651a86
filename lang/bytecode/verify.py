"""The verifier: what must hold of a program before a machine may run it.

Kernels trust every operand, so a program that did not just come out of the compiler (a cache, another
machine) passes here first. Whatever an instruction may touch is worked out from the names of its
operands in `lang.bytecode.ops`; no opcode is listed here but the few that leave a function.

It finds damage and mistakes of the compiler, and is no proof against malice: which types the values in
registers have is not followed, and an instruction that takes one for a string may then reach anywhere. So a
program of a stranger never runs: the cache reads only what the user's own key has sealed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import NamedTuple

import numpy as np

from lang.bytecode.ahead import AHEAD, CASES_HEAD
from lang.bytecode.ops import COST_SHIFT, OPCODES, OPERAND_KINDS, OPERAND_MASK, OPERAND_SHIFTS, Op
from lang.bytecode.program import IN_SLOT, FunctionInfo, Program
from lang.bytecode.verify_constants import verify_constants
from lang.errors import VerifyError
from lang.faults import FIRST_UNCATCHABLE, Fault
from lang.layout import BUILT_IN_BIT, FUNCTION_WORDS, METHOD_WORDS, MOST_REGISTERS, UNITS
from lang.source import NO_PLACE, parts_of
from lang.values import Tag

NOT_TOUCHED = frozenset({"image", "places", "methods", "state_names", "warnings", "variables"})
"""Fields of a program that no instruction touches: what it is called, where it stands, who calls it."""
CONTEXT_CONSTANTS = 3
STATE_REGISTERS = {"iterator": (3, 0), "caller": (4, 5), "merger": (8, 4)}
"""The registers that hold a loop's state, and those of the window that it lays out."""
CAUGHT_REGISTERS = 2  # what a handler gets: the value, and the fault
LEAVING = frozenset({Op.RETURN, Op.RETURN_BUILT_IN, Op.JUMP}) | {
    op for op, ahead in AHEAD.items() if ahead.plain == Op.JUMP
}
READ = frozenset({"src", "left", "right", "container", "index", "value", "iterator"})
"""Operands that are read: their registers hold values."""
THIS = 0
READS_THIS = frozenset({Op.RETURN, Op.RETURN_BUILT_IN, Op.REF_REGISTER})
"""Instructions that take the first register for what it is: no value, unless `exit` has put one there."""
OF_PRELUDE = frozenset({Op.EACH, Op.FOLD, Op.MERGE, Op.CALL_BACK, Op.RETURN_BUILT_IN})
"""Instructions that work on registers as the prelude, and no script, fills them."""
FAULTS = frozenset(int(fault) for fault in Fault if fault < FIRST_UNCATCHABLE)


def verify(program: Program, native_count: int, trusted: Program | None = None) -> None:
    """Check a program.

    Args:
        native_count: how many natives the machine's table holds.
        trusted: the prelude that it was linked to; its functions are not looked at again.
    Raises:
        VerifyError: the program breaks a rule that the machine relies on.
    """
    strings = verify_constants(program)
    verifier = _Verifier(program, native_count, strings)
    if trusted is not None and _begins_with(program, trusted):
        verifier.known = len(trusted.infos)
    verifier.check()


def _begins_with(program: Program, other: Program) -> bool:
    """Return whether a program begins with all that the functions of another one may touch."""
    for field in fields(Program):
        whole, part = getattr(program, field.name), getattr(other, field.name)
        if field.name in NOT_TOUCHED or not isinstance(part, np.ndarray | tuple):
            continue
        head = whole[: len(part)]
        if not (np.array_equal(head, part) if isinstance(part, np.ndarray) else head == part):
            return False
    return True


class _Verifier:
    """The rules; each method raises on the first breach."""

    def __init__(self, program: Program, native_count: int, strings: frozenset[int]) -> None:
        self.program = program
        self.strings = strings
        self.held: dict[int, int] = {}  # row of the roots → a bit for each of its registers
        self.limits = {
            "constant": program.constants.size // 2,
            "name": program.constants.size // 2,
            "state": len(program.state_names),
            "function": len(program.infos),
            "native": native_count,
            "context": CONTEXT_CONSTANTS,
        }
        self.known = 0  # functions that need no look
        self.info: FunctionInfo
        self.pc = 0

    def fail(self, sentence: str) -> VerifyError:
        """Return the error that tells of a breach at the current instruction."""
        return VerifyError(f"instruction {self.pc} of '{self.info.name}': {sentence}")

    def check(self) -> None:
        """Check functions, methods, handlers and instructions."""
        program = self.program
        if program.functions.size % FUNCTION_WORDS or program.methods.size % METHOD_WORDS:
            raise VerifyError("the table of functions or that of methods ends within a row")
        if len(program.places) != program.code.size:
            raise VerifyError("every instruction has a place, or none has")
        if len(program.live) != program.code.size:
            raise VerifyError("every instruction has a row of registers that hold values")
        for pc, places in program.parts.items():
            if not 0 <= pc < program.code.size or len(places) != int(program.code[pc]) >> COST_SHIFT:
                raise VerifyError("an instruction has as many parts as it costs")
        if not 0 <= program.top_level < len(program.infos):
            raise VerifyError("the top level is no function of the program")
        self._functions()
        if self.known and any(info.built_in for info in program.infos[self.known :]):
            raise VerifyError("a function says that it is the prelude's, and is not")
        self._methods()
        self._tables()
        for info in program.infos[self.known :]:
            self.info = info
            self._instructions(info)
        self._handlers()

    def _tables(self) -> None:
        """Check what Python looks up."""
        program = self.program
        least, most = program.places.min(initial=0), program.places.max(initial=0)
        places = (least, most, *program.fault_places.values())
        if min(places) < NO_PLACE or max(places) > sum(len(part.text) for part in parts_of(program.source)):
            raise VerifyError("a place lies outside of the text")
        if not all(0 <= index < len(program.infos) for index in program.callbacks.values()):
            raise VerifyError("a callback is no function of the program")
        self.info = program.infos[program.top_level]
        for variable in program.variables:
            if variable.name not in program.slots or variable.register < IN_SLOT:
                raise VerifyError(f"the variable {variable.name} has no slot")
            self._register(variable.register)

    def _functions(self) -> None:
        rows = self.program.functions.reshape(-1, FUNCTION_WORDS).tolist()
        if len(rows) != len(self.program.infos):
            raise VerifyError("every function has a row")
        end = 0
        for row, info in sorted(zip(rows, self.program.infos, strict=True)):
            self.info = info
            parameters = len(info.parameters) | info.built_in << BUILT_IN_BIT
            if row != [info.first, 2 * info.registers, parameters, info.end]:
                raise self.fail("its row does not say what its description says")
            if info.first < end or not info.first < info.end <= self.program.code.size:
                raise self.fail("its code overlaps another's or lies outside")
            if not 1 + len(info.parameters) <= info.registers <= MOST_REGISTERS:
                raise self.fail(f"{info.registers} registers")
            if not 0 <= info.captures <= len(info.parameters):
                raise self.fail("it captures more than it has parameters")
            end = info.end

    def _methods(self) -> None:
        for name, parameters, kind, function in self.program.methods.reshape(-1, METHOD_WORDS).tolist():
            if name not in self.strings:
                raise VerifyError("a method's name is no string")
            if not 0 <= function < len(self.program.infos):
                raise VerifyError("a method is no function of the program")
            if (
                parameters & UNITS - 1 != len(self.program.infos[function].parameters)
                or not -1 <= kind <= 255
            ):
                raise VerifyError("a method's row does not say what its function says")

    def _handlers(self) -> None:
        for handler in self.program.handlers:
            self.pc = handler.first
            inside = [i for i in self.program.infos if i.first <= handler.first < i.end]
            if not inside:
                raise VerifyError(f"the handler of {handler.first} is in no function")
            self.info = inside[0]
            if not (handler.first <= handler.end <= self.info.end and self._is_inside(handler.target)):
                raise self.fail("a handler reaches out of its function")
            self._register(handler.register, CAUGHT_REGISTERS)

    def _is_inside(self, pc: int) -> bool:
        return self.info.first <= pc < self.info.end

    def _register(self, first: int, count: int = 1) -> None:
        if first + count > self.info.registers:
            raise self.fail(f"register {first + count - 1} of {self.info.registers}")

    def _roots(self, row: int) -> int:
        """Check a row of registers that hold values; returns a bit for each."""
        held = self.held.get(row)
        if held is None:
            held, words = 0, self.program.roots
            count = int(words[row]) if 0 <= row < words.size else -1
            if count < 0 or row + 2 * count >= words.size:
                raise self.fail("its registers that hold values lie outside of their table")
            for first, length in words[row + 1 : row + 1 + 2 * count].reshape(-1, 2).tolist():
                if first < held.bit_length() or not 0 < length <= MOST_REGISTERS - first:
                    raise self.fail("its registers that hold values are no rising runs")
                held |= (1 << length) - 1 << first
            self.held[row] = held
        if held.bit_length() > self.info.registers:
            raise self.fail(f"register {held.bit_length() - 1} of {self.info.registers} holds a value")
        return held

    def _instructions(self, info: FunctionInfo) -> None:
        words = self.program.code[info.first : info.end].tolist()
        rows = self.program.live[info.first : info.end].tolist()
        form = None
        for pc, (word, row) in enumerate(zip(words, rows, strict=True), info.first):
            self.pc = pc
            form = FORMS.get(word & 0xFF)
            if form is None:
                raise self.fail(f"no opcode has the number {word & 0xFF}")
            if word < 0:
                raise self.fail("its cost is out of bounds")
            held = self._roots(row)
            values = {}
            for name, shift, kind, is_read in form.operands:
                values[name] = value = word >> shift & OPERAND_MASK
                self._operand(name, kind, value)
                if is_read and not held >> value & 1:
                    raise self.fail(f"register {value} is read and holds no value")
            if values.get("jump", 0) & 0x8000 and not word >> COST_SHIFT:
                raise self.fail("a jump back that costs nothing")
            if form.has_window:
                self._windows(values)
            if form.is_of_prelude and not info.built_in:
                raise self.fail(f"{form.op.name} outside of the prelude")
            if form.op in AHEAD:
                self._followers(form.op, values)
            if not form.reads_this and any(values[name] == THIS for name in form.reads):
                raise self.fail("`this` is read as a value")
        if form is None or form.op not in LEAVING:
            raise self.fail("control runs off the end of the function")

    def _followers(self, op: Op, values: dict[str, int]) -> None:
        """Check what stands behind an instruction that looks ahead: it reads operands there."""
        for distance, allowed in enumerate(AHEAD[op].followers, 1):
            pc = self.pc + distance
            if not self._is_inside(pc) or int(self.program.code[pc]) & 0xFF not in allowed:
                raise self.fail(f"{op.name} is not followed by what it does")
        if op == Op.SWITCH_AHEAD:
            self._cases(op, values)
            return
        follower = int(self.program.code[self.pc + 1])
        if op == Op.METHOD_AHEAD:
            call = dict(_operands(Op.CALL_METHOD_OF, follower))
            called = self.program.infos[values["function"]]
            if (call["window"], call["arguments"]) != (values["window"], len(called.parameters)):
                raise self.fail("it does not call what the next instruction does")
        elif AHEAD[op].plain == Op.MOVE:
            call = dict(_operands(Op.CALL_NATIVE, follower))
            if (call["window"], call["count"]) != (values["dst"] - 1, 2 if op == Op.PUSH_AHEAD else 1):
                raise self.fail("its window is not that of the next instruction")
        elif "jump" in values and not self._is_inside(self.pc + (values["jump"] ^ 0x8000) - 0x8000):
            raise self.fail("a jump out of the function")

    def _cases(self, op: Op, values: dict[str, int]) -> None:
        """Check the table of a switch: the plain instruction, and where each case leads."""
        first = 2 * values["cases"]
        table = self.program.constants[first : first + 2 * (CASES_HEAD + values["count"])].reshape(-1, 2)
        if len(table) != CASES_HEAD + values["count"] or any(table[:, 0] != Tag.INT):
            raise self.fail("its cases are no table")
        plain = int(table[0, 1])
        if plain & 0xFF != AHEAD[op].plain or plain < 0:
            raise self.fail("its table begins with another instruction")
        for name, value in _operands(AHEAD[op].plain, plain):
            self._operand(name, OPERAND_KINDS[name], value)
        for case in table[CASES_HEAD:, 1].tolist():
            if case < 0 or not self._is_inside(self.pc + 1 + (case & 0xFFFFFFFF)):
                raise self.fail("a jump out of the function")

    def _operand(self, name: str, kind: str, value: int) -> None:
        if kind == "register":
            self._register(value)
        elif kind == "jump":
            if not self._is_inside(self.pc + 1 + (value ^ 0x8000) - 0x8000):
                raise self.fail("a jump out of the function")
        elif kind in self.limits:
            if value >= self.limits[kind]:
                raise self.fail(f"{name} {value} of {self.limits[kind]}")
            if kind == "name" and int(self.program.constants[2 * value]) != Tag.STRING:
                raise self.fail(f"constant {value} is no string")
        elif kind == "fault":
            if value not in FAULTS:
                raise self.fail(f"no fault has the number {value}")
        elif kind == "packed" and value & 0xFF:
            self._register((value >> 8) + 1, value & 0xFF)

    def _windows(self, values: dict[str, int]) -> None:
        """Check the registers that follow the one an operand names."""
        count = values.get("count", values.get("arguments", 0) & UNITS - 1)
        for name, (state, window) in STATE_REGISTERS.items():
            if name in values:
                self._register(values[name], state)
                self._register(values.get("window", 0), window)
        if "first" in values:
            self._register(values["first"], max(count, 2 * values.get("pairs", 0), 1))
        if values.get("again"):
            self._register(values["src"], CAUGHT_REGISTERS)
        if "function" in values:
            self._call(values)
        elif "native" in values:
            self._register(values["window"], 1 + count)
        elif "window" in values:
            self._register(values["window"], 2 + count)

    def _call(self, values: dict[str, int]) -> None:
        """Check a call of a known function, or the making of a closure."""
        called = self.program.infos[values["function"]]
        if "window" in values:
            self._register(values["window"], 1 + len(called.parameters))
            if called.captures:
                raise self.fail("a closure cannot be called by its number")
        else:
            self._register(values["dst"], 1 + values["count"])
            if values["count"] != called.captures:
                raise self.fail(f"a closure of {called.captures} captures gets {values['count']}")


def _operands(op: Op, word: int) -> Iterator[tuple[str, int]]:
    for name, shift in zip(op.operands, OPERAND_SHIFTS, strict=False):
        yield name, word >> shift & OPERAND_MASK


class _Operand(NamedTuple):
    name: str
    shift: int
    kind: str
    is_read: bool


class _Form(NamedTuple):
    """What is the same for all instructions of an opcode."""

    op: Op
    operands: tuple[_Operand, ...]
    reads: tuple[str, ...]
    reads_this: bool
    has_window: bool
    is_of_prelude: bool


WINDOWED = frozenset({"first", "again", "function", "native", "window", *STATE_REGISTERS})


def _form(op: Op) -> _Form:
    return _Form(
        op,
        tuple(
            _Operand(name, shift, OPERAND_KINDS[name], name in READ)
            for name, shift in zip(op.operands, OPERAND_SHIFTS, strict=False)
        ),
        reads=tuple(name for name in op.operands if name in READ),
        reads_this=op in READS_THIS,
        has_window=not WINDOWED.isdisjoint(op.operands),
        is_of_prelude=op in OF_PRELUDE,
    )


FORMS = {number: _form(op) for number, op in OPCODES.items()}
