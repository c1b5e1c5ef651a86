"""In which order the parts of an expression are evaluated, where that is not the order of the text.

All indexes and arguments of a chain such as ``a(x)[i].f(y)`` come before its root: x here is the
root's, then i, y, and only then ``a(x)``. What cannot fail nor change anything may keep its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lang.compile.frame import Frame
from lang.syntax import ast

LITERALS = (ast.Int, ast.Float, ast.Str, ast.Bool, ast.Char, ast.Unit)
LINKS = (ast.Property, ast.Index, ast.MethodCall)


def place_of(node: ast.Expr) -> int:
    """Return where an expression of a wrong type is reported: a chain at its first link."""
    if not isinstance(node, LINKS):
        return node.at
    while isinstance(node.target, LINKS):
        node = node.target
    return node.at if isinstance(node, ast.Index) else node.dot


def start_of(node: ast.Expr) -> int:
    """Return where an index or an argument of a wrong type is reported: where it begins."""
    while True:
        if isinstance(node, LINKS):
            node = node.target
        elif isinstance(node, ast.Binary) and node.operator in ("&&", "||", "??"):
            node = node.left
        else:
            return node.at


class Order(Frame):
    """What is evaluated ahead of its turn."""

    def temporary(self, node: ast.Expr) -> int:
        """Return a new register with the value of an expression, owned."""
        raise NotImplementedError

    @contextmanager
    def settled_links(self, node: ast.Expr) -> Iterator[None]:
        """Evaluate what the links of a chain need; inside, these values wait in registers."""
        before = self.settled
        wanted = [part for part in self.parts(node) if id(part) not in before]
        if wanted:
            self.settled = dict(before)
            for part in wanted:
                self.settled[id(part)] = self.temporary(part)
        yield
        self.settled = before

    def parts(self, node: ast.Expr) -> list[ast.Expr]:
        """Return the indexes and arguments of a chain that have to come before its root."""
        links: list[tuple[ast.Expr, ...]] = []
        while isinstance(node, LINKS):
            if isinstance(node, ast.Index):
                links.append((node.index,))
            elif isinstance(node, ast.MethodCall):
                links.append(node.arguments)
            node = node.target
        return [part for link in reversed(links) for part in link if not self.is_inert(part)]

    def is_inert(self, node: ast.Expr) -> bool:
        """Return whether it is the same to evaluate this now or a little later."""
        if isinstance(node, ast.Name):
            variable = self.find(node.name)
            return variable is not None and not variable.captured
        return isinstance(node, LITERALS)

    def is_quiet(self, node: ast.Expr) -> bool:
        """Return whether evaluating this cannot change a variable."""
        match node:
            case ast.Name() | ast.This() | ast.Path():
                return True
            case ast.Unary():
                return self.is_quiet(node.operand)
            case ast.Binary():
                return self.is_quiet(node.left) and self.is_quiet(node.right)
            case ast.Property():
                return self.is_quiet(node.target)
            case ast.Index():
                return self.is_quiet(node.target) and self.is_quiet(node.index)
            case ast.Call():
                is_script = (node.name, len(node.arguments)) in self.unit.functions
                quiet = is_script and not self.unit.options.entity and not node.bang
                return quiet and all(self.is_quiet(argument) for argument in node.arguments)
        return isinstance(node, LITERALS)

    def is_constant(self, node: ast.Expr) -> bool:
        """Return whether an expression is a constant or a part of one."""
        node = self.root_of(node)
        if isinstance(node, ast.Path):
            return True
        if not isinstance(node, ast.Name):
            return False
        variable = self.find(node.name)
        if variable is not None:
            return variable.constant
        return node.name in self.unit.constants and self.state_slot(node.name) is not None

    def root_of(self, node: ast.Expr) -> ast.Expr:
        """Return what the properties and indexes of a chain begin with."""
        while isinstance(node, ast.Property | ast.Index):
            node = node.target
        return node
