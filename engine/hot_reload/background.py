"""Work that would make a tick late, done in a thread; what comes of it is taken over between two ticks.

Python runs one thread at a time and lets the other one wait for five milliseconds, which a tick of many
short calls into compiled code would pay again and again. While there is work, threads take turns much
faster: a tick then loses little more than what the work itself takes.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from typing import ClassVar

TURN = 0.0002
"""Seconds of a turn while there is work."""

Finish = Callable[[], None]
"""Takes over what came of some work."""
Work = Callable[[], Finish]
"""Is done in the thread, where it may look at nothing that ticks change."""


class Background:
    """A thread that does one work after another; made, asked and closed by the thread that does the ticks."""

    _busy: ClassVar[int] = 0  # works of all games that are not taken over yet
    _usual_turn: ClassVar[float] = 0.0

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Finish] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._pending = 0

    @property
    def is_busy(self) -> bool:
        """Whether something was given that is not taken over yet."""
        return self._pending > 0

    def give(self, work: Work) -> None:
        """Let something be done."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        if Background._busy == 0:
            Background._usual_turn = sys.getswitchinterval()
            sys.setswitchinterval(min(TURN, Background._usual_turn))
        Background._busy += 1
        self._pending += 1
        self._waiting.put(work)

    def take_over(self) -> None:
        """Finish what was done since the last call, in the order in which it was given.

        Raises:
            Exception: what some work raised.
        """
        while self._pending and not self._done.empty():
            finish = self._done.get()
            self._end_one()
            finish()

    def close(self) -> None:
        """Wait for the work at hand, and forget what came of it and what waits."""
        if self._thread is not None:
            self._forget_waiting()
            self._waiting.put(None)
            self._thread.join()
            self._thread = None
        while self._pending:
            self._end_one()
        self._done = queue.SimpleQueue()

    def _forget_waiting(self) -> None:
        try:
            while True:
                self._waiting.get_nowait()
        except queue.Empty:
            return

    def _end_one(self) -> None:
        self._pending -= 1
        Background._busy -= 1
        if Background._busy == 0:
            sys.setswitchinterval(Background._usual_turn)

    def _run(self) -> None:
        while (work := self._waiting.get()) is not None:
            try:
                self._done.put(work())
            except Exception as error:  # noqa: BLE001 - raised again where somebody can see it
                self._done.put(_raising(error))


def _raising(error: Exception) -> Finish:
    def finish() -> None:
        raise error

    return finish
