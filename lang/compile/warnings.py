"""Warnings about what a script declares: it compiles, but hardly means what its author meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from lang.compile.frame import Options
from lang.source import Source
from lang.syntax import ast

NEAR = 0.8
"""Similarity from which a name counts as misspelt."""


class DeclarationWarning(NamedTuple):
    """Where something is declared, the name of what is odd about it, and the message."""

    at: int
    kind: str
    message: str

    def text(self, source: Source) -> str:
        """Return the warning ready to print."""
        line, column = source.place(self.at)
        return f"{source.name}:{line}:{column}: warning: {self.message}\n{source.snippet(self.at)}"


def declaration_warnings(script: ast.Script, options: Options) -> list[DeclarationWarning]:
    """Return the warnings about an entity script's functions."""
    if not options.entity:
        return []
    warnings = []
    for node in script.statements:
        if isinstance(node, ast.Function) and node.this_type is None:
            if hidden := _hidden(node, options):
                warnings.append(DeclarationWarning(node.name_at, "hidden-function", hidden))
            elif missed := _near_miss(node, options):
                warnings.append(DeclarationWarning(node.name_at, "unknown-callback", missed))
    return warnings


def _hidden(node: ast.Function, options: Options) -> str:
    found = options.natives.find(node.name)
    if found is None or not found[1].api:
        return ""
    if not found[1].takes(len(node.parameters)):
        return ""
    return f"'{node.name}' hides the function of that name that every script can call"


def _near_miss(node: ast.Function, options: Options) -> str:
    name = _plain(node.name)
    if node.name in options.callbacks or not name.startswith("on"):
        return ""
    known = {_plain(callback): callback for callback in options.callbacks}
    near = get_close_matches(name, known, 1, NEAR)
    return f"nothing calls '{node.name}'; did you mean `{known[near[0]]}`?" if near else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
