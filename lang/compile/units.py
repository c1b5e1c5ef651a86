"""A file as a unit of a program: what it declares is known before any code of it is made."""

from __future__ import annotations

from lang.compile.entries import FunctionEntry
from lang.compile.frame import Unit
from lang.compile.statements import compile_function
from lang.errors import CompileError
from lang.syntax import ast
from lang.values import TYPE_NAMES, Tag

TYPE_TAGS = {
    **{name: int(tag) for tag, name in TYPE_NAMES.items() if tag not in (Tag.ITERATOR, Tag.SEQUENCE)},
    "int": int(Tag.INT),
    "float": int(Tag.FLOAT),
    "String": int(Tag.STRING),
    "Array": int(Tag.ARRAY),
    "Map": int(Tag.MAP),
    "FnPtr": int(Tag.FN),
}
UNKNOWN_TYPE = 255
ANY_TYPE = -1


def top_level_lets(script: ast.Script) -> list[ast.Let]:
    """Return the declarations of a script's top level."""
    return [node for node in script.statements if isinstance(node, ast.Let)]


def check_state_names(unit: Unit, lets: list[ast.Let]) -> None:
    """Refuse state variables that would hide the context."""
    for node in lets:
        if unit.options.entity and node.name in unit.options.context:
            message = f"'{node.name}' is a constant of every entity script"
            raise CompileError(unit.output.source, node.name_at, message)


def define(unit: Unit, entry: FunctionEntry) -> None:
    """Make a function known; it takes the place of an earlier one of its name, parameters and type."""
    same = (entry.name, len(entry.parameters), entry.type_tag)
    unit.methods = [
        other for other in unit.methods if (other.name, len(other.parameters), other.type_tag) != same
    ]
    unit.methods.append(entry)
    if entry.type_tag == ANY_TYPE:
        unit.functions[(entry.name, len(entry.parameters))] = entry


def _functions(script: ast.Script) -> list[ast.Function]:
    return [node for node in script.statements if isinstance(node, ast.Function)]


def _type_tag(node: ast.Function) -> int:
    if node.this_type is None:
        return ANY_TYPE
    return TYPE_TAGS.get(node.this_type, UNKNOWN_TYPE)


def declare(unit: Unit, script: ast.Script) -> list[int]:
    """Make all functions known before any code is compiled; returns their indexes."""
    indexes = []
    for node in _functions(script):
        index = _index(unit, node)
        entry = FunctionEntry(index, node.name, node.parameters, _type_tag(node), unit.options.built_in)
        define(unit, entry)
        indexes.append(index)
        if node.this_type is None:
            unit.nodes[(node.name, len(node.parameters))] = node
            most = unit.options.callbacks.get(node.name)
            if unit.options.entity and most is not None and len(node.parameters) > most:
                message = f"'{node.name}' takes at most {most} parameters"
                raise CompileError(unit.output.source, node.name_at, message)
    return indexes


def _index(unit: Unit, node: ast.Function) -> int:
    """Return the index of a new function; where variables outlast scripts as state, that of the one before.

    So what calls the earlier function calls this one from now on.
    """
    output = unit.output
    if unit.options.entity and unit.options.scope is not None:
        for entry in unit.methods:
            same = (entry.name, len(entry.parameters), entry.type_tag)
            if same == (node.name, len(node.parameters), _type_tag(node)):
                old = output.infos[entry.index]
                assert old is not None, "no script defines a function twice"
                output.handlers = [row for row in output.handlers if not old.first <= row.first < old.end]
                output.infos[entry.index] = None
                return entry.index
    output.infos.append(None)
    return len(output.infos) - 1


def compile_functions(unit: Unit, script: ast.Script, indexes: list[int]) -> None:
    """Compile all functions, whose indexes `declare` gave."""
    for index, node in zip(indexes, _functions(script), strict=True):
        compile_function(unit, index, node, type_tag=_type_tag(node))


def statements_of(script: ast.Script) -> tuple[ast.Stmt, ...]:
    """Return what a top level does."""
    return tuple(node for node in script.statements if not isinstance(node, ast.Function))
