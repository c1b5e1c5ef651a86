"""The concrete tree: every token of the text, under the productions of the grammar.

The parser's tables are run with callbacks that keep what they are given. Lists, which the grammar reads one
item at a time, are made flat at once, so that a long script is no deep tree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lang.source import Source
from lang.syntax import driver
from lang.syntax.lossless import Leaf, leaves
from lang.syntax.tables import Production

_GROWING = frozenset(("append", "more", "names", "entry", "arms", "chain_more"))
_STARTING = frozenset(("empty", "one", "names", "entry", "no_arms", "path_start", "chain"))


class Branch:
    """A production with more than one child, or a list.

    Attributes:
        kind: the name of the builder's callback for it. children: branches and leaves, in the text's order;
            in a chain of operators None stands for the missing end of a range.
    """

    __slots__ = ("children", "kind")

    def __init__(self, kind: str, children: list[Any]) -> None:
        self.kind = kind
        self.children = children


Tree = Branch | Leaf


def concrete_tree(source: Source) -> tuple[Branch, list[Leaf]]:
    """Return the tree of a script that parses, and its tokens."""
    tokens = leaves(source)
    tree: Branch = driver.run(tokens[:-1], tokens[-1], None, _callback)  # type: ignore[arg-type]  # have types too
    return tree, tokens


def first_leaf(tree: Tree) -> Leaf:
    """Return the first token of a tree."""
    while isinstance(tree, Branch):
        tree = next(child for child in tree.children if child is not None and not _is_empty(child))
    return tree


def last_leaf(tree: Tree) -> Leaf:
    """Return the last token of a tree."""
    while isinstance(tree, Branch):
        tree = next(child for child in reversed(tree.children) if child is not None and not _is_empty(child))
    return tree


def _is_empty(tree: Tree) -> bool:
    return isinstance(tree, Branch) and not tree.children


def _callback(production: Production) -> Callable[..., Any] | None:
    """Return what makes the branch of a production."""
    name, is_list = production.callback, production.origin in ("top", "top_items", "body", "items")
    if name == "chain_open":
        return lambda _, children: Branch("chain", [*children, None])
    if name == "chain_to":
        return lambda _, children: Branch("chain", [None, *children, *[None] * (2 - len(children))])
    if name == "chain_more":
        return _grow_chain
    if is_list and name == "empty":
        return lambda _, __: Branch("statements", [])
    if name in _GROWING or (is_list and name == "first"):
        return lambda _, children: _grown(name, children)
    if name in _STARTING:
        return lambda _, children: Branch(name, list(children))
    return lambda _, children: children[0] if len(children) == 1 else Branch(name, list(children))


def _grown(kind: str, children: list[Any]) -> Branch:
    first = children[0]
    if isinstance(first, Branch) and first.kind in _LIST_KINDS.get(kind, (kind,)):
        first.children += children[1:]
        return first
    return Branch(kind, list(children))


_LIST_KINDS = {
    "append": ("statements", "one"),
    "first": ("statements",),
    "more": ("one", "path_start"),
    "arms": ("no_arms",),
}


def _grow_chain(_: None, children: list[Any]) -> Branch:
    chain: Branch = children[0]
    chain.children.append(children[1])
    chain.children.append(children[2] if len(children) > 2 else None)
    return chain
