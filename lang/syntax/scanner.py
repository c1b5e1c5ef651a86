"""The scanner: text to tokens, by one pattern and a little hand code.

Nested comments, escapes and back-quoted strings with `${}` are not regular, and whether `-5` is a number or
a subtraction depends on the token before it; both are settled here. What cannot be a token becomes an ERROR
token and ends the stream, so that an error that stands further up in the text is found first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lang.source import Source
from lang.syntax import ast, literals
from lang.syntax.tokens import (
    CALLED,
    CALLED_AS_METHOD,
    KEYWORDS,
    OPERAND_ENDS,
    RESERVED,
    RESERVED_SYMBOLS,
    SYMBOLS,
    Flaw,
    Token,
)

_BLANKS = r"(?:[ \t\r\n\x0b\x0c]++|//[^\n]*+)*+"
_NUMBER = (
    r"0[xX][0-9a-fA-F_]*+|0[oO]_*+[0-7][0-7_]*+|0[bB]_*+[01][01_]*+"
    r"|[0-9][0-9_]*+(?:\.[0-9][0-9_]*+|\.(?![.A-Za-z0-9_]))?(?:[eE](?:[+-][0-9_]*+|[0-9][0-9_]*+))?"
)
_QUOTES = ("/*", "`", '"', "'")
_SYMBOLS = r"!in(?![A-Za-z0-9_])|" + "|".join(
    re.escape(symbol)
    for symbol in sorted((*(SYMBOLS.keys() - {"!in"}), *RESERVED_SYMBOLS, *_QUOTES), key=len, reverse=True)
)
_TOKEN = re.compile(
    _BLANKS
    + rf'(?:([A-Za-z][A-Za-z0-9_]*+)|({_NUMBER})|("[^"\\\r\n]*+"(?!"))|(#+")|({_SYMBOLS})'
    + r"|(_[A-Za-z0-9_]*+)|\Z|(.))",
    re.DOTALL,
)
_WORD, _DIGITS, _STRING, _RAW, _SYMBOL, _UNDERSCORE, _OTHER = range(1, 8)
_NUMBER_HERE = re.compile(_NUMBER)
_CALL_FOLLOWS = re.compile(_BLANKS + r"[(!]")
_COMMENT_MARK = re.compile(r"/\*|\*/")
_BEFORE_CONDITION = frozenset(("IF", "WHILE", "UNTIL", "FOR_IN"))


def scan(source: Source) -> Iterator[Token]:
    """Yield the tokens of a script; an ERROR token, if any, is the last one."""
    return _Scanner(source).tokens()


class _Scanner:
    """State of one scan: where it is, the token before, and the open braces of enclosing templates."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.position = 0
        self.last = ""
        self.braces = 0
        self.templates: list[int] = []
        self.for_head = False

    def tokens(self) -> Iterator[Token]:
        text = self.text
        match_token = _TOKEN.match
        keyword = KEYWORDS.get
        special = CALLED | RESERVED | {"true", "false"}
        while True:
            match = match_token(text, self.position)
            assert match is not None, "the pattern takes any character and the end"
            group = match.lastindex
            self.position = match.end()
            kind = None
            if group == _WORD:
                word = match[1]
                at = match.start(1)
                kind = keyword(word)
                if kind is not None:
                    token = Token(kind, word, at)
                elif word in special:
                    token = self.special_word(word, at)
                else:
                    token = Token("NAME", word, at)
            elif group == _SYMBOL:
                made = self.symbol(match[_SYMBOL], match.start(_SYMBOL))
                if made is None:
                    continue
                token = made
            elif group == _DIGITS:
                token = literals.number(match[_DIGITS], match.start(_DIGITS))
            elif group == _STRING:
                at = match.start(_STRING)
                token = Token("STRING", ast.Str(at, match[_STRING][1:-1]), at)
            elif group is None:
                if self.last == "BAR" or self.last == "OROR":
                    # A closure's body may be missing at the end of the text: it is then empty, as before a `;`.
                    yield Token("SEMI", "", len(text))
                return
            else:
                token = self.rare(group, match)
            self.last = token.type
            yield token
            if kind == "FOR" or kind == "IN":
                self.for_word(kind)
            elif token.type == "ERROR":
                return

    def for_word(self, kind: str) -> None:
        """Tell the `in` of a `for` from the operator."""
        if kind == "IN" and self.for_head:
            self.last = "FOR_IN"
        self.for_head = kind == "FOR"

    def special_word(self, word: str, at: int) -> Token:
        """Return the token of a word that is a literal, reserved, or a function's that has no value."""
        if word == "true" or word == "false":
            return Token("LITERAL", ast.Bool(at, word == "true"), at)
        if word in CALLED and _CALL_FOLLOWS.match(self.text, self.position):
            if self.last not in ("DOT", "QDOT"):
                return Token("KEYFN", word, at)
            if word in CALLED_AS_METHOD:
                return Token("NAME", word, at)
        return Token("ERROR", Flaw("Reserved", f"'{word}' is a reserved keyword"), at)

    def symbol(self, symbol: str, at: int) -> Token | None:
        """Return the token that begins with a symbol, or None after a comment."""
        kind = SYMBOLS.get(symbol)
        if kind is None:
            return self.quoted_or_reserved(symbol, at)
        if kind == "MINUS":
            if self.last not in OPERAND_ENDS:
                number = _NUMBER_HERE.match(self.text, self.position)
                if number:
                    self.position = number.end()
                    return literals.number("-" + number.group(), at)
        elif kind == "LBRACE":
            if self.last in _BEFORE_CONDITION:
                return Token("ERROR", Flaw("ExprExpected", "Expecting a boolean expression"), at)
            self.braces += 1
        elif kind == "HASHBRACE":
            self.braces += 1
        elif kind == "RBRACE":
            if self.templates and self.braces == self.templates[-1]:
                self.templates.pop()
                return self.template(at, "T_MID", "T_TAIL")
            self.braces -= 1
        return Token(kind, ast.Unit(at) if kind == "UNIT" else symbol, at)

    def quoted_or_reserved(self, symbol: str, at: int) -> Token | None:
        if symbol == "/*":
            self.skip_comment()
            return None
        if symbol == '"':
            column = self.source.place(at)[1]
            token, self.position = literals.string(self.text, at, column)
            return token
        if symbol == "'":
            token, self.position = literals.char(self.text, at)
            return token
        if symbol == "`":
            return self.template(at, "T_HEAD", "STRING")
        message = RESERVED_SYMBOLS[symbol]
        if message:
            return Token("ERROR", Flaw("BadInput", message), at)
        if self.last in OPERAND_ENDS:
            return Token("ERROR", Flaw("UnknownOperator", f"Unknown operator: '{symbol}'"), at)
        return Token("ERROR", Flaw("Reserved", f"'{symbol}' is a reserved symbol"), at)

    def template(self, at: int, opening: str, closing: str) -> Token:
        """Read a back-quoted string's next text; `at` is the back quote, or the `}` before the text."""
        found = literals.template_text(self.text, self.position)
        start = self.position if opening == "T_MID" else at
        if found is None:
            self.position = len(self.text)
            return Token("ERROR", Flaw("BadInput", "Open string is not terminated"), start)
        value, self.position, opens = found
        if opening == "T_HEAD" and value.startswith("\n"):
            value = value[1:]
        if opens:
            self.templates.append(self.braces)
        return Token(opening if opens else closing, ast.Str(start, value), at)

    def rare(self, group: int, match: re.Match[str]) -> Token:
        at = match.start(group)
        if group == _RAW:
            token, self.position = literals.raw_string(self.text, at, len(match[group]) - 1)
            return token
        found = match[group]
        if found == "_":
            return Token("UNDERSCORE", found, at)
        if group == _UNDERSCORE:
            return Token("ERROR", Flaw("BadInput", f"Variable name is not proper: '{found}'"), at)
        return Token("ERROR", Flaw("BadInput", f"Unexpected '{found}'"), at)

    def skip_comment(self) -> None:
        """Move behind a block comment whose start was read; comments nest, and may stay open at the end."""
        depth = 1
        while depth:
            mark = _COMMENT_MARK.search(self.text, self.position)
            if mark is None:
                self.position = len(self.text)
                return
            depth += 1 if mark.group() == "/*" else -1
            self.position = mark.end()
