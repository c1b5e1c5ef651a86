"""JSON to values.

The language reads it with its own parser, and so does this: what it lets pass is no error (comments, a
comma at the end, characters, its own forms of numbers), and what it refuses has the same kind and place.
``{`` opens a map here, `null` is (), and a key has to be quoted.
"""

from __future__ import annotations

import re
from typing import Any

from lang.errors import CompileError
from lang.faults import Fault
from lang.heap.convert import Char
from lang.source import Source
from lang.stdlib.registry import HostFault
from lang.syntax import ast
from lang.syntax.parser import parse

_TOKEN = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|(?P<blank>\s+|//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<refused>\#\{|\(\))|(?P<other>.)""",
    re.DOTALL,
)


class _Reader:
    """The text as an expression of the language, and where it stops being JSON."""

    def __init__(self, text: str) -> None:
        self.source = Source(text, "JSON")
        self.parts: list[str] = []
        self.inserted: list[int] = []  # offsets in the expression of characters that the text has not
        self.error: CompileError | None = None
        self._open: list[str] = []
        self._wants_key = False
        self._length = 0
        for match in _TOKEN.finditer(text):
            self._take(match.lastgroup or "", match[0], match.start())

    def _take(self, group: str, piece: str, at: int) -> None:
        if group == "word" and piece == "null":
            piece = "()  "
        if group == "refused":
            self.refuse(at, f"'{piece}' is not a valid symbol: Invalid JSON syntax")
        if group == "word" and self._wants_key:
            self.refuse(at, "Expecting name of a property", "PropertyExpected")
        if piece in ("{", "["):
            self._open.append(piece)
        elif piece in ("}", "]") and self._open:
            self._open.pop()
        if group != "blank":
            self._wants_key = piece == "{" or (piece == "," and self._open[-1:] == ["{"])
        if piece == "{":
            self.inserted.append(self._length)
            piece = "#{"
        self.parts.append(piece)
        self._length += len(piece)

    def refuse(self, at: int, message: str, kind: str = "BadInput") -> None:
        """Note an error, if it comes before the one that is known."""
        if self.error is None or at < self.error.at:
            self.error = CompileError(self.source, at, message, kind)

    def place(self, at: int) -> int:
        """Return the offset in the text of one in the expression."""
        return at - sum(other < at for other in self.inserted)

    def expression(self) -> ast.Expr:
        """Return the only expression.

        Raises:
            CompileError: the text is not JSON.
        """
        try:
            statements = parse(Source("".join(self.parts))).statements
        except CompileError as error:
            self.refuse(self.place(error.at), error.message, error.kind)
            statements = ()
        if self.error is not None:
            raise self.error
        if len(statements) != 1 or not isinstance(statements[0], ast.ExprStmt):
            at = statements[-1].at if statements else self._length
            raise CompileError(self.source, self.place(at), "Expecting an expression")
        return statements[0].expr

    def value(self, node: ast.Expr) -> Any:
        """Return the value of a literal.

        Raises:
            CompileError: it is something else. HostFault: it is a variable.
        """
        match node:
            case ast.Unit():
                return None
            case ast.Char():
                return Char(node.value)
            case ast.Bool() | ast.Int() | ast.Float() | ast.Str():
                return node.value
            case ast.Array():
                return [self.value(item) for item in node.items]
            case ast.Map():
                return {entry.key: self.value(entry.value) for entry in node.entries}
            case ast.Name():
                raise HostFault(Fault.VARIABLE_NOT_FOUND)
        raise CompileError(self.source, self.place(node.at), "Expecting a value")


def read_json(text: str) -> Any:
    """Return the value that a JSON text describes.

    Raises:
        HostFault: it is none; the cause tells where.
    """
    reader = _Reader(text)
    try:
        return reader.value(reader.expression())
    except CompileError as error:
        raise HostFault(Fault.PARSING, error.message) from error
