"""From a script's text to a `Program`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from lang.bytecode.ops import Op
from lang.bytecode.program import IN_SLOT, SEQUENCES, FunctionInfo, Program, TopVariable
from lang.compile.emit import Output
from lang.compile.entries import FunctionEntry
from lang.compile.frame import HANDLES, SCOPE_PLACE, THIS, Options, Unit, Variable
from lang.compile.importing import Importer
from lang.compile.statements import FunctionCompiler
from lang.compile.units import (
    check_state_names,
    compile_functions,
    declare,
    define,
    statements_of,
    top_level_lets,
)
from lang.compile.warnings import declaration_warnings
from lang.errors import CompileError
from lang.layout import BUILT_IN_BIT, UNIT_SHIFT
from lang.optimise.ahead import Known, look_ahead
from lang.optimise.passes import Pass
from lang.resolve.resolver import Resolution, Resolver
from lang.source import NO_PLACE, Source
from lang.syntax import ast
from lang.syntax.parser import parse
from lang.values import Tag


def compile_source(source: Source, options: Options, prelude: Program | None = None) -> Program:
    """Compile a script.

    Args:
        source: the text. options: what it may use. prelude: the compiled built-ins it links to.
    Raises:
        CompileError: the text is not a script, or breaks a rule of the options.
    """
    try:
        script = parse(source, vectors=options.vectors)
        return compile_script(script, source, options, prelude)
    except RecursionError:
        raise CompileError(source, 0, "This script is nested too deeply", "ExprTooDeep") from None


def compile_script(script: ast.Script, source: Source, options: Options, prelude: Program | None) -> Program:
    """Compile a parsed script; see `compile_source`."""
    output = _linked(Output(source, options.passes), prelude)
    output.options = options
    importer = Importer(source)
    unit = _unit(script, source, output, options, importer)
    _know_linked_functions(unit)
    top_level = len(output.infos)
    output.infos.append(None)
    indexes = declare(unit, script)
    _await_later_names(unit)
    importer.global_imports(unit, script)
    unit.warnings += [warning.text(source) for warning in declaration_warnings(script, options)]
    _compile_top_level(unit, script, top_level)
    compile_functions(unit, script, indexes)
    while unit.pending:
        unit.pending.pop(0)()
    is_prelude = prelude is not None and prelude.infos[prelude.top_level].built_in
    if Pass.AHEAD in options.passes:
        look_ahead(unit.output.code, len(prelude.code) if is_prelude and prelude else 0, _known(unit))
    return finish(unit, prelude, top_level)


def _unit(script: ast.Script, source: Source, output: Output, options: Options, importer: Importer) -> Unit:
    """Return the unit of the script itself, with slots for its variables."""
    lets = top_level_lets(script)
    scope = options.scope or ()
    names = _state_names(lets, options)
    output.slots = list(dict.fromkeys((*output.slots, *names)))
    state = {name: slot for slot, name in enumerate(output.slots) if name in names}
    constants = {known.name for known in scope if known.constant and options.entity}
    constants -= {node.name for node in lets}
    outer = [] if options.entity else [(known.name, SCOPE_PLACE) for known in scope]
    resolver = Resolver(frozenset(state) if options.entity else frozenset())
    unit = Unit(
        options,
        output,
        resolver.script(script, outer, output.nodes.values()),
        {},
        [],
        state,
        constants | {node.name for node in lets if node.constant},
        source=source,
        nodes=output.nodes,
        load=importer.load,
    )
    check_state_names(unit, lets)
    return unit


def _state_names(lets: list[ast.Let], options: Options) -> dict[str, None]:
    """Return the names of variables that need a slot."""
    names: dict[str, None] = {}
    if options.handles:
        names[HANDLES] = None
    if options.scope is not None:
        names.update(dict.fromkeys(known.name for known in options.scope))
    has_slot = options.entity or options.scope is not None
    names.update(dict.fromkeys(node.name for node in lets if has_slot or node.constant))
    if options.sequences:
        names[SEQUENCES] = None
    return names


def _await_later_names(unit: Unit) -> None:
    """Give slots to what functions use and a later script of the scope may declare."""
    if not unit.options.entity or unit.options.scope is None:
        return
    slots = unit.output.slots
    functions = {name for name, _ in unit.functions}
    for name in unit.resolution.free:
        if name not in unit.state and name not in functions and name not in unit.options.context:
            if name not in slots:
                slots.append(name)
            unit.state[name] = slots.index(name)


def _linked(output: Output, base: Program | None) -> Output:
    """Let an output begin with code, constants and functions of the prelude or an earlier script."""
    if base is None:
        return output
    linked: Output = base.linked
    output.code = linked.code.copy()
    output.pool = linked.pool.copy()
    output.live = linked.live.copy()
    output.roots = linked.roots.copy()
    output.names = linked.names.copy()
    output.assignments = linked.assignments.copy()
    output.handlers = linked.handlers.copy()
    output.infos = list(base.infos)
    output.slots = list(base.state_names)
    output.modules = linked.modules.copy()
    if base.infos[base.top_level].built_in:
        output.places = [NO_PLACE] * len(output.code)
    else:
        output.places = linked.places.copy()
        output.fault_places = linked.fault_places.copy()
        output.parts = linked.parts.copy()
        output.nodes = linked.nodes.copy()
    output.sites = linked.sites.copy()
    output.evaluated = linked.evaluated.copy()
    return output


def extended(program: Program, source: Source) -> Output:
    """Return an output that begins as a program does."""
    output = _linked(Output(source, program.linked.options.passes), program)
    output.options = program.linked.options
    return output


def known_unit(program: Program, output: Output, number: int, source: Source, resolution: Resolution) -> Unit:
    """Return the unit of a text that sees what a file of a program sees."""
    unit = Unit(
        output.options,
        output,
        resolution,
        {},
        [],
        {name: slot for slot, name in enumerate(output.slots)},
        set(program.constant_names),
        number=number,
        source=source,
        nodes=output.nodes,
        load=Importer(source).load,
    )
    _know_linked_functions(unit)
    for module in output.modules.values():
        if module.number == number:
            unit.imports = module.modules
            unit.methods = module.methods.copy()
            keys = ((entry.name, len(entry.parameters)) for entry in module.methods)
            unit.functions = dict(zip(keys, module.methods, strict=True))
    return unit


def _know_linked_functions(unit: Unit) -> None:
    """Make the functions known that the script was linked to: built-ins, and those of earlier scripts."""
    for index, info in enumerate(unit.output.infos):
        if info is None or not info.name or info.is_closure or info.unit or info.is_module:
            continue
        key = (info.name, len(info.parameters))
        entry = FunctionEntry(index, info.name, info.parameters, info.type_tag, info.built_in)
        if info.built_in:
            unit.built_ins[key] = entry
        elif not unit.options.hidden_functions:
            define(unit, entry)


def _compile_top_level(unit: Unit, script: ast.Script, index: int) -> None:
    scope = unit.options.scope or ()
    in_slots = unit.options.entity
    names = () if in_slots else tuple(known.name for known in scope)
    frame = FunctionCompiler(unit, names, SCOPE_PLACE, top=True)
    for register, known in enumerate(scope, 1):
        if in_slots:
            frame.out.variables.append(TopVariable(known.name, IN_SLOT, 0, known.constant))
            continue
        captured = known.shared or (known.name, SCOPE_PLACE) in unit.resolution.captured
        frame.scopes[0][known.name] = Variable(register, captured, known.constant)
        frame.out.variables.append(TopVariable(known.name, register, 0, known.constant))
    frame.begin_evaluations(statements_of(script))
    frame.tail_statements(statements_of(script), 0)
    frame.out.emit(Op.RETURN, 0, THIS)  # where `exit` leads
    built_in = unit.options.built_in
    first, end = unit.output.add(frame.out)
    unit.output.infos[index] = FunctionInfo("", (), 0, first, end, frame.registers.most, 0, built_in)


def _known(unit: Unit) -> Known:
    """Return what instructions that look ahead may rely on."""
    entries = unit.options.natives.entries
    natives = {number: entry.ahead for number, entry in enumerate(entries) if entry.ahead is not None}
    methods: dict[tuple[int, int], list[FunctionEntry]] = {}
    for entry in unit.methods:
        name = unit.output.pool.value(Tag.STRING, unit.output.pool.string(entry.name))
        methods.setdefault((name, len(entry.parameters)), []).append(entry)
    return Known(
        unit.output.pool,
        natives,
        {
            key: found[0].index
            for key, found in methods.items()
            if all(entry.type_tag == -1 and not entry.built_in for entry in found)
        },
    )


def finish(unit: Unit, prelude: Program | None, top_level: int) -> Program:
    """Return the program of a unit, whose code is complete."""
    output = unit.output
    infos = [info for info in output.infos if info is not None]
    assert len(infos) == len(output.infos), "every function was compiled"
    rows = [
        word
        for info in infos
        for word in (
            info.first,
            2 * info.registers,
            len(info.parameters) | info.built_in << BUILT_IN_BIT,
            info.end,
        )
    ]
    built_in = [
        FunctionEntry(number, info.name, info.parameters, -1, True)
        for number, info in enumerate(infos[: top_level if prelude is not None else 0])
        if info.built_in and info.name and not info.is_closure
    ]
    modules = output.modules.values()
    methods = [
        *_method_rows(output, 0, (*unit.methods, *built_in)),
        *(
            word
            for module in modules
            for word in _method_rows(output, module.number, (*module.methods, *built_in))
        ),
    ]
    callbacks: dict[str, int] = {}
    for entry in sorted(unit.methods, key=lambda item: len(item.parameters)):
        if entry.type_tag == -1:
            callbacks[entry.name] = entry.index
    return Program(
        source=output.source,
        code=np.array(output.code, np.int64),
        places=np.array(output.places, np.int32),
        constants=np.array(output.pool.words, np.int64),
        pool=np.array(output.pool.heap, np.int64),
        functions=np.array(rows, np.int64),
        methods=np.array(methods, np.int64),
        infos=tuple(infos),
        handlers=tuple(output.handlers),
        state_names=tuple(output.slots),
        names=output.names,
        callbacks=callbacks,
        top_level=top_level,
        constant_names=frozenset(unit.constants).union(*(module.constants for module in modules)),
        warnings=tuple(unit.warnings),
        fault_places=output.fault_places,
        variables=tuple(output.variables),
        parts=output.parts,
        assignments=frozenset(output.assignments),
        live=np.array(output.live, np.int64),
        roots=np.array(output.roots.words, np.int64),
        linked=output,
    )


def _method_rows(output: Output, unit: int, entries: Iterable[FunctionEntry]) -> Iterator[int]:
    """Return the rows in which functions are found by name, number of parameters and type."""
    for entry in entries:
        parameters = len(entry.parameters) | unit << UNIT_SHIFT
        yield from (output.pool.string(entry.name), parameters, entry.type_tag, entry.index)
