"""The scanner: text to tokens, by one pattern and a little hand code.

Nested comments, escapes and back-quoted strings with `${}` are not regular, and whether `-5` is a number or
a subtraction depends on the token before it; both are settled here. What cannot be a token becomes an ERROR
token and ends the stream, so that an error that stands further up in the text is found first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lang.source import Source
from lang.syntax import ast, depth, literals
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
_CALL_FOLLOWS = re.compile(_BLANKS + r"\(")
_WORDS = {**dict.fromkeys(CALLED | RESERVED | {"true", "false"}, "SPECIAL"), **KEYWORDS}
_NOTED_WORDS = frozenset(("SPECIAL", "FOR", "IN", "ELSE"))
_SEPARATORS = frozenset(("SEMI", "COMMA"))
_OPENERS = frozenset(("LPAR", "LBRACKET", "QBRACKET", "LBRACE", "HASHBRACE"))
_CLOSERS = frozenset(("RPAR", "RBRACKET", "RBRACE"))
_MAP_FOLLOWS = re.compile(r"[ \t\r\n]+\{")
_REST_OF_QUOTED = re.compile(r"""(?:[^"'\\\n]|\\[^\n])*["']|[^\n]*""")
_COMMENT_MARK = re.compile(r"/\*|\*/")
_BEFORE_CONDITION = frozenset(("IF", "WHILE", "UNTIL", "FOR_IN"))


def scan(source: Source) -> Sequence[Token]:
    """Return the tokens of a script; an ERROR token, if any, is the last one."""
    scanner = _Scanner(source)
    tokens = scanner.tokens([])
    if scanner.deepest > depth.SUSPICIOUS_NESTING or scanner.longest > depth.SUSPICIOUS_RUN:
        return depth.limit_depth(tokens)
    return tokens


def scan_with_ends(source: Source) -> tuple[Sequence[Token], list[int]]:
    """Return the tokens as `scan` does, without the limit on depth, and the offset behind each."""
    scanner = _Scanner(source)
    tokens = _Measured(scanner)
    scanner.tokens(tokens)
    return tokens, tokens.ends


def scan_on(source: Source) -> list[Token]:
    """Return the tokens of a whole text; there may be ERROR tokens anywhere in it."""
    scanner = _Scanner(source)
    tokens: list[Token] = []
    while True:
        before = len(tokens)
        scanner.tokens(tokens)
        if len(tokens) == before or tokens[-1].type != "ERROR":
            return tokens
        scanner.resume(tokens[-1])


class _Scanner:
    """State of one scan. After an ERROR token it can go on from another `position`.

    `position` is where it is, `last` the type of the token before; `templates` holds the number of brackets
    that were open before each enclosing `${`. `run` counts symbols of the expression that is being read,
    `runs` those of the expressions around the open brackets; `longest` and `deepest` are their records.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.position = 0
        self.last = ""
        self.templates: list[int] = []
        self.for_head = False
        self.run = 0
        self.runs: list[int] = []
        self.longest = 0
        self.deepest = 0

    def tokens(self, tokens: list[Token]) -> list[Token]:
        """Append the tokens up to the end or the first error to a list, and return it."""
        text = self.text
        match_token = _TOKEN.match
        while True:
            match = match_token(text, self.position)
            assert match is not None, "the pattern takes any character and the end"
            group = match.lastindex
            self.position = match.end()
            if group == _WORD:
                word = match[1]
                kind = _WORDS.get(word, "NAME")
                token = Token(kind, word, match.start(1))
                if kind in _NOTED_WORDS:
                    if kind == "SPECIAL":
                        token = self.special_word(word, match.start(1))
                    else:
                        self.last = self.note_word(kind)
                        tokens.append(token)
                        continue
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
                self.finish(tokens)
                return tokens
            else:
                token = self.rare(group, match)
            self.last = token.type
            tokens.append(token)
            if token.type == "ERROR":
                return tokens

    def resume(self, token: Token) -> None:
        """Move behind text that is no token, to go on there."""
        message = token.value.message
        if message.startswith("Invalid escape"):
            rest = _REST_OF_QUOTED.match(self.text, self.position)
            assert rest is not None, "the pattern matches the empty text"
            self.position = rest.end()
        elif message.startswith("Open string"):
            end = self.text.find("\n", token.at)
            self.position = end if end >= 0 else len(self.text)
        self.position = max(self.position, token.at + 1)
        self.last = "NAME"

    def finish(self, tokens: list[Token]) -> None:
        """Give a closure at the end of the text its empty body, as a `;` would."""
        if self.last == "BAR" or self.last == "OROR":
            tokens.append(Token("SEMI", "", len(self.text)))

    def note_word(self, kind: str) -> str:
        """Take a word with a consequence. Returns its type, telling the `in` of a `for` from the operator."""
        if kind == "ELSE":
            self.count()
            return kind
        found = "FOR_IN" if kind == "IN" and self.for_head else kind
        self.for_head = kind == "FOR"
        return found

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
        if kind in _SEPARATORS:
            self.run = 0
        elif kind in _OPENERS:
            if kind == "LBRACE" and self.last in _BEFORE_CONDITION:
                return Token("ERROR", Flaw("ExprExpected", "Expecting a boolean expression"), at)
            self.open()
        elif kind in _CLOSERS:
            if kind == "RBRACE" and self.templates and len(self.runs) <= self.templates[-1]:
                self.templates.pop()
                return self.template(at, "T_MID", "T_TAIL")
            self.close()
        elif kind == "MINUS" and self.last not in OPERAND_ENDS:
            number = _NUMBER_HERE.match(self.text, self.position)
            if number:
                self.position = number.end()
                return literals.number("-" + number.group(), at)
            self.count()
        elif kind == "UNIT":
            return Token("UNIT", ast.Unit(at), at)
        else:
            self.count()
        return Token(kind, symbol, at)

    def count(self) -> None:
        """Take a symbol that may add a level to the expression around it."""
        self.run += 1
        self.longest = max(self.longest, self.run)

    def open(self) -> None:
        """Take an opening bracket; the expression around it goes on at the closing one."""
        self.count()
        self.runs.append(self.run)
        self.run = 0
        self.deepest = max(self.deepest, len(self.runs))

    def close(self) -> None:
        """Take a closing bracket, which may be one too many."""
        if self.runs:
            self.run = self.runs.pop()

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
        if symbol == "#" and _MAP_FOLLOWS.match(self.text, self.position):
            message = "'#' is not a valid symbol. Should it be '#{'?"
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
        if opening == "T_MID":
            self.close()
        if opens:
            self.open()
            self.templates.append(len(self.runs))
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


class _Measured(list[Token]):
    """A list that notes where the scanner is when a token is appended: the scan itself pays nothing."""

    def __init__(self, scanner: _Scanner) -> None:
        super().__init__()
        self.ends: list[int] = []
        self._scanner = scanner

    def append(self, token: Token) -> None:
        """Append a token and its end."""
        super().append(token)
        self.ends.append(self._scanner.position)
