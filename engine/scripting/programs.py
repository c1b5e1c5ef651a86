"""The script files of a world: compiling them, and swapping in new versions under their instances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, unique

import numpy as np

from engine.ecs.world import World
from engine.scripting.budgets import Budgets
from engine.scripting.compiling import compile_script, script_natives
from engine.scripting.reports import ScriptReports, failure_of
from engine.scripting.sandbox import ScriptSandbox
from engine.scripting.script_file import ScriptFile
from engine.scripting.sequences import Sequences
from lang.bytecode.program import Program
from lang.errors import CompileError
from lang.layout import INSTANCE_WORDS, InstanceWord
from lang.limits import Limits
from lang.linking import load_kernels
from lang.migration import Migration, migrate, plan_migration
from lang.modules import Resolver
from lang.source import Source, parts_of
from lang.stdlib.registry import NativeTable


@dataclass(frozen=True)
class ScriptVersion:
    """A version of a file, compiled but not in use.

    Attributes:
        path, text: of the file. parts: the files that it is made of, its own among them.
        program: None if it does not compile; `error` then tells why. It is the program that runs already
            if that is made of the same texts.
        plan: how instances get from the program that ran when this was made to the new one.
    """

    path: str
    text: str
    parts: tuple[Source, ...]
    program: Program | None = None
    plan: Migration | None = None
    error: CompileError | None = None


@unique
class Disabled(IntEnum):
    """Why an instance's callbacks are not called: the value of its word."""

    NOT = 0
    FAILED = 1  # until a new version of its file
    OFF = 2  # until Python switches it on
    UNSTARTED = 3  # until there are operations for its top level
    UNSPAWNED = 4  # until there are operations for its on_spawn


ENDED = "the sequence '{name}' ends, for a function that it is in has changed"


class ScriptPrograms(ScriptReports):
    """The files of a world's scripts and the machine that runs their programs.

    Attributes:
        natives: what scripts can call. files: by path; those of the game before those of
            each mod, in the order of paths.
        on_warning: hears what a compiler warns of.
        budgets: what they may use in a tick. party_of_file: by `ScriptFile.number`, whose a file is.
        programs_version: changes when a file gets a program.
        on_file_wanted: loads a file that a save needs, or raises an UnknownScript.
        sequences: functions of instances that wait.
    """

    def __init__(
        self, world: World, limits: Limits, resolver: Resolver | None, natives: NativeTable | None = None
    ) -> None:
        super().__init__()
        self.natives = natives or script_natives()
        self.world = world
        self._resolver = resolver
        self.machine = ScriptSandbox(world, self.natives, limits)
        self.reflection = self.machine.reflection
        self.budgets = Budgets()
        self.files: dict[str, ScriptFile] = {}
        self.party_of_file = np.zeros(0, np.int64)
        self.programs_version = 0
        self._with_callback: dict[str, list[ScriptFile]] = {}
        self.on_warning: Callable[[str], None] = lambda _text: None
        self.on_file_wanted: Callable[[str], None] = lambda _path: None
        self.sequences = Sequences(world)

    def load(self, path: str, text: str) -> ScriptFile:
        """Compile a file's first version; one that does not compile is reported and has no program."""
        file = self.files.get(path)
        return self.enter(self.compile(path, text, file.program if file else None))

    def enter(self, version: ScriptVersion) -> ScriptFile:
        """Take the first version of a file."""
        file = self.files.get(version.path)
        if file is None:
            file = self.files[version.path] = ScriptFile(version.path, len(self.files))
            self.party_of_file = np.append(self.party_of_file, self.budgets.party_of(version.path))
            self.files = dict(
                sorted(self.files.items(), key=lambda one: (self.budgets.party_of(one[0]), one[0]))
            )
        self.swap(version)
        return file

    def compile(self, path: str, text: str, running: Program | None = None) -> ScriptVersion:
        """Compile a version of a file, and plan the way to it from the program that runs.

        Nothing is changed, so any thread may do it.
        """
        try:
            program = compile_script(
                text, path, resolver=self._resolver, natives=self.machine.natives_for(path)
            )
        except CompileError as error:
            return ScriptVersion(path, text, parts_of(error.source), error=error)
        load_kernels(program, self.natives)
        parts = parts_of(program.source)
        if running is None or parts == parts_of(running.source):
            return ScriptVersion(path, text, parts, running or program)
        return ScriptVersion(path, text, parts, program, plan_migration(running, program))

    def with_callback(self, callback: str) -> list[ScriptFile]:
        """Return the files whose programs have a callback, in the order of all files."""
        found = self._with_callback.get(callback)
        if found is None:
            files = self.files.values()
            found = [file for file in files if file.program and callback in file.program.callbacks]
            self._with_callback[callback] = found
        return found

    def replace(self, path: str, text: str) -> bool:
        """Swap in a new version of a file for all its instances; returns whether it compiled."""
        return self.swap(self.compile(path, text, self.files[path].program))

    def swap(self, version: ScriptVersion) -> bool:
        """Let all instances of a file run a version of it; returns whether it compiled.

        One that does not compile is reported and changes nothing else. What a fault disabled is enabled.
        """
        path = version.path
        file = self.files[path]
        file.text = version.text
        file.files = tuple(dict.fromkeys(part.name for part in version.parts))
        if version.error is not None:
            self.broken[path] = self.report(failure_of(version.error, path, self.world.tick))
            return False
        assert version.program is not None, "a version is a program or an error"
        self.broken.pop(path, None)
        if version.program is not file.program:
            for warning in version.program.warnings:
                self.on_warning(warning)
            self._move(file, version.program, version.plan)
        self._enable(file)
        return True

    def bring_up(self, path: str, then: Program) -> None:
        """Let the instances of a file run its present program, which run an earlier one; none stays off."""
        file = self.files[path]
        assert file.program is not None, "what has run once is never without a program"
        present, file.program = file.program, then
        self._move(file, present, None)
        self._enable(file)

    def _move(self, file: ScriptFile, program: Program, plan: Migration | None) -> None:
        self.programs_version += 1
        self._with_callback.clear()
        old = file.program
        if old is None:
            file.program = program
            return
        if plan is None or plan.old is not old:  # another version came first
            plan = plan_migration(old, program)
        waiting = self.sequences.waiting_in(self.machine, file, old)
        file.program = plan.new
        for warning in migrate(self.machine, file.instances(), plan):
            self.on_warning(f"{file.path}: warning: {warning}")
        for name in self.sequences.end_lost(self.machine, plan.new, waiting):
            self.on_warning(f"{file.path}: warning: {ENDED.format(name=name)}")

    def _enable(self, file: ScriptFile) -> None:
        for instance in file.instances().tolist():
            word = INSTANCE_WORDS * instance + InstanceWord.DISABLED
            if self.machine.instances[word] == Disabled.FAILED:
                self.machine.instances[word] = Disabled.NOT
            self.failing.pop(instance, None)
