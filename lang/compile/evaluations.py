"""`eval(text)`: the text is compiled while the script runs, as a closure over the variables in sight.

A function that calls `eval` keeps all its variables as closures' variables are kept, and each of its
blocks has a map (`$eval`) of what texts have declared there: name → shared cell. So a name may mean
such a variable, and that is looked up first. Where a text runs, its site tells what is in sight.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

import msgspec

from lang.bytecode.ops import Op
from lang.compile.frame import Alias, Unit, Variable
from lang.compile.order import Order
from lang.syntax import ast

DECLARED = "$eval"
_MENTION = re.compile(r"\beval\s*\(")


class SiteName(NamedTuple):
    """A variable in sight."""

    name: str
    register: int
    constant: bool


class Site(NamedTuple):
    """What is in sight of a call that looks up names at run time.

    Attributes:
        scopes: of each scope, outermost first, its variables and the register of its map (-1: none).
        others: what else has a name there. unit: the file.
    """

    scopes: tuple[tuple[tuple[SiteName, ...], int], ...]
    others: frozenset[str]
    unit: int


def mentions_eval(unit: Unit) -> bool:
    """Return whether a file may call `eval`, and its host allows it; in a scope it never does."""
    return unit.options.eval and unit.options.scope is None and _MENTION.search(unit.source.text) is not None


def calls_eval(node: object) -> bool:
    """Return whether a part of a file calls `eval` where it stands (not in closures), or inlines others."""
    if isinstance(node, ast.Closure | ast.Function):
        return False
    if isinstance(node, ast.Call) and (node.bang or (node.name == "eval" and not node.path)):
        return True
    if isinstance(node, tuple):
        return any(map(calls_eval, node))
    if isinstance(node, msgspec.Struct):
        return any(calls_eval(getattr(node, name)) for name in node.__struct_fields__)
    return False


class Evaluations(Order):
    """Names that are known at run time only."""

    def open_scope(self, at: int) -> None:
        """Enter a scope."""
        self.scopes.append({})
        if self.has_eval:
            self.declare_map(at)

    def begin_evaluations(self, body: object) -> None:
        """Prepare a function, whose parameters are known, for the texts that its body may evaluate."""
        self.has_eval = mentions_eval(self.unit) and calls_eval(body)
        if self.has_eval:
            self.scopes[0] = {
                name: variable if isinstance(variable, Alias) else replace(variable, captured=True)
                for name, variable in self.scopes[0].items()
            }
            self.declare_map(0)

    def declare_map(self, at: int) -> None:
        """Make the innermost scope's map of what texts declare there."""
        register = self.registers.take(1, at)
        self.out.emit(Op.NEW_MAP, at, register, register, 0)
        self.scopes[-1][DECLARED] = Variable(register)

    def lookup(self, name: str, at: int) -> Variable | None:
        """Return the variable of a name; in a function that calls `eval` the one that it means now."""
        found = self.find(name)
        if not self.has_eval:
            return found
        maps = []
        for scope in reversed(self.scopes):
            if DECLARED in scope:
                maps.append(scope[DECLARED].register)
            if name in scope:
                break
        register = self.registers.take(1, at)
        key = self.string_constant(name)
        hits = []
        for declared in maps:
            self.out.emit(Op.GET_PROPERTY_REF, at, register, declared, key)
            hits.append(self.out.jump(Op.JUMP_NOT_UNIT, at, register))
        if found is not None:
            self.out.emit(Op.SHARE, at, found.register)
            self.out.emit(Op.MOVE, at, register, found.register)
        else:
            self.otherwise(ast.Name(at, name), register)
        for hit in hits:
            self.out.patch(hit)
        return Variable(register, captured=True, constant=found is not None and found.constant)

    def otherwise(self, node: ast.Name, dst: int) -> None:
        """Put what a name means that is no variable into `dst`."""
        raise NotImplementedError

    def keep_declaration(self, name: str, variable: Variable, at: int) -> None:
        """Let a variable of a text's own outermost scope stay; a new one hides what texts declared before."""
        declared = self.scopes[-1].get(DECLARED)
        if declared is None:
            return
        key = self.string_constant(name)
        if self.is_text and len(self.scopes) == 1:
            self.out.emit(Op.SHARE, at, variable.register)
            self.out.emit(Op.SET_PROPERTY, at, declared.register, key, variable.register)
        else:
            nothing = self.registers.take(1, at)
            self.load_unit(nothing, at)
            self.out.emit(Op.SET_PROPERTY, at, declared.register, key, nothing)

    def note_site(self) -> int:
        """Keep what is in sight here; returns the constant of its number."""
        scopes = []
        for scope in self.scopes:
            names = tuple(
                SiteName(name, variable.register, variable.constant)
                for name, variable in scope.items()
                if not name.startswith("$") and not isinstance(variable, Alias)
            )
            declared = scope.get(DECLARED)
            scopes.append((names, -1 if declared is None else declared.register))
        others = frozenset(self.unit.state) if self.unit.options.entity else frozenset()
        sites = self.unit.output.sites
        sites.append(Site(tuple(scopes), others, self.unit.number))
        number = self.constant(ast.Int(0, len(sites) - 1))
        assert number is not None, "ints have constants"
        return number
