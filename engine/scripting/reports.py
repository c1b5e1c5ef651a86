"""What the author of a script is told when it fails: once for each instance and program."""

from __future__ import annotations

from dataclasses import dataclass

from lang.errors import CompileError, ScriptError
from lang.source import NO_PLACE

MOST_FAILURES = 10_000
"""Failures kept; later ones are counted."""


@dataclass(frozen=True)
class ScriptFailure:
    """One failure of a script.

    Attributes:
        file: as the scene names it. place_file: the file that the place lies in, which may be imported.
        line, column: from 1, None where there is no place.
        kind: as the conformance kit names it. entity: its id, None for a file that does not compile.
        diagnostic: the text with source line, caret and call stack.
    """

    file: str
    line: int | None
    column: int | None
    kind: str
    message: str
    entity: int | None
    tick: int
    diagnostic: str
    place_file: str


def failure_of(
    error: CompileError | ScriptError, file: str, tick: int, entity: int | None = None
) -> ScriptFailure:
    """Return the report of an error."""
    kind = "Parsing" if isinstance(error, CompileError) else error.kind
    place_file = file if error.at == NO_PLACE else error.source.part_at(error.at).name
    return ScriptFailure(
        file, error.line, error.column, kind, error.message, entity, tick, error.diagnostic(), place_file
    )


class ScriptReports:
    """What failed in a world's scripts: what was reported, and what still holds.

    Attributes:
        failures: the first failures, oldest first. dropped_failures: how many came after those.
        failing: instance → why it is disabled.
        broken: path → diagnostic of the newest version of the file, where that does not compile.
    """

    def __init__(self) -> None:
        self.failures: list[ScriptFailure] = []
        self.dropped_failures = 0
        self.failing: dict[int, ScriptFailure] = {}
        self.broken: dict[str, ScriptFailure] = {}

    def report(self, failure: ScriptFailure) -> ScriptFailure:
        """Keep a failure; returns it."""
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(failure)
        else:
            self.dropped_failures += 1
        return failure
