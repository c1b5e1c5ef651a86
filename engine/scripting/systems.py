"""Script systems: a script of the scene that runs once a tick over the entities of a query.

It defines `run(e)`, called for each entity, or `run_all(entities)`, called once with their ids.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.ecs.layout import Counter
from engine.ecs.query import Query
from engine.scripting.budgets import Turn
from engine.scripting.calls import NO_GATE
from engine.scripting.programs import Disabled
from engine.scripting.script_file import I64, ScriptFile
from engine.scripting.scripts import Scripts
from lang.errors import ScriptError
from lang.faults import Fault
from lang.layout import BATCH_ROW_WORDS, M
from lang.values import Tag
from lang.workspace import UNLIMITED

EACH, ALL = "run", "run_all"


class ScriptSystem:
    """One `[[system]]` of a scene: an instance of its script that belongs to no entity."""

    def __init__(self, scripts: Scripts, path: str, query: Query, number: int = 0) -> None:
        """Take the scripts, the file, the query, and a number that no other system of the file has."""
        self._scripts = scripts
        self._path = path
        self._query = query
        self._number = number

    def run(self) -> None:
        """Call `run` for each entity of the query in entity order, or `run_all` with all of them."""
        file = self._scripts.files[self._path]
        if file.program is None:
            return
        instance = file.system_instances.get(self._number)
        if instance is None:
            instance = self._scripts.attach_system(self._path, self._number)
            self._scripts.disable(np.array([instance]), Disabled.UNSTARTED)
        if not self._start(file, instance):
            return
        callbacks = file.program.callbacks
        if ALL in callbacks:
            self._run_all(file, instance, callbacks[ALL], self._query.entities())
        elif EACH in callbacks:
            self._run_each(file, instance, callbacks[EACH], self._query.entities())

    def _start(self, file: ScriptFile, instance: int) -> bool:
        """Run the top level unless it has run; returns whether it has."""
        assert file.program is not None, "the caller has looked"
        scripts, own = self._scripts, np.array([instance])
        if scripts.why_disabled(own)[0] != Disabled.UNSTARTED:
            return True
        scripts.disable(own, Disabled.NOT)
        if scripts.call(file, file.program.top_level, top_level_row(instance)):
            return True
        scripts.disable(own, Disabled.UNSTARTED)
        scripts.budgets.skip(file.path, 1)
        return False

    def _run_each(self, file: ScriptFile, instance: int, function: int, entities: I64) -> None:
        """Call `run` from where the last round stopped, and round."""
        budgets = self._scripts.budgets
        key = budgets.party_of(file.path), f"system {self._number}"
        turn = budgets.turns.pop(key, None)
        if turn is not None:
            entities = np.roll(entities, -np.searchsorted((entities & 0xFFFFFFFF) - 1, turn.entity))
        done = self._scripts.call(file, function, rows_of(instance, entities))
        if done < entities.size:
            budgets.turns[key] = Turn(file.path, int(entities[done] & 0xFFFFFFFF) - 1)
            budgets.skip(file.path, entities.size - done)

    def _run_all(self, file: ScriptFile, instance: int, function: int, entities: I64) -> None:
        """Call `run_all`; where not even the operations of all its entities are left, with what is left."""
        scripts, machine = self._scripts, self._scripts.machine
        if scripts.is_disabled(instance):
            return
        budgets, party = scripts.budgets, scripts.budgets.party_of(file.path)
        limits = machine.limits
        wanted = limits.operations * max(len(entities), 1)
        given = min(wanted, budgets.left[party])
        if given < limits.operations:
            budgets.skip(file.path, 1)
            return
        machine.set_limits(replace(limits, operations=given))
        counters = scripts.world.storage.counters
        counters[Counter.PARTY], machine.words[M.MEMORY_LEFT] = party, budgets.memory_left[party]
        try:
            machine.call(instance, function, (entities.tolist(),))
        except ScriptError as error:
            if given < wanted and error.kind == Fault.TOO_MANY_OPERATIONS.kind:
                budgets.skip(file.path, 1)
            else:
                scripts.fail(file, instance, error)
        finally:
            budgets.left[party] -= machine.spent
            budgets.memory_left[party] = machine.word(M.MEMORY_LEFT)
            counters[Counter.PARTY], machine.words[M.MEMORY_LEFT] = 0, UNLIMITED
            machine.set_limits(limits)


def rows_of(instance: int, entities: I64) -> I64:
    """Return batch rows that call an instance once for each entity id, behind the entity's gate."""
    rows = np.zeros((entities.size, BATCH_ROW_WORDS), np.int64)
    rows[:, 0] = instance
    rows[:, 1] = (entities & 0xFFFFFFFF) - 1
    rows[:, 2] = int(Tag.INT)
    rows[:, 3] = entities
    return rows.ravel()


def top_level_row(instance: int) -> I64:
    """Return the batch row that runs an instance's top level."""
    row = np.zeros(BATCH_ROW_WORDS, np.int64)
    row[:2] = instance, NO_GATE
    return row
