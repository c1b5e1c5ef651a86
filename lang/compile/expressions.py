"""Expressions to registers.

`into` puts a value that nobody else owns into a given register. `operand` returns a register to read
from: a variable's own, or a temporary that may hold the same array or map as a variable does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lang.bytecode.ops import Op
from lang.compile.evaluations import Evaluations
from lang.compile.order import LITERALS, place_of, start_of
from lang.faults import Fault
from lang.syntax import ast

OPERATORS = {
    "+": Op.ADD,
    "-": Op.SUB,
    "*": Op.MUL,
    "/": Op.DIV,
    "%": Op.MOD,
    "**": Op.POW,
    "&": Op.BIT_AND,
    "|": Op.BIT_OR,
    "^": Op.BIT_XOR,
    "<<": Op.SHIFT_LEFT,
    ">>": Op.SHIFT_RIGHT,
    "==": Op.EQ,
    "!=": Op.NE,
    "<": Op.LT,
    "<=": Op.LE,
    ">": Op.GT,
    ">=": Op.GE,
    "in": Op.CONTAINS,
}
UNARY = {"-": Op.NEGATE, "+": Op.PLUS, "!": Op.NOT}
LARGEST = 2**63 - 1
LITERAL_PART = 256  # elements of an array or map literal that go through registers at once

Restore = Callable[[], None]


class Expressions(Evaluations):
    """Everything with a value but calls and control flow."""

    def into(self, node: ast.Expr, dst: int) -> None:
        """Put the value of an expression, owned, into `dst`."""
        mark = self.registers.next
        handler = _INTO.get(type(node))
        if id(node) in self.settled:
            self.out.emit(Op.MOVE, node.at, dst, self.settled[id(node)])
        elif handler is None:
            self.control_into(node, dst)
        else:
            handler(self, node, dst)
        self.registers.next = mark

    def control_into(self, node: ast.Expr, dst: int) -> None:
        """Put the value of control flow or a call into `dst`."""
        raise NotImplementedError

    def operand(self, node: ast.Expr) -> int:
        """Return a register that holds the value of an expression; it is only to be read."""
        return self.reference(node)[0]

    def temporary(self, node: ast.Expr) -> int:
        """Return a new register with the value of an expression, owned."""
        dst = self.registers.take(1, node.at)
        self.into(node, dst)
        return dst

    def kept(self, node: ast.Expr, *later: ast.Expr) -> int:
        """Return an operand that stays as it is while the expressions after it are evaluated."""
        if all(self.is_quiet(other) for other in later):
            return self.operand(node)
        return self.temporary(node)

    # --- references: a register that may share its value with a variable --------------------------

    def reference(self, node: ast.Expr) -> tuple[int, Restore | None]:
        """Return a register with the value, and what writes a new value back to where it came from."""
        if id(node) in self.settled:
            return self.settled[id(node)], None
        match node:
            case ast.Name():
                return self.name_reference(node)
            case ast.This():
                at = node.at
                register = self.registers.take(1, at)
                self.out.emit(Op.GET_THIS, at, register, self.this_use)
                return register, lambda: self._emit(Op.SET_THIS, at, register)
            case ast.Property() if not node.safe:
                return self.property_reference(node)
            case ast.Index() if not node.safe:
                return self.index_reference(node)
        return self.temporary(node), None

    @contextmanager
    def changing_this(self, use: int) -> Iterator[None]:
        """Inside, references to `this` are made to change it: a constant refuses."""
        before, self.this_use = self.this_use, use
        yield
        self.this_use = before

    def _emit(self, op: Op, at: int, a: int = 0, b: int = 0, c: int = 0) -> None:
        self.out.emit(op, at, a, b, c)

    def name_reference(self, node: ast.Name) -> tuple[int, Restore | None]:
        """The reference of a variable."""
        variable = self.lookup(node.name, node.at)
        slot = self.state_slot(node.name) if variable is None else None
        if variable is not None and not variable.captured:
            return variable.register, None
        register = self.registers.take(1, node.at)
        if variable is not None:
            shared = variable.register
            self.out.emit(Op.GET_SHARED, node.at, register, shared)
            return register, lambda: self._emit(Op.SET_SHARED, node.at, shared, register)
        if slot is not None:
            self.out.emit(Op.GET_STATE_REF, node.at, register, slot)
            return register, lambda: self._emit(Op.SET_STATE, node.at, register, slot)
        self.unknown_name(node, register)
        return register, None

    def otherwise(self, node: ast.Name, dst: int) -> None:
        """Put what a name means that is no local variable into `dst`."""
        slot = self.state_slot(node.name)
        if slot is not None:
            self.out.emit(Op.GET_STATE_REF, node.at, dst, slot)
        else:
            self.unknown_name(node, dst)

    def unknown_name(self, node: ast.Name, dst: int) -> None:
        """A name that is no variable: a constant of the context, a function, or a fault."""
        if node.name in self.unit.options.context:
            self.out.emit(Op.GET_CONTEXT, node.at, dst, self.unit.options.context.index(node.name))
        elif any(name == node.name for name, _ in self.unit.functions):
            self.out.emit(Op.LOAD, node.at, dst, self.out.pool.pointer(node.name, self.unit.number))
        else:
            self.fault(Fault.VARIABLE_NOT_FOUND, node.at, node.name)

    def is_known(self, name: str) -> bool:
        """Return whether a name stands for anything here."""
        return (
            self.find(name) is not None
            or self.state_slot(name) is not None
            or name in self.unit.options.context
            or any(function == name for function, _ in self.unit.functions)
        )

    def property_reference(self, node: ast.Property) -> tuple[int, Restore | None]:
        """The reference of ``x.name``."""
        with self.settled_links(node.target):
            container, _ = self.reference(node.target)
        register = self.registers.take(1, node.at)
        name = self.string_constant(node.name)
        self.out.emit(Op.GET_PROPERTY_REF, node.at, register, container, name)

        def write_back() -> None:
            self.out.emit(Op.SET_PROPERTY, node.at, container, name, register)

        return register, write_back

    def index_reference(self, node: ast.Index) -> tuple[int, Restore | None]:
        """The reference of ``x[i]``."""
        with self.settled_links(node.target):
            index = self.kept(node.index, node.target)
            container, restore = self.reference(node.target)
        register = self.registers.take(1, node.at)
        self.emit_index(Op.GET_INDEX_REF, node, register, container, index)

        def write_back() -> None:
            self.emit_index(Op.SET_INDEX, node, container, index, register)
            self.write_back(container, restore, node.at)

        return register, write_back

    def emit_index(self, op: Op, node: ast.Index, a: int, b: int, c: int) -> None:
        """Emit an index operation: a fault is about the index, or about the brackets after such a value."""
        self.out.fault_places[self.out.here, Fault.INDEXING_TYPE] = node.at
        self.out.emit(op, start_of(node.index), a, b, c)

    def write_back(self, register: int, restore: Restore | None, at: int) -> None:
        """Restore a changed value, unless it is a container, which changed in place."""
        if restore is not None:
            skip = self.out.jump(Op.JUMP_CONTAINER, at, register)
            restore()
            self.out.patch(skip)

    # --- values -----------------------------------------------------------------------------------

    def literal(self, node: ast.Expr, dst: int) -> None:
        """A literal."""
        number = self.constant(node)
        assert number is not None, "literals have constants"
        self.out.emit(Op.LOAD, node.at, dst, number)

    def name(self, node: ast.Name, dst: int) -> None:
        """A variable's value, copied."""
        variable = self.lookup(node.name, node.at)
        if variable is not None:
            source = variable.register
            if variable.captured:
                self.out.emit(Op.GET_SHARED, node.at, dst, source)
                source = dst
            self.out.emit(Op.COPY, node.at, dst, source)
            return
        slot = self.state_slot(node.name)
        if slot is not None:
            self.out.emit(Op.GET_STATE, node.at, dst, slot)
        else:
            self.unknown_name(node, dst)

    def this(self, node: ast.This, dst: int) -> None:
        """A copy of `this`."""
        self.out.emit(Op.GET_THIS, node.at, dst)
        self.out.emit(Op.COPY, node.at, dst, dst)

    def path(self, node: ast.Path, dst: int) -> None:
        """``global::NAME`` inside a function, and what a module exports."""
        name = "::".join(node.segments)
        if node.segments[0] == "global" and len(node.segments) == 2:
            slot = self.unit.state.get(node.segments[1])
            if slot is not None and not self.top and node.segments[1] in self.unit.constants:
                self.out.emit(Op.GET_STATE, node.at, dst, slot)
            else:
                self.fault(Fault.VARIABLE_NOT_FOUND, node.at, name)
            return
        module = self.module(node.segments[:-1])
        if module is None:
            self.fault(Fault.NO_MODULE, node.at, "::".join(node.segments[:-1]))
        elif node.segments[-1] in module.exports:
            self.out.names[self.out.here] = name
            self.out.emit(Op.GET_STATE, node.at, dst, module.exports[node.segments[-1]])
        else:
            self.fault(Fault.VARIABLE_NOT_FOUND, node.at, name)

    def template(self, node: ast.Template, dst: int) -> None:
        """An interpolated string."""
        first = self.registers.take(max(len(node.parts), 1), node.at)
        for number, part in enumerate(node.parts):
            self.into(part, first + number)
        self.out.emit(Op.JOIN, node.at, dst, first, len(node.parts))

    def items_into(self, items: tuple[ast.Expr, ...], at: int) -> int:
        """Put expressions into neighbouring registers; returns the first."""
        first = self.registers.take(max(len(items), 1), at)
        for number, item in enumerate(items):
            self.into(item, first + number)
        return first

    def array(self, node: ast.Array, dst: int) -> None:
        """``[a, b]``; a long one is made in parts, since a function has few registers."""
        if len(node.items) > LITERAL_PART:
            self.long_array(node, dst)
            return
        self.out.emit(Op.NEW_ARRAY, node.at, dst, self.items_into(node.items, node.at), len(node.items))

    def long_array(self, node: ast.Array, dst: int) -> None:
        """An array in parts: each is appended to the ones before."""
        result = self.registers.take(2, node.at)
        for start in range(0, len(node.items), LITERAL_PART):
            mark = self.registers.next
            part = node.items[start : start + LITERAL_PART]
            to = result + (start > 0)
            self.out.emit(Op.NEW_ARRAY, node.at, to, self.items_into(part, node.at), len(part))
            if start > 0:
                self.out.emit(Op.ADD_TO, node.at, result, result, to)
            self.registers.next = mark
        self.out.emit(Op.MOVE, node.at, dst, result)

    def vector(self, node: ast.Vector, dst: int) -> None:
        """``(x, y)``."""
        self.out.emit(Op.NEW_VECTOR, node.at, dst, self.items_into(node.items, node.at), len(node.items))

    def map(self, node: ast.Map, dst: int) -> None:
        """``#{a: 1}``."""
        start = node.entries[:LITERAL_PART]
        first = self.registers.take(max(2 * len(start), 1), node.at)
        for number, entry in enumerate(start):
            self.out.emit(Op.LOAD, entry.at, first + 2 * number, self.string_constant(entry.key))
            self.into(entry.value, first + 2 * number + 1)
        rest = node.entries[LITERAL_PART:]
        to = self.registers.take(1, node.at) if rest else dst
        self.out.emit(Op.NEW_MAP, node.at, to, first, len(start))
        for entry in rest:
            self.into(entry.value, first)
            self.out.emit(Op.SET_PROPERTY, entry.at, to, self.string_constant(entry.key), first)
        if rest:
            self.out.emit(Op.MOVE, node.at, dst, to)

    def unary(self, node: ast.Unary, dst: int) -> None:
        """``-x``, ``+x``, ``!x``."""
        self.out.emit(UNARY[node.operator], node.at, dst, self.operand(node.operand))

    def binary(self, node: ast.Binary, dst: int) -> None:
        """An infix operator."""
        if node.operator in ("&&", "||", "??"):
            self.short_circuit(node, dst)
            return
        negated = node.operator == "!in"
        op = Op.CONTAINS if negated else OPERATORS[node.operator]
        if op == Op.CONTAINS:  # `x in y` is a call of `y.contains(x)`: y comes first
            right = self.kept(node.right, node.left)
            left = self.operand(node.left)
        else:
            left = self.kept(node.left, node.right)
            right = self.operand(node.right)
        self.out.emit(op, node.at, dst, left, right)
        if negated:
            self.out.emit(Op.NOT, node.at, dst, dst)

    def short_circuit(self, node: ast.Binary, dst: int) -> None:
        """``&&``, ``||``, ``??``."""
        result = self.registers.take(1, node.at)
        self.into(node.left, result)
        if node.operator == "??":
            skip = self.out.jump(Op.JUMP_NOT_UNIT, node.at, result)
            self.into(node.right, result)
        else:
            op = Op.JUMP_FALSE if node.operator == "&&" else Op.JUMP_TRUE
            skip = self.out.jump(op, place_of(node.left), result)
            self.into(node.right, result)
            self.out.emit(Op.CHECK_BOOL, place_of(node.right), result)
        self.out.patch(skip)
        self.out.emit(Op.MOVE, node.at, dst, result)

    def range(self, node: ast.Range, dst: int) -> None:
        """``a..b``; a missing start is 0, a missing end the largest int."""
        start = node.start if node.start is not None else ast.Int(node.at, 0)
        end = node.end if node.end is not None else ast.Int(node.at, LARGEST)
        if isinstance(start, ast.Int) and isinstance(end, ast.Int):
            number = self.out.pool.range(start.value, end.value, node.inclusive)
            self.out.emit(Op.LOAD, node.at, dst, number)
            return
        left = self.kept(start, end)
        right = self.operand(end)
        op = Op.NEW_RANGE_INCLUSIVE if node.inclusive else Op.NEW_RANGE
        self.out.emit(op, node.at, dst, left, right)

    # --- conditions -------------------------------------------------------------------------------

    def unless(self, node: ast.Expr) -> list[int]:
        """Emit jumps that are taken when the condition is false; returns them for `patch`."""
        mark = self.registers.next
        jumps = self._unless(node)
        self.registers.next = mark
        return jumps

    def _unless(self, node: ast.Expr) -> list[int]:
        if isinstance(node, ast.Binary) and node.operator == "&&":
            return self.unless(node.left) + self.unless(node.right)
        return [self.out.jump(Op.JUMP_FALSE, place_of(node), self.operand(node))]


_INTO: dict[type, Callable[..., None]] = {
    **dict.fromkeys(LITERALS, Expressions.literal),
    ast.Name: Expressions.name,
    ast.This: Expressions.this,
    ast.Path: Expressions.path,
    ast.Template: Expressions.template,
    ast.Array: Expressions.array,
    ast.Vector: Expressions.vector,
    ast.Map: Expressions.map,
    ast.Unary: Expressions.unary,
    ast.Binary: Expressions.binary,
    ast.Range: Expressions.range,
}
