"""Hints on syntax errors, for people who know other languages or have lost count of their brackets.

A hint never changes an error's kind, message or place; it says what to write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from lang.source import Source
from lang.syntax.foreign import SYMBOLS, VALUES, WORDS
from lang.syntax.tokens import CALLED, KEYWORDS, RESERVED, Flaw, Token

_CLOSERS = {"LPAR": ")", "LBRACKET": "]", "QBRACKET": "]", "LBRACE": "}", "HASHBRACE": "}"}
_DECLARING = frozenset(("LET", "CONST", "FN", "FOR", "AS", "BAR", "COMMA"))
_TYPES = frozenset(
    ("int", "float", "string", "String", "bool", "char", "double", "number", "i64", "f64", "long")
)
_WORD_BEFORE = re.compile(r"\b(\w+)\s*$")
_SYMBOL = re.compile("|".join(map(re.escape, sorted(SYMBOLS, key=len, reverse=True))))
_LOOP = "a loop over numbers is written `for i in 0..10 { … }`"
_NO_TYPES = "variables and parameters have no types: leave `: …` out"
_BRACES = "the body stands in braces: `{ … }`"


def advice(
    source: Source, token: Any, flaw: Flaw, expected: AbstractSet[str], stack: Sequence[Any], shown: str
) -> str | None:
    """Return a hint on an error, or None where there is nothing to add.

    Args:
        source: the script. token: what was refused. flaw: what is said of it. shown: the token's text.
        expected: the types that could have come. stack: what the parser holds, the latest last.
    """
    words = _types(stack[-4:])
    before = _WORD_BEFORE.search(source.text, 0, token.at)
    symbol = _SYMBOL.match(source.text, token.at)
    return (
        _on_loop(token, words)
        or _on_flaw(flaw, words, shown)
        or _on_word(token, flaw, words, symbol.group() if symbol else shown, before[1] if before else "")
        or _on_types(token, words, stack)
        or _on_brackets(source, token, flaw, stack)
        or _on_missing(source, token, flaw, expected)
    )


def _on_flaw(flaw: Flaw, words: list[str], shown: str) -> str | None:
    if flaw.message.startswith("Open string"):
        if shown.startswith(('"', "'")):
            return "a quote is missing at the end of this line; strings in back quotes may have several lines"
        return "the closing quote is missing"
    if flaw.message.startswith("Variable name is not proper") or (
        flaw.kind == "FnMissingName" and shown == "_"
    ):
        return "names begin with a letter"
    if flaw.kind == "VariableExpected" and shown in KEYWORDS:
        return f"choose another name: `{shown}` is a keyword"
    if flaw.kind == "PropertyExpected" and (shown in KEYWORDS or shown in RESERVED):
        return f'`{shown}` is a keyword: write `["{shown}"]` for a property of that name'
    if flaw.kind == "Reserved" and words and words[-1] in _DECLARING:
        return f"choose another name: `{shown}` has a meaning of its own"
    if flaw.kind == "Reserved" and shown in CALLED:
        return f"`{shown}` is a function: call it, `{shown}(…)`"
    return None


def _on_word(token: Any, flaw: Flaw, words: list[str], shown: str, before: str) -> str | None:
    """Return what a word or symbol of other languages, here or just before, is called."""
    if shown in SYMBOLS and token.type == "ERROR":
        return SYMBOLS[shown]
    if shown in WORDS and (token.type in ("ERROR", "NAME")):
        return WORDS[shown]
    if shown in VALUES and token.type == "ERROR":
        return f"write `{VALUES[shown]}`"
    if before in WORDS and token.type != "$END":
        return WORDS[before]
    if before in _TYPES and token.type == "NAME":
        return "variables have no types: `let x = …`"
    if token.type == "ARROW" and flaw.kind == "MissingToken":
        return "a closure is written `|a, b| a + b`"
    if token.type == "COLON" and before and "LBRACE" in words and "switch" not in flaw.message:
        return "an object map begins with `#{`"
    return None


def _types(items: Sequence[Any]) -> list[str]:
    return [item.type for item in items if isinstance(item, Token)]


def _on_loop(token: Any, words: list[str]) -> str | None:
    if words[-2:] == ["FOR", "NAME"] and token.type in ("EQ", "COLON"):
        return _LOOP
    if words[-2:] == ["FOR", "LPAR"] and token.type in ("LET", "CONST"):
        return _LOOP
    if words[-3:] == ["FOR", "LPAR", "NAME"] and token.type == "EQ":
        return _LOOP
    if words[-4:-2] == ["FOR", "LPAR"] or words[-3:-1] == ["FOR", "LPAR"]:
        return "`for (x, i) in list { … }` counts along; a single variable has no parentheses"
    if words[-2:] == ["FOR", "NAME"]:
        return "a loop is written `for x in list { … }`"
    return None


def _on_types(token: Any, words: list[str], stack: Sequence[Any]) -> str | None:
    if token.type == "COLON" and (words[-2:] in (["LET", "NAME"], ["CONST", "NAME"]) or "FN" in words):
        return _NO_TYPES
    if token.type == "COLON" and ("BAR" in words or any(isinstance(item, tuple) for item in stack[-4:])):
        return _NO_TYPES
    if token.type == "COMMA" and words[-2:] in (["LET", "NAME"], ["CONST", "NAME"]):
        return "`let` declares one variable"
    return None


def _on_brackets(source: Source, token: Any, flaw: Flaw, stack: Sequence[Any]) -> str | None:
    """Return which bracket is open, where the text ends or goes on as if it were not."""
    if flaw.kind == "WrongFnDefinition":
        line, column = source.place(token.at)
        opened = _innermost(source, stack)
        if column > 1 or opened is None:
            return "move it out; within a block a closure can stand: `let f = |x| …`"
        return f"is a `}}` missing above? the `{{` of line {opened[1]} is still open"
    if token.type == "RBRACE" and flaw.message.startswith("Unexpected") and _innermost(source, stack) is None:
        return "no `{` is open here: one `}` is too many, or one was closed too early"
    if token.type != "$END" and not flaw.message.startswith("Expecting ','"):
        return None
    opened = _innermost(source, stack)
    if opened is None:
        return None
    mark, line = opened
    if token.type == "$END":
        return f"the `{mark}` of line {line} is not closed"
    if token.type in ("SEMI", "RBRACE"):
        return f"is a `{_closer(mark)}` missing? the `{mark}` of line {line} is still open"
    return None


def _innermost(source: Source, stack: Sequence[Any]) -> tuple[str, int] | None:
    """Return the innermost open bracket and its line."""
    for item in reversed(stack):
        if isinstance(item, Token) and item.type in _CLOSERS:
            return item.value, source.place(item.at)[0]
    return None


def _closer(mark: str) -> str:
    return {"(": ")", "[": "]", "?[": "]"}.get(mark, "}")


def _on_missing(source: Source, token: Any, flaw: Flaw, expected: AbstractSet[str]) -> str | None:
    """Return what is missing before a token."""
    if flaw.message == "Expecting ';' to terminate this statement":
        line = _line_of_end_before(source, token.at)
        if line < source.place(token.at)[0]:
            return f"a `;` is missing at the end of line {line}"
        if token.type in ("LPAR", "UNIT") and source.text[: token.at].rstrip().endswith(("]", ")")):
            return "a function in a value is called by `.call(…)`"
        return None
    if flaw.kind == "FnMissingBody" or "start a statement block" in flaw.message:
        return _BRACES
    if flaw.message.startswith("Unexpected") and "LITERAL" in expected and token.type in ("SEMI", "COMMA"):
        return "a value is missing before this"
    return None


def _line_of_end_before(source: Source, at: int) -> int:
    """Return the line of the last character before a place that is no blank and in no line comment."""
    line = source.place(at)[0]
    first = source.text[source.line_starts[line - 1] : at]
    while not first.partition("//")[0].strip() and line > 1:
        line -= 1
        first = source.line_text(line)
    return line
