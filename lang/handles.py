"""Functions of scripts as Python objects, and Python calling them.

A function pointer that Python holds lies in a table of its instance, which a state slot of every
program keeps alive (`lang.compile.frame.HANDLES`). Called while its instance runs (by a Python function
that the script called), it runs on top of the script's frames: a gate, a function of the prelude, calls
it and then `leave_to_host`, which ends the inner run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lang.bytecode.program import Program
from lang.compile.frame import HANDLES
from lang.faults import Fault
from lang.heap.convert import FunctionValue, Memory, Writer, are_scalars, scalars
from lang.layout import FUNCTION_WORDS, M, Status
from lang.limits import Limits
from lang.machine import Machine
from lang.stdlib.registry import HostFault, NativeEntry, NativeTable
from lang.unwinding import script_error, unlock_state
from lang.values import TAG_MASK, Tag
from lang.vm.batch import ONE_CALL, run
from lang.vm.calls import enter_built_in

GATE = "call_from_host"
MOST_ARGUMENTS = 16
FIRST_HANDLES = 8


def gates() -> str:
    """Return the functions of the prelude through which Python calls function pointers."""
    lines = []
    for count in range(MOST_ARGUMENTS + 1):
        parameters = ", ".join(["f", *(f"a{number}" for number in range(count))])
        lines.append(f"fn {GATE}({parameters}) {{ leave_to_host(call({parameters})) }}")
    return "\n" + "\n".join(lines)


class ScriptExit(BaseException):
    """A script called `exit` in a function that Python called: the whole run ends, Python's part as well."""


class _NeedsHandles(Exception):
    """The table of an instance is full."""


class Handles:
    """Which numbers of an instance's table are free."""

    def __init__(self) -> None:
        self.free: list[int] = []


class ScriptFunction(FunctionValue):
    """A function of a script: call it like one of Python, as long as its instance is there.

    Given back to its script it is the very same function, with what it shares.
    """

    machine: HandleMachine
    handles: Handles
    instance: int
    number: int

    def __init__(self, value: FunctionValue, machine: HandleMachine, instance: int, number: int) -> None:
        """Wrap the pointer that lies in the table of an instance at a number."""
        super().__init__(value.name, value.index, value.captures)
        handles = machine.handles[instance]
        vars(self).update(instance=instance, number=number, machine=machine, handles=handles)

    @property
    def is_there(self) -> bool:
        """Whether its instance still exists."""
        return self.machine.handles.get(self.instance) is self.handles

    def __call__(self, *arguments: Any) -> Any:
        """Call it.

        Raises:
            ScriptError: it failed. RuntimeError: its instance is gone, or another one is running.
        """
        return self.machine.on_call(self, arguments)

    def __repr__(self) -> str:
        """Return its name."""
        return f"<function {self.name} of a script>"

    def __del__(self) -> None:
        """Let its number be used again."""
        self.handles.free.append(self.number)

    __eq__ = object.__eq__
    __hash__ = object.__hash__


class _HandleMemory(Memory):
    """Reads function pointers as `ScriptFunction` objects."""

    machine: HandleMachine

    def _object(self, kind: int, payload: int) -> Any:
        value = super()._object(kind, payload)
        return self.machine.held(value, payload) if kind == Tag.FN else value


class _HandleWriter(Writer):
    """Writes `ScriptFunction` objects as the pointers that they stand for."""

    machine: HandleMachine

    def _function(self, value: FunctionValue) -> tuple[int, int]:
        if isinstance(value, ScriptFunction):
            return self.machine.pointer(value)
        if value.index >= 0:
            raise TypeError(f"the run that {value.name} belongs to has ended")
        return super()._function(value)


class HandleMachine(Machine):
    """A machine whose scripts and Python functions call each other."""

    def __init__(self, natives: NativeTable, limits: Limits | None = None) -> None:
        """Make a machine; `natives` gets what the gates need."""
        natives.extend([NativeEntry("leave_to_host", leave_to_host, (1, 1), internal=True)])
        super().__init__(natives, limits)
        self.handles: dict[int, Handles] = {}
        self.on_call: Callable[[ScriptFunction, tuple[Any, ...]], Any] = self.call_function
        self._left: list[Any] = []  # what the inner run that has just ended came to

    def create(self, program: Program) -> int:
        """Return a new instance."""
        instance = super().create(program)
        self.handles[instance] = Handles()
        return instance

    def destroy(self, instance: int) -> None:
        """Give an instance's memory back; functions of it that Python holds end with it."""
        del self.handles[instance]
        super().destroy(instance)

    # --- functions that Python holds ----------------------------------------------------------------

    def _table(self) -> int:
        """Return where the bound instance's table has its elements; -1: it has none."""
        slot = 2 * self.program.slots[HANDLES]
        heap = self.memory.heap
        return int(heap[heap[slot + 1] + 2]) + 1 if heap[slot] == Tag.ARRAY else -1

    def _grow_table(self) -> None:
        """Make the table larger; the instance may be collected."""
        handles = self.handles[self.word(M.INSTANCE)]
        slot = 2 * self.program.slots[HANDLES]
        heap = self.memory.heap
        length = int(heap[heap[slot + 1] + 1]) if heap[slot] == Tag.ARRAY else 0
        longer = max(2 * length, FIRST_HANDLES)
        fuel = self.word(M.FUEL)
        tag, payload = self.write([None] * longer)
        self.words[M.FUEL] = fuel  # a run costs the same whatever Python holds
        heap = self.memory.heap
        if length:
            old, new = self._table(), int(heap[payload + 2]) + 1
            heap[new : new + 2 * length] = heap[old : old + 2 * length]
        heap[slot : slot + 2] = (tag, payload)
        handles.free += range(length, longer)

    def held(self, value: FunctionValue, payload: int) -> ScriptFunction:
        """Put a pointer into the table."""
        instance = self.word(M.INSTANCE)
        free = self.handles[instance].free
        if not free:
            raise _NeedsHandles
        number = free.pop()
        at = self._table() + 2 * number
        self.memory.heap[at : at + 2] = (Tag.FN, payload)
        return ScriptFunction(value, self, instance, number)

    def pointer(self, function: ScriptFunction) -> tuple[int, int]:
        """Return the (tag, payload) of a function of the bound instance.

        Raises:
            TypeError: it is of another instance, or of none any more.
        """
        if not function.is_there:
            raise TypeError(f"the run that {function.name} belongs to has ended")
        if function.machine is not self or function.instance != self.word(M.INSTANCE):
            raise TypeError(f"{function.name} belongs to another instance")
        at = self._table() + 2 * function.number
        tag, payload = self.memory.heap[at : at + 2].tolist()
        return tag, payload

    def new_writer(self) -> Writer:
        """Return what writes values to the bound instance's heap."""
        writer = _HandleWriter(self.memory.heap, self.word(M.HEAP_TOP))
        writer.machine = self
        return writer

    def _handle_memory(self) -> Memory:
        plain = self.memory
        memory = _HandleMemory(plain.heap, plain.pool, plain.name_of)
        memory.machine = self
        return memory

    def arguments_with_functions(self, window: int, count: int) -> list[Any]:
        """Return a native's arguments as Python values, functions among them as ones that can be called."""
        first = 2 * (self.word(M.BASE) + window + 1)
        while True:
            words = self.registers[first : first + 2 * count].tolist()
            if are_scalars(words):
                return scalars(words)
            memory = self._handle_memory()
            try:
                values = [memory.read(words[2 * i], words[2 * i + 1]) for i in range(count)]
            except _NeedsHandles:
                self._grow_table()
                continue
            self.pay_for(values)
            return values

    def result(self) -> Any:
        """Return what the entry frame returned."""
        if int(self.registers[0]) & TAG_MASK < Tag.FN:
            return super().result()
        return self._read_kept(*self.registers[:2].tolist())

    def _read_kept(self, tag: int, payload: int) -> Any:
        """Return a value, with functions that can be called; between two runs alone."""
        row = FUNCTION_WORDS * self.program.built_ins[GATE, 1]  # whose parameter survives a collection
        self.words[M.BASE] = 0
        self.words[M.DEPTH] = 0
        self.words[M.PC] = self.program.functions[row] + 1
        self.words[M.HIGH] = max(self.word(M.HIGH), int(self.program.functions[row + 1]))
        self.registers[2:4] = (tag, payload)
        while True:
            try:
                return self._handle_memory().read(self.registers[2], self.registers[3])
            except _NeedsHandles:
                self._grow_table()

    def read_state(self, instance: int, name: str) -> Any:
        """Return the value of a state variable, with functions that can be called."""
        self.bind(instance)
        slot = 2 * self.program.slots[name]
        try:
            return self._read_kept(*self.memory.heap[slot : slot + 2].tolist())
        finally:
            self.unbind()

    # --- calls by Python ------------------------------------------------------------------------------

    def call_function(self, function: ScriptFunction, arguments: tuple[Any, ...]) -> Any:
        """Call a function of an instance while nothing runs."""
        gate = self._gate(self.programs[function.instance], arguments)
        return self.call(function.instance, gate, (function, *arguments))

    @staticmethod
    def _gate(program: Program, arguments: tuple[Any, ...]) -> int:
        if len(arguments) > MOST_ARGUMENTS:
            raise TypeError(f"a function of a script takes at most {MOST_ARGUMENTS} arguments from Python")
        return program.built_ins[GATE, 1 + len(arguments)]

    def call_within(self, function: ScriptFunction, arguments: tuple[Any, ...]) -> Any:
        """Call a function of the running instance for a Python function that its script has called."""
        gate = self._gate(self.program, arguments)
        registers = self.program.infos[self.program.function_at(self.word(M.PC) - 1)].registers
        words = [M.PC, M.BASE, M.DEPTH, M.CALL_LIMIT]
        before, floor = self.words[words].copy(), self.floor
        status = enter_built_in(self.address, registers, gate)
        if status != Status.ENTERED:
            raise script_error(self, Fault(status))
        try:
            self._run_gate((function, *arguments))
        finally:
            self.floor = floor
            self.words[words] = before
        return self._left.pop()

    def _run_gate(self, arguments: tuple[Any, ...]) -> None:
        """Run from a gate's first instruction until it leaves."""
        first = 2 * (self.word(M.BASE) + 1)
        self.registers[first : first + 2 * len(arguments)] = 0  # (): what lay there is no value any more
        self.words[M.PC] += 1  # arguments are written for the first instruction
        try:
            for number, argument in enumerate(arguments, 1):
                self.put(number, argument)
        except HostFault as error:
            raise script_error(self, error.fault) from None
        self.words[M.PC] -= 1
        self.floor = self.word(M.DEPTH)
        before = len(self._left)
        while len(self._left) == before:
            status = run(self.address, ONE_CALL)
            if status == Status.RETURNED:
                raise ScriptExit
            self.serve(status)

    def drive(self) -> None:
        """Run until the entry frame returns."""
        try:
            super().drive()
        except ScriptExit:
            self.words[M.DEPTH] = 0
        except BaseException:  # also what an embedder's function raises to end more than the script
            unlock_state(self, 0)
            raise


def leave_to_host(machine: HandleMachine, window: int, count: int) -> None:
    """End the inner run of a gate with a value; in a gate that is the entry frame, return it."""
    at = 2 * (machine.word(M.BASE) + window)
    if machine.floor == 0 and machine.word(M.DEPTH) == 0:
        machine.registers[at : at + 2] = machine.registers[at + 2 : at + 4]
    elif machine.floor > 0 and machine.word(M.DEPTH) == machine.floor:
        machine._left += machine.arguments_with_functions(window, count)  # noqa: SLF001 - a part of it
    else:
        raise HostFault(Fault.FUNCTION_NOT_FOUND)
