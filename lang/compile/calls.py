"""Calls in function style: of script functions, natives, the prelude."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.compile.expressions import Restore
from lang.compile.frame import InlineFrame, Variable
from lang.compile.methods import Methods
from lang.compile.order import start_of
from lang.compile.refusals import refusal
from lang.faults import Fault
from lang.layout import CALL_BACK_FORMS
from lang.syntax import ast

PRELUDE_FORMS = frozenset({*CALL_BACK_FORMS, "fold", "sorted_by"})
ABOUT_FIRST = frozenset({"Fn", "curry", "is_def_var"})
"""Functions that are wrong where their first argument stands, if that is of a wrong type."""

MOST_INLINED = 8


class Calls(Methods):
    """``f(a)``."""

    def call(self, node: ast.Call, dst: int) -> None:
        """``f(a, b)``."""
        if node.path and node.path != ("global",):
            self.call_in_module(node, dst)
            return
        count = len(node.arguments)
        function = self.unit.functions.get((node.name, count))
        if function is not None and node.bang and not function.built_in:
            self.inline(node, self.unit.nodes[node.name, count], dst)
        elif function is not None and not function.built_in:
            window = self.window(1 + count, node.at, dst)
            self.passed(node.arguments, window + 1)
            self.out.emit(Op.CALL, node.at, window, function.index)
            self.result(window, dst, node.at)
        elif self.unit.options.built_in and node.name in PRELUDE_FORMS:
            self.prelude_form(node, dst)
        elif node.name == "is_def_var" and count == 1 and self.looks_up_names(node.arguments[0]):
            self.look_up(node, "$is_def_var", dst)
        elif node.name == "is_def_var" and count == 1 and isinstance(node.arguments[0], ast.Str):
            self.is_def_var(node.arguments[0], dst)
        elif node.name == "eval" and count == 1 and self.has_eval:
            self.look_up(node, "$eval", dst)
        elif node.name == "is_shared" and count == 1 and isinstance(node.arguments[0], ast.Name):
            self.is_shared(node, node.arguments[0], dst)
        elif node.name == "call" and node.arguments:
            self.pointer_call(node, node.arguments[0], node.arguments[1:], dst)
        else:
            self.built_in_call(node, dst)

    def call_in_module(self, node: ast.Call, dst: int) -> None:
        """``m::f(a)``: a function of an imported file that is not private."""
        path = "::".join(node.path)
        at = node.at - len(path) - 2
        module = self.module(node.path)
        count = len(node.arguments)
        function = module.functions.get((node.name, count)) if module is not None else None
        window = self.window(1 + max(count, 1), node.at, dst)
        self.arguments(node.arguments, window + 1)
        if function is not None:
            self.out.emit(Op.CALL, node.at, window, function.index)
            self.result(window, dst, node.at)
        elif module is None:
            self.fault(Fault.NO_MODULE, at, path)
        elif self.unit.options.entity:
            raise self.error(node.at, f"Function not found: {path}::{node.name} with {count} arguments")
        else:
            name = self.string_constant(f"{path}::{node.name}")
            packed = count | window << 8 if window < 256 else 0
            self.out.emit(Op.FAULT, at, int(Fault.FUNCTION_NOT_FOUND), name, packed)

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
        self.scopes.append(
            {name: Variable(first + i, self.is_captured(name, function.at)) for i, name in enumerate(names)}
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
        self.out.emit(Op.MOVE, node.at, dst, result)
        self.registers.next = mark

    def prelude_form(self, node: ast.Call, dst: int) -> None:
        """A call that only the prelude may write."""
        raise NotImplementedError

    def built_in_call(self, node: ast.Call, dst: int) -> None:
        """A built-in function in function style: a native, else one of the prelude."""
        count = len(node.arguments)
        entry = self.built_in(node.name, count)
        if entry is None or self.native(node.name, count) is not None:
            self.native_call(node, dst)
            return
        window = self.window(1 + count, node.at, dst)
        self.changed_arguments(node.arguments, window + 1)
        self.out.emit(Op.CALL_BUILT_IN, node.at, window, entry.index)
        self.result(window, dst, node.at)

    def changed_arguments(self, arguments: tuple[ast.Expr, ...], first: int) -> Restore | None:
        """Put the arguments of a function that may change the first of them; a variable's turn is last."""
        node, *rest = arguments
        if isinstance(node, ast.Name):
            self.arguments(tuple(rest), first + 1)
            return self.first_argument(node, first)
        restore = self.first_argument(node, first)
        self.arguments(tuple(rest), first + 1)
        return restore

    def first_argument(self, node: ast.Expr, register: int) -> Restore | None:
        """Put the first argument of a function that may change it; a constant is copied."""
        if self.is_constant(node):
            self.into(node, register)
            return None
        return self.receiver(node, register)

    def native_call(self, node: ast.Call, dst: int) -> None:
        """A call of a native in function style; one that changes its first argument changes a variable."""
        found = self.native(node.name, len(node.arguments))
        window = self.window(2 + len(node.arguments), node.at, dst)
        if found is None or (node.name == "curry" and len(node.arguments) == 1):
            self._refuse_unknown(node)
            self.passed(node.arguments, window + 1)
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
            restore = self.changed_arguments(node.arguments, window + 1)
        else:
            self.passed(node.arguments, window + 1)
        self.out.names[self.out.here] = node.name
        at = node.at
        if node.name in ABOUT_FIRST:
            at = start_of(node.arguments[0])
            self.out.fault_places[self.out.here, Fault.FUNCTION_NOT_FOUND] = node.at
        self.out.emit(Op.CALL_NATIVE, at, window, number, len(node.arguments))
        if entry.changes and restore is not None:
            self.give_back(node, window + 1, restore)
        self.result(window, dst, node.at)

    def _refuse_unknown(self, node: ast.Call) -> None:
        """In an entity script an unknown name or a wrong count is an error at once."""
        if not self.unit.options.entity:
            return
        wrong = refusal((node.name, len(node.arguments)), self.unit.functions, self.unit.options.natives)
        raise self.error(node.at, wrong.message, wrong.hint)

    def looks_up_names(self, argument: ast.Expr) -> bool:
        """Return whether only the run can tell if a variable of a name is in sight."""
        can = self.unit.options.natives.find("$is_def_var") is not None
        return can and (self.has_eval or not isinstance(argument, ast.Str))

    def look_up(self, node: ast.Call, name: str, dst: int) -> None:
        """A call that sees the variables around it: they are shared with what it runs."""
        found = self.unit.options.natives.find(name)
        assert found is not None, "who allows it brings it along"
        window = self.window(3, node.at, dst)
        self.into(node.arguments[0], window + 1)
        if name == "$eval":
            for scope in self.scopes:
                for variable in scope.values():
                    if variable.captured:
                        self.out.emit(Op.SHARE, node.at, variable.register)
        self.out.emit(Op.LOAD, node.at, window + 2, self.note_site())
        self.out.emit(Op.CALL_NATIVE, start_of(node.arguments[0]), window, found[0], 2)
        self.result(window, dst, node.at)

    def is_def_var(self, argument: ast.Str, dst: int) -> None:
        """``is_def_var("x")``: known here, as scopes are; whether the `let` of state has run is not."""
        is_local = self.find(argument.value) is not None
        slot = None if is_local else self.state_slot(argument.value)
        self.literal(ast.Bool(argument.at, is_local or slot is not None), dst)
        if slot is not None:
            has_value = self.out.jump(Op.JUMP_DEFINED, argument.at, slot)
            self.literal(ast.Bool(argument.at, False), dst)
            self.out.patch(has_value)
