"""The one opcode table: everything that is known about an instruction stands in its line.

An instruction word: opcode (8 bits), three operands of 16 bits each, cost in operations (8 bits).
Operand names tell their kinds (`OPERAND_KINDS`); a jump is a signed distance from the next
instruction; a `name` is a constant that is a string; `packed` is a count and, « 8, a window;
`arguments` is a count and, « 8, the unit whose functions are meant. The
high nibble is the family; kernels, disassembler and verifier read this table.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Self

OPERAND_KINDS = {
    "dst": "register",
    "src": "register",
    "left": "register",
    "right": "register",
    "container": "register",
    "index": "register",
    "value": "register",
    "window": "register",
    "first": "register",
    "iterator": "register",
    "caller": "register",
    "merger": "register",
    "literal": "constant",
    "cases": "constant",
    "constant": "name",
    "right_constant": "constant",
    "state": "state",
    "function": "function",
    "native": "native",
    "jump": "jump",
    "count": "number",
    "arguments": "arguments",
    "form": "number",
    "pairs": "number",
    "flag": "number",
    "again": "number",
    "context": "context",
    "fault": "fault",
    "packed": "packed",
}


@unique
class Op(IntEnum):
    """Opcode, operands, cost in operations, effect."""

    _value_: int
    operands: tuple[str, ...]
    cost: int
    meaning: str

    def __new__(cls, code: int, operands: str = "", cost: int = 1, meaning: str = "") -> Self:
        """Make an opcode of a line of the table."""
        op = int.__new__(cls, code)
        op._value_ = code
        op.operands = tuple(operands.split())
        op.cost = cost
        op.meaning = meaning
        return op

    # 0x0_ moves
    LOAD = 0x00, "dst literal", 1, "dst = the constant"
    MOVE = 0x01, "dst src", 1, "dst = src, the same object"
    COPY = 0x02, "dst src", 1, "dst = src; arrays, maps and blobs are copied deeply"
    GET_STATE = 0x03, "dst state", 1, "dst = a copy of the state variable"
    GET_STATE_REF = 0x04, "dst state", 1, "dst = the state variable, the same object"
    SET_STATE = 0x05, "src state flag", 1, "state variable = src; fault before its `let`, which has flag 1"
    GET_CONTEXT = 0x06, "dst context", 1, "dst = entity_id (0), delta_time (1), tick (2)"
    GET_SHARED = 0x07, "dst src", 1, "dst = src, or what the shared cell in src holds"
    SET_SHARED = 0x08, "dst src", 1, "dst = src, or the shared cell in dst = src"
    SHARE = 0x09, "dst", 1, "dst becomes a shared cell, unless it is one"
    GET_THIS = 0x0A, "dst flag", 1, "dst = what `this` refers to, the same object; flag 1 or 2: to change it"
    SET_THIS = 0x0B, "src", 1, "what `this` refers to = src"
    REF_REGISTER = 0x0C, "dst src", 1, "dst = reference to the register src"
    REF_STATE = 0x0D, "dst state", 1, "dst = reference to the state variable"
    REF_INDEX = 0x0E, "dst container index", 1, "dst = reference to an element"
    REF_PROPERTY = 0x0F, "dst container constant", 1, "dst = reference to a property"

    # 0x1_ arithmetic
    ADD = 0x10, "dst left right", 1, "dst = left + right"
    SUB = 0x11, "dst left right", 1, "dst = left - right"
    MUL = 0x12, "dst left right", 1, "dst = left * right"
    DIV = 0x13, "dst left right", 1, "dst = left / right"
    MOD = 0x14, "dst left right", 1, "dst = left % right"
    POW = 0x15, "dst left right", 1, "dst = left ** right"
    ADD_K = 0x16, "dst left right_constant", 2, "dst = left + constant"
    SUB_K = 0x17, "dst left right_constant", 2, "dst = left - constant"
    MUL_K = 0x18, "dst left right_constant", 2, "dst = left * constant"
    DIV_K = 0x19, "dst left right_constant", 2, "dst = left / constant"
    MOD_K = 0x1A, "dst left right_constant", 2, "dst = left % constant"
    ADD_TO = 0x1B, "dst left right", 1, "left += right (dst is left)"
    ADD_TO_K = 0x1C, "dst left right_constant", 2, "left += constant (dst is left)"
    NEGATE = 0x1D, "dst src", 1, "dst = -src"
    PLUS = 0x1E, "dst src", 1, "dst = +src"

    # 0x2_ bits, logic, comparison
    BIT_AND = 0x20, "dst left right", 1, "dst = left & right"
    BIT_OR = 0x21, "dst left right", 1, "dst = left | right"
    BIT_XOR = 0x22, "dst left right", 1, "dst = left ^ right"
    SHIFT_LEFT = 0x23, "dst left right", 1, "dst = left << right"
    SHIFT_RIGHT = 0x24, "dst left right", 1, "dst = left >> right"
    NOT = 0x25, "dst src", 1, "dst = !src"
    CHECK_BOOL = 0x26, "src", 1, "fault unless src is a bool"
    CONTAINS = 0x27, "dst left right", 1, "dst = left in right"
    EQ = 0x28, "dst left right", 1, "dst = left == right"
    NE = 0x29, "dst left right", 1, "dst = left != right"
    LT = 0x2A, "dst left right", 1, "dst = left < right"
    LE = 0x2B, "dst left right", 1, "dst = left <= right"
    GT = 0x2C, "dst left right", 1, "dst = left > right"
    GE = 0x2D, "dst left right", 1, "dst = left >= right"
    SAME_LITERAL = 0x2E, "dst left right", 1, "dst = a switch's subject equals a case: same type, same value"
    IN_RANGE = 0x2F, "dst left right", 1, "dst = a switch's number lies in the range"

    # 0x3_ jumps
    JUMP = 0x30, "jump", 1, "pc += jump"
    JUMP_FALSE = 0x31, "src jump", 1, "pc += jump if src is false; fault unless a bool"
    JUMP_TRUE = 0x32, "src jump", 1, "pc += jump if src is true; fault unless a bool"
    JUMP_UNIT = 0x33, "src jump", 1, "pc += jump if src is ()"
    JUMP_NOT_UNIT = 0x34, "src jump", 1, "pc += jump if src is not ()"
    JUMP_CONTAINER = 0x35, "src jump", 1, "pc += jump if src is an array, map or blob"
    JUMP_DEFINED = 0x36, "state jump", 1, "pc += jump if the state variable has a value"

    # 0x4_ fused compare and jump: to the place `jump` away unless the comparison holds
    UNLESS_EQ = 0x40, "left right jump", 2, "unless left == right: pc += jump"
    UNLESS_NE = 0x41, "left right jump", 2, "unless left != right: pc += jump"
    UNLESS_LT = 0x42, "left right jump", 2, "unless left < right: pc += jump"
    UNLESS_LE = 0x43, "left right jump", 2, "unless left <= right: pc += jump"
    UNLESS_GT = 0x44, "left right jump", 2, "unless left > right: pc += jump"
    UNLESS_GE = 0x45, "left right jump", 2, "unless left >= right: pc += jump"
    UNLESS_SAME_K = (
        0x46,
        "left right_constant jump",
        3,
        "unless left is of the constant's type and equal: pc += jump",
    )
    UNLESS_EQ_K = 0x48, "left right_constant jump", 3, "unless left == constant: pc += jump"
    UNLESS_NE_K = 0x49, "left right_constant jump", 3, "unless left != constant: pc += jump"
    UNLESS_LT_K = 0x4A, "left right_constant jump", 3, "unless left < constant: pc += jump"
    UNLESS_LE_K = 0x4B, "left right_constant jump", 3, "unless left <= constant: pc += jump"
    UNLESS_GT_K = 0x4C, "left right_constant jump", 3, "unless left > constant: pc += jump"
    UNLESS_GE_K = 0x4D, "left right_constant jump", 3, "unless left >= constant: pc += jump"

    # 0x5_ calls: a window holds this (the result later), then the arguments
    CALL = 0x50, "window function", 1, "call a script function; `this` is unbound"
    CALL_NATIVE = 0x52, "window native count", 1, "call a native with count arguments"
    CALL_ON = (
        0x53,
        "window native count",
        1,
        "as CALL_NATIVE, but a pointer of that name in a map comes first",
    )
    CALL_POINTER = 0x54, "window count", 1, "call the pointer in the window's second register, `this` unbound"
    CALL_METHOD_OF = (
        0x56,
        "window constant arguments",
        1,
        "call the method of that name for the type of `this`",
    )
    CALL_BACK = (
        0x57,
        "window count form",
        1,
        "call a callback with as many of the arguments as it takes, the form's number at least",
    )
    RETURN = 0x58, "src", 1, "leave the function with src as the result"
    RETURN_BUILT_IN = 0x59, "src", 1, "leave a function of the prelude"
    CALL_BUILT_IN = 0x5A, "window function", 1, "call a function of the prelude: no level of call depth"
    CALL_BUILT_IN_ON = (
        0x5C,
        "window function constant",
        1,
        "as CALL_BUILT_IN, but a pointer of that name in a map comes first",
    )
    CLOSURE = 0x5B, "dst function count", 1, "dst = pointer with the count captures after dst"

    # 0x6_ containers
    NEW_ARRAY = 0x60, "dst first count", 1, "dst = array of count registers"
    NEW_MAP = 0x61, "dst first pairs", 1, "dst = map of pairs of registers: key, value"
    NEW_VECTOR = 0x62, "dst first count", 1, "dst = vector of 2 or 3 numbers"
    NEW_RANGE = 0x63, "dst left right", 1, "dst = left..right"
    NEW_RANGE_INCLUSIVE = 0x64, "dst left right", 1, "dst = left..=right"
    GET_INDEX = 0x65, "dst container index", 1, "dst = a copy of container[index]"
    GET_INDEX_REF = 0x66, "dst container index", 1, "dst = container[index], the same object"
    SET_INDEX = 0x67, "container index value", 1, "container[index] = value"
    GET_PROPERTY = 0x68, "dst container constant", 1, "dst = a copy of container.name"
    GET_PROPERTY_REF = 0x69, "dst container constant", 1, "dst = container.name, the same object"
    SET_PROPERTY = 0x6A, "container constant value", 1, "container.name = value"
    JOIN = 0x6B, "dst first count", 1, "dst = the text of count registers, joined"

    # 0x7_ iteration: an iterator takes three registers
    FOR_BEGIN = 0x70, "iterator", 1, "make an iterator of the value in the register"
    FOR_NEXT = 0x71, "iterator dst jump", 1, "dst = next element and pc += jump, unless at the end"

    EACH = (
        0x72,
        "caller window jump",
        1,
        "lay out the window of a callback for the next element; pc += jump at the end",
    )
    FOLD = 0x73, "caller window jump", 1, "as EACH; what the last callback returned is the first argument"
    MERGE = (
        0x74,
        "merger window jump",
        1,
        "the same for a sort's next comparison; pc += jump when all is sorted",
    )

    # 0x8_ faults, and what makes others fail or not
    FAULT = 0x80, "fault constant packed", 1, "that fault, about the name and the window's arguments"
    THROW = 0x81, "src again", 1, "throw src; again 1: what a handler caught, its fault beside it"
    LOCK = (
        0x82,
        "src flag",
        1,
        "the next call locks the shared cell in src; flag 1: if it calls a map's pointer",
    )
    LOCK_STATE = 0x83, "state", 1, "the same of a state variable, until UNLOCK_STATE"
    UNLOCK_STATE = 0x84, "state", 1, "the state variable may be used again"
    FREEZE = 0x85, "src flag", 1, "the reference in src, if it is one, is to a constant; flag 1: if `this` is"
    REF_THIS = 0x86, "dst", 1, "dst = the reference that `this` is, or one to it"

    # 0x9_ ahead: in the place of an instruction, does the ones after it, too, if they are simple
    TO_FLOAT_AHEAD = 0x90, "dst src", 1, "MOVE, and the call of to_float"
    SQRT_AHEAD = 0x91, "dst src", 1, "MOVE, and the call of sqrt"
    ABS_AHEAD = 0x92, "dst src", 1, "MOVE, and the call of abs"
    LEN_AHEAD = 0x93, "dst src", 1, "MOVE, and the call of len"
    PUSH_AHEAD = 0x94, "dst src", 1, "MOVE, the call of push, and what writes the array back"
    METHOD_AHEAD = 0x95, "window src function", 1, "REF_REGISTER, and CALL_METHOD_OF"
    UPDATE_AHEAD = 0x96, "dst container constant", 1, "GET_PROPERTY_REF, ADD_TO or SUB, SET_PROPERTY"
    SWITCH_AHEAD = 0x97, "left cases count", 3, "UNLESS_SAME_K, and those it leads to, by a table"
    COPY_AHEAD = 0x9E, "dst src", 1, "COPY, and the MOVE of it"
    LOOP_LT = 0x98, "left right jump", 1, "JUMP, and UNLESS_LT where it leads"
    LOOP_LE = 0x99, "left right jump", 1, "JUMP, and UNLESS_LE where it leads"
    LOOP_LT_K = 0x9A, "left right_constant jump", 1, "JUMP, and UNLESS_LT_K where it leads"
    LOOP_LE_K = 0x9B, "left right_constant jump", 1, "JUMP, and UNLESS_LE_K where it leads"
    LOOP_GT_K = 0x9C, "left right_constant jump", 1, "JUMP, and UNLESS_GT_K where it leads"
    LOOP_GE_K = 0x9D, "left right_constant jump", 1, "JUMP, and UNLESS_GE_K where it leads"


OPCODES = {int(op): op for op in Op}
OPERAND_SHIFTS = (8, 24, 40)
COST_SHIFT = 56
FAMILY_SHIFT = 4
JUMPING = 4
"""The family of comparisons that jump; the comparison can fail, and the jump comes after it."""
OPERAND_MASK = 0xFFFF
OPERAND_LIMIT = 1 << 16


def encode(op: int, a: int = 0, b: int = 0, c: int = 0, cost: int | None = None) -> int:
    """Return the instruction word; jumps may be negative, all other operands are 0..65535."""
    word = int(op) | (a & OPERAND_MASK) << 8 | (b & OPERAND_MASK) << 24 | (c & OPERAND_MASK) << 40
    return word | (OPCODES[op].cost if cost is None else cost) << COST_SHIFT


def jump_position(op: Op) -> int | None:
    """Return which operand is a jump, if one is."""
    return op.operands.index("jump") if "jump" in op.operands else None
