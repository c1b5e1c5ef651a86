"""The arrays that compiled code works on, and values in them: what the machine and host functions share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lang.bytecode.program import Program
from lang.faults import Fault
from lang.heap.alloc import WORDS_PER_OPERATION
from lang.heap.convert import (
    SCALARS,
    Memory,
    Writer,
    are_scalars,
    scalar_words,
    scalars,
    words_needed,
)
from lang.jit import I64
from lang.layout import CONTAINER_WORDS, INSTANCE_WORDS, MACHINE_WORDS, M, Status
from lang.limits import Limits
from lang.stdlib.registry import HostFault, NativeEntry, NativeTable
from lang.vm.collect import SIZE_CLASSES, reserve

REGISTERS = 16 * 1024
FRAMES = 4096
FIRST_ARENA_WORDS = 1 << 14
FIRST_INSTANCES = 64
FIRST_UNDO_WORDS = 1 << 12
WORD = 8
PAGE_WORDS = 512
"""Of the smallest pages that systems have."""
UNLIMITED = 1 << 62
"""Operations for whoever has no budget."""


class Workspace:
    """The machine's words, registers, frames and heaps; one thread at a time."""

    limits: Limits
    program: Program
    natives: NativeTable
    host_message: str
    host_cause: BaseException | None  # what a Python function raised that a script called
    floor: int  # depth of the frame below which faults do not go
    refusal: Callable[[str, int, int, list[Any]], str]
    left_at: int  # where the entry frame stood when the script called `exit`

    def __init__(self) -> None:
        """Make all arrays; they grow as scripts need."""
        self.words = np.zeros(MACHINE_WORDS, np.int64)
        self.address = int(self.words.ctypes.data)
        self.registers = np.zeros(2 * REGISTERS, np.int64)
        self.frames = np.zeros(FRAMES, np.int64)
        self.arena = np.zeros(FIRST_ARENA_WORDS, np.int64)
        self.scratch = np.zeros(FIRST_ARENA_WORDS, np.int64)
        self.kept = np.zeros(0, np.int64)
        self.undo = np.zeros(0, np.int64)
        self.instances = np.zeros(FIRST_INSTANCES * INSTANCE_WORDS, np.int64)
        self._reserve: I64 = np.zeros(0, np.int64)
        self.free_lists = np.full(SIZE_CLASSES, -1, np.int64)
        self.floor = 0
        self.on_embedder_request: Callable[[], None] = lambda: None  # may raise HostFault
        self.words[M.BUDGET] = self.words[M.MEMORY_LEFT] = UNLIMITED
        self.publish()

    def find_native(self, name: str) -> tuple[int, NativeEntry] | None:
        """Return (number, entry) of a name that the running program may call while it runs."""
        return self.natives.find(name)

    def word(self, slot: M) -> int:
        """Return one of the machine's words."""
        return self.words.item(slot)

    def publish(self) -> None:
        """Write addresses and lengths of all arrays into the machine's words."""
        pairs = (
            (M.REGISTERS, self.registers),
            (M.FRAMES, self.frames),
            (M.ARENA, self.arena),
            (M.SCRATCH, self.scratch),
            (M.KEEP, self.kept),
            (M.UNDO, self.undo),
            (M.INSTANCES, self.instances),
        )
        for slot, array in pairs:
            self.words[slot] = array.ctypes.data
            self.words[slot + 1] = array.size
        self.words[M.FREE_LISTS] = self.free_lists.ctypes.data

    def set_limits(self, limits: Limits) -> None:
        """Apply limits to what runs from now on, and to instances made from now on."""
        self.limits = limits
        if 2 * limits.call_depth > self.frames.size:  # calls of the prelude take frames as well
            self.frames = np.zeros(2 * limits.call_depth, np.int64)
            self.publish()
        self.words[M.CALL_LIMIT] = limits.call_depth
        self.words[M.STRING_LIMIT] = limits.string_bytes
        self.words[M.ARRAY_LIMIT] = limits.array_elements
        self.words[M.MAP_LIMIT] = limits.map_entries

    def grow_arena(self) -> None:
        """Give the arena room for REQUEST more words, and the scratch space room for any heap."""
        needed = int(self.words[M.ARENA_TOP] + self.words[M.REQUEST])
        if needed > self.arena.size:
            size = max(2 * self.arena.size, needed)
            if size <= self._reserve.size and self.arena.base is self._reserve:
                self.arena = self._reserve[:size]
            else:
                self._move_arena(np.zeros(size, np.int64))
        largest = max(int(self.words[M.HEAP_TOP]), int(self.words[M.HEAP_WORDS]))
        if largest > self.scratch.size:
            self.scratch = np.zeros(2 * largest, np.int64)
        if self.words[M.ATOMIC] and self.kept.size < self.scratch.size:
            self.kept = np.zeros(self.scratch.size, np.int64)
        self.publish()

    def _move_arena(self, larger: I64) -> None:
        used = self.word(M.ARENA_TOP)
        larger[:used] = self.arena[:used]
        self.words[M.HEAP] += larger.ctypes.data - self.arena.ctypes.data
        self.arena = larger

    def reserve(self, words: int, ready: int = 0) -> None:
        """Let the arena grow to so many words without moving; what is not used yet costs addresses alone.

        `ready` of them are fetched from the system at once, and room to collect the largest heap: what
        was never used comes slowly.
        """
        self._reserve = np.zeros(max(words, self.arena.size), np.int64)
        self._move_arena(self._reserve[: self.arena.size])
        if ready:
            self.scratch = np.zeros(2 * self.limits.memory // WORD, np.int64)
            self.kept = np.zeros(self.scratch.size, np.int64)
            for array in (self._reserve[:ready], self.scratch, self.kept):
                array[::PAGE_WORDS] = 0
        self.publish()

    def make_atomic(self) -> None:
        """Let every call from now on take back what it wrote when it fails.

        What it wrote to arrays of the embedder's is noted in `undo`, by the embedder's natives.
        """
        self.words[M.ATOMIC] = 1
        self.kept = np.zeros(self.scratch.size, np.int64)
        self.grow_undo()

    def grow_undo(self) -> None:
        """Give the notes of the embedder's words room for more."""
        larger = np.zeros(max(2 * self.undo.size, FIRST_UNDO_WORDS), np.int64)
        larger[: self.undo.size] = self.undo
        self.undo = larger
        self.publish()

    @property
    def memory(self) -> Memory:
        """The current instance's heap and the current program's constants, for reading."""
        first = (self.word(M.HEAP) - self.word(M.ARENA)) // WORD
        heap = self.arena[first : first + self.word(M.HEAP_WORDS)]
        return Memory(heap, self.program.pool, self._name_of)

    def _name_of(self, index: int) -> str:
        return self.program.infos[index].name

    def write(self, value: Any) -> tuple[int, int]:
        """Put a Python value on the current instance's heap; returns (tag, payload).

        Raises:
            HostFault: the instance has no memory left. TypeError: no script value is like that.
        """
        if type(value) in SCALARS:
            return scalar_words(value)
        self.words[M.REQUEST] = words_needed(value)
        self.make_room()
        writer = self.new_writer()
        result = writer.write(value)
        words = writer.top - self.word(M.HEAP_TOP)
        self.words[M.FUEL] -= (words + 7) // 8
        self.words[M.BUDGET] -= self.words[M.WORD_PRICE] * words
        self.words[M.HEAP_TOP] = writer.top
        return result

    def new_writer(self) -> Writer:
        """Return what writes values to the current instance's heap."""
        return Writer(self.memory.heap, self.word(M.HEAP_TOP))

    def make_room(self) -> None:
        """Make REQUEST words of room on the current heap."""
        while True:
            wish = self.words[M.REQUEST]
            status = reserve(self.address)
            if status == Status.OK:
                return
            if status != Status.NEEDS_ARENA:
                raise HostFault(Fault(status))
            self.grow_arena()
            self.words[M.REQUEST] = wish

    # --- what host functions use ------------------------------------------------------------------

    def arguments(self, window: int, count: int) -> list[Any]:
        """Return a native's arguments as Python values."""
        return self.memory_of_arguments(window, count)

    def memory_of_arguments(self, window: int, count: int) -> list[Any]:
        """Return the values of the `count` registers behind a window's first; it is paid for."""
        first = 2 * (self.word(M.BASE) + window + 1)
        words = self.registers[first : first + 2 * count].tolist()
        if are_scalars(words):
            return scalars(words)
        memory = self.memory
        values = [memory.read(words[2 * i], words[2 * i + 1]) for i in range(count)]
        self.pay_for(values)
        return values

    def pay_for_python(self) -> None:
        """Pay for an instruction that Python does, where that has a price."""
        self.words[M.BUDGET] -= self.words[M.PYTHON_PRICE]
        self.words[M.FUEL] -= self.words[M.PYTHON_FUEL]

    def pay_for(self, values: list[Any]) -> None:
        """Pay for reading values."""
        words = sum(map(words_needed, values))
        self.words[M.FUEL] -= words // WORDS_PER_OPERATION
        self.words[M.BUDGET] -= self.words[M.WORD_PRICE] * words

    def put(self, register: int, value: Any) -> None:
        """Write a Python value into a register of the running function."""
        tag, payload = self.write(value)
        at = 2 * (self.word(M.BASE) + register)
        self.registers[at] = tag
        self.registers[at + 1] = payload

    def unit(self) -> int:
        """Return the number of the file that the running function is from."""
        program = self.program
        return program.infos[program.function_at(self.word(M.PC) - 1)].unit

    def replace(self, register: int, value: Any) -> None:
        """Give a register a changed value; a blob changes in place, for all that hold it."""
        if not isinstance(value, bytearray):
            self.put(register, value)
            return
        _, blob = self.write(value)
        heap = self.memory.heap
        target = int(self.registers[2 * (self.word(M.BASE) + register) + 1])
        heap[target + 1 : target + CONTAINER_WORDS] = heap[blob + 1 : blob + CONTAINER_WORDS]


def paid(operation: Callable[[Workspace, int], None]) -> Callable[[Workspace, int], None]:
    """Return an operation of Python that pays for itself."""

    def run(machine: Workspace, word: int) -> None:
        machine.pay_for_python()
        operation(machine, word)

    return run
