"""The program of a script as text."""

from __future__ import annotations

from pathlib import Path

from engine.tools.check import read_script, resolver_for
from engine.tools.errors import BadInput
from lang.errors import CompileError
from lang.optimise.passes import ALL_PASSES, Pass


def disassembly(file: Path, *, strict: bool, passes: str | None = None) -> tuple[str, list[str]]:
    """Return the listing of a script's program, and the diagnostics when it does not compile.

    Args:
        passes: names of the optimiser's passes to run, with commas; None runs all.
    Raises:
        PathMissing: the file cannot be read. BadInput: there is no such pass.
    """
    from engine.scripting.compiling import CONTEXT, compile_script, script_natives
    from lang.bytecode.disassemble import disassemble

    text = read_script(file)
    chosen = ALL_PASSES if passes is None else _passes(passes)
    try:
        program = compile_script(text, str(file), strict=strict, resolver=resolver_for(file), passes=chosen)
    except CompileError as error:
        return "", [error.diagnostic()]
    names = [entry.name for entry in script_natives().entries]
    return disassemble(program, names, CONTEXT), []


def _passes(names: str) -> frozenset[Pass]:
    try:
        return frozenset(Pass(name.strip()) for name in names.split(",") if name.strip())
    except ValueError as error:
        raise BadInput(f"{error}; there are: {', '.join(Pass)}") from None
