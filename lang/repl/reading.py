"""Is an input whole, and where does its next line begin?"""

from __future__ import annotations

from lang.errors import CompileError
from lang.source import Source
from lang.syntax.lossless import leaves
from lang.syntax.parser import parse

INDENT = 4
_OPENERS = ("{", "(", "[", "|")


def is_unfinished(text: str, *, vectors: bool) -> bool:
    """Return whether more lines may make a script of a text that is none yet.

    An empty line at the end says that no more are to come.
    """
    if text.endswith("\n") and not text.rstrip(" \t").rpartition("\n")[0].rpartition("\n")[2].strip():
        return False
    source = Source(text)
    try:
        parse(source, vectors=vectors)
    except CompileError as error:
        if error.message.startswith("Open string"):
            is_one_line = text[error.at : error.at + 1] in ('"', "'")
            return not is_one_line or text.rstrip().endswith("\\")
        return error.at >= len(text.rstrip())
    comments = [comment for leaf in leaves(source)[-2:] for comment in (*leaf.after, *leaf.before)]
    return any(comment.is_line and comment.text.startswith("/*") for comment in comments)


def indentation(before: str) -> str:
    """Return the blanks with which the line behind a text begins."""
    line = before.rpartition("\n")[2]
    blanks = line[: len(line) - len(line.lstrip(" "))]
    return blanks + " " * INDENT if line.rstrip().endswith(_OPENERS) else blanks
