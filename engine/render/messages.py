"""The messages in a corner of the window: what was printed, played, noted in the last seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.render.view import Message, MessageKind

SHOWN_SECONDS = 6.0
FADING_SECONDS = 1.5
MOST_SHOWN = 8
MOST_LETTERS = 120


@dataclass(frozen=True)
class ShownMessage:
    """A message to draw; its number counts all messages of the feed, its opacity is 0..1."""

    number: int
    kind: MessageKind
    text: str
    opacity: float


@dataclass
class _Entry:
    number: int
    message: Message
    since: float
    times: int = 1


class MessageFeed:
    """The newest messages; the same one again right after itself is counted, not repeated."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._count = 0

    def add(self, messages: Sequence[Message], now: float) -> None:
        """Append messages, oldest first, at a time in seconds."""
        for message in messages:
            last = self._entries[-1] if self._entries else None
            if last is not None and last.message == message:
                last.times += 1
                last.since = now
            else:
                self._entries.append(_Entry(self._count, message, now))
                self._count += 1
        del self._entries[:-MOST_SHOWN]

    def visible(self, now: float) -> list[ShownMessage]:
        """Return what is still shown at a time in seconds, oldest first."""
        self._entries = [entry for entry in self._entries if now - entry.since < SHOWN_SECONDS]
        return [
            ShownMessage(entry.number, entry.message.kind, _text(entry), _opacity(now - entry.since))
            for entry in self._entries
        ]


def _text(entry: _Entry) -> str:
    first_line = entry.message.text.partition("\n")[0]
    if len(first_line) > MOST_LETTERS:
        first_line = first_line[: MOST_LETTERS - 1] + "…"
    return first_line if entry.times == 1 else f"{first_line}  x{entry.times}"


def _opacity(age: float) -> float:
    return min(1.0, max(0.0, (SHOWN_SECONDS - age) / FADING_SECONDS))
