"""What the author of a script is told when it fails: once for each instance and program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import ObserverFailed
from engine.scripting.name_hints import NamesOf
from lang.errors import CompileError, ScriptError
from lang.source import NO_PLACE

MOST_FAILURES = 10_000
"""Failures kept; later ones are counted."""


_CONTROLS = [*range(0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
_VISIBLE = {code: f"\\u{code:04x}" for code in _CONTROLS if chr(code) not in "\n\t"}


def visible(text: str) -> str:
    """Return a text with control characters made visible: they are not to reach a terminal, or turn lines."""
    return text if text.isprintable() else text.translate(_VISIBLE)


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
    message, diagnostic = visible(error.message), visible(error.diagnostic())
    return ScriptFailure(file, error.line, error.column, kind, message, entity, tick, diagnostic, place_file)


Listener = Callable[[ScriptFailure], object]


class ScriptReports:
    """What failed in a world's scripts: what was reported, and what still holds.

    Attributes:
        failures: the first failures, oldest first. dropped_failures: how many came after those.
        failing: instance → why it is disabled.
        broken: path → diagnostic of the newest version of the file, where that does not compile.
        names_of: the names that the scene has of a kind, for hints.
    """

    def __init__(self) -> None:
        self.names_of: NamesOf = lambda _kind: ()
        self.failures: list[ScriptFailure] = []
        self.dropped_failures = 0
        self.failing: dict[int, ScriptFailure] = {}
        self.broken: dict[str, ScriptFailure] = {}
        self._listeners: list[Listener] = []
        self._told = 0

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Let a callable hear of every failure that is not told yet; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self) -> None:
        """Tell all listeners of new failures, failure by failure in their order: `on_script_error`.

        Raises:
            ObserverFailed: a listener raised; it is not told of this failure again.
        """
        while self._told < len(self.failures):
            failure = self.failures[self._told]
            self._told += 1
            for listener in tuple(self._listeners):
                try:
                    listener(failure)
                except Exception as error:
                    name = getattr(listener, "__qualname__", type(listener).__name__)
                    raise ObserverFailed(name, "on_script_error", "", error) from error

    def report(self, failure: ScriptFailure) -> ScriptFailure:
        """Keep a failure; returns it."""
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(failure)
        else:
            self.dropped_failures += 1
        return failure
