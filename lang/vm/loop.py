"""The interpreter loop: the hot opcodes, inline; everything else goes to the opcode's kernel.

A case that can finish its instruction ends in `continue`. What falls out of the chain (another type,
an overflow, a rare opcode) is done by `kernels[op]`, a native of the opcode's family, called by
its address. So the loop compiles without knowing any of them. Operands are unsigned, because
a signed index costs a test for negative ones.
"""

from __future__ import annotations

import numpy as np

from lang.bytecode.ops import Op
from lang.jit import (
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
)
from lang.layout import FUNCTION_WORDS, MACHINE_WORDS, M, Status
from lang.values import LAST_CONTAINER, Tag
from lang.vm.collect import make_room

U7, U23, U39 = np.uint64(7), np.uint64(23), np.uint64(39)
U8, U24, U32 = np.uint64(8), np.uint64(24), np.uint64(32)
U40, U56 = np.uint64(40), np.uint64(56)
HALF = np.uint64(0xFFFFFFFF)
BYTE, OPERAND = np.uint64(0xFF), np.uint64(0xFFFF)
TWICE = np.uint64(0x1FFFE)  # an operand, doubled by a shift that is one shorter
ZERO, ONE, TWO, THREE, FIVE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(5)
FUNCTION = np.uint64(FUNCTION_WORDS)
LAST_IMMUTABLE = Tag.FN
CLEAR_GAP = 4.5e-16  # twice the epsilon of `lang.heap.equality`
LINEAR_SEARCH = 16  # entries; larger maps are searched by halving, in a kernel


@kernel
def jump_a(word: np.uint64) -> np.uint64:
    """Return the signed first operand."""
    return np.uint64(np.int64(word << U40) >> 48)


@kernel
def jump_b(word: np.uint64) -> np.uint64:
    """Return the signed second operand."""
    return np.uint64(np.int64(word << U24) >> 48)


@kernel
def jump_c(word: np.uint64) -> np.uint64:
    """Return the signed third operand."""
    return np.uint64(np.int64(word << U8) >> 48)


@kernel
def float_side(x: float, y: float) -> int:
    """Return -1 or 1 as x is clearly below or above y; 0 where the relative epsilon may decide."""
    gap = CLEAR_GAP * max(1.0, abs(x) + abs(y))
    if y - x > gap:
        return -1
    if x - y > gap:
        return 1
    return 0


@kernel
def execute(machine: int) -> int:
    """Run from PC until the entry frame returns or something needs the caller; returns a status."""
    m = words_at(machine, MACHINE_WORDS)
    base = 16 * m[M.BASE]  # in bytes
    r = words_at(m[M.REGISTERS] + base, m[M.REGISTER_WORDS])
    code = unsigned_at(m[M.CODE], m[M.CODE_WORDS])
    constants = words_in(m, M.CONSTANTS)
    heap = words_in(m, M.HEAP)
    pc = np.uint64(m[M.PC])
    fuel = m[M.FUEL]
    while True:
        word = code[pc]
        pc += ONE
        fuel -= np.int64(word >> U56)
        if fuel < 0:
            m[M.PC] = np.int64(pc - ONE)
            m[M.BASE] = base >> 4
            m[M.FUEL] = fuel + np.int64(word >> U56)
            return Status.SLICE
        op = np.int64(word & BYTE)
        a = (word >> U7) & TWICE
        b = (word >> U23) & TWICE
        c = (word >> U39) & TWICE
        if op == Op.LOAD:
            k = b
            r[a] = constants[k]
            r[a + ONE] = constants[k + ONE]
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
        elif op == Op.GET_STATE:
            slot = b
            tag = heap[slot]
            if tag <= LAST_IMMUTABLE:
                r[a] = tag
                r[a + ONE] = heap[slot + ONE]
                continue
        elif op == Op.GET_STATE_REF:
            slot = b
            tag = heap[slot]
            if tag <= LAST_CONTAINER:
                r[a] = tag
                r[a + ONE] = heap[slot + ONE]
                continue
        elif op == Op.SET_STATE:
            slot = b
            if heap[slot] <= LAST_CONTAINER:
                heap[slot] = r[a]
                heap[slot + ONE] = r[a + ONE]
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
                if heap[cell + THREE] == 0:
                    heap[cell + ONE] = r[b]
                    heap[cell + TWO] = r[b + ONE]
                    continue
            else:
                r[a] = r[b]
                r[a + ONE] = r[b + ONE]
                continue
        elif op == Op.GET_THIS:
            if r[ZERO] == Tag.REF_REGISTER:
                registers = words_in(m, M.REGISTERS)
                source = TWO * np.uint64(r[ONE])
                if registers[source] <= LAST_CONTAINER:
                    r[a] = registers[source]
                    r[a + ONE] = registers[source + ONE]
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
            k = c
            x = r[b + ONE]
            y = constants[k + ONE]
            if r[b] == Tag.INT and constants[k] == Tag.INT:
                if not add_overflows(x, y):
                    r[a] = Tag.INT
                    r[a + ONE] = x + y
                    continue
            elif r[b] == Tag.FLOAT and constants[k] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) + bits_float(y))
                continue
        elif op == Op.SUB_K:
            k = c
            x = r[b + ONE]
            y = constants[k + ONE]
            if r[b] == Tag.INT and constants[k] == Tag.INT:
                if not sub_overflows(x, y):
                    r[a] = Tag.INT
                    r[a + ONE] = x - y
                    continue
            elif r[b] == Tag.FLOAT and constants[k] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) - bits_float(y))
                continue
        elif op == Op.MUL_K:
            k = c
            x = r[b + ONE]
            y = constants[k + ONE]
            if r[b] == Tag.INT and constants[k] == Tag.INT:
                if not mul_overflows(x, y):
                    r[a] = Tag.INT
                    r[a + ONE] = x * y
                    continue
            elif r[b] == Tag.FLOAT and constants[k] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(x) * bits_float(y))
                continue
        elif op == Op.DIV_K:
            k = c
            if r[b] == Tag.FLOAT and constants[k] == Tag.FLOAT:
                r[a] = Tag.FLOAT
                r[a + ONE] = float_bits(bits_float(r[b + ONE]) / bits_float(constants[k + ONE]))
                continue
        elif op == Op.MOD_K:
            k = c
            if r[b] == Tag.INT and constants[k] == Tag.INT:
                y = constants[k + ONE]
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
            k = b
            if r[a] <= LAST_IMMUTABLE and r[a] != Tag.STRING and constants[k] != Tag.FLOAT:
                if r[a] != constants[k] or r[a + ONE] != constants[k + ONE]:
                    pc += jump_c(word)
                continue
        elif op == Op.UNLESS_EQ_K:
            k = b
            if r[a] == Tag.INT and constants[k] == Tag.INT:
                if r[a + ONE] != constants[k + ONE]:
                    pc += jump_c(word)
                continue
        elif op == Op.UNLESS_NE_K:
            k = b
            if r[a] == Tag.INT and constants[k] == Tag.INT:
                if r[a + ONE] == constants[k + ONE]:
                    pc += jump_c(word)
                continue
        elif op == Op.UNLESS_LT_K:
            k = b
            if r[a] == Tag.INT and constants[k] == Tag.INT:
                if r[a + ONE] >= constants[k + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and constants[k] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(constants[k + ONE]))
                if side != 0:
                    if side > 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_LE_K:
            k = b
            if r[a] == Tag.INT and constants[k] == Tag.INT:
                if r[a + ONE] > constants[k + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and constants[k] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(constants[k + ONE]))
                if side != 0:
                    if side > 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_GT_K:
            k = b
            if r[a] == Tag.INT and constants[k] == Tag.INT:
                if r[a + ONE] <= constants[k + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and constants[k] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(constants[k + ONE]))
                if side != 0:
                    if side < 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.UNLESS_GE_K:
            k = b
            if r[a] == Tag.INT and constants[k] == Tag.INT:
                if r[a + ONE] < constants[k + ONE]:
                    pc += jump_c(word)
                continue
            elif r[a] == Tag.FLOAT and constants[k] == Tag.FLOAT:
                side = float_side(bits_float(r[a + ONE]), bits_float(constants[k + ONE]))
                if side != 0:
                    if side < 0:
                        pc += jump_c(word)
                    continue
        elif op == Op.CALL:
            depth = m[M.DEPTH]
            functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
            function = FUNCTION * ((word >> U24) & OPERAND)
            top = (base >> 3) + np.int64(a) + functions[function + ONE]
            if depth < m[M.CALL_LIMIT] and top <= m[M.HIGH]:
                frame = np.int64(pc) | base << 29
                words_at(m[M.FRAMES], m[M.FRAME_LIMIT])[np.uint64(depth)] = frame
                m[M.DEPTH] = depth + 1
                base += 8 * np.int64(a)
                r = words_at(m[M.REGISTERS] + base, m[M.REGISTER_WORDS])
                pc = np.uint64(functions[function])
                r[ZERO] = Tag.UNBOUND
                continue
        elif op == Op.RETURN:
            r[ZERO] = r[a]
            r[ONE] = r[a + ONE]
            depth = m[M.DEPTH] - 1
            if depth >= 0:
                frame = words_at(m[M.FRAMES], m[M.FRAME_LIMIT])[np.uint64(depth)]
                m[M.DEPTH] = depth
                pc = np.uint64(frame & 0xFFFFFFFF)
                base = frame >> 32 << 3
                r = words_at(m[M.REGISTERS] + base, m[M.REGISTER_WORDS])
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
            if r[a] == Tag.ARRAY and r[b] == Tag.INT:
                container = np.uint64(r[a + ONE])
                index = r[b + ONE]
                if index >= 0 and index < heap[container + ONE]:
                    element = np.uint64(heap[container + TWO]) + ONE + TWO * np.uint64(index)
                    heap[element] = r[c]
                    heap[element + ONE] = r[c + ONE]
                    continue
        elif op == Op.GET_PROPERTY or op == Op.GET_PROPERTY_REF:
            if r[b] == Tag.MAP:
                key = constants[c + ONE]
                container = np.uint64(r[b + ONE])
                at = np.uint64(heap[container + TWO]) + ONE
                found = -1
                for i in range(min(heap[container + ONE], LINEAR_SEARCH)):
                    if heap[at + THREE * np.uint64(i)] == key:
                        found = i
                        break
                if found >= 0:
                    entry_at = at + THREE * np.uint64(found)
                    tag = heap[entry_at + ONE]
                    if tag <= LAST_IMMUTABLE or (op == Op.GET_PROPERTY_REF):
                        r[a] = tag
                        r[a + ONE] = heap[entry_at + TWO]
                        continue
        elif op == Op.SET_PROPERTY:
            if r[a] == Tag.MAP:
                key = constants[b + ONE]
                container = np.uint64(r[a + ONE])
                at = np.uint64(heap[container + TWO]) + ONE
                found = -1
                for i in range(min(heap[container + ONE], LINEAR_SEARCH)):
                    if heap[at + THREE * np.uint64(i)] == key:
                        found = i
                        break
                if found >= 0:
                    entry_at = at + THREE * np.uint64(found)
                    heap[entry_at + ONE] = r[c]
                    heap[entry_at + TWO] = r[c + ONE]
                    continue
        elif op == Op.FOR_NEXT:
            if r[a] == Tag.COUNTING:  # over ints: the next one, how many are left, the step
                left = r[a + THREE]
                if left > 0:
                    r[b] = Tag.INT
                    r[b + ONE] = r[a + ONE]
                    r[a + ONE] += r[a + FIVE]
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

        m[M.PC] = np.int64(pc)
        m[M.BASE] = base >> 4
        m[M.FUEL] = fuel
        if op == Op.CALL_NATIVE or (op == Op.CALL_ON and r[a + TWO] & 0xFF != Tag.MAP):
            native_table = words_at(m[M.NATIVES], m[M.NATIVE_COUNT])
            status = call_at(native_table[(word >> U24) & OPERAND], machine, np.int64(word))
        else:
            status = call_at(words_at(m[M.KERNELS], 256)[op], machine, np.int64(word))
        if status == Status.NATIVE:
            native_table = words_at(m[M.NATIVES], m[M.NATIVE_COUNT])
            status = call_at(native_table[(word >> U24) & OPERAND], machine, np.int64(word))
        fuel = m[M.FUEL]
        if status == Status.OK:
            continue
        if status == Status.ENTERED:
            pc = np.uint64(m[M.PC])
            base = 16 * m[M.BASE]
            r = words_at(m[M.REGISTERS] + base, m[M.REGISTER_WORDS])
            continue
        if status == Status.NEEDS_MEMORY:
            pc -= ONE
            fuel += np.int64(word >> U56)
            m[M.PC] = np.int64(pc)
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
