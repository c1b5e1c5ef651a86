"""A script's text, and places in it.

A place is one `int`: the character offset from the start of the text, or `NO_PLACE`. Lines and columns
are worked out only when somebody looks. Imports nothing of ours.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

NO_PLACE = -1
LONGEST_LINE = 120
ELLIPSIS = "… "


@dataclass(frozen=True)
class Source:
    """The text of one script and the name that messages show for it."""

    text: str
    name: str = "script"

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets at which lines begin; the first is 0."""
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def place(self, offset: int) -> tuple[int, int]:
        """Return (line, column), both from 1, of a character offset; columns count characters."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """Return the text of a line (from 1) without its line end."""
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")

    def snippet(self, offset: int) -> str:
        """Return the line of a place with a caret under it, ready to print; of a long line a part."""
        line, column = self.place(offset)
        text = self.line_text(line)
        if len(text) > LONGEST_LINE:
            start = max(column - LONGEST_LINE // 2, 0)
            text = (ELLIPSIS if start else "") + text[start : start + LONGEST_LINE]
            column += len(ELLIPSIS) * (start > 0) - start
        gutter = f"{line:>5} | "
        blank = "".join("\t" if character == "\t" else " " for character in text[: column - 1])
        return f"{gutter}{text}\n{' ' * (len(gutter) - 2)}| {blank}^"
