"""Instances of scripts: giving them to entities and systems, taking them away, their state by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.ecs.world import World
from engine.scripting.programs import ScriptPrograms
from engine.scripting.script_file import NO_INSTANCE, random_seed
from engine.scripting.timers import Timers
from lang.bytecode.program import Program
from lang.layout import INSTANCE_WORDS, InstanceWord
from lang.limits import Limits
from lang.modules import Resolver

NO_ENTITY = 0


class ScriptInstances(ScriptPrograms):
    """Who has which script.

    Attributes:
        waiting: path → entities that get an instance when a version of the file compiles.
        births: path → instances that the file ever had, which their generators are seeded from.
        timers: those that instances started.
    """

    def __init__(self, world: World, seed: int, limits: Limits, resolver: Resolver | None) -> None:
        super().__init__(world, limits, resolver)
        self.seed = seed
        self.waiting: dict[str, dict[int, None]] = {}
        self.births: dict[str, int] = {}
        self.timers = Timers(world)

    def attach(self, entity: int, path: str) -> None:
        """Give an entity an instance of a script; its top level has not run yet."""
        file = self.files[path]
        if file.program is None:
            self.waiting.setdefault(path, {})[entity] = None
            return
        instance = self._create(path, file.program, entity)
        file.add(self.world.index_of(entity), instance)

    def attach_system(self, path: str, system: int) -> int:
        """Return a new instance of a compiled script for a system of that number."""
        file = self.files[path]
        assert file.program is not None, "the caller has looked"
        instance = self._create(path, file.program, NO_ENTITY)
        file.system_instances[system] = instance
        return instance

    def _create(self, path: str, program: Program, entity: int) -> int:
        instance = self.machine.create(program)
        row = INSTANCE_WORDS * instance
        words = self.machine.instances
        words[row + InstanceWord.ENTITY] = entity
        words[row + InstanceWord.DISABLED] = 0
        number = self.births[path] = self.births.get(path, 0) + 1
        words[row + InstanceWord.RANDOM] = random_seed(self.seed, path, number)
        return instance

    def is_disabled(self, instance: int) -> bool:
        """Return whether an instance failed and waits for a new version of its file."""
        return bool(self.machine.instances[INSTANCE_WORDS * instance + InstanceWord.DISABLED])

    def take_waiting(self, path: str) -> list[int]:
        """Return the entities that wait for a script's first version, and forget them."""
        return list(self.waiting.pop(path, {}))

    def detach_all(self, entity: int) -> None:
        """Drop the instances of an entity, and its wish for some."""
        for waiting in self.waiting.values():
            waiting.pop(entity, None)
        for file in self.files.values():
            instance = file.remove(self.world.index_of(entity))
            if instance != NO_INSTANCE:
                self.machine.destroy(instance)
                self.timers.drop(instance)
                self.failing.pop(instance, None)

    def _instance(self, entity: int, path: str) -> int:
        file = self.files[path]
        index = self.world.index_of(entity)
        has_one = file.program is not None and file.has_instance(np.array([index]))[0]
        return int(file.instance_of[index]) if has_one else NO_INSTANCE

    def state(self, entity: int, path: str) -> dict[str, Any]:
        """Return the state variables of an entity's script by name (those that have a value)."""
        instance = self._instance(entity, path)
        return {} if instance == NO_INSTANCE else self.machine.state(instance)

    def set_state(self, entity: int, path: str, name: str, value: Any) -> None:
        """Set a state variable of an entity's script.

        Raises:
            KeyError: the entity has no such script, or the script no such variable.
            TypeError: no value of a script is like that.
        """
        instance = self._instance(entity, path)
        if instance == NO_INSTANCE:
            raise KeyError(path)
        self.machine.set_state(instance, name, value)
