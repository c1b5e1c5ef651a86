"""Calls in method style: of script functions by the type of `this`, natives, the prelude, pointers."""

from __future__ import annotations

import msgspec

from lang.bytecode.ops import Op
from lang.compile.expressions import Restore
from lang.compile.frame import Variable
from lang.compile.order import start_of
from lang.compile.windows import Windows
from lang.faults import Fault
from lang.layout import UNIT_SHIFT
from lang.stdlib.registry import CHANGING
from lang.syntax import ast
from lang.values import TO_CALL

BY_ELEMENT = frozenset({"for_each"})
"""Functions of the prelude that call with an element as `this`."""

TAGGING = "set_tag"
REPLACING = frozenset({TAGGING, "take"})
"""Natives that give the place of a container a new value; the others change a container in place."""


class Methods(Windows):
    """``x.f(a)``, and ``call(f, a)``."""

    def is_shared(self, node: ast.Call | ast.MethodCall, argument: ast.Expr, dst: int) -> None:
        """``is_shared(x)``: looks at the cell itself, if x has one."""
        window = self.window(2, node.at, dst)
        variable = self.find(argument.name) if isinstance(argument, ast.Name) else None
        if variable is not None:
            self.out.emit(Op.MOVE, node.at, window + 1, variable.register)
        else:
            self.into(argument, window + 1)
        found = self.unit.options.natives.find("is_shared")
        assert found is not None, "the core has it"
        self.out.emit(Op.CALL_NATIVE, node.at, window, found[0], 1)
        self.result(window, dst, node.at)

    def method_call(self, node: ast.MethodCall, dst: int) -> None:
        """``x.f(a)``; with ``?.`` the call is left out when x is ()."""
        with self.settled_links(node.target):
            if node.safe:
                self.safe_method(node, dst)
            else:
                self.plain_method(node, dst)

    def safe_method(self, node: ast.MethodCall, dst: int) -> None:
        """``x?.f(a)``: the arguments are evaluated in any case."""
        result = self.registers.take(1, node.at)
        target = self.operand(node.target)
        self.scopes.append({"$target": Variable(target)})
        missing = self.out.jump(Op.JUMP_UNIT, node.at, target)
        if not isinstance(node.target, ast.Name | ast.This | ast.Property | ast.Index):
            node = msgspec.structs.replace(node, target=ast.Name(node.target.at, "$target"))
        self.plain_method(node, result)
        end = self.out.jump(Op.JUMP, node.at)
        self.out.patch(missing)
        for argument in node.arguments:
            self.into(argument, result)
        self.load_unit(result, node.at)
        self.out.patch(end)
        self.scopes.pop()
        self.out.emit(Op.MOVE, node.at, dst, result)

    def plain_method(self, node: ast.MethodCall, dst: int) -> None:
        """A method call on a target that is there."""
        count = len(node.arguments)
        found = self.native(node.name, count + 1)
        is_script = any(
            entry.name == node.name and len(entry.parameters) == count and not entry.built_in
            for entry in self.unit.methods
        )
        entry = self.built_in(node.name, count + 1)
        if node.name == "call":
            self.pointer_call(node, node.target, node.arguments, dst)
        elif node.name == "is_shared" and not node.arguments:
            self.is_shared(node, node.target, dst)
        elif is_script or (self.is_constant(node.target) and self.may_change(node)):
            self.script_method(node, dst)
        elif found is not None and node.name in REPLACING and not self.unit.options.built_in:
            self.replacing_method(node, found[0], dst)
        elif found is not None:
            self.native_method(node, found[0], found[1].changes, dst)
        elif entry is not None:
            self.prelude_method(node, entry.index, dst)
        else:
            self.script_method(node, dst)

    def native_method(self, node: ast.MethodCall, number: int, changes: bool, dst: int) -> None:
        """A native called on a value."""
        window = self.window(2 + len(node.arguments), node.at, dst)
        self.arguments(node.arguments, window + 2)
        # What a script keeps in a map must not stand in for what the prelude means.
        is_native = self.unit.options.built_in or node.name in REPLACING
        op = Op.CALL_NATIVE if is_native else Op.CALL_ON
        restore = None
        if changes:
            restore = self.changed_receiver(node, window + 1)
        else:
            self.receiver(node.target, window + 1)
        if restore is None:
            self.emit_native(node, op, window, number)
        elif op == Op.CALL_NATIVE:
            self.emit_native(node, op, window, number)
            self.give_back(node, window + 1, restore)
        else:
            self.changing_method(node, window, number, restore)
        self.result(window, dst, node.at)

    def replacing_method(self, node: ast.MethodCall, number: int, dst: int) -> None:
        """A native that gives even the place of a container a new value, unless a map has its own method."""
        if not all(self.is_quiet(part) for part in (node.target, *node.arguments)):
            self.script_method(node, dst)
            return
        window = self.registers.take(3, node.at)
        self.receiver(node.target, window + 1)
        self.out.emit(Op.LOAD, node.at, window + 2, self.string_constant(node.name))
        found = self.unit.options.natives.find("has_method")
        assert found is not None, "the core has it"
        self.out.emit(Op.CALL_NATIVE, node.at, window, found[0], 2)
        own = self.out.jump(Op.JUMP_TRUE, node.at, window)
        self.native_method(node, number, True, dst)
        end = self.out.jump(Op.JUMP, node.at)
        self.out.patch(own)
        self.script_method(node, dst)
        self.out.patch(end)

    def emit_native(self, node: ast.MethodCall, op: Op, window: int, number: int) -> None:
        """Emit the call of a native; a pointer in a map may come before it."""
        if op == Op.CALL_ON:
            self.lock_shared(node.target, node.at, only_pointer=True)
        self.out.names[self.out.here] = node.name
        self.out.emit(op, node.at, window, number, 1 + len(node.arguments))

    def changing_method(self, node: ast.MethodCall, window: int, number: int, restore: Restore) -> None:
        """Call a native that changes what it is called on, and write that back unless it is a container.

        A pointer in a map, too, comes before the native. The registers of its function are the window and
        all behind it: what they hold then must not be written to the place of the map.
        """
        home = self.find(node.target.name) if isinstance(node.target, ast.Name) else None
        if home is not None and not home.captured:
            self.emit_native(node, Op.CALL_ON, window, number)
            self.write_back(home.register, restore, node.at)
            return
        in_place = self.out.jump(Op.JUMP_CONTAINER, node.at, window + 1)
        self.emit_native(node, Op.CALL_NATIVE, window, number)
        restore()
        end = self.out.jump(Op.JUMP, node.at)
        self.out.patch(in_place)
        self.emit_native(node, Op.CALL_ON, window, number)
        self.out.patch(end)

    def may_change(self, node: ast.MethodCall) -> bool:
        """Return whether a built-in method may change what it is called on."""
        found = self.native(node.name, len(node.arguments) + 1)
        return found[1].changes if found is not None else node.name in CHANGING

    def changed_receiver(self, node: ast.MethodCall, register: int) -> Restore | None:
        """Move what a method is going to change into the window; if `this` is a constant, it refuses."""
        start = self.out.here
        with self.changing_this(TO_CALL):
            restore = self.receiver(node.target, register)
        if isinstance(self.root_of(node.target), ast.This):
            for pc in range(start, self.out.here):
                self.out.names[pc] = node.name
                self.out.fault_places[pc, Fault.CONSTANT_METHOD] = node.at
        return restore

    def give_back(self, node: ast.Call | ast.MethodCall, register: int, restore: Restore) -> None:
        """Write a changed receiver back; a container changed in place, but its tag lies beside it."""
        if node.name == TAGGING:
            restore()
        else:
            self.write_back(register, restore, node.at)

    def prelude_method(self, node: ast.MethodCall, function: int, dst: int) -> None:
        """A built-in that is written in the language: it gets the receiver as its first parameter."""
        window = self.window(2 + len(node.arguments), node.at, dst)
        self.arguments(node.arguments, window + 2)
        # It changes in place or not at all.
        if node.name in CHANGING:
            self.changed_receiver(node, window + 1)
        else:
            self.receiver(node.target, window + 1)
        if self.unit.options.built_in:
            self.out.emit(Op.CALL_BUILT_IN, node.at, window, function)
        else:
            name = self.string_constant(node.name)
            with self.locked(node.target, node.at, by_element=node.name in BY_ELEMENT):
                self.out.emit(Op.CALL_BUILT_IN_ON, node.at, window, function, name)
        self.result(window, dst, node.at)

    def script_method(self, node: ast.MethodCall, dst: int) -> None:
        """A method that the script defines, or a pointer in a map; `this` refers to the target.

        If it may turn out to be a built-in that changes its receiver, the reference is also kept in the
        register before the window, in which the result takes its place.
        """
        holder = self.temporary(node.target) if isinstance(node.target, ast.Path) else None
        keeper = self.registers.take(1, node.at) if self.may_change(node) else None
        window = self.window(2 + len(node.arguments), node.at, dst)
        self.arguments(node.arguments, window + 2)
        reference = window if keeper is None else keeper
        if holder is not None:
            self.out.emit(Op.REF_REGISTER, node.at, reference, holder)
        else:
            self.this_reference(node.target, reference)
        self.freeze(node.target, reference)
        if keeper is not None:
            self.out.emit(Op.MOVE, node.at, window, keeper)
        name = self.string_constant(node.name)
        with self.locked(node.target, node.at):
            self.out.names[self.out.here] = node.name
            wanted = len(node.arguments) | self.unit.number << UNIT_SHIFT
            self.out.emit(Op.CALL_METHOD_OF, node.at, window, name, wanted)
        self.result(window, dst, node.at)

    def freeze(self, target: ast.Expr, reference: int) -> None:
        """Let a reference to (a part of) a constant be one that nothing can be changed by."""
        frozen = self.is_constant(target)
        if frozen or isinstance(self.root_of(target), ast.This):
            self.out.emit(Op.FREEZE, target.at, reference, int(not frozen))

    def this_reference(self, node: ast.Expr, dst: int) -> None:
        """Put a reference to the place of an expression into `dst`; a temporary stands for itself."""
        match node:
            case ast.Name() if (variable := self.lookup(node.name, node.at)) is not None:
                self.out.emit(Op.REF_REGISTER, node.at, dst, variable.register)
            case ast.Name() if (slot := self.state_slot(node.name)) is not None:
                self.out.emit(Op.REF_STATE, node.at, dst, slot)
            case ast.This():
                self.out.emit(Op.REF_THIS, node.at, dst)
            case ast.Property() if not node.safe:
                container = self.operand(node.target)
                name = self.string_constant(node.name)
                self.out.emit(Op.REF_PROPERTY, node.at, dst, container, name)
            case ast.Index() if not node.safe:
                index = self.kept(node.index, node.target)
                container = self.operand(node.target)
                self.emit_index(Op.REF_INDEX, node, dst, container, index)
            case _:
                self.into(node, dst)

    def pointer_call(
        self,
        node: ast.Call | ast.MethodCall,
        pointer: ast.Expr,
        arguments: tuple[ast.Expr, ...],
        dst: int,
    ) -> None:
        """``f.call(a)`` or ``call(f, a)``."""
        window = self.window(2 + len(arguments), node.at, dst)
        is_method = isinstance(node, ast.MethodCall)
        if is_method:
            self.arguments(arguments, window + 2)
        is_place = isinstance(pointer, ast.Name | ast.This | ast.Property | ast.Index)
        if is_method and arguments and is_place and self.is_quiet(pointer):
            self.this_reference(pointer, window)  # for `x.call(f, …)`, which binds `this` to x
            self.freeze(pointer, window)
            self.into(pointer, window + 1)
        else:
            self.into(pointer, window + 1)
            # In function style nothing is bound: a reference to the pointer itself says so.
            op = Op.MOVE if is_method else Op.REF_REGISTER
            self.out.emit(op, node.at, window, window + 1)
        if not is_method:
            self.arguments(arguments, window + 2)
        with self.locked(pointer if is_method else None, node.at):
            self.out.names[self.out.here] = "call"
            if arguments or not is_method:
                about = arguments[0] if is_method else pointer
                self.out.fault_places[self.out.here, Fault.FUNCTION_POINTER] = start_of(about)
            self.out.emit(Op.CALL_POINTER, node.at, window, len(arguments))
        self.result(window, dst, node.at)
