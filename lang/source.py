"""A script's text, and places in it.

A place is one `int`: the character offset from the start of the text, or `NO_PLACE`. Lines and columns
are worked out only when somebody looks. Imports nothing of ours.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

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

    def within(self, offset: int) -> tuple[Source, int]:
        """Return the script that a place lies in, and the place in it."""
        return self, offset

    def part_at(self, _offset: int) -> Source:
        """Return the script that a place lies in: this one."""
        return self

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


@dataclass(frozen=True)
class JoinedSource(Source):
    """The last of several scripts that share a program.

    A place counts from the beginning of the first script, so that one number tells script and place. In
    `text` the earlier ones are blank: what reads it sees the last script alone, at its own places.
    """

    parts: tuple[Source, ...] = ()

    @cached_property
    def starts(self) -> list[int]:
        """Offsets at which the scripts begin."""
        return [0, *accumulate(len(part.text) for part in self.parts[:-1])]

    def within(self, offset: int) -> tuple[Source, int]:
        """Return the script that a place lies in, and the place in it."""
        number = bisect_right(self.starts, offset) - 1
        return self.parts[number], offset - self.starts[number]

    def part_at(self, _offset: int) -> Source:
        """Return the script that a place lies in."""
        return self.within(_offset)[0]

    def place(self, offset: int) -> tuple[int, int]:
        """Return (line, column) of a place in its own script."""
        part, offset = self.within(offset)
        return part.place(offset)

    def snippet(self, offset: int) -> str:
        """Return the line of a place in its own script, as `Source.snippet` does."""
        part, offset = self.within(offset)
        return part.snippet(offset)


def joined(earlier: Source, last: Source) -> JoinedSource:
    """Return the source of a script whose program begins with that of earlier ones."""
    before = parts_of(earlier)
    return JoinedSource(" " * sum(len(part.text) for part in before) + last.text, last.name, (*before, last))


def within(source: Source, other: Source, at: int) -> tuple[Source, int]:
    """Return (a source in which the places of both are known, where a place of the other is in it)."""
    parts = parts_of(source)
    if parts_of(other)[: len(parts)] == parts:
        return other, at
    return joined(source, other), sum(len(part.text) for part in parts) + at


def parts_of(source: Source) -> tuple[Source, ...]:
    """Return the scripts that a source is made of."""
    return source.parts if isinstance(source, JoinedSource) else (source,)


def with_parts_of(source: Source, other: Source) -> Source:
    """Return a source in which the places of another are known, too, whose scripts begin with its own."""
    return JoinedSource(source.text, source.name, parts_of(other))
