"""The limit on nesting: 64 levels at top level and in closures, 32 in functions.

Levels are what the reference counts, fitted to what it was seen to refuse: an expression and a primary inside
of it take one each, a parenthesis two, an index or an array three, each operator of a chain one for what
stands left of it. Only scripts that look suspicious to the scanner are counted, as nearly none comes near.

This limit is also what keeps the passes behind the parser, which walk the tree by recursion, within Python's
stack: `HEIGHT` bounds the tree where the counted levels do not (long chains of `.name`).
"""

from __future__ import annotations

from collections.abc import Sequence

from lang.syntax.precedence import BINDING
from lang.syntax.tokens import OPERAND_ENDS, Flaw, Token

LIMIT = 64
FUNCTION_LIMIT = 32
HEIGHT = 200
SUSPICIOUS_NESTING = 8
SUSPICIOUS_RUN = 24

_OPERAND, _PRIMARY = 1, 2
_CLOSURE = 3
_DECLARATION = 2
_STATEMENT_BLOCK, _CONDITIONAL_BLOCK, _EXPRESSION_BLOCK = 2, 3, 4
_INNER = {"LPAR": 2, "LBRACKET": 3, "QBRACKET": 3, "HASHBRACE": 3, "T_HEAD": 3}
_CALL = 3

_ATOMS = frozenset(
    ["NAME", "KEYFN", "LITERAL", "STRING", "UNIT", "THIS", "LPAR", "LBRACKET", "HASHBRACE", "T_HEAD"]
)
_SIGNS = frozenset(("MINUS", "PLUS", "BANG"))
_BINARY = frozenset(("OP", "MINUS", "PLUS", "BAR", "OROR", "IN", "RANGE"))
_TRAILERS = frozenset(("DOT", "QDOT", "LBRACKET", "QBRACKET"))
_BLOCK_WORDS = frozenset(["IF", "WHILE", "FOR", "LOOP", "DO", "SWITCH", "TRY", "CATCH", "ELSE"])
_INFIX_WORDS = frozenset(("IN", "AS", "UNTIL"))
_CLOSURE_BARS = frozenset(("BAR", "OROR"))
_CLOSERS = frozenset(("RPAR", "RBRACKET", "RBRACE", "T_TAIL"))
_OPENERS = frozenset(("LPAR", "LBRACKET", "QBRACKET", "LBRACE", "HASHBRACE", "T_HEAD"))


class _Frame:
    """What is being read between two brackets."""

    __slots__ = (
        "block", "chain", "children", "conditional", "holds_statements", "level", "limit", "normal_limit",
        "prefixes", "runs", "signs", "statement", "tails", "tallest",
    )  # fmt: skip

    def __init__(self, level: int, limit: int, *, holds_statements: bool) -> None:
        self.holds_statements = holds_statements
        self.level = level
        self.normal_limit = limit
        self.tallest = 0
        self.conditional = _CONDITIONAL_BLOCK
        self.children = self.prefixes = self.runs = self.signs = 0
        self.chain: list[tuple[int, int]] = []
        self.tails = 0
        self.restart()

    def restart(self) -> None:
        """Begin a new expression or statement."""
        self.tallest = max(self.tallest, self.height())
        self.limit = self.normal_limit
        self.block = 0
        self.prefixes = 0  # levels taken by closures, declarations and `else if`
        self.signs = 0  # levels taken by the signs before an operand
        self.runs = 0
        self.tails = 0  # `do` blocks whose condition is still to come
        self.children = 0
        self.chain.clear()
        self.statement = self.holds_statements

    def height(self) -> int:
        """Return a bound on the height of the tree read since the last restart."""
        joins = self.chain[-1][1] + len(self.chain) if self.chain else 0
        return self.children + self.prefixes + self.signs + self.runs + joins

    def inner(self) -> int:
        """Return the level at which an operand is read."""
        return self.level + self.prefixes + self.signs

    def join(self, binding: int) -> int:
        """Take a binary operator; return how many levels stand left of it."""
        depth = 0
        while self.chain and self.chain[-1][0] >= binding:
            depth = max(depth, self.chain.pop()[1]) + 1
        self.chain.append((binding, depth))
        self.signs = 0
        self.statement = False
        return depth


def limit_depth(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens, cut before the first that is nested too deeply, and an ERROR token in its place."""
    counter = _Counter()
    previous = ""
    for index, token in enumerate(tokens):
        if not counter.take(token, previous):
            flaw = Flaw("ExprTooDeep", "Expression exceeds maximum complexity")
            return [*tokens[:index], Token("ERROR", flaw, token.at)]
        previous = token.type
    return tokens


class _Counter:
    def __init__(self) -> None:
        self.frame = _Frame(1, LIMIT, holds_statements=True)
        self.outer: list[_Frame] = []
        self.function = False
        self.parameters = False

    def take(self, token: Token, previous: str) -> bool:
        """Count one token; return whether it is within the limits."""
        frame = self.frame
        kind = token.type
        after = previous in OPERAND_ENDS
        if self.parameters:
            self.parameters = kind != "BAR"
        elif kind in _TRAILERS and after:
            frame.runs += 1
            if kind != "DOT" and kind != "QDOT":
                self.open(frame.inner() + _INNER[kind])
        elif kind == "LPAR" and (after or previous == "KEYFN"):
            self.open(frame.inner() + _CALL)
        elif kind in _BINARY and after:
            depth = frame.join(BINDING[token.value])
            return frame.level + frame.prefixes + _PRIMARY + 1 + depth <= frame.limit
        elif kind in _ATOMS:
            return self.atom(kind, previous, after)
        elif kind == "LBRACE":
            return self.block(after)
        elif kind in _CLOSERS or kind == "T_MID":
            return self.close(kind)
        elif kind in _SIGNS:
            frame.signs += 1
            frame.statement = False
            return frame.inner() + _OPERAND <= frame.limit
        elif kind in ("BAR", "OROR"):
            frame.prefixes += _CLOSURE
            frame.limit = LIMIT
            self.parameters = kind == "BAR"
        elif kind != "RANGE":
            return self.word(kind, previous)
        return frame.height() <= HEIGHT

    def open(self, level: int, *, holds_statements: bool = False) -> None:
        self.outer.append(self.frame)
        self.frame = _Frame(level, self.frame.limit, holds_statements=holds_statements)

    def atom(self, kind: str, previous: str, after: bool) -> bool:
        frame = self.frame
        if previous in ("DOT", "QDOT", "LET", "CONST", "FN"):
            return True
        if after:
            frame.restart()
        frame.statement = False
        level = frame.inner()
        if kind in _OPENERS:
            self.open(level + _INNER[kind], holds_statements=kind == "T_HEAD")
        return level + _PRIMARY <= frame.limit

    def block(self, after: bool) -> bool:
        frame = self.frame
        cost = frame.block
        if self.function:
            cost = _STATEMENT_BLOCK
        elif not cost:
            if after:
                frame.restart()
            cost = _STATEMENT_BLOCK if frame.statement else _EXPRESSION_BLOCK
        if frame.block:
            frame.signs = 0  # those of the condition before it
        level = frame.inner()
        self.open(level + cost, holds_statements=True)
        if self.function:
            self.frame.limit = self.frame.normal_limit = FUNCTION_LIMIT
            self.function = False
        return level + 1 <= frame.limit

    def close(self, kind: str) -> bool:
        if not self.outer:
            return True
        inner = self.frame
        inner.restart()
        self.frame = frame = self.outer.pop()
        if kind == "RBRACE":
            frame.block = 0
        frame.children = max(frame.children, inner.tallest + 2)
        if kind == "T_MID":
            self.open(inner.level, holds_statements=True)
        return frame.height() <= HEIGHT

    def word(self, kind: str, previous: str) -> bool:
        frame = self.frame
        if kind == "EQ" or kind == "OPASSIGN":
            frame.chain.clear()
        elif kind in _BLOCK_WORDS:
            return self.block_word(kind, previous)
        elif kind == "FN":
            frame.restart()
            self.function = True
        elif kind not in _INFIX_WORDS:
            if previous not in _CLOSURE_BARS:
                frame.restart()
            if kind == "LET" or kind == "CONST":
                frame.prefixes += _DECLARATION
                frame.statement = False
        return frame.height() <= HEIGHT

    def block_word(self, kind: str, previous: str) -> bool:
        """Take a word that comes before a block, or the tail of a `do`."""
        frame = self.frame
        if kind == "WHILE" and frame.tails and previous == "RBRACE":
            frame.tails -= 1
            frame.runs += 1
        elif kind not in ("ELSE", "CATCH"):
            if previous == "ELSE":
                frame.prefixes += 1
            elif not (frame.statement or previous in OPERAND_ENDS):
                frame.runs += 1
            elif previous in OPERAND_ENDS:
                frame.restart()
            if previous != "ELSE":
                frame.conditional = _CONDITIONAL_BLOCK if frame.statement else _CONDITIONAL_BLOCK + 1
            frame.tails += kind == "DO"
            frame.statement = False
        frame.block = frame.conditional
        return frame.level + frame.prefixes + 1 <= frame.limit and frame.height() <= HEIGHT
