"""Data races: what a method works on must not be touched by others before it has returned.

LOCK stands before the call it is about. It writes into the shared cell which frame is about to call;
nothing takes that away again. So what stands there is true only as long as that frame waits for the
call: its return address follows a call, that follows a LOCK, of a register that holds this cell. Faults
and returns need no work that way, and a cell that was never locked costs one comparison.

State variables are locked only for methods of their elements; UNLOCK_STATE and `lang.unwinding` unlock
them, since their words are hashed and saved.
"""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.heap.access import field_a, field_b, put, register_a, register_b
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import FN_HEAD_WORDS, FRAME_BASE_SHIFT, MACHINE_WORDS, M, Status
from lang.values import LOCK_MASK, LOCK_SHIFT, Tag

LOCK_BITS = LOCK_MASK << LOCK_SHIFT


@kernel
def noted_cell(m: I64, pc: int, base: int) -> int:
    """Return the shared cell that the LOCK before the call before `pc` is about, or -1.

    `base` is the index of the first register word of the frame that calls.
    """
    if pc < 2:
        return -1
    note = words_at(m[M.CODE], m[M.CODE_WORDS])[pc - 2]
    if note & 0xFF != Op.LOCK:
        return -1
    registers = words_in(m, M.REGISTERS)
    at = base + 2 * field_a(note)
    return registers[at + 1] if registers[at] == Tag.CELL else -1


@kernel
def is_locked(m: I64, cell: int) -> bool:
    """Return whether a method that works on a shared cell is running."""
    heap = words_in(m, M.HEAP)
    depth = heap[cell + 3] - 1
    if depth < 0:
        return False
    if depth < m[M.DEPTH]:
        frame = words_at(m[M.FRAMES], m[M.FRAME_LIMIT])[depth]
        if noted_cell(m, frame & ((1 << FRAME_BASE_SHIFT) - 1), frame >> FRAME_BASE_SHIFT) == cell:
            return True
    heap[cell + 3] = 0
    return False


@kernel
def lock_noted(m: I64) -> None:
    """Lock the cell that a LOCK before the running call is about, if there is one."""
    cell = noted_cell(m, m[M.PC], 2 * m[M.BASE])
    if cell >= 0:
        words_in(m, M.HEAP)[cell + 3] = m[M.DEPTH] + 1


@kernel
def captures_locked(m: I64, reference: int) -> bool:
    """Return whether a closure captures a cell that the running call, or one around it, has locked."""
    heap = words_in(m, M.HEAP)
    if reference < 0:
        return False
    noted = noted_cell(m, m[M.PC], 2 * m[M.BASE])
    for i in range(heap[reference + 3]):
        at = reference + FN_HEAD_WORDS + 2 * i
        if heap[at] == Tag.CELL and (heap[at + 1] == noted or is_locked(m, heap[at + 1])):
            return True
    return False


@native
def lock(machine: int, word: int) -> int:
    """Do LOCK."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = register_a(m, word)
    if registers[at] == Tag.CELL:
        cell = registers[at + 1]
        if is_locked(m, cell):
            return Fault.DATA_RACE
        if field_b(word) == 0:
            words_in(m, M.HEAP)[cell + 3] = m[M.DEPTH] + 1
    return Status.OK


@native
def shared_value(machine: int, word: int) -> int:
    """Do GET_SHARED and SET_SHARED of a cell that was locked at some time."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    heap = words_in(m, M.HEAP)
    reads = word & 0xFF == Op.GET_SHARED
    cell = registers[(register_b(m, word) if reads else register_a(m, word)) + 1]
    if is_locked(m, cell):
        return Fault.DATA_RACE
    if reads:
        put(m, register_a(m, word), heap[cell + 1], heap[cell + 2])
    else:
        source = register_b(m, word)
        heap[cell + 1] = registers[source]
        heap[cell + 2] = registers[source + 1]
    return Status.OK


@kernel
def state_is_locked(m: I64, slot: int) -> bool:
    """Return whether an element of the state variable is `this` of a running method."""
    return words_in(m, M.HEAP)[2 * slot] & LOCK_BITS != 0


@native
def lock_state(machine: int, word: int) -> int:
    """Do LOCK_STATE and UNLOCK_STATE: the tag word of the variable holds 1 + the depth of the frame."""
    m = words_at(machine, MACHINE_WORDS)
    heap = words_in(m, M.HEAP)
    slot = 2 * field_a(word)
    if word & 0xFF == Op.UNLOCK_STATE:
        heap[slot] &= ~LOCK_BITS
    elif state_is_locked(m, slot // 2):
        return Fault.DATA_RACE
    else:
        heap[slot] |= (m[M.DEPTH] + 1) << LOCK_SHIFT
    return Status.OK
