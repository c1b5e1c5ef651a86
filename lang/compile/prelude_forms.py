"""What only the prelude may write: calls of a callback, and the loops over them.

`prelude.rhai` says what the calls are. ``for (item, result) in calls(list, f)`` is a loop over what
`call_back` gives for each element and its index; `fold(list, f, first)` hands each result to the next call;
`sorted_by(list, room, f)` is a sorted copy, for which `room` is an array of the same length.
"""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.bytecode.program import Handler
from lang.compile.calls import Calls
from lang.compile.frame import Variable
from lang.layout import ALWAYS_THIS, CALL_BACK_FORMS, WITHOUT_THIS
from lang.syntax import ast

WINDOW = 2  # of a callback, before its arguments: `this`, and the pointer
STATE = 4  # registers of EACH and FOLD
MERGER_STATE = 8  # registers of MERGE


class PreludeForms(Calls):
    """The forms, as expressions and as a loop."""

    def prelude_form(self, node: ast.Call, dst: int) -> None:
        """One that is an expression."""
        if node.name == "fold":
            self.fold(node, dst)
        elif node.name == "sorted_by":
            self.sorted_by(node, dst)
        else:
            self.call_back(node, dst)

    def call_back(self, node: ast.Call, dst: int) -> None:
        """``call_back(f, this, a, …)`` and its kin."""
        form = CALL_BACK_FORMS[node.name]
        pointer, *rest = node.arguments
        this = rest.pop(0) if node.name != "call_with" else None
        window = self.window(WINDOW + len(rest), node.at, dst)
        if form == ALWAYS_THIS and this is not None:
            self.out.emit(Op.REF_INDEX, node.at, window, self.operand(this), self.operand(rest[0]))
        elif this is not None:
            self.into(this, window)
        self.into(pointer, window + 1)
        self.arguments(tuple(rest), window + WINDOW)
        self.out.emit(Op.CALL_BACK, node.at, window, len(rest), form)
        self.result(window, dst, node.at)

    def loop_state(self, node: ast.Call) -> int:
        """Take the registers of EACH and FOLD and put the array, the first index and the pointer there."""
        state = self.registers.take(STATE, node.at)
        self.into(node.arguments[0], state)
        self.literal(ast.Int(node.at, 0), state + 1)
        self.into(node.arguments[1], state + 2)
        return state

    def fold(self, node: ast.Call, dst: int) -> None:
        """``fold(list, f, first)``."""
        mark = self.registers.next
        state = self.loop_state(node)
        window = self.registers.take(WINDOW + 3, node.at)
        self.into(node.arguments[2], window)
        start = self.out.here
        end = self.out.jump(Op.FOLD, node.at, state, window)
        self.out.emit(Op.CALL_BACK, node.at, window, 3, WITHOUT_THIS)
        self.out.jump_to(node.at, start)
        self.out.patch(end)
        self.out.emit(Op.MOVE, node.at, dst, window)
        self.registers.next = mark

    def sorted_by(self, node: ast.Call, dst: int) -> None:
        """``sorted_by(list, room, f)``."""
        mark = self.registers.next
        state = self.registers.take(MERGER_STATE, node.at)
        self.arguments(node.arguments, state)
        self.literal(ast.Int(node.at, 0), state + 3)
        window = self.registers.take(WINDOW + 2, node.at)
        self.literal(ast.Int(node.at, 0), window)  # there is no answer yet
        holding = self.out.holding
        start = self.out.here
        end = self.out.jump(Op.MERGE, node.at, state, window)
        called = self.out.here
        self.out.emit(Op.CALL_BACK, node.at, window, 2, WITHOUT_THIS)
        self.out.jump_to(node.at, start)
        caught = self.registers.take(2, node.at)
        self.out.handlers.append(Handler(called, called + 1, self.out.here, caught))
        self.out.goes_on(holding)
        self.literal(ast.Int(node.at, 0), window)
        self.out.jump_to(node.at, start)
        self.out.patch(end)
        self.out.emit(Op.MOVE, node.at, dst, state)
        self.registers.next = mark

    def begin_calls(self, node: ast.For, calls: ast.Call) -> tuple[int, int]:
        """Begin ``for (item, result) in calls(list, f)``; returns its start and the jump that ends it."""
        state = self.loop_state(calls)
        window = self.registers.take(WINDOW + 2, node.at)
        assert node.counter is not None, "the loop names the element and the result"
        self.scopes[-1] = {node.variable: Variable(state + 3), node.counter: Variable(window)}
        start = self.out.here
        end = self.out.jump(Op.EACH, node.at, state, window)
        self.out.emit(Op.CALL_BACK, node.at, window, 2)
        return start, end
