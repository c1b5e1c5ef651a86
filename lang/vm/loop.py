"""The interpreter loop: the hot opcodes, inline; everything else goes to the opcode's kernel.

A case that can finish its instruction ends in `continue`. What falls out of the chain (another type,
an overflow, a rare opcode) is done by `kernels[op]`, a native of the opcode's family, called by
its address. So the loop compiles without knowing any of them. Operands are unsigned, because
a signed index costs a test for negative ones.
"""

from __future__ import annotations

import math

import numpy as np

from lang.bytecode.ops import Op
from lang.jit import (
    I64,
    add_overflows,
    bits_float,
    call_at,
    float_bits,
    kernel,
    mul_overflows,
    sub_overflows,
    unsigned_at,
    words_at,
    words_in,
    wrapping_add,
    wrapping_mul,
)
from lang.layout import (
    ALWAYS_THIS,
    CONTAINER_WORDS,
    ENTRY_WORDS,
    FUNCTION_WORDS,
    LEAST_MASK,
    MACHINE_WORDS,
    STRING_HEAD_WORDS,
    WITHOUT_THIS,
    Kind,
    M,
    Status,
)
from lang.values import LAST_CONTAINER, READ_ONLY, TAG_MASK, USER_TAG_SHIFT, Tag
from lang.vm.collect import make_room
from lang.vm.keeping import keep, may_write

U7, U23, U39 = np.uint64(7), np.uint64(23), np.uint64(39)
U8, U24 = np.uint64(8), np.uint64(24)
U40, U56 = np.uint64(40), np.uint64(56)
BYTE, OPERAND = np.uint64(0xFF), np.uint64(0xFFFF)
TWICE = np.uint64(0x1FFFE)  # an operand, doubled by a shift that is one shorter
ZERO, ONE, TWO, THREE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3)
FOUR, FIVE, SIX, SEVEN = np.uint64(4), np.uint64(5), np.uint64(6), np.uint64(7)
EIGHT, TEN = np.uint64(8), np.uint64(10)
MOST_MOVED = 3  # arguments that a call moves in the loop
MOST_CAPTURES = 2
MOST_RETRIES = 250  # of one instruction, unpaid: copies of containers ask for one after the other
MANY = 1_000
ODD = -0x61C8864680B583EB  # the golden ratio in 64 bits
UNPAID_BYTES = 64
SUB = np.uint64(Op.SUB)
MOST_NEGATIVE = -(2**63)
LARGEST = 2**63 - 1
FUNCTION = np.uint64(FUNCTION_WORDS)
LAST_IMMUTABLE = Tag.FN
CLEAR_GAP = 4.5e-16  # twice the epsilon of `lang.heap.equality`
LINEAR_SEARCH = 16  # entries; larger maps are searched by halving, in a kernel


@kernel
def jump_a(word: np.uint64) -> np.int64:
    """Return how many bytes a jump by the first operand goes."""
    return 8 * (np.int64(word << U40) >> 48)


@kernel
def jump_b(word: np.uint64) -> np.int64:
    """Return how many bytes a jump by the second operand goes."""
    return 8 * (np.int64(word << U24) >> 48)


@kernel
def jump_c(word: np.uint64) -> np.int64:
    """Return how many bytes a jump by the third operand goes."""
    return 8 * (np.int64(word << U8) >> 48)


@kernel
def float_side(x: float, y: float) -> int:
    """Return -1 or 1 as x is clearly below or above y; 0 where the relative epsilon may decide."""
    gap = CLEAR_GAP * (1.0 + abs(x) + abs(y))
    if y - x > gap:
        return -1
    if x - y > gap:
        return 1
    return 0


@kernel
def owns_nothing(tag: int) -> bool:
    """Return whether a captured value is no array, map or blob, which a call would copy."""
    return tag <= LAST_IMMUTABLE or tag == Tag.CELL


@kernel
def copy_value(to: I64, to_at: np.uint64, source: I64, source_at: np.uint64) -> None:
    """Copy a tag word and a payload."""
    to[to_at] = source[source_at]
    to[to_at + ONE] = source[source_at + ONE]


@kernel
def shift_down(r: I64, window: np.uint64, count: np.int64) -> None:
    """Move up to MOST_MOVED arguments of a window from its third register on to the second."""
    if count > 0:
        copy_value(r, window + TWO, r, window + FOUR)
    if count > 1:
        copy_value(r, window + FOUR, r, window + SIX)
    if count > 2:
        copy_value(r, window + SIX, r, window + EIGHT)


@kernel
def are_others(pool: int, text: int, constant: int) -> bool:
    """Return whether two references to strings, which differ, are surely to different texts.

    Constants are stored once. Comparing a longer one would cost operations (`lang.heap.alloc.pay`).
    """
    if text >= 0:
        return False
    return words_at(pool + 8 * ~constant, STRING_HEAD_WORDS)[1] & 0xFFFFFFFF < UNPAID_BYTES


@kernel
def lacks_key(heap: int, container: int, key: int) -> bool:
    """Return whether a small map that has constant keys only does not have the constant `key`."""
    head = words_at(heap + 8 * container, CONTAINER_WORDS)
    if head[1] > LINEAR_SEARCH:
        return False
    entries = words_at(heap + 8 * head[2], 1 + ENTRY_WORDS * head[1])
    for i in range(head[1]):
        other = entries[1 + ENTRY_WORDS * i]
        if other == key or other >= 0:
            return False
    return True


@kernel
def execute(machine: int) -> int:
    """Run from PC until the entry frame returns or something needs the caller; returns a status."""
    m = words_at(machine, MACHINE_WORDS)
    window = m[M.REGISTERS] + 16 * m[M.BASE]  # the address of the running function's registers
    constants = words_in(m, M.CONSTANTS)
    heap = words_in(m, M.HEAP)
    pc = m[M.CODE] + 8 * m[M.PC]  # the address of the next instruction
    fuel = m[M.FUEL]
    while True:
        r = words_at(window, m[M.REGISTER_WORDS])
        word = unsigned_at(pc, 1)[ZERO]
        pc += 8
        fuel -= np.int64(word >> U56)
        if fuel < 0:
            m[M.PC] = (pc - 8 - m[M.CODE]) >> 3
            m[M.BASE] = (window - m[M.REGISTERS]) >> 4
            m[M.FUEL] = fuel + np.int64(word >> U56)
            return Status.SLICE
        op = np.int64(word & BYTE)
        a = (word >> U7) & TWICE
        b = (word >> U23) & TWICE
        c = (word >> U39) & TWICE
        if op == Op.LOAD:
            r[a] = constants[b]
            r[a + ONE] = constants[b + ONE]
            continue
        elif op == Op.MOVE:
            r[a] = r[b]
            r[a + ONE] = r[b + ONE]
            continue
        elif op == Op.COPY:
            tag = r[b]
            if tag <= LAST_IMMUTABLE:
                r[a] = tag
                r[a + ONE] = r[b + ONE]
                continue
        elif op == Op.COPY_AHEAD:
            tag = r[b]
            if tag <= LAST_IMMUTABLE:
                x = r[b + ONE]
                r[a] = tag
                r[a + ONE] = x
                if fuel > 0:
                    fuel -= 1
                    to = unsigned_at(pc, 1)[ZERO] >> U7 & TWICE
                    pc += 8
                    r[to] = tag
                    r[to + ONE] = x
                continue
        elif op == Op.GET_STATE:
            tag = heap[b]
            if tag <= LAST_IMMUTABLE:
                r[a] = tag
                r[a + ONE] = heap[b + ONE]
                continue
        elif op == Op.GET_STATE_REF:
            tag = heap[b]
            if tag <= LAST_CONTAINER:
                r[a] = tag
                r[a + ONE] = heap[b + ONE]
                continue
        elif op == Op.SET_STATE:
            if heap[b] <= LAST_CONTAINER and m[M.KEPT] != 0:
                heap[b] = r[a]
                heap[b + ONE] = r[a + ONE]
                continue
        elif op == Op.GET_SHARED:
            if r[b] == Tag.CELL:
                cell = np.uint64(r[b + ONE])
                if heap[cell + THREE] == 0:
                    r[a] = heap[cell + ONE]
                    r[a + ONE] = heap[cell + TWO]
                    continue
            else:
                r[a] = r[b]
                r[a + ONE] = r[b + ONE]
                continue
        elif op == Op.SET_SHARED:
            if r[a] == Tag.CELL:
                cell = np.uint64(r[a + ONE])
                if heap[cell + THREE] == 0 and m[M.KEPT] != 0:
                    heap[cell + ONE] = r[b]
                    heap[cell + TWO] = r[b + ONE]
                    continue
            else:
                r[a] = r[b]
                r[a + ONE] = r[b + ONE]
                continue
        elif op == Op.GET_THIS:  # of a constant it may be refused
            tag = r[ZERO]
            source = np.uint64(r[ONE])
            if tag == Tag.REF_REGISTER:
                registers = words_in(m, M.REGISTERS)
                tag = registers[TWO * source]
                if tag <= LAST_CONTAINER:
                    r[a] = tag
                    r[a + ONE] = registers[TWO * source + ONE]
                    continue
            elif tag == Tag.REF_STATE:
                tag = heap[TWO * source]
                if tag <= LAST_CONTAINER:
                    r[a] = tag
                    r[a + ONE] = heap[TWO * source + ONE]
                    continue
            elif tag & (TAG_MASK | READ_ONLY) == Tag.REF_ELEMENT:
                index = tag >> USER_TAG_SHIFT
                if index < heap[source + ONE]:
                    element = np.uint64(heap[source + TWO]) + ONE + TWO * np.uint64(index)
                    if heap[source] & 0xFF == Kind.MAP:
                        element += np.uint64(index) + ONE
                    r[a] = heap[element]
                    r[a + ONE] = heap[element + ONE]
                    continue
        elif op == Op.REF_REGISTER:
            r[a] = Tag.REF_REGISTER
            r[a + ONE] = ((window - m[M.REGISTERS]) >> 4) + np.int64(word >> U24 & OPERAND)
            continue
        elif op == Op.REF_INDEX:
            if r[b] == Tag.ARRAY and r[c] == Tag.INT:
                index = r[c + ONE]
                container = r[b + ONE]
                if index >= 0 and index < heap[np.uint64(container) + ONE]:
                    r[a] = Tag.REF_ELEMENT | index << USER_TAG_SHIFT
                    r[a + ONE] = container
                    continue
        elif op == Op.ADD or op == Op.ADD_TO:
            x = r[b + ONE]
            y = r[c + ONE]
            if r[b] == Tag.INT and r[c] == Tag.INT:
                if not add_overflows(x, y):
                    r[a] = Tag.INT
                    r[a + ONE] = x + y
                    continue
            elif r[b] == Tag.FLOAT and r[c] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) + bits_float(y))
                continue
        elif op == Op.SUB:
            x = r[b + ONE]
            y = r[c + ONE]
            if r[b] == Tag.INT and r[c] == Tag.INT:
                if not sub_overflows(x, y):
                    r[a] = Tag.INT
                    r[a + ONE] = x - y
                    continue
            elif r[b] == Tag.FLOAT and r[c] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) - bits_float(y))
                continue
        elif op == Op.MUL:
            x = r[b + ONE]
            y = r[c + ONE]
            if r[b] == Tag.INT and r[c] == Tag.INT:
                if not mul_overflows(x, y):
                    r[a] = Tag.INT
                    r[a + ONE] = x * y
                    continue
            elif r[b] == Tag.FLOAT and r[c] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) * bits_float(y))
                continue
        elif op == Op.DIV:
            if r[b] == Tag.FLOAT and r[c] == Tag.FLOAT:
                x = r[b + ONE]
                y = r[c + ONE]
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) / bits_float(y))
                continue
        elif op == Op.MOD:
            if r[b] == Tag.INT and r[c] == Tag.INT:
                y = r[c + ONE]
                if y > 0:
                    r[a + ONE] = remainder(r[b + ONE], y)
                    r[a] = Tag.INT
                    continue
        elif op == Op.ADD_K or op == Op.ADD_TO_K:
            x = r[b + ONE]
            y = constants[c + ONE]
            if r[b] == Tag.INT and constants[c] == Tag.INT:
                if not add_overflows(x, y):
                    r[a] = Tag.INT
                    r[a + ONE] = x + y
                    continue
            elif r[b] == Tag.FLOAT and constants[c] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) + bits_float(y))
                continue
        elif op == Op.SUB_K:
            x = r[b + ONE]
            y = constants[c + ONE]
            if r[b] == Tag.INT and constants[c] == Tag.INT:
                if not sub_overflows(x, y):
                    r[a] = Tag.INT
                    r[a + ONE] = x - y
                    continue
            elif r[b] == Tag.FLOAT and constants[c] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) - bits_float(y))
                continue
        elif op == Op.MUL_K:
            x = r[b + ONE]
            y = constants[c + ONE]
            if r[b] == Tag.INT and constants[c] == Tag.INT:
                if not mul_overflows(x, y):
                    r[a] = Tag.INT
                    r[a + ONE] = x * y
                    continue
            elif r[b] == Tag.FLOAT and constants[c] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) * bits_float(y))
                continue
        elif op == Op.DIV_K:
            if r[b] == Tag.FLOAT and constants[c] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(r[b + ONE]) / bits_float(constants[c + ONE]))
                continue
        elif op == Op.MOD_K:
            if r[b] == Tag.INT and constants[c] == Tag.INT:
                y = constants[c + ONE]
                if y > 0:
                    r[a + ONE] = remainder(r[b + ONE], y)
                    r[a] = Tag.INT
                    continue
        elif op == Op.NOT:
            if r[b] == Tag.BOOL:
                r[a] = Tag.BOOL
                r[a + ONE] = 1 - r[b + ONE]
                continue
        elif op == Op.EQ:
            if r[b] == Tag.INT and r[c] == Tag.INT:
                r[a] = Tag.BOOL
                r[a + ONE] = np.int64(r[b + ONE] == r[c + ONE])
                continue
        elif op == Op.NE:
            if r[b] == Tag.INT and r[c] == Tag.INT:
                r[a] = Tag.BOOL
                r[a + ONE] = np.int64(r[b + ONE] != r[c + ONE])
                continue
        elif op == Op.LT:
            if r[b] == Tag.INT and r[c] == Tag.INT:
                r[a] = Tag.BOOL
                r[a + ONE] = np.int64(r[b + ONE] < r[c + ONE])
                continue
        elif op == Op.LE:
            if r[b] == Tag.INT and r[c] == Tag.INT:
                r[a] = Tag.BOOL
                r[a + ONE] = np.int64(r[b + ONE] <= r[c + ONE])
                continue
        elif op == Op.GT:
            if r[b] == Tag.INT and r[c] == Tag.INT:
                r[a] = Tag.BOOL
                r[a + ONE] = np.int64(r[b + ONE] > r[c + ONE])
                continue
        elif op == Op.GE:
            if r[b] == Tag.INT and r[c] == Tag.INT:
                r[a] = Tag.BOOL
                r[a + ONE] = np.int64(r[b + ONE] >= r[c + ONE])
                continue
        elif op == Op.JUMP:
            pc += jump_a(word)
            continue
        elif op == Op.JUMP_FALSE:
            if r[a] == Tag.BOOL:
                if r[a + ONE] == 0:
                    pc += jump_b(word)
                continue
        elif op == Op.JUMP_TRUE:
            if r[a] == Tag.BOOL:
                if r[a + ONE] != 0:
                    pc += jump_b(word)
                continue
        elif op == Op.JUMP_UNIT:
            if r[a] & 0xFF == Tag.UNIT:
                pc += jump_b(word)
            continue
        elif op == Op.JUMP_NOT_UNIT:
            if r[a] & 0xFF != Tag.UNIT:
                pc += jump_b(word)
            continue
        elif op == Op.JUMP_CONTAINER:
            tag = r[a] & 0xFF
            if tag >= Tag.ARRAY and tag <= LAST_CONTAINER:
                pc += jump_b(word)
            continue
        elif op == Op.UNLESS_EQ:
            if r[a] == Tag.INT and r[b] == Tag.INT:
                if r[a + ONE] != r[b + ONE]:
                    pc += jump_c(word)
                continue
        elif op == Op.UNLESS_NE:
            if r[a] == Tag.INT and r[b] == Tag.INT:
                if r[a + ONE] == r[b + ONE]:
                    pc += jump_c(word)
                continue
        elif op == Op.UNLESS_LT:
            if r[a] == Tag.INT and r[b] == Tag.INT:
                if r[a + ONE] >= r[b + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and r[b] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(r[b + ONE]))
                if side != 0:
                    if side > 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_LE:
            if r[a] == Tag.INT and r[b] == Tag.INT:
                if r[a + ONE] > r[b + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and r[b] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(r[b + ONE]))
                if side != 0:
                    if side > 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_GT:
            if r[a] == Tag.INT and r[b] == Tag.INT:
                if r[a + ONE] <= r[b + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and r[b] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(r[b + ONE]))
                if side != 0:
                    if side < 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_GE:
            if r[a] == Tag.INT and r[b] == Tag.INT:
                if r[a + ONE] < r[b + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and r[b] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(r[b + ONE]))
                if side != 0:
                    if side < 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_SAME_K:
            if r[a] <= LAST_IMMUTABLE and constants[b] != Tag.FLOAT:
                if r[a] != constants[b]:
                    pc += jump_c(word)
                    continue
                if r[a + ONE] == constants[b + ONE]:
                    continue
                if r[a] != Tag.STRING or are_others(m[M.POOL], r[a + ONE], constants[b + ONE]):
                    pc += jump_c(word)
                    continue
        elif op == Op.SWITCH_AHEAD:
            cases = b + FOUR
            index = np.uint64(r[a + ONE] - constants[b + THREE])
            if r[a] == Tag.INT and index < c >> ONE:
                case = constants[cases + TWO * index + ONE]
                if fuel >= case >> 32:
                    fuel -= case >> 32
                    pc += 8 * (case << 32 >> 32)
                    continue
            word = np.uint64(constants[b + ONE])
            b = (word >> U23) & TWICE
            if r[a] == Tag.INT and constants[b] == Tag.INT:
                if r[a + ONE] != constants[b + ONE]:
                    pc += jump_c(word)
                continue
        elif op == Op.UNLESS_EQ_K:
            tag = r[a]
            if tag == constants[b] and (tag == Tag.INT or tag == Tag.STRING):
                if r[a + ONE] == constants[b + ONE]:
                    continue
                if tag == Tag.INT or are_others(m[M.POOL], r[a + ONE], constants[b + ONE]):
                    pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_NE_K:
            tag = r[a]
            if tag == constants[b] and (tag == Tag.INT or tag == Tag.STRING):
                if r[a + ONE] == constants[b + ONE]:
                    pc += jump_c(word)
                    continue
                if tag == Tag.INT or are_others(m[M.POOL], r[a + ONE], constants[b + ONE]):
                    continue
        elif op == Op.UNLESS_LT_K:
            if r[a] == Tag.INT and constants[b] == Tag.INT:
                if r[a + ONE] >= constants[b + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and constants[b] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(constants[b + ONE]))
                if side != 0:
                    if side > 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_LE_K:
            if r[a] == Tag.INT and constants[b] == Tag.INT:
                if r[a + ONE] > constants[b + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and constants[b] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(constants[b + ONE]))
                if side != 0:
                    if side > 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_GT_K:
            if r[a] == Tag.INT and constants[b] == Tag.INT:
                if r[a + ONE] <= constants[b + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and constants[b] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(constants[b + ONE]))
                if side != 0:
                    if side < 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_GE_K:
            if r[a] == Tag.INT and constants[b] == Tag.INT:
                if r[a + ONE] < constants[b + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and constants[b] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(constants[b + ONE]))
                if side != 0:
                    if side < 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.CALL:
            depth = m[M.DEPTH]
            functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
            function = FUNCTION * ((word >> U24) & OPERAND)
            top = ((window - m[M.REGISTERS]) >> 3) + np.int64(a) + functions[function + ONE]
            if depth < m[M.CALL_LIMIT] and top <= m[M.HIGH]:
                frame = (pc - m[M.CODE]) >> 3 | (window - m[M.REGISTERS]) << 29
                words_at(m[M.FRAMES], m[M.FRAME_LIMIT])[np.uint64(depth)] = frame
                m[M.DEPTH] = depth + 1
                window += 8 * np.int64(a)
                pc = m[M.CODE] + 8 * functions[function]
                r[a] = Tag.UNBOUND
                continue
        elif op == Op.CALL_POINTER or op == Op.CALL_BACK:
            pointer = np.uint64(r[a + THREE])
            if r[a + TWO] == Tag.FN and r[a + THREE] >= 0 and heap[pointer + ONE] >= 0:
                captures = heap[pointer + THREE]
                functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
                function = FUNCTION * np.uint64(heap[pointer + ONE])
                top = ((window - m[M.REGISTERS]) >> 3) + np.int64(a) + functions[function + ONE]
                count = np.int64(b >> ONE)
                taken = (functions[function + TWO] & 0xFFFFFFFF) - captures
                form = np.int64(c >> ONE) if op == Op.CALL_BACK else WITHOUT_THIS
                least = form & LEAST_MASK if op == Op.CALL_BACK else count
                depth = m[M.DEPTH]
                if (
                    depth < m[M.CALL_LIMIT]
                    and top <= m[M.HIGH]
                    and least <= taken
                    and taken <= min(count, MOST_MOVED)
                    and captures <= MOST_CAPTURES
                    and (captures < 1 or owns_nothing(heap[pointer + FOUR]))
                    and (captures < 2 or owns_nothing(heap[pointer + SIX]))
                ):
                    # No loops: few values move, and the compiler would prepare for many.
                    if captures == 0:
                        shift_down(r, a, taken)
                    else:
                        if captures == 2:
                            if taken > 2:
                                copy_value(r, a + TEN, r, a + EIGHT)
                            if taken > 1:
                                copy_value(r, a + EIGHT, r, a + SIX)
                            if taken > 0:
                                copy_value(r, a + SIX, r, a + FOUR)
                            copy_value(r, a + FOUR, heap, pointer + SIX)
                        copy_value(r, a + TWO, heap, pointer + FOUR)
                    frame = (pc - m[M.CODE]) >> 3 | (window - m[M.REGISTERS]) << 29
                    words_at(m[M.FRAMES], m[M.FRAME_LIMIT])[np.uint64(depth)] = frame
                    m[M.DEPTH] = depth + 1
                    window += 8 * np.int64(a)
                    pc = m[M.CODE] + 8 * functions[function]
                    if form == WITHOUT_THIS or (taken > least and form != ALWAYS_THIS):
                        r[a] = Tag.UNBOUND
                    continue
        elif op == Op.METHOD_AHEAD:
            r[a] = Tag.REF_REGISTER
            r[a + ONE] = ((window - m[M.REGISTERS]) >> 4) + np.int64(word >> U24 & OPERAND)
            call = unsigned_at(pc, 1)[ZERO]
            is_plain = r[b] <= LAST_CONTAINER
            if r[b] == Tag.MAP:
                is_plain = lacks_key(m[M.HEAP], r[b + ONE], constants[(call >> U23 & TWICE) + ONE])
            functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
            function = FUNCTION * (word >> U40 & OPERAND)
            top = ((window - m[M.REGISTERS]) >> 3) + np.int64(a) + functions[function + ONE]
            depth = m[M.DEPTH]
            count = np.int64(call >> U40 & OPERAND)
            if is_plain and count <= MOST_MOVED and fuel > 0 and depth < m[M.CALL_LIMIT] and top <= m[M.HIGH]:
                fuel -= 1
                shift_down(r, a, count)
                frame = (pc + 8 - m[M.CODE]) >> 3 | (window - m[M.REGISTERS]) << 29
                words_at(m[M.FRAMES], m[M.FRAME_LIMIT])[np.uint64(depth)] = frame
                m[M.DEPTH] = depth + 1
                window += 8 * np.int64(a)
                pc = m[M.CODE] + 8 * functions[function]
            continue
        elif op == Op.RETURN:
            r[ZERO] = r[a]
            r[ONE] = r[a + ONE]
            depth = m[M.DEPTH] - 1
            if depth >= 0:
                frame = words_at(m[M.FRAMES], m[M.FRAME_LIMIT])[np.uint64(depth)]
                m[M.DEPTH] = depth
                pc = m[M.CODE] + 8 * (frame & 0xFFFFFFFF)
                window = m[M.REGISTERS] + (frame >> 32 << 3)
                continue
        elif op == Op.GET_INDEX or op == Op.GET_INDEX_REF:
            if r[b] == Tag.ARRAY and r[c] == Tag.INT:
                container = np.uint64(r[b + ONE])
                index = r[c + ONE]
                if index >= 0 and index < heap[container + ONE]:
                    element = np.uint64(heap[container + TWO]) + ONE + TWO * np.uint64(index)
                    tag = heap[element]
                    if tag <= LAST_IMMUTABLE or op == Op.GET_INDEX_REF:
                        r[a] = tag
                        r[a + ONE] = heap[element + ONE]
                        continue
        elif op == Op.SET_INDEX:
            if r[a] == Tag.ARRAY and r[b] == Tag.INT and m[M.KEPT] != 0:
                container = np.uint64(r[a + ONE])
                index = r[b + ONE]
                if index >= 0 and index < heap[container + ONE]:
                    element = np.uint64(heap[container + TWO]) + ONE + TWO * np.uint64(index)
                    heap[element] = r[c]
                    heap[element + ONE] = r[c + ONE]
                    continue
        elif op == Op.UPDATE_AHEAD:
            operation = unsigned_at(pc, 1)[ZERO]
            amount = operation >> U39 & TWICE
            if r[b] == Tag.MAP:
                key = constants[c + ONE]
                container = np.uint64(r[b + ONE])
                at = np.uint64(heap[container + TWO]) + ONE
                found = False
                for _ in range(min(heap[container + ONE], LINEAR_SEARCH)):
                    if heap[at] == key:
                        found = True
                        break
                    at += THREE
                if found:
                    tag = heap[at + ONE]
                    x = heap[at + TWO]
                    y = r[amount + ONE]
                    r[a] = tag
                    r[a + ONE] = x
                    if tag != r[amount] or fuel < 2 or m[M.KEPT] == 0:
                        continue
                    if operation & BYTE == SUB:
                        if tag == Tag.FLOAT:
                            x = float_bits(bits_float(x) - bits_float(y))
                        elif tag != Tag.INT or sub_overflows(x, y):
                            continue
                        else:
                            x -= y
                    elif tag == Tag.FLOAT:
                        x = float_bits(bits_float(x) + bits_float(y))
                    elif tag != Tag.INT or add_overflows(x, y):
                        continue
                    else:
                        x += y
                    heap[at + TWO] = x
                    fuel -= 2
                    pc += 16
                    continue
        elif op == Op.GET_PROPERTY or op == Op.GET_PROPERTY_REF:
            if r[b] == Tag.MAP:
                key = constants[c + ONE]
                container = np.uint64(r[b + ONE])
                at = np.uint64(heap[container + TWO]) + ONE
                found = False
                for _ in range(min(heap[container + ONE], LINEAR_SEARCH)):
                    if heap[at] == key:
                        found = True
                        break
                    at += THREE
                if found:
                    tag = heap[at + ONE]
                    if tag <= LAST_IMMUTABLE or op == Op.GET_PROPERTY_REF:
                        r[a] = tag
                        r[a + ONE] = heap[at + TWO]
                        continue
        elif op == Op.SET_PROPERTY:
            if r[a] == Tag.MAP:
                key = constants[b + ONE]
                container = np.uint64(r[a + ONE])
                at = np.uint64(heap[container + TWO]) + ONE
                found = False
                for _ in range(min(heap[container + ONE], LINEAR_SEARCH)):
                    if heap[at] == key:
                        found = True
                        break
                    at += THREE
                if found and m[M.KEPT] != 0:
                    heap[at + ONE] = r[c]
                    heap[at + TWO] = r[c + ONE]
                    continue
        elif op == Op.FOR_NEXT:
            if r[a] == Tag.COUNTING:  # over ints: the next one, how many are left, the step
                left = r[a + THREE]
                if left > 0:
                    r[b] = Tag.INT
                    r[b + ONE] = r[a + ONE]
                    r[a + ONE] = wrapping_add(r[a + ONE], r[a + FIVE])  # after the last one nobody looks
                    r[a + THREE] = left - 1
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.ARRAY:  # a copy of nobody else's: elements move out of it
                container = np.uint64(r[a + ONE])
                index = r[a + THREE]
                if index < heap[container + ONE]:
                    element = np.uint64(heap[container + TWO]) + ONE + TWO * np.uint64(index)
                    r[b] = heap[element]
                    r[b + ONE] = heap[element + ONE]
                    r[a + THREE] = index + 1
                    pc += jump_c(word)
                continue
        elif op == Op.TO_FLOAT_AHEAD:
            if r[b] == Tag.INT and fuel > 0:
                fuel -= 1
                pc += 8
                x = float_bits(float(r[b + ONE]))
                r[a - TWO] = Tag.FLOAT
                r[a - ONE] = x
            else:
                r[a] = r[b]
                r[a + ONE] = r[b + ONE]
            continue
        elif op == Op.SQRT_AHEAD:
            if r[b] == Tag.FLOAT and fuel > 0:
                fuel -= 1
                pc += 8
                x = float_bits(math.sqrt(bits_float(r[b + ONE])))
                r[a - TWO] = Tag.FLOAT
                r[a - ONE] = x
            else:
                r[a] = r[b]
                r[a + ONE] = r[b + ONE]
            continue
        elif op == Op.ABS_AHEAD:
            tag = r[b]
            x = r[b + ONE]
            if fuel > 0 and (tag == Tag.FLOAT or (tag == Tag.INT and x > MOST_NEGATIVE)):
                fuel -= 1
                pc += 8
                r[a - TWO] = tag
                r[a - ONE] = x & LARGEST if tag == Tag.FLOAT else abs(x)
            else:
                r[a] = tag
                r[a + ONE] = x
            continue
        elif op == Op.LEN_AHEAD:
            if r[b] == Tag.ARRAY and fuel > 0:
                fuel -= 1
                pc += 8
                x = heap[np.uint64(r[b + ONE]) + ONE]
                r[a - TWO] = Tag.INT
                r[a - ONE] = x
            else:
                r[a] = r[b]
                r[a + ONE] = r[b + ONE]
            continue
        elif op == Op.PUSH_AHEAD:
            if r[b] == Tag.ARRAY and fuel > 2 and m[M.KEPT] != 0:
                container = np.uint64(r[b + ONE])
                length = heap[container + ONE]
                if length < heap[container + THREE] and length < m[M.ARRAY_LIMIT]:
                    element = np.uint64(heap[container + TWO]) + ONE + TWO * np.uint64(length)
                    heap[element] = r[a + TWO]
                    heap[element + ONE] = r[a + THREE]
                    heap[container + ONE] = length + 1
                    r[a - TWO] = Tag.UNIT
                    fuel -= 2
                    if length & 3 == 0:  # as `grow_storage` takes for each started 64 bytes
                        fuel -= 1
                        m[M.BUDGET] -= m[M.BULK_PRICE]
                    pc += 24
                    continue
            r[a] = r[b]
            r[a + ONE] = r[b + ONE]
            continue
        elif op == Op.LOOP_LT:
            pc += jump_c(word)
            if r[a] == Tag.INT and r[b] == Tag.INT and fuel > 1 and r[a + ONE] < r[b + ONE]:
                fuel -= 2
            else:
                pc -= 8
            continue
        elif op == Op.LOOP_LE:
            pc += jump_c(word)
            if r[a] == Tag.INT and r[b] == Tag.INT and fuel > 1 and r[a + ONE] <= r[b + ONE]:
                fuel -= 2
            else:
                pc -= 8
            continue
        elif op == Op.LOOP_LT_K:
            pc += jump_c(word)
            if r[a] == Tag.INT and constants[b] == Tag.INT and fuel > 2 and r[a + ONE] < constants[b + ONE]:
                fuel -= 3
            else:
                pc -= 8
            continue
        elif op == Op.LOOP_LE_K:
            pc += jump_c(word)
            if r[a] == Tag.INT and constants[b] == Tag.INT and fuel > 2 and r[a + ONE] <= constants[b + ONE]:
                fuel -= 3
            else:
                pc -= 8
            continue
        elif op == Op.LOOP_GT_K:
            pc += jump_c(word)
            if r[a] == Tag.INT and constants[b] == Tag.INT and fuel > 2 and r[a + ONE] > constants[b + ONE]:
                fuel -= 3
            else:
                pc -= 8
            continue
        elif op == Op.LOOP_GE_K:
            pc += jump_c(word)
            if r[a] == Tag.INT and constants[b] == Tag.INT and fuel > 2 and r[a + ONE] >= constants[b + ONE]:
                fuel -= 3
            else:
                pc -= 8
            continue
        elif op == Op.EACH or op == Op.FOLD:  # its state: the array, the index, the pointer, the element
            container = np.uint64(r[a + ONE])
            index = r[a + THREE]
            if index >= heap[container + ONE]:
                pc += jump_c(word)
                continue
            element = np.uint64(heap[container + TWO]) + ONE + TWO * np.uint64(index)
            tag = heap[element]
            if tag <= LAST_IMMUTABLE or op == Op.FOLD:
                item = heap[element + ONE]
                r[a + THREE] = index + 1
                arguments = b + FOUR
                if op == Op.EACH:
                    r[a + SIX] = tag  # the element, for the loop's body
                    r[a + SEVEN] = item
                    r[b] = tag
                    r[b + ONE] = item
                else:
                    r[b + FOUR] = r[b]
                    r[b + FIVE] = r[b + ONE]
                    arguments += TWO
                r[b + TWO] = r[a + FOUR]
                r[b + THREE] = r[a + FIVE]
                r[arguments] = tag
                r[arguments + ONE] = item
                r[arguments + TWO] = Tag.INT
                r[arguments + THREE] = index
                continue

        m[M.PC] = (pc - m[M.CODE]) >> 3
        m[M.BASE] = (window - m[M.REGISTERS]) >> 4
        m[M.FUEL] = fuel
        m[M.CALL_FUEL] = fuel
        if m[M.KEPT] == 0 and may_write(m, op, word) and keep(m) != Status.OK:
            m[M.REQUEST] = 0
            status = int(Status.NEEDS_MEMORY)  # a collection finds room for the copy as well
        elif op == Op.CALL_NATIVE or (op == Op.CALL_ON and r[a + TWO] & 0xFF != Tag.MAP):
            native_table = words_at(m[M.NATIVES], m[M.NATIVE_COUNT])
            status = call_at(native_table[(word >> U24) & OPERAND], machine, np.int64(word))
        else:
            status = call_at(words_at(m[M.KERNELS], 256)[op], machine, np.int64(word))
        if status == Status.NATIVE:
            native_table = words_at(m[M.NATIVES], m[M.NATIVE_COUNT])
            status = call_at(native_table[(word >> U24) & OPERAND], machine, np.int64(word))
        fuel = m[M.FUEL]
        if status == Status.OK:
            m[M.BUDGET] -= m[M.BULK_PRICE] * (m[M.CALL_FUEL] - fuel)
            continue
        if status == Status.ENTERED:
            m[M.BUDGET] -= m[M.BULK_PRICE] * (m[M.CALL_FUEL] - fuel)
            pc = m[M.CODE] + 8 * m[M.PC]
            window = m[M.REGISTERS] + 16 * m[M.BASE]
            continue
        if status == Status.NEEDS_MEMORY:
            # From memory again: what only this path needs shall not take registers of the others.
            m[M.PC] -= 1
            pc = m[M.CODE] + 8 * m[M.PC]
            fuel = m[M.CALL_FUEL]
            again = (fuel ^ m[M.PC] << 24 ^ m[M.INSTANCE] << 40 ^ wrapping_mul(m[M.TICK], ODD)) << 8
            if m[M.RETRIED] & -256 != again:
                m[M.RETRIED] = again
            elif m[M.RETRIED] & 255 < MOST_RETRIES:
                m[M.RETRIED] += 1
            else:
                fuel -= MANY  # it asks for too little: it shall not do so for ever
            fuel += np.int64(unsigned_at(pc, 1)[ZERO] >> U56)
            m[M.FUEL] = fuel
            status = make_room(machine)
            if status == Status.OK:
                heap = words_in(m, M.HEAP)
                continue
        return status


@kernel
def remainder(x: int, y: int) -> int:
    """Return x % y with the sign of x, for y > 0."""
    if x >= 0:
        return np.int64(np.uint64(x) % np.uint64(y))  # type: ignore[return-value]
    return -np.int64(np.uint64(-x) % np.uint64(y))  # type: ignore[return-value]
