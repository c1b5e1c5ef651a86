"""Warnings about what a script declares: it compiles, but hardly means what its author meant."""

from __future__ import annotations

from difflib import get_close_matches

from lang.compile.frame import Options
from lang.source import Source
from lang.syntax import ast

NEAR = 0.8
"""Similarity from which a name counts as misspelt."""


def declaration_warnings(script: ast.Script, source: Source, options: Options) -> list[str]:
    """Return the warnings about an entity script's functions, each ready to print."""
    if not options.entity:
        return []
    warnings = []
    for node in script.statements:
        if isinstance(node, ast.Function) and node.this_type is None:
            text = _hidden(node, options) or _near_miss(node, options)
            if text:
                warnings.append(_placed(source, node.name_at, text))
    return warnings


def _hidden(node: ast.Function, options: Options) -> str:
    found = options.natives.find(node.name)
    if found is None or not found[1].api:
        return ""
    least, most = found[1].arity
    if not least <= len(node.parameters) <= most:
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


def _placed(source: Source, at: int, text: str) -> str:
    line, column = source.place(at)
    return f"{source.name}:{line}:{column}: warning: {text}\n{source.snippet(at)}"
