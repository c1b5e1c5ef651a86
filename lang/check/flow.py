"""Statements that are never reached or do nothing, and comparisons whose result is certain."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec

from lang.check.finding import Finding, warning
from lang.source import Source
from lang.syntax import ast

_LEAVING = {ast.Return: "return", ast.Break: "break", ast.Continue: "continue", ast.Throw: "throw"}
_LITERALS = {
    ast.Unit: "()", ast.Bool: "a bool", ast.Int: "a number", ast.Float: "a number", ast.Char: "a char",
    ast.Str: "a string", ast.Template: "a string", ast.Array: "an array", ast.Map: "a map",
    ast.Vector: "a vector",
}  # fmt: skip
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">="))
_NO_EFFECT = (
    ast.Name, ast.Int, ast.Float, ast.Str, ast.Bool, ast.Char, ast.Property, ast.Closure,
)  # fmt: skip


class Flow:
    """One walk over a script."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Finding] = []
        self.functions: set[str] = set()

    def run(self, script: ast.Script) -> list[Finding]:
        """Return what is wrong with statements and conditions."""
        self.functions = {node.name for node in script.statements if isinstance(node, ast.Function)}
        self.statements(script.statements)
        todo: list[Any] = [script.statements]
        while todo:
            node = todo.pop()
            if isinstance(node, tuple):
                todo.extend(node)
            elif isinstance(node, msgspec.Struct):
                self.look_at(node)
                todo.extend(getattr(node, field) for field in node.__struct_fields__)
        return self.findings

    def warn(self, at: int, kind: str, message: str, hint: str | None = None) -> None:
        """Note a warning."""
        self.findings.append(warning(self.source, at, kind, message, hint))

    def look_at(self, node: Any) -> None:
        """Look at one node."""
        if isinstance(node, ast.Block):
            self.statements(node.statements)
        elif isinstance(node, ast.Binary):
            self.comparison(node)
        elif isinstance(node, ast.Switch):
            self.cases(node)
        elif isinstance(node, ast.If | ast.While) and isinstance(node.condition, ast.Bool):
            self.constant_condition(node, node.condition)
        elif isinstance(node, ast.Assign):
            self.assignment(node)

    def statements(self, statements: tuple[ast.Stmt, ...]) -> None:
        """Look at statements in a row."""
        running = [node for node in statements if not isinstance(node, ast.Function)]
        for node, following in pairwise(running):
            word = _LEAVING.get(type(node))
            if word is not None:
                self.warn(following.at, "unreachable", f"nothing behind `{word}` is ever run")
                return
            if isinstance(node, ast.ExprStmt):
                self.effect(node.expr)

    def effect(self, node: ast.Expr) -> None:
        """Warn of an expression whose value is dropped and which does nothing else."""
        if isinstance(node, ast.Binary) and node.operator == "==":
            hint = "`=` assigns" if isinstance(node.left, ast.Name | ast.Property | ast.Index) else None
            self.warn(node.at, "no-effect", "the result of '==' is not used", hint)
        elif isinstance(node, ast.Binary) and node.operator in _COMPARISONS:
            self.warn(node.at, "no-effect", f"the result of '{node.operator}' is not used")
        elif isinstance(node, _NO_EFFECT):
            is_function = isinstance(node, ast.Name) and node.name in self.functions
            hint = "parentheses behind the name call the function" if is_function else None
            self.warn(node.at, "no-effect", "this does nothing: its value is not used", hint)

    def comparison(self, node: ast.Binary) -> None:
        """Warn of a comparison that always comes out the same."""
        if node.operator not in _COMPARISONS:
            return
        left, right = _LITERALS.get(type(node.left)), _LITERALS.get(type(node.right))
        if left is not None and right is not None and left != right:
            result = "true" if node.operator == "!=" else "false"
            message = f"{left} and {right} have nothing to compare: this is always {result}"
            self.warn(node.at, "constant-comparison", message)
        elif node.operator != "!=" and _are_one_name(node.left, node.right):
            self.warn(node.at, "same-sides", "a variable is compared with itself")

    def constant_condition(self, node: ast.If | ast.While, condition: ast.Bool) -> None:
        """Warn of a block that always or never runs; `while true` is a loop on purpose."""
        if not condition.value:
            self.warn(condition.at, "constant-condition", "this block never runs")
        elif isinstance(node, ast.If):
            self.warn(condition.at, "constant-condition", "this condition is always true")

    def assignment(self, node: ast.Assign) -> None:
        """Warn of `x = x`."""
        if node.operator == "=" and _are_one_name(node.target, node.value):
            self.warn(node.at, "same-sides", "a variable is assigned to itself")

    def cases(self, node: ast.Switch) -> None:
        """Warn of a case that an earlier one without a condition takes."""
        seen: set[tuple[type, Any]] = set()
        for arm in node.arms:
            for pattern in arm.patterns:
                value = getattr(pattern, "value", None)
                if value is None or not isinstance(pattern, ast.Int | ast.Str | ast.Char | ast.Bool):
                    continue
                if (type(pattern), value) in seen:
                    self.warn(pattern.at, "unreachable", "an earlier case takes this value")
                elif arm.guard is None:
                    seen.add((type(pattern), value))


def _are_one_name(left: ast.Expr, right: ast.Expr) -> bool:
    return isinstance(left, ast.Name) and isinstance(right, ast.Name) and left.name == right.name
