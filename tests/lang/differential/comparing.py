"""Runs a program in the machine and in the reference interpreter and says where they differ."""

from __future__ import annotations

import re

from lang.errors import CompileError
from lang.evaluate import Evaluator, Outcome
from lang.limits import Limits
from lang.machine import Machine
from lang.optimise.passes import ALL_PASSES, Pass
from lang.source import Source
from lang.stdlib.table import standard_natives
from lang.syntax.parser import parse
from tests.reference.walker import Reference

OPERATIONS = 400_000
TOO_LARGE = {"ErrorTooManyOperations", "ErrorDataTooLarge", "ErrorTerminated"}
_CLOSURE = re.compile(r"anon\$[0-9a-f]+")


def plain(text: object) -> object:
    """A text without the digits of closures' names."""
    return _CLOSURE.sub("anon$", text) if isinstance(text, str) else text


def record(outcome: Outcome) -> tuple[object, ...]:
    """What both must agree on."""
    values = (
        outcome.ok,
        outcome.type,
        outcome.value,
        outcome.error,
        outcome.phase,
        outcome.line,
        outcome.pos,
    )
    return tuple(map(plain, (*values, *outcome.printed)))


class Comparison:
    """Compares, with a machine of a class of one's own if need be, and some passes of the optimiser."""

    def __init__(self, machine: type[Machine] = Machine, passes: frozenset[Pass] = ALL_PASSES) -> None:
        limits = Limits(operations=OPERATIONS, seconds=10.0)
        self.evaluator = Evaluator(limits=limits, passes=passes)
        if machine is not Machine:
            self.evaluator.machine = machine(standard_natives(), limits)
        self.reference = Reference(operations=OPERATIONS // 10)
        self.compared = 0

    def difference(self, script: str) -> str | None:
        """Both records, if they differ; None too where the work was too much for either."""
        expected = self.reference.run(script)
        if expected.error in TOO_LARGE:
            return None
        got = self.evaluator.evaluate(script)
        if got.error in TOO_LARGE:
            return None
        self.compared += 1
        if record(expected) == record(got):
            return None
        return f"reference: {record(expected)} {expected.message}\nmachine:   {record(got)} {got.message}"

    def shrunk(self, lines: list[str]) -> list[str]:
        """The lines that are needed for a difference."""
        for size in (*(len(lines) >> step for step in range(1, 8)), 5, 4, 3, 2, 1, 4, 3, 2, 1):
            start = 0
            while start < len(lines) and size > 0:
                fewer = lines[:start] + lines[start + size :]
                if is_script(fewer) and self.difference("\n".join(fewer)) is not None:
                    lines = fewer
                else:
                    start += max(size // 4, 1)
        return lines


def is_script(lines: list[str]) -> bool:
    """Whether the lines still parse."""
    try:
        parse(Source("\n".join(lines)))
    except CompileError:
        return False
    return True
