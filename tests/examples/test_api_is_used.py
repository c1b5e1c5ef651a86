"""Every function of the API is used by an example or by a script that comes with the engine."""

from pathlib import Path

import pytest

from engine.scripting.registry import functions_by_name
from lang.source import Source
from lang.syntax import ast
from lang.syntax.parser import parse

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("examples", "assets", "engine/tools/templates")


def names_called(node):
    """Return the names of all functions and methods that a tree calls."""
    found, todo = set(), [node]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo.extend(node)
        elif isinstance(node, ast.Node | ast.MapEntry | ast.SwitchArm):
            if isinstance(node, ast.Call | ast.MethodCall):
                found.add(node.name)
            todo.extend(getattr(node, field) for field in node.__struct_fields__)
    return found


def test_every_function_is_used_by_an_example():
    """A game's own tests do not count: they are no examples of a script of an entity."""
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.rhai"))]
    used = set()
    for file in files:
        if file.parent.name != "tests":
            source = Source(file.read_text(encoding="utf-8"), file.name)
            used |= names_called(parse(source, vectors=True).statements)
    assert set(functions_by_name()) - used == set()
