"""The builder's callbacks for statements, and for the blocks that are also expressions."""

from __future__ import annotations

from typing import Any

from lang.syntax import ast, switches
from lang.syntax.check import Context
from lang.syntax.expressions import as_expression
from lang.syntax.tokens import Token

Children = list[Any]


def doc_before(text: str, at: int) -> str:
    """Return the doc comment, marks included, on the lines just above the one that a place is in."""
    first = end = text.rfind("\n", 0, at) + 1
    while first:
        start = text.rfind("\n", 0, first - 1) + 1
        line = text[start:first].strip()
        if first == end and line.endswith("*/"):
            comment = text[max(text.rfind("/**", 0, first), 0) : end].strip()
            return comment if comment.find("*/") == len(comment) - 2 else ""
        if not line.startswith("///") or line.startswith("////"):
            break
        first = start
    return text[first:end].strip()


class StatementCallbacks:
    """Callbacks that make statements and blocks; each takes the list of the production's values."""

    context: Context
    functions: set[tuple[str | None, str, int]]

    def script(self, children: Children) -> ast.Script:
        """The whole text."""
        return ast.Script(tuple(children[0]))

    def block_open(self, children: Children) -> Token:
        """`{` of a block."""
        self.context.open_scope()
        token: Token = children[0]
        return token

    def block(self, children: Children) -> ast.Block:
        """`{ … }`."""
        self.context.close_scope()
        opening, statements, closing = children
        return ast.Block(opening.at, tuple(statements), closing.at)

    def expr_stmt(self, children: Children) -> ast.Stmt:
        """An expression as a statement."""
        return ast.ExprStmt(children[0].at, children[0])

    def assign(self, children: Children) -> ast.Stmt:
        """`x = y`, `x += y`."""
        target, operator, value = children
        self.context.check_target(target)
        return ast.Assign(operator.at, operator.value, target, value)

    def let(self, children: Children) -> ast.Stmt:
        """`let x = y`, `const X = y`."""
        return self._declaration(children, children[0].at, export=False)

    def export_let(self, children: Children) -> ast.Stmt:
        """`export let x = y`."""
        return self._declaration(children[1:], children[0].at, export=True)

    def _declaration(self, children: Children, at: int, export: bool) -> ast.Stmt:
        keyword, name = children[0], children[1]
        value = children[3] if len(children) > 3 else None
        constant = keyword.type == "CONST"
        self.context.declare(name.value, constant)
        return ast.Let(at, name.value, name.at, value, constant, export)

    def return_(self, children: Children) -> ast.Stmt:
        """`return`, `return x`."""
        return ast.Return(children[0].at, children[1] if len(children) > 1 else None)

    def throw(self, children: Children) -> ast.Stmt:
        """`throw`, `throw x`."""
        return ast.Throw(children[0].at, children[1] if len(children) > 1 else None)

    def break_(self, children: Children) -> ast.Stmt:
        """`break`, `break x`."""
        self.context.check_break(children[0])
        return ast.Break(children[0].at, children[1] if len(children) > 1 else None)

    def continue_(self, children: Children) -> ast.Stmt:
        """`continue`."""
        self.context.check_break(children[0])
        return ast.Continue(children[0].at)

    def import_(self, children: Children) -> ast.Stmt:
        """`import "path" as name`."""
        alias = children[3].value if len(children) > 3 else None
        return ast.Import(children[0].at, children[1], alias)

    def export(self, children: Children) -> ast.Stmt:
        """`export x as name`."""
        alias = children[3].value if len(children) > 3 else None
        return ast.Export(children[0].at, children[1].value, alias)

    def catch_head(self, children: Children) -> str | None:
        """`catch`, `catch (e)`."""
        self.context.open_scope()
        if len(children) == 1:
            return None
        name: str = children[2].value
        self.context.declare(name)
        return name

    def try_(self, children: Children) -> ast.Stmt:
        """`try { } catch (e) { }`."""
        self.context.close_scope()
        keyword, body, variable, handler = children
        return ast.Try(keyword.at, body, variable, handler)

    # --- functions

    def fn_name(self, children: Children) -> tuple[str | None, Token]:
        """The type a method is for, if any, and the name."""
        if len(children) == 1:
            return None, children[0]
        this_type = children[0]
        text = this_type.value.value if this_type.type == "STRING" else this_type.value
        return text, children[2]

    def names(self, children: Children) -> list[Token]:
        """`a, b`."""
        if len(children) == 1:
            return children
        names: list[Token] = children[0]
        names.append(children[2])
        return names

    def parameters(self, children: Children) -> list[Token]:
        """`()`, `( )` or `(a, b)`."""
        return children[1] if len(children) > 2 else []

    def fn_head(self, children: Children) -> tuple[Token, str | None, Token, list[Token]]:
        """`fn f(a, b)`, with `private` or a type before the name."""
        (this_type, name), parameters = children[-2:]
        self.context.check_parameters(parameters, name.value)
        self.context.enter_function(parameters, closure=False)
        return children[0], this_type, name, parameters

    def function(self, children: Children) -> ast.Stmt:
        """A whole function."""
        self.context.leave_function()
        (keyword, this_type, name, parameters), body = children
        self._add_function(keyword.at, (this_type, name.value, len(parameters)))
        return ast.Function(
            keyword.at,
            name.value,
            name.at,
            tuple(token.value for token in parameters),
            body,
            keyword.type == "PRIVATE",
            this_type,
            doc_before(self.context.source.text, keyword.at),
        )

    def _add_function(self, at: int, key: tuple[str | None, str, int]) -> None:
        if key in self.functions:
            count = {0: "no parameters", 1: "1 parameter"}.get(key[2], f"{key[2]} parameters")
            message = f"Function {key[1]} with {count} already exists"
            raise self.context.error(at, "FnDuplicatedDefinition", message)
        self.functions.add(key)

    # --- blocks that are expressions

    def if_head(self, children: Children) -> Children:
        """`if x`."""
        self.context.check_condition(children[1])
        return children

    def if_(self, children: Children) -> ast.Expr:
        """`if x { } else …`."""
        (keyword, condition), then = children[:2]
        return ast.If(keyword.at, condition, then, children[3] if len(children) > 2 else None)

    def while_head(self, children: Children) -> Children:
        """`while x`."""
        self.context.check_condition(children[1])
        self.context.enter_loop()
        return children

    def while_(self, children: Children) -> ast.Expr:
        """`while x { }`."""
        self.context.leave_loop()
        (keyword, condition), body = children
        return ast.While(keyword.at, condition, body)

    def loop_head(self, children: Children) -> Token:
        """`loop`, `do`."""
        self.context.enter_loop()
        token: Token = children[0]
        return token

    def loop(self, children: Children) -> ast.Expr:
        """`loop { }`."""
        self.context.leave_loop()
        return ast.Loop(children[0].at, children[1])

    def do_body(self, children: Children) -> Children:
        """`do { }`."""
        self.context.leave_loop()
        return children

    def do_(self, children: Children) -> ast.Expr:
        """`do { } while x`, `do { } until x`."""
        (keyword, body), tail, condition = children
        self.context.check_condition(condition)
        return ast.Do(keyword.at, body, condition, tail.type == "UNTIL")

    def for_head(self, children: Children) -> tuple[Token, Token, Token | None, ast.Expr]:
        """`for x in y`, `for (x, i) in y`."""
        keyword, variable, counter = children[0], children[1], None
        if len(children) > 4:
            variable, counter = children[2], children[4]
            if variable.value == counter.value:
                message = f"Duplicated variable name: {counter.value}"
                raise self.context.error(counter.at, "DuplicatedVariable", message)
        self.context.check_iterable(children[-1])
        self.context.open_scope()
        self.context.enter_loop()
        self.context.declare(variable.value)
        if counter is not None:
            self.context.declare(counter.value)
        return keyword, variable, counter, children[-1]

    def for_(self, children: Children) -> ast.Expr:
        """`for x in y { }`."""
        self.context.leave_loop()
        self.context.close_scope()
        (keyword, variable, counter, iterable), body = children
        return ast.For(
            keyword.at,
            variable.value,
            variable.at,
            None if counter is None else counter.value,
            -1 if counter is None else counter.at,
            iterable,
            body,
        )

    # --- switch

    def arm_head(self, children: Children) -> tuple[int, tuple[ast.Expr, ...], ast.Expr | None]:
        """`1 | 2 if x =>`, `_ =>`."""
        guard = None
        if len(children) > 2:
            keyword, guard = children[1:3]
            if isinstance(children[0], Token):
                message = "This switch case cannot have a condition"
                raise self.context.error(keyword.at, "WrongSwitchCaseCondition", message)
        patterns = switches.patterns(children[0], self.context)
        if guard is not None:
            self.context.check_condition(guard)
        self.context.open_scope()
        return (patterns[0].at if patterns else children[0].at), patterns, guard

    def arm(self, children: Children) -> ast.SwitchArm:
        """One arm of a `switch`."""
        self.context.close_scope()
        (at, patterns, guard), body = children
        return ast.SwitchArm(at, patterns, guard, as_expression(body))

    def no_arms(self, _: Children) -> switches.Arms:
        """A `switch` before its first arm."""
        return switches.Arms(self.context)

    def arms(self, children: Children) -> switches.Arms:
        """The arms so far and the next."""
        arms: switches.Arms = children[0]
        arms.add(children[1])
        return arms

    def switch(self, children: Children) -> ast.Expr:
        """`switch x { … }`."""
        arms: switches.Arms = children[3]
        if len(children) > 5:
            arms.add(children[4])
        return ast.Switch(children[0].at, children[1], tuple(arms.items))
