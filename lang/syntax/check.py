"""What the grammar cannot refuse: rules about scopes, loops, literals and places of statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lang.errors import CompileError
from lang.source import Source
from lang.syntax import ast
from lang.syntax.tokens import Token

_LITERAL_NAMES = {
    ast.Unit: "()",
    ast.Bool: "a boolean",
    ast.Int: "a number",
    ast.Float: "a floating-point number",
    ast.Char: "a character",
    ast.Str: "a string",
    ast.Template: "a string",
    ast.Array: "an array",
    ast.Map: "an object map",
}
_NOT_ITERABLE = (ast.Unit, ast.Bool, ast.Int, ast.Float, ast.Char, ast.Map)
_CONSTANT_VALUES = (
    ast.Unit, ast.Bool, ast.Int, ast.Float, ast.Char, ast.Str, ast.Array, ast.Map, ast.Closure,
)  # fmt: skip


class Context:
    """What surrounds the place that is being read: its scopes, and whether it is in a loop or a function."""

    def __init__(self, source: Source, constants: Iterable[str] = ()) -> None:
        self.source = source
        self._scopes: list[dict[str, bool]] = [dict.fromkeys(constants, True)]
        self._loops = 0
        self._has_this = False
        self._outer: list[tuple[list[dict[str, bool]], int, bool]] = []

    def error(self, at: int, kind: str, message: str, hint: str | None = None) -> CompileError:
        """Return the error at a place of the source."""
        return CompileError(self.source, at, message, kind, hint)

    # --- scopes

    def open_scope(self) -> None:
        """Enter a block."""
        self._scopes.append({})

    def close_scope(self) -> None:
        """Leave a block; its names end."""
        self._scopes.pop()

    def declare(self, name: str, constant: bool = False) -> None:
        """Let a name mean a new variable or constant from here on."""
        self._scopes[-1][name] = constant

    def enter_function(self, parameters: Iterable[Token], *, closure: bool) -> None:
        """Enter a body. A closure sees the names around it, a function does not; loops end at both."""
        self._outer.append((self._scopes, self._loops, self._has_this))
        scope = {token.value: False for token in parameters}
        self._scopes = [*self._scopes, scope] if closure else [scope]
        self._loops = 0
        self._has_this = True

    def leave_function(self) -> None:
        """Leave a function's or closure's body."""
        self._scopes, self._loops, self._has_this = self._outer.pop()

    def enter_loop(self) -> None:
        """Enter a loop's body."""
        self._loops += 1

    def leave_loop(self) -> None:
        """Leave a loop's body."""
        self._loops -= 1

    def mark(self) -> Any:
        """Return what `restore` needs to come back to this place."""
        return self._scopes, len(self._scopes), self._loops, self._has_this, len(self._outer)

    def restore(self, mark: Any) -> None:
        """Leave all that was entered since a mark was made."""
        self._scopes, scopes, self._loops, self._has_this, outer = mark
        del self._scopes[scopes:], self._outer[outer:]

    # --- rules

    def check_break(self, token: Token) -> None:
        """Refuse `break` and `continue` outside of a loop."""
        if not self._loops:
            hint = "`return` leaves a closure" if self._outer else None
            message = "Break statement should only be used inside a loop"
            raise self.error(token.at, "LoopBreak", message, hint)

    def check_this(self, token: Token) -> None:
        """Refuse `this` where nothing can be bound to it."""
        if not self._has_this:
            hint = "what a method is called on is `this` in it: `x.f()` runs `fn f() { this… }`"
            raise self.error(token.at, "BadInput", "'this' can only be used in functions", hint)

    def check_condition(self, condition: ast.Expr) -> None:
        """Refuse a literal that is no boolean."""
        name = _LITERAL_NAMES.get(type(condition))
        if name is not None and name != "a boolean":
            raise self.error(condition.at, "MismatchedType", f"Expecting a boolean expression, not {name}")

    def check_iterable(self, iterable: ast.Expr) -> None:
        """Refuse a literal that cannot be iterated over."""
        if isinstance(iterable, _NOT_ITERABLE):
            name = _LITERAL_NAMES[type(iterable)]
            raise self.error(iterable.at, "MismatchedType", f"Expecting an iterable value, not {name}")

    def check_parameters(self, parameters: list[Token], function: str) -> None:
        """Refuse two parameters of one name."""
        seen: set[str] = set()
        for token in parameters:
            if token.value in seen:
                message = f"Duplicated parameter {token.value} for function {function}"
                raise self.error(token.at, "FnDuplicatedParam", message)
            seen.add(token.value)

    def check_target(self, target: ast.Expr) -> None:
        """Refuse to assign to what is no variable, element or property, or to a constant itself."""
        if isinstance(target, ast.Name):
            for scope in reversed(self._scopes):
                constant = scope.get(target.name)
                if constant:
                    message = f"Cannot assign to constant {target.name}"
                    hint = "`let` declares a variable that can change"
                    raise self.error(target.at, "AssignmentToConstant", message, hint)
                if constant is not None:
                    return
            return
        root: ast.Expr = target
        if isinstance(target, (ast.Index, ast.Property)):
            while isinstance(root, (ast.Index, ast.Property, ast.MethodCall)):
                root = root.target
        if isinstance(root, _CONSTANT_VALUES):
            raise self.error(root.at, "AssignmentToConstant", "Cannot assign to a constant value")
        if not isinstance(root, (ast.Name, ast.This, ast.Path)):
            raise self.error(root.at, "AssignmentToInvalidLHS", "Expression cannot be assigned to")

    def check_index(self, target: ast.Expr, index: ast.Expr) -> None:
        """Refuse a literal index of the wrong type into a literal."""
        name = _LITERAL_NAMES.get(type(index))
        if name is None:
            return
        if isinstance(target, ast.Map):
            if not isinstance(index, (ast.Str, ast.Template)):
                message = f"Object map expects string index, not {name}"
                raise self.error(index.at, "MalformedIndexExpr", message)
        elif isinstance(target, (ast.Array, ast.Str, ast.Int)) and not isinstance(index, ast.Int):
            kind = "a float" if isinstance(index, ast.Float) else name
            wanted = "numeric" if isinstance(target, ast.Int) else "integer"
            message = f"Array, string or bit-field expects {wanted} index, not {kind}"
            raise self.error(index.at, "MalformedIndexExpr", message)
