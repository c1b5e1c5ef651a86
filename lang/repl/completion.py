"""What may come next: names in reach, methods behind a point, commands behind a colon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from lang.prelude import prelude_program
from lang.stdlib.table import standard_natives
from lang.syntax.tokens import KEYWORDS

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_MEMBER = re.compile(r"(?:([A-Za-z_][A-Za-z0-9_]*)|[)\]\"'`}])\s*\??\.\s*([A-Za-z_][A-Za-z0-9_]*)?$")
_DECLARED = re.compile(r"\b(?:let|const|fn|for)\s+\(?([A-Za-z][A-Za-z0-9_]*)")
_CONSTANTS = ("true", "false")


class Completion(NamedTuple):
    """A word that can be put in the place of what was typed of it, and what it is."""

    word: str
    typed: int
    meaning: str


class _BuiltIns(NamedTuple):
    functions: tuple[str, ...]
    methods: tuple[str, ...]
    properties: tuple[str, ...]


@cache
def built_ins() -> _BuiltIns:
    """Return the names that every script can use."""
    natives = standard_natives()
    entries = [entry for entry in natives.entries if not entry.internal and entry.name.isidentifier()]
    written = [info for info in prelude_program(natives).infos if info.name.isidentifier()]
    functions = {entry.name for entry in entries} | {info.name for info in written}
    methods = {entry.name for entry in entries if entry.arity[1] > 0}
    methods |= {info.name for info in written if info.parameters}
    properties = {entry.name for entry in entries if entry.is_property}
    return _BuiltIns(tuple(sorted(functions)), tuple(sorted(methods)), tuple(sorted(properties)))


def completions(
    before: str, variables: Mapping[str, Any], functions: Iterable[str], commands: Iterable[str]
) -> Iterator[Completion]:
    """Yield what can complete a text, best first.

    Args:
        before: the text up to the cursor. variables: by name, with their values.
        functions: names of the user's own. commands: with their colons.
    """
    if before.startswith(":") and " " not in before:
        yield from _matching(before, commands, "command")
        return
    member = _MEMBER.search(before)
    if member is not None:
        typed = member[2] or ""
        value = variables.get(member[1]) if member[1] else None
        if isinstance(value, Mapping):
            keys = [key for key in value if _WORD.fullmatch(key)]
            yield from _matching(typed, keys, "property")
        yield from _matching(typed, built_ins().methods, "method")
        yield from _matching(typed, functions, "function")
        return
    word = _WORD.search(before)
    if word is None:
        return
    typed = word.group()
    seen: set[str] = set()
    sources: list[tuple[Iterable[str], str]] = [
        (variables, "variable"),
        (_DECLARED.findall(before[: word.start()]), "name"),
        (functions, "function"),
        (KEYWORDS, "keyword"),
        (_CONSTANTS, "constant"),
        (built_ins().functions, "built-in"),
    ]
    for names, meaning in sources:
        for found in _matching(typed, names, meaning):
            if found.word not in seen:
                seen.add(found.word)
                yield found


def _matching(typed: str, names: Iterable[str], meaning: str) -> Iterator[Completion]:
    return (Completion(name, len(typed), meaning) for name in sorted(names) if name.startswith(typed))
