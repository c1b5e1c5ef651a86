"""Tokens, and the tables of words and symbols that the scanner makes them from."""

from __future__ import annotations

from typing import Any

import msgspec


class Token(msgspec.Struct, gc=False):
    """One token. `value` is its text, or a literal's syntax node, or what an ERROR token reports."""

    type: str
    value: Any
    at: int


class Flaw(msgspec.Struct, gc=False):
    """What an ERROR token carries: the error that the parser reports when it comes to that token."""

    kind: str
    message: str
    hint: str | None = None


KEYWORDS = {
    word: word.upper()
    for word in [
        "let",
        "const",
        "if",
        "else",
        "switch",
        "do",
        "while",
        "until",
        "loop",
        "for",
        "in",
        "fn",
        "private",
        "return",
        "throw",
        "try",
        "catch",
        "break",
        "continue",
        "import",
        "export",
        "as",
        "this",
    ]
}

RESERVED = frozenset(
    [
        "var",
        "static",
        "shared",
        "goto",
        "is",
        "match",
        "case",
        "public",
        "protected",
        "new",
        "use",
        "with",
        "module",
        "package",
        "super",
        "spawn",
        "thread",
        "go",
        "sync",
        "async",
        "await",
        "yield",
        "default",
        "void",
        "null",
        "nil",
    ]
)

CALLED = frozenset(
    ["print", "debug", "eval", "Fn", "call", "curry", "type_of", "is_shared", "is_def_var", "is_def_fn"]
)
"""Functions whose names can be called but not be a variable's, function's or property's name."""

CALLED_AS_METHOD = frozenset(("call", "curry", "type_of", "is_shared"))

SYMBOLS = {
    "()": "UNIT",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LBRACKET",
    "]": "RBRACKET",
    "{": "LBRACE",
    "}": "RBRACE",
    "#{": "HASHBRACE",
    ";": "SEMI",
    ",": "COMMA",
    ":": "COLON",
    ".": "DOT",
    "?.": "QDOT",
    "?[": "QBRACKET",
    "::": "DCOLON",
    "=>": "ARROW",
    "=": "EQ",
    "-": "MINUS",
    "+": "PLUS",
    "!": "BANG",
    "|": "BAR",
    "||": "OROR",
    "..": "RANGE",
    "..=": "RANGE",
    **dict.fromkeys(["+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^="], "OPASSIGN"),
    "!in": "OP",
    **dict.fromkeys(
        ["*", "/", "%", "**", "<<", ">>", "&", "^", "&&", "==", "!=", "<", "<=", ">", ">=", "??"], "OP"
    ),
}

RESERVED_SYMBOLS = {
    "===": "'===' is not a valid operator. This is not JavaScript! Should it be '=='?",
    "!==": "'!==' is not a valid operator. This is not JavaScript! Should it be '!='?",
    "->": "'->' is not a valid symbol. This is not C or C++!",
    "<-": "'<-' is not a valid symbol. This is not Go! Should it be '<='?",
    ":=": "':=' is not a valid assignment operator. This is not Go or Pascal! Should it be simply '='?",
    "::<": "'::<>' is not a valid symbol. This is not Rust! Should it be '::'?",
    **dict.fromkeys(["++", "--", "...", "|>", "<|", "?", "~", "@", "$", "#", "#!", "!.", ":;"], ""),
}
"""Symbols that mean nothing; the message is empty where it is "reserved" or "unknown operator"."""

OPERAND_ENDS = frozenset(
    ["NAME", "LITERAL", "STRING", "UNIT", "THIS", "T_TAIL", "RPAR", "RBRACKET", "RBRACE"]
)
"""After these a sign is an operator; elsewhere it belongs to the number that follows."""
