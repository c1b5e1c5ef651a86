"""The script files of a world: compiling them, and swapping in new versions under their instances."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum, unique

from engine.ecs.world import World
from engine.scripting.compiling import compile_script, script_natives
from engine.scripting.reports import ScriptReports, failure_of
from engine.scripting.sandbox import ScriptSandbox
from engine.scripting.script_file import ScriptFile
from lang.bytecode.program import Program
from lang.errors import CompileError
from lang.layout import INSTANCE_WORDS, InstanceWord
from lang.limits import Limits
from lang.migration import migrate
from lang.modules import Resolver
from lang.source import parts_of


@unique
class Disabled(IntEnum):
    """Why an instance's callbacks are not called: the value of its word."""

    NOT = 0
    FAILED = 1  # until a new version of its file
    OFF = 2  # until Python switches it on


class ScriptPrograms(ScriptReports):
    """The files of a world's scripts and the machine that runs their programs.

    Attributes:
        files: by path, in the order of paths. on_warning: hears what a compiler warns of.
        on_file_wanted: loads a file that a save needs, or raises an UnknownScript.
    """

    def __init__(self, world: World, limits: Limits, resolver: Resolver | None) -> None:
        super().__init__()
        self.world = world
        self._resolver = resolver
        self.machine = ScriptSandbox(world, script_natives(), limits)
        self.reflection = self.machine.reflection
        self.files: dict[str, ScriptFile] = {}
        self.on_warning: Callable[[str], None] = lambda _text: None
        self.on_file_wanted: Callable[[str], None] = lambda _path: None

    def load(self, path: str, text: str) -> ScriptFile:
        """Compile a file's first version; one that does not compile is reported and has no program."""
        file = self.files.get(path)
        if file is None:
            file = self.files[path] = ScriptFile(path)
            self.files = dict(sorted(self.files.items()))
        self.replace(path, text)
        return file

    def compile(self, path: str, text: str) -> Program | None:
        """Compile a version of a file; a failure is reported and leaves the file broken."""
        try:
            program = compile_script(text, path, resolver=self._resolver)
        except CompileError as error:
            self.files[path].files = tuple(part.name for part in parts_of(error.source))
            self.broken[path] = self.report(failure_of(error, path, self.world.tick))
            return None
        self.files[path].files = program.files
        self.broken.pop(path, None)
        for warning in program.warnings:
            self.on_warning(warning)
        return program

    def replace(self, path: str, text: str) -> bool:
        """Swap in a new version of a file for all its instances; returns whether it compiled."""
        file = self.files[path]
        file.text = text
        program = self.compile(path, text)
        if program is None:
            return False
        old = file.program
        file.program = program
        if old is not None:
            file.program, warnings = migrate(self.machine, file.instances(), old, program)
            for warning in dict.fromkeys(warnings):
                self.on_warning(f"{path}: warning: {warning}")
            for instance in file.instances().tolist():
                self._enable(instance)
        return True

    def _enable(self, instance: int) -> None:
        word = INSTANCE_WORDS * instance + InstanceWord.DISABLED
        if self.machine.instances[word] == Disabled.FAILED:
            self.machine.instances[word] = Disabled.NOT
        self.failing.pop(instance, None)
