"""The machine of an `Interpreter`: runs that can be stopped, runs in a scope, state as a whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from lang.bytecode.program import IN_SLOT, Program, TopVariable
from lang.compile.frame import HANDLES
from lang.handles import HandleMachine, Handles
from lang.instance_state import put_state, read_state, take_state
from lang.layout import M
from lang.limits import Limits
from lang.machine import NOT_LEFT
from lang.snapshot import Snapshot
from lang.stdlib.registry import NativeTable
from lang.unwinding import entry_pc
from lang.values import TAG_MASK, Tag
from lang.vm.hashing import FIRST_FUNCTION, NOTES, hash_instances


class Ticket:
    """One run: whoever holds it may end the run."""

    cancelled = False


class HostMachine(HandleMachine):
    """What an `Interpreter` runs its scripts on."""

    def __init__(self, natives: NativeTable, limits: Limits | None = None) -> None:
        """Make a machine; `natives` gets what calls by Python need."""
        super().__init__(natives, limits)
        self.ticket = Ticket()
        self.abandoned: list[int] = []  # instances that nobody in Python holds any more
        self.refusal = lambda *_of_the_call: self.host_message
        self.kept_variables: list[TopVariable] = []  # of the last run in a scope

    def destroy_abandoned(self) -> None:
        """Destroy the instances that nobody holds any more."""
        while self.abandoned:
            self.destroy(self.abandoned.pop())

    def program_of(self, instance: int) -> Program:
        """Return the program that an instance runs."""
        return self.programs[instance]

    def defined(self, instance: int) -> list[str]:
        """Return the names of an instance's state variables that have a value."""
        pairs = zip(self.programs[instance].state_names, self.state_tags(instance), strict=True)
        return [name for name, tag in pairs if tag & TAG_MASK != Tag.UNDEFINED and name != HANDLES]

    def must_stop(self) -> bool:
        """Return whether the run has taken too long or is no longer wanted."""
        return self.ticket.cancelled or super().must_stop()

    # --- state as a whole -----------------------------------------------------------------------------

    def snapshot(self, instance: int) -> Snapshot:
        """Return the state of an instance, without the functions of it that Python holds."""
        return take_state(self, instance, self.programs[instance])

    def restore(self, instance: int, data: bytes) -> None:
        """Give an instance the state that a snapshot holds; functions of it that Python holds end.

        Raises:
            SnapshotError: it is not sound, or too large for the limits. The instance stays as it was.
        """
        program = self.programs[instance]
        put_state(self, instance, program, read_state(self, program, data))
        self.handles[instance] = Handles()

    def hash(self, instance: int) -> int:
        """Return a hash of all that an instance's variables hold, the same in every process."""
        program = self.programs[instance]
        self.bind(instance)
        slot = 2 * program.slots[HANDLES]
        table = self.memory.heap[slot : slot + 2].copy()
        self.memory.heap[slot : slot + 2] = (Tag.UNDEFINED, 0)
        if self.word(M.HEAP_TOP) > self.scratch.size:
            self.words[M.REQUEST] = 0
            self.grow_arena()
        notes = np.zeros(NOTES, np.int64)
        notes[FIRST_FUNCTION] = program.top_level
        found = int(hash_instances(self.address, np.array([instance], np.int64), 0, notes)) % 2**64
        self.memory.heap[slot : slot + 2] = table
        return found

    # --- runs in a scope ----------------------------------------------------------------------------

    def run_in_scope(self, instance: int) -> Any:
        """Run the top level of a program that was compiled for a scope; returns its value.

        Its variables begin with what the state variables of their names hold, and go there afterwards,
        whether the run ends well or not.

        Raises:
            ScriptError: the script failed.
        """
        self.bind(instance)
        self.kept_variables = []
        top_level = self.program.top_level
        try:
            self.begin(top_level)
            self._load_variables()
            try:
                self.drive()
            finally:
                self._keep_variables()
            return self.result()
        except RecursionError as error:
            raise self.boundary_error(top_level, error) from None
        finally:
            self.unbind()

    def _load_variables(self) -> None:
        """Move the values of the scope into registers: nothing else holds them while the script runs."""
        slots = self.program.slots
        heap = self.memory.heap
        for variable in self.program.variables:
            if variable.register != IN_SLOT and variable.first <= self.word(M.PC):
                at, slot = 2 * variable.register, 2 * slots[variable.name]
                self.registers[at : at + 2] = heap[slot : slot + 2]
                if not variable.constant:
                    heap[slot : slot + 2] = (Tag.UNIT, 0)

    def _keep_variables(self) -> None:
        """Move the variables that are declared by now from their registers to their slots."""
        slots = self.program.slots
        heap = self.memory.heap
        stood_at = self.left_at if self.left_at != NOT_LEFT else entry_pc(self)
        self.kept_variables = [item for item in self.program.variables if item.first <= stood_at]
        for variable in self.kept_variables:
            if variable.register != IN_SLOT:
                at, slot = 2 * variable.register, 2 * slots[variable.name]
                heap[slot : slot + 2] = self.registers[at : at + 2]
