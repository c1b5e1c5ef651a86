"""Looking ahead: an instruction is exchanged for one that does the next ones, too, where they are simple.

Nothing moves: the instructions behind it stay, for the times that they are not simple, and so do all
jumps and places. `lang.bytecode.ahead` says what stands behind which. It is the last pass: others may
change the costs of instructions, and the loop takes those behind it to cost what the table says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lang.bytecode.ahead import NATIVE_CALLS, UPDATES
from lang.bytecode.ops import COST_SHIFT, OPCODES, OPERAND_LIMIT, OPERAND_MASK, OPERAND_SHIFTS, Op, encode
from lang.bytecode.program import ConstantPool
from lang.values import Tag

OPCODE = 0xFF

TESTS = {
    Op.UNLESS_LT: (Op.LOOP_LT, False),
    Op.UNLESS_LE: (Op.LOOP_LE, False),
    Op.UNLESS_GT: (Op.LOOP_LT, True),
    Op.UNLESS_GE: (Op.LOOP_LE, True),
    Op.UNLESS_LT_K: (Op.LOOP_LT_K, False),
    Op.UNLESS_LE_K: (Op.LOOP_LE_K, False),
    Op.UNLESS_GT_K: (Op.LOOP_GT_K, False),
    Op.UNLESS_GE_K: (Op.LOOP_GE_K, False),
}
"""A test at the top of a loop: what the jump back becomes, and whether its operands change sides."""


FEWEST_CASES = 3
MOST_CASES = 256
SPARSE = 4  # entries that a table may have for each case


class Known(NamedTuple):
    """What the pass knows of the program.

    Attributes:
        pool: its constants, to which the tables of switches are added.
        natives: number of a native → the instruction that looks ahead to its call.
        methods: (name, number of arguments) → the one function of the script that it can mean; the name is
            the number of a constant.
    """

    pool: ConstantPool
    natives: dict[int, Op]
    methods: dict[tuple[int, int], int]


Rule = Callable[["Listing", int], int | None]


class _Word(NamedTuple):
    op: Op
    a: int
    b: int
    c: int


class Listing(NamedTuple):
    """Code under construction, and what is known of its program; `chained`: tests that a table leads past."""

    code: list[int]
    known: Known
    chained: set[int]

    def read(self, pc: int) -> _Word | None:
        """Return an instruction if there is one that costs what the table says."""
        if not 0 <= pc < len(self.code):
            return None
        word = self.code[pc]
        op = OPCODES[word & OPCODE]
        if word >> COST_SHIFT != op.cost:
            return None
        return _Word(op, *(word >> shift & OPERAND_MASK for shift in OPERAND_SHIFTS))


def look_ahead(code: list[int], first: int, known: Known) -> None:
    """Exchange instructions of the code from `first` on."""
    listing = Listing(code, known, set())
    for pc in range(first, len(code)):
        rule = RULES.get(code[pc] & OPCODE)
        found = rule(listing, pc) if rule is not None else None
        if found is not None:
            code[pc] = found


def native_call(listing: Listing, pc: int) -> int | None:
    """``x.to_float()`` of a variable: MOVE, then the call. ``a.push(x)``: what writes `a` back, too."""
    move, call = listing.read(pc), listing.read(pc + 1)
    if move is None or call is None or call.op not in NATIVE_CALLS or call.a != move.a - 1:
        return None
    op = listing.known.natives.get(call.b)
    if op is None or call.c != (2 if op == Op.PUSH_AHEAD else 1):
        return None
    if op == Op.PUSH_AHEAD:
        test, back = listing.read(pc + 2), listing.read(pc + 3)
        if test is None or test.a not in (move.a, move.b) or test != (Op.JUMP_CONTAINER, test.a, 1, 0):
            return None
        if back != (Op.MOVE, move.b, move.a, 0):
            return None
    return encode(op, move.a, move.b)


def method_call(listing: Listing, pc: int) -> int | None:
    """``x.f(…)`` of a variable, where the script has one function that this can mean.

    What an earlier script meant by it may have changed since then.
    """
    reference, call = listing.read(pc), listing.read(pc + 1)
    if reference is None or call is None:
        return None
    if call.op != Op.CALL_METHOD_OF or call.a != reference.a:
        return None
    function = listing.known.methods.get((call.b, call.c))
    if function is None:
        return encode(Op.REF_REGISTER, reference.a, reference.b)
    return encode(Op.METHOD_AHEAD, reference.a, reference.b, function)


def update(listing: Listing, pc: int) -> int | None:
    """``m.x += y`` and ``m.x -= y``."""
    get, operation, put = listing.read(pc), listing.read(pc + 1), listing.read(pc + 2)
    if get is None or operation is None or operation.op not in UPDATES:
        return None
    if (operation.a, operation.b) != (get.a, get.a) or operation.c == get.a:
        return None
    if put != (Op.SET_PROPERTY, get.b, get.c, get.a):
        return None
    return encode(Op.UPDATE_AHEAD, get.a, get.b, get.c)


def copy(listing: Listing, pc: int) -> int | None:
    """``x = y``: a copy, which moves into the variable."""
    first, move = listing.read(pc), listing.read(pc + 1)
    if first is None or move is None or move.op != Op.MOVE or move.b != first.a:
        return None
    if native_call(listing, pc + 1) is not None:
        return None
    return encode(Op.COPY_AHEAD, first.a, first.b)


def jump_back(listing: Listing, pc: int) -> int | None:
    """The end of a loop that begins with a test."""
    jump = listing.read(pc)
    if jump is None:
        return None
    distance = (jump.a ^ 0x8000) - 0x8000
    test = listing.read(pc + 1 + distance)
    if test is None or test.op not in TESTS or distance >= 0:
        return None
    op, changes_sides = TESTS[test.op]
    left, right = (test.b, test.a) if changes_sides else (test.a, test.b)
    return encode(op, left, right, distance + 1)


def switch(listing: Listing, pc: int) -> int | None:
    """``switch x { 1 => …, 2 => …, … }``: the first test of some for ints becomes a look into a table."""
    if pc in listing.chained:
        return None
    first = listing.read(pc)
    values: list[int] = []
    at, test = pc, first
    while test is not None and first is not None and test.op == Op.UNLESS_SAME_K and test.a == first.a:
        tag, payload = listing.known.pool.words[2 * test.b : 2 * test.b + 2]
        if tag != Tag.INT:
            break
        values.append(payload)
        listing.chained.add(at)
        at = _target(at, test.c)
        test = listing.read(at)
    if first is None or len(set(values)) < FEWEST_CASES:
        return None
    low, count = min(values), max(values) - min(values) + 1
    if count > min(SPARSE * len(values), MOST_CASES) or len(listing.known.pool.words) > OPERAND_LIMIT:
        return None
    cases = [_case(listing, pc, low + index) for index in range(count)]
    table = listing.known.pool.table([listing.code[pc], low, *cases])
    return encode(Op.SWITCH_AHEAD, first.a, table, count)


def _target(pc: int, distance: int) -> int:
    return pc + 1 + (distance ^ 0x8000) - 0x8000


def _case(listing: Listing, pc: int, value: int) -> int:
    """Return the entry of a value: what the tests for it cost after the first, and where they lead."""
    cost, at = 0, pc
    while (test := listing.read(at)) is not None and at in listing.chained:
        cost += Op.UNLESS_SAME_K.cost
        if listing.known.pool.words[2 * test.b + 1] == value:
            at += 1
            break
        at = _target(at, test.c)
    return cost - Op.UNLESS_SAME_K.cost << 32 | at - pc - 1


RULES: dict[int, Rule] = {
    Op.UNLESS_SAME_K: switch,
    Op.MOVE: native_call,
    Op.COPY: copy,
    Op.REF_REGISTER: method_call,
    Op.METHOD_AHEAD: method_call,
    Op.GET_PROPERTY_REF: update,
    Op.JUMP: jump_back,
}
