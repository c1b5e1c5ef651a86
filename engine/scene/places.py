"""Finds the line of a table or key in a scene's text, for messages. A wrong guess costs a wrong line only."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERED = re.compile(r"(\w+) (\d+)")
_STEP = re.compile(r"\[\d+\]|\.")


def line_of(text: str, table: str, key: str) -> int:
    """Return the line (from 1) of a key in a table such as ``prefab.coin`` or ``entity 3``.

    The line of the table's header when the key has no line of its own, 0 when there is no such header. The
    table ``""`` is what stands before all headers.
    """
    lines = text.splitlines()
    steps = [step for step in _STEP.split(key) if step]
    if not table:
        return _key_line(lines, 0, steps)
    numbered = _NUMBERED.fullmatch(table)
    name = numbered.group(1) if numbered else table
    first, last = _rows(lines, name, int(numbered.group(2))) if numbered else (0, len(lines))
    own = first + 1 if numbered and first < last else 0
    for depth in range(len(steps), -1, -1):
        header = _header(lines, ".".join([name, *steps[:depth]]), first, last)
        if header >= 0:
            return _key_line(lines, header + 1, steps[depth:]) or header + 1
    return own


def _key_line(lines: Sequence[str], first: int, steps: Sequence[str]) -> int:
    """Return the line of a key (dotted as far as it is written so) in the table that begins there, or 0."""
    wanted = [re.compile(rf"\s*{_dotted(steps[:count])}\s*[.=]") for count in range(len(steps), 0, -1)]
    for pattern in wanted:
        for index in range(first, len(lines)):
            if lines[index].lstrip().startswith("["):
                break
            if pattern.match(lines[index]):
                return index + 1
    return 0


def _dotted(steps: Sequence[str]) -> str:
    return r"\s*\.\s*".join(rf"""["']?{re.escape(step)}["']?""" for step in steps)


def _header(lines: Sequence[str], name: str, first: int, last: int) -> int:
    """Return the index of a table's header among some lines, or -1."""
    wanted = re.compile(rf"\s*\[{{1,2}}\s*{_dotted(name.split('.'))}\s*\]{{1,2}}")
    return next((index for index in range(first, last) if wanted.match(lines[index])), -1)


def _rows(lines: Sequence[str], name: str, number: int) -> tuple[int, int]:
    """Return where the n-th ``[[name]]`` begins and ends; nothing when there are fewer."""
    wanted = re.compile(rf"\s*\[\[\s*{re.escape(name)}\s*\]\]")
    found = [index for index, line in enumerate(lines) if wanted.match(line)]
    if len(found) < number:
        return 0, 0
    return found[number - 1], found[number] if len(found) > number else len(lines)
