"""All syntax errors of a text, not only the first.

The tables are run as the parser does. Where a token is refused the error is noted, and then the smallest
change of the text is looked for that lets the parse go on: a token put in, left out or exchanged. Where
none helps, the statement is given up: reading goes on behind its `;`, at the brace that closes the block
around it, or at a line that begins a statement. What follows from an error is not told.

After the repairs of Burke and Fisher (1987), and panic mode as in Aho et al., Compilers (2006), 4.1.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from lang.errors import CompileError
from lang.source import Source
from lang.syntax import ast, driver
from lang.syntax.builder import Builder
from lang.syntax.explain import explain
from lang.syntax.lenient import LenientContext
from lang.syntax.parser import parse
from lang.syntax.scanner import scan_on
from lang.syntax.tokens import Token

LOOK_AHEAD = 8
"""So many tokens must be taken after a repair."""
MADE_BRACE = "lbrace"  # the value of a token `{` that is not in the text
CALM = 3
"""So many tokens must have been taken since a recovery for the next error to be one of its own."""

_STATEMENTS = frozenset(("items", "top_items"))
_STARTERS = frozenset(
    ["LET", "CONST", "FN", "PRIVATE", "IF", "WHILE", "FOR", "LOOP", "DO", "SWITCH", "RETURN", "THROW", "TRY",
     "BREAK", "CONTINUE", "IMPORT", "EXPORT"]
)  # fmt: skip
_CLOSED_BY = {
    "LPAR": "RPAR",
    "LBRACKET": "RBRACKET",
    "QBRACKET": "RBRACKET",
    "LBRACE": "RBRACE",
    "HASHBRACE": "RBRACE",
    "T_HEAD": "T_TAIL",
}
_INSERTED = ("SEMI", "RPAR", "RBRACKET", "COMMA", "LBRACE", "RBRACE", "EQ", "COLON", "ARROW", "IN", "NAME")
_EXCHANGED = ("NAME", "LITERAL", "OP", "EQ", "COMMA", "SEMI", "LET", "FN", "SWITCH", "COLON", "ARROW")
_MEANT = {
    "var": "LET", "null": "UNIT", "nil": "UNIT", "match": "SWITCH", "public": "PRIVATE", "===": "OP",
    "!==": "OP", ":=": "EQ", "<-": "OP", "::<": "OP", "function": "FN", "func": "FN", "def": "FN",
    "fun": "FN", "elif": "ELSE", "foreach": "FOR", "use": "IMPORT",
}  # fmt: skip


def syntax_errors(source: Source, *, vectors: bool = False) -> list[CompileError]:
    """Return all errors that a text's syntax has; the first is the one that `parse` raises.

    Args:
        source: the script. vectors: whether `(x, y)` is a vector.
    """
    try:
        parse(source, vectors=vectors)
    except CompileError as error:
        first = error
    else:
        return []
    if first.kind == "ExprTooDeep" or first.message.startswith("Invalid character: a lone"):
        return [first]
    found = _Recovery(source, vectors=vectors).errors()
    others = [error for error in found if (error.at, error.message) != (first.at, first.message)]
    return [first, *others]


class _Recovery:
    """One text that is read to its end.

    `states`, `values` and `marks` are the parser's stack; a mark tells what scopes were open where a
    statement may begin, and is None elsewhere.
    """

    def __init__(self, source: Source, *, vectors: bool) -> None:
        self.source = source
        self.vectors = vectors
        self.found: list[CompileError] = []
        self.calm = CALM
        self.last_line = 0
        self.left_before = 1 << 62

    def errors(self) -> list[CompileError]:
        """Return the errors in the order in which they are found."""
        self.read([*scan_on(self.source), Token("$END", "", len(self.source.text))])
        return self.found

    # --- the parse

    def read(self, tokens: list[Token]) -> None:
        """Read tokens, of which the last is the end, noting errors."""
        first, self.last_state = driver.linked(driver.builder_callback)
        self.tokens = tokens
        self.builder = Builder(self.source, vectors=self.vectors, constants=())
        self.builder.context = LenientContext(self.source, self.note_rule)
        self.states: list[driver.State] = [first]
        self.values: list[Any] = []
        self.marks: list[Any] = [self.builder.context.mark()]
        self.index = 0
        while not self.step():
            pass

    def step(self) -> bool:
        """Take one token, or recover; return whether the end is reached."""
        token = self.tokens[self.index]
        while True:
            action = self.states[-1].get(token.type)
            if type(action) is dict:
                self.push(action, token, None)
                self.index += 1
                self.calm += 1
                return False
            if action is None:
                return self.recover(token)
            self.reduce(action)
            if self.states[-1] is self.last_state:
                return True

    def push(self, state: driver.State, value: Any, mark: Any) -> None:
        self.states.append(state)
        self.values.append(value)
        self.marks.append(mark)

    def reduce(self, action: tuple[int, Callable[..., Any] | None, str]) -> None:
        """Apply a production; what its callback refuses is noted."""
        size, callback, rule = action
        children = self.values[-size:] if size else []
        if size:
            del self.states[-size:], self.values[-size:], self.marks[-size:]
        value = children[0] if callback is None else self.called(callback, children)
        mark = self.builder.context.mark() if rule in _STATEMENTS else None
        self.push(self.states[-1][rule], value, mark)

    def called(self, callback: Callable[..., Any], children: list[Any]) -> Any:
        try:
            return callback(self.builder, children)
        except CompileError as error:
            self.note_rule(error)
            return self.instead(callback.__name__, children)

    def instead(self, name: str, children: list[Any]) -> Any:
        """Return what stands for the value of a callback that refused; the scopes are as it leaves them."""
        context = self.builder.context
        match name:
            case "entry":
                return children[0] if len(children) == 5 else {}
            case "vector_open":
                return children
            case "for_head":
                return self.builder.for_head([children[0], children[2], children[6], children[7]])
            case "arm_head":
                context.open_scope()
                return children[-1].at, (ast.Unit(children[-1].at),), None
            case "arms":
                return children[0]
        return ast.ExprStmt(0, ast.Unit(0)) if name == "function" else ast.Unit(0)

    # --- errors

    def note_rule(self, error: CompileError) -> None:
        """Note what breaks a rule; the text itself can be read."""
        if self.source.place(error.at)[0] != self.last_line:
            self.found.append(error)

    def note(self, error: CompileError) -> None:
        """Note an error of syntax, unless it follows from the one before."""
        line = self.source.place(min(error.at, len(self.source.text)))[0]
        if self.calm >= CALM and line != self.last_line:
            self.found.append(error)
        self.last_line = line
        self.calm = 0

    def recover(self, token: Token) -> bool:
        """Note that a token is refused and change tokens or stack; return whether the end is reached."""
        if token.type == "$END" and self.opened_a_brace():
            return True
        expected = driver.expected(self.states)
        self.note(explain(self.source, token, expected, self.values))
        if token.type in ("FN", "PRIVATE") and "LET" in expected:
            return self.misplaced_function()
        if token.type == "$END":
            return True
        left = len(self.tokens) - self.index
        if left < self.left_before:
            self.left_before = left
            if self.repaired(token, expected):
                return False
            self.give_up()
        else:  # nothing was taken since the last recovery: never twice at one place
            self.index += 1
        return False

    def opened_a_brace(self) -> bool:
        """Return whether a brace is open that a repair put in."""
        return any(isinstance(value, Token) and value.value == MADE_BRACE for value in self.values)

    def misplaced_function(self) -> bool:
        """Go on at a function within a block: at its line's start a brace is missing, else it is nested."""
        if self.source.place(self.tokens[self.index].at)[1] == 1:
            self.unwind(0)
            return False
        end = self.end_of_function()
        inner = _Recovery(self.source, vectors=self.vectors)
        inner.read([*self.tokens[self.index : end], Token("$END", "", self.tokens[end].at)])
        self.found += inner.found
        self.index = end
        self.calm = CALM
        return False

    def end_of_function(self) -> int:
        """Return the index behind the closing brace of the function that begins here."""
        depth = 0
        for index in range(self.index, len(self.tokens) - 1):
            kind = self.tokens[index].type
            depth += (kind in ("LBRACE", "HASHBRACE")) - (kind == "RBRACE")
            if kind == "RBRACE" and depth <= 0:
                return index + 1
        return len(self.tokens) - 1

    # --- repairs

    def repaired(self, token: Token, expected: frozenset[str]) -> bool:
        """Change the tokens here in the smallest way that lets enough of them be taken."""
        if self.reread_word(token):
            return True
        before, after = self.tokens[: self.index], self.tokens[self.index :]
        tries: list[list[Token]] = []
        meant = _MEANT.get(self.text_of(token))
        if token.type == "ERROR" and meant is not None:
            tries.append([_made(meant, token.at), *after[1:]])
        if token.type != "ERROR":
            tries += [[_made(kind, token.at), *after] for kind in self.missing(expected)]
            if "NAME" in expected and self.starts_line(self.index):
                tries.append([_made("NAME", token.at), _made("SEMI", token.at), *after])
        tries.append(after[1:])
        tries += [[_made(kind, token.at), *after[1:]] for kind in _EXCHANGED if kind in expected]
        best, chosen = 0, None
        for candidate in tries:
            taken = self.taken(self.states, candidate)
            if taken > best and self.is_enough(taken, candidate, token):
                best, chosen = taken, candidate
        if chosen is None:
            return False
        self.tokens = before + chosen
        return True

    def missing(self, expected: frozenset[str]) -> list[str]:
        """Return what may be put in here: braces only where hardly anything else fits."""
        braces = {"LBRACE"} if "NAME" in expected else set()
        if "SEMI" in expected:
            braces.add("RBRACE")
        return [kind for kind in _INSERTED if kind in expected and kind not in braces]

    def reread_word(self, token: Token) -> bool:
        """Read a name just before as the word that was meant: `func f() {` as `fn f() {`."""
        previous = self.tokens[self.index - 1]
        meant = _MEANT.get(previous.value) if previous.type == "NAME" else None
        if meant is None or token.type == "ERROR" or getattr(self.values[-1], "at", -1) != previous.at:
            return False
        rest = [_made(meant, previous.at), *self.tokens[self.index :]]
        if not self.is_enough(self.taken(self.states[:-1], rest), rest, token):
            return False
        del self.states[-1], self.values[-1], self.marks[-1]
        self.index -= 1
        self.tokens[self.index] = rest[0]
        return True

    def taken(self, states: Sequence[driver.State], tokens: Sequence[Token]) -> int:
        """Return how many tokens would be taken, at most one more than are asked for."""
        states = list(states)
        count = 0
        for token in tokens[: LOOK_AHEAD + 1]:
            while type(action := states[-1].get(token.type)) is tuple:
                size, _, rule = action
                if size:
                    del states[-size:]
                states.append(states[-1][rule])
                if states[-1] is self.last_state:
                    return LOOK_AHEAD + 1
            if action is None:
                is_own_error = token.type == "ERROR" and count >= CALM
                return LOOK_AHEAD if is_own_error else count
            states.append(action)
            count += 1
        return count

    def is_enough(self, taken: int, tokens: Sequence[Token], refused: Token) -> bool:
        """Return whether a repair is believed: the rest of its line at least must have been taken."""
        if taken >= LOOK_AHEAD:
            return True
        place = self.source.place
        return taken >= CALM and place(tokens[taken].at)[0] > place(refused.at)[0]

    def text_of(self, token: Token) -> str:
        match = re.compile(r"\w+|[^\w\s]+").match(self.source.text, token.at)
        return match.group() if match else ""

    # --- giving a statement up

    def give_up(self) -> None:
        """Leave the statement and go on where the next one begins."""
        floor = self.innermost_statements()
        openers = [value.type for value in self.values[floor:] if _is_opener(value)]
        depth = len(openers)
        start = self.index
        for index in range(start, len(self.tokens)):
            kind = self.tokens[index].type
            starts_line = index > start and self.starts_line(index)
            if kind == "$END" or (starts_line and self.begins_statement(index, len(openers) <= depth)):
                return self.resume(index, floor)
            if kind in _CLOSED_BY:
                openers.append(kind)
            elif openers and _CLOSED_BY[openers[-1]] == kind:
                openers.pop()
                depth = min(depth, len(openers))
                if kind == "RBRACE" and not openers and self.starts_line(index + 1):
                    return self.resume(index + 1, floor)
            elif kind in ("RBRACE", "T_MID", "T_TAIL") and self.closes_block(openers):
                return self.resume(index if floor or index > start else index + 1, floor)
            elif kind == "SEMI" and not openers:
                return self.resume(index + 1, floor)
        return None

    def closes_block(self, openers: list[str]) -> bool:
        """Return whether a closing brace is none of the brackets that are open."""
        return not any(_CLOSED_BY[opener] in ("RBRACE", "T_TAIL") for opener in openers)

    def begins_statement(self, index: int, is_outside: bool) -> bool:
        """Return whether a token at the start of a line begins a statement, whatever is still open."""
        token = self.tokens[index]
        if token.type in ("FN", "PRIVATE") and self.source.place(token.at)[1] == 1:
            return True
        return is_outside and token.type in _STARTERS

    def starts_line(self, index: int) -> bool:
        """Return whether a token is the first of its line."""
        token = self.tokens[index]
        start = self.source.line_starts[self.source.place(token.at)[0] - 1]
        return not self.source.text[start : token.at].strip()

    def innermost_statements(self) -> int:
        """Return the place in the stack of the innermost list of statements."""
        return max(index for index, mark in enumerate(self.marks) if mark is not None)

    def resume(self, index: int, floor: int) -> None:
        """Go on with a token, in the statements at a place of the stack."""
        token = self.tokens[index]
        is_top = token.type in ("FN", "PRIVATE") and self.source.place(token.at)[1] == 1
        self.unwind(0 if is_top else floor)
        self.index = index
        self.calm = CALM

    def unwind(self, floor: int) -> None:
        """Drop what is above a place of the stack; 0 stands for the top level."""
        if floor == 0:
            floor = next((i for i, mark in enumerate(self.marks) if i and mark is not None), 0)
        del self.states[floor + 1 :], self.values[floor:], self.marks[floor + 1 :]
        self.builder.context.restore(self.marks[floor])


def _is_opener(value: Any) -> bool:
    return isinstance(value, Token) and value.type in _CLOSED_BY


def _made(kind: str, at: int) -> Token:
    """Return a token that stands for what is missing."""
    if kind == "LITERAL":
        return Token(kind, ast.Unit(at), at)
    if kind == "UNIT":
        return Token(kind, ast.Unit(at), at)
    return Token(kind, {"OP": "==", "NAME": "_"}.get(kind, kind.lower()), at)
