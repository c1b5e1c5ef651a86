"""The state of all scripts in memory: the arrays that hold it, and what Python knows beside them.

Of what waits and of shared values everything lies in arrays. What was reported stays reported; what still
fails is state, since the instances that failed are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.scripting.batch_rows import NO_INSTANCE
from engine.scripting.budgets import Turn
from engine.scripting.reports import ScriptFailure
from engine.scripting.script_file import I64
from engine.scripting.scripts import Scripts
from lang.bytecode.program import Program
from lang.machine_state import (
    MachineValues,
    hold_machine_arrays,
    machine_arrays,
    machine_values,
    put_machine_values,
)

MACHINE_ARRAYS = 3


class FileValues(NamedTuple):
    """A script: the program that its instances run, those of systems, and who waits for a program."""

    program: Program | None
    systems: tuple[tuple[int, int], ...]
    waiting: tuple[int, ...]
    births: int


class ScriptsValues(NamedTuple):
    """What Python knows of all scripts."""

    machine: MachineValues
    files: dict[str, FileValues]
    failing: dict[int, ScriptFailure]
    seed: int
    turns: dict[tuple[int, str], Turn]


class ScriptsState:
    """Reads and writes the state of the scripts of one world."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def arrays(self, paths: Sequence[str] | None = None) -> list[I64]:
        """Return the arrays of the state, with those of the files of these paths (of all)."""
        scripts = self._scripts
        files = scripts.files if paths is None else paths
        return [
            *machine_arrays(scripts.machine),
            *(array for store in scripts.stores for array in store.arrays),
            *(scripts.files[path].instance_of for path in files),
        ]

    def hold(self, arrays: Sequence[I64], paths: Sequence[str]) -> None:
        """Let the scripts work on these arrays, in the order of `arrays`."""
        scripts, given = self._scripts, iter(arrays[MACHINE_ARRAYS:])
        hold_machine_arrays(scripts.machine, arrays[:MACHINE_ARRAYS])
        for store in scripts.stores:
            store.hold(*(next(given) for _ in store.arrays))
        for path in paths:
            scripts.files[path].instance_of = next(given)

    def values(self) -> ScriptsValues:
        """Return the rest of the state, between two ticks."""
        scripts = self._scripts
        files = {
            path: FileValues(
                file.program,
                tuple(file.system_instances.items()),
                tuple(scripts.waiting.get(path, ())),
                scripts.births.get(path, 0),
            )
            for path, file in scripts.files.items()
        }
        machine, turns = machine_values(scripts.machine), dict(scripts.budgets.turns)
        return ScriptsValues(machine, files, dict(scripts.failing), scripts.seed, turns)

    def put(self, values: ScriptsValues) -> list[str]:
        """Return to earlier values; the arrays hold what they held then.

        Instances of a version that was replaced since run the new one, with their state by name.

        Returns:
            The scripts that were replaced since, or compiled for the first time.
        """
        scripts = self._scripts
        put_machine_values(scripts.machine, values.machine)
        scripts.seed, scripts.failing = values.seed, dict(values.failing)
        scripts.budgets.turns = dict(values.turns)
        scripts.budgets.has_late_births = True  # perhaps
        waiting = {path: file.waiting for path, file in values.files.items() if file.waiting}
        scripts.waiting = {path: dict.fromkeys(entities) for path, entities in waiting.items()}
        scripts.births = {path: file.births for path, file in values.files.items() if file.births}
        scripts.teleports.take()
        for path, file in scripts.files.items():
            file.version += 1  # its batches are of other instances
            file.system_instances = dict(values.files[path].systems) if path in values.files else {}
            if path not in values.files:
                file.instance_of[:] = NO_INSTANCE
        scripts.find_files()
        return [path for path, file in values.files.items() if self._catch_up(path, file.program)]

    def _catch_up(self, path: str, then: Program | None) -> bool:
        """Give the newest program of a file to its instances; returns whether it is another one than then."""
        scripts, file = self._scripts, self._scripts.files[path]
        if file.program is then or file.program is None:
            return False
        if then is not None:
            scripts.bring_up(path, then)
        return True
