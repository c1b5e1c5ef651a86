"""Chains of properties and indexes read as values: ``a.b[i]?.c``; a safe link ends the chain at ()."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.compile.expressions import Expressions
from lang.syntax import ast


class Chains(Expressions):
    """Properties and indexes."""

    def property(self, node: ast.Property, dst: int) -> None:
        """``x.name`` or ``x?.name``, a chain of safe links stopping at its first ()."""
        self.chain(node, dst)

    def index(self, node: ast.Index, dst: int) -> None:
        """``x[i]`` or ``x?[i]``."""
        self.chain(node, dst)

    def chain(self, node: ast.Property | ast.Index, dst: int) -> None:
        """The last link of a chain of properties and indexes, copied into `dst`."""
        stops: list[int] = []
        with self.settled_links(node.target):
            index = 0 if isinstance(node, ast.Property) else self.kept(node.index, node.target)
            container = self.link_target(node.target, stops, node.safe)
        if node.safe:
            stops.append(self.out.jump(Op.JUMP_UNIT, node.at, container))
        if isinstance(node, ast.Property):
            name = self.string_constant(node.name)
            self.out.emit(Op.GET_PROPERTY, node.at, dst, container, name)
        else:
            self.emit_index(Op.GET_INDEX, node, dst, container, index)
        if stops:
            end = self.out.jump(Op.JUMP, node.at)
            for stop in stops:
                self.out.patch(stop)
            self.load_unit(dst, node.at)
            self.out.patch(end)

    def link_target(self, node: ast.Expr, stops: list[int], next_is_safe: bool) -> int:
        """Return the register of a chain's target; `stops` collects the jumps at a safe link's ().

        ``?[`` is safe only as the last link, or before another safe one.
        """
        if isinstance(node, ast.Property | ast.Index) and self.has_safe_link(node):
            container = self.link_target(node.target, stops, node.safe)
            register = self.registers.take(1, node.at)
            if node.safe and (next_is_safe or isinstance(node, ast.Property)):
                stops.append(self.out.jump(Op.JUMP_UNIT, node.at, container))
            if isinstance(node, ast.Property):
                name = self.string_constant(node.name)
                self.out.emit(Op.GET_PROPERTY_REF, node.at, register, container, name)
            else:
                index = self.operand(node.index)
                self.emit_index(Op.GET_INDEX_REF, node, register, container, index)
            return register
        return self.operand(node)

    def has_safe_link(self, node: ast.Expr) -> bool:
        """Return whether a chain has a ``?.`` or ``?[`` somewhere."""
        while isinstance(node, ast.Property | ast.Index):
            if node.safe:
                return True
            node = node.target
        return False
