"""Calls: of script functions, natives, pointers and methods. A window of registers carries them."""

from __future__ import annotations

from difflib import get_close_matches

import msgspec

from lang.bytecode.ops import Op
from lang.compile.expressions import Restore
from lang.compile.frame import FunctionEntry, InlineFrame, Variable
from lang.compile.locks import Locks
from lang.faults import Fault
from lang.layout import ALWAYS_THIS, CALL_BACK_FORMS
from lang.stdlib.registry import NativeEntry
from lang.syntax import ast

CHANGING = frozenset({"sort", "sort_by", "sort_desc", "retain", "drain", "dedup", "for_each"})
"""Functions of the prelude that change their receiver."""

BY_ELEMENT = frozenset({"for_each"})
"""Functions of the prelude that call with an element as `this`."""

MOST_INLINED = 8
TAGGING = "set_tag"


class Calls(Locks):
    """Calls in both styles."""

    def call(self, node: ast.Call, dst: int) -> None:
        """``f(a, b)``."""
        if node.path and node.path != ("global",):
            self.arguments(node.arguments, self.registers.take(1, node.at))
            before = "::".join(node.path) + "::"
            self.fault(Fault.NO_MODULE, node.at - len(before), node.path[0])
            return
        count = len(node.arguments)
        function = self.unit.functions.get((node.name, count))
        if function is not None and node.bang and not function.built_in:
            self.inline(node, self.out.nodes[node.name, count], dst)
        elif function is not None and not function.built_in:
            window = self.window(1 + count, node.at, dst)
            self.arguments(node.arguments, window + 1)
            self.out.emit(Op.CALL, node.at, window, function.index)
            self.result(window, dst, node.at)
        elif self.unit.options.built_in and node.name in CALL_BACK_FORMS:
            self.call_back(node, dst)
        elif node.name == "is_def_var" and count == 1 and isinstance(node.arguments[0], ast.Str):
            self.is_def_var(node.arguments[0], dst)
        elif node.name == "is_shared" and count == 1 and isinstance(node.arguments[0], ast.Name):
            self.is_shared(node, node.arguments[0], dst)
        elif node.name == "call" and node.arguments:
            self.pointer_call(node, node.arguments[0], node.arguments[1:], dst)
        else:
            self.built_in_call(node, dst)

    def inline(self, node: ast.Call, function: ast.Function, dst: int) -> None:
        """``f!(…)``: the body runs in the scope of the caller; what it declares vanishes with it."""
        if len(self.inlined) >= MOST_INLINED:
            self.fault(Fault.STACK_OVERFLOW, node.at)
            return
        mark = self.registers.next
        result = self.registers.take(1, node.at)
        first = self.registers.take(len(node.arguments), node.at)
        self.arguments(node.arguments, first)
        names = function.parameters
        captured = self.unit.resolution.captured
        self.scopes.append(
            {name: Variable(first + i, (name, function.at) in captured) for i, name in enumerate(names)}
        )
        frame = InlineFrame(result)
        loops, self.loops = self.loops, []
        self.inlined.append(frame)
        self.into(function.body, result)
        self.inlined.pop()
        self.loops = loops
        self.scopes.pop()
        for end in frame.ends:
            self.out.patch(end)
        self.registers.next = mark
        self.out.emit(Op.MOVE, node.at, dst, result)

    def call_back(self, node: ast.Call, dst: int) -> None:
        """``call_back(f, this, a, …)`` and its kin in the prelude, which says what they are."""
        form = CALL_BACK_FORMS[node.name]
        pointer, *rest = node.arguments
        this = rest.pop(0) if node.name != "call_with" else None
        window = self.window(2 + len(rest), node.at, dst)
        if form == ALWAYS_THIS and this is not None:
            self.out.emit(Op.REF_INDEX, node.at, window, self.operand(this), self.operand(rest[0]))
        elif this is not None:
            self.into(this, window)
        self.into(pointer, window + 1)
        self.arguments(tuple(rest), window + 2)
        self.out.emit(Op.CALL_BACK, node.at, window, len(rest), form)
        self.result(window, dst, node.at)

    def native(self, name: str, count: int) -> tuple[int, NativeEntry] | None:
        """Return the native of a name that takes so many arguments, if this code may call it."""
        found = self.unit.options.natives.find(name)
        if found is None or (found[1].internal and not self.unit.options.built_in):
            return None
        least, most = found[1].arity
        return found if least <= count <= most else None

    def built_in(self, name: str, count: int) -> FunctionEntry | None:
        """Return the function of the prelude with that name and number of parameters."""
        key = (name, count)
        entry = self.unit.built_ins.get(key)
        if entry is None and self.unit.options.built_in:
            entry = self.unit.functions.get(key)
        return entry

    def built_in_call(self, node: ast.Call, dst: int) -> None:
        """A built-in function in function style: a native, else one of the prelude."""
        count = len(node.arguments)
        entry = self.built_in(node.name, count)
        if entry is None or self.native(node.name, count) is not None:
            self.native_call(node, dst)
            return
        window = self.window(1 + count, node.at, dst)
        self.first_argument(node.arguments[0], window + 1)
        self.arguments(node.arguments[1:], window + 2)
        self.out.emit(Op.CALL_BUILT_IN, node.at, window, entry.index)
        self.result(window, dst, node.at)

    def first_argument(self, node: ast.Expr, register: int) -> Restore | None:
        """Put the first argument of a function that may change it; a constant is copied."""
        if self.is_constant(node):
            self.into(node, register)
            return None
        return self.receiver(node, register)

    def window(self, size: int, at: int, dst: int) -> int:
        """Take the registers of a call's window; it begins with `dst`, if that is the last one taken."""
        if dst == self.registers.next - 1:
            self.registers.take(size - 1, at)
            return dst
        return self.registers.take(size, at)

    def result(self, window: int, dst: int, at: int) -> None:
        """Move a call's result from its window to `dst`, unless it is there."""
        if window != dst:
            self.out.emit(Op.MOVE, at, dst, window)

    def arguments(self, arguments: tuple[ast.Expr, ...], first: int) -> None:
        """Put arguments, owned, into the registers from `first` on (which are taken)."""
        for number, argument in enumerate(arguments):
            self.into(argument, first + number)

    def native_call(self, node: ast.Call, dst: int) -> None:
        """A call of a native in function style; one that changes its first argument changes a variable."""
        found = self.native(node.name, len(node.arguments))
        window = self.window(2 + len(node.arguments), node.at, dst)
        if found is None:
            self._refuse_unknown(node)
            self.arguments(node.arguments, window + 1)
            self.out.names[self.out.here] = node.name
            self.out.emit(
                Op.FAULT,
                node.at,
                int(Fault.FUNCTION_NOT_FOUND),
                self.string_constant(node.name),
                len(node.arguments) | window << 8 if window < 256 else 0,
            )
            return
        number, entry = found
        restore: Restore | None = None
        if entry.changes and node.arguments:
            restore = self.first_argument(node.arguments[0], window + 1)
            self.arguments(node.arguments[1:], window + 2)
        else:
            self.arguments(node.arguments, window + 1)
        self.out.names[self.out.here] = node.name
        at = node.arguments[0].at if node.name == "Fn" and node.arguments else node.at
        self.out.emit(Op.CALL_NATIVE, at, window, number, len(node.arguments))
        if entry.changes and restore is not None:
            self.give_back(node, window + 1, restore)
        self.result(window, dst, node.at)

    def _refuse_unknown(self, node: ast.Call) -> None:
        """In an entity script an unknown name or a wrong count is an error at once."""
        if not self.unit.options.entity:
            return
        found = self.unit.options.natives.find(node.name)
        counts = sorted(count for name, count in self.unit.functions if name == node.name)
        if found is not None and found[1].api:
            least, most = found[1].arity
            wanted = str(least) if least == most else f"{least} to {most}"
            raise self.error(node.at, f"'{node.name}' takes {wanted} arguments, not {len(node.arguments)}")
        if counts:
            wanted = " or ".join(map(str, counts))
            raise self.error(node.at, f"'{node.name}' takes {wanted} arguments, not {len(node.arguments)}")
        known = [name for name, _ in self.unit.functions] + list(self.unit.options.natives.numbers)
        close = get_close_matches(node.name, known, 1)
        hint = f"did you mean `{close[0]}`?" if close else None
        raise self.error(node.at, f"Function not found: {node.name}", hint)

    def receiver(self, node: ast.Expr, register: int) -> Restore | None:
        """Move what a method is called on into the window; returns what writes a new value back."""
        variable = self.find(node.name) if isinstance(node, ast.Name) else None
        if variable is not None and not variable.captured:
            home = variable.register
            self.out.emit(Op.MOVE, node.at, register, home)
            if variable.constant:
                return None
            return lambda: self._emit(Op.MOVE, node.at, home, register)
        if isinstance(node, ast.Name | ast.This | ast.Property | ast.Index):
            source, restore = self.reference(node)
            self.out.emit(Op.MOVE, node.at, register, source)
            if restore is None:
                return None
            give_back = restore

            def write() -> None:
                self.out.emit(Op.MOVE, node.at, source, register)
                give_back()

            return write
        self.into(node, register)
        return None

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

    def is_def_var(self, argument: ast.Str, dst: int) -> None:
        """``is_def_var("x")``: known here, as scopes are."""
        known = self.find(argument.value) is not None or self.state_slot(argument.value) is not None
        self.literal(ast.Bool(argument.at, known), dst)

    # --- methods ----------------------------------------------------------------------------------

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
        elif is_script:
            self.script_method(node, dst)
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
        restore = self.receiver(node.target, window + 1)
        if changes and self.is_constant(node.target):
            self.fault(Fault.CONSTANT_METHOD, node.at, node.name)
        # What a script keeps in a map must not stand in for what the prelude means.
        op = Op.CALL_NATIVE if self.unit.options.built_in else Op.CALL_ON
        self.lock_shared(node.target, node.at, only_pointer=True)
        self.out.names[self.out.here] = node.name
        self.out.emit(op, node.at, window, number, 1 + len(node.arguments))
        if changes and restore is not None:
            self.give_back(node, window + 1, restore)
        self.result(window, dst, node.at)

    def give_back(self, node: ast.Call | ast.MethodCall, register: int, restore: Restore) -> None:
        """Write a changed receiver back; a container changed in place, but its tag lies beside it."""
        if node.name == TAGGING:
            restore()
        else:
            self.write_back(register, restore, node.at)

    def prelude_method(self, node: ast.MethodCall, function: int, dst: int) -> None:
        """A built-in that is written in the language: it gets the receiver as its first parameter."""
        if node.name in CHANGING and self.is_constant(node.target):
            self.fault(Fault.CONSTANT_METHOD, node.at, node.name)
        window = self.window(2 + len(node.arguments), node.at, dst)
        self.arguments(node.arguments, window + 2)
        self.receiver(node.target, window + 1)  # which changes in place or not at all
        if self.unit.options.built_in:
            self.out.emit(Op.CALL_BUILT_IN, node.at, window, function)
        else:
            name = self.string_constant(node.name)
            with self.locked(node.target, node.at, by_element=node.name in BY_ELEMENT):
                self.out.emit(Op.CALL_BUILT_IN_ON, node.at, window, function, name)
        self.result(window, dst, node.at)

    def script_method(self, node: ast.MethodCall, dst: int) -> None:
        """A method that the script defines, or a pointer in a map; `this` refers to the target."""
        window = self.window(2 + len(node.arguments), node.at, dst)
        self.arguments(node.arguments, window + 2)
        self.this_reference(node.target, window)
        name = self.string_constant(node.name)
        with self.locked(node.target, node.at):
            self.out.names[self.out.here] = node.name
            self.out.emit(Op.CALL_METHOD_OF, node.at, window, name, len(node.arguments))
        self.result(window, dst, node.at)

    def this_reference(self, node: ast.Expr, dst: int) -> None:
        """Put a reference to the place of an expression into `dst`; a temporary stands for itself."""
        match node:
            case ast.Name() if (variable := self.find(node.name)) is not None:
                if variable.constant:
                    copy = self.registers.take(1, node.at)
                    self.name(node, copy)
                    self.out.emit(Op.REF_REGISTER, node.at, dst, copy, 1)
                else:
                    self.out.emit(Op.REF_REGISTER, node.at, dst, variable.register)
            case ast.Name() if (slot := self.state_slot(node.name)) is not None:
                self.out.emit(Op.REF_STATE, node.at, dst, slot)
            case ast.This():
                self.out.emit(Op.REF_REGISTER, node.at, dst, 0)
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
            self.into(pointer, window + 1)
        else:
            self.into(pointer, window + 1)
            self.out.emit(Op.MOVE, node.at, window, window + 1)
        if not is_method:
            self.arguments(arguments, window + 2)
        with self.locked(pointer if is_method else None, node.at):
            self.out.names[self.out.here] = "call"
            if is_method and arguments:
                self.out.fault_places[self.out.here, Fault.FUNCTION_POINTER] = arguments[0].at
            self.out.emit(Op.CALL_POINTER, node.at, window, len(arguments))
        self.result(window, dst, node.at)
