"""`check_source`: all errors and warnings of a script, in the order of its text."""

from __future__ import annotations

from lang.bytecode.program import Program
from lang.check.finding import ERROR, Finding, of_error, warning
from lang.check.flow import Flow
from lang.check.names import Names
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.compile.warnings import declaration_warnings
from lang.errors import CompileError
from lang.source import Source
from lang.syntax.parser import parse
from lang.syntax.recovery import syntax_errors


def check_source(source: Source, options: Options, prelude: Program) -> list[Finding]:
    """Return what is wrong with a script: its errors, or if it has none of syntax also its warnings.

    Args:
        source: the script. options, prelude: as it is compiled.
    """
    try:
        errors = syntax_errors(source, vectors=options.vectors)
        if errors:
            return [of_error(error) for error in errors]
        found = _about(source, options, prelude)
    except RecursionError:
        message = "This script is nested too deeply"
        return [of_error(CompileError(source, 0, message, "ExprTooDeep"))]
    return found


def _about(source: Source, options: Options, prelude: Program) -> list[Finding]:
    """Return errors and warnings of a script that parses."""
    script = parse(source, vectors=options.vectors)
    built_ins = frozenset(
        (info.name, len(info.parameters)) for info in prelude.infos if info.name and not info.is_closure
    )
    found = [
        *(warning(source, *declared) for declared in declaration_warnings(script, options)),
        *Names(source, options, built_ins, script).run(),
        *Flow(source).run(script),
    ]
    try:
        compile_source(source, options, prelude)
    except CompileError as error:
        first = of_error(error)
        known = {(finding.line, finding.column) for finding in found if finding.severity == ERROR}
        if (first.line, first.column) not in known:
            found.append(first)
    return sorted(found, key=lambda finding: (finding.line, finding.column))
