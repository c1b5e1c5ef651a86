"""`eval` and `is_def_var` at run time: what a call needs to know of the names around it."""

from __future__ import annotations

from typing import Any

from lang.bytecode.program import Program
from lang.compile.evaluations import Site
from lang.compile.fragments import compile_fragment
from lang.errors import CompileError
from lang.faults import Fault
from lang.heap.convert import Memory
from lang.layout import ENTRY_WORDS, M, Status
from lang.stdlib.registry import HostFault, NativeEntry
from lang.stdlib.text import type_name
from lang.values import TAG_MASK, Tag
from lang.vm.calls import enter_built_in

LOOKING_AROUND = 500
"""Operations that each call costs: a script does as many in the time in which Python looks around."""
COMPILING = 2_000
COMPILING_CHARACTER = 20
"""Operations that a new text costs, and each of its characters."""
REFERENCES = (Tag.REF_REGISTER, Tag.REF_STATE, Tag.REF_ELEMENT, Tag.UNBOUND)
Cell = tuple[int, int, bool]
"""(tag, payload, is a constant) of a variable in sight."""


def evaluate_text(machine: Any, window: int, count: int) -> None:
    """Run a text in the scope of the caller."""
    machine.words[M.FUEL] -= LOOKING_AROUND
    text, number = machine.arguments(window, count)
    if type(text) is not str:
        raise HostFault(Fault.WRONG_TYPE, f"{type_name(text)} (expecting string)")
    program: Program = machine.program
    site = program.linked.sites[number]
    cells = _in_sight(machine, site)
    names = tuple((name, cell[2]) for name, cell in cells.items())
    innermost = next(declared for _, declared in reversed(site.scopes) if declared >= 0)
    index = program.linked.evaluated.get((number, text, names))
    if index is None:
        machine.words[M.FUEL] -= COMPILING + COMPILING_CHARACTER * len(text)
        try:
            program, index = compile_fragment(program, site, text, names)
        except CompileError as error:
            raise HostFault(Fault.PARSING, error.message) from error
        program.linked.evaluated[number, text, names] = index
        machine.run_on(program)
    _call(machine, window, index, [cell[:2] for cell in cells.values()], innermost)


def _call(machine: Any, window: int, index: int, cells: list[tuple[int, int]], declared: int) -> None:
    """Enter the closure of a text; it gets `this`, the variables in sight, and the map of its own."""
    base = machine.word(M.BASE)
    registers = machine.registers
    first = 2 * (base + window)
    if first + 2 * (len(cells) + 2) > registers.size:
        raise HostFault(Fault.STACK_OVERFLOW)
    this = registers[2 * base : 2 * base + 2].copy()
    if int(this[0]) & TAG_MASK not in REFERENCES:
        this[:] = (Tag.REF_REGISTER, base)
    own = registers[2 * (base + declared) : 2 * (base + declared) + 2].copy()
    registers[first : first + 2] = this
    for number, cell in enumerate((*cells, own), 1):
        registers[first + 2 * number : first + 2 * number + 2] = cell
    status = enter_built_in(machine.address, window, index)
    if status != Status.ENTERED:
        raise HostFault(Fault(status))


def _in_sight(machine: Any, site: Site) -> dict[str, Cell]:
    """Return the variables in sight; inner ones hide outer ones."""
    found: dict[str, Cell] = {}
    for names, declared in site.scopes:
        for name, register, constant in names:
            found[name] = (*_register(machine, register), constant)
        if declared >= 0:
            found.update(_declared(machine, declared))
    return found


def _register(machine: Any, register: int) -> tuple[int, int]:
    at = 2 * (machine.word(M.BASE) + register)
    return int(machine.registers[at]), int(machine.registers[at + 1])


def _declared(machine: Any, register: int) -> dict[str, Cell]:
    """Return the shared cells that a map of declared variables holds."""
    memory: Memory = machine.memory
    container = _register(machine, register)[1]
    first = int(memory.heap[container + 2]) + 1
    cells: dict[str, Cell] = {}
    for at in range(first, first + ENTRY_WORDS * int(memory.heap[container + 1]), ENTRY_WORDS):
        key, tag, payload = (int(word) for word in memory.heap[at : at + ENTRY_WORDS])
        if tag == Tag.CELL:
            cells[memory.string(key)] = (tag, payload, False)
    return cells


def is_variable(machine: Any, window: int, count: int) -> None:
    """Return whether a variable of a name is in sight."""
    name, number = machine.arguments(window, count)
    if type(name) is not str:
        raise HostFault(Fault.WRONG_TYPE, f"{type_name(name)} (expecting string)")
    site = machine.program.linked.sites[number]
    machine.put(window, name in site.others or name in _in_sight(machine, site))


NATIVES = (
    NativeEntry("$eval", evaluate_text, (2, 2), internal=True),
    NativeEntry("$is_def_var", is_variable, (2, 2), internal=True),
)
