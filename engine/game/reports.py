"""What a game has to say: lines, messages, failures of its scripts, times of its stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.game.faults import GameFaults
from engine.game.log import GameLog
from engine.loop.schedule import Schedule, Stage
from engine.render.view import Fault, Message
from engine.scripting.reports import Listener, ScriptFailure
from engine.scripting.scripts import Scripts


class GameReports:
    """The part of a game that tells, to whoever runs it."""

    log: GameLog
    scripts: Scripts
    schedule: Schedule
    _faults: GameFaults

    @property
    def error_reports(self) -> Sequence[ScriptFailure]:
        """Every failure of a script since the start, oldest first."""
        return self.scripts.failures

    def drain_log(self) -> list[str]:
        """Return what scripts printed since the last call, and forget it."""
        return self.log.take_lines()

    def take_messages(self) -> Sequence[Message]:
        """Return what was printed or noted since the last call, and forget it."""
        return self.log.take_messages()

    def script_errors(self) -> Sequence[str]:
        """Return the diagnostics that still hold, oldest first; one that many entities share, once."""
        return self._faults.texts()

    def on_script_error(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(failure)` at the end of a tick for each failure in it; returns what ends that."""
        return self.scripts.listen(listener)

    def faults(self) -> Sequence[Fault]:
        """Return what fails at the moment, a script once; the same object until it changes."""
        return self._faults.all()

    def report_fault(self, name: str, text: str) -> None:
        """Show a fault of a file that the game runs on without; see `GameFaults.report`."""
        self._faults.report(name, text)

    def stage_times(self) -> Sequence[tuple[str, float]]:
        """Return the stages of the last tick in order, in milliseconds."""
        row = self.schedule.milliseconds()[-1:]
        return [(stage.label, float(row[0, stage])) for stage in Stage] if row.size else []
