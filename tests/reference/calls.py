"""Calls of functions, methods, pointers and built-ins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lang.syntax import ast
from tests.reference.builtins import call_builtin, is_builtin
from tests.reference.expressions import Expressions, Frame, start_of
from tests.reference.faults import Exit, Fault, Return, mismatch, missing, race
from tests.reference.places import Place
from tests.reference.values import Cell, Pointer, copy, display, is_int, type_name

CALL_DEPTH = 64
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
RESERVED = {
    "true",
    "false",
    "let",
    "const",
    "if",
    "else",
    "switch",
    "do",
    "while",
    "loop",
    "until",
    "for",
    "in",
    "continue",
    "break",
    "return",
    "fn",
    "private",
    "throw",
    "try",
    "catch",
    "import",
    "export",
    "as",
    "global",
    "this",
    "eval",
    "Fn",
    "call",
    "curry",
    "type_of",
    "is_shared",
    "is_def_fn",
    "is_def_var",
    "print",
    "debug",
    "new",
    "package",
    "use",
    "module",
    "match",
    "default",
    "static",
    "public",
    "void",
    "null",
    "nil",
    "spawn",
    "go",
    "sync",
    "async",
    "await",
    "yield",
    "thread",
    "shared",
    "super",
    "var",
    "exit",
    "goto",
    "with",
    "case",
} - {"exit"}


class Calls(Expressions):
    """Calls."""

    # --- running a function ---

    def run_body(self, name: str | None, at: int, frame: Frame, body: Any) -> Any:
        """Run a function's body in a frame; `name` is None of closures."""
        if self.depth >= CALL_DEPTH:
            raise Fault("ErrorStackOverflow", "Stack overflow", at)
        before, self.frame = self.frame, frame
        self.depth += 1
        try:
            return self.value(body)
        except Exit as end:
            if type(end) is not Return:
                raise
            return end.value
        except Fault as fault:
            fault.calls.append((name, at))
            fault.outermost = body.at
            if fault.kind == "ErrorStackOverflow":
                fault.at = at
            raise
        finally:
            self.frame = before
            self.depth -= 1

    def run_function_node(self, node: ast.Function, values: list[Any], this: Place | None, at: int) -> Any:
        scope = [(name, Cell(value)) for name, value in zip(node.parameters, values, strict=True)]
        return self.run_body(node.name, at, Frame(scope, this), node.body)

    def run_pointer(self, pointer: Pointer, values: list[Any], this: Place | None, at: int) -> Any:
        """Call a pointer; `this` is what it is called on, if anything."""
        values = [*map(copy, pointer.curried), *values]
        if pointer.closure is not None:
            parameters = pointer.closure.parameters
            if len(parameters) != len(values):
                seen = [cell.value for _, cell in pointer.captured] + values
                if this is not None:
                    seen.insert(0, this.get())
                raise missing(pointer.name, seen, at)
            scope = [*pointer.captured, *((n, Cell(v)) for n, v in zip(parameters, values, strict=True))]
            return self.run_body(None, at, Frame(scope, this), pointer.closure.body)
        node = self.script_method(pointer.name, this, len(values))
        if node is not None:
            return self.run_function_node(node, values, this, at)
        places = [Place(value) for value in values]
        if this is not None:
            places.insert(0, this)
        return self.builtin(pointer.name, places, at)

    def script_method(self, name: str, this: Place | None, count: int) -> ast.Function | None:
        """The script's function for a call, of the type of `this` first."""
        if this is not None:
            typed = self.functions.get((type_name(this.get()), name, count))
            if typed is not None:
                return typed
        return self.functions.get((None, name, count))

    def builtin(self, name: str, places: list[Place], at: int) -> Any:
        try:
            return call_builtin(self, name, places, at)
        except Fault as fault:
            raise fault.placed(at) from None

    def call_back(
        self,
        pointer: Any,
        this: Place | None,
        values: list[Any],
        extra: list[Any],
        at: int,
        *,
        move: int | None = None,
    ) -> Any:
        """Call a pointer (or the function of a name) as the built-ins of containers do.

        It takes the values, with `this` bound; or, where one may `move`, the values with `this` among
        them, alone or with `extra`; else the values and `extra`, with `this` bound.
        """
        if isinstance(pointer, str):
            pointer = Pointer(pointer)
        ways = [(values, this)]
        if move is not None:
            moved = [*values[:move], copy(this.get()), *values[move:]]
            ways += [(moved, None), (moved + extra, None)]
        else:
            ways.append((values + extra, this))
        for arguments, bound in ways[:-1]:
            if pointer.closure is not None:
                if len(pointer.closure.parameters) != len(pointer.curried) + len(arguments):
                    continue
                return self.run_pointer(pointer, arguments, bound, at)
            try:
                return self.run_pointer(pointer, arguments, bound, at)
            except Fault as fault:
                found = fault.kind != "ErrorFunctionNotFound" or fault.calls
                if found or not fault.fields["function"].startswith(pointer.name):
                    raise
        arguments, bound = ways[-1]
        return self.run_pointer(pointer, arguments, bound, at)

    # --- function style ---

    def value_call(self, node: ast.Call) -> Any:
        if node.path and node.path != ("global",):
            for argument in node.arguments:
                self.value(argument)
            start = node.at - len("::".join(node.path)) - 2
            raise Fault("ErrorModuleNotFound", f"Module not found: {node.path[0]}", start)
        special = getattr(self, "special_" + node.name.lower(), None)
        if special is not None and node.name in RESERVED:
            return special(node)
        function = self.functions.get((None, node.name, len(node.arguments)))
        if function is not None:
            values = self.passed(node.arguments)
            if node.bang:
                return self.run_in_scope(function, values, node.at)
            return self.run_function_node(function, values, None, node.at)
        if node.name == "exit" and len(node.arguments) <= 1:
            raise Exit(self.value(node.arguments[0]) if node.arguments else None)
        return self.builtin_by_name(node)

    def passed(self, arguments: tuple[ast.Expr, ...]) -> list[Any]:
        """The arguments of a call; a variable in the first place has its turn last."""
        if not arguments or not isinstance(arguments[0], ast.Name):
            return [self.value(argument) for argument in arguments]
        rest = [self.value(argument) for argument in arguments[1:]]
        return [self.value(arguments[0]), *rest]

    def builtin_by_name(self, node: ast.Call) -> Any:
        """A built-in changes its first argument if that is a variable."""
        arguments = node.arguments
        places = list(map(Place, self.passed(arguments)))
        if (
            arguments
            and isinstance(arguments[0], ast.Name)
            and self.frame.find(arguments[0].name) is not None
        ):
            first = self.variable(arguments[0])
            if not first.constant:
                places[0] = first
        return self.builtin(node.name, places, node.at)

    def run_in_scope(self, function: ast.Function, values: list[Any], at: int) -> Any:
        """`f!(…)`: the caller's variables are there, and `this`."""
        caller = self.frame
        size = len(caller.scope)
        frame = Frame(caller.scope, caller.this)
        frame.is_function = caller.is_function
        caller.scope.extend((n, Cell(v)) for n, v in zip(function.parameters, values, strict=True))
        try:
            return self.run_body(function.name, at, frame, function.body)
        finally:
            del caller.scope[size:]

    # --- method style ---

    def method(self, node: ast.MethodCall) -> Place:
        target = self.target(node)
        values = self.ready[id(node)]
        with locked(target):
            result = Place(self.method_on(node, target, values))
        result.cell = target.cell
        return result

    def method_on(self, node: ast.MethodCall, target: Place, values: list[Any]) -> Any:
        if node.name == "call":
            return self.call_on(node, target, values)
        if node.name == "curry":
            return self.curried(target.get(), values, node.at)
        holder = target.get()
        if isinstance(holder, dict) and isinstance(holder.get(node.name), Pointer):
            pointer = holder[node.name]
            return self.run_pointer(pointer, values, target, node.at)
        function = self.script_method(node.name, target, len(values))
        if function is not None:
            return self.run_function_node(function, values, target, node.at)
        return self.builtin(node.name, [target, *map(Place, values)], node.at)

    def call_on(self, node: ast.MethodCall, target: Place, values: list[Any]) -> Any:
        pointer = target.get()
        if isinstance(pointer, Pointer):
            return self.run_pointer(pointer, values, None, node.at)
        if values and isinstance(values[0], Pointer):
            if any(cell.locked for _, cell in values[0].captured):
                raise race(node.at)
            return self.run_pointer(values[0], values[1:], target, node.at)
        if values:
            raise mismatch(values[0], "Fn", start_of(node.arguments[0]))
        raise mismatch(pointer, "Fn", node.at)

    def curried(self, pointer: Any, values: list[Any], at: int) -> Pointer:
        if not isinstance(pointer, Pointer):
            raise mismatch(pointer, "Fn", at)
        return Pointer(pointer.name, pointer.closure, pointer.captured, (*pointer.curried, *values))

    # --- functions that see more than their arguments ---

    def special_call(self, node: ast.Call) -> Any:
        if not node.arguments:
            raise missing("call", [], node.at)
        pointer, *values = [self.value(argument) for argument in node.arguments]
        if not isinstance(pointer, Pointer):
            raise mismatch(pointer, "Fn", start_of(node.arguments[0]))
        return self.run_pointer(pointer, values, None, node.at)

    def special_curry(self, node: ast.Call) -> Pointer:
        if len(node.arguments) < 2:
            raise missing("curry", [self.value(argument) for argument in node.arguments], node.at)
        pointer, *values = [self.value(argument) for argument in node.arguments]
        return self.curried(pointer, values, start_of(node.arguments[0]))

    def special_fn(self, node: ast.Call) -> Pointer:
        values = [self.value(argument) for argument in node.arguments]
        if len(values) != 1:
            raise missing("Fn", values, node.at)
        name, at = values[0], start_of(node.arguments[0])
        if type_name(name) != "string":
            raise mismatch(name, "string", at)
        if name in RESERVED or re.fullmatch(r"[-+*/%<>=!&|^.:;,~#@?]+", name):
            raise Fault("Parsing", f"Syntax error: '{name}' is a reserved keyword", at)
        if not NAME.fullmatch(name):
            raise Fault("ErrorFunctionNotFound", f"Function not found: {name}", at, function=name)
        return Pointer(name)

    def special_print(self, node: ast.Call) -> None:
        values = [self.value(argument) for argument in node.arguments]
        if len(values) > 1:
            raise missing("print", values, node.at)
        self.printed.append(display(values[0]) if values else "")

    def special_debug(self, node: ast.Call) -> None:
        values = [self.value(argument) for argument in node.arguments]
        if len(values) > 1:
            raise missing("debug", values, node.at)

    def special_type_of(self, node: ast.Call) -> str:
        values = [self.value(argument) for argument in node.arguments]
        if len(values) != 1:
            raise missing("type_of", values, node.at)
        return type_name(values[0])

    def special_is_shared(self, node: ast.Call) -> bool:
        if len(node.arguments) != 1:
            raise missing("is_shared", [self.value(argument) for argument in node.arguments], node.at)
        argument = node.arguments[0]
        if isinstance(argument, ast.Name):
            cell = self.variable(argument).cell
            return cell is not None and cell.shared
        self.value(argument)
        return False

    def special_is_def_var(self, node: ast.Call) -> bool:
        values = [self.value(argument) for argument in node.arguments]
        if len(values) != 1:
            raise missing("is_def_var", values, node.at)
        if type_name(values[0]) != "string":
            raise mismatch(values[0], "string", start_of(node.arguments[0]))
        return self.frame.find(values[0]) is not None

    def special_is_def_fn(self, node: ast.Call) -> bool:
        values = [self.value(argument) for argument in node.arguments]
        if len(values) not in {2, 3}:
            raise missing("is_def_fn", values, node.at)
        for value in values[:-1]:
            if type_name(value) != "string":
                raise mismatch(value, "string", node.at)
        if not is_int(values[-1]):
            raise mismatch(values[-1], "i64", node.at)
        return ((None, *values) if len(values) == 2 else tuple(values)) in self.functions

    def special_eval(self, node: ast.Call) -> Any:
        from lang.errors import CompileError
        from lang.source import Source
        from lang.syntax.parser import parse

        values = [self.value(argument) for argument in node.arguments]
        if len(values) != 1:
            raise missing("eval", values, node.at)
        if type_name(values[0]) != "string":
            raise mismatch(values[0], "string", start_of(node.arguments[0]))
        try:
            tree = parse(Source(values[0]))
        except CompileError as error:
            raise Fault("Parsing", str(error), node.at) from None
        result = None
        for statement in tree.statements:
            result = self.statement(statement)
        return result


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """While a method works on a shared variable, nobody else may touch it."""
    cell = place.cell
    if cell is None or not cell.shared:
        yield
        return
    cell.locked += 1
    try:
        yield
    finally:
        cell.locked -= 1


__all__ = ["Calls", "is_builtin"]
