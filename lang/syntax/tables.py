"""The parser's tables: Lark makes them from rhai.lark, once for each text of the grammar.

Making them takes a third of a second, so they are kept in the user's cache folder. A kept file is only
believed when its digest is right; one that cannot be read or written costs time, never correctness.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from platformdirs import user_cache_path

from lang.files import replace_file

_FORMAT = "1"
_DIGEST_SIZE = 32


class Production(msgspec.Struct, frozen=True, array_like=True):
    """One production; `callback` names the builder's method, or is empty if the only child is the value."""

    origin: str
    size: int
    callback: str


class Tables(msgspec.Struct, frozen=True, array_like=True):
    """LALR(1) tables. An action is a state to go to, or `~p` for the reduction of production p."""

    actions: list[dict[str, int]]
    productions: list[Production]
    start: int
    end: int


@cache
def load() -> Tables:
    """Return the tables of the grammar, from the cache or freshly made."""
    grammar = files(__package__).joinpath("rhai.lark").read_text("utf-8")
    key = hashlib.sha256("\0".join((_FORMAT, version("lark"), grammar)).encode()).hexdigest()
    path = cache_folder() / f"{key[:32]}.msgpack"
    tables = read(path)
    if tables is None:
        tables = make(grammar)
        write(path, tables)
    return tables


def cache_folder() -> Path:
    """Return the folder of kept tables."""
    return user_cache_path("astraweave", appauthor=False) / "grammar"


def make(grammar: str) -> Tables:
    """Return the tables of a grammar whose start is `script`.

    Raises:
        lark.GrammarError: the grammar is wrong, or it has two readings that a longer match does not settle.
    """
    from lark import Lark  # 40 ms that a process with kept tables saves
    from lark.lexer import Lexer

    class NoLexer(Lexer):
        """What Lark wants but never runs: the tokens come from our scanner."""

        def __init__(self, _: object) -> None:
            pass

        def lex(self, *_: Any) -> Any:
            raise NotImplementedError

    maker: Any = Lark(grammar, parser="lalr", lexer=NoLexer, start="script")
    table = maker.parser.parser._parse_table  # noqa: SLF001
    numbers: dict[Any, int] = {}
    productions: list[Production] = []
    actions: list[dict[str, int]] = []
    for state in range(len(table.states)):
        row: dict[str, int] = {}
        for symbol, (_, argument) in table.states[state].items():
            if isinstance(argument, int):
                row[str(symbol)] = argument
                continue
            if argument not in numbers:
                numbers[argument] = len(productions)
                productions.append(_production(argument))
            row[str(symbol)] = ~numbers[argument]
        actions.append(row)
    return Tables(actions, productions, table.start_states["script"], table.end_states["script"])


def _production(rule: Any) -> Production:
    size = len(rule.expansion)
    passes = rule.alias == "first" or (rule.alias is None and rule.options.expand1)
    callback = "" if size == 1 and passes else str(rule.alias or rule.origin.name)
    return Production(str(rule.origin.name), size, callback)


def read(path: Path) -> Tables | None:
    """Return the tables kept in a file, or None if it is absent or damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, payload = data[:_DIGEST_SIZE], data[_DIGEST_SIZE:]
    if hashlib.sha256(payload).digest() != digest:
        return None
    try:
        return msgspec.msgpack.decode(payload, type=Tables)
    except msgspec.DecodeError:
        return None


def write(path: Path, tables: Tables) -> None:
    """Keep tables in a file; a folder that cannot be written to is left alone."""
    payload = msgspec.msgpack.encode(tables)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, hashlib.sha256(payload).digest() + payload)
    except OSError:
        return
