"""What can go wrong with a script: its text, its compiled program, or its run.

LangError
├── CompileError    the text is not a script
├── VerifyError     a program (from a cache, from another machine) is not sound
├── SnapshotError   a snapshot of an instance is not sound, or of another program
└── ScriptError     the run failed
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from itertools import groupby

from lang.source import NO_PLACE, Source

_LONG_NAMES = re.compile(r"&str \| ImmutableString \| String|core::ops::range::Range(?:Inclusive)?<i64>")
"""How messages that scripts can see call a string and a range."""
FRAMES_SHOWN = 3  # of a row of equal calls


class LangError(Exception):
    """Base class of every error that the language raises on purpose."""


class PlacedError(LangError):
    """An error at a place of a script's text."""

    def __init__(self, source: Source, at: int, message: str, kind: str) -> None:
        """Say what went wrong and where.

        Args:
            source: the script. at: character offset in it, or `NO_PLACE`.
            message: one sentence without the place. kind: the name of the case, as in the conformance kit.
        """
        super().__init__(message)
        self.source = source
        self.at = at
        self.message = message
        self.kind = kind

    @property
    def line(self) -> int | None:
        """Line from 1, or None where the error has no place."""
        return None if self.at == NO_PLACE else self.source.place(self.at)[0]

    @property
    def column(self) -> int | None:
        """Column from 1 in characters, or None where the error has no place."""
        return None if self.at == NO_PLACE else self.source.place(self.at)[1]

    def diagnostic(self) -> str:
        """Return the message with its place and the line it is about, ready to print."""
        if self.at == NO_PLACE:
            return f"{self.source.name}: {self._shown_message()}"
        line, column = self.source.place(self.at)
        name = self.source.part_at(self.at).name
        return f"{name}:{line}:{column}: {self._shown_message()}\n{self.source.snippet(self.at)}"

    def _shown_message(self) -> str:
        """Return the message as a person is to read it."""
        return self.message

    def __str__(self) -> str:
        """Return the message with line and column, without the text around it."""
        if self.at == NO_PLACE:
            return self.message
        line, column = self.source.place(self.at)
        return f"{self.message} (line {line}, position {column})"


class CompileError(PlacedError):
    """The text is not a script. `kind` is the kit's parse kind, such as "MissingToken"."""

    def __init__(
        self, source: Source, at: int, message: str, kind: str = "BadInput", hint: str | None = None
    ) -> None:
        """Take also a hint: one sentence on how to mend the text."""
        super().__init__(source, at, message, kind)
        self.hint = hint

    def diagnostic(self) -> str:
        """Return the placed message, and the hint below it."""
        text = super().diagnostic()
        return text if self.hint is None else f"{text}\nhint: {self.hint}"


class VerifyError(LangError):
    """A program breaks a rule that the machine relies on; it must not run."""


class SnapshotError(LangError):
    """A snapshot is damaged, of another program or version, or too large for the limits."""


class ScriptError(PlacedError):
    """The run of a script failed. `kind` is the kit's error name, such as "ErrorArithmetic"."""

    def __init__(
        self,
        source: Source,
        at: int,
        message: str,
        kind: str,
        value: object = None,
        call_stack: tuple[tuple[str, int], ...] = (),
    ) -> None:
        """Take also what was thrown and how the run came there.

        Args:
            value: the thrown value as a Python value, None if nothing was thrown.
            call_stack: (function name, character offset of the call), innermost first.
        """
        super().__init__(source, at, message, kind)
        self.value = value
        self.call_stack = call_stack
        self.find_hint: Callable[[], str | None] = _no_hint

    @cached_property
    def hint(self) -> str | None:
        """One sentence on what may be wrong; it is looked for when it is asked for."""
        return self.find_hint()

    def diagnostic(self) -> str:
        """Return the placed message, a line for each call below it, and the hint."""
        lines = [super().diagnostic()]
        for (name, at), frames in groupby(self.call_stack):
            where = "" if at == NO_PLACE else " at " + self._place_of_call(at)
            called = "a closure" if name.startswith("anon$") else f"{name}()"
            shown = [f"  in {called}{where}"] * sum(1 for _ in frames)
            lines += shown[:FRAMES_SHOWN]
            if len(shown) > FRAMES_SHOWN:
                lines.append(f"  … {len(shown) - FRAMES_SHOWN} more like it")
        if self.hint is not None:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)

    def _shown_message(self) -> str:
        """Return the message with the names of types that `type_of` knows."""
        if self.kind == "ErrorRuntime":
            return self.message
        return _LONG_NAMES.sub(lambda name: "string" if name[0].startswith("&") else "range", self.message)

    def _place_of_call(self, at: int) -> str:
        """Return line and column, and the script where it is not the one that the error is in."""
        part = self.source.part_at(at)
        elsewhere = self.at != NO_PLACE and part is not self.source.part_at(self.at)
        line, column = self.source.place(at)
        return f"{part.name}:{line}:{column}" if elsewhere else f"{line}:{column}"


def _no_hint() -> None:
    return None
