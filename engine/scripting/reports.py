"""What the author of a script is told when it fails: once for each instance and program."""

from __future__ import annotations

from dataclasses import dataclass

from lang.errors import CompileError, ScriptError


@dataclass(frozen=True)
class ScriptFailure:
    """One failure of a script.

    Attributes:
        file: as the scene names it. line, column: from 1, None where there is no place.
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


def failure_of(
    error: CompileError | ScriptError, file: str, tick: int, entity: int | None = None
) -> ScriptFailure:
    """Return the report of an error."""
    kind = "Parsing" if isinstance(error, CompileError) else error.kind
    return ScriptFailure(
        file, error.line, error.column, kind, error.message, entity, tick, error.diagnostic()
    )
