"""Texts that a running script evaluates: a program with one more function, that begins as the old one."""

from __future__ import annotations

from dataclasses import replace

from lang.bytecode.program import FunctionInfo, Program
from lang.compile.compiler import extended, finish, known_unit
from lang.compile.evaluations import DECLARED, Site, calls_eval, mentions_eval
from lang.compile.frame import Variable
from lang.compile.statements import FunctionCompiler
from lang.errors import CompileError
from lang.resolve.resolver import Resolver
from lang.source import Source, joined, with_parts_of
from lang.syntax import ast
from lang.syntax.parser import parse

NAME = "eval"
PLACE = -3
"""Where variables in sight are declared, as far as closures look."""


def compile_fragment(
    program: Program, site: Site, text: str, names: tuple[tuple[str, bool], ...]
) -> tuple[Program, int]:
    """Return a program that begins as another one does, and the index of its function for a text.

    Args:
        site: where the text is evaluated. names: variables in sight, and whether they are constants; the
            function takes their cells, then the map for those that the text declares.
    Raises:
        CompileError: the text is not a script, or defines functions.
    """
    source = Source(text, NAME)
    own = joined(program.source, source)
    constants = [name for name, constant in names if constant]
    script = parse(own, vectors=program.linked.options.vectors, constants=constants)
    for node in script.statements:
        if isinstance(node, ast.Function):
            message = "Function definitions must be at global level, not in a text that `eval` runs"
            raise CompileError(own, node.at, message, "WrongFnDefinition")
    output = extended(program, with_parts_of(program.source, own))
    parameters = [(name, PLACE) for name, _ in names]
    unit = known_unit(program, output, site.unit, source, Resolver(frozenset()).script(script, parameters))
    index = len(output.infos)
    output.infos.append(None)
    frame = FunctionCompiler(unit, (*(name for name, _ in names), DECLARED), PLACE, top=False)
    frame.is_text = True
    frame.has_eval = mentions_eval(unit) and calls_eval(script.statements)
    for name, constant in names:
        frame.scopes[0][name] = Variable(frame.scopes[0][name].register, captured=True, constant=constant)
    frame.tail_statements(script.statements, 0)
    first, end = output.add(frame.out)
    output.infos[index] = FunctionInfo(
        NAME, (*(name for name, _ in names), DECLARED), 0, first, end, frame.registers.most, 0,
        is_closure=True, unit=site.unit,
    )  # fmt: skip
    while unit.pending:
        unit.pending.pop(0)()
    fresh = finish(unit, program, program.top_level)
    return replace(
        fresh,
        callbacks=program.callbacks,
        state_names=program.state_names,
        constant_names=program.constant_names,
        variables=program.variables,
        warnings=program.warnings,
    ), index
