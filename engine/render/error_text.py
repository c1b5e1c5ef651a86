"""What the panel of errors says, in lines of so many columns: a list, the chosen error, the keys."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple
from unicodedata import combining, east_asian_width

from engine.render.error_list import KEYS, ErrorList
from engine.render.view import Fault

_ELLIPSIS = "…"
_LEAST_WITH_LIST = 8  # lines: three of a list, a blank one, the head of a diagnostic as far as its caret
_HEAD = 4  # lines of a diagnostic that no key pushes out
_LEAST_WITH_GAP = 12
_LIST_PART = 0.4
_MOST_WRAPPED = 3
_GUTTER = 8  # columns of `   12 | `


class LineRole(Enum):
    """What a line is; it chooses the colour."""

    HEADLINE = auto()
    CARET = auto()
    HINT = auto()
    BODY = auto()
    ROW = auto()
    CHOSEN = auto()
    KEYS = auto()


class Line(NamedTuple):
    """One line of the panel."""

    text: str
    role: LineRole


def error_lines(errors: ErrorList, rows: int, columns: int, key: str) -> list[Line]:
    """Return the lines of a panel.

    The snippet is moved, never wrapped: a caret must stay under its place. Where room is short the list
    goes first, then the keys, then the call stack.

    Args:
        rows: lines of the panel, >= 2.  columns: >= 20.  key: that gives the list the keys, or hides it.
    """
    chosen = errors.chosen
    if chosen is None:
        return []
    footer = _footer(errors, columns, key)[: max(rows - _HEAD, 0)]
    if rows >= _LEAST_WITH_GAP:
        footer.insert(0, Line("", LineRole.BODY))
    room = rows - len(footer)
    listed: list[Line] = []
    if len(errors.faults) > 1 and room >= _LEAST_WITH_LIST:
        listed = [*_list_lines(errors, max(3, int(room * _LIST_PART)), columns), Line("", LineRole.BODY)]
    return [*listed, *_detail(chosen, room - len(listed), columns), *footer]


def title_of(errors: ErrorList) -> str:
    """Return the title of the panel."""
    scripts = sum(fault.is_script for fault in errors.faults)
    others = len(errors.faults) - scripts
    failing = "1 script fails" if scripts == 1 else f"{scripts} scripts fail"
    faults = "1 file is at fault" if others == 1 else f"{others} files are at fault"
    waiting = sum(fault.entities for fault in errors.faults)
    entities = "1 entity waits" if waiting == 1 else f"{waiting} entities wait"
    parts = ((failing, scripts), (faults, others), (entities, waiting))
    return "  ·  ".join(text for text, count in parts if count)


def _footer(errors: ErrorList, columns: int, key: str) -> list[Line]:
    if errors.has_keys:
        words = [f"{name} {what}" for name, what in KEYS] + [f"{key} hide"]
    else:
        words = [f"{key} mend: choose, open, retry", "the game runs on; a saved fix clears it"]
    lines = [""]
    for word in words:
        joined = f"{lines[-1]}  ·  {word}" if lines[-1] else word
        if cells(joined) <= columns or not lines[-1]:
            lines[-1] = joined
        elif errors.has_keys:
            lines.append(word)
    return [Line(_cut(text, columns), LineRole.KEYS) for text in lines]


# --- the list -------------------------------------------------------------------------------------


def _list_lines(errors: ErrorList, rows: int, columns: int) -> list[Line]:
    """Return rows around the chosen one; those that do not fit are counted."""
    count = len(errors.faults)
    if count <= rows:
        first, last = 0, count
    else:
        first = min(max(errors.cursor - rows // 2, 0), count - rows)
        last = first + rows
    lines = []
    for number in range(first, last):
        hidden = 0
        if number == first and first and number != errors.cursor:
            hidden = first + 1
        elif number == last - 1 and last < count and number != errors.cursor:
            hidden = count - last + 1
        is_chosen = number == errors.cursor
        text = f"  {_ELLIPSIS} {hidden} more" if hidden else _row(errors.faults[number], columns, is_chosen)
        lines.append(Line(text, LineRole.CHOSEN if is_chosen else LineRole.ROW))
    return lines


def _row(fault: Fault, columns: int, is_chosen: bool) -> str:
    """Return a row: the script, its line, how many entities run without it, and the message."""
    count = f"  ×{fault.entities}" if fault.entities > 1 else ""
    place = f":{fault.place.line}" if fault.place is not None and fault.is_script else ""
    start = "> " if is_chosen else "  "
    message = _headline(fault)
    name = _cut_left(fault.name, max(12, columns // 2 - cells(start + place + count))) + place
    room = columns - cells(start + name + count) - 2
    told = f"  {_cut(message, room)}" if room >= 12 else ""
    return _cut(f"{start}{name}{count}{told}", columns)


def _headline(fault: Fault) -> str:
    """Return the message without its place."""
    first = fault.text.partition("\n")[0]
    place = fault.place
    return first.partition(f":{place.line}:{place.column}: ")[2] or first if place is not None else first


# --- the chosen one -------------------------------------------------------------------------------


def _detail(fault: Fault, rows: int, columns: int) -> list[Line]:
    texts = [text.expandtabs(4) for text in fault.text.rstrip().split("\n")]
    caret = next((number for number, text in enumerate(texts) if _is_caret(text)), 0)
    if caret > 0:
        texts[caret - 1], texts[caret] = _moved(texts[caret - 1], texts[caret], columns)
    head = _wrapped(texts[0], columns, LineRole.HEADLINE)
    snippet = [_line(text, columns) for text in texts[1 : caret + 1]]
    rest = texts[caret + 1 :]
    hints = [line for text in rest if _is_hint(text) for line in _wrapped(text, columns, LineRole.HINT)]
    stack = [_line(text, columns) for text in rest if not _is_hint(text)]
    if fault.others:
        also = f"  (and {fault.others} other {'error' if fault.others == 1 else 'errors'} of this script)"
        stack.append(_line(also, columns))
    if len(head) > 1 and len(head) + len(snippet) > rows:
        head = [_line(texts[0], columns)._replace(role=LineRole.HEADLINE)]
    lines = [*head, *snippet]
    free = rows - len(lines) - len(hints)
    if len(stack) > free:
        stack = [*stack[: max(free - 1, 0)], Line(f"  {_ELLIPSIS}", LineRole.BODY)] if free > 0 else []
    return [*lines, *stack, *hints][:rows]


def _is_caret(text: str) -> bool:
    return "^" in text and not text.strip(" |^~\u3000")


def _is_hint(text: str) -> bool:
    return text.lstrip().startswith("hint: ")


def _line(text: str, columns: int) -> Line:
    return Line(_cut(text, columns), LineRole.CARET if _is_caret(text) else LineRole.BODY)


def _wrapped(text: str, columns: int, role: LineRole) -> list[Line]:
    """Return a sentence in as many lines as it needs, within reason."""
    width = columns if cells(text) == len(text) else columns // 2
    lines = textwrap.wrap(text, width, subsequent_indent="  ", max_lines=_MOST_WRAPPED, placeholder=_ELLIPSIS)
    return [Line(_cut(line, columns), role) for line in lines]


def _moved(snippet: str, caret: str, columns: int) -> tuple[str, str]:
    """Return a source line and its caret, moved to the left together so far that the caret is seen."""
    at = cells(snippet[: len(caret) - 1])  # as the letters of the panel are wide
    caret = caret[: _GUTTER - 1] + " " * (at - _GUTTER + 1) + "^"
    room = columns - _GUTTER
    if at < columns - 4 or room < 12:
        return snippet, caret
    gutter, text = snippet[:_GUTTER], snippet[_GUTTER:]
    start = 0  # characters left out; the caret comes to two thirds of the line
    while at - cells(text[:start]) + 1 > _GUTTER + room * 2 // 3:
        start += 1
    at += 1 - cells(text[:start])
    return f"{gutter}{_ELLIPSIS}{text[start:]}", caret[: _GUTTER - 1] + " " * (at - _GUTTER + 1) + "^"


# --- widths ---------------------------------------------------------------------------------------


def cells(text: str) -> int:
    """Return how many columns of a monospaced font a text takes: letters of China and Japan take two."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def _cells_of(letter: str) -> int:
    if combining(letter):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def _cut(text: str, columns: int) -> str:
    if cells(text) <= columns:
        return text
    while text and cells(text) > columns - 1:
        text = text[:-1]
    return text + _ELLIPSIS


def _cut_left(text: str, columns: int) -> str:
    """Return the end of a name that is too long: that is what tells it from others."""
    if cells(text) <= columns:
        return text
    while text and cells(text) > columns - 1:
        text = text[1:]
    return _ELLIPSIS + text


def widest(lines: Sequence[Line]) -> int:
    """Return the columns of the longest line."""
    return max((cells(line.text) for line in lines), default=0)
