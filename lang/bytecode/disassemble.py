"""A program as text, in 80 columns: functions with their instructions, state, constants, handlers.

An instruction is shown as its operand kinds say (`lang.bytecode.ops`); the line of the script that it
comes from stands beside the first instruction of each line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lang.bytecode.constants import constant_text
from lang.bytecode.ops import OPCODES, OPERAND_KINDS, OPERAND_MASK, OPERAND_SHIFTS
from lang.bytecode.program import FunctionInfo, Program
from lang.faults import Fault
from lang.source import NO_PLACE, JoinedSource

COLUMNS = 80
COMMENT_COLUMN = 50
SHORTENED = "..."
FAULTS = {int(fault): fault.name.lower() for fault in Fault}
CONTEXT = ("entity_id", "delta_time", "tick")
Names = Mapping[str, Sequence[str]]
"""Names of operands by their kind and number."""


def disassemble(
    program: Program,
    natives: Sequence[str] = (),
    context: Sequence[str] = CONTEXT,
    *,
    built_in: bool = False,
) -> str:
    """Return a listing of a program, without the scripts that it is linked with.

    Args:
        natives: names by number, as in the table it was compiled for. context: names by number.
        built_in: show the functions of the prelude that it is linked with, too.
    """
    shown = [info for info in program.infos if (built_in or not info.built_in) and _is_new(program, info)]
    shown.sort(key=lambda info: info.first)
    lines = [
        f"; {program.source.name}: {program.code.size} instructions, {len(program.infos)} functions in all"
    ]
    if len(shown) < len(program.infos):
        lines.append("; the prelude is not shown")
    names = {"native": natives, "context": context}
    for info in shown:
        lines += ["", *_function(program, info, names)]
    lines += _tables(program, shown)
    return "\n".join(line.rstrip()[:COLUMNS] for line in lines) + "\n"


def _is_new(program: Program, info: FunctionInfo) -> bool:
    """Return whether a function is part of the last script of a program."""
    if not isinstance(program.source, JoinedSource):
        return True
    places = [int(at) for at in program.places[info.first : info.end] if at != NO_PLACE]
    return not places or program.source.part_at(places[0]) is program.source.parts[-1]


def instruction_operands(program: Program, pc: int) -> tuple[tuple[str, int], ...]:
    """Return (kind, value) of each operand of an instruction; a jump's value is its target."""
    word = int(program.code[pc])
    op = OPCODES[word & 0xFF]
    found = []
    for name, shift in zip(op.operands, OPERAND_SHIFTS, strict=False):
        kind = OPERAND_KINDS[name]
        value = word >> shift & OPERAND_MASK
        if kind == "jump":
            value = pc + 1 + (value ^ 0x8000) - 0x8000
        found.append((kind, value))
    return tuple(found)


def _function(program: Program, info: FunctionInfo, names: Names) -> Iterator[str]:
    name = info.name or "top level"
    count = f"{info.registers} registers"
    captures = f", the first {info.captures} captured" if info.captures else ""
    yield _shortened(f"{name}({', '.join(info.parameters)})  ; {count}{captures}", COLUMNS)
    targets = {
        value
        for pc in range(info.first, info.end)
        for kind, value in instruction_operands(program, pc)
        if kind == "jump"
    }
    last_line = 0
    for pc in range(info.first, info.end):
        mark = ">" if pc in targets else " "
        line = f" {mark}{pc:5}  {_instruction(program, pc, names)}"
        at = int(program.places[pc])
        if at != NO_PLACE and (place := program.source.place(at)[0]) != last_line:
            last_line = place
            source = " ".join(program.source.part_at(at).line_text(place).split())
            comment = f"; {place}: {source.encode('ascii', 'replace').decode()}"
            line = _shortened(line, COMMENT_COLUMN - 1).ljust(COMMENT_COLUMN) + comment
        yield _shortened(line, COLUMNS)


def _instruction(program: Program, pc: int, names: Names) -> str:
    op = OPCODES[int(program.code[pc]) & 0xFF]
    operands = [
        names[kind][value] if value < len(names.get(kind, ())) else _operand(program, pc, kind, value)
        for kind, value in instruction_operands(program, pc)
    ]
    return f"{op.name.lower():<16} {', '.join(operands)}"


def _operand(program: Program, pc: int, kind: str, value: int) -> str:
    """Return an operand as its kind is shown."""
    match kind:
        case "register":
            return f"r{value}"
        case "constant" | "name":
            return constant_text(program, value)
        case "state":
            return f"${program.state_names[value]}"
        case "function":
            info = program.infos[value]
            return f"{info.name}/{len(info.parameters)}"
        case "native":
            return program.names.get(pc, f"native {value}")
        case "jump":
            return f"-> {value}"
        case "fault":
            return FAULTS.get(value, f"fault {value}")
        case "packed":
            return f"r{value >> 8}+{value & 0xFF}" if value else "-"
    return str(value)


def _tables(program: Program, shown: list[FunctionInfo]) -> Iterator[str]:
    state = [(slot, name) for slot, name in enumerate(program.state_names) if name.isidentifier()]
    if state:
        yield "\nstate"
    for slot, name in state:
        yield f"  {slot:5}  {'const ' if name in program.constant_names else ''}{name}"
    numbers = sorted(
        {
            value
            for info in shown
            for pc in range(info.first, info.end)
            for kind, value in instruction_operands(program, pc)
            if kind in {"constant", "name"}
        }
    )
    if numbers:
        yield "\nconstants"
    for number in numbers:
        yield _shortened(f"  {number:5}  {constant_text(program, number)}", COLUMNS)
    handlers = [
        handler
        for handler in program.handlers
        if any(info.first <= handler.target <= info.end for info in shown)
    ]
    if handlers:
        yield "\nhandlers"
    for handler in handlers:
        covered = f"{handler.first}..{handler.end - 1}"
        yield f"  {covered:>11} -> {handler.target}, what was caught in r{handler.register}"


def _shortened(text: str, columns: int) -> str:
    text = text.rstrip()
    return text if len(text) <= columns else text[: columns - len(SHORTENED)] + SHORTENED
