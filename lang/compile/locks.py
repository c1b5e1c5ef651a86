"""Locks: while a method works on a shared variable, nobody else may touch it (`lang.vm.locks`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lang.bytecode.ops import Op
from lang.compile.chains import Chains
from lang.syntax import ast


class Locks(Chains):
    """What stands around the call of a method."""

    @contextmanager
    def locked(self, target: ast.Expr | None, at: int, *, by_element: bool = False) -> Iterator[None]:
        """Emit one call inside: nobody else may touch the variable that `target` is (a part of).

        `by_element`: the elements of the target, too, are `this` of what is called.
        """
        if target is None:
            yield
            return
        self.lock_shared(target, at)
        slot = None
        root = target
        while isinstance(root, ast.Property | ast.Index):
            root = root.target
        if isinstance(root, ast.Name) and (root is not target or by_element) and self.find(root.name) is None:
            slot = self.state_slot(root.name)
        if slot is not None:
            self.out.emit(Op.LOCK_STATE, at, slot)
        yield
        if slot is not None:
            self.out.emit(Op.UNLOCK_STATE, at, slot)

    def lock_shared(self, target: ast.Expr, at: int, *, only_pointer: bool = False) -> None:
        """Lock the shared variable at the root of a chain during the call that is emitted next."""
        root = target
        while isinstance(root, ast.Property | ast.Index | ast.MethodCall):
            root = root.target
        variable = self.find(root.name) if isinstance(root, ast.Name) else None
        if variable is not None and variable.captured:
            self.out.emit(Op.LOCK, at, variable.register, int(only_pointer))
