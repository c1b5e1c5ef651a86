"""The door to the syntax: `parse` turns a script's text into its tree.

Lark's LALR tables drive it; the grammar is rhai.lark. One parser is kept for the process, with the builder
that is its state, so a lock lets one parse run at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from threading import RLock
from typing import Any

from lark import Lark, UnexpectedToken
from lark.lexer import Lexer

from lang.errors import CompileError
from lang.source import Source
from lang.syntax import ast
from lang.syntax.builder import Builder
from lang.syntax.explain import explain
from lang.syntax.scanner import scan
from lang.syntax.tokens import Token

_LOCK = RLock()


class _Scanner(Lexer):
    """Lark's view of the scanner. What Lark calls the text is our `Source`."""

    __future_interface__ = 2

    def __init__(self, _: object) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        return iter(scan(lexer_state.text))


@cache
def _parser() -> tuple[Lark, Builder]:
    builder = Builder()
    grammar = files(__package__).joinpath("rhai.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer=_Scanner, start="script", transformer=builder), builder


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
    with _LOCK:
        lark, builder = _parser()
        builder.begin(source, vectors=vectors, constants=constants)
        try:
            tree: ast.Script = lark.parse(source)  # type: ignore[arg-type, assignment]
        except UnexpectedToken as unexpected:
            stack = unexpected.interactive_parser.parser_state.value_stack
            raise explain(source, unexpected.token, unexpected.accepts, stack) from None
        return tree


def _refuse_surrogates(source: Source) -> None:
    """Refuse text that has no UTF-8 form, which strings of the language need."""
    if source.text.isascii():
        return
    try:
        source.text.encode()
    except UnicodeEncodeError as error:
        raise CompileError(source, error.start, "Invalid character: a lone surrogate") from None
