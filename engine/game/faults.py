"""What is wrong with a game that goes on: faults of its files, and diagnostics of its scripts that hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.game.scene_view import SceneView
from engine.render.view import Fault, Place
from engine.scripting.reports import ScriptFailure
from engine.scripting.scripts import Scripts


class GameFaults:
    """The faults that a game has at the moment."""

    def __init__(self, scripts: Scripts, warn: Callable[[str], None], view: SceneView) -> None:
        """Take the scripts, what tells warnings, and the scene, which may become another one."""
        self._scripts = scripts
        self._warn = warn
        self._view = view
        scripts.names_of = view.names_of
        self._faults: tuple[Fault, ...] = ()
        self._known: object = None
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

    def all(self) -> Sequence[Fault]:
        """Return what fails: other files, then scripts, the one that failed first, first."""
        scripts = self._scripts
        failures = len(scripts.failures) + scripts.dropped_failures  # each new one is counted there
        known = (failures, len(scripts.failing), len(scripts.broken), tuple(self._of_files.values()))
        if known != self._known:  # asked for in each frame
            self._known = known
            files = [Fault(name, text) for name, text in self._of_files.items()]
            self._faults = (*files, *self._of_scripts())
        return self._faults

    def _of_scripts(self) -> list[Fault]:
        by_script: dict[str, list[ScriptFailure]] = {}
        scripts = self._scripts
        for failure in sorted(scripts.failing.values(), key=lambda failure: failure.tick):
            by_script.setdefault(failure.file, []).append(failure)
        for failure in scripts.broken.values():
            by_script.setdefault(failure.file, []).append(failure)  # last: it has to be mended first
        return [self._of_script(name, failures) for name, failures in by_script.items()]

    def _of_script(self, name: str, failures: list[ScriptFailure]) -> Fault:
        newest = failures[-1]
        place = None
        if newest.line is not None and newest.column is not None:
            place = Place(self._view.scene.script_path(newest.place_file), newest.line, newest.column)
        return Fault(
            name,
            newest.diagnostic,
            others=len({failure.diagnostic for failure in failures}) - 1,
            entities=sum(failure.entity is not None for failure in failures)
            + len(self._scripts.waiting.get(name, ())),
            place=place,
            is_script=True,
        )
