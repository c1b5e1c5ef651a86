"""Functions for values of any type: printing, text, types, tags, leaving the script."""

from __future__ import annotations

from typing import Any

from lang.faults import Fault
from lang.heap.access import argument, put, register_a
from lang.heap.substrings import put_joined
from lang.jit import native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.overloads import ANY, Library
from lang.stdlib.registry import HostFault, NativeEntry
from lang.stdlib.text import debug, display, type_name
from lang.values import TAG_MASK, TYPE_NAMES, Tag, packed_user_tag, user_tag

LIBRARY = Library()
TAG_LIMIT = 2**31


def _one(machine: Any, window: int, count: int) -> Any:
    return machine.arguments(window, count)[0] if count else None


def print_value(machine: Any, window: int, count: int) -> None:
    """Write a value's display form to the host."""
    machine.on_print(display(_one(machine, window, count)))
    machine.put(window, None)


def debug_value(machine: Any, window: int, count: int) -> None:
    """Write a value's debug form to the host."""
    text = debug(_one(machine, window, count)) if count else ""
    machine.on_debug(text, int(machine.program.places[machine.word(M.PC) - 1]))
    machine.put(window, None)


def type_of(machine: Any, window: int, count: int) -> None:
    """Return the name of a value's type."""
    tag = int(machine.registers[2 * (machine.word(M.BASE) + window + 1)]) & TAG_MASK
    machine.put(window, TYPE_NAMES[Tag(tag)])


@LIBRARY.add("to_string", ANY)
def to_string(value: Any) -> str:
    """A value's display form."""
    return display(value)


@LIBRARY.add("to_debug", ANY)
def to_debug(value: Any) -> str:
    """A value's debug form."""
    return debug(value)


def exit_script(machine: Any, window: int, count: int) -> None:
    """End the run; its value is the argument."""
    machine.registers[0:2] = (Tag.UNIT, 0)
    if count:
        at = 2 * (machine.word(M.BASE) + window + 1)
        machine.registers[0:2] = machine.registers[at : at + 2]
    raise HostFault(Fault.EXIT)


def get_tag(machine: Any, window: int, count: int) -> None:
    """Return the tag that a value carries."""
    at = 2 * (machine.word(M.BASE) + window + 1)
    machine.put(window, user_tag(int(machine.registers[at])))


def set_tag(machine: Any, window: int, count: int) -> None:
    """Give a value a tag."""
    value = machine.arguments(window, count)[1]
    write_tag(machine, window + 1, value)
    machine.put(window, None)


def write_tag(machine: Any, register: int, value: Any) -> None:
    """Give the value in a register a tag.

    Raises:
        HostFault: the tag is no int of 32 bits.
    """
    if type(value) is not int:
        raise HostFault(Fault.FUNCTION_NOT_FOUND)
    if not -TAG_LIMIT <= value < TAG_LIMIT:
        bounds = f"(must be between -{TAG_LIMIT} and {TAG_LIMIT - 1})"
        raise HostFault(Fault.MATH, f"{value} is too large to fit into a tag {bounds}")
    at = 2 * (machine.word(M.BASE) + register)
    machine.registers[at] = int(machine.registers[at]) & TAG_MASK | packed_user_tag(value)


def is_shared(machine: Any, window: int, count: int) -> None:
    """Return whether a variable is shared with a closure; the compiler passes its cell."""
    at = 2 * (machine.word(M.BASE) + window + 1)
    machine.put(window, bool(int(machine.registers[at]) & TAG_MASK == Tag.CELL))


def is_def_fn(machine: Any, window: int, count: int) -> None:
    """Return whether the script defines a function of a name and a number of parameters."""
    *names, arity = machine.arguments(window, count)
    for name in names:
        if type(name) is not str:
            raise HostFault(Fault.WRONG_TYPE, f"{type_name(name)} (expecting string)")
    if type(arity) is not int:
        raise HostFault(Fault.WRONG_TYPE, f"{type_name(arity)} (expecting i64)")
    this_type = names[0] if len(names) == 2 else None
    unit = machine.unit()
    machine.put(
        window,
        any(
            info.name == names[-1]
            and len(info.parameters) == arity
            and not info.built_in
            and not info.is_closure
            and not info.is_module
            and info.unit == unit
            and info.this_type == this_type
            for info in machine.program.infos
        ),
    )


@LIBRARY.add("is_def_var", ANY)
def is_def_var(name: Any) -> bool:
    """Of a name that is no literal nothing is known."""
    if type(name) is not str:
        raise HostFault(Fault.WRONG_TYPE, f"{type_name(name)} (expecting string)")
    return False


@native
def text_of_value(machine: int, word: int) -> int:
    """`to_string` of simple values."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 0)
    if registers[at] & 0xFF == Tag.STRING:
        put(m, register_a(m, word), Tag.STRING, registers[at + 1])
        return Status.OK
    return put_joined(m, register_a(m, word), Tag.UNIT, 0, registers[at], registers[at + 1])


@native
def take(machine: int, word: int) -> int:
    """`take`: the value moves out and leaves ()."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 0)
    put(m, register_a(m, word), registers[at], registers[at + 1])
    put(m, at, Tag.UNIT, 0)
    return Status.OK


KERNELS = (
    NativeEntry("to_string", text_of_value, (1, 1)),
    NativeEntry("print", print_value, (0, 1)),
    NativeEntry("debug", debug_value, (0, 1)),
    NativeEntry("type_of", type_of, (1, 1)),
    NativeEntry("exit", exit_script, (0, 1)),
    NativeEntry("tag", get_tag, (1, 1)),
    NativeEntry("set_tag", set_tag, (2, 2), changes=True),
    NativeEntry("is_shared", is_shared, (1, 1)),
    NativeEntry("is_def_fn", is_def_fn, (2, 3)),
    NativeEntry("take", take, (1, 1), changes=True),
)
