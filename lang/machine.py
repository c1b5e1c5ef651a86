"""The machine: owns the arrays that compiled code works on, and serves its requests.

Kernels never call Python. When the loop needs something (memory, time, a function written in Python,
somebody to hear of a fault) it returns a status; `Machine.drive` does it and goes back in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from lang.bytecode.ops import COST_SHIFT, FAMILY_SHIFT, JUMPING, Op
from lang.bytecode.program import RAN, SEQUENCES, Program
from lang.errors import ScriptError
from lang.faults import Fault
from lang.heap.convert import are_scalars, scalars
from lang.host_operations import HOST_OPERATIONS, call_native
from lang.jit import I64, Kernel
from lang.layout import (
    BATCH_ROW_WORDS,
    FUNCTION_WORDS,
    INSTANCE_WORDS,
    SLICE_OPERATIONS,
    InstanceWord,
    M,
    Status,
)
from lang.limits import Limits
from lang.linking import Linker
from lang.stdlib.registry import HostFault, NativeTable
from lang.unwinding import handle, script_error
from lang.values import TAG_MASK, Tag
from lang.vm.batch import BATCH, ONE_CALL, RESUME, run
from lang.vm.begin_batch import begin_batch
from lang.vm.instances import bind_instance, create_instance, free_instance, unbind_instance
from lang.vm.keeping import give_back
from lang.workspace import WORD, Workspace

NOT_LEFT = -1
NATIVE_CALLS = frozenset({int(Op.CALL_NATIVE), int(Op.CALL_ON)})


class Machine(Workspace):
    """Runs programs in instances. One thread at a time; all instances share registers and scratch."""

    def __init__(self, natives: NativeTable, limits: Limits | None = None) -> None:
        """Make a machine.

        Args:
            natives: what scripts can call; the machine keeps the table. limits: default of all runs.
        """
        super().__init__()
        self.natives = natives
        self.linker = Linker(natives, self.words)
        self.on_print: Callable[[str], None] = lambda _text: None
        self.on_debug: Callable[[str, int], None] = lambda _text, _at: None
        self.on_undo: Callable[[], None] = lambda: None
        self.on_slice: Callable[[int], bool] = lambda _spent: False  # operations so far; True ends the run
        self.host_message = ""
        self.host_cause: BaseException | None = None
        self.left_at = NOT_LEFT
        self.refusal: Callable[[str, int, int, list[Any]], str] = lambda *_of_the_call: "refused"
        self.free_rows: list[int] = []  # of the instance table, to be given out again
        self.used_rows = 0
        self.programs: dict[int, Program] = {}  # of each instance
        self.set_limits(limits or Limits())

    # --- programs and instances -------------------------------------------------------------------

    def enter_program(self, program: Program) -> None:
        """Make a program the current one."""
        self.program = program
        self.words[M.CODE : M.CODE + program.image.size] = program.image

    def create(self, program: Program) -> int:
        """Return a new instance of a program, its state undefined until the top level has run."""
        if not self.free_rows and (self.used_rows + 1) * INSTANCE_WORDS > self.instances.size:
            self.instances = np.concatenate([self.instances, np.zeros_like(self.instances)])
            self.publish()
        row = self.free_rows.pop() if self.free_rows else self.used_rows
        self.used_rows = max(self.used_rows, row + 1)
        self.programs[row] = program
        self.linker.link(program)
        limit = self.limits.memory // WORD
        while create_instance(self.address, row, len(program.state_names), limit) != Status.OK:
            self.grow_arena()
        return row

    def change_program(self, instance: int, program: Program) -> None:
        """Let an instance run another program that has the same state variables and begins with the old."""
        self.programs[instance] = program
        self.linker.link(program)

    def run_on(self, program: Program) -> None:
        """Go on in another program that begins as the running one does."""
        started = time.monotonic()
        self.programs[self.word(M.INSTANCE)] = program
        self.linker.link(program)
        self._deadline += time.monotonic() - started  # it is not the script that takes long
        self.enter_program(program)

    def destroy(self, instance: int) -> None:
        """Give an instance's memory back."""
        free_instance(self.address, instance)
        del self.programs[instance]
        self.free_rows.append(instance)

    def bind(self, instance: int) -> None:
        """Make an instance and its program current."""
        self.enter_program(self.programs[instance])
        bind_instance(self.address, instance)

    def undo_call(self) -> None:
        """Take back what the current call wrote, if calls are atomic."""
        if self.words[M.ATOMIC]:
            self.on_undo()
            give_back(self.address)

    def unbind(self) -> None:
        """Keep what the current instance's heap holds."""
        unbind_instance(self.address)

    def exchange(self, instances: I64, fresh: I64) -> None:
        """Let instances run the programs of others, in their memory; the others get theirs."""
        rows = self.instances.reshape(-1, INSTANCE_WORDS)
        for word in (InstanceWord.BASE, InstanceWord.CAPACITY, InstanceWord.TOP):
            rows[instances, word], rows[fresh, word] = rows[fresh, word], rows[instances, word]
        programs = self.programs
        for one, other in zip(instances.tolist(), fresh.tolist(), strict=True):
            programs[one], programs[other] = programs[other], programs[one]

    def state(self, instance: int) -> dict[str, Any]:
        """Return an instance's state variables that have a value, by name."""
        tags = self.state_tags(instance)
        names = self.program.state_names
        defined = [
            name
            for name, tag in zip(names, tags, strict=True)
            if tag & TAG_MASK != Tag.UNDEFINED and not name.endswith(RAN) and name != SEQUENCES
        ]
        return {name: self.read_state(instance, name) for name in defined}

    def state_tags(self, instance: int) -> list[int]:
        """Return the tag words of an instance's state variables, by slot."""
        self.bind(instance)
        tags: list[int] = self.memory.heap[: 2 * len(self.program.state_names) : 2].tolist()
        return tags

    def read_state(self, instance: int, name: str) -> Any:
        """Return the value of a state variable; None before its statement has run.

        Raises:
            KeyError: the program has none of that name.
        """
        self.bind(instance)
        slot = self.program.slots[name]
        memory = self.memory
        return memory.read(memory.heap[2 * slot], memory.heap[2 * slot + 1])

    def forget_state(self, instance: int, name: str) -> None:
        """Make a state variable, if there is one of that name, as it is before its statement has run."""
        self.bind(instance)
        slot = self.program.slots.get(name)
        if slot is not None:
            self.memory.heap[2 * slot : 2 * slot + 2] = (Tag.UNDEFINED, 0)

    def set_state(self, instance: int, name: str, value: Any) -> None:
        """Set a state variable; closures that share it see the new value.

        Raises:
            KeyError: the program has none of that name. TypeError: no script value is like that.
        """
        self.bind(instance)
        at = 2 * self.program.slots[name]
        self.words[M.PC] = -1
        tag, payload = self.write(value)
        heap = self.memory.heap
        if int(heap[at]) & TAG_MASK == Tag.CELL:
            at = int(heap[at + 1]) + 1
        heap[at : at + 2] = (tag, payload)
        self.unbind()

    # --- running ----------------------------------------------------------------------------------

    def call(self, instance: int, function: int, arguments: tuple[Any, ...] = ()) -> Any:
        """Call a function of an instance's program by its index; returns its result.

        Raises:
            ScriptError: the script failed.
        """
        self.bind(instance)
        try:
            self.begin(function)
            self.words[M.PC] += 1  # arguments are written for the first instruction
            for number, argument in enumerate(arguments[: len(self.program.infos[function].parameters)]):
                self.put(1 + number, argument)
            self.words[M.PC] -= 1
            self.drive()
            return self.result()
        except ScriptError:
            self.undo_call()
            raise
        except (HostFault, RecursionError) as error:  # values that do not fit in or out
            self.undo_call()
            raise self.boundary_error(function, error) from None
        finally:
            self.unbind()

    def begin(self, function: int) -> None:
        """Stand at the first instruction of an entry function."""
        row = FUNCTION_WORDS * function
        self.words[M.BASE] = 0
        self.words[M.DEPTH] = 0
        self.words[M.PC] = self.program.functions[row]
        self.words[M.HIGH] = self.program.functions[row + 1]
        self.words[M.CALL_LIMIT] = self.limits.call_depth
        self.words[M.KEPT] = 1 - self.words[M.ATOMIC]
        self.words[M.ENTRY_TOP] = self.words[M.HEAP_TOP]
        self.words[M.UNDO_COUNT] = 0
        self.words[M.SEQUENCE] = 0
        self.registers[0] = Tag.UNBOUND
        self.left_at = NOT_LEFT
        self.start_fuel(self.limits.operations)

    def boundary_error(self, function: int, error: HostFault | RecursionError) -> ScriptError:
        """Return the error that tells of an argument or a result that the boundary does not let pass."""
        self.words[M.PC] = self.program.functions[FUNCTION_WORDS * function] + 1
        self.words[M.DEPTH] = 0
        return script_error(self, getattr(error, "fault", Fault.TOO_DEEP))

    def result(self) -> Any:
        """Return what the entry frame returned."""
        words = self.registers[:2].tolist()
        return scalars(words)[0] if are_scalars(words) else self.memory.read(*words)

    def run_top_level(self, instance: int) -> Any:
        """Run a program's top level; returns its value."""
        return self.call(instance, self.programs[instance].top_level)

    def start_fuel(self, operations: int) -> None:
        """Give the run its operations, in slices."""
        self.words[M.FUEL] = min(operations, SLICE_OPERATIONS)
        self.words[M.RESERVE] = operations - self.words[M.FUEL]
        self._budget = operations
        if not cast(Kernel, run).dispatcher.overloads:  # not loaded yet: that takes long, the script does not
            cast(Kernel, run).compile()
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
    ) -> int:
        """Call a function of a program for every row of a batch (`lang.layout.BATCH_ROW_WORDS`).

        Args:
            rows: in their order. on_error: told (instance, error) of each call that fails.

        Returns:
            how many rows were gone through: all, unless M.BUDGET does not suffice for the next.
        """
        self.program, self._budget, self._timed_row = program, self.limits.operations, -1
        begin_batch(
            self.address, program.image, rows, function, self.limits.operations, self.limits.call_depth
        )
        status = run(self.address, BATCH)
        while status != Status.RETURNED:
            status = self._serve_batch(status, on_error)
        return self.word(M.BATCH_NEXT) // BATCH_ROW_WORDS

    def _serve_batch(self, status: int, on_error: Callable[[int, ScriptError], None]) -> int:
        """Do what a call of a batch needs, and go on; returns the next status."""
        if status == Status.NEEDS_ARENA_FIRST:
            self.grow_arena()
            return run(self.address, BATCH)
        if self._timed_row != self.word(M.BATCH_NEXT):
            self._timed_row = self.word(M.BATCH_NEXT)
            self._deadline = time.monotonic() + self.limits.seconds
        try:
            self.serve(status)
        except ScriptError as error:
            self.undo_call()
            self.unbind()
            self.words[M.BUDGET] -= self.spent
            instance = self.word(M.INSTANCE)
            self.words[M.BATCH_NEXT] += BATCH_ROW_WORDS
            self.words[M.CALL_LIMIT] = self.limits.call_depth
            on_error(instance, error)
            return run(self.address, BATCH)
        return run(self.address, RESUME)

    def drive(self) -> None:
        """Run until the entry frame returns.

        Raises:
            ScriptError: a fault that no `try` of the script catches.
        """
        while True:
            status = run(self.address, ONE_CALL)
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
        elif status == Status.UNLINKED:
            self._run_again()
            word = int(self.program.code[self.word(M.PC)])
            started = time.monotonic()
            self.linker.load(word & 0xFF, word >> 24 & 0xFFFF)
            self._deadline += time.monotonic() - started  # it is not the script that takes long
            return
        elif status == Status.EMBEDDER:
            fault = self._embedder_request()
        elif status == Status.HOST_CALL:
            fault = self._host_call()
        else:
            fault = Fault(status)
        if fault is not None:
            self._give_jump_back(status)
            handle(self, Fault.TERMINATED if self.must_stop() else fault)

    def must_stop(self) -> bool:
        """Return whether the run has taken too long."""
        return time.monotonic() > self._deadline

    def _embedder_request(self) -> Fault | None:
        try:
            self.on_embedder_request()
        except HostFault as error:
            self.host_message = error.text
            return error.fault
        self._run_again()
        return None

    def _run_again(self) -> None:
        """Step back to the instruction that asked for something."""
        pc = self.word(M.PC) - 1
        self.words[M.PC] = pc
        self.words[M.FUEL] = self.words[M.CALL_FUEL] + (int(self.program.code[pc]) >> COST_SHIFT)

    def _give_jump_back(self, status: int) -> None:
        """Take back what a jump costs that stands behind the comparison that failed, in one instruction."""
        pc = self.word(M.PC) - 1
        if status != Status.SLICE and int(self.program.code[pc]) >> FAMILY_SHIFT & 0xF == JUMPING:
            self.words[M.FUEL] += 1

    def _next_slice(self) -> Fault | None:
        remaining = self.word(M.FUEL) + self.word(M.RESERVE)
        pc = self.word(M.PC)
        if remaining < int(self.program.code[pc]) >> COST_SHIFT:
            self.words[M.PC] = pc + 1
            self.words[M.DETAIL] = max(remaining, 0)  # so many of its parts had been done
            self.words[M.FUEL] = min(remaining, 0)
            self.words[M.RESERVE] = 0
            return Fault.TOO_MANY_OPERATIONS
        if self.must_stop() or self.on_slice(self.spent):
            self.words[M.PC] = pc + 1
            return Fault.TERMINATED
        self.words[M.FUEL] = min(remaining, SLICE_OPERATIONS)
        self.words[M.RESERVE] = remaining - self.words[M.FUEL]
        return None

    def _host_call(self) -> Fault | None:
        word: int = self.program.code.item(self.word(M.PC) - 1)
        if self.must_stop():
            return Fault.TERMINATED
        try:
            if word & 0xFF in NATIVE_CALLS:
                call_native(self, word >> 24 & 0xFFFF, word >> 8 & 0xFFFF, word >> 40 & 0xFFFF)
            else:
                HOST_OPERATIONS[Op(word & 0xFF)](self, word)
        except HostFault as error:
            self.host_message = error.text
            self.host_cause = error.__cause__
            if error.fault == Fault.BIT_BOUNDS and error.text:
                self.words[M.DETAIL] = int(error.text)
            return error.fault
        except RecursionError:
            return Fault.TOO_DEEP
        return None
