"""Why the text cannot go on: the message for a token that the grammar does not take.

It looks at what could have followed and at what is still open, as the parser's stack has it. Only messages
and kinds depend on it; the place is the token's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from lang.errors import CompileError
from lang.source import Source
from lang.syntax import ast
from lang.syntax.advice import advice
from lang.syntax.tokens import CALLED, RESERVED, Flaw, Token

_SHOWN = re.compile(r"-?[A-Za-z0-9_.]+|\(\)|\S")
_OPENERS = frozenset(("LPAR", "LBRACKET", "QBRACKET", "HASHBRACE", "LBRACE"))
_CONDITION_WORDS = frozenset(("IF", "WHILE", "UNTIL", "SWITCH", "FOR"))
_NEEDS_NAME = frozenset(("LET", "CONST", "FOR", "EXPORT", "AS"))
_START_BLOCK = Flaw("MissingToken", "Expecting '{' to start a statement block")
_TERMINATE = Flaw("MissingToken", "Expecting ';' to terminate this statement")
_NO_VARIABLE = Flaw("VariableExpected", "Expecting name of a variable")
_NO_PROPERTY = Flaw("PropertyExpected", "Expecting name of a property")
_NO_LITERAL = Flaw("ExprExpected", "Expecting literal expression")
_TYPO = Flaw("BadInput", "Possibly a typo of '=='?", "an assignment has no value; compare with '=='")
_AFTER = {
    "FN": Flaw("FnMissingName", "Expecting function name in function declaration"),
    "PRIVATE": Flaw("MissingToken", "Expecting 'fn' following 'private'"),
    "DOT": _NO_PROPERTY,
    "QDOT": _NO_PROPERTY,
    "RETURN": _TERMINATE,
    "BREAK": _TERMINATE,
    "THROW": _TERMINATE,
    "TRY": _START_BLOCK,
    "ELSE": _START_BLOCK,
    "CATCH": _START_BLOCK,
}


def explain(source: Source, token: Any, expected: AbstractSet[str], stack: Sequence[Any]) -> CompileError:
    """Return the error for a token.

    Args:
        token: the token that was refused; of type ERROR, or "$END" for the end of the text.
        expected: the types of the tokens that could have come.
        stack: what the parser holds: tokens and finished pieces, the latest last.
    """
    at = token.at if token.value else len(source.text)
    shown = _shown(source, token)
    flaw = _flaw(token, expected, stack, shown)
    hint = flaw.hint or advice(source, token, flaw, expected, stack, shown)
    return CompileError(source, at, flaw.message, flaw.kind, hint)


def _shown(source: Source, token: Any) -> str:
    """Return a token as the text has it."""
    if isinstance(token.value, str):
        return token.value
    found = _SHOWN.match(source.text, token.at)
    return found.group() if found else ""


def _flaw(token: Any, expected: AbstractSet[str], stack: Sequence[Any], shown: str) -> Flaw:
    top: Any = stack[-1] if stack else None
    before = top.type if isinstance(top, Token) else ""
    at_end = token.type == "$END" or not token.value
    if token.type == "ERROR" and not _is_overruled(token.value, before, expected):
        flaw: Flaw = token.value
        return flaw
    if "NAME" in expected and "OP" not in expected and _is_reserved(token, before):
        return Flaw("Reserved", f"'{shown}' is a reserved keyword")
    if before == "DOT" and isinstance(stack[-2], Token):
        return _AFTER["FN"]
    if before in _AFTER and not (before in ("RETURN", "BREAK", "THROW") and at_end):
        return _AFTER[before]
    if before in _NEEDS_NAME and "LITERAL" not in expected:
        return _NO_VARIABLE
    if expected == {"LBRACE"}:
        return _missing_block(token, stack)
    single = _single(token, expected, stack)
    if single is not None:
        return single
    if "LITERAL" in expected and "OP" not in expected:
        return _missing_operand(token, expected, stack, shown, at_end)
    return _missing_mark(token, expected, stack, at_end)


def _is_overruled(flaw: Flaw, before: str, expected: AbstractSet[str]) -> bool:
    """Return whether the place says more about an ERROR token than the token itself."""
    if flaw.kind == "Reserved":
        return "UNDERSCORE" in expected
    return flaw.kind == "BadInput" and (before == "FN" or expected == {"LBRACE"})


def _is_reserved(token: Any, before: str) -> bool:
    if token.type == "THIS":
        return before in ("LET", "CONST", "LPAR", "COMMA", "BAR", "FN")
    return token.type == "KEYFN" and token.value in CALLED | RESERVED


def _missing_block(token: Any, stack: Sequence[Any]) -> Flaw:
    if token.type == "EQ":
        return _TYPO
    for head in reversed(stack[-5:]):
        if isinstance(head, tuple) and isinstance(head[-1], Token):
            name = head[-1].value
            return Flaw("FnMissingBody", f"Expecting body statement block for function {name}")
    return _START_BLOCK


def _single(token: Any, expected: AbstractSet[str], stack: Sequence[Any]) -> Flaw | None:
    """Return the flaw where the grammar leaves hardly a choice."""
    top: Any = stack[-1] if stack else None
    if "CATCH" in expected:
        return Flaw("MissingToken", "Expecting 'catch' for the 'try' statement")
    if expected == {"WHILE", "UNTIL"}:
        return Flaw("MissingToken", "Expecting 'while' for the do statement")
    if expected == {"COLON"} or expected == {"COLON", "$END"}:
        key = top.value.value if top.type == "STRING" else top.value
        message = f"Expecting ':' to follow the property '{key}' in this object map literal"
        return Flaw("MissingToken", message)
    if expected <= {"LPAR", "UNIT", "DOT"} and _in_function_head(stack):
        name = top[1].value if isinstance(top, tuple) else top.value
        return Flaw("FnMissingParams", f"Expecting parameters for function {name}")
    if "LITERAL" not in expected and "OP" not in expected:
        return _missing_in_head(token, expected, stack)
    return None


def _in_function_head(stack: Sequence[Any]) -> bool:
    return any(isinstance(item, Token) and item.type == "FN" for item in stack[-4:])


def _missing_in_head(token: Any, expected: AbstractSet[str], stack: Sequence[Any]) -> Flaw | None:
    """Return the flaw inside of parameters, of `for (`, of `catch (` or of a map's keys."""
    words = [item.type for item in stack if isinstance(item, Token)]
    if "BAR" in words and expected & {"BAR", "COMMA", "NAME"}:
        if "COMMA" in expected:
            message = "Expecting ',' to separate the parameters of anonymous function"
        else:
            message = "Expecting '|' to close the parameters list of anonymous function or closure"
        return Flaw("MissingToken", message)
    if words[-1:] == ["HASHBRACE"] or words[-2:] == ["HASHBRACE", "COMMA"]:
        if token.type == "T_HEAD":
            return _NO_PROPERTY
        return Flaw("MissingToken", "Expecting '}' to end this object map literal")
    for word, inside in (("CATCH", "enclose the catch variable"), ("FOR", "close the iteration variable")):
        if word in words:
            return _missing_in_variables(expected, word, inside)
    for item in reversed(stack):
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], Token):
            close = "RPAR" in expected and "COMMA" not in expected
            what = f"the parameters of function '{item[1].value}'"
            if close or "NAME" in expected:
                what = f"the parameters list of function '{item[1].value}'"
                return Flaw("MissingToken", f"Expecting ')' to close {what}")
            return Flaw("MissingToken", f"Expecting ',' to separate {what}")
    return None


def _missing_in_variables(expected: AbstractSet[str], word: str, inside: str) -> Flaw:
    if "NAME" in expected:
        return _NO_VARIABLE
    if "IN" in expected:
        return Flaw("MissingToken", "Expecting 'in' after the iteration variable")
    if "COMMA" in expected:
        return Flaw("MissingToken", "Expecting ',' after the iteration variable name")
    return Flaw("MissingToken", f"Expecting ')' to {inside}")


def _missing_operand(
    token: Any, expected: AbstractSet[str], stack: Sequence[Any], shown: str, at_end: bool
) -> Flaw:
    """Return the flaw where an expression or a statement should begin."""
    if token.type in ("FN", "PRIVATE") and "LET" in expected:
        message = (
            "Function definitions must be at global level and cannot be inside a block or another function"
        )
        return Flaw("WrongFnDefinition", message)
    if token.type == "EXPORT" and "LET" in expected:
        return Flaw("WrongExport", "Export statement can only appear at global level")
    opener = _innermost(stack)
    if opener is not None and _in_arms(stack, opener):
        top = stack[-1]
        if at_end:
            return Flaw("MissingToken", "Expecting '}' to end this switch block")
        if "UNDERSCORE" in expected or (isinstance(top, Token) and top.type == "BAR"):
            return _NO_LITERAL
    if not at_end:
        return Flaw("BadInput", f"Unexpected '{shown}'")
    if opener is not None:
        if stack[opener].type == "LBRACE" and "LET" in expected:
            return Flaw("MissingToken", "Expecting '}' to terminate this block")
        if not expected.isdisjoint(("RPAR", "RBRACKET")):
            return _missing_closer(stack, opener, at_end=True)
    return Flaw("UnexpectedEOF", "Script is incomplete")


def _missing_mark(token: Any, expected: AbstractSet[str], stack: Sequence[Any], at_end: bool) -> Flaw:
    """Return the flaw behind a finished expression."""
    opener = _innermost(stack)
    if opener is None:
        return _TERMINATE
    kind = stack[opener].type
    if kind in _CONDITION_WORDS:
        if token.type == "EQ":
            return _TYPO
        return _START_BLOCK
    if kind == "LBRACE" and _in_arms(stack, opener):
        if "ARROW" in expected and "SEMI" not in expected:
            return Flaw("MissingToken", "Expecting '=>' in this switch case")
        return Flaw("MissingToken", "Expecting ',' to separate the items in this switch block")
    if kind == "LBRACE":
        return _TERMINATE
    return _missing_closer(stack, opener, at_end)


def _missing_closer(stack: Sequence[Any], opener: int, at_end: bool) -> Flaw:
    kind = stack[opener].type
    before = stack[opener - 1] if opener else None
    if kind == "LPAR":
        if isinstance(before, Token) and before.type in ("NAME", "KEYFN"):
            if at_end:
                message = f"Expecting ')' to close the arguments list of this function call '{before.value}'"
            else:
                message = f"Expecting ',' to separate the arguments to function call '{before.value}'"
            return Flaw("MissingToken", message)
        return Flaw("MissingToken", "Expecting ')' for a matching ( in this expression")
    if kind == "HASHBRACE":
        word = "'}' to end" if at_end else "',' to separate the items of"
        return Flaw("MissingToken", f"Expecting {word} this object map literal")
    if kind == "QBRACKET" or isinstance(before, ast.Node):
        return Flaw("MissingToken", "Expecting ']' for a matching [ in this index expression")
    word = "']' to end" if at_end else "',' to separate the items of"
    return Flaw("MissingToken", f"Expecting {word} this array literal")


def _innermost(stack: Sequence[Any]) -> int | None:
    """Return the place in the stack of the innermost open bracket or condition."""
    for index in range(len(stack) - 1, -1, -1):
        item = stack[index]
        if isinstance(item, Token):
            if item.type in _OPENERS or item.type in _CONDITION_WORDS:
                return index
            if item.type in ("T_HEAD", "T_MID", "EQ", "OPASSIGN", "LET"):
                return None
    return None


def _in_arms(stack: Sequence[Any], opener: int) -> bool:
    """Return whether the bracket is the brace of a `switch`."""
    before = stack[opener - 2] if opener > 1 else None
    return isinstance(before, Token) and before.type == "SWITCH"
