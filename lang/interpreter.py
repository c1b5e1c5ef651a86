"""The short way to run scripts from Python: compile, run, call functions, lend functions to scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lang.bytecode.program import Program
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.faults import Fault
from lang.limits import Limits
from lang.machine import Machine
from lang.prelude import prelude_program
from lang.scope import Scope
from lang.source import Source
from lang.stdlib.registry import HostFault, NativeEntry
from lang.stdlib.table import standard_natives


class Interpreter:
    """Runs scripts, each in an instance of its own; nothing is left over from one to the next."""

    def __init__(
        self,
        functions: dict[str, Callable[..., Any]] | None = None,
        *,
        vectors: bool = False,
        limits: Limits | None = None,
        on_print: Callable[[str], None] = print,
    ) -> None:
        """Make an interpreter.

        Args:
            functions: Python functions that scripts may call by these names. vectors: allow ``(x, y)``.
            limits: what each run may use. on_print: gets the text of each `print`.
        """
        natives = standard_natives()
        for name, function in (functions or {}).items():
            natives.extend([NativeEntry(name, _lent(function))])
        self._options = Options(natives, vectors=vectors)
        self._prelude = prelude_program(natives)
        self._machine = Machine(natives, limits)
        self._machine.on_print = on_print

    def compile(self, script: str | Source) -> Program:
        """Return the program of a script.

        Raises:
            CompileError: the text is not a script.
        """
        return compile_source(_source(script), self._options, self._prelude)

    def run(self, script: str | Source | Program, scope: Scope | None = None) -> Any:
        """Run a script; returns its value as a Python value (see `lang.heap.convert`).

        Args:
            scope: variables that the script begins with, and leaves its own in. A script that runs with
                one is given as text.
        Raises:
            CompileError: the text is not a script. ScriptError: the run failed or used too much.
        """
        if scope is not None:
            if isinstance(script, Program):
                raise TypeError("with a scope a script is given as text, for its names are looked up in it")
            return scope.run(_source(script), self._machine, self._options, self._prelude)
        program = script if isinstance(script, Program) else self.compile(script)
        return self._in_instance(program, program.top_level, ())

    def call(self, program: Program, function: str, *arguments: Any) -> Any:
        """Call a function of a program; its top level is not run.

        Raises:
            KeyError: it has no such function. TypeError: the number or a type of the arguments is wrong.
            ScriptError: the run failed or used too much.
        """
        index = program.callbacks[function]
        wanted = len(program.infos[index].parameters)
        if wanted != len(arguments):
            raise TypeError(f"{function}() takes {wanted} arguments, not {len(arguments)}")
        return self._in_instance(program, index, arguments)

    def _in_instance(self, program: Program, function: int, arguments: tuple[Any, ...]) -> Any:
        instance = self._machine.create(program)
        try:
            return self._machine.call(instance, function, arguments)
        finally:
            self._machine.destroy(instance)


def _source(script: str | Source) -> Source:
    return script if isinstance(script, Source) else Source(script)


def _lent(function: Callable[..., Any]) -> Callable[[Any, int, int], None]:
    """Return a host function that calls a Python function with a script's values."""

    def host_function(machine: Machine, window: int, count: int) -> None:
        try:
            result = function(*machine.arguments(window, count))
        except (TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise HostFault(Fault.MATH, f"{type(error).__name__}: {error}") from error
        try:
            machine.put(window, result)
        except TypeError as error:
            raise HostFault(Fault.MATH, str(error)) from error

    return host_function
