"""Colours of scripts and values: parts of a text, each with the name of its style."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lang.source import Source
from lang.syntax import ast
from lang.syntax.scanner import scan_with_ends
from lang.syntax.tokens import KEYWORDS, Token

Part = tuple[str, str]
"""A style and a text."""

STYLES = {
    "keyword": "ansimagenta",
    "string": "ansigreen",
    "number": "ansicyan",
    "constant": "ansiyellow",
    "function": "ansiblue",
    "comment": "ansibrightblack",
    "error": "ansired",
    "hint": "ansiyellow",
    "dim": "ansibrightblack",
    "prompt": "ansibrightblue",
}
_COMMENT = re.compile(r"//[^\n]*|/\*.*", re.DOTALL)
_KEYWORDS = frozenset(KEYWORDS.values()) | {"FOR_IN"}
_TEMPLATE = frozenset(("T_HEAD", "T_MID", "T_TAIL"))


def highlighted(text: str) -> list[Part]:
    """Return a script in parts; what is no script yet is taken as far as it can be read."""
    tokens, ends = scan_with_ends(Source(text))
    parts: list[Part] = []
    position = 0
    for index, (token, end) in enumerate(zip(tokens, ends, strict=True)):
        if token.type == "ERROR" or end <= position:
            break
        parts += _between(text[position : token.at])
        following = tokens[index + 1].type if index + 1 < len(tokens) else ""
        parts.append((_style(token, following), text[token.at : end]))
        position = end
    parts += _rest(text[position:], tokens)
    return [part for part in parts if part[1]]


def _style(token: Token, following: str) -> str:
    if token.type in _KEYWORDS:
        return "keyword"
    if token.type == "STRING" or token.type in _TEMPLATE:
        return "string"
    if token.type in ("LITERAL", "UNIT"):
        if isinstance(token.value, ast.Char):
            return "string"
        return "number" if isinstance(token.value, ast.Int | ast.Float) else "constant"
    if token.type == "KEYFN" or (token.type == "NAME" and following in ("LPAR", "UNIT")):
        return "function"
    return ""


def _between(text: str) -> Iterator[Part]:
    """Yield the blanks and comments between two tokens."""
    position = 0
    for match in _COMMENT.finditer(text):
        yield "", text[position : match.start()]
        yield "comment", match.group()
        position = match.end()
    yield "", text[position:]


def _rest(text: str, tokens: object) -> Iterator[Part]:
    """Yield what the scanner cannot read: a string that is still open, most of the time."""
    blanks = len(text) - len(text.lstrip())
    yield "", text[:blanks]
    rest = text[blanks:]
    if rest.startswith(('"', "`", "'")):
        yield "string", rest
    else:
        yield from _between(rest)
