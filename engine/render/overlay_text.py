"""What the overlays say: pure text, so that it can be tested without a window."""

from __future__ import annotations

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
    """Return the lines that fit into a panel, whole diagnostics first.

    The newest diagnostic stands on top, since it is most likely what was just saved. What does not
    fit is counted in a last line. Lines are cut, never wrapped: a caret must stay under its place.

    Args:
        errors: diagnostics, oldest first.  rows: lines of the panel, >= 2.  columns: > 0.
    """
    lines: list[Line] = []
    for number, error in enumerate(reversed(errors)):
        is_last = number + 1 == len(errors)
        block = _diagnostic_lines(error, columns)
        if lines:
            block.insert(0, Line("", LineRole.BODY))
        room = rows - len(lines) - (0 if is_last else 1)
        if lines and room < min(len(block), _LEAST_LINES):
            lines.append(Line(f"{_ELLIPSIS} and {len(errors) - number} more", LineRole.HINT))
            break
        lines.extend(block[:room])
    return lines


def _diagnostic_lines(error: str, columns: int) -> list[Line]:
    texts = [text.expandtabs(4) for text in error.rstrip().split("\n")]
    return [
        Line(_cut(text, columns), LineRole.HEADLINE if number == 0 else _role(text))
        for number, text in enumerate(texts)
    ]


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
