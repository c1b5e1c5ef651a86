"""Which variables closures capture: found in one walk, before any code is made.

A captured variable lives in a shared cell from the moment its closure is made, so every access to
it, also the ones before, must know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec

from lang.syntax import ast

Declaration = tuple[str, int]  # name and the place where it is declared


@dataclass
class Resolution:
    """What the walk found.

    Attributes:
        captured: declarations. closures, missing: by place of a closure what it captures, what it lacks.
        changing: declarations of variables that something may change after they are declared.
        free: names that functions and closures use, and that are none of a local variable.
        is_open: code that the walk does not see may change variables.
    """

    captured: set[Declaration] = field(default_factory=set)
    closures: dict[int, tuple[str, ...]] = field(default_factory=dict)
    missing: dict[int, tuple[Declaration, ...]] = field(default_factory=dict)
    changing: set[Declaration] = field(default_factory=set)
    free: dict[str, None] = field(default_factory=dict)
    is_open: bool = False

    def is_fixed(self, declaration: Declaration) -> bool:
        """Return whether a variable keeps the value that it is declared with."""
        return not self.is_open and declaration not in self.captured and declaration not in self.changing


class _Function:
    """The scopes of a function or closure on the way down."""

    def __init__(self, outer: _Function | None) -> None:
        self.outer = outer
        self.scopes: list[dict[str, Declaration]] = [{}]
        self.captures: dict[str, None] = {}
        self.missing: dict[str, int] = {}

    def find(self, name: str) -> Declaration | None:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None


class Resolver:
    """Walks a script once. `state` names are never captured: closures reach them as functions do."""

    def __init__(self, state: frozenset[str]) -> None:
        self.state = state
        self.result = Resolution()
        self.top = _Function(None)

    def script(
        self, script: ast.Script, scope: Iterable[Declaration] = (), others: Iterable[ast.Function] = ()
    ) -> Resolution:
        """Return the resolution of a whole script.

        Args:
            scope: variables that are there before it begins. others: functions that it may inline.
        """
        top = self.top
        for name, at in scope:
            self.declare(name, at, top)
        for function in others:
            self.define(function, top)
        for statement in script.statements:
            self.visit(statement, top)
        return self.result

    def declare(self, name: str, at: int, function: _Function) -> None:
        """Add a variable to the innermost scope."""
        if len(function.scopes) == 1 and function.outer is None and name in self.state:
            return
        function.scopes[-1][name] = (name, at)

    def use(self, name: str, function: _Function) -> bool:
        """Note a use of a name; returns whether it is a variable that is reached from here."""
        declaration = function.find(name)
        if declaration is not None:
            return True
        if function.outer is None or not self.use(name, function.outer):
            return False
        outer = function.outer.find(name)
        assert outer is not None, "a name that resolves outside is declared or captured there"
        self.result.captured.add(outer)
        function.captures[name] = None
        function.scopes[0][name] = (name, -1)
        return True

    def visit(self, node: object, function: _Function) -> None:
        """Walk a node."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node, function)
        elif isinstance(node, tuple):
            for item in node:
                self.visit(item, function)
        elif isinstance(node, msgspec.Struct):
            for name in node.__struct_fields__:
                value = getattr(node, name)
                if isinstance(value, (msgspec.Struct, tuple)):
                    self.visit(value, function)

    def name(self, node: ast.Name, function: _Function) -> None:
        """A use of a variable, or of a name that is none here."""
        if not self.use(node.name, function):
            if function is not self.top:
                self.result.free[node.name] = None
            closure: _Function | None = function
            while closure is not None:
                closure.missing.setdefault(node.name, node.at)
                closure = closure.outer

    def may_change(self, node: object, function: _Function) -> None:
        """Note that the variable at the root of a place may be changed there."""
        while isinstance(node, ast.Property | ast.Index):
            node = node.target
        declaration = function.find(node.name) if isinstance(node, ast.Name) else None
        if declaration is not None:
            self.result.changing.add(declaration)

    def assign(self, node: ast.Assign, function: _Function) -> None:
        """An assignment."""
        self.visit(node.value, function)
        self.visit(node.target, function)
        self.may_change(node.target, function)

    def call(self, node: ast.Call, function: _Function) -> None:
        """A call: a native may change its first argument, and what runs here any variable."""
        self.visit(node.arguments, function)
        self.may_change(node.arguments[0] if node.arguments else None, function)
        self.result.is_open |= node.bang or node.name == "eval"
        if node.name == "is_def_var" and node.arguments and function is not self.top:
            name = node.arguments[0]
            if isinstance(name, ast.Str):
                self.result.free[name.value] = None

    def method_call(self, node: ast.MethodCall, function: _Function) -> None:
        """A method call: it may change what it is called on."""
        self.visit(node.target, function)
        self.visit(node.arguments, function)
        self.may_change(node.target, function)

    def let(self, node: ast.Let, function: _Function) -> None:
        """A declaration: visible after its value."""
        self.visit(node.value, function)
        self.declare(node.name, node.name_at, function)

    def block(self, node: ast.Block, function: _Function) -> None:
        """A scope."""
        function.scopes.append({})
        self.visit(node.statements, function)
        function.scopes.pop()

    def loop_for(self, node: ast.For, function: _Function) -> None:
        """A scope with the loop's variables."""
        self.visit(node.iterable, function)
        function.scopes.append({})
        self.declare(node.variable, node.variable_at, function)
        if node.counter is not None:
            self.declare(node.counter, node.counter_at, function)
        self.visit(node.body, function)
        function.scopes.pop()

    def attempt(self, node: ast.Try, function: _Function) -> None:
        """A `try`: its handler has a scope with the caught value."""
        self.visit(node.body, function)
        function.scopes.append({})
        if node.variable is not None:
            self.declare(node.variable, node.handler.at, function)
        self.visit(node.handler, function)
        function.scopes.pop()

    def define(self, node: ast.Function, _: _Function) -> None:
        """A function: it sees none of the variables around it."""
        inner = _Function(None)
        inner.scopes.append({})
        for parameter in node.parameters:
            inner.scopes[-1][parameter] = (parameter, node.at)
        self.visit(node.body, inner)

    def closure(self, node: ast.Closure, function: _Function) -> None:
        """A closure: it captures what it uses."""
        inner = _Function(function)
        inner.scopes.append({})
        for parameter in node.parameters:
            inner.scopes[-1][parameter] = (parameter, node.at)
        self.visit(node.body, inner)
        self.result.closures[node.at] = tuple(inner.captures)
        self.result.missing[node.at] = tuple(inner.missing.items())


_HANDLERS: dict[type, Callable[..., None]] = {
    ast.Name: Resolver.name,
    ast.Let: Resolver.let,
    ast.Assign: Resolver.assign,
    ast.Call: Resolver.call,
    ast.MethodCall: Resolver.method_call,
    ast.Block: Resolver.block,
    ast.For: Resolver.loop_for,
    ast.Try: Resolver.attempt,
    ast.Function: Resolver.define,
    ast.Closure: Resolver.closure,
}
