"""One thing that a check found."""

from __future__ import annotations

import msgspec

from lang.errors import CompileError
from lang.source import Source

ERROR = "error"
WARNING = "warning"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, where, and how to mend it. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    severity: str
    """"error" or "warning"."""
    kind: str
    """The kit's name of a parse error, or the name of a warning, such as "unused-variable"."""
    message: str
    hint: str | None
    text: str
    """Ready to print: place, message, the line with a caret, hint."""


def of_error(error: CompileError) -> Finding:
    """Return an error as a finding."""
    return Finding(
        file=error.source.name,
        line=error.line or 1,
        column=error.column or 1,
        severity=ERROR,
        kind=error.kind,
        message=error.message,
        hint=error.hint,
        text=error.diagnostic(),
    )


def warning(source: Source, at: int, kind: str, message: str, hint: str | None = None) -> Finding:
    """Return a warning about a place."""
    line, column = source.place(at)
    text = f"{source.name}:{line}:{column}: warning: {message}\n{source.snippet(at)}"
    return Finding(
        file=source.name,
        line=line,
        column=column,
        severity=WARNING,
        kind=kind,
        message=message,
        hint=hint,
        text=text if hint is None else f"{text}\nhint: {hint}",
    )
