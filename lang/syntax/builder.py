"""The builder: callbacks, one for each production, that make the typed tree.

Callbacks run while the text is read, from left to right, so what they refuse is found in the order of the
text, as a parser of one pass would. The builder holds the only state of a parse.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lang.source import Source
from lang.syntax.check import Context
from lang.syntax.expressions import ExpressionCallbacks
from lang.syntax.statements import StatementCallbacks

Children = list[Any]


class Builder(ExpressionCallbacks, StatementCallbacks):
    """Callbacks by the names in rhai.lark; each takes the list of the production's values."""

    def __init__(self, source: Source, *, vectors: bool, constants: Iterable[str]) -> None:
        self.vectors = vectors
        self.context = Context(source, constants)
        self.functions = set()

    def empty(self, _: Children) -> list[Any]:
        """Nothing yet: a new list."""
        return []

    def first(self, children: Children) -> Any:
        """Only one child, or the first of several: itself."""
        return children[0]

    def one(self, children: Children) -> list[Any]:
        """A list of one."""
        return [children[0]]

    def append(self, children: Children) -> list[Any]:
        """A list and its next item."""
        items: list[Any] = children[0]
        items.append(children[1])
        return items

    def more(self, children: Children) -> list[Any]:
        """A list, a comma, and its next item."""
        items: list[Any] = children[0]
        items.append(children[2])
        return items
