"""Folding of flat operator chains into trees.

The grammar reads `a + b * c` as operands and operators in a row; this table says how they bind. Two rules
surprise: shifts bind tighter than everything else, and `|`, `^`, `||` share one level as `&`, `&&` do.
"""

from __future__ import annotations

from typing import Any

from lang.syntax import ast
from lang.syntax.check import Context
from lang.syntax.tokens import Token

BINDING = {
    **dict.fromkeys(("||", "|", "^"), 30),
    **dict.fromkeys(("&&", "&"), 60),
    **dict.fromkeys(("==", "!="), 90),
    **dict.fromkeys(("<", "<=", ">", ">=", "in", "!in"), 110),
    "??": 120,
    **dict.fromkeys(("..", "..="), 130),
    **dict.fromkeys(("+", "-"), 140),
    **dict.fromkeys(("*", "/", "%"), 150),
    "**": 160,
    **dict.fromkeys(("<<", ">>"), 170),
}
"""How tightly each binary operator binds; all but `**` associate to the left."""

Chain = list["ast.Expr | Token | None"]
"""Operands at even places, operator tokens between them; None stands for the missing end of a range."""


def fold(chain: Chain, context: Context) -> ast.Expr:
    """Return the tree of a chain.

    Raises:
        CompileError: an open range is followed by an operator that needs its end, or `&&` or `||` is given
            a literal that is no boolean.
    """
    operands = [chain[0]]
    operators: list[Token] = []
    for index in range(1, len(chain), 2):
        operator = chain[index]
        assert isinstance(operator, Token), "operators stand at odd places"
        needed = BINDING[operator.value] + (operator.value == "**")
        while operators and BINDING[operators[-1].value] >= needed:
            _join(operands, operators.pop(), context)
        operators.append(operator)
        operands.append(chain[index + 1])
    while operators:
        _join(operands, operators.pop(), context)
    return operands[0]  # type: ignore[return-value]  # operands never hold tokens, and a join leaves a node


def _join(operands: Chain, operator: Token, context: Context) -> None:
    right: Any = operands.pop()
    left: Any = operands.pop()
    text = operator.value
    if text == ".." or text == "..=":
        operands.append(ast.Range(operator.at, left, right, text == "..="))
        return
    if left is None or right is None:
        raise context.error(operator.at, "BadInput", f"Unexpected '{text}'")
    if text == "&&" or text == "||":
        context.check_condition(left)
        context.check_condition(right)
    operands.append(ast.Binary(operator.at, text, left, right))
