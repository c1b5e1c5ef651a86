"""Names: variables that nothing reads, names that nothing declares, calls that no function takes.

A script whose variables can come from elsewhere (`eval`, `import`, a call with `!`) is not accused of what
cannot be known.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import msgspec

from lang.check.finding import Finding, of_error, warning
from lang.compile.frame import Options
from lang.compile.refusals import Signature, refusal
from lang.compile.warnings import NEAR
from lang.errors import CompileError
from lang.source import Source
from lang.syntax import ast

_LEFT_ALONE = frozenset(("call", "Fn", "is_def_var", "is_shared", "eval", "curry"))


class _Variable:
    """A declaration and what becomes of it."""

    __slots__ = ("at", "is_read", "is_told", "is_written", "name")

    def __init__(self, name: str, at: int, *, is_told: bool) -> None:
        self.name = name
        self.at = at
        self.is_told = is_told  # whether nobody reading it is worth a warning
        self.is_read = False
        self.is_written = False


class Names:
    """One walk over a script."""

    def __init__(
        self, source: Source, options: Options, built_ins: frozenset[Signature], script: ast.Script
    ) -> None:
        self.source = source
        self.options = options
        self.built_ins = built_ins
        self.findings: list[Finding] = []
        functions = [node for node in script.statements if isinstance(node, ast.Function)]
        self.functions = {(node.name, len(node.parameters)): node for node in functions}
        self.function_names = {node.name for node in functions}
        lets = [node for node in script.statements if isinstance(node, ast.Let)]
        self.globals = {node.name for node in lets if options.entity}
        self.outer = {node.name for node in lets}
        self.scopes: list[dict[str, _Variable]] = [{}]
        self.is_top = True
        self.is_open = _is_open(script)
        self.asked_for = {
            node.arguments[0].value
            for node in calls_in(script)
            if node.name == "is_def_var" and node.arguments and isinstance(node.arguments[0], ast.Str)
        }
        self.called_with_bang = {call.name for call in calls_in(script) if call.bang}
        self.script = script

    def run(self) -> list[Finding]:
        """Return what is wrong with names."""
        for node in self.script.statements:
            self.visit(node)
        self.close()
        return self.findings

    def warn(self, at: int, kind: str, message: str, hint: str | None = None) -> None:
        """Note a warning."""
        self.findings.append(warning(self.source, at, kind, message, hint))

    # --- the walk

    def visit(self, node: Any) -> None:
        """Look at a node and all below it."""
        if isinstance(node, tuple):
            for item in node:
                self.visit(item)
        elif isinstance(node, ast.Node):
            handler = _HANDLERS.get(type(node))
            if handler is None:
                self.visit_parts(node)
            else:
                handler(self, node)

    def visit_parts(self, node: ast.Node) -> None:
        """Look at what a node consists of."""
        for field in msgspec.structs.fields(node):
            value = getattr(node, field.name)
            if isinstance(value, (ast.Node, tuple)):
                self.visit(value)

    def declare(self, name: str, at: int, *, is_told: bool) -> None:
        """Let a name mean a new variable."""
        variable = _Variable(name, at, is_told=is_told and not self.is_open)
        before = self.scopes[-1].get(name)
        if before is not None:
            self.tell(before)
        self.scopes[-1][name] = variable

    def find(self, name: str) -> _Variable | None:
        """Return the local variable of that name."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def close(self) -> None:
        """Leave a scope, and tell of what nothing read in it."""
        for variable in self.scopes.pop().values():
            self.tell(variable)

    def tell(self, variable: _Variable) -> None:
        """Warn of a variable that nothing reads."""
        if not variable.is_told or variable.is_read:
            return
        if variable.is_written:
            message = f"'{variable.name}' is assigned to, but nothing reads it"
            self.warn(variable.at, "unread-variable", message)
        else:
            self.warn(variable.at, "unused-variable", f"nothing uses the variable '{variable.name}'")

    # --- nodes

    def let(self, node: ast.Let) -> None:
        """`let x = y`: visible from here on."""
        self.visit(node.value)
        self.declare(node.name, node.name_at, is_told=not self.is_top or len(self.scopes) > 1)

    def block(self, node: ast.Block) -> None:
        """`{ }`: a scope."""
        self.scopes.append({})
        self.visit(node.statements)
        self.close()

    def loop_for(self, node: ast.For) -> None:
        """`for`: its variables may go unused."""
        self.visit(node.iterable)
        self.scopes.append({})
        self.declare(node.variable, node.variable_at, is_told=False)
        if node.counter is not None:
            self.declare(node.counter, node.counter_at, is_told=False)
        self.visit(node.body)
        self.close()

    def attempt(self, node: ast.Try) -> None:
        """`try`: the error may go unused."""
        self.visit(node.body)
        self.scopes.append({})
        if node.variable is not None:
            self.declare(node.variable, node.at, is_told=False)
        self.visit(node.handler)
        self.close()

    def function(self, node: ast.Function) -> None:
        """`fn`: sees none of the locals around it."""
        scopes, self.scopes = self.scopes, [{}]
        was_open, self.is_open = self.is_open, self.is_open or self.shares_scope(node)
        self.is_top = False
        for name in node.parameters:
            self.declare(name, node.at, is_told=False)
        self.visit(node.body)
        self.close()
        self.scopes, self.is_top, self.is_open = scopes, True, was_open

    def shares_scope(self, node: ast.Function) -> bool:
        """Return whether a function runs in the scope of a caller, or lends its own."""
        return node.name in self.called_with_bang or any(call.bang for call in calls_in(node))

    def closure(self, node: ast.Closure) -> None:
        """`|x| y`: sees what is around it."""
        self.scopes.append({})
        for name in node.parameters:
            self.declare(name, node.at, is_told=False)
        self.visit(node.body)
        self.close()

    def name(self, node: ast.Name) -> None:
        """A name that is read."""
        variable = self.find(node.name)
        if variable is not None:
            variable.is_read = True
        else:
            self.undeclared(node)

    def assign(self, node: ast.Assign) -> None:
        """`x = y` writes a variable; an element's assignment reads the container."""
        self.visit(node.value)
        if not isinstance(node.target, ast.Name):
            self.visit(node.target)
            return
        variable = self.find(node.target.name)
        if variable is not None:
            variable.is_written = True
        else:
            self.undeclared(node.target, assigned=node.operator == "=")

    # --- what is not there

    def undeclared(self, node: ast.Name, *, assigned: bool = False) -> None:
        """Warn of a name that means nothing, where that is certain."""
        name, options = node.name, self.options
        known = name in self.globals or name in options.context
        if known or self.is_open or name in self.asked_for or name in self.function_names:
            return
        if self.options.natives.find(name) is not None:
            return
        if not options.entity and self.is_top:
            return  # the host may have put it there
        if not options.entity and name in self.outer:
            self.warn(
                node.at,
                "unknown-variable",
                f"a function does not see the script's variable '{name}'",
                "hand it over as an argument; constants can be read as `global::NAME`",
            )
            return
        names = [*{name: 0 for scope in self.scopes for name in scope}, *self.globals, *options.context]
        close = get_close_matches(name, names, 1)
        hint = f"did you mean `{close[0]}`?" if close else None
        if assigned and not close:
            hint = f"`let {name} = …` makes a new variable"
        self.warn(node.at, "unknown-variable", f"no variable is called '{name}' here", hint)

    def call(self, node: ast.Call) -> None:
        """A call in function style: only these can be known."""
        self.visit(node.arguments)
        if node.path or node.bang or node.name in _LEFT_ALONE:
            return
        call = (node.name, len(node.arguments))
        found = self.options.natives.find(node.name)
        if call in self.functions or call in self.built_ins:
            return
        if found is not None and not found[1].internal and found[1].takes(call[1]):
            return
        if self.options.entity:
            wrong = refusal(call, self.functions, self.options.natives)
            self.findings.append(of_error(CompileError(self.source, node.at, wrong.message, hint=wrong.hint)))
        elif not self.is_open:
            wrong = refusal(call, self.functions, self.options.natives)
            is_misspelt = get_close_matches(node.name, [wrong.nearest or ""], 1, NEAR)
            if node.name in self.function_names or is_misspelt:
                self.warn(node.at, "unknown-function", wrong.message, wrong.hint)


def calls_in(node: Any) -> list[ast.Call]:
    """Return all calls in function style below a node."""
    found: list[ast.Call] = []
    todo: list[Any] = [node]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo.extend(node)
        elif isinstance(node, msgspec.Struct):
            if isinstance(node, ast.Call):
                found.append(node)
            todo.extend(getattr(node, field) for field in node.__struct_fields__)
    return found


def _is_open(script: ast.Script) -> bool:
    """Return whether names can come from elsewhere."""
    has_imports = any(isinstance(node, ast.Import) for node in script.statements)
    return has_imports or any(call.name == "eval" for call in calls_in(script))


_HANDLERS: dict[type, Callable[..., None]] = {
    ast.Let: Names.let,
    ast.Block: Names.block,
    ast.For: Names.loop_for,
    ast.Try: Names.attempt,
    ast.Function: Names.function,
    ast.Closure: Names.closure,
    ast.Name: Names.name,
    ast.Assign: Names.assign,
    ast.Call: Names.call,
}
