"""`format_text`: a script in the one layout.

    text → tokens with comments → concrete tree → document → text

What comes out is read again: it must have the same tree and the same comments, or nothing is changed.
"""

from __future__ import annotations

from typing import Any

import msgspec

from lang.errors import CompileError, LangError
from lang.format.concrete import concrete_tree
from lang.format.document import Printer
from lang.format.layout import LAYOUTS, Layout
from lang.source import Source
from lang.syntax import driver
from lang.syntax.lossless import leaves
from lang.syntax.parser import parse

WIDTH = 100
_MOST_PASSES = 6  # a comment that moves may let a line fit that did not; two passes are the rule
_PLACES = frozenset(("at", "end", "dot", "name_at", "variable_at", "counter_at"))


class FormatFault(LangError):
    """The formatter would have changed what a script means: a fault of ours, and the text stays as it is."""

    def __init__(self, source: Source) -> None:
        super().__init__(f"{source.name}: the formatter is at fault here; the text stays as it is")


def format_text(text: str, name: str = "script", *, vectors: bool = True, width: int = WIDTH) -> str:
    """Return a script in the one layout; formatting the result again changes nothing.

    Args:
        text: the script. name: what errors call it. vectors: whether `(x, y)` is a vector.
        width: columns that a line may have.
    Raises:
        CompileError: the text is not a script. FormatFault: it cannot be formatted without harm.
    """
    source = Source(text, name)
    try:
        before = meaning(source, vectors=vectors)
        made = _settled(source, width)
        if made is None or meaning(Source(made, name), vectors=vectors) != before:
            raise FormatFault(source)
    except driver.Refused:
        raise FormatFault(source) from None
    except RecursionError:
        raise CompileError(source, 0, "This script is nested too deeply", "ExprTooDeep") from None
    return made


def _settled(source: Source, width: int) -> str | None:
    """Return the text that another pass leaves as it is."""
    for _ in range(_MOST_PASSES):
        made = _laid_out(source, width)
        if made == source.text:
            return made
        source = Source(made, source.name)
    return None


def _laid_out(source: Source, width: int) -> str:
    """Return a text after one pass."""
    newline = "\r\n" if source.text.partition("\n")[0].endswith("\r") else "\n"
    tree, tokens = concrete_tree(source)
    document = Layout(source, tokens, LAYOUTS).script(tree)
    text = Printer(width, newline).print(document)
    return text + newline if text else ""


def meaning(source: Source, *, vectors: bool) -> tuple[Any, list[str]]:
    """Return the tree of a script without places, and its comments, sorted, without blanks.

    Raises:
        CompileError: the text is not a script.
    """
    tree = parse(source, vectors=vectors)
    comments = [
        "".join(comment.text.split()) for leaf in leaves(source) for comment in (*leaf.before, *leaf.after)
    ]
    return _without_places(tree), sorted(comments)


def _without_places(node: Any) -> Any:
    if isinstance(node, msgspec.Struct):
        fields = [name for name in node.__struct_fields__ if name not in _PLACES]
        values = [_without_places(getattr(node, name)) for name in fields if name != "doc"]
        return (type(node), *values)
    if isinstance(node, tuple):
        return tuple(map(_without_places, node))
    if isinstance(node, str):
        return node
    return repr(node)  # tells 0.0 from -0.0, and NaN is itself
