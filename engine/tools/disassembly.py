"""The program of a script as text."""

from __future__ import annotations

from pathlib import Path

from engine.tools.check import read_script, resolver_for
from lang.errors import CompileError


def disassembly(file: Path, *, strict: bool) -> tuple[str, list[str]]:
    """Return the listing of a script's program, and the diagnostics when it does not compile.

    Raises:
        PathMissing: the file cannot be read.
    """
    from engine.scripting.compiling import CONTEXT, compile_script, script_natives
    from lang.bytecode.disassemble import disassemble

    text = read_script(file)

    try:
        program = compile_script(text, str(file), strict=strict, resolver=resolver_for(file))
    except CompileError as error:
        return "", [error.diagnostic()]
    names = [entry.name for entry in script_natives().entries]
    return disassemble(program, names, CONTEXT), []
