"""Finds the line of a table or key in a scene's text, for messages. A wrong guess costs a wrong line only."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERED = re.compile(r"(\w+) (\d+)")


def line_of(text: str, table: str, key: str) -> int:
    """Return the line (from 1) of a key in a table such as ``prefab.coin`` or ``entity 3``.

    The line of the table's header when the key has no line of its own, 0 when there is no such header.
    """
    lines = text.splitlines()
    header = _header(lines, table)
    if header < 0:
        return 0
    first = re.split(r"[.\[]", key, maxsplit=1)[0]
    wanted = re.compile(rf"""\s*["']?{re.escape(first)}["']?\s*[.=]""")
    for index in range(header + 1, len(lines)):
        if lines[index].lstrip().startswith("["):
            break
        if first and wanted.match(lines[index]):
            return index + 1
    return header + 1


def _header(lines: Sequence[str], table: str) -> int:
    """Return the index of a table's header: of the n-th one for ``entity n``; -1 when there is none."""
    numbered = _NUMBERED.fullmatch(table)
    name, number = (numbered.group(1), int(numbered.group(2))) if numbered else (table, 1)
    brackets = (r"\[\[", r"\]\]") if numbered else (r"\[{1,2}", r"\]{1,2}")
    wanted = re.compile(rf"\s*{brackets[0]}\s*{re.escape(name)}\s*{brackets[1]}")
    found = [index for index, line in enumerate(lines) if wanted.match(line)]
    return found[number - 1] if len(found) >= number else -1
