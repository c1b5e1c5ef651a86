"""What is wrong with a game that goes on: faults of its files, and diagnostics of its scripts that hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.scripting.scripts import Scripts


class GameFaults:
    """The faults that a game has at the moment."""

    def __init__(self, scripts: Scripts, warn: Callable[[str], None]) -> None:
        self._scripts = scripts
        self._warn = warn
        self._of_files: dict[str, str] = {}

    def report(self, name: str, text: str) -> None:
        """Show a fault of a file that the game asked for and runs on without; one a name, told once.

        No text says that the file is good now.
        """
        if not text:
            self._of_files.pop(name, None)
        elif self._of_files.get(name) != text:
            self._of_files[name] = text
            self._warn(text)

    def texts(self) -> Sequence[str]:
        """Return the texts that still hold: of files, then of scripts, oldest first; equal ones once."""
        failing = [*self._scripts.broken.values(), *self._scripts.failing.values()]
        failing.sort(key=lambda failure: failure.tick)
        return [*self._of_files.values(), *dict.fromkeys(failure.diagnostic for failure in failing)]
