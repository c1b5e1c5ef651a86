"""The machine: owns the arrays that compiled code works on, and serves its requests.

Kernels never call Python. When the loop needs something (memory, time, a function written in Python,
somebody to hear of a fault) it returns a status; `Machine.drive` does it and goes back in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from lang.bytecode.ops import COST_SHIFT, Op
from lang.bytecode.program import Program
from lang.errors import ScriptError
from lang.explain import call_stack, explain, place
from lang.faults import FIRST_UNCATCHABLE, Fault
from lang.heap.convert import Memory, Writer, words_needed
from lang.host_operations import HOST_OPERATIONS
from lang.jit import I64
from lang.layout import (
    BATCH_ROW_WORDS,
    FRAME_BASE_SHIFT,
    FUNCTION_WORDS,
    INSTANCE_WORDS,
    MACHINE_WORDS,
    InstanceWord,
    M,
    Status,
)
from lang.limits import Limits
from lang.stdlib.registry import HostFault, NativeTable
from lang.values import Tag
from lang.vm.batch import resume_batch, run_batch
from lang.vm.collect import SIZE_CLASSES, reserve
from lang.vm.fault import host_native
from lang.vm.instances import bind_instance, create_instance, free_instance, unbind_instance
from lang.vm.loop import run
from lang.vm.table import KERNELS

REGISTERS = 16 * 1024
FRAMES = 4096
FIRST_ARENA_WORDS = 1 << 14
FIRST_INSTANCES = 64
SLICE_OPERATIONS = 2_000_000
"""Operations between two looks at the clock."""
WORD = 8


class Machine:
    """Runs programs in instances. One thread at a time; all instances share registers and scratch."""

    def __init__(self, natives: NativeTable, limits: Limits | None = None) -> None:
        """Make a machine.

        Args:
            natives: what scripts can call; the machine keeps the table. limits: default of all runs.
        """
        self.natives = natives
        self.limits = limits or Limits()
        self.words = np.zeros(MACHINE_WORDS, np.int64)
        self.registers = np.zeros(2 * REGISTERS, np.int64)
        self.frames = np.zeros(FRAMES, np.int64)
        self.arena = np.zeros(FIRST_ARENA_WORDS, np.int64)
        self.scratch = np.zeros(FIRST_ARENA_WORDS, np.int64)
        self.instances = np.zeros(FIRST_INSTANCES * INSTANCE_WORDS, np.int64)
        self.free_lists = np.full(SIZE_CLASSES, -1, np.int64)
        self.kernels = np.zeros(256, np.int64)
        for op, kernel in KERNELS.items():
            self.kernels[op] = kernel.address
        self.native_addresses = np.zeros(0, np.int64)
        self.on_print: Callable[[str], None] = lambda _text: None
        self.on_debug: Callable[[str, int], None] = lambda _text, _at: None
        self.on_embedder_request: Callable[[], None] = lambda: None
        self.host_message = ""
        self.refusals: tuple[str, ...] = ()
        self.thrown: Any = None
        self._free_rows: list[int] = []
        self._used_rows = 0
        self._programs: dict[int, Program] = {}
        self.program: Program
        self._publish()
        self.link_natives()
        self.set_limits(self.limits)

    # --- memory -----------------------------------------------------------------------------------

    @property
    def address(self) -> int:
        """Where the machine's words lie: the argument of every kernel."""
        return int(self.words.ctypes.data)

    def word(self, slot: M) -> int:
        """Return one of the machine's words."""
        return int(self.words[slot])

    def _publish(self) -> None:
        """Write addresses and lengths of all arrays into the machine's words."""
        pairs = (
            (M.REGISTERS, self.registers),
            (M.FRAMES, self.frames),
            (M.ARENA, self.arena),
            (M.SCRATCH, self.scratch),
            (M.INSTANCES, self.instances),
        )
        for slot, array in pairs:
            self.words[slot] = array.ctypes.data
            self.words[slot + 1] = array.size
        self.words[M.FREE_LISTS] = self.free_lists.ctypes.data
        self.words[M.KERNELS] = self.kernels.ctypes.data

    def link_natives(self) -> None:
        """Publish the addresses and names of natives; again after the table has grown."""
        entries = self.natives.entries
        self.native_addresses = np.array(
            [
                host_native.address if callable(entry.implementation) else entry.implementation.address
                for entry in entries
            ],
            np.int64,
        )
        self._names = np.frombuffer(
            b"".join(entry.name.encode().ljust(64, b"\0") for entry in entries), np.uint8
        ).copy()
        rows = [
            word
            for number, entry in enumerate(entries)
            for word in (self._names.ctypes.data + 64 * number, len(entry.name.encode()))
        ]
        self._name_rows = np.array(rows, np.int64)
        self.words[M.NATIVES] = self.native_addresses.ctypes.data
        self.words[M.NATIVE_COUNT] = len(entries)
        self.words[M.NATIVE_NAMES] = self._name_rows.ctypes.data

    def set_limits(self, limits: Limits) -> None:
        """Apply limits to what runs from now on, and to instances made from now on."""
        self.limits = limits
        if 2 * limits.call_depth > self.frames.size:  # calls of the prelude take frames as well
            self.frames = np.zeros(2 * limits.call_depth, np.int64)
            self._publish()
        self.words[M.CALL_LIMIT] = limits.call_depth
        self.words[M.STRING_LIMIT] = limits.string_bytes
        self.words[M.ARRAY_LIMIT] = limits.array_elements
        self.words[M.MAP_LIMIT] = limits.map_entries

    def grow_arena(self) -> None:
        """Give the arena room for REQUEST more words, and the scratch space room for any heap."""
        needed = int(self.words[M.ARENA_TOP] + self.words[M.REQUEST])
        if needed > self.arena.size:
            larger = np.zeros(max(2 * self.arena.size, needed), np.int64)
            larger[: self.arena.size] = self.arena
            shift = larger.ctypes.data - self.arena.ctypes.data
            self.words[M.HEAP] += shift
            self.arena = larger
        largest = max(int(self.words[M.HEAP_TOP]), int(self.words[M.HEAP_WORDS]))
        if largest > self.scratch.size:
            self.scratch = np.zeros(2 * largest, np.int64)
        self._publish()

    @property
    def memory(self) -> Memory:
        """The current instance's heap and the current program's constants, for reading."""
        first = (self.word(M.HEAP) - self.arena.ctypes.data) // WORD
        heap = self.arena[first : first + self.word(M.HEAP_WORDS)]
        return Memory(heap, self.program.pool)

    def write(self, value: Any) -> tuple[int, int]:
        """Put a Python value on the current instance's heap; returns (tag, payload).

        Raises:
            HostFault: the instance has no memory left. TypeError: no script value is like that.
        """
        self.words[M.REQUEST] = words_needed(value)
        self.make_room()
        memory = self.memory
        writer = Writer(memory.heap, self.word(M.HEAP_TOP))
        result = writer.write(value)
        words = writer.top - self.word(M.HEAP_TOP)
        self.words[M.FUEL] -= (words + 7) // 8
        self.words[M.HEAP_TOP] = writer.top
        return result

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
        """Return the values of the `count` registers behind a window's first."""
        memory = self.memory
        first = 2 * (self.word(M.BASE) + window + 1)
        words = self.registers[first : first + 2 * count].tolist()
        return [memory.read(words[2 * i], words[2 * i + 1]) for i in range(count)]

    def put(self, register: int, value: Any) -> None:
        """Write a Python value into a register of the running function."""
        tag, payload = self.write(value)
        at = 2 * (self.word(M.BASE) + register)
        self.registers[at] = tag
        self.registers[at + 1] = payload

    # --- programs and instances -------------------------------------------------------------------

    def enter_program(self, program: Program) -> None:
        """Make a program the current one."""
        self.program = program
        self.words[M.CODE : M.CODE + program.image.size] = program.image

    def create(self, program: Program) -> int:
        """Return a new instance of a program, its state undefined until the top level has run."""
        if not self._free_rows and (self._used_rows + 1) * INSTANCE_WORDS > self.instances.size:
            self.instances = np.concatenate([self.instances, np.zeros_like(self.instances)])
            self._publish()
        row = self._free_rows.pop() if self._free_rows else self._used_rows
        self._used_rows = max(self._used_rows, row + 1)
        self._programs[row] = program
        limit = self.limits.memory // WORD
        while create_instance(self.address, row, len(program.state_names), limit) != Status.OK:
            self.grow_arena()
        return row

    def destroy(self, instance: int) -> None:
        """Give an instance's memory back."""
        free_instance(self.address, instance)
        del self._programs[instance]
        self._free_rows.append(instance)

    def bind(self, instance: int) -> None:
        """Make an instance and its program current."""
        self.enter_program(self._programs[instance])
        bind_instance(self.address, instance)

    def unbind(self) -> None:
        """Keep what the current instance's heap holds."""
        unbind_instance(self.address)

    def adopt(self, instance: int, program: Program) -> None:
        """Let an instance, whose heap fits it, run another program."""
        self._programs[instance] = program

    def recreate(self, instance: int, program: Program) -> None:
        """Empty an instance: its state is undefined again, in the slots of another program."""
        free_instance(self.address, instance)
        limit = self.limits.memory // WORD
        while create_instance(self.address, instance, len(program.state_names), limit) != Status.OK:
            self.grow_arena()
        self._programs[instance] = program

    def copy_words(self, source: int, target: int, words: tuple[InstanceWord, ...]) -> None:
        """Copy words of one instance's row to another's."""
        for word in words:
            at = INSTANCE_WORDS * source + word
            self.instances[INSTANCE_WORDS * target + word] = self.instances[at]

    def state(self, instance: int) -> dict[str, Any]:
        """Return an instance's state variables that have a value, by name."""
        self.bind(instance)
        memory = self.memory
        names = self.program.state_names
        values = memory.heap[: 2 * len(names)].tolist()
        return {
            name: memory.read(values[2 * slot], values[2 * slot + 1])
            for slot, name in enumerate(names)
            if values[2 * slot] & 0xFF != Tag.UNDEFINED
        }

    def set_state(self, instance: int, name: str, value: Any) -> None:
        """Set a state variable.

        Raises:
            ValueError: the program has none of that name. TypeError: no script value is like that.
        """
        self.bind(instance)
        slot = self.program.state_names.index(name)
        self.words[M.PC] = -1
        tag, payload = self.write(value)
        self.memory.heap[2 * slot] = tag
        self.memory.heap[2 * slot + 1] = payload
        self.unbind()

    # --- running ----------------------------------------------------------------------------------

    def call(self, instance: int, function: int, arguments: tuple[Any, ...] = ()) -> Any:
        """Call a function of an instance's program by its index; returns its result.

        Raises:
            ScriptError: the script failed.
        """
        self.bind(instance)
        program = self.program
        try:
            info = program.infos[function]
            row = FUNCTION_WORDS * function
            self.words[M.BASE] = 0
            self.words[M.DEPTH] = 0
            self.words[M.PC] = program.functions[row]
            self.words[M.HIGH] = program.functions[row + 1]
            self.words[M.CALL_LIMIT] = self.limits.call_depth
            for number, argument in enumerate(arguments[: len(info.parameters)]):
                self.put(1 + number, argument)
            self.registers[0] = Tag.UNBOUND
            self.start_fuel(self.limits.operations)
            self.drive()
            return self.memory.read(self.registers[0], self.registers[1])
        finally:
            self.unbind()

    def run_top_level(self, instance: int) -> Any:
        """Run a program's top level; returns its value."""
        return self.call(instance, self._programs[instance].top_level)

    def start_fuel(self, operations: int) -> None:
        """Give the run its operations, in slices."""
        self.words[M.FUEL] = min(operations, SLICE_OPERATIONS)
        self.words[M.RESERVE] = operations - self.words[M.FUEL]
        self._budget = operations
        self._deadline = time.monotonic() + self.limits.seconds

    @property
    def spent(self) -> int:
        """Operations that the run has taken so far."""
        return self._budget - self.word(M.FUEL) - self.word(M.RESERVE)

    def call_batch(
        self,
        program: Program,
        function: int,
        rows: I64,
        on_error: Callable[[int, ScriptError], None],
    ) -> None:
        """Call a function of a program for every row of a batch (`lang.layout.BATCH_ROW_WORDS`).

        Args:
            rows: the rows, one after another. on_error: told (instance, error) of each call that fails.
        """
        self.enter_program(program)
        self.words[M.BATCH] = rows.ctypes.data
        self.words[M.BATCH_WORDS] = rows.size
        self.words[M.BATCH_NEXT] = 0
        self.words[M.BATCH_FUNCTION] = function
        self.words[M.OPERATIONS] = self.limits.operations
        self.words[M.CALL_LIMIT] = self.limits.call_depth
        self._deadline = time.monotonic() + self.limits.seconds
        status = run_batch(self.address)
        while status != Status.RETURNED:
            status = self._serve_batch(status, on_error)

    def _serve_batch(self, status: int, on_error: Callable[[int, ScriptError], None]) -> int:
        """Do what a call of a batch needs, and go on; returns the next status."""
        if status == Status.NEEDS_ARENA_FIRST:
            self.grow_arena()
            return run_batch(self.address)
        try:
            self.serve(status)
        except ScriptError as error:
            self.unbind()
            instance = self.word(M.INSTANCE)
            self.words[M.BATCH_NEXT] += BATCH_ROW_WORDS
            self.words[M.CALL_LIMIT] = self.limits.call_depth
            on_error(instance, error)
            return run_batch(self.address)
        return resume_batch(self.address)

    def drive(self) -> None:
        """Run until the entry frame returns.

        Raises:
            ScriptError: a fault that no `try` of the script catches.
        """
        while True:
            status = run(self.address)
            if status == Status.RETURNED:
                return
            self.serve(status)

    def serve(self, status: int) -> None:
        """Do what the loop asked for, so that it can go on."""
        if status == Status.SLICE:
            fault = self._next_slice()
        elif status == Status.NEEDS_ARENA:
            self.grow_arena()
            return
        elif status == Status.EMBEDDER:
            self._run_again()
            self.on_embedder_request()
            return
        elif status == Status.HOST_CALL:
            fault = self._host_call()
        else:
            fault = Fault(status)
        if fault is not None:
            self._handle(fault)

    def _run_again(self) -> None:
        """Step back to the instruction that asked for something."""
        pc = self.word(M.PC) - 1
        self.words[M.PC] = pc
        self.words[M.FUEL] += int(self.program.code[pc]) >> COST_SHIFT

    def _next_slice(self) -> Fault | None:
        remaining = self.word(M.FUEL) + self.word(M.RESERVE)
        pc = self.word(M.PC)
        if remaining < int(self.program.code[pc]) >> COST_SHIFT:
            self.words[M.PC] = pc + 1
            return Fault.TOO_MANY_OPERATIONS
        if time.monotonic() > self._deadline:
            self.words[M.PC] = pc + 1
            return Fault.TERMINATED
        self.words[M.FUEL] = min(remaining, SLICE_OPERATIONS)
        self.words[M.RESERVE] = remaining - self.words[M.FUEL]
        return None

    def _host_call(self) -> Fault | None:
        word = int(self.program.code[self.word(M.PC) - 1])
        op = Op(word & 0xFF)
        if time.monotonic() > self._deadline:
            return Fault.TERMINATED
        try:
            if op in (Op.CALL_NATIVE, Op.CALL_ON):
                entry = self.natives.entries[word >> 24 & 0xFFFF]
                count = word >> 40 & 0xFFFF
                if not entry.arity[0] <= count <= entry.arity[1]:
                    return Fault.FUNCTION_NOT_FOUND
                assert callable(entry.implementation), "kernels do not ask for themselves"
                entry.implementation(self, word >> 8 & 0xFFFF, count)
            else:
                HOST_OPERATIONS[op](self, word)
        except HostFault as error:
            self.host_message = error.text
            return error.fault
        except RecursionError:
            return Fault.TOO_DEEP
        return None

    # --- faults -----------------------------------------------------------------------------------

    def _handle(self, fault: Fault) -> None:
        """Go on in the innermost `try` around the fault, or raise."""
        if fault < FIRST_UNCATCHABLE and self.program.handlers:
            caught = self._caught_value(fault)
            if self._unwind(caught):
                return
        raise self.script_error(fault)

    def _caught_value(self, fault: Fault) -> tuple[int, int]:
        """Return the (tag, payload) that a handler receives."""
        pc = self.word(M.PC) - 1
        if fault == Fault.THROWN:
            at = 2 * (self.word(M.BASE) + (int(self.program.code[pc]) >> 8 & 0xFFFF))
            return int(self.registers[at]), int(self.registers[at + 1])
        message = explain(self, fault, pc)
        at = place(self, pc)
        value: dict[str, Any] = {"error": fault.kind, "message": message}
        if at >= 0:
            value["line"], value["position"] = self.program.source.place(at)
        return self.write(value)

    def _unwind(self, caught: tuple[int, int]) -> bool:
        """Find the handler, leave the frames above it, and continue there."""
        pc = self.word(M.PC) - 1
        base = self.word(M.BASE)
        depth = self.word(M.DEPTH)
        while True:
            inside = [h for h in self.program.handlers if h.first <= pc < h.end]
            if inside:
                handler = max(inside, key=lambda h: h.first)
                self.words[M.PC] = handler.target
                self.words[M.BASE] = base
                self.words[M.DEPTH] = depth
                at = 2 * (base + handler.register)
                self.registers[at], self.registers[at + 1] = caught
                return True
            if depth == 0:
                return False
            if self.program.infos[self.program.function_at(pc)].built_in:
                self.words[M.CALL_LIMIT] -= 1
            depth -= 1
            frame = int(self.frames[depth])
            pc = (frame & (1 << FRAME_BASE_SHIFT) - 1) - 1
            base = (frame >> FRAME_BASE_SHIFT) // 2

    def script_error(self, fault: Fault) -> ScriptError:
        """Return the error that tells of a fault of the instruction before PC."""
        pc = self.word(M.PC) - 1
        value = None
        if fault == Fault.THROWN:
            at = 2 * (self.word(M.BASE) + (int(self.program.code[pc]) >> 8 & 0xFFFF))
            value = self.memory.read(self.registers[at], self.registers[at + 1])
        message = explain(self, fault, pc)
        source = self.program.source
        return ScriptError(source, place(self, pc), message, fault.kind, value, call_stack(self, pc))
