"""The state of an instance as a whole: out of a machine as a snapshot, and into one again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lang.bytecode.program import Program
from lang.compile.frame import HANDLES
from lang.errors import SnapshotError
from lang.jit import I64
from lang.layout import INSTANCE_WORDS, InstanceWord, M
from lang.machine import Machine
from lang.migration import compact
from lang.snapshot import Snapshot, State, decode, encode
from lang.suspended import function_name, suspended
from lang.values import Tag
from lang.workspace import WORD


def take_state(machine: Machine, instance: int, program: Program) -> Snapshot:
    """Return the state of an instance of a program, without the functions of it that Python holds."""
    copy = _filled(machine, program, lambda: _heap_of(machine, instance))
    try:
        slot = program.slots.get(HANDLES)
        if slot is not None:
            _heap_of(machine, copy)[2 * slot : 2 * slot + 2] = (Tag.UNDEFINED, 0)
        compact(machine, np.array([copy]), program)
        random = int(machine.instances[INSTANCE_WORDS * instance + InstanceWord.RANDOM])
        return encode(program, State(random, len(program.state_names), _heap_of(machine, copy)))
    finally:
        machine.destroy(copy)


def read_state(machine: Machine, program: Program, data: bytes) -> State:
    """Return the state that a snapshot holds, which `put_state` takes.

    Raises:
        SnapshotError: it is not sound, or too large for the limits.
    """
    state = decode(program, data)
    if state.words.size * WORD > 2 * machine.limits.memory:  # so much may be live until the next collection
        raise SnapshotError("this snapshot takes more memory than the limits allow")
    return state


def put_state(machine: Machine, instance: int, program: Program, state: State) -> None:
    """Give an instance of a program a state."""
    fresh = _filled(machine, program, lambda: state.words)
    machine.exchange(np.array([instance]), np.array([fresh]))
    machine.instances[INSTANCE_WORDS * instance + InstanceWord.RANDOM] = state.random
    machine.destroy(fresh)


def waiting_functions(machine: Machine, instance: int, program: Program) -> dict[int, str]:
    """Return the functions of an instance of a program that wait: handle → the name of what was started."""
    words = _heap_of(machine, instance).tolist()
    return {one.handle: function_name(words, program, one) for one in suspended(words, program)}


def _heap_of(machine: Machine, instance: int) -> I64:
    """Return the words that an instance's heap holds."""
    row = INSTANCE_WORDS * instance
    first = int(machine.instances[row + InstanceWord.BASE])
    return machine.arena[first : first + int(machine.instances[row + InstanceWord.TOP])]


def _filled(machine: Machine, program: Program, words: Callable[[], I64]) -> int:
    """Return a new instance whose heap holds some words, which are asked for once there is room."""
    fresh = machine.create(program)
    machine.bind(fresh)
    machine.words[M.PC] = -1
    machine.words[M.REQUEST] = max(words().size - machine.word(M.HEAP_TOP), 0)
    machine.make_room()
    content = words()
    machine.memory.heap[: content.size] = content
    machine.words[M.HEAP_TOP] = content.size
    machine.unbind()
    return fresh
