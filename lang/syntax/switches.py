"""The rules of `switch`: its cases are literals, integers stand before ranges, the default is last."""

from __future__ import annotations

from typing import Any

from lang.syntax import ast
from lang.syntax.check import Context
from lang.syntax.precedence import Chain, fold
from lang.syntax.tokens import Token

_ATOMS = (ast.Unit, ast.Bool, ast.Int, ast.Float, ast.Char, ast.Str)


def patterns(read: Any, context: Context) -> tuple[ast.Expr, ...]:
    """Return the literals of an arm from what the grammar read: a token `_`, an expression or a chain.

    Raises:
        CompileError: something in it is no literal.
    """
    if isinstance(read, Token):
        return ()
    if not isinstance(read, list):
        return (_literal(read, context),)
    return tuple(_literal(fold(part, context), context) for part in _split(read))


def _split(chain: Chain) -> list[Chain]:
    """Cut a chain at its `|` operators."""
    parts: list[Chain] = [[chain[0]]]
    for index in range(1, len(chain), 2):
        operator = chain[index]
        assert isinstance(operator, Token), "operators stand at odd places"
        if operator.value == "|":
            parts.append([chain[index + 1]])
        else:
            parts[-1] += (operator, chain[index + 1])
    return parts


def _literal(expression: ast.Expr, context: Context) -> ast.Expr:
    if not _is_literal(expression):
        raise context.error(expression.at, "ExprExpected", "Expecting a literal expression")
    return expression


def _is_literal(expression: ast.Expr | None) -> bool:
    if isinstance(expression, ast.Array):
        return all(map(_is_literal, expression.items))
    if isinstance(expression, ast.Map):
        return all(_is_literal(entry.value) for entry in expression.entries)
    if isinstance(expression, ast.Range):
        ends = (expression.start, expression.end)
        return all(end is None or isinstance(end, ast.Int) for end in ends)
    return isinstance(expression, _ATOMS)


class Arms:
    """The arms read so far, and whether there is a range among their patterns."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.items: list[ast.SwitchArm] = []
        self.has_range = False

    def add(self, arm: ast.SwitchArm) -> None:
        """Append an arm.

        Raises:
            CompileError: the default is not the last, or an integer follows a range.
        """
        if self.items and not self.items[-1].patterns:
            message = "Default switch case must be the last"
            raise self.context.error(self.items[-1].at, "WrongSwitchDefaultCase", message)
        for pattern in arm.patterns:
            if isinstance(pattern, ast.Range):
                self.has_range = True
            elif self.has_range and isinstance(pattern, ast.Int):
                message = "Numeric switch case cannot follow a range case"
                raise self.context.error(pattern.at, "WrongSwitchIntegerCase", message)
        self.items.append(arm)
