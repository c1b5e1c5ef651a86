"""Imported files: each becomes a unit of the same program and runs once in every instance.

A file is compiled when the first `import` that names it is met; its functions and its top level have
their numbers then, but their code comes when the script's own is done. What a file declares at its top
level lies in state slots, whose names begin with that of the file.
"""

from __future__ import annotations

from dataclasses import replace

from lang.bytecode.program import RAN, FunctionInfo
from lang.compile.entries import Module
from lang.compile.frame import Options, Unit
from lang.compile.statements import FunctionCompiler
from lang.compile.units import (
    check_state_names,
    compile_functions,
    declare,
    statements_of,
    top_level_lets,
)
from lang.errors import CompileError
from lang.layout import UNITS
from lang.modules import ImportRefused
from lang.resolve.resolver import Resolver
from lang.source import Source, joined, with_parts_of
from lang.syntax import ast
from lang.syntax.parser import parse


class Importer:
    """Compiles what a script imports, each file once."""

    def __init__(self, script: Source) -> None:
        """Make one for a script, which no file that it imports may import in turn."""
        self._under_way = [script.name]

    def load(self, unit: Unit, node: ast.Import) -> Module | None:
        """Return the module that an import statement of a unit names; None if there is none.

        Raises:
            CompileError: the path is not known yet; the file may not be imported, imports itself, or is
                not a script.
        """
        resolver = unit.options.resolver
        if resolver is None:
            return None
        path = _literal_path(node.path)
        if path is None:
            raise self._error(unit, node, "The path of an import must be known when the script is compiled")
        try:
            source = resolver.resolve(path, unit.source)
        except ImportRefused as refused:
            raise self._error(unit, node, str(refused)) from None
        if source is None:
            if unit.options.entity:
                raise self._error(unit, node, f"Module not found: {path}")
            return None
        if source.name in self._under_way:
            cycle = " → ".join((*self._under_way[self._under_way.index(source.name) :], source.name))
            raise self._error(unit, node, f"This file imports itself: {cycle}")
        found = unit.output.modules.get(source.name)
        if found is None:
            if len(unit.output.modules) + 1 >= UNITS:
                raise self._error(unit, node, "This script imports too many files")
            self._under_way.append(source.name)
            found = self._compiled(unit, source)
            self._under_way.pop()
        return found

    def global_imports(self, unit: Unit, script: ast.Script) -> None:
        """Make the modules known that a file imports at its top level, under a name."""
        for node in script.statements:
            if isinstance(node, ast.Import) and node.alias is not None:
                module = self.load(unit, node)
                if module is not None:
                    unit.imports[node.alias] = module

    def _error(self, unit: Unit, node: ast.Import, message: str) -> CompileError:
        return CompileError(unit.output.source, node.at, message, "BadImport")

    def _compiled(self, importer: Unit, source: Source) -> Module:
        output = importer.output
        own = joined(output.source, source)
        output.source = with_parts_of(output.source, own)
        script = parse(own, vectors=importer.options.vectors)
        module = Module(len(output.modules) + 1, len(output.infos), len(output.slots))
        output.modules[source.name] = module
        output.infos.append(None)
        output.slots.append(source.name + RAN)
        unit = self._unit(importer, source, script, module)
        indexes = declare(unit, script)
        private = {
            (node.name, len(node.parameters))
            for node in script.statements
            if isinstance(node, ast.Function) and node.private
        }
        module.functions = {key: entry for key, entry in unit.functions.items() if key not in private}
        module.methods = unit.methods
        self.global_imports(unit, script)
        module.modules = unit.imports
        _export(unit, script, module)
        unit.pending.append(lambda: _compile_top_level(unit, script, module.top_level))
        unit.pending.append(lambda: compile_functions(unit, script, indexes))
        return module

    def _unit(self, importer: Unit, source: Source, script: ast.Script, module: Module) -> Unit:
        """Return the unit of a file, with slots for its constants or all its variables."""
        options: Options = replace(importer.options, scope=None, handles=False, callbacks={})
        output = importer.output
        lets = top_level_lets(script)
        constants = {node.name for node in lets if node.constant}
        state: dict[str, int] = {}
        for name in dict.fromkeys(node.name for node in lets if options.entity or node.constant):
            state[name] = len(output.slots)
            output.slots.append(f"{source.name}::{name}")
        module.constants = {f"{source.name}::{name}" for name in constants}
        resolution = Resolver(frozenset(state) if options.entity else frozenset()).script(script)
        unit = Unit(
            options,
            output,
            resolution,
            {},
            [],
            state,
            constants,
            importer.built_ins,
            pending=importer.pending,
            warnings=importer.warnings,
            number=module.number,
            source=source,
            load=self.load,
        )
        check_state_names(unit, lets)
        return unit


def _literal_path(node: ast.Expr) -> str | None:
    """Return the text of a string literal, or of a sum of them."""
    if isinstance(node, ast.Str):
        return node.value
    if isinstance(node, ast.Binary) and node.operator == "+":
        left, right = _literal_path(node.left), _literal_path(node.right)
        return None if left is None or right is None else left + right
    return None


def _export(unit: Unit, script: ast.Script, module: Module) -> None:
    """Find what a file exports; plain variables get a slot for their last value."""
    exported: dict[str, str] = {}
    for node in script.statements:
        if isinstance(node, ast.Let) and node.export:
            exported[node.name] = node.name
        elif isinstance(node, ast.Export) and node.name in unit.imports:
            module.modules[node.alias or node.name] = unit.imports[node.name]
        elif isinstance(node, ast.Export):
            exported[node.alias or node.name] = node.name
    for name, variable in exported.items():
        if unit.options.entity and variable in unit.state:
            module.exports[name] = unit.state[variable]
        else:
            slot = module.exports[name] = len(unit.output.slots)
            unit.output.slots.append(f"{unit.source.name}::export {name}")
            unit.exports[slot] = variable


def _compile_top_level(unit: Unit, script: ast.Script, index: int) -> None:
    """Compile the function that runs a file; at its end it lays out what it exports."""
    output = unit.output
    frame = FunctionCompiler(unit, (), 0, top=True)
    frame.module_top_level(statements_of(script))
    first, end = output.add(frame.out)
    output.infos[index] = FunctionInfo(
        unit.source.name,
        (),
        0,
        first,
        end,
        frame.registers.most,
        0,
        unit=unit.number,
        is_module=True,
    )
