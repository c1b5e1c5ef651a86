"""Instances of scripts: giving them to entities and systems, taking them away, their state by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from engine.ecs.membership import among
from engine.ecs.world import World
from engine.scripting.batch_rows import NO_INSTANCE
from engine.scripting.event_queue import EventQueue
from engine.scripting.programs import Disabled, ScriptPrograms
from engine.scripting.script_file import I64, NO_INDICES, ScriptFile, random_seed
from engine.scripting.timers import Timers
from lang.bytecode.program import Program
from lang.layout import INSTANCE_WORDS, InstanceWord
from lang.limits import Limits
from lang.modules import Resolver
from lang.stdlib.registry import NativeTable

NO_ENTITY = 0
FEW_FILES = 32
"""Each of so many is sooner asked than all instances are."""


class ScriptInstances(ScriptPrograms):
    """Who has which script.

    Attributes:
        waiting: path → entities that get an instance when a version of the file compiles.
        births: path → instances that the file ever had, which their generators are seeded from.
        timers: those that instances started. events: those that wait, for any of them or for one.
        file_of: [instances] the `ScriptFile.number` of each, of those that are gone whatever it was.
    """

    def __init__(
        self,
        world: World,
        seed: int,
        limits: Limits,
        resolver: Resolver | None,
        natives: NativeTable | None = None,
    ) -> None:
        super().__init__(world, limits, resolver, natives)
        self.seed = seed
        self.waiting: dict[str, dict[int, None]] = {}
        self.births: dict[str, int] = {}
        self.timers = Timers(world)
        self.events = EventQueue(world)
        self.file_of = np.zeros(1, np.int64)

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
        if instance >= self.file_of.size:
            self._make_file_of(self.file_of)
        self.file_of[instance] = self.files[path].number
        return instance

    def _make_file_of(self, begin: I64) -> None:
        self.file_of = np.zeros(self.machine.instances.size // INSTANCE_WORDS, np.int64)
        self.file_of[: begin.size] = begin

    def find_files(self) -> None:
        """Note whose each instance is, when they did not come one by one."""
        self._make_file_of(NO_INDICES)
        for file in self.files.values():
            self.file_of[file.instances()] = file.number

    def files_of(self, instances: I64) -> list[ScriptFile]:
        """Return the files that some instances are of, each once, in the order of all files.

        For an instance that is of none (`call_api`) it may be any.
        """
        numbers = set(self.file_of.take(instances, mode="clip").tolist())
        return [file for file in self.files.values() if file.number in numbers] if numbers else []

    def parties_of(self, instances: I64) -> I64:
        """Return whose each of some instances is."""
        return self.party_of_file[self.file_of.take(instances, mode="clip")]

    def files_of_entities(self, entities: I64) -> Collection[ScriptFile]:
        """Return the files that some entities have instances of, and perhaps others, in the order of all."""
        if len(self.files) <= FEW_FILES:
            return self.files.values()
        return self.files_of(np.flatnonzero(among(self.words_of_all(InstanceWord.ENTITY), entities)))

    def words_of_all(self, word: InstanceWord) -> I64:
        """Return a word of each instance that there ever was, as a view."""
        return self.machine.instances[int(word) : INSTANCE_WORDS * self.machine.used_rows : INSTANCE_WORDS]

    def memory_used(self) -> list[int]:
        """Return the words of the heaps of each party's instances."""
        count, slices = len(self.budgets.parties), self.words_of_all(InstanceWord.CAPACITY)
        if count == 1:
            return [int(slices.sum())]
        parties = self.parties_of(np.arange(slices.size))
        used: list[int] = [int(slices[parties == party].sum()) for party in range(count)]
        return used

    def is_disabled(self, instance: int) -> bool:
        """Return whether an instance failed, or was switched off."""
        return bool(self.machine.instances[INSTANCE_WORDS * instance + InstanceWord.DISABLED])

    def take_waiting(self, path: str) -> list[int]:
        """Return the entities that wait for a script's first version, and forget them."""
        return list(self.waiting.pop(path, {}))

    def detach(self, entity: int, path: str) -> None:
        """Drop the instance that an entity has of a script, or its wish for one."""
        self.waiting.get(path, {}).pop(entity, None)
        self._drop([self.files[path].remove(self.world.index_of(entity))])

    def _drop(self, instances: Sequence[int]) -> None:
        """Drop instances, and what waits for them; some may be NO_INSTANCE."""
        gone = [instance for instance in instances if instance != NO_INSTANCE]
        if gone:
            for instance in gone:
                self.machine.destroy(instance)
                self.failing.pop(instance, None)
            numbers = np.array(gone, np.int64)
            self.sequences.drop(numbers)
            self.timers.drop(numbers)
            self.events.forget(numbers)

    def detach_system(self, path: str, system: int) -> None:
        """Drop the instance that a system has, if it has one."""
        self._drop([self.files[path].system_instances.pop(system, NO_INSTANCE)])

    def detach_gone(self, entities: I64) -> None:
        """Drop the instances of entities that go, and their wishes for some."""
        indices = (entities & 0xFFFFFFFF) - 1
        files = self.files_of_entities(entities)
        self._drop([instance for file in files for instance in file.take(indices)])
        for waiting in filter(None, self.waiting.values()):
            for entity in entities.tolist():
                waiting.pop(entity, None)

    def switch(self, instance: int, *, on: bool) -> None:
        """Let an instance's callbacks be called, or not until it is switched on again."""
        self.machine.instances[INSTANCE_WORDS * instance + InstanceWord.DISABLED] = (
            Disabled.NOT if on else Disabled.OFF
        )
        self.failing.pop(instance, None)

    def instance_of(self, entity: int, path: str) -> int:
        """Return the instance that an entity has of a script, or NO_INSTANCE."""
        file = self.files[path]
        index = self.world.index_of(entity)
        has_one = file.program is not None and file.has_instance(np.array([index]))[0]
        return int(file.instance_of[index]) if has_one else NO_INSTANCE

    def state(self, entity: int, path: str) -> dict[str, Any]:
        """Return the state variables of an entity's script by name (those that have a value)."""
        instance = self.instance_of(entity, path)
        return {} if instance == NO_INSTANCE else self.machine.state(instance)

    def set_state(self, entity: int, path: str, name: str, value: Any) -> None:
        """Set a state variable of an entity's script.

        Raises:
            KeyError: the entity has no such script, or the script no such variable.
            TypeError: no value of a script is like that.
        """
        instance = self.instance_of(entity, path)
        if instance == NO_INSTANCE:
            raise KeyError(path)
        self.machine.set_state(instance, name, value)
