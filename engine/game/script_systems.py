"""The script systems of a scene in the schedule of a game."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.ecs.query import Query
from engine.ecs.world import World
from engine.loop.schedule import Schedule
from engine.scene.tables import System
from engine.scripting.scripts import Scripts
from engine.scripting.systems import ScriptSystem

Run = Callable[[], None]


class GameSystems:
    """Keeps the script systems of one game in its schedule, each with its instance."""

    def __init__(
        self, world: World, scripts: Scripts, schedule: Schedule, timed: Callable[[Run], Run]
    ) -> None:
        """Take a game's parts, and what lets the time of a system count as time of scripts."""
        self._world = world
        self._scripts = scripts
        self._schedule = schedule
        self._timed = timed
        self._known: list[tuple[System, int]] = []
        self._labels: list[str] = []
        self._numbers = 0

    def set(self, systems: Sequence[System]) -> None:
        """Let these run, in their order; one that ran before keeps its instance, the others' are dropped."""
        left = self._known.copy()
        found: list[tuple[System, int]] = []
        for system in systems:
            known = next((one for one in left if one[0].script == system.script), None)
            if known is None:
                self._numbers += 1
                found.append((system, self._numbers))
            else:
                left.remove(known)
                found.append((system, known[1]))
        for system, number in left:
            self._scripts.detach_system(system.script, number)
        for label in self._labels:
            self._schedule.remove(label)
        self._known = found
        self._labels = [f"system {place}: {system.script}" for place, (system, _) in enumerate(found, 1)]
        for label, (system, number) in zip(self._labels, found, strict=True):
            query = Query(self._world, system.with_components, system.without_components)
            run = ScriptSystem(self._scripts, system.script, query, number).run
            self._schedule.add(system.stage, label, self._timed(run))
