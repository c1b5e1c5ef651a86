"""The builder's callbacks for expressions. Names are those of rhai.lark."""

from __future__ import annotations

from typing import Any

from lang.syntax import ast
from lang.syntax.check import Context
from lang.syntax.precedence import Chain, fold
from lang.syntax.tokens import Token

Children = list[Any]


def as_expression(statement: ast.Stmt) -> ast.Expr:
    """Return a statement in the place of an expression: its own, or a block around it."""
    if isinstance(statement, ast.ExprStmt):
        return statement.expr
    return ast.Block(statement.at, (statement,), statement.at)


class ExpressionCallbacks:
    """Callbacks that make expressions; each takes the list of the production's values."""

    context: Context
    vectors: bool

    def name(self, children: Children) -> ast.Expr:
        """`x`."""
        token: Token = children[0]
        return ast.Name(token.at, token.value)

    def literal(self, children: Children) -> ast.Expr:
        """`1`, `"text"`, `()`: the token brings its node."""
        node: ast.Expr = children[0].value
        return node

    def this(self, children: Children) -> ast.Expr:
        """`this`."""
        self.context.check_this(children[0])
        return ast.This(children[0].at)

    def paren(self, children: Children) -> ast.Expr:
        """`(x)`: no node of its own."""
        inner: ast.Expr = children[1]
        return inner

    def vector_open(self, children: Children) -> Children:
        """`(x,`: an error unless vectors are on."""
        if not self.vectors:
            message = "Expecting ')' for a matching ( in this expression"
            hint = "plain Rhai has no vectors `(x, y)`; an array is written `[x, y]`"
            raise self.context.error(children[2].at, "MissingToken", message, hint)
        return children

    def vector(self, children: Children) -> ast.Expr:
        """`(x, y)` or `(x, y, z)`."""
        opening, first, _ = children[0]
        return ast.Vector(opening.at, (first, *children[1:-1:2]))

    def array(self, children: Children) -> ast.Expr:
        """`[x, y]`."""
        return ast.Array(children[0].at, tuple(children[1]) if len(children) > 2 else ())

    def map(self, children: Children) -> ast.Expr:
        """`#{…}`."""
        entries = tuple(children[1].values()) if len(children) > 2 else ()
        return ast.Map(children[0].at, entries)

    def entry(self, children: Children) -> dict[str, ast.MapEntry]:
        """`key : value`, alone or behind the entries before it."""
        entries: dict[str, ast.MapEntry] = children[0] if len(children) == 5 else {}
        token: Token = children[-3]
        key = token.value.value if token.type == "STRING" else token.value
        if key in entries:
            message = f"Duplicated property for object map literal: {key}"
            raise self.context.error(token.at, "DuplicatedProperty", message)
        entries[key] = ast.MapEntry(token.at, key, children[-1])
        return entries

    def path_start(self, children: Children) -> list[Token]:
        """`a::b`."""
        return [children[0], children[2]]

    def path(self, children: Children) -> ast.Expr:
        """`a::b::C` as a value."""
        segments: list[Token] = children[0]
        return ast.Path(segments[0].at, tuple(token.value for token in segments))

    def path_call(self, children: Children) -> ast.Expr:
        """`a::b::f(x)`."""
        *path, name = children[0]
        return ast.Call(name.at, name.value, children[1], path=tuple(token.value for token in path))

    def arguments(self, children: Children) -> tuple[ast.Expr, ...]:
        """`()`, `( )` or `(x, y)`."""
        return tuple(children[1]) if len(children) > 2 else ()

    def call(self, children: Children) -> ast.Expr:
        """`f(x)`."""
        token: Token = children[0]
        return ast.Call(token.at, token.value, children[1])

    def call_bang(self, children: Children) -> ast.Expr:
        """`f!(x)`."""
        token: Token = children[0]
        return ast.Call(token.at, token.value, children[2], bang=True)

    def property(self, children: Children) -> ast.Expr:
        """`x.name`, `x?.name`."""
        target, dot, name = children
        return ast.Property(name.at, target, name.value, dot.type == "QDOT", dot.at)

    def method(self, children: Children) -> ast.Expr:
        """`x.f(y)`, `x?.f(y)`."""
        target, dot, name, arguments = children
        return ast.MethodCall(name.at, target, name.value, arguments, dot.type == "QDOT", dot.at)

    def method_bang(self, children: Children) -> ast.Expr:
        """`x.f!(y)`: always an error."""
        message = "method-call style does not support running within the caller's scope"
        raise self.context.error(children[2].at, "MalformedCapture", message)

    def index(self, children: Children) -> ast.Expr:
        """`x[i]`, `x?[i]`."""
        target, bracket, index, _ = children
        self.context.check_index(target, index)
        return ast.Index(bracket.at, target, index, bracket.type == "QBRACKET")

    # --- operators

    def unary(self, children: Children) -> ast.Expr:
        """A sign before a literal number makes one literal, even across blanks."""
        operator, operand = children
        if operator.type == "MINUS" and type(operand) in (ast.Int, ast.Float) and operand.value > 0:
            literal: ast.Expr = type(operand)(operator.at, -operand.value)
            return literal
        return ast.Unary(operator.at, operator.value, operand)

    def chain(self, children: Children) -> Chain:
        """`x + y`: the children are the chain."""
        return children

    def chain_open(self, children: Children) -> Chain:
        """`x..`."""
        return [*children, None]

    def chain_to(self, children: Children) -> Chain:
        """`..x`, `..`."""
        return [None, children[0], children[1] if len(children) > 1 else None]

    def chain_more(self, children: Children) -> Chain:
        """A chain, an operator, and an operand unless it is an open range."""
        chain: Chain = children[0]
        chain.append(children[1])
        chain.append(children[2] if len(children) > 2 else None)
        return chain

    def binary(self, children: Children) -> ast.Expr:
        """A finished chain."""
        return fold(children[0], self.context)

    # --- templates and closures

    def interpolation_open(self, children: Children) -> Token:
        """The text up to a `${`."""
        self.context.open_scope()
        token: Token = children[0]
        return token

    def interpolation(self, children: Children) -> tuple[Token, ast.Expr]:
        """The text before a `${` and what stands in it."""
        self.context.close_scope()
        token, body = children
        if len(body) == 1 and isinstance(body[0], ast.ExprStmt):
            return token, body[0].expr
        return token, ast.Block(token.value.at, tuple(body), token.value.at)

    def template(self, children: Children) -> ast.Expr:
        """A whole back-quoted string."""
        pieces, tail = children
        parts: list[ast.Expr] = []
        for token, node in pieces:
            if token.value.value:
                parts.append(token.value)
            parts.append(node)
        if tail.value.value:
            parts.append(tail.value)
        return ast.Template(pieces[0][0].at, tuple(parts))

    def closure_head(self, children: Children) -> tuple[int, list[Token]]:
        """`||`, `| |`, `|a, b|`."""
        parameters: list[Token] = children[1] if len(children) > 2 else []
        self.context.check_parameters(parameters, "")
        self.context.enter_function(parameters, closure=True)
        return children[0].at, parameters

    def closure(self, children: Children) -> ast.Expr:
        """`|x| body`; a `;` stands for an empty body."""
        (at, parameters), body = children
        self.context.leave_function()
        body = ast.Block(body.at, (), body.at) if isinstance(body, Token) else as_expression(body)
        return ast.Closure(at, tuple(token.value for token in parameters), body)
