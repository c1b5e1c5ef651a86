"""A slow and simple interpreter of the language: it walks the tree and copies values.

    Reference().run(script) -> lang.evaluate.Outcome

It shares the parser (that of JSON, too) and the text of floats with the real one, and nothing else.
"""

from __future__ import annotations

import sys

from lang.errors import CompileError
from lang.evaluate import Outcome
from lang.source import NO_PLACE, Source
from lang.syntax import ast
from lang.syntax.parser import parse
from tests.reference.calls import Calls
from tests.reference.expressions import Frame
from tests.reference.faults import Break, Continue, Exit, Fault, Return
from tests.reference.statements import Statements
from tests.reference.values import display, text, type_name

RECURSION = 60_000


class Walker(Statements, Calls):
    """All parts together, for one script."""


class Reference:
    """Evaluates scripts one after another."""

    def __init__(self, *, vectors: bool = False, operations: int = 1_000_000) -> None:
        """Make one."""
        self.vectors = vectors
        self.operations = operations

    def run(self, script: str, name: object = None) -> Outcome:
        """What a script comes to, in the record of `lang.evaluate`."""
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(RECURSION)
        try:
            return self._run(script, name)
        finally:
            sys.setrecursionlimit(before)

    def _run(self, script: str, name: object) -> Outcome:
        source = Source(script)
        try:
            tree = parse(source, vectors=self.vectors)
        except CompileError as error:
            return Outcome(
                name,
                False,
                error="Parsing",
                phase="parse",
                message=str(error),
                line=error.line,
                pos=error.column,
            )
        walker = Walker(source, self.operations)
        try:
            value = self.value_of(walker, tree)
        except Fault as fault:
            line, column = (None, None) if fault.at == NO_PLACE else source.place(fault.at)
            line, column = fault.elsewhere or (line, column)
            return Outcome(
                name, False, error=fault.kind, phase="eval", message=fault.message,
                line=line, pos=column, printed=walker.printed,
            )  # fmt: skip
        return Outcome(
            name, True, type_name(value), text(value, host=True), display(value), printed=walker.printed
        )

    evaluate = run

    def value_of(self, walker: Walker, tree: ast.Script) -> object:
        """Run a script's statements."""
        walker.define(tree.statements)
        walker.frame = Frame()
        try:
            return walker.top_level(tree.statements)
        except (Return, Exit) as end:
            return end.value
        except (Break, Continue):
            return None
