"""Expressions: their values, and the places that some of them name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lang.source import Source
from lang.syntax import ast
from tests.reference import operators
from tests.reference.captures import free_names
from tests.reference.faults import Fault, mismatch, missing, race, unbound
from tests.reference.places import Part, Place, Variable, element, member
from tests.reference.values import (
    LARGEST,
    Cell,
    Char,
    Pointer,
    Range,
    Vector,
    copy,
    display,
    is_int,
    is_number,
    type_name,
)


class Frame:
    """What a running function sees."""

    def __init__(self, scope: list[tuple[str, Cell]] | None = None, this: Place | None = None) -> None:
        self.scope = scope if scope is not None else []
        self.this = this
        self.is_function = scope is not None
        self.caught: list[Fault] = []

    def find(self, name: str) -> Cell | None:
        """The innermost variable of a name."""
        for other, cell in reversed(self.scope):
            if other == name:
                return cell
        return None


class Bound(Place):
    """`this`: another's place, under no name."""

    def __init__(self, inner: Place, at: int) -> None:
        super().__init__()
        self.inner = inner
        self.cell = inner.cell
        self.constant = inner.constant
        self.root_at = at

    def get(self) -> Any:
        return self.inner.get()

    def set(self, value: Any) -> None:
        self.inner.set(value)


class Skip(Exception):
    """`?.` or `?[` on (): the rest of the chain is left out."""


LINKS = (ast.Property, ast.Index, ast.MethodCall)


def place_of(node: ast.Expr) -> int:
    """Where an expression of a wrong type is told: a chain at its first link."""
    if not isinstance(node, LINKS):
        return node.at
    while isinstance(node.target, LINKS):
        node = node.target
    return node.at if isinstance(node, ast.Index) else node.dot


def start_of(node: ast.Expr) -> int:
    """Where an index or argument of a wrong type is told."""
    if isinstance(node, LINKS):
        return start_of(node.target)
    if isinstance(node, ast.Binary) and node.operator in {"&&", "||", "??"}:
        return start_of(node.left)
    return node.at


class Expressions:
    """Values of expressions."""

    def __init__(self, source: Source, operations: int) -> None:
        self.source = source
        self.operations = operations
        self.printed: list[str] = []
        self.functions: dict[tuple[str | None, str, int], ast.Function] = {}
        self.globals: dict[str, Cell] = {}
        self.frame = Frame()
        self.depth = 0
        self.ready: dict[int, list[Any]] = {}
        self.ends: set[int] = set()  # links of the chain at which it may end

    def spend(self, at: int) -> None:
        """Count an operation."""
        self.operations -= 1
        if self.operations < 0:
            raise Fault("ErrorTooManyOperations", "Too many operations", at)

    def value(self, node: Any) -> Any:
        """The value of an expression, of its own."""
        self.spend(node.at)
        return getattr(self, "value_" + type(node).__name__.lower())(node)

    # --- literals ---

    def value_unit(self, node: ast.Unit) -> None:
        return None

    def value_bool(self, node: ast.Bool) -> Any:
        return node.value

    value_int = value_float = value_str = value_bool

    def value_char(self, node: ast.Char) -> Any:
        return Char(node.value)

    def value_template(self, node: ast.Template) -> str:
        return "".join(display(self.value(part)) for part in node.parts)

    def value_array(self, node: ast.Array) -> list[Any]:
        return [self.value(item) for item in node.items]

    def value_map(self, node: ast.Map) -> dict[str, Any]:
        return {entry.key: self.value(entry.value) for entry in node.entries}

    def value_vector(self, node: ast.Vector) -> Vector:
        values = [self.value(item) for item in node.items]
        for value in values:
            if not is_number(value):
                raise mismatch(value, "a number", node.at)
        return Vector(float(value) for value in values)

    def value_range(self, node: ast.Range) -> Range:
        start = 0 if node.start is None else self.value(node.start)
        end = LARGEST if node.end is None else self.value(node.end)
        if not is_int(start) or not is_int(end):
            raise missing("..=" if node.inclusive else "..", [start, end], node.at)
        return Range(start, end, node.inclusive)

    def value_closure(self, node: ast.Closure) -> Pointer:
        captured = []
        for name, at in free_names(node).items():
            cell = self.frame.find(name)
            if cell is not None:
                cell.shared = True
                captured.append((name, cell))
            elif not self.is_function(name):
                raise unbound(name, at)
        return Pointer(f"anon${node.at:016x}", node, tuple(captured))

    # --- places ---

    def value_of_place(self, node: Any) -> Any:
        with self.chain(node):
            try:
                return copy(self.place(node).get())
            except Skip:
                return None

    @contextmanager
    def chain(self, node: Any) -> Iterator[None]:
        """All indexes and arguments of a chain are worked out, in their order, before its root is."""
        links = []
        link = node
        while isinstance(link, ast.Property | ast.Index | ast.MethodCall):
            links.append(link)
            link = link.target
        ready = {}
        for link in reversed(links):
            if isinstance(link, ast.Index):
                ready[id(link)] = [self.value(link.index)]
            elif isinstance(link, ast.MethodCall):
                ready[id(link)] = [self.value(argument) for argument in link.arguments]
        before = self.ready, self.ends
        self.ready = ready
        self.ends = {id(node), *(id(link.target) for link in links if link.safe)}
        try:
            yield
        finally:
            self.ready, self.ends = before

    value_name = value_this = value_property = value_index = value_path = value_of_place

    def place(self, node: Any) -> Place:
        """The place that an expression names; a temporary of its own otherwise."""
        match node:
            case ast.Name():
                return self.variable(node)
            case ast.This():
                if self.frame.this is None:
                    raise Fault("ErrorUnboundThis", "'this' not bound", node.at)
                return Bound(self.frame.this, node.at)
            case ast.Path():
                return self.path(node)
            case ast.Property():
                return self.property(node, self.target(node))
            case ast.Index():
                whole = self.target(node)
                return element(whole, self.ready[id(node)][0], node.at, start_of(node.index))
            case ast.MethodCall():
                return self.method(node)
        return Place(self.value(node))

    def target(self, node: Any) -> Place:
        """What a chain's link works on."""
        place = self.place(node.target)
        if node.safe and place.get() is None:
            if isinstance(node, ast.Index) and id(node) not in self.ends:
                return place  # `?[` only covers itself
            raise Skip
        return place

    def variable(self, node: ast.Name) -> Place:
        cell = self.frame.find(node.name)
        if cell is not None:
            if cell.locked:
                raise race(node.at)
            return Variable(cell, node.name, node.at)
        if self.is_function(node.name):
            return Place(Pointer(node.name))
        raise unbound(node.name, node.at)

    def is_function(self, name: str) -> bool:
        """Whether the script defines a function of that name."""
        return any(other == name for kind, other, _ in self.functions if kind is None)

    def path(self, node: ast.Path) -> Place:
        name = node.segments[-1]
        if node.segments[0] != "global" or len(node.segments) != 2:
            first = node.segments[0]
            raise Fault("ErrorModuleNotFound", f"Module not found: {first}", node.at)
        if not self.frame.is_function or name not in self.globals:
            raise unbound(f"global::{name}", node.at)
        return Variable(self.globals[name], name, node.at + len("global::"))

    def property(self, node: ast.Property, whole: Place) -> Place:
        place = member(whole, node.name)
        if place is None:
            kind = type_name(whole.get())
            message = f"Unknown property '{node.name}' - a getter is not registered for type '{kind}'"
            raise Fault("ErrorDotExpr", message, node.at, property=message)
        return place

    # --- operators ---

    def value_unary(self, node: ast.Unary) -> Any:
        operand = self.value(node.operand)
        try:
            return operators.unary(node.operator, operand)
        except Fault as fault:
            raise fault.placed(node.at) from None

    def value_binary(self, node: ast.Binary) -> Any:
        if node.operator in {"&&", "||"}:
            return self.logical(node)
        if node.operator == "??":
            left = self.value(node.left)
            return self.value(node.right) if left is None else left
        if node.operator in {"in", "!in"}:  # a call of `contains` of the right
            right = self.value(node.right)
            left = self.value(node.left)
        else:
            left = self.value(node.left)
            right = self.value(node.right)
        try:
            return operators.bounded(operators.binary(node.operator, left, right))
        except Fault as fault:
            raise operators.plain(fault).placed(node.at) from None

    def logical(self, node: ast.Binary) -> bool:
        if self.condition(node.left) == (node.operator == "||"):
            return node.operator == "||"
        return self.condition(node.right)

    def condition(self, node: Any) -> bool:
        """A bool, or an error."""
        value = self.value(node)
        if not isinstance(value, bool):
            raise mismatch(value, "bool", place_of(node))
        return value

    # --- calls ---

    def value_methodcall(self, node: ast.MethodCall) -> Any:
        with self.chain(node):
            try:
                return self.method(node).get()
            except Skip:
                return None

    def method(self, node: ast.MethodCall) -> Place:
        raise NotImplementedError

    # --- assignment ---

    def assign(self, node: ast.Assign) -> None:
        """`target = value` and its kin: the value first, then the place."""
        value = self.value(node.value)
        with self.chain(node.target):
            try:
                self.assign_to(node, node.target, value)
            except Skip:
                return

    def assign_to(self, node: ast.Assign, target: Any, value: Any) -> None:
        if isinstance(target, ast.Property):
            self.assign_property(node, target, value)
            return
        place = self.place(target)
        place.refuse_constant()
        if node.operator != "=":
            value = self.combined(node, place, value)
        if isinstance(place, Part) and isinstance(target, ast.Index):
            if isinstance(place.whole.get(), Vector):
                raise Fault("ErrorDotExpr", "a vector cannot be changed in place", target.index.at)
            place.accept(value, node.at)
        place.set(value)
        if isinstance(place, Variable) and place.cell is not None and node.operator == "=":
            place.cell.tag = 0

    def assign_property(self, node: ast.Assign, target: ast.Property, value: Any) -> None:
        whole = self.target(target)
        whole.refuse_constant()
        holder = whole.get()
        if node.operator != "=":
            place = self.property(target, whole)
            value = self.combined(node, place, value)
        if isinstance(holder, dict):
            Part(whole, target.name).set(value)
            return
        if target.name == "tag":
            try:
                member(whole, "tag").set(value)
            except Fault as fault:
                raise fault.placed(target.at) from None
            return
        kinds = f"type '{type_name(holder)}' to handle '{type_name(value)}'"
        message = f"No writable property '{target.name}' - a setter is not registered for {kinds}"
        raise Fault("ErrorDotExpr", message, target.at, property=message)

    def combined(self, node: ast.Assign, place: Place, value: Any) -> Any:
        """The value of `place op= value`."""
        old = place.get()
        operator = node.operator[:-1]
        if operator == "+" and isinstance(old, list):
            more = value if isinstance(value, list) else [value]
            try:
                return operators.bounded(old + more)
            except Fault as fault:
                raise fault.placed(node.at) from None
        if operator == "+" and isinstance(old, bytearray) and is_int(value):
            return old + bytes([value & 0xFF])
        if operator == "+" and isinstance(old, bytearray) and isinstance(value, str):
            return old + value.encode()
        try:
            return operators.bounded(operators.binary(operator, old, value))
        except Fault as fault:
            raise fault.placed(node.at) from None
