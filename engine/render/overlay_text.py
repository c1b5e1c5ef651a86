"""What the overlays say: pure text, so that it can be tested without a window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

_ELLIPSIS = "…"
_LEAST_LINES = 6  # a blank one, and a diagnostic as far as its caret


class LineRole(Enum):
    """What a line of a diagnostic is; it chooses the colour."""

    HEADLINE = auto()
    CARET = auto()
    HINT = auto()
    BODY = auto()


@dataclass(frozen=True)
class Line:
    """One line of an overlay."""

    text: str
    role: LineRole


def fit_diagnostics(errors: Sequence[str], rows: int, columns: int) -> list[Line]:
    """Return the lines that fit into a panel.

    The newest diagnostic stands on top, since it is most likely what was just saved; equal ones, of
    many entities with one script, are shown once. What does not fit is counted in a last line.
    Lines are cut, never wrapped: a caret must stay under its place.

    Args:
        errors: diagnostics, oldest first.  rows: lines of the panel, >= 2.  columns: > 0.
    """
    lines: list[Line] = []
    counts = Counter(reversed(errors))  # keeps the order of first sight: the newest first
    for number, (error, times) in enumerate(counts.items()):
        is_last = number + 1 == len(counts)
        block = _diagnostic_lines(error, times, columns)
        if lines:
            block.insert(0, Line("", LineRole.BODY))
        room = rows - len(lines) - (0 if is_last else 1)
        if lines and room < min(len(block), _LEAST_LINES):
            lines.append(Line(f"{_ELLIPSIS} and {len(counts) - number} more", LineRole.HINT))
            break
        lines.extend(block[:room])
    return lines


def _diagnostic_lines(error: str, times: int, columns: int) -> list[Line]:
    headline, *others = (text.expandtabs(4) for text in error.rstrip().split("\n"))
    if times > 1:
        headline = f"{headline}  ({times} times)"
    lines = [Line(_cut(headline, columns), LineRole.HEADLINE)]
    return lines + [Line(_cut(text, columns), _role(text)) for text in others]


def _role(text: str) -> LineRole:
    if "^" in text and not text.strip(" |^~-."):
        return LineRole.CARET
    if text.lstrip(" =|").startswith(("hint", "help", "note")):
        return LineRole.HINT
    return LineRole.BODY


def _cut(text: str, columns: int) -> str:
    return text if len(text) <= columns else text[: columns - 1] + _ELLIPSIS


def table(rows: Sequence[tuple[str, str]]) -> str:
    """Return lines of a name on the left and a value on the right, in columns."""
    left = max((len(name) for name, _ in rows), default=0)
    right = max((len(value) for _, value in rows), default=0)
    return "\n".join(f"{name:<{left}}  {value:>{right}}" for name, value in rows)
