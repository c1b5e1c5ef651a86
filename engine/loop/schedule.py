"""The stages of a tick, in their one order, and the systems that run in them.

A system is called with nothing and keeps what it needs. Systems of one stage run in the order in
which they were added. The time that each stage took is kept for the last ticks, for overlays and
benchmarks; it never reaches the simulation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum, unique

import numpy as np

from engine.errors import DuplicateSystem, UnknownStage
from lang.jit import F64, I64

System = Callable[[], object]

TICKS_KEPT = 4096
"""Ticks whose timings are kept."""

NANOSECONDS_PER_MILLISECOND = 1e6


@unique
class Stage(IntEnum):
    """The stages of a tick, in order."""

    INPUT = 0
    PERCEPTION = 1  # the space index
    AI_PLANNING = 2
    SIMULATION = 3  # on_update, script systems
    PHYSICS = 4
    EVENTS = 5  # callbacks of what happened
    COMMANDS = 6  # removals, changes, births
    ANIMATION = 7
    PARTICLES = 8
    AUDIO = 9
    PRESENT = 10

    @property
    def label(self) -> str:
        """The name that scenes use."""
        return self.name.lower()


STAGE_NAMES = tuple(stage.label for stage in Stage)


def stage_named(name: str) -> Stage:
    """Return the stage of a name.

    Raises:
        UnknownStage: there is none; the message lists them all.
    """
    if name not in STAGE_NAMES:
        raise UnknownStage(name, STAGE_NAMES)
    return Stage(STAGE_NAMES.index(name))


@dataclass(frozen=True, slots=True)
class Registered:
    """A system and where it runs."""

    name: str
    stage: Stage
    run: System


class Schedule:
    """Runs the systems of a tick and keeps what each stage took.

    `nanoseconds` is [ticks_kept, stages]; row `tick % ticks_kept` belongs to a tick.
    """

    def __init__(self, ticks_kept: int = TICKS_KEPT) -> None:
        self._systems: dict[Stage, list[Registered]] = {stage: [] for stage in Stage}
        self._stages: dict[str, Stage] = {}
        self.nanoseconds: I64 = np.zeros((ticks_kept, len(Stage)), np.int64)
        self.ticks_run = 0

    def add(self, stage: Stage | str, name: str, run: System) -> None:
        """Add a system after those that its stage has already.

        Raises:
            UnknownStage: no stage has this name.  DuplicateSystem: a system has this name already.
        """
        chosen = stage if isinstance(stage, Stage) else stage_named(stage)
        if name in self._stages:
            raise DuplicateSystem(name, self._stages[name].label)
        self._stages[name] = chosen
        self._systems[chosen].append(Registered(name, chosen, run))

    def remove(self, name: str) -> None:
        """Remove a system; a name that is not there is no error."""
        stage = self._stages.pop(name, None)
        if stage is not None:
            self._systems[stage] = [system for system in self._systems[stage] if system.name != name]

    def __iter__(self) -> Iterator[Registered]:
        for stage in Stage:
            yield from self._systems[stage]

    def run_tick(self) -> None:
        """Run every stage once, in order; an error of a system leaves the tick unfinished."""
        row = self.nanoseconds[self.ticks_run % len(self.nanoseconds)]
        row[:] = 0
        for stage in Stage:
            self.run_stage(stage)
        self.ticks_run += 1

    def run_stage(self, stage: Stage) -> None:
        """Run the systems of one stage and add the time they took to the present tick's.

        What they add to their own stage runs from the next tick on. An error says which system raised it.
        """
        systems = self._systems[stage]
        if not systems:
            return
        begin = time.perf_counter_ns()
        for system in tuple(systems):
            try:
                system.run()
            except Exception as error:
                error.add_note(f"in system `{system.name}` of stage `{stage.label}`")
                raise
        self.nanoseconds[self.ticks_run % len(self.nanoseconds), stage] += time.perf_counter_ns() - begin

    def milliseconds(self, skip: int = 0) -> F64:
        """Return the times of the ticks kept, oldest first, [ticks, stages], without the first `skip` run."""
        kept = len(self.nanoseconds)
        first = max(self.ticks_run - kept, min(skip, self.ticks_run))
        rows = np.arange(first, self.ticks_run) % kept
        return self.nanoseconds[rows] / NANOSECONDS_PER_MILLISECOND
