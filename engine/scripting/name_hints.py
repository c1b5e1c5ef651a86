"""Hints on names that the scene does not have: an effect, a prefab, an action that is hardly misspelt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches

from lang.errors import ScriptError

NamesOf = Callable[[str], Iterable[str]]
"""Returns the names that the scene has of a kind: `prefab`, `effect`, `action`, `status effect`, `screen`."""
_REFUSED = re.compile(
    r'no (?:\[\[)?(?P<kind>prefab|effect|action|status effect|screen)\b.* is called "(?P<name>[^"]*)"'
)
_LISTED = re.compile(r'no (?:component|property) "(?P<name>[^"]*)".*: (?P<names>[\w, ]+)$')


def add_name_hint(error: ScriptError, names_of: NamesOf) -> None:
    """Let the error of a refused name find the name of the scene that is like it."""
    refused, listed = _REFUSED.search(error.message), _LISTED.search(error.message)
    if refused is not None:
        kind, name = refused["kind"], refused["name"]
        error.find_hint = lambda: near_name(name, names_of(kind))
    elif listed is not None:
        name, names = listed["name"], listed["names"].split(", ")
        error.find_hint = lambda: near_name(name, names)


def near_name(name: str, names: Iterable[str]) -> str | None:
    """Return the hint that another name was meant, if one is near."""
    near = get_close_matches(name, list(names), n=1)
    return f"did you mean `{near[0]}`?" if near else None
