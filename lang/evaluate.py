"""JSON lines in, outcomes out: ``python -m lang.evaluate``.

Each line of standard input is ``{"id", "script"}``; for each, at once, one line tells the outcome.
Whatever it reads, it answers and goes on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.errors import CompileError, LangError, ScriptError
from lang.evaluation import NATIVES
from lang.limits import Limits
from lang.machine import Machine
from lang.optimise.passes import ALL_PASSES, Pass
from lang.prelude import prelude_program
from lang.source import Source
from lang.stdlib.table import standard_natives
from lang.stdlib.text import display, host_debug, type_name

MOST_PRINTED = 100_000


class Outcome(msgspec.Struct, frozen=True):
    """What a script came to; fields that do not apply are None."""

    id: Any
    ok: bool
    type: str | None = None
    value: str | None = None
    display: str | None = None
    error: str | None = None
    phase: str | None = None
    message: str | None = None
    line: int | None = None
    pos: int | None = None
    printed: list[str] = []
    ops: int | None = None


class Evaluator:
    """Evaluates scripts one after another in strict mode, each in an instance of its own."""

    def __init__(
        self,
        *,
        vectors: bool = False,
        limits: Limits | None = None,
        passes: frozenset[Pass] = ALL_PASSES,
    ) -> None:
        """Make an evaluator; `vectors` allows the vector extension, `passes` are those of the optimiser."""
        natives = standard_natives()
        natives.extend(NATIVES)
        self.options = Options(natives, vectors=vectors, eval=True, passes=passes)
        self.machine = Machine(natives, limits or Limits())
        self.prelude = prelude_program(natives)

    def evaluate(self, script: str, name: object = None) -> Outcome:
        """Run a script; never raises."""
        printed: list[str] = []

        def on_print(text: str) -> None:
            if len(printed) < MOST_PRINTED:
                printed.append(text)

        self.machine.on_print = on_print
        try:
            program = compile_source(Source(script), self.options, self.prelude)
        except CompileError as error:
            return Outcome(
                name, False, error="Parsing", phase="parse", message=str(error),
                line=error.line, pos=error.column, printed=printed,
            )  # fmt: skip
        instance = self.machine.create(program)
        try:
            value = self.machine.run_top_level(instance)
        except ScriptError as error:
            return Outcome(
                name, False, error=error.kind, phase="eval", message=str(error),
                line=error.line, pos=error.column, printed=printed,
            )  # fmt: skip
        finally:
            self.machine.destroy(instance)
        return Outcome(
            name, True, type_name(value), host_debug(value), display(value),
            printed=printed, ops=self.machine.spent,
        )  # fmt: skip

    def answer(self, line: str) -> Outcome:
        """Return the outcome of one line of input."""
        name: object = None
        try:
            request = json.loads(line)
            name = request.get("id")
            return self.evaluate(str(request["script"]), name)
        except LangError as error:
            return Outcome(name, False, error="ErrorSystem", phase="eval", message=str(error))
        except Exception as error:  # noqa: BLE001 - the promise is to answer whatever comes
            message = f"{type(error).__name__}: {error}"
            return Outcome(name, False, error="ErrorSystem", phase="eval", message=message)


def serve(lines: Iterator[str] | IO[str], out: IO[str], evaluator: Evaluator) -> None:
    """Answer every line that is not blank."""
    for line in lines:
        if line.strip():
            text = msgspec.json.encode(evaluator.answer(line)).decode()
            out.write(text + "\n")
            out.flush()


def main() -> None:
    """Run as a command."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    serve(sys.stdin, sys.stdout, Evaluator(vectors="--vectors" in sys.argv[1:]))


if __name__ == "__main__":
    main()
