"""Script systems: a script of the scene that runs once a tick over the entities of a query.

It defines `run(e)`, called for each entity, or `run_all(entities)`, called once with their ids.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.ecs.query import Query
from engine.scripting.calls import NO_GATE
from engine.scripting.script_file import I64
from engine.scripting.scripts import Scripts
from lang.errors import ScriptError
from lang.layout import BATCH_ROW_WORDS
from lang.values import Tag

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
            self._scripts.call(file, file.program.top_level, top_level_row(instance))
        callbacks = file.program.callbacks
        if ALL in callbacks:
            self._run_all(instance, callbacks[ALL], self._query.entities())
        elif EACH in callbacks:
            self._scripts.call(file, callbacks[EACH], rows_of(instance, self._query.entities()))

    def _run_all(self, instance: int, function: int, entities: I64) -> None:
        if self._scripts.is_disabled(instance):
            return
        machine = self._scripts.machine
        limits = machine.limits
        machine.set_limits(replace(limits, operations=limits.operations * max(len(entities), 1)))
        try:
            machine.call(instance, function, (entities.tolist(),))
        except ScriptError as error:
            self._scripts.fail(self._scripts.files[self._path], instance, error)
        finally:
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
