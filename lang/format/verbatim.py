r"""Tokens and comments of several lines: printed as they are, as far as their place allows.

A `\` at the end of a line of a string takes away the blanks of the next one, up to the column of the opening
quote. Where the quote moves, those blanks must move along, or the string would have another value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lang.source import Source
from lang.syntax.lossless import Comment, Leaf

_JOINED = re.compile(r"(?<!\\)((?:\\\\)*\\\r?\n)([ \t]*)")


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text with line ends. `column` is where it stood, from 0; `kind` is "string", "comment" or "exact"."""

    text: str
    column: int
    kind: str

    def __len__(self) -> int:
        """Return the length of its first line."""
        return len(self.text.partition("\n")[0])

    def moved_to(self, column: int, newline: str) -> str:
        """Return the text as it must be to mean the same at another column."""
        if self.kind == "string":
            return _JOINED.sub(lambda match: match[1] + " " * self._blanks(len(match[2]), column), self.text)
        if self.kind == "comment":
            return self._moved_comment(column, newline)
        return self.text

    def _blanks(self, found: int, column: int) -> int:
        """Return how many blanks must follow a joined line, so that as many are left as were."""
        taken = self.column + 1
        if found > taken:
            return column + 1 + found - taken
        return min(found, column + 1)

    def _moved_comment(self, column: int, newline: str) -> str:
        first, *others = [line.rstrip() for line in self.text.split("\n")]
        if all(line.lstrip().startswith("*") for line in others):
            others = [" " * (column + 1) + line.lstrip() for line in others]
        else:
            others = [_shifted(line, column - self.column) for line in others]
        return newline.join([first, *others])


def _shifted(line: str, by: int) -> str:
    if not line:
        return line
    if by >= 0:
        return " " * by + line
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, -by) :]


def of_leaf(leaf: Leaf, source: Source) -> str | Verbatim:
    """Return a token's text as a document."""
    if "\n" not in leaf.text:
        return leaf.text
    kind = "string" if leaf.text.startswith('"') else "exact"
    return Verbatim(leaf.text, source.place(leaf.at)[1] - 1, kind)


def of_comment(comment: Comment, source: Source) -> str | Verbatim:
    """Return a comment's text as a document."""
    if "\n" not in comment.text:
        return comment.text
    return Verbatim(comment.text, source.place(comment.at)[1] - 1, "comment")
