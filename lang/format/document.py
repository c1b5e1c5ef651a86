"""Documents that know where they may break, and the printer that breaks them to a width.

After Wadler, "A prettier printer" (2003), in the form that Prettier gave it: a group is printed on one line
if it fits, else all of its own lines are broken. A `Choice` offers other layouts in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lang.format.verbatim import Verbatim

INDENT = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A space, or nothing if `soft`, that becomes a line end when its group is broken; `hard` always is."""

    soft: bool = False
    hard: bool = False
    blank: bool = False
    """An empty line comes with it when it is broken."""


LINE = Line()
SOFT = Line(soft=True)
HARD = Line(hard=True)
BLANK = Line(hard=True, blank=True)


class Concat:
    """One after the other. `hard` tells whether a line must end in it, which breaks the groups around."""

    __slots__ = ("hard", "parts")

    def __init__(self, *parts: Any) -> None:
        self.parts: tuple[Any, ...] = parts
        self.hard = any(map(is_hard, parts))


class Indent(Concat):
    """Lines that end in it go on further to the right."""

    __slots__ = ()


class Group(Concat):
    """Parts whose lines are broken all or none."""

    __slots__ = ()


@dataclass(slots=True)
class Choice:
    """Layouts to try in this order: on one line, with only the last part broken, with everything broken.

    It may hold line ends in any case, which do not break the groups around it.
    """

    flat: Any
    hugged: Any
    broken: Any
    hard: bool = field(default=False, init=False)


@dataclass(frozen=True, slots=True)
class IfBroken:
    """One text where its group is broken, another where it is not."""

    broken: str
    flat: str


@dataclass(frozen=True, slots=True)
class Suffix:
    """A comment that waits for the end of the line."""

    text: str


@dataclass(frozen=True, slots=True)
class Above:
    """A comment that stood above a token; where something precedes it on its line, it goes behind that."""

    comment: Any
    is_line: bool


@dataclass(frozen=True, slots=True)
class Fill:
    """Texts of literals with commas, as many on a line as fit; those in `starts` begin a line."""

    texts: Sequence[str]
    starts: frozenset[int]


def is_hard(part: Any) -> bool:
    """Return whether a document cannot be on one line."""
    return type(part) is not str and (type(part) is Suffix or getattr(part, "hard", False))


def broken(group: Group) -> Group:
    """Return the group as one that is broken in any case."""
    made = Group(*group.parts)
    made.hard = True
    return made


Command = tuple[int, bool, Any]
"""Indentation in columns, whether lines are broken, and a document."""


class Printer:
    """Prints one document."""

    def __init__(self, width: int, newline: str) -> None:
        self.width = width
        self.newline = newline
        self.out: list[str] = []
        self.column = 0
        self.is_fresh = True  # nothing but blanks stands on the line
        self.suffixes: list[str] = []

    def print(self, document: Any) -> str:
        """Return the text."""
        commands: list[Command] = [(0, True, document)]
        while commands:
            indent, breaks, part = commands.pop()
            if type(part) is str:
                self.text(part)
            elif type(part) is Concat:
                commands.extend((indent, breaks, child) for child in reversed(part.parts))
            elif type(part) is Indent:
                commands.extend((indent + INDENT, breaks, child) for child in reversed(part.parts))
            elif type(part) is Line:
                self.line(part, indent, breaks)
            elif type(part) is Group:
                flat = not part.hard and (
                    not breaks or self.fits((indent, False, Concat(*part.parts)), commands)
                )
                commands.extend((indent, not flat, child) for child in reversed(part.parts))
            elif type(part) is Choice:
                commands.append((indent, True, self.chosen(part, indent, commands)))
            else:
                self.rest(part, indent, breaks)
        self.flush()
        return "".join(self.out)

    def rest(self, part: Any, indent: int, breaks: bool) -> None:
        """Print what is rare."""
        if type(part) is Suffix:
            self.suffixes.append(part.text)
        elif type(part) is Above:
            self.above(part)
        elif type(part) is IfBroken:
            self.text(part.broken if breaks else part.flat)
        elif type(part) is Fill:
            self.fill(part, indent, breaks)
        elif type(part) is Verbatim:
            self.text(self.moved(part))
        else:
            raise AssertionError(f"no document: {part!r}")

    def text(self, text: str) -> None:
        """Print text, which may have lines of its own."""
        if not text:
            return
        self.out.append(text)
        self.is_fresh = False
        last = text.rfind("\n")
        self.column = len(text) - last - 1 if last >= 0 else self.column + len(text)

    def flush(self, indent: int = 0) -> None:
        """Print the comments that wait for the line's end: one there, each more on a line of its own."""
        for number, suffix in enumerate(self.suffixes):
            self.text(" " + suffix if not number else self.newline + " " * indent + suffix)
        self.suffixes.clear()

    def line(self, line: Line, indent: int, breaks: bool) -> None:
        """Print a line end, or what stands for it."""
        if not (breaks or line.hard):
            self.text("" if line.soft else " ")
            return
        self.flush(indent)
        while self.out and not self.out[-1].strip(" "):
            self.out.pop()
        self.out.append(self.newline * (2 if line.blank else 1) + " " * indent)
        self.column = indent
        self.is_fresh = True

    def above(self, above: Above) -> None:
        """Print a comment that may not be alone on its line."""
        if not self.is_fresh and above.is_line:
            self.suffixes.append(above.comment)
            return
        if not self.is_fresh and not self.out[-1].endswith((" ", "(", "[", "{")):
            self.text(" ")
        self.text(above.comment if type(above.comment) is str else self.moved(above.comment))

    def moved(self, verbatim: Verbatim) -> str:
        """Return text of several lines as it is at this column."""
        return verbatim.moved_to(self.column, self.newline)

    def fill(self, fill: Fill, indent: int, breaks: bool) -> None:
        """Print as many texts on each line as fit."""
        for number, text in enumerate(fill.texts):
            is_last = number + 1 == len(fill.texts)
            if number:
                starts = breaks and (
                    number in fill.starts if fill.starts else self.column + 2 + len(text) > self.width
                )
                self.line(LINE, indent, starts)
            self.text(text if is_last and not breaks else text + ",")

    def chosen(self, choice: Choice, indent: int, rest: list[Command]) -> Any:
        """Return the first layout that fits up to the first line end."""
        if not is_hard(choice.flat) and self.fits((indent, False, choice.flat), rest):
            return choice.flat
        if choice.hugged is not None and self.fits((indent, False, choice.hugged), rest):
            return choice.hugged
        return choice.broken

    def fits(self, command: Command, rest: list[Command]) -> bool:
        """Return whether a document and what follows it up to the next line end are within the width."""
        room = self.width - self.column
        commands = [command]
        following = len(rest)
        while room >= 0:
            if not commands:
                if not following:
                    return True
                following -= 1
                commands.append(rest[following])
            indent, breaks, part = commands.pop()
            if type(part) is str:
                room -= len(part)
            elif type(part) is Concat or type(part) is Indent:
                commands.extend((indent, breaks, child) for child in reversed(part.parts))
            elif type(part) is Group:
                # what follows is taken as it stands in the text: only a group that must break does
                commands.extend((indent, part.hard, child) for child in reversed(part.parts))
            elif type(part) is Line:
                if breaks or part.hard:
                    return True
                room -= not part.soft
            elif type(part) is Choice:
                layout = part.flat if not is_hard(part.flat) else (part.hugged or part.broken)
                commands.append((indent, layout is part.broken, layout))
            elif type(part) is Verbatim:
                first, more, _ = part.text.partition("\n")
                room -= len(first)
                if more:
                    return room >= 0
            elif type(part) is Above:
                room -= 0 if part.is_line else len(part.comment) + 1
            elif type(part) is IfBroken:
                room -= len(part.broken if breaks else part.flat)
            elif type(part) is Fill:
                room -= sum(len(text) + 2 for text in part.texts) - 2
        return False
