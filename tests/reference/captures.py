"""Which names a closure mentions that are not its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lang.syntax import ast


class FreeNames:
    """Walks a closure's body with its scopes."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}
        self.scopes: list[set[str]] = []

    def closure(self, node: ast.Closure) -> dict[str, int]:
        """Names of the closure that belong to somebody else, with places, in the order of the text."""
        self.scoped(set(node.parameters), node.body)
        return self.found

    def scoped(self, names: set[str], *nodes: Any) -> None:
        """Visit nodes within a scope of its own."""
        self.scopes.append(names)
        for node in nodes:
            self.visit(node)
        self.scopes.pop()

    def visit(self, node: Any) -> None:
        """Visit any node, tuple of nodes, or leaf."""
        match node:
            case tuple():
                for item in node:
                    self.visit(item)
            case ast.Name():
                if not any(node.name in scope for scope in self.scopes):
                    self.found.setdefault(node.name, node.at)
            case ast.Block():
                self.scoped(set(), node.statements)
            case ast.Closure():
                self.scoped(set(node.parameters), node.body)
            case ast.Let():
                self.visit(node.value)
                self.scopes[-1].add(node.name)
            case ast.For():
                self.visit(node.iterable)
                self.scoped({node.variable} | ({node.counter} if node.counter else set()), node.body)
            case ast.Try():
                self.visit(node.body)
                self.scoped({node.variable} if node.variable else set(), node.handler)
            case ast.Node():
                for part in parts(node):
                    self.visit(part)


def parts(node: ast.Node) -> Iterator[Any]:
    """The fields of a node that may hold nodes."""
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if isinstance(value, ast.Node | tuple):
            yield value


def free_names(node: ast.Closure) -> dict[str, int]:
    """What a closure captures, with the place of its first mention."""
    return FreeNames().closure(node)
