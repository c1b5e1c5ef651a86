"""Calling callbacks: for every instance or for chosen entities, script by script in entity order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.ecs.layout import Counter
from engine.errors import ScriptTooSlow
from engine.scripting.batch_rows import NO_INSTANCE
from engine.scripting.budgets import (
    FUEL_OF_PYTHON,
    OPERATIONS_OF_BULK,
    OPERATIONS_OF_CAUGHT,
    OPERATIONS_OF_FAILURE,
    OPERATIONS_OF_PYTHON,
    OPERATIONS_OF_WORD,
    Turn,
)
from engine.scripting.instances import NO_ENTITY, ScriptInstances
from engine.scripting.name_hints import add_name_hint
from engine.scripting.programs import Disabled
from engine.scripting.reports import failure_of
from engine.scripting.script_file import ANY, I64, NO_ARGUMENTS, ScriptFile
from lang.bytecode.program import SEQUENCES
from lang.errors import ScriptError
from lang.faults import Fault
from lang.layout import BATCH_ROW_WORDS, INSTANCE_WORDS, InstanceWord, M
from lang.workspace import UNLIMITED

NO_GATE = -1
NO_CALLS = np.zeros((0, 2), np.int64)
PRICES = slice(int(M.WORD_PRICE), int(M.PYTHON_FUEL) + 1)
PRICES_OF_MODS = np.array(
    [
        *(OPERATIONS_OF_WORD, OPERATIONS_OF_CAUGHT, OPERATIONS_OF_BULK),
        *(OPERATIONS_OF_PYTHON, FUEL_OF_PYTHON),
    ]
)


class ScriptCalls(ScriptInstances):
    """The scripts of a world, as far as they can be called."""

    # --- births -----------------------------------------------------------------------------------

    def run_top_levels(self, entities: I64, only: str | None = None) -> None:
        """Run the top level of every script of newly born entities, file by file in entity order.

        Instances that find no operations left are not called until theirs has run.
        """
        indices = np.sort((entities & 0xFFFFFFFF) - 1)
        for file in self.files_of_entities(entities):
            if file.program is not None and only in (None, file.path):
                rows, _ = file.rows_of(indices)
                self._begin(file, file.program.top_level, rows.ravel(), Disabled.UNSTARTED)

    def tell_spawned(self, entities: I64, only: str | None = None) -> None:
        """Call `on_spawn` of newly born entities, file by file in entity order."""
        indices = np.sort((entities & 0xFFFFFFFF) - 1)
        for file in self.files_of_entities(entities):
            has_it = file.program is not None and "on_spawn" in file.program.callbacks
            if has_it and only in (None, file.path):
                rows, _ = file.rows_of(indices)
                self._begin(file, file.callback("on_spawn"), rows.ravel(), Disabled.UNSPAWNED)

    def finish_births(self) -> None:
        """Do what the births of some instances found no operations for in earlier ticks."""
        if not self.budgets.has_late_births:
            return
        late, budgets = self._late_births(), self.budgets
        budgets.has_late_births = False
        counts = np.bincount(self.file_of[late])
        for file in self.files_of(late):
            if file.program is None:
                continue
            if budgets.left[budgets.party_of(file.path)] < self.machine.limits.operations:
                budgets.skip(file.path, int(counts[file.number]))
                budgets.has_late_births = True
                continue
            unstarted = self._take_late(file, Disabled.UNSTARTED)
            unspawned = self._take_late(file, Disabled.UNSPAWNED)
            self._begin(file, file.program.top_level, unstarted.ravel(), Disabled.UNSTARTED)
            if "on_spawn" in file.program.callbacks:
                rows = np.concatenate([unspawned, unstarted])
                started = self.why_disabled(rows[:, 0]) == Disabled.NOT
                self._begin(file, file.callback("on_spawn"), rows[started].ravel(), Disabled.UNSPAWNED)

    def _late_births(self) -> I64:
        """Return the instances of entities whose births found no operations."""
        why = self.words_of_all(InstanceWord.DISABLED)
        is_late = (why == Disabled.UNSTARTED) | (why == Disabled.UNSPAWNED)
        is_there = self.words_of_all(InstanceWord.CAPACITY) > 0
        return np.flatnonzero(is_late & is_there & (self.words_of_all(InstanceWord.ENTITY) != NO_ENTITY))

    def _take_late(self, file: ScriptFile, why: Disabled) -> I64:
        """Return the rows [n, BATCH_ROW_WORDS] of instances that wait for a reason, which do no more."""
        rows = file.rows_of_all().reshape(-1, BATCH_ROW_WORDS)
        late = rows[self.why_disabled(rows[:, 0]) == why]
        self.disable(late[:, 0], Disabled.NOT)
        return late

    def why_disabled(self, instances: I64) -> I64:
        """Return the `Disabled` of each of some instances."""
        return self.machine.instances[INSTANCE_WORDS * instances + InstanceWord.DISABLED]

    def disable(self, instances: I64, why: Disabled) -> None:
        """Note why callbacks of some instances are not called, or that they are."""
        self.machine.instances[INSTANCE_WORDS * instances + InstanceWord.DISABLED] = why

    def _begin(self, file: ScriptFile, function: int, rows: I64, otherwise: Disabled) -> None:
        """Call a function of instances that are born; those that find no operations are noted so."""
        if not rows.size:
            return
        done = self.call(file, function, rows)
        late = rows.reshape(-1, BATCH_ROW_WORDS)[done:, 0]
        late = late[self.why_disabled(late) == Disabled.NOT]
        if late.size:
            self.disable(late, otherwise)
            self.budgets.skip(file.path, late.size)
            self.budgets.has_late_births = True

    # --- callbacks --------------------------------------------------------------------------------

    def dispatch_all(self, callback: str, only: str | None = None) -> None:
        """Call a callback of every instance (of one script), script by script in entity order.

        The scripts of the game come first, then those of each mod. Where the operations of one of these
        do not suffice for all, its next round goes on where this one stopped.
        """
        files = self._files_with(callback, only)
        for party in range(len(self.budgets.parties)):
            own = [file for file in files if self.budgets.party_of(file.path) == party]
            if own:
                self._go_round(party, callback, own)

    def _go_round(self, party: int, callback: str, files: list[ScriptFile]) -> None:
        left = sum(file.count for file in files)
        self._begin_share(party)
        for file, rows in _in_turn(files, self.budgets.turns.pop((party, callback), None)):
            done = self._call(party, file, file.callback(callback), rows)
            left -= done
            if done * BATCH_ROW_WORDS < rows.size:
                index = int(rows[done * BATCH_ROW_WORDS + 1])
                self.budgets.turns[party, callback] = Turn(file.path, index)
                break
        self._end_share(party)
        self.budgets.skipped[party] += left

    def _files_with(self, callback: str, only: str | None = None) -> list[ScriptFile]:
        """Return the files with a callback that an entity has instances of."""
        files = self.with_callback(callback)
        return [file for file in files if file.count and only in (None, file.path)]

    def dispatch(
        self,
        callback: str,
        indices: I64,
        arguments: I64 = NO_ARGUMENTS,
        *,
        gated: bool = True,
        instances: I64 = ANY,
    ) -> I64:
        """Call a callback for a list of entity indices in their order.

        Args:
            arguments: [n, 3 * BATCH_ARGUMENTS] tag, payload and extra word of each argument.
            gated: leave out entities that are marked for destruction.
            instances: [n] the one instance that each call is for; NO_INSTANCE is any of its entity.

        Returns:
            [k, 2] the calls that found no operations left: which of the n, and the instance.
        """
        skipped, indices = [NO_CALLS], np.ascontiguousarray(indices)
        for file in self._files_with(callback):
            function = file.callback(callback)
            # as many arguments as it takes: to copy them all costs as much as to call it
            width = 0 if arguments is NO_ARGUMENTS else 3 * file.parameter_count(function)
            table, which = file.rows_of(indices, arguments, width, instances)
            if not len(table):
                continue
            if not gated:
                table[:, 1] = NO_GATE
            done = self.call(file, function, table.ravel())
            if done < len(table):
                self.budgets.skip(file.path, len(table) - done)
                skipped.append(np.column_stack([which[done:], table[done:, 0]]))
        return np.concatenate(skipped) if len(skipped) > 1 else NO_CALLS

    def dispatch_to_all(self, callback: str, arguments: I64) -> None:
        """Call a callback of every instance, script by script in entity order, for each row of arguments.

        Args:
            arguments: [n, 3 * BATCH_ARGUMENTS] tag, payload and extra word of each argument.
        """
        for file in self._files_with(callback):
            each = file.rows_of_all().reshape(-1, BATCH_ROW_WORDS)
            table = np.repeat(each, len(arguments), axis=0)
            table[:, 2:] = np.tile(arguments, (len(each), 1))
            done = self.call(file, file.callback(callback), table.ravel())
            self.budgets.skip(file.path, len(table) - done)

    def anyone_has(self, callback: str) -> bool:
        """Return whether a script of some entity defines a callback."""
        return bool(self._files_with(callback))

    def indices_with(self, callback: str) -> I64:
        """Return the indices of the entities that have a script with a callback, ascending."""
        found = [np.flatnonzero(file.instance_of != NO_INSTANCE) for file in self._files_with(callback)]
        return np.unique(np.concatenate([np.zeros(0, np.int64), *found]))

    def call(self, file: ScriptFile, function: int, rows: I64) -> int:
        """Call a function of a script for every row of a batch; what fails is disabled and reported.

        Returns how many rows were gone through: the rest finds no operations left in this tick.
        """
        if not rows.size or file.program is None:
            return rows.size // BATCH_ROW_WORDS
        party = self.budgets.party_of(file.path)
        self._begin_share(party)
        done = self._call(party, file, function, rows)
        self._end_share(party)
        return done

    def _begin_share(self, party: int) -> None:
        """Let calls take from what a party has left."""
        words, budgets = self.machine.words, self.budgets
        words[M.BUDGET], words[M.MEMORY_LEFT] = budgets.left[party], budgets.memory_left[party]
        self.world.storage.counters[Counter.PARTY] = party
        if party:
            words[PRICES] = PRICES_OF_MODS

    def _end_share(self, party: int) -> None:
        """Note what the party has left now."""
        words, budgets = self.machine.words, self.budgets
        budgets.left[party], budgets.memory_left[party] = int(words[M.BUDGET]), int(words[M.MEMORY_LEFT])
        self.world.storage.counters[Counter.PARTY] = 0
        words[M.MEMORY_LEFT], words[PRICES] = UNLIMITED, 0

    def _call(self, party: int, file: ScriptFile, function: int, rows: I64) -> int:
        """Call a function of a script for every row of a batch, within the share that has begun."""

        def on_error(instance: int, error: ScriptError) -> None:
            if party:
                self.machine.words[M.BUDGET] -= OPERATIONS_OF_FAILURE
            self.fail(file, instance, error)

        assert file.program is not None, "the caller has looked"
        return self.machine.call_batch(file.program, function, rows, on_error)

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
        self.sequences.drop(np.array([instance], np.int64))
        entity = int(words[INSTANCE_WORDS * instance + InstanceWord.ENTITY])
        self.failing[instance] = self.report(failure_of(error, file.path, self.world.tick, entity or None))


def _in_turn(files: list[ScriptFile], turn: Turn | None) -> Iterator[tuple[ScriptFile, I64]]:
    """Yield the batch rows of all instances, those of entities in entity order, from a turn on and round."""
    if turn is None:
        yield from ((file, file.rows_of_all()) for file in files)
        return
    for file in files:
        if file.path >= turn.path:
            yield file, file.rows_of_all()[_split(file, turn) :]
    for file in files:
        if file.path < turn.path:
            yield file, file.rows_of_all()
        elif file.path == turn.path:
            yield file, file.rows_of_all()[: _split(file, turn)]


def _split(file: ScriptFile, turn: Turn) -> int:
    """Return where among the words of a file's rows a turn begins."""
    indices = file.rows_of_all()[1::BATCH_ROW_WORDS]
    return int(np.searchsorted(indices, turn.entity)) * BATCH_ROW_WORDS if file.path == turn.path else 0
