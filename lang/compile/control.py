"""Control flow as expressions: blocks, `if`, `switch`, loops, closures. `dst` None drops the value."""

from __future__ import annotations

from collections.abc import Callable

from lang.bytecode.ops import Op
from lang.compile.frame import LoopFrame, Variable
from lang.compile.order import start_of
from lang.compile.prelude_forms import PreludeForms
from lang.faults import Fault
from lang.syntax import ast


class Control(PreludeForms):
    """What decides which code runs."""

    def control_into(self, node: ast.Expr, dst: int) -> None:
        """Put the value of control flow or a call into `dst`."""
        _CONTROL[type(node)](self, node, dst)

    def discard(self, node: ast.Expr) -> None:
        """Evaluate an expression for what it does."""
        mark = self.registers.next
        if isinstance(node, ast.Block | ast.If | ast.Switch | ast.Loop | ast.While | ast.Do | ast.For):
            _CONTROL[type(node)](self, node, None)
        else:
            self.into(node, self.registers.take(1, node.at))
        self.registers.next = mark

    def value(self, node: ast.Expr, dst: int | None) -> None:
        """Evaluate an expression into `dst`, if the value is wanted."""
        if dst is None:
            self.discard(node)
        else:
            self.into(node, dst)

    def statement(self, node: ast.Stmt, dst: int | None) -> None:
        """Compile a statement; its value, if wanted, goes into `dst`."""
        raise NotImplementedError

    def block(self, node: ast.Block, dst: int | None) -> None:
        """``{ … }``: a scope whose value is that of its last statement."""
        mark = self.registers.next
        self.open_scope(node.at)
        self.statements(node.statements, dst, node.at)
        self.scopes.pop()
        self.registers.next = mark

    def statements(self, statements: tuple[ast.Stmt, ...], dst: int | None, at: int) -> None:
        """Compile statements in order; the last one gives the value."""
        for node in statements[:-1]:
            self.statement(node, None)
        if statements:
            self.statement(statements[-1], dst)
        elif dst is not None:
            self.load_unit(dst, at)

    def branch(self, node: ast.If, dst: int | None) -> None:
        """``if c { } else { }``."""
        jumps = self.unless(node.condition)
        self.block(node.then, dst)
        if node.orelse is None and dst is None:
            for jump in jumps:
                self.out.patch(jump)
            return
        end = self.out.jump(Op.JUMP, node.at)
        for jump in jumps:
            self.out.patch(jump)
        if node.orelse is not None:
            self.value(node.orelse, dst)
        elif dst is not None:
            self.load_unit(dst, node.at)
        self.out.patch(end)

    # --- switch -----------------------------------------------------------------------------------

    def switch(self, node: ast.Switch, dst: int | None) -> None:
        """``switch x { … }``: arms are tried in order."""
        mark = self.registers.next
        subject = self.temporary(node.subject)
        ends: list[int] = []
        has_default = False
        for arm in node.arms:
            misses = self.patterns(arm, subject) if arm.patterns else []
            has_default = has_default or not arm.patterns
            if arm.guard is not None:
                misses += self.unless(arm.guard)
            self.value(arm.body, dst)
            ends.append(self.out.jump(Op.JUMP, arm.at))
            for miss in misses:
                self.out.patch(miss)
        if not has_default and dst is not None:
            self.load_unit(dst, node.at)
        for end in ends:
            self.out.patch(end)
        self.registers.next = mark

    def patterns(self, arm: ast.SwitchArm, subject: int) -> list[int]:
        """Test the patterns of an arm; returns the jumps taken when none fits."""
        hits: list[int] = []
        for pattern in arm.patterns[:-1]:
            misses = self.pattern(pattern, subject)
            hits.append(self.out.jump(Op.JUMP, pattern.at))
            for miss in misses:
                self.out.patch(miss)
        misses = self.pattern(arm.patterns[-1], subject)
        for hit in hits:
            self.out.patch(hit)
        return misses

    def pattern(self, pattern: ast.Expr, subject: int) -> list[int]:
        """Test one pattern; returns the jumps taken when it does not fit."""
        mark = self.registers.next
        result = self.registers.take(1, pattern.at)
        op = Op.IN_RANGE if isinstance(pattern, ast.Range) else Op.SAME_LITERAL
        self.out.emit(op, pattern.at, result, subject, self.temporary(pattern))
        misses = [self.out.jump(Op.JUMP_FALSE, pattern.at, result)]
        self.registers.next = mark
        return misses

    # --- loops ------------------------------------------------------------------------------------

    def begin_loop(self, dst: int | None) -> LoopFrame:
        """Enter a loop."""
        loop = LoopFrame(dst)
        self.loops.append(loop)
        return loop

    def end_loop(self, loop: LoopFrame, exits: list[int], at: int) -> None:
        """Leave a loop: normal exits give (), a `break` its value."""
        self.loops.pop()
        for jump in exits:
            self.out.patch(jump)
        if loop.dst is not None:
            self.load_unit(loop.dst, at)
        for jump in loop.breaks:
            self.out.patch(jump)

    def continue_here(self, loop: LoopFrame) -> None:
        """Let the loop's `continue` statements go on here."""
        for jump in loop.continues:
            self.out.patch(jump)

    def loop(self, node: ast.Loop, dst: int | None) -> None:
        """``loop { }``."""
        loop = self.begin_loop(dst)
        start = self.out.here
        self.block(node.body, None)
        self.continue_here(loop)
        self.out.jump_to(node.body.at, start)
        self.end_loop(loop, [], node.at)

    def loop_while(self, node: ast.While, dst: int | None) -> None:
        """``while c { }``."""
        loop = self.begin_loop(dst)
        start = self.out.here
        exits = self.unless(node.condition)
        self.block(node.body, None)
        self.continue_here(loop)
        self.out.jump_to(node.at, start)
        self.end_loop(loop, exits, node.at)

    def loop_do(self, node: ast.Do, dst: int | None) -> None:
        """``do { } while c`` and ``do { } until c``."""
        loop = self.begin_loop(dst)
        start = self.out.here
        self.block(node.body, None)
        self.continue_here(loop)
        exits = self.unless(node.condition)
        if node.until:
            skip = self.out.jump(Op.JUMP, node.at)
            for jump in exits:
                self.out.patch(jump, start)
            exits = [skip]
        else:
            self.out.jump_to(node.at, start)
        self.end_loop(loop, exits, node.at)

    def loop_for(self, node: ast.For, dst: int | None) -> None:
        """``for x in it { }`` and ``for (x, i) in it { }``."""
        if (
            self.unit.options.built_in
            and isinstance(node.iterable, ast.Call)
            and node.iterable.name == "calls"
        ):
            self.loop_calls(node, node.iterable, dst)
            return
        mark = self.registers.next
        self.scopes.append({})
        iterator = self.registers.take(3, node.at)
        self.into(node.iterable, iterator)
        self.out.emit(Op.FOR_BEGIN, start_of(node.iterable), iterator)
        variable = self.declare_empty(node.variable, node.variable_at)
        counter = None
        shown = variable
        if node.counter is not None:
            counter = self.registers.take(1, node.at)
            self.literal(ast.Int(node.at, -1), counter)
            shown = self.declare_empty(node.counter, node.counter_at)
        loop = self.begin_loop(dst)
        holding = self.out.holding
        enter = self.out.jump(Op.JUMP, node.at)
        start = self.out.here
        self.out.goes_on(holding)
        element = variable.register
        if variable.captured:
            element = self.registers.take(1, node.at)
        self.out.wrote(element)
        if variable.captured:
            self.out.emit(Op.SET_SHARED, node.at, variable.register, element)
        if counter is not None:
            kept = self.registers.next
            one = self.temporary(ast.Int(node.at, 1))
            self.out.emit(Op.ADD_TO, node.at, counter, counter, one)
            self.registers.next = kept
            self.store(shown, counter, node.at)
        self.block(node.body, None)
        self.continue_here(loop)
        self.out.patch(enter)
        self.out.patch(self.out.jump(Op.FOR_NEXT, node.at, iterator, element), start)
        self.end_loop(loop, [], node.at)
        self.scopes.pop()
        self.registers.next = mark

    def loop_calls(self, node: ast.For, calls: ast.Call, dst: int | None) -> None:
        """A loop over what a callback gives for each element."""
        mark = self.registers.next
        self.scopes.append({})
        start, end = self.begin_calls(node, calls)
        loop = self.begin_loop(dst)
        self.block(node.body, None)
        self.continue_here(loop)
        self.out.jump_to(node.at, start)
        self.end_loop(loop, [end], node.at)
        self.scopes.pop()
        self.registers.next = mark

    def declare_empty(self, name: str, at: int) -> Variable:
        """Make a variable that is only stored into; a cell left in its register is not its own."""
        variable = self.declare(name, at)
        if variable.captured:
            self.load_unit(variable.register, at)
        return variable

    def store(self, variable: Variable, source: int, at: int) -> None:
        """Write a register into a variable."""
        op = Op.SET_SHARED if variable.captured else Op.MOVE
        self.out.emit(op, at, variable.register, source)

    # --- closures ---------------------------------------------------------------------------------

    def closure(self, node: ast.Closure, dst: int) -> None:
        """``|x| …``: the captured variables move into shared cells that the pointer carries."""
        names = [name for name in self.unit.resolution.closures[node.at] if self.find(name) is not None]
        for name, at in self.unit.resolution.missing[node.at]:
            if self.has_eval and not self.is_known(name):
                names.append(name)
            elif not self.is_known(name):
                self.fault(Fault.VARIABLE_NOT_FOUND, at, name)
        window = self.registers.take(1 + len(names), node.at)
        for number, name in enumerate(names):
            variable = self.lookup(name, node.at)
            assert variable is not None
            self.out.emit(Op.SHARE, node.at, variable.register)
            self.out.emit(Op.MOVE, node.at, window + 1 + number, variable.register)
        function = self.make_closure(node, tuple(names))
        self.out.emit(Op.CLOSURE, node.at, window, function, len(names))
        self.out.emit(Op.MOVE, node.at, dst, window)

    def make_closure(self, node: ast.Closure, captures: tuple[str, ...]) -> int:
        """Compile a closure's function later; returns its index."""
        raise NotImplementedError


_CONTROL: dict[type, Callable[..., None]] = {
    ast.Property: Control.property,
    ast.Index: Control.index,
    ast.Call: Control.call,
    ast.MethodCall: Control.method_call,
    ast.Block: Control.block,
    ast.If: Control.branch,
    ast.Switch: Control.switch,
    ast.Loop: Control.loop,
    ast.While: Control.loop_while,
    ast.Do: Control.loop_do,
    ast.For: Control.loop_for,
    ast.Closure: Control.closure,
}
