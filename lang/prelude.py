"""The built-in functions that are written in the language itself (`prelude.rhai`), compiled once."""

from __future__ import annotations

from importlib.resources import files

from lang.bytecode.program import Program
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.source import Source
from lang.stdlib.registry import NativeTable


def prelude_program(natives: NativeTable, more: str = "") -> Program:
    """Return the prelude, and more functions in the same language, compiled against a table of natives."""
    text = files("lang").joinpath("prelude.rhai").read_text(encoding="utf-8") + more
    return compile_source(Source(text, "prelude"), Options(natives, built_in=True))
