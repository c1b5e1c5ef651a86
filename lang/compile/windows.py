"""The window of registers that carries the arguments of a call, and its result."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.compile.entries import FunctionEntry
from lang.compile.expressions import Restore
from lang.compile.locks import Locks
from lang.stdlib.registry import NativeEntry
from lang.syntax import ast


class Windows(Locks):
    """What calls in both styles have in common."""

    def native(self, name: str, count: int) -> tuple[int, NativeEntry] | None:
        """Return the native of a name that takes so many arguments, if this code may call it."""
        found = self.unit.options.natives.find(name)
        if found is None or (found[1].internal and not self.unit.options.built_in):
            return None
        return found if found[1].takes(count) else None

    def built_in(self, name: str, count: int) -> FunctionEntry | None:
        """Return the function of the prelude with that name and number of parameters."""
        key = (name, count)
        entry = self.unit.built_ins.get(key)
        if entry is None and self.unit.options.built_in:
            entry = self.unit.functions.get(key)
        return entry

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

    def passed(self, arguments: tuple[ast.Expr, ...], first: int) -> None:
        """Put the arguments of a call in function style; a variable in the first place comes last."""
        if arguments and isinstance(arguments[0], ast.Name):
            self.arguments(arguments[1:], first + 1)
            self.into(arguments[0], first)
        else:
            self.arguments(arguments, first)

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
