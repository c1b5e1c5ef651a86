"""The class for programs that embed the language; `docs/embedding.md` is its manual."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar, overload

from lang.bytecode.program import Program
from lang.check import check_source
from lang.check.finding import Finding
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.conversion import Conversions
from lang.errors import ScriptError
from lang.evaluation import NATIVES
from lang.handles import ScriptFunction, gates
from lang.host_machine import HostMachine, Ticket
from lang.instance import Instance
from lang.layout import M
from lang.lending import lend
from lang.limits import Limits
from lang.modules import Resolver
from lang.optimise.passes import ALL_PASSES, Pass
from lang.prelude import prelude_program
from lang.program_cache import ProgramCache
from lang.scope import Scope
from lang.source import NO_PLACE, Source
from lang.stdlib.registry import HostFault
from lang.stdlib.table import standard_natives

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
PROGRAMS_KEPT = 128
"""Compiled texts that an interpreter remembers."""


class Interpreter:
    """Runs scripts, and lets them and Python call each other.

    Any thread may use it: one script runs at a time, others wait for it. What a script calls in Python
    runs in the thread of the script; it may call functions that the script handed to it, and not start
    another script here (RuntimeError). Several interpreters run at the same time, without the GIL.
    """

    def __init__(  # noqa: PLR0913 - options, all by name
        self,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        *,
        vectors: bool = False,
        limits: Limits | None = None,
        on_print: Callable[[str], None] = print,
        on_debug: Callable[[str, int, int], None] | None = None,
        on_progress: Callable[[int], object] | None = None,
        resolver: Resolver | None = None,
        passes: frozenset[Pass] = ALL_PASSES,
        cache: ProgramCache | None = None,
        eval: bool = False,  # noqa: A002 - the name that scripts use
    ) -> None:
        """Make an interpreter.

        Args:
            functions: Python functions that scripts may call by these names (see `register`).
            vectors: allow ``(x, y)`` and ``(x, y, z)``. limits: what each run may use.
            on_print: gets the text of each `print`. on_debug: gets text, line and column of each `debug`.
            on_progress: is told now and then (each million operations or so) how many operations a run
                has taken; a true result ends the run, and so does an exception, which the caller gets.
            resolver: gives the files that scripts import (`lang.modules`); None: scripts cannot import.
            passes: those of the optimiser; they change nothing but the time that a run takes.
            cache: where compiled programs are kept on disk; None: nowhere.
            eval: scripts may evaluate texts, but not those that run in a scope.
        """
        self._cache = cache
        self.on_print = on_print
        self.on_debug = on_debug
        self.on_progress = on_progress
        self._conversions = Conversions()
        natives = standard_natives()
        natives.extend(NATIVES)
        self._machine = HostMachine(natives, limits)
        options = Options(natives, vectors=vectors, handles=True, resolver=resolver, passes=passes)
        self._options = replace(options, eval=eval)
        self._prelude = prelude_program(natives, gates())
        self._machine.on_print = self._printed
        self._machine.on_debug = self._debugged
        self._machine.on_slice = lambda spent: bool(self.on_progress and self.on_progress(spent))
        self._machine.on_call = self._called_back
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="script")
        self._programs: dict[tuple[Source, bool], Program] = {}
        for name, function in (functions or {}).items():
            self.register(name, function)

    # --- what scripts may call --------------------------------------------------------------------

    @overload
    def register(self, name: str, function: F) -> F: ...
    @overload
    def register(self, name: str) -> Callable[[F], F]: ...
    def register(self, name: str, function: F | None = None) -> F | Callable[[F], F]:
        """Let scripts call a Python function; without one, a decorator.

        Type hints of its parameters are checked and converted; functions of one name are tried in the
        order in which they were registered, a built-in of that name last. An exception of the function is an
        error of the script at the call, which it may catch; uncaught, the exception is the `__cause__`.

        Raises:
            ValueError: that is no name of a function. TypeError: no script can call such a function.
        """
        if function is None:
            return partial(self.register, name)
        if not name.isidentifier():
            raise ValueError(f"{name!r} is no name of a function")
        with self.idle() as machine:
            lend(machine.natives, name, function, self._conversions)
            machine.linker.publish()
            self._programs.clear()
        return function

    def register_type(
        self, cls: type[T], to_script: Callable[[T], Any], from_script: Callable[[Any], T] | None = None
    ) -> None:
        """Convert a Python class at the boundary.

        Args:
            to_script: makes a value of a script (a map, a string, …) of an object of the class.
            from_script: makes an object again, for parameters with the class as their type hint.
        """
        self._conversions.register(cls, to_script, from_script)

    def to_script(self, value: Any) -> Any:
        """Return a Python value in the form in which scripts get it.

        Raises:
            TypeError: no script value is like that. ValueError: it is too large, or holds itself.
        """
        try:
            return self._conversions.to_script(value)
        except RecursionError:
            raise ValueError("a script cannot hold a value that is nested so deeply") from None

    # --- compiling and running --------------------------------------------------------------------

    def compile(self, script: str | Source, *, state: bool = False) -> Program:
        """Return the program of a script.

        Args:
            script: its text, or a `Source` with the name that messages show.
            state: its script-level variables are visible to its functions, and stay in an `Instance`;
                calls of unknown functions are then errors of the text.
        Raises:
            CompileError: the text is not a script.
        """
        source = _source(script)
        found = self._programs.pop((source, state), None)
        if found is None:
            options = replace(self._options, entity=state)
            compile_text = compile_source if self._cache is None else self._cache.compile
            found = compile_text(source, options, self._prelude)
            if len(self._programs) >= PROGRAMS_KEPT:
                del self._programs[next(iter(self._programs))]
        if len(found.files) == 1:  # what is imported may change
            self._programs[source, state] = found
        return found

    def check(self, script: str | Source, *, state: bool = False) -> list[Finding]:
        """Return all errors and warnings of a script, without running it; `state` as for `compile`."""
        return check_source(_source(script), replace(self._options, entity=state), self._prelude)

    def run(self, script: str | Source | Program, scope: Scope | None = None) -> Any:
        """Run a script; returns its value as a Python value.

        Args:
            scope: variables that the script begins with, and leaves its own in. A script that runs with
                one is given as text.
        Raises:
            CompileError: the text is not a script. ScriptError: the run failed or used too much.
        """
        return self._run(script, scope, Ticket())

    def _run(self, script: str | Source | Program, scope: Scope | None, ticket: Ticket) -> Any:
        if scope is not None:
            if isinstance(script, Program):
                raise TypeError("with a scope a script is given as text, for its names are looked up in it")
            with self.idle(ticket) as machine:
                return scope.run(_source(script), machine, self._options, self._prelude, self.to_script)
        program = script if isinstance(script, Program) else self.compile(script)
        with self.idle(ticket) as machine:
            instance = machine.create(program)
            try:
                return machine.run_top_level(instance)
            finally:
                machine.destroy(instance)

    def call(self, target: Program | Scope | Instance, function: str, /, *arguments: Any) -> Any:
        """Call a function of a script.

        Args:
            target: an instance; a scope, for the functions that it keeps; or a program, in an instance
                for this one call whose top level has not run.
        Raises:
            KeyError: there is none of that name. TypeError: none with so many parameters, or an argument
                is nothing that a script can hold. ScriptError: the call failed or used too much.
        """
        return self._call(Ticket(), target, function, *arguments)

    def _call(self, ticket: Ticket, target: Program | Scope | Instance, name: str, *arguments: Any) -> Any:
        values = tuple(map(self.to_script, arguments))
        with self.idle(ticket) as machine:
            if isinstance(target, Program):
                index = _function(target, name, len(values))
                instance = machine.create(target)
                try:
                    return machine.call(instance, index, values)
                finally:
                    machine.destroy(instance)
            if not isinstance(target, Scope | Instance):
                raise TypeError(f"functions are called of a program, scope or instance, not of {target!r}")
            instance = target.number
            return machine.call(instance, _function(machine.program_of(instance), name, len(values)), values)

    def instance(self, script: str | Source | Program) -> Instance:
        """Return a new instance of a program, its top level run.

        Args:
            script: a program, best one that was compiled with `state=True`; text is compiled so.
        Raises:
            CompileError: the text is not a script. ScriptError: the top level failed.
        """
        program = script if isinstance(script, Program) else self.compile(script, state=True)
        with self.idle() as machine:
            instance = Instance(self, program, machine.create(program))
            machine.run_top_level(instance.number)
        return instance

    # --- threads ----------------------------------------------------------------------------------

    async def run_async(self, script: str | Source | Program, scope: Scope | None = None) -> Any:
        """Do `run` in a thread of this interpreter; cancelling the task ends the script."""
        return await self._in_thread(partial(self._run, script, scope))

    async def call_async(self, target: Program | Scope | Instance, function: str, /, *arguments: Any) -> Any:
        """Do `call` in a thread of this interpreter; cancelling the task ends the script."""
        return await self._in_thread(lambda ticket: self._call(ticket, target, function, *arguments))

    async def _in_thread(self, work: Callable[[Ticket], Any]) -> Any:
        ticket = Ticket()
        done = asyncio.get_running_loop().run_in_executor(self._threads, work, ticket)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            ticket.cancelled = True
            if not done.cancel():
                await asyncio.wait([done])
            raise

    def cancel(self) -> None:
        """End the script that is running, if one is, as soon as it can be; from any thread."""
        self._machine.ticket.cancelled = True

    @contextmanager
    def idle(self, ticket: Ticket | None = None) -> Iterator[HostMachine]:
        """Wait until no script runs, and keep others out.

        Raises:
            RuntimeError: this thread is in a Python function that a running script has called.
        """
        if self._owner == threading.get_ident():
            raise RuntimeError("this interpreter is running the script that called this function")
        with self._lock:
            self._owner = threading.get_ident()
            self._machine.ticket = ticket or Ticket()
            self._machine.destroy_abandoned()
            try:
                yield self._machine
            except HostFault as error:
                source = Source("", "value")
                raise ScriptError(source, NO_PLACE, error.fault.message, error.fault.kind) from None
            finally:
                self._owner = None

    def abandon(self, instance: int) -> None:
        """Give an instance's memory back before the next run; for what Python no longer holds."""
        self._machine.abandoned.append(instance)

    def _called_back(self, function: ScriptFunction, arguments: tuple[Any, ...]) -> Any:
        if not function.is_there:
            raise RuntimeError(f"the run that {function.name} belongs to has ended")
        values = tuple(map(self.to_script, arguments))
        if self._owner != threading.get_ident():
            with self.idle() as machine:
                return machine.call_function(function, values)
        if function.instance != self._machine.word(M.INSTANCE):
            raise RuntimeError(f"{function.name} belongs to another instance than the one that is running")
        return self._machine.call_within(function, values)

    # --- what it tells ----------------------------------------------------------------------------

    @property
    def limits(self) -> Limits:
        """What each run may use; a new value holds for later runs, its memory for later instances."""
        return self._machine.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        with self.idle() as machine:
            machine.set_limits(limits)

    @property
    def operations(self) -> int:
        """Operations that the last run took."""
        return self._machine.spent

    @property
    def native_names(self) -> list[str]:
        """Names of what scripts can call that is not written in the language, by number."""
        return [entry.name for entry in self._options.natives.entries]

    def _printed(self, text: str) -> None:
        self.on_print(text)

    def _debugged(self, text: str, at: int) -> None:
        if self.on_debug is not None:
            source = self._machine.program.source
            self.on_debug(text, *(source.place(at) if at != NO_PLACE else (0, 0)))


def _source(script: str | Source) -> Source:
    if isinstance(script, Source):
        return script
    if not isinstance(script, str):
        raise TypeError(f"a script is a str, a Source or a Program, not a {type(script).__name__}")
    return Source(script)


def _function(program: Program, name: str, count: int) -> int:
    """Return the function of that name and number of parameters.

    Raises:
        KeyError: there is none of that name. TypeError: none with so many parameters.
    """
    found = program.functions_by_name.get(name)
    if found is None:
        raise KeyError(f"the script has no function {name!r}")
    if count not in found:
        raise TypeError(f"{name}() takes {' or '.join(map(str, sorted(found)))} arguments, not {count}")
    return found[count]
