"""Statements, and the expressions that hold statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lang.source import NO_PLACE
from lang.syntax import ast
from tests.reference.expressions import Expressions, start_of
from tests.reference.faults import Break, Continue, Fault, Return, Thrown, unbound
from tests.reference.values import Cell, Char, Items, Range, Vector, copy, is_number, type_name


class Statements(Expressions):
    """Runs statements."""

    def define(self, statements: tuple[Any, ...]) -> None:
        """Make functions known before anything runs."""
        for node in statements:
            if isinstance(node, ast.Function):
                kind = {"int": "i64", "float": "f64"}.get(node.this_type or "", node.this_type)
                self.functions[kind, node.name, len(node.parameters)] = node

    def top_level(self, statements: tuple[Any, ...]) -> Any:
        """Run a script; its constants become global ones."""
        result = None
        for node in statements:
            if isinstance(node, ast.Function):
                continue
            result = self.statement(node)
            if isinstance(node, ast.Let) and node.constant:
                self.globals[node.name] = self.frame.scope[-1][1]
        return result

    def statement(self, node: Any) -> Any:
        """Run a statement; its value."""
        if isinstance(node, ast.ExprStmt):
            return self.value(node.expr)
        self.spend(node.at)
        return getattr(self, "run_" + type(node).__name__.lower())(node)

    def value_block(self, node: ast.Block) -> Any:
        scope = self.frame.scope
        size = len(scope)
        result = None
        try:
            for statement in node.statements:
                result = self.statement(statement)
        finally:
            del scope[size:]
        return result

    def run_let(self, node: ast.Let) -> None:
        value = None if node.value is None else self.value(node.value)
        cell = Cell(value, constant=node.constant)
        if isinstance(node.value, ast.Name):
            source = self.frame.find(node.value.name)
            cell.tag = source.tag if source is not None else 0
        self.frame.scope.append((node.name, cell))

    def run_assign(self, node: ast.Assign) -> None:
        self.assign(node)

    def run_function(self, node: ast.Function) -> None:
        return None

    def run_export(self, node: ast.Export) -> None:
        if self.frame.find(node.name) is None:
            raise unbound(node.name, node.at + len("export "))

    def run_import(self, node: ast.Import) -> None:
        path = self.value(node.path)
        raise Fault("ErrorModuleNotFound", f"Module not found: {path}", node.path.at)

    def run_return(self, node: ast.Return) -> None:
        raise Return(None if node.value is None else self.value(node.value))

    def run_break(self, node: ast.Break) -> None:
        raise Break(None if node.value is None else self.value(node.value))

    def run_continue(self, node: ast.Continue) -> None:
        raise Continue

    # --- throw and catch ---

    def run_throw(self, node: ast.Throw) -> None:
        if node.value is None and self.frame.caught:
            again = self.frame.caught[-1]
            if isinstance(again, Thrown):
                raise Thrown(copy(again.value), node.at)
            fault = Fault(again.kind, again.message, node.at)
            fault.rethrown = self.caught_value(again)
            raise fault
        raise Thrown(None if node.value is None else self.value(node.value), node.at)

    def run_try(self, node: ast.Try) -> Any:
        frame, depth, size = self.frame, self.depth, len(self.frame.scope)
        caught = len(frame.caught)
        try:
            return self.value(node.body)
        except Fault as fault:
            if not fault.catchable:
                raise
            error = fault
        self.frame, self.depth = frame, depth
        del frame.scope[size:]
        if node.variable is not None:
            frame.scope.append((node.variable, Cell(self.caught_value(error))))
        frame.caught.append(error)
        try:
            self.value(node.handler)
        finally:
            del frame.caught[caught:]
            del frame.scope[size:]
        return None

    def caught_value(self, fault: Fault) -> Any:
        """What the catch variable holds."""
        if isinstance(fault, Thrown):
            return fault.value
        error: dict[str, Any] = {"error": fault.kind, **fault.fields, "message": fault.message}
        error = fault.rethrown or error
        at = NO_PLACE if fault.plain else fault.at
        if fault.calls:
            message = error["message"]
            for name, called_at in fault.calls:
                if at != NO_PLACE:
                    line, position = self.source.place(at)
                    message += f" (line {line}, position {position})"
                message += "\nin closure call" if name is None else f"\nin call to function '{name}'"
                at = fault.at if called_at == NO_PLACE else called_at
            function = fault.calls[-1][0] or f"anon${fault.outermost:016x}"
            error = {"error": "ErrorInFunctionCall", "function": function, "message": message, "source": ""}
        if at != NO_PLACE:
            error["line"], error["position"] = self.source.place(at)
        return error

    # --- choices ---

    def value_if(self, node: ast.If) -> Any:
        if self.condition(node.condition):
            return self.value(node.then)
        return None if node.orelse is None else self.value(node.orelse)

    def value_switch(self, node: ast.Switch) -> Any:
        subject = self.value(node.subject)
        for arm in node.arms:
            fits = not arm.patterns or any(self.matches(subject, pattern) for pattern in arm.patterns)
            if fits and (arm.guard is None or self.condition(arm.guard)):
                return self.arm_value(arm.body)
        return None

    def arm_value(self, body: Any) -> Any:
        """An arm's body may be a statement."""
        return (
            self.value(body)
            if hasattr(self, "value_" + type(body).__name__.lower())
            else self.statement(body)
        )

    def matches(self, subject: Any, pattern: Any) -> bool:
        value = self.value(pattern)
        if isinstance(pattern, ast.Range):
            if not is_number(subject):
                return False
            assert isinstance(value, Range), "a range pattern is a range"
            return value.start <= subject and (
                subject <= value.end if value.inclusive else subject < value.end
            )
        return type_name(subject) == type_name(value) and bool(subject == value)

    # --- loops ---

    def rounds(self, node: Any, go_on: Any) -> Any:
        """Run a body as long as told; `break v` gives v."""
        try:
            while go_on():
                self.spend(node.at)
                try:
                    self.value(node.body)
                except Continue:
                    continue
        except Break as end:
            return end.value
        return None

    def value_loop(self, node: ast.Loop) -> Any:
        return self.rounds(node, lambda: True)

    def value_while(self, node: ast.While) -> Any:
        return self.rounds(node, lambda: self.condition(node.condition))

    def value_do(self, node: ast.Do) -> Any:
        first = iter([True])
        return self.rounds(node, lambda: next(first, False) or self.condition(node.condition) != node.until)

    def value_for(self, node: ast.For) -> Any:
        items = enumerate(self.items(node))
        scope = self.frame.scope
        size = len(scope)
        variable, counter = Cell(None), Cell(0)

        def advance() -> bool:
            number, item = next(items, (-1, None))
            if number >= 0:
                variable.value, counter.value = item, number
            return number >= 0

        if node.counter is not None:
            scope.append((node.counter, counter))
        scope.append((node.variable, variable))
        try:
            return self.rounds(node, advance)
        finally:
            del scope[size:]

    def items(self, node: ast.For) -> Iterator[Any]:
        iterable = self.value(node.iterable)
        match iterable:
            case Range():
                return iter(iterable.numbers())
            case Items() | Vector() | list() | bytearray():
                return iter(iterable)
            case str() if type_name(iterable) == "string":
                return map(Char, iterable)
        raise Fault("ErrorFor", "For loop expects iterable type", start_of(node.iterable))
