"""The door to the syntax: `parse` turns a script's text into its tree.

    text → scanner → tokens → driver (LALR tables of rhai.lark) → builder → tree

Every call has its own state, so threads may parse at the same time.
"""

from __future__ import annotations

from collections.abc import Iterable

from lang.errors import CompileError
from lang.source import Source
from lang.syntax import ast, driver
from lang.syntax.builder import Builder
from lang.syntax.explain import explain
from lang.syntax.scanner import scan
from lang.syntax.tokens import Token


def parse(source: Source, *, vectors: bool = False, constants: Iterable[str] = ()) -> ast.Script:
    """Return the syntax tree of a script.

    Args:
        source: the script.
        vectors: whether `(x, y)` and `(x, y, z)` are vectors; otherwise they are errors.
        constants: names that are constants of an outer scope, which the script may not assign to.
    Raises:
        CompileError: the text is not a script; the first error in the order of the text.
    """
    _refuse_surrogates(source)
    builder = Builder(source, vectors=vectors, constants=constants)
    end = Token("$END", "", len(source.text))
    try:
        tree: ast.Script = driver.run(scan(source), end, builder)
    except driver.Refused as refused:
        raise explain(source, refused.token, refused.expected, refused.stack) from None
    return tree


def _refuse_surrogates(source: Source) -> None:
    """Refuse text that has no UTF-8 form, which strings of the language need."""
    if source.text.isascii():
        return
    try:
        source.text.encode()
    except UnicodeEncodeError as error:
        raise CompileError(source, error.start, "Invalid character: a lone surrogate") from None
