"""Tokens with all that stands between them: for tools that must not lose a comment.

before   comments above a token, or just before it on its line
after    comments behind it on its line
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from lang.source import Source
from lang.syntax.scanner import scan_with_ends

_COMMENT_MARK = re.compile(r"//[^\n]*|/\*|\n")
_NESTED_MARK = re.compile(r"/\*|\*/")
_HOLDS_NEXT = frozenset(
    ("LPAR", "LBRACKET", "QBRACKET", "HASHBRACE", "LBRACE", "COMMA", "EQ", "ARROW", "BAR")
)
"""After these a comment on the same line, with more behind it, belongs to what follows."""


class Comment(msgspec.Struct, gc=False):
    """A comment: its text without blanks at the end, and where it stood."""

    text: str
    at: int
    is_line: bool
    """Nothing can follow on its line: it begins with `//`, or it is never closed."""
    blank_before: bool
    """An empty line stands above it."""
    ends_line: bool
    """Nothing follows on its line."""


class Leaf(msgspec.Struct):
    """A token: see `lang.syntax.tokens.Token`, its text and the comments around it."""

    type: str
    value: Any
    at: int
    end: int
    text: str
    index: int
    before: list[Comment] = []
    after: list[Comment] = []
    blank_before: bool = False
    """An empty line stands between it and what comes before, be it a comment or a token."""
    starts_line: bool = False


def leaves(source: Source) -> list[Leaf]:
    """Return the tokens of a script that parses; the last one is the end of the text, of type "$END"."""
    tokens, ends = scan_with_ends(source)
    text = source.text
    made = [
        Leaf(token.type, token.value, token.at, end, text[token.at : end], index)
        for index, (token, end) in enumerate(zip(tokens, ends, strict=True))
    ]
    made.append(Leaf("$END", "", len(text), len(text), "", len(made)))
    previous = None
    for leaf in made:
        start = 0 if previous is None else previous.end
        _attach(text, start, previous, leaf)
        previous = leaf
    return made


def _attach(text: str, start: int, previous: Leaf | None, leaf: Leaf) -> None:
    """Give the comments between two tokens to the one or the other."""
    comments: list[Comment] = []
    newlines = 0
    is_behind = previous is not None
    position = start
    while mark := _COMMENT_MARK.search(text, position, leaf.at):
        if mark.group() == "\n":
            newlines += 1
            position = mark.end()
            continue
        is_line = mark.group() != "/*"
        position = mark.end() if is_line else end_of_comment(text, mark.end())
        if position < 0:  # nothing ends it but the text
            is_line, position = True, len(text)
        ends_line = is_line or _ends_line(text, position)
        found = text[mark.start() : position].rstrip()
        comment = Comment(found, mark.start(), is_line, newlines > 1, ends_line)
        is_behind = is_behind and not newlines
        if previous is not None and is_behind and (ends_line or previous.type not in _HOLDS_NEXT):
            previous.after = [*previous.after, comment]
        else:
            comments.append(comment)
            is_behind = False
        newlines = 0
    leaf.before = comments
    leaf.blank_before = newlines > 1
    leaf.starts_line = newlines > 0 or bool(comments)


def end_of_comment(text: str, position: int) -> int:
    """Return the end of a block comment whose first mark ends at a position, or -1 if it has none."""
    depth = 1
    while depth:
        mark = _NESTED_MARK.search(text, position)
        if mark is None:
            return -1
        depth += 1 if mark.group() == "/*" else -1
        position = mark.end()
    return position


def _ends_line(text: str, position: int) -> bool:
    end = text.find("\n", position)
    return not text[position : end if end >= 0 else len(text)].strip()
