"""The rules of `check.py` for a reader that goes on behind an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lang.errors import CompileError
from lang.source import Source
from lang.syntax import ast
from lang.syntax.check import Context
from lang.syntax.tokens import Token


class LenientContext(Context):
    """Notes what it refuses, and lets it pass."""

    def __init__(self, source: Source, report: Callable[[CompileError], None]) -> None:
        super().__init__(source)
        self._report = report

    def _checked(self, check: Callable[..., None], *arguments: Any) -> None:
        try:
            check(*arguments)
        except CompileError as error:
            self._report(error)

    def check_break(self, token: Token) -> None:
        """Note what the rule refuses."""
        self._checked(super().check_break, token)

    def check_this(self, token: Token) -> None:
        """Note what the rule refuses."""
        self._checked(super().check_this, token)

    def check_condition(self, condition: ast.Expr) -> None:
        """Note what the rule refuses."""
        self._checked(super().check_condition, condition)

    def check_iterable(self, iterable: ast.Expr) -> None:
        """Note what the rule refuses."""
        self._checked(super().check_iterable, iterable)

    def check_parameters(self, parameters: list[Token], function: str) -> None:
        """Note what the rule refuses."""
        self._checked(super().check_parameters, parameters, function)

    def check_target(self, target: ast.Expr) -> None:
        """Note what the rule refuses."""
        self._checked(super().check_target, target)

    def check_index(self, target: ast.Expr, index: ast.Expr) -> None:
        """Note what the rule refuses."""
        self._checked(super().check_index, target, index)
