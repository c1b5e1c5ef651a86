"""Hints on failed runs: names in reach that are like the one that was not found, and what a limit means.

The script is parsed again for them, so they are looked for only when somebody reads the diagnostic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import Any

from lang.bytecode.disassemble import CONTEXT
from lang.bytecode.ops import Op
from lang.bytecode.program import Program
from lang.compile.refusals import NEAR, visible_names
from lang.errors import CompileError, ScriptError
from lang.source import NO_PLACE, Source
from lang.stdlib.registry import NativeTable
from lang.syntax import ast
from lang.syntax.foreign import FUNCTIONS, VALUES
from lang.syntax.parser import parse

_CONDITION = re.compile(r"\b(?:if|while|until)\b|&&|\|\||!")
ARRAYS_BEGIN_AT_0 = "the first index is 0, the last is one less than the length"
NOT_YET = "its `let` has not run yet"
_OF_KIND = {
    "ErrorTooManyOperations": "is there a loop that does not end?",
    "ErrorStackOverflow": "does a function call itself without an end?",
    "ErrorUnboundThis": "`this` is what a method is called on: `x.f()`, not `f()`",
    "ErrorFor": "`for` goes through arrays, ranges `0..10`, `map.keys()`, `map.values()`, `text.chars()`",
    "ErrorNonPureMethodCallOnConstant": "it is a constant; `let` declares a variable that can change",
    "ErrorAssignmentToConstant": "`let` declares a variable that can change",
    "ErrorDataRace": "what a method works on cannot be used by the function it calls: copy it before",
}
_EXPECTING = {
    "bool": "a condition is true or false: compare, `x != 0`, `x != ()`",
    "Fn": 'a function pointer is made by `Fn("name")`, by a function\'s bare name, or is a closure `|x| …`',
}


def add_hint(error: ScriptError, program: Program, natives: NativeTable, op: int) -> None:
    """Let an error find its hint when it is asked for; `op` of the other two failed."""
    error.find_hint = partial(_hint, error.kind, error.message, error.source, error.at, program, natives, op)


def _hint(
    kind: str, message: str, source: Source, at: int, program: Program, natives: NativeTable, op: int
) -> str | None:
    detail = message.partition(": ")[2]
    match kind:
        case "ErrorArithmetic" if message.startswith("Integer raised to a negative"):
            return "with a float it works: `2.0 ** -1`"
        case "ErrorIndexingType" if "() [" in message:
            return "there is no value before the bracket; `?[` goes on only where there is one"
        case "ErrorModuleNotFound":
            return f'`import "file" as {detail}` comes first'
        case "ErrorVariableNotFound":
            return _of_variable(detail, source, at, program, natives, is_state=op != Op.FAULT)
        case "ErrorFunctionNotFound":
            return _of_function(detail, source, at, program, natives)
        case "ErrorDotExpr" if message.endswith("'()'"):
            return "there is no value before the point; `?.` goes on only where there is one"
        case "ErrorDotExpr" if "'" in message:
            return _of_property(message.split("'")[1], natives)
        case "ErrorArrayBounds" if "is empty" not in message:
            return ARRAYS_BEGIN_AT_0
        case "ErrorMismatchDataType" if "::Range" in detail:
            return "a part of an array is `a.extract(0..2)`, of a string `s.sub_string(0..2)`"
        case "ErrorMismatchDataType" if "expecting bool" not in detail or _has_condition(source, at):
            return _EXPECTING.get(detail.partition("(expecting ")[2].rstrip(")"))
    return _OF_KIND.get(kind)


def _of_variable(
    name: str, source: Source, at: int, program: Program, natives: NativeTable, *, is_state: bool
) -> str | None:
    if name in VALUES:
        return f"write `{VALUES[name]}`"
    local, outer = names_in_reach(source, at)
    in_function = any(isinstance(node, ast.Function) for node in _around(source, at))
    context = CONTEXT if any(entry.api for entry in natives.entries) else ()
    state = [name for name in (*program.state_names, *context) if name.isidentifier()]
    if is_state and (name in outer or context):
        return NOT_YET
    if not is_state and in_function and (name in outer or name in state):
        return (
            "functions do not see the variables of the script: hand it over as an argument, "
            "or read a constant as `global::NAME`"
        )
    infos = [info for info in program.infos if info.name.isidentifier()]
    if name in visible_names(natives) or any(info.name == name for info in infos):
        return f'a built-in function as a value is written `Fn("{name}")`'
    functions = [info.name for info in infos if not info.built_in]
    return _nearest(name, [*local, *state, *functions]) or (NOT_YET if is_state else None)


def _of_function(call: str, source: Source, at: int, program: Program, natives: NativeTable) -> str | None:
    name, _, types = call.partition(" (")
    given = len([part for part in types.removesuffix(")").split(", ") if part])
    if not name.isidentifier():
        return _of_operator(name, types)
    infos = [info for info in program.infos if info.name.isidentifier() and not info.is_closure]
    own = sorted(len(info.parameters) for info in infos if info.name == name and not info.built_in)
    if own and given not in own:
        counts = " or ".join(map(str, own))
        return f"'{name}' takes {counts} {'argument' if counts == '1' else 'arguments'}, not {given}"
    local, _ = names_in_reach(source, at)
    if name in local:
        return f"`{name}` is a variable: call the function in it by `{name}.call(…)`"
    known = [*dict.fromkeys((*(info.name for info in infos), *visible_names(natives)))]
    if name == "pow":
        return "write `a ** b`"
    if FUNCTIONS.get(name) in known:
        return f"did you mean `{FUNCTIONS[name]}`?"
    if name in known:
        return None
    if types.startswith("map") and name in _property_names(source, at):
        return f"`{name}` is a property: it is read without parentheses"
    return _nearest(name, known)


def _of_operator(operator: str, types: str) -> str | None:
    if "()" in types.split(", ", maxsplit=1)[0] or types.endswith("())"):
        return "`()` stands for no value: was something not found, or not set yet?"
    if operator in "&|^" and "bool" in types and "i64" in types:
        return "comparisons bind closer: write `(a & b) == c`"
    if operator == "!":
        return "`!` turns true and false round: for a number write `x == 0`"
    return None


def _of_property(name: str, natives: NativeTable) -> str | None:
    known = [entry.name for entry in natives.entries if entry.is_property]
    if FUNCTIONS.get(name) in known:
        return f"did you mean `{FUNCTIONS[name]}`?"
    return None if name in known else _nearest(name, known)


def _nearest(name: str, known: Iterable[str]) -> str | None:
    return _like(name, frozenset(known) - {name})


@lru_cache(maxsize=64)  # a thousand entities may fail at one place in one tick
def _like(name: str, known: frozenset[str]) -> str | None:
    close = get_close_matches(name, sorted(known), 1, NEAR)
    return f"did you mean `{close[0]}`?" if close else None


@lru_cache(maxsize=64)
def _statements(source: Source) -> tuple[ast.Stmt, ...]:
    """Return the statements of a script; none if it was compiled with other options."""
    try:
        return parse(source, vectors=True).statements
    except CompileError:
        return ()


def _around(source: Source, at: int) -> list[ast.Stmt]:
    """Return the function that a place is in, or else the statements of the top level."""
    source, at = source.within(at)
    statements = _statements(source)
    for node in statements:
        if isinstance(node, ast.Function) and node.body.at <= at <= node.body.end:
            return [node]
    return [node for node in statements if not isinstance(node, ast.Function)]


def _has_condition(source: Source, at: int) -> bool:
    """Return whether the line of a place holds a condition."""
    part, at = source.within(at)
    return bool(_CONDITION.search(part.line_text(part.place(at)[0])))


def _property_names(source: Source, at: int) -> set[str]:
    """Return the names of properties that a script mentions."""
    found: set[str] = set()
    todo: list[Any] = list(_statements(source.within(at)[0]))
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo.extend(node)
        elif isinstance(node, ast.Node):
            if isinstance(node, ast.MapEntry):
                found.add(node.key)
            elif isinstance(node, ast.Property):
                found.add(node.name)
            todo.extend(getattr(node, field) for field in node.__struct_fields__)
    return found


@lru_cache(maxsize=64)
def names_in_reach(source: Source, at: int) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the local names that a place sees, and those of the script's top level.

    Args:
        source: a script that parses. at: a place in it.
    """
    if at == NO_PLACE:
        return (), frozenset()
    inner = _around(source, at)
    source, at = source.within(at)
    outer = frozenset(node.name for node in _statements(source) if isinstance(node, ast.Let))
    if len(inner) == 1 and isinstance(function := inner[0], ast.Function):
        return (*function.parameters, *_declared(function.body, at)), outer
    return tuple(_declared(tuple(inner), at)), outer


def _declared(node: Any, at: int) -> Iterator[str]:
    """Yield the names declared below a node, before a place and in the blocks around it."""
    todo = [node]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo.extend(node)
        if not isinstance(node, ast.Node | ast.MapEntry | ast.SwitchArm) or node.at > at:
            continue
        if isinstance(node, ast.Block) and not node.at <= at <= max(node.end, node.at):
            continue
        if isinstance(node, ast.Let) and node.name_at < at:
            yield node.name
        elif isinstance(node, ast.For) and node.body.at <= at <= node.body.end:
            yield node.variable
            if node.counter is not None:
                yield node.counter
        elif isinstance(node, ast.Closure):
            yield from node.parameters
        elif isinstance(node, ast.Try) and node.variable is not None:
            yield node.variable
        todo.extend(getattr(node, field) for field in node.__struct_fields__)
