"""From a script's text to a `Program`."""

from __future__ import annotations

import numpy as np

from lang.bytecode.ops import Op
from lang.bytecode.program import FunctionInfo, Program, TopVariable
from lang.compile.emit import Output
from lang.compile.frame import HANDLES, SCOPE_PLACE, THIS, FunctionEntry, Options, Unit, Variable
from lang.compile.statements import FunctionCompiler, compile_function
from lang.compile.warnings import declaration_warnings
from lang.errors import CompileError
from lang.layout import BUILT_IN_BIT
from lang.optimise.ahead import Known, look_ahead
from lang.resolve.resolver import Resolver
from lang.source import NO_PLACE, Source
from lang.syntax import ast
from lang.syntax.parser import parse
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
    lets = [node for node in script.statements if isinstance(node, ast.Let)]
    constants = {node.name for node in lets if node.constant}
    state = {name: slot for slot, name in enumerate(_state_names(lets, options, prelude))}
    output = _linked(Output(source), prelude)
    scope = [(known.name, SCOPE_PLACE) for known in options.scope or ()]
    resolver = Resolver(frozenset(state) if options.entity else frozenset())
    resolution = resolver.script(script, scope, output.nodes.values())
    unit = Unit(options, output, resolution, {}, [], state, constants)
    _check_state_names(unit, lets)
    _know_linked_functions(unit)
    top_level = len(unit.output.infos)
    unit.output.infos.append(None)
    _declare(unit, script)
    unit.warnings += [warning.text(source) for warning in declaration_warnings(script, options)]
    _compile_top_level(unit, script, top_level)
    for index, node in _functions(unit, script, top_level + 1):
        tag = _type_tag(node)
        compile_function(unit, index, node, type_tag=tag)
    while unit.pending:
        unit.pending.pop(0)()
    is_prelude = prelude is not None and prelude.infos[prelude.top_level].built_in
    look_ahead(unit.output.code, len(prelude.code) if is_prelude and prelude else 0, _known(unit))
    return _finish(unit, prelude, top_level)


def _check_state_names(unit: Unit, lets: list[ast.Let]) -> None:
    if not unit.options.entity:
        return
    for node in lets:
        if node.name in unit.options.context:
            raise FunctionCompiler(unit, (), 0, top=True).error(
                node.name_at, f"'{node.name}' is a constant of every entity script"
            )


def _state_names(lets: list[ast.Let], options: Options, base: Program | None) -> dict[str, None]:
    """Return the names that have a slot: those of the script that this one links to keep theirs."""
    names = dict.fromkeys(base.state_names if base is not None else ())
    if options.handles:
        names[HANDLES] = None
    if options.scope is not None:
        names.update(dict.fromkeys(known.name for known in options.scope))
    has_slot = options.entity or options.scope is not None
    names.update(dict.fromkeys(node.name for node in lets if has_slot or node.constant))
    return names


def _linked(output: Output, base: Program | None) -> Output:
    """Let an output begin with code, constants and functions of the prelude or an earlier script."""
    if base is None:
        return output
    linked: Output = base.linked
    output.code = linked.code.copy()
    output.pool = linked.pool.copy()
    output.names = linked.names.copy()
    output.handlers = linked.handlers.copy()
    output.infos = list(base.infos)
    if base.infos[base.top_level].built_in:
        output.places = [NO_PLACE] * len(output.code)
    else:
        output.places = linked.places.copy()
        output.fault_places = linked.fault_places.copy()
        output.nodes = linked.nodes.copy()
    return output


def _know_linked_functions(unit: Unit) -> None:
    """Make the functions known that the script was linked to: built-ins, and those of earlier scripts."""
    for index, info in enumerate(unit.output.infos):
        if info is None or not info.name or info.is_closure:
            continue
        key = (info.name, len(info.parameters))
        entry = FunctionEntry(index, info.name, info.parameters, info.type_tag, info.built_in)
        if info.built_in:
            unit.built_ins[key] = entry
        elif not unit.options.hidden_functions:
            _define(unit, entry)


def _define(unit: Unit, entry: FunctionEntry) -> None:
    """Make a function known; it takes the place of an earlier one of its name, parameters and type."""
    same = (entry.name, len(entry.parameters), entry.type_tag)
    unit.methods = [
        other for other in unit.methods if (other.name, len(other.parameters), other.type_tag) != same
    ]
    unit.methods.append(entry)
    if entry.type_tag == -1:
        unit.functions[(entry.name, len(entry.parameters))] = entry


def _type_tag(node: ast.Function) -> int:
    if node.this_type is None:
        return -1
    return TYPE_TAGS.get(node.this_type, UNKNOWN_TYPE)


def _functions(unit: Unit, script: ast.Script, first: int) -> list[tuple[int, ast.Function]]:
    nodes = [node for node in script.statements if isinstance(node, ast.Function)]
    return [(first + number, node) for number, node in enumerate(nodes)]


def _declare(unit: Unit, script: ast.Script) -> None:
    """Make all functions known before any code is compiled."""
    for index, node in _functions(unit, script, len(unit.output.infos)):
        entry = FunctionEntry(index, node.name, node.parameters, _type_tag(node), unit.options.built_in)
        unit.output.infos.append(None)
        _define(unit, entry)
        if node.this_type is None:
            unit.output.nodes[(node.name, len(node.parameters))] = node
            most = unit.options.callbacks.get(node.name)
            if unit.options.entity and most is not None and len(node.parameters) > most:
                raise FunctionCompiler(unit, (), 0, top=True).error(
                    node.name_at, f"'{node.name}' takes at most {most} parameters"
                )


def _compile_top_level(unit: Unit, script: ast.Script, index: int) -> None:
    scope = unit.options.scope or ()
    frame = FunctionCompiler(unit, tuple(known.name for known in scope), SCOPE_PLACE, top=True)
    first = unit.output.here
    for register, known in enumerate(scope, 1):
        captured = known.shared or (known.name, SCOPE_PLACE) in unit.resolution.captured
        frame.scopes[0][known.name] = Variable(register, captured, known.constant)
        unit.variables.append(TopVariable(known.name, register, first, known.constant))
    statements = tuple(node for node in script.statements if not isinstance(node, ast.Function))
    frame.tail_statements(statements, 0)
    frame.out.emit(Op.RETURN, 0, THIS)  # where `exit` leads
    built_in = unit.options.built_in
    end, registers = unit.output.here, frame.registers.most
    unit.output.infos[index] = FunctionInfo("", (), 0, first, end, registers, 0, built_in)


def _known(unit: Unit) -> Known:
    """Return what instructions that look ahead may rely on."""
    entries = unit.options.natives.entries
    natives = {number: entry.ahead for number, entry in enumerate(entries) if entry.ahead is not None}
    methods: dict[tuple[int, int], list[FunctionEntry]] = {}
    for entry in unit.methods:
        name = unit.output.pool.value(Tag.STRING, unit.output.pool.string(entry.name))
        methods.setdefault((name, len(entry.parameters)), []).append(entry)
    return Known(
        natives,
        {
            key: found[0].index
            for key, found in methods.items()
            if all(entry.type_tag == -1 and not entry.built_in for entry in found)
        },
    )


def _finish(unit: Unit, prelude: Program | None, top_level: int) -> Program:
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
    methods = [
        word
        for entry in (*unit.methods, *built_in)
        for word in (output.pool.string(entry.name), len(entry.parameters), entry.type_tag, entry.index)
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
        state_names=tuple(unit.state),
        names=output.names,
        callbacks=callbacks,
        top_level=top_level,
        constant_names=frozenset(unit.constants),
        warnings=tuple(unit.warnings),
        fault_places=output.fault_places,
        variables=tuple(unit.variables),
        linked=output,
    )
