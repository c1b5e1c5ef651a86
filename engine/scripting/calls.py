"""Calling callbacks: for every instance or for chosen entities, script by script in entity order."""

from __future__ import annotations

import numpy as np

from engine.errors import ScriptTooSlow
from engine.scripting.instances import ScriptInstances
from engine.scripting.name_hints import add_name_hint
from engine.scripting.programs import Disabled
from engine.scripting.reports import failure_of
from engine.scripting.script_file import I64, NO_INSTANCE, ScriptFile
from lang.bytecode.program import SEQUENCES
from lang.errors import ScriptError
from lang.faults import Fault
from lang.layout import BATCH_ROW_WORDS, INSTANCE_WORDS, InstanceWord

NO_GATE = -1


class ScriptCalls(ScriptInstances):
    """The scripts of a world, as far as they can be called."""

    def run_top_levels(self, entities: I64, only: str | None = None) -> None:
        """Run the top level of every script of newly born entities, file by file in entity order."""
        indices = np.sort((entities & 0xFFFFFFFF) - 1)
        for file in self.files.values():
            if file.program is not None and only in (None, file.path):
                here = indices[file.has_instance(indices)]
                self.call(file, file.program.top_level, file.rows_for(here))

    def dispatch_all(self, callback: str, only: str | None = None) -> None:
        """Call a callback of every instance (of one script), script by script in entity order."""
        for file in self.files.values():
            program = file.program
            if program is not None and callback in program.callbacks and only in (None, file.path):
                self.call(file, program.callbacks[callback], file.rows_of_all())

    def dispatch(
        self,
        callback: str,
        indices: I64,
        arguments: I64 | None = None,
        *,
        gated: bool = True,
        only: str | None = None,
        instances: I64 | None = None,
    ) -> None:
        """Call a callback for a list of entity indices in their order.

        Args:
            arguments: [n, 3 * BATCH_ARGUMENTS] tag, payload and extra word of each argument.
            gated: leave out entities that are marked for destruction. only: of this script alone.
            instances: [n] the one instance that each call is for; NO_INSTANCE is any of the entity's.
        """
        for file in self.files.values():
            program = file.program
            if program is None or callback not in program.callbacks or only not in (None, file.path):
                continue
            chosen = file.has_instance(indices)
            if instances is not None:
                meant = file.instance_of[np.where(chosen, indices, 0)]
                chosen &= (instances == NO_INSTANCE) | (instances == meant)
            if not chosen.any():
                continue
            which = slice(None) if chosen.all() else chosen
            rows = file.rows_for(indices[which])
            table = rows.reshape(-1, BATCH_ROW_WORDS)
            function = program.callbacks[callback]
            if arguments is not None:  # as many as it takes: to copy them all costs as much as to call it
                width = 3 * len(program.infos[function].parameters)
                table[:, 2 : 2 + width] = arguments[which, :width]
            if not gated:
                table[:, 1] = NO_GATE
            self.call(file, function, rows)

    def dispatch_to_all(self, callback: str, arguments: I64) -> None:
        """Call a callback of every instance, in the order of `dispatch_all`, once for each row of arguments.

        Args:
            arguments: [n, 3 * BATCH_ARGUMENTS] tag, payload and extra word of each argument.
        """
        for file in self.files.values():
            program = file.program
            if program is not None and callback in program.callbacks:
                each = file.rows_of_all().reshape(-1, BATCH_ROW_WORDS)
                table = np.repeat(each, len(arguments), axis=0)
                table[:, 2:] = np.tile(arguments, (len(each), 1))
                self.call(file, program.callbacks[callback], table.ravel())

    def anyone_has(self, callback: str) -> bool:
        """Return whether a script defines a callback."""
        programs = (file.program for file in self.files.values())
        return any(program is not None and callback in program.callbacks for program in programs)

    def indices_with(self, callback: str) -> I64:
        """Return the indices of the entities that have a script with a callback, ascending."""
        files = [f for f in self.files.values() if f.program is not None and callback in f.program.callbacks]
        found = [np.flatnonzero(file.instance_of != NO_INSTANCE) for file in files]
        return np.unique(np.concatenate([np.zeros(0, np.int64), *found]))

    def call(self, file: ScriptFile, function: int, rows: I64) -> None:
        """Call a function of a script for every row of a batch; what fails is disabled and reported."""

        def on_error(instance: int, error: ScriptError) -> None:
            self.fail(file, instance, error)

        if rows.size and file.program is not None:
            self.machine.call_batch(file.program, function, rows, on_error)

    def fail(self, file: ScriptFile, instance: int, error: ScriptError) -> None:
        """Disable an instance, which ends its sequences, and report why.

        Raises:
            ScriptTooSlow: its wall time was over, which must not change the state of a game.
        """
        if error.kind == Fault.TERMINATED.kind:
            raise ScriptTooSlow(error.diagnostic())
        add_name_hint(error, self.names_of)
        words = self.machine.instances
        words[INSTANCE_WORDS * instance + InstanceWord.DISABLED] = Disabled.FAILED
        self.machine.forget_state(instance, SEQUENCES)
        self.sequences.drop(instance)
        entity = int(words[INSTANCE_WORDS * instance + InstanceWord.ENTITY])
        self.failing[instance] = self.report(failure_of(error, file.path, self.world.tick, entity or None))
