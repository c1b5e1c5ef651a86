"""The way of one function's instructions through the passes."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from lang.bytecode.ops import Op
from lang.bytecode.program import ConstantPool, Handler
from lang.optimise import branches, fold, fuse
from lang.optimise.instruction import JUMP_FIELD, Instruction
from lang.optimise.passes import Pass
from lang.optimise.thread import thread
from lang.optimise.window import NOTHING, Rule, Window

RULES = {Pass.FOLD: fold.RULES, Pass.BRANCHES: branches.RULES, Pass.FUSE: fuse.RULES}
LEAVING = frozenset({Op.JUMP, Op.RETURN, Op.RETURN_BUILT_IN, Op.THROW, Op.FAULT})


class Listing(NamedTuple):
    """The instructions of a function, its handlers, and (number → register) what never changes."""

    instructions: list[Instruction]
    handlers: list[Handler]
    fixed: dict[int, int]


def optimise(
    listing: Listing, pool: ConstantPool, passes: frozenset[Pass]
) -> tuple[list[Instruction], list[int]]:
    """Return a function after the passes, and where each of its old instructions went; those are used up."""
    if not passes:
        return listing.instructions, list(range(len(listing.instructions) + 1))
    found, moved = _Walk(listing, pool, passes).run()
    if Pass.THREAD in passes:
        thread(found)
    return found, moved


@lru_cache
def rules_of(passes: frozenset[Pass]) -> dict[int, tuple[Rule, ...]]:
    """Return the rules of some passes by the opcode they start from, in the order of the passes."""
    rules: dict[int, tuple[Rule, ...]] = defaultdict(tuple)
    for its_pass, table in RULES.items():
        for op, found in table.items():
            if its_pass in passes:
                rules[op] += found
    return dict(rules)


class _Walk:
    """One walk over a function, from its first instruction to its last."""

    def __init__(self, listing: Listing, pool: ConstantPool, passes: frozenset[Pass]) -> None:
        self.plain = listing.instructions
        self.handlers = listing.handlers
        self.fixed = listing.fixed if Pass.FOLD in passes else {}
        self.rules = rules_of(passes)
        self.branches = Pass.BRANCHES in passes
        self.window = Window(pool)
        self.moved: list[int] = []

    def run(self) -> tuple[list[Instruction], list[int]]:
        """Return the function, its jumps led to the new positions, and those of its old instructions."""
        self._count_arrivals()
        self._walk()
        done, moved = self.window.done, self.moved
        for instruction in done:
            field = JUMP_FIELD.get(instruction.op)
            if field is not None:
                setattr(instruction, field, moved[getattr(instruction, field)])
        return done, moved

    def _count_arrivals(self) -> None:
        arrivals = self.window.arrivals
        arrivals[len(self.plain) - 1] = 1  # `exit` leads there
        for instruction in self.plain:
            field = JUMP_FIELD.get(instruction.op)
            if field is not None:
                target = getattr(instruction, field)
                arrivals[target] = arrivals.get(target, 0) + 1
        for handler in self.handlers:
            for target in (handler.first, handler.end, handler.target):
                arrivals[target] = arrivals.get(target, 0) + 1

    def _walk(self) -> None:
        window, plain, rules = self.window, self.plain, self.rules
        done, arrivals = window.done, window.arrivals
        reached = True
        last = len(plain) - 1
        for number, old in enumerate(plain):
            if arrivals.get(number):
                self._arrive(number)
                reached = True
            self.moved.append(len(done))
            if not reached and self.branches:
                self._forget(old)
                continue
            if window.known_registers & ~old.live or number in self.fixed:
                self._update_known(old)
            if window.carried:
                old.follows(window.carried)
                window.carried.clear()
            new = old
            if old.op in rules:
                window.after = plain[number + 1].live if number < last else 0
                new = self._apply(old)
                if new is NOTHING:
                    continue
            done.append(new)
            reached = new.op not in LEAVING
        self.moved.append(len(done))

    def _apply(self, instruction: Instruction) -> Instruction:
        """Return what the rules make of an instruction."""
        changed = True
        while changed and instruction is not NOTHING:
            changed = False
            for rule in self.rules.get(instruction.op, ()):
                found = rule(self.window, instruction)
                if found is not None:
                    instruction, changed = found, True
                    break
        return instruction

    def _arrive(self, number: int) -> None:
        """Come to the target of a jump: nothing before it may be taken any more."""
        window = self.window
        if self.branches and branches.is_jump_to_next(window, number):
            window.carried.append(window.done.pop())
            window.arrivals[number] = 0
        else:
            window.floor = len(window.done)

    def _forget(self, instruction: Instruction) -> None:
        """Leave out an instruction that nothing reaches, and the way that it led to another."""
        field = JUMP_FIELD.get(instruction.op)
        if field is not None:
            self.window.arrivals[getattr(instruction, field)] -= 1

    def _update_known(self, instruction: Instruction) -> None:
        """Forget the constants of registers that were given back, and note a new one."""
        window = self.window
        gone = window.known_registers & ~instruction.live
        window.known_registers &= instruction.live
        while gone:
            register = gone.bit_length() - 1
            gone ^= 1 << register
            del window.known[register]
        fixed = self.fixed.get(instruction.number)
        last = window.previous()
        if fixed is None or last is None or not instruction.live >> fixed & 1:
            return
        if last.op == Op.LOAD and last.a == fixed:
            window.known[fixed] = last.b
            window.known_registers |= 1 << fixed
