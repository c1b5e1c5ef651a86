"""What a fault means: kind, message and place, worked out from the instruction that failed."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import Any

from lang.bytecode.ops import OPERAND_MASK, OPERAND_SHIFTS, Op
from lang.bytecode.program import FunctionInfo
from lang.faults import Fault
from lang.layout import ALWAYS_THIS, FRAME_BASE_SHIFT, UNITS, Kind, M
from lang.source import NO_PLACE
from lang.stdlib.text import display
from lang.values import TAG_MASK, TYPE_NAMES, USER_TAG_SHIFT, Tag
from lang.workspace import Workspace

SYMBOLS = {
    Op.ADD: "+",
    Op.ADD_K: "+",
    Op.SUB: "-",
    Op.SUB_K: "-",
    Op.MUL: "*",
    Op.MUL_K: "*",
    Op.DIV: "/",
    Op.DIV_K: "/",
    Op.MOD: "%",
    Op.MOD_K: "%",
    Op.POW: "**",
    Op.ADD_TO: "+",
    Op.ADD_TO_K: "+",
    Op.NEGATE: "-",
    Op.PLUS: "+",
    Op.NOT: "!",
    Op.BIT_AND: "&",
    Op.BIT_OR: "|",
    Op.BIT_XOR: "^",
    Op.SHIFT_LEFT: "<<",
    Op.SHIFT_RIGHT: ">>",
    Op.EQ: "==",
    Op.NE: "!=",
    Op.LT: "<",
    Op.LE: "<=",
    Op.GT: ">",
    Op.GE: ">=",
    Op.UNLESS_EQ: "==",
    Op.UNLESS_NE: "!=",
    Op.UNLESS_LT: "<",
    Op.UNLESS_LE: "<=",
    Op.UNLESS_GT: ">",
    Op.UNLESS_GE: ">=",
    Op.UNLESS_EQ_K: "==",
    Op.UNLESS_NE_K: "!=",
    Op.UNLESS_LT_K: "<",
    Op.UNLESS_LE_K: "<=",
    Op.UNLESS_GT_K: ">",
    Op.UNLESS_GE_K: ">=",
    Op.CONTAINS: "contains",
    Op.NEW_RANGE: "..",
    Op.NEW_RANGE_INCLUSIVE: "..=",
}
CALLS = (Op.CALL_NATIVE, Op.CALL_ON, Op.CALL_POINTER, Op.CALL_METHOD_OF, Op.CALL_BACK)
PROPERTIES = (Op.GET_PROPERTY, Op.GET_PROPERTY_REF, Op.UPDATE_AHEAD, Op.SET_PROPERTY, Op.REF_PROPERTY)
POINTER_CALLS = (Op.CALL_POINTER, Op.CALL_BACK)
SIDES = ("left", "right", "src", "right_constant")
_NAMES = {int(tag): name for tag, name in TYPE_NAMES.items()}


HOST_NAMES = {"range": "core::ops::range::Range<i64>", "range=": "core::ops::range::RangeInclusive<i64>"}
"""Ranges as messages about a wrong type call them."""


class Explanation:
    """Reads the failed instruction; fields of message templates are looked up when they are used."""

    def __init__(self, machine: Workspace, pc: int, fault: Fault = Fault.INTERNAL) -> None:
        self.machine = machine
        self.pc = pc
        self.fault = fault
        self.word = int(machine.program.code[pc])
        self.op = Op(self.word & 0xFF)
        self.base = machine.word(M.BASE)

    def field(self, position: int) -> int:
        """Return an operand as it stands in the instruction."""
        return self.word >> OPERAND_SHIFTS[position] & OPERAND_MASK

    def operand(self, name: str) -> Any:
        """Return the value of a named operand as a Python object."""
        return self.machine.memory.read(*self.tagged(name))

    def tagged(self, name: str) -> tuple[int, int]:
        """Return the (tag, payload) of a named operand."""
        position = self.op.operands.index(name)
        if name in ("constant", "right_constant"):
            words = self.machine.program.constants
            at = 2 * self.field(position)
        else:
            words = self.machine.registers
            at = 2 * (self.machine.word(M.BASE) + self.field(position))
        return int(words[at]), int(words[at + 1])

    def operands(self) -> list[Any]:
        """Return the values that an operator or a call works on."""
        if self.op in CALLS:
            return self.machine.memory_of_arguments(self.field(0), self.argument_count())
        return [self.operand(name) for name in self.op.operands if name in SIDES]

    def operand_types(self) -> list[str]:
        """Return the types of the values that an operator works on."""
        return [self.type_of(name) for name in self.op.operands if name in SIDES]

    def type_of(self, name: str) -> str:
        """Return the type of a named operand; its value, which may be large, is not read."""
        tag, payload = self.tagged(name)
        while tag & TAG_MASK == Tag.CELL:
            tag, payload = dereferenced(self.machine, tag, payload)
        return _NAMES.get(tag & TAG_MASK, "()")

    def argument_count(self) -> int:
        """Return how many arguments a call has."""
        if "arguments" in self.op.operands:
            return self.field(self.op.operands.index("arguments")) & (UNITS - 1)
        return self.field(self.op.operands.index("count")) if "count" in self.op.operands else 0

    def __getitem__(self, name: str) -> str:
        """Return the text of a template's field."""
        return str(getattr(self, "_" + name)())

    def _left(self) -> str:
        values = self.operands()
        if self.fault == Fault.TO_INT_OVERFLOW and isfinite(values[0]):
            return format(Decimal(repr(values[0])), "f")  # all its digits, however many
        return display(values[0]) if values else ""

    def _right(self) -> str:
        values = self.operands()
        return display(values[-1]) if values else ""

    def _asked_for(self) -> FunctionInfo | None:
        """Return the built-in that refused its arguments, if it is written in the language itself."""
        if self.fault != Fault.FUNCTION_NOT_FOUND or self.op in POINTER_CALLS:
            return None
        program = self.machine.program
        pc, depth, base = self.pc, self.machine.word(M.DEPTH), self.machine.word(M.BASE)
        found = None
        while depth > 0 and (info := program.infos[program.function_at(pc)]).built_in:
            found, self.base = info, base
            depth -= 1
            frame = int(self.machine.frames[depth])
            pc = (frame & (1 << FRAME_BASE_SHIFT) - 1) - 1
            base = (frame >> FRAME_BASE_SHIFT) // 2
        return found

    def _types(self) -> str:
        asked_for = self._asked_for()
        if asked_for is not None:
            names = self._types_from(1, len(asked_for.parameters))
        elif self.op == Op.FAULT:
            packed = self.field(2)
            names = self._types_from((packed >> 8) + 1, packed & 0xFF)
        elif self.op == Op.CALL_METHOD_OF:
            names = [
                self._types_from(self.field(0), 1)[0],
                *self._types_from(self.field(0) + 2, self.argument_count()),
            ]
        elif self.op in POINTER_CALLS:
            names = [*self._captured_types(), *self._types_from(self.field(0) + 2, self.argument_count())]
            if self.op == Op.CALL_BACK and self.field(2) == ALWAYS_THIS:
                names[:0] = self._types_from(self.field(0), 1)
        elif self.op in CALLS:
            names = self._types_from(self.field(0) + 1, self.argument_count())
        else:
            names = [argument_type(name) for name in self.operand_types()]
            if self._is_deep_equality():
                names = ["Fn", "Fn"]
            if self.op == Op.CONTAINS:  # a call of `contains` of the right
                names.reverse()
        return ", ".join(names)

    def _captured_types(self) -> list[str]:
        """Return the types of what the called pointer brings along, which stands before the arguments."""
        at = 2 * (self.base + self.field(0) + 1)
        if int(self.machine.registers[at]) & TAG_MASK != Tag.FN:
            return []
        carried = self.machine.memory.carried(int(self.machine.registers[at + 1]))
        return [_type_of(*dereferenced(self.machine, *value)) for value in carried]

    def _is_deep_equality(self) -> bool:
        """Return whether containers were compared: only pointers within them have no ``==``."""
        if SYMBOLS.get(self.op) not in ("==", "!="):
            return False
        return self.operand_types()[0] in ("array", "map")

    def _types_from(self, register: int, count: int) -> list[str]:
        """Return the types of `count` registers as messages spell them."""
        first = 2 * (self.base + register)
        names = []
        for at in range(first, first + 2 * count, 2):
            tag, _ = dereferenced(
                self.machine, int(self.machine.registers[at]), int(self.machine.registers[at + 1])
            )
            names.append(_type_of(tag))
        return names

    def _name(self) -> str:
        asked_for = self._asked_for()
        if asked_for is not None:
            return asked_for.name
        if self.op == Op.FAULT:
            return str(self.operand("constant"))
        if self.op in (Op.GET_STATE, Op.GET_STATE_REF, Op.SET_STATE, Op.REF_STATE):
            known = self.machine.program.names.get(self.pc)  # what a module exports is called so here
            return known or self.machine.program.state_names[self.field(1)]
        if self.op in PROPERTIES:
            return str(self.operand("constant"))
        if self.op in (Op.CALL_NATIVE, Op.CALL_ON):
            return self.machine.natives.entries[self.field(1)].name
        if self.op in POINTER_CALLS:
            pointer = self.machine.memory_of_arguments(self.field(0), 1)[0]
            return str(getattr(pointer, "name", pointer))
        if self.op == Op.CALL_METHOD_OF:
            return str(self.operand("constant"))
        if self._is_deep_equality():
            return "=="
        return self.machine.program.names.get(self.pc) or SYMBOLS.get(self.op, "")

    def _type(self) -> str:
        if self.op in PROPERTIES:
            return self.type_of("container")
        of_value = self.fault in (Fault.NOT_CHAR, Fault.NOT_BOOL)
        if self.op in (Op.GET_INDEX, Op.GET_INDEX_REF, Op.SET_INDEX, Op.REF_INDEX) and not of_value:
            index = self.type_of("index")
            return HOST_NAMES.get(index, index)
        try:
            name = TYPE_NAMES[Tag(self.machine.word(M.DETAIL) & TAG_MASK)]
        except (KeyError, ValueError):
            return "?"
        return HOST_NAMES.get(name, name)

    def _indexed(self) -> str:
        """Return the types of a container and an index that do not go together."""
        return f"{self.type_of('container')} [{self.type_of('index')}]"

    def _value(self) -> str:
        """Return the type of a value that was to be written."""
        return self.type_of("value")

    def _index(self) -> str:
        return str(self.machine.word(M.DETAIL))

    def _length(self) -> str:
        length = self.machine.word(M.DETAIL2)
        if self.op in (Op.GET_INDEX, Op.GET_INDEX_REF, Op.SET_INDEX, Op.REF_INDEX):
            what = "characters in string" if self.type_of("container") == "string" else "elements in array"
        else:
            what = "elements in array"
        if length == 0:
            return "array is empty" if "array" in what else "string is empty"
        noun = what if length > 1 else what.replace("elements", "element").replace("characters", "character")
        return f"only {length} {noun}"

    def _text(self) -> str:
        if self.op == Op.THROW:
            value = self.operand("src")
            return display(value)
        if self.fault == Fault.REFUSED:
            detail, value = self.machine.word(M.DETAIL), self.machine.word(M.DETAIL2)
            name = self._name()
            return f"{name}: {self.machine.refusal(name, detail, value, self.operands())}"
        return self.machine.host_message


def explain(machine: Workspace, fault: Fault, pc: int) -> str:
    """Return the message of a fault of the instruction at `pc`."""
    return fault.message.format_map(_Fields(Explanation(machine, pc, fault)))


class _Fields(dict[str, str]):
    def __init__(self, explanation: Explanation) -> None:
        super().__init__()
        self._explanation = explanation

    def __missing__(self, name: str) -> str:
        return self._explanation[name]


def call_stack(machine: Workspace, pc: int) -> tuple[tuple[str, int], ...]:
    """Return (function, place of its call), innermost first, without the prelude's functions."""
    program = machine.program
    stack: list[tuple[str, int]] = []
    at = pc
    for depth in range(machine.word(M.DEPTH) - 1, -1, -1):
        info = program.infos[program.function_at(at)]
        at = (int(machine.frames[depth]) & (1 << FRAME_BASE_SHIFT) - 1) - 1
        if not info.built_in:
            stack.append((info.name, int(program.places[at])))
    return tuple(stack)


def _type_of(tag: int, _payload: int = 0) -> str:
    try:
        return argument_type(TYPE_NAMES[Tag(tag & TAG_MASK)])
    except (KeyError, ValueError):
        return "?"


def argument_type(name: str) -> str:
    """Return a type as messages about missing functions spell it."""
    return "&str | ImmutableString | String" if name == "string" else name


def dereferenced(machine: Workspace, tag: int, payload: int) -> tuple[int, int]:
    """Return the value that a reference stands for; other values stand for themselves."""
    heap = machine.memory.heap
    while tag & TAG_MASK == Tag.REF_REGISTER:
        tag, payload = (int(word) for word in machine.registers[2 * payload : 2 * payload + 2])
    kind = tag & TAG_MASK
    if kind == Tag.REF_STATE:
        return int(heap[2 * payload]), int(heap[2 * payload + 1])
    if kind == Tag.CELL:
        return int(heap[payload + 1]), int(heap[payload + 2])
    if kind == Tag.REF_ELEMENT:
        index = tag >> USER_TAG_SHIFT
        is_map = heap[payload] & 0xFF == Kind.MAP
        at = int(heap[payload + 2]) + 1 + (3 * index + 1 if is_map else 2 * index)
        return int(heap[at]), int(heap[at + 1])
    return tag, payload


OPERATORS = frozenset(
    {
        *(Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.MOD, Op.POW),
        *(Op.ADD_K, Op.SUB_K, Op.MUL_K, Op.DIV_K, Op.MOD_K),
    }
)


def has_place(machine: Workspace, fault: Fault, pc: int) -> bool:
    """Return whether scripts see a place: arithmetic faults of operators have none, unless they assign."""
    if fault == Fault.DATA_RACE:
        return False
    op = int(machine.program.code[pc]) & 0xFF
    return op not in OPERATORS or fault.kind != "ErrorArithmetic" or pc in machine.program.assignments


def fields(machine: Workspace, fault: Fault, pc: int) -> dict[str, Any]:
    """Return what the map of a caught fault holds beside error, message and place."""
    lookup = Explanation(machine, pc)
    message = explain(machine, fault, pc)
    detail = message.partition(": ")[2]
    match fault.kind:
        case "ErrorArrayBounds" | "ErrorStringBounds":
            return {"index": machine.word(M.DETAIL), "length": machine.word(M.DETAIL2)}
        case "ErrorBitFieldBounds":
            return {"index": machine.word(M.DETAIL), "length": 64}
        case "ErrorVariableNotFound":
            return {"variable": lookup["name"]}
        case "ErrorFunctionNotFound":
            return {"function": detail}
        case "ErrorMismatchDataType":
            actual, _, requested = detail.rpartition(": ")[2].partition(" (expecting ")
            return {"actual": actual, "requested": requested.removesuffix(")")}
        case "ErrorDotExpr":
            return {"property": message}
        case "ErrorIndexingType":
            return {"type": detail}
        case "ErrorAssignmentToConstant":
            return {"variable": lookup["name"]}
        case "ErrorNonPureMethodCallOnConstant":
            return {"function": lookup["name"]}
    return {}


def fault_place(machine: Workspace, fault: Fault, pc: int) -> int:
    """Return the place of a fault in the running frame: that of its instruction or of a part of it."""
    found = machine.program.fault_places.get((pc, int(fault)))
    if fault == Fault.TOO_MANY_OPERATIONS and pc in machine.program.parts:
        return machine.program.parts[pc][machine.word(M.DETAIL)]
    return place(machine, pc) if found is None else found


def place(machine: Workspace, pc: int, depth: int | None = None) -> int:
    """Return the place of a fault or call in the frame at a depth; one in the prelude is that of its call."""
    program = machine.program
    if depth is None:
        depth = machine.word(M.DEPTH)
    while int(program.places[pc]) == NO_PLACE and depth > 0:
        depth -= 1
        pc = (int(machine.frames[depth]) & (1 << FRAME_BASE_SHIFT) - 1) - 1
    return int(program.places[pc])
