"""Finding the scripted tests of a game, running them, and telling what came of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from engine.errors import EngineError
from engine.tools.check import SCRIPT_ENDING, TESTS, natives_with, read_script
from engine.tools.errors import BadInput, PathMissing
from engine.tools.plugins import load_plugins
from engine.tools.testing.api_calls import api_functions, call_api
from engine.tools.testing.stage import ExpectationFailed, Stage
from lang import (
    CompileError,
    FolderResolver,
    Interpreter,
    LangError,
    Limits,
    Program,
    ScriptError,
    Source,
)

PREFIX = "test_"
TEST_LIMITS = Limits(operations=50_000_000, seconds=600.0)
"""Of a test: its time counts the game's."""
LINES_SHOWN = 20
"""Of what a failed test and its game printed, the last."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one test.

    Attributes:
        file: as one names it from here. name: of the function; "" of a file that does not compile.
        line, column: where it failed, from 1; None where there is no place, or no failure.
        text: the diagnostic of a failure, ready to print; "" for none.
        printed: what the test and its game printed, oldest first.
    """

    file: str
    name: str
    seconds: float
    line: int | None = None
    column: int | None = None
    text: str = ""
    printed: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all was as the test says."""
        return not self.text

    @property
    def title(self) -> str:
        """File and function."""
        return f"{self.file}::{self.name}" if self.name else self.file

    def lines(self) -> Iterator[str]:
        """Yield what to say of a failure."""
        yield f"FAILED {self.title}"
        yield self.text
        if self.printed:
            yield "printed:"
            yield from (f"    {line}" for line in self.printed[-LINES_SHOWN:])


class GameTestReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of all tests, in the order in which they ran."""

    passed: int
    failed: int
    seconds: float
    tests: tuple[Outcome, ...]

    def summary(self) -> str:
        """Return one line that counts."""
        failed = f"{self.failed} failed, " if self.failed else ""
        return f"{failed}{self.passed} passed in {self.seconds:.2f} s"

    def as_json(self) -> str:
        """Return one line of JSON."""
        return msgspec.json.encode(self).decode()


class _Test(NamedTuple):
    """A test function; without a program, what is wrong with its file."""

    file: str
    name: str
    program: Program | None
    error: CompileError | None = None


def run_tests(
    path: Path,
    keyword: str = "",
    *,
    stops: bool = False,
    plugins: Sequence[str] = (),
    tell: Callable[[Outcome], None] = lambda _outcome: None,
) -> GameTestReport:
    """Run the tests of a game.

    Args:
        path: the game's folder, its folder of tests, or a file of these.
        keyword: run those whose file and name hold it, in whatever case.
        stops: run none after one that fails. plugins: of the game, as `module:object`.
        tell: told of each as it ends.
    Raises:
        BadInput: there is no such path, or nothing to run.
    """
    begin = time.perf_counter()
    game, files = _find(path)
    loaded = load_plugins(plugins)
    stage = Stage(game, loaded)
    interpreter = interpreter_for(stage, api_functions(natives_with(loaded)))
    tests = [test for file in files for test in _tests_of(interpreter, file)]
    chosen = [test for test in tests if keyword.lower() in f"{test.file}::{test.name}".lower()]
    if not chosen:
        what = (
            f'no test of {game} has "{keyword}" in its name' if tests else f"{game} has no function test_…()"
        )
        raise BadInput(what)
    outcomes: list[Outcome] = []
    for test in chosen:
        outcomes.append(_run(test, interpreter, stage))
        tell(outcomes[-1])
        if stops and not outcomes[-1].passed:
            break
    passed = sum(outcome.passed for outcome in outcomes)
    seconds = time.perf_counter() - begin
    return GameTestReport(
        passed=passed, failed=len(outcomes) - passed, seconds=seconds, tests=tuple(outcomes)
    )


def interpreter_for(stage: Stage, names: Iterable[str]) -> Interpreter:
    """Return what runs tests that play on a stage and call functions of the API by these names."""
    resolver = FolderResolver(stage.folder / TESTS)
    interpreter = Interpreter(vectors=True, limits=TEST_LIMITS, on_print=stage.note, resolver=resolver)
    for name, function in stage.functions():
        interpreter.register(name, function)
    for name in names:
        interpreter.register(name, partial(_ask, stage, name))
    return interpreter


def _ask(stage: Stage, name: str, *arguments: Any) -> Any:
    """Call a function of the API in the game of a stage."""
    try:
        return call_api(stage.session.game.scripts, name, arguments)
    except LangError as error:
        raise ExpectationFailed(getattr(error, "message", str(error))) from None


def _find(path: Path) -> tuple[Path, list[Path]]:
    """Return the game's folder and the files of its tests, in the order of their names.

    Raises:
        PathMissing: there are none.
    """
    path = path.absolute()
    if path.is_file():
        if path.suffix != SCRIPT_ENDING:
            raise PathMissing(path, f"not a test ({SCRIPT_ENDING})")
        return path.parent.parent if path.parent.name == TESTS else path.parent, [path]
    if not path.exists():
        raise PathMissing(path)
    game = path.parent if path.name == TESTS else path
    files = sorted((game / TESTS).glob("*" + SCRIPT_ENDING))
    if not files:
        raise PathMissing(game / TESTS, f"there are no tests ({TESTS}/*{SCRIPT_ENDING})")
    return game, files


def _tests_of(interpreter: Interpreter, file: Path) -> Sequence[_Test]:
    """Return the tests of a file in the order in which they stand there."""
    name = _shown(file)
    try:
        program = interpreter.compile(Source(read_script(file), name), state=True)
    except CompileError as error:
        return [_Test(name, "", None, error)]
    found = [
        info
        for info in program.infos
        if info.name.startswith(PREFIX) and not (info.parameters or info.built_in or info.unit)
    ]
    return [_Test(name, info.name, program) for info in sorted(found, key=lambda info: info.at)]


def _shown(file: Path) -> str:
    """Return a file as one names it here, so that a terminal can open it."""
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()


def _run(test: _Test, interpreter: Interpreter, stage: Stage) -> Outcome:
    """Run a test with a game and with script-level variables of its own."""
    begin = time.perf_counter()
    stage.begin()
    error: LangError | None = test.error
    if test.program is not None:
        try:
            with interpreter.instance(test.program) as instance:
                instance.call(test.name)
        except ScriptError as failed:
            error = _explained(failed)
        finally:
            stage.close()
    seconds = time.perf_counter() - begin
    if not isinstance(error, CompileError | ScriptError):
        return Outcome(file=test.file, name=test.name, seconds=seconds)
    return Outcome(
        file=test.file,
        name=test.name,
        seconds=seconds,
        line=error.line,
        column=error.column,
        text=error.diagnostic(),
        printed=tuple(stage.log),
    )


def _explained(error: ScriptError) -> ScriptError:
    """Return an error at its place in the words of what the engine or the test had to say."""
    cause = error.__cause__
    if not isinstance(cause, EngineError):
        return error
    return ScriptError(error.source, error.at, str(cause), error.kind, call_stack=error.call_stack)
