"""Sequences of script instances: which wait, until which tick, and letting those go on whose time has come.

What a sequence is in the middle of lies on the heap of its instance (`lang.vm.suspension`). Here is a row
of each in one flat array, so that those that wait cost one comparison of a column a tick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.ecs.layout import PartyWord, WorldSlot
from engine.ecs.membership import among
from engine.ecs.world import World
from engine.scripting.event_queue import larger, room_for
from lang.bytecode.program import Program
from lang.instance_state import waiting_functions
from lang.jit import I64
from lang.layout import BATCH_ROW_WORDS
from lang.machine import Machine
from lang.values import Tag
from lang.vm.suspension import SEQUENCE_PART

if TYPE_CHECKING:
    from engine.scripting.calls import ScriptCalls
    from engine.scripting.script_file import ScriptFile

Waiting = dict[int, dict[int, str]]
"""Instance → handle → the function that was started."""
SEQUENCE_WORDS = 4
INSTANCE, ENTITY, HANDLE, DUE = range(SEQUENCE_WORDS)
"""Instance (FREE: nobody's), entity (0: of a script system), handle, tick at which it goes on.

DUE of a row of nobody is the next such row, or NO_ROW.
"""
FREE = -1
NO_ROW = -1
USED, FIRST_FREE, FIRST_ROW = range(3)
"""Words of `WorldSlot.SEQUENCES`: rows ever used, first row of nobody; then rows."""
FIRST_ROWS, MOST_ROWS = 64, 1 << 17
NO_GATE = -1
GATE, GIVEN_TAG, GIVEN_HANDLE, BEGUN = 1, 2, 3, 4
"""Words of a row of a batch, behind the instance."""


class Sequences:
    """All sequences of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._array = np.zeros(FIRST_ROW + SEQUENCE_WORDS * FIRST_ROWS, np.int64)
        self._array[FIRST_FREE] = NO_ROW
        world.publish(WorldSlot.SEQUENCES, self._array)

    @property
    def rows(self) -> I64:
        """The rows ever used [n, SEQUENCE_WORDS], those of nobody among them, as a view."""
        used = FIRST_ROW + SEQUENCE_WORDS * int(self._array[USED])
        return self._array[FIRST_ROW:used].reshape(-1, SEQUENCE_WORDS)

    def __len__(self) -> int:
        return int((self.rows[:, INSTANCE] != FREE).sum())

    def held(self, parties: int) -> I64:
        """Return how many each party has, whose its handle is."""
        rows = self.rows
        return np.bincount((rows[rows[:, INSTANCE] != FREE, HANDLE] - 1) % parties, minlength=parties)

    @property
    def arrays(self) -> tuple[I64]:
        """The whole table."""
        return (self._array,)

    def hold(self, array: I64) -> None:
        """Work on this array from now on."""
        self._array = array
        self._world.publish(WorldSlot.SEQUENCES, array)

    @property
    def words(self) -> I64:
        """The whole table, as `put` takes it."""
        return self._array[: FIRST_ROW + self.rows.size].copy()

    @property
    def state(self) -> I64:
        """The sequences and the handles given out, for the state hash; none before one was ever started."""
        rows = self.rows
        waiting = rows[rows[:, INSTANCE] != FREE][:, ENTITY:]
        given = self._world.storage.parties[:, PartyWord.SEQUENCES]
        return np.append(waiting.ravel(), given) if given.any() else given[:0]

    def put(self, words: I64) -> None:
        """Hold the sequences of such a table.

        Raises:
            TooMuchWaits: they are more than may be.
        """
        most = FIRST_ROW + SEQUENCE_WORDS * MOST_ROWS
        array = room_for(words.size, FIRST_ROW + SEQUENCE_WORDS * FIRST_ROWS, most)
        array[: words.size] = words
        self.hold(array)

    def make_room(self) -> None:
        """Grow when another sequence finds no row.

        Raises:
            TooMuchWaits: there are as many as may be.
        """
        is_full = FIRST_ROW + SEQUENCE_WORDS * (int(self._array[USED]) + 1) > self._array.size
        if is_full and self._array[FIRST_FREE] == NO_ROW:
            self.hold(larger(self._array, FIRST_ROW + SEQUENCE_WORDS * MOST_ROWS))

    def drop(self, instances: I64) -> None:
        """End the sequences of instances, as far as this table knows them, one instance after another."""
        of_rows = self.rows[:, INSTANCE]
        held = np.flatnonzero(among(of_rows, instances))
        for instance in instances[among(instances, of_rows[held])].tolist():
            self._free(held[of_rows[held] == instance])

    def waiting_in(self, machine: Machine, file: ScriptFile, program: Program) -> Waiting:
        """Return the functions that wait in the instances of a script: instance → handle → name."""
        instances = np.intersect1d(file.instances(), self.rows[:, INSTANCE]).tolist()
        return {instance: waiting_functions(machine, instance, program) for instance in instances}

    def end_lost(self, machine: Machine, program: Program, before: Waiting) -> list[str]:
        """End those that a new version of a script has not taken over; returns their names, each once."""
        lost: dict[str, None] = {}
        for instance, names in before.items():
            gone = names.keys() - waiting_functions(machine, instance, program).keys()
            lost.update((names[handle], None) for handle in sorted(gone))
            of_instance = np.flatnonzero(self.rows[:, INSTANCE] == instance)
            self._free(of_instance[np.isin(self.rows[of_instance, HANDLE], list(gone))])
        return list(lost)

    def _free(self, numbers: I64) -> None:
        rows = self.rows
        for row in numbers.tolist():
            rows[row] = (FREE, 0, 0, self._array[FIRST_FREE])
            self._array[FIRST_FREE] = row

    def run(self, scripts: ScriptCalls, tick: int) -> None:
        """Let those go on whose time has come: by script, entity (systems last) and handle."""
        rows = self.rows
        due = np.flatnonzero((rows[:, DUE] <= tick) & (rows[:, INSTANCE] != FREE))
        if not due.size:
            return
        asked = rows[due]
        indices = _indices(asked)
        files = scripts.files_of(asked[:, INSTANCE])
        batches = [(file, due[_of_file(file, asked, indices)]) for file in files]
        for file, numbers in batches:
            if numbers.size:
                self._run_batch(scripts, file, numbers, tick)

    def _run_batch(self, scripts: ScriptCalls, file: ScriptFile, numbers: I64, tick: int) -> None:
        asked = self.rows[numbers]  # a copy: parts may start and stop sequences
        batch = np.zeros((len(asked), BATCH_ROW_WORDS), np.int64)
        batch[:, 0] = asked[:, INSTANCE]
        batch[:, GATE] = np.where(asked[:, ENTITY] == 0, NO_GATE, _indices(asked))
        batch[:, GIVEN_TAG] = int(Tag.INT)
        batch[:, GIVEN_HANDLE] = asked[:, HANDLE]
        done = scripts.call(file, SEQUENCE_PART, batch.reshape(-1))
        scripts.budgets.skip(file.path, len(batch) - done)
        now = self.rows[numbers]
        ended = (batch[:, BEGUN] != 0) & (now[:, HANDLE] == asked[:, HANDLE]) & (now[:, DUE] <= tick)
        self._free(numbers[ended])


def _indices(rows: I64) -> I64:
    return (rows[:, ENTITY] & 0xFFFFFFFF) - 1


def _of_file(file: ScriptFile, asked: I64, indices: I64) -> I64:
    """Return which of the due rows are of a script, in their order: late ones first."""
    known = (indices >= 0) & (indices < file.instance_of.size)
    own = known & (file.instance_of[np.where(known, indices, 0)] == asked[:, INSTANCE])
    if file.system_instances:
        own |= np.isin(asked[:, INSTANCE], list(file.system_instances.values()))
    mine = np.flatnonzero(own)
    asked = asked[mine]
    place = np.where(asked[:, ENTITY] == 0, np.iinfo(np.int64).max, asked[:, ENTITY] & 0xFFFFFFFF)
    return mine[np.lexsort((asked[:, HANDLE], place, asked[:, DUE]))]
