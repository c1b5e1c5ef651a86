"""What a game has to say: printed lines, warnings, and the messages that a window shows.

All of it is bounded between two looks: scripts of strangers may print as much as they can.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.render.view import Message, MessageKind
from engine.scripting.reports import visible
from engine.scripting.scripts import Scripts

MOST_LINES = 1000
"""Lines kept between two looks at the log; more are counted, not kept."""
LONGEST_LINE = 4096
MOST_MESSAGES = 100


class GameLog:
    """Lines for the terminal and messages for the window, each kept until somebody takes them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._messages: list[Message] = []
        self._warnings: list[str] = []
        self._dropped_lines = 0
        self._dropped_messages = 0

    def hear(self, scripts: Scripts) -> None:
        """Note what scripts print, and what the compiler warns of."""
        scripts.machine.on_print = lambda text: self.note(MessageKind.PRINT, text)
        scripts.machine.on_debug = lambda text, _at: self.note(MessageKind.PRINT, text)
        scripts.on_warning = self.warn

    def note(self, kind: MessageKind, text: str) -> None:
        """Note a message; what was printed is a line of the log as well."""
        if len(text) > LONGEST_LINE:
            text = f"{text[:LONGEST_LINE]}… ({len(text)} characters)"
        text = visible(text)
        if kind == MessageKind.PRINT:
            self._print(text)
        if len(self._messages) < MOST_MESSAGES:
            self._messages.append(Message(kind, text))
        else:
            self._dropped_messages += 1

    def _print(self, text: str) -> None:
        if len(self._lines) < MOST_LINES:
            self._lines.append(text)
        else:
            self._dropped_lines += 1

    def warn(self, text: str) -> None:
        """Note a warning: for the window its first line, for the terminal all of it."""
        if len(self._warnings) < MOST_LINES:
            self._warnings.append(visible(text))
        self.note(MessageKind.WARNING, text.partition("\n")[0])

    def take_lines(self) -> list[str]:
        """Return what was printed since the last call, and forget it."""
        lines, self._lines = self._lines, []
        if self._dropped_lines:
            lines.append(f"… and {self._dropped_lines} more lines")
            self._dropped_lines = 0
        return lines

    def take_warnings(self) -> list[str]:
        """Return the warnings since the last call, and forget them."""
        warnings, self._warnings = self._warnings, []
        return warnings

    def take_messages(self) -> Sequence[Message]:
        """Return what was printed or noted since the last call, and forget it."""
        messages, self._messages = self._messages, []
        if self._dropped_messages:
            more = f"… and {self._dropped_messages} more messages"
            messages.append(Message(MessageKind.WARNING, more))
            self._dropped_messages = 0
        return messages
