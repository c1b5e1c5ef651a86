"""Natives for values of any type: printing, text, types, pointers."""

from __future__ import annotations

from typing import Any

from lang.faults import Fault
from lang.heap.convert import FunctionValue
from lang.layout import M
from lang.stdlib.registry import HostFault, NativeEntry
from lang.stdlib.text import debug, display, type_name


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
    machine.put(window, type_name(_one(machine, window, count)))


def to_string(machine: Any, window: int, count: int) -> None:
    """Return a value's display form."""
    machine.put(window, display(_one(machine, window, count)))


def to_debug(machine: Any, window: int, count: int) -> None:
    """Return a value's debug form."""
    machine.put(window, debug(_one(machine, window, count)))


def make_pointer(machine: Any, window: int, count: int) -> None:
    """Return a pointer to the function of a name."""
    name = _one(machine, window, count)
    if type(name) is not str:
        raise HostFault(Fault.FUNCTION_NOT_FOUND)
    machine.put(window, FunctionValue(name))


def pointer_name(machine: Any, window: int, count: int) -> None:
    """Return the name of a pointer's function."""
    value = _one(machine, window, count)
    if not isinstance(value, FunctionValue):
        raise HostFault(Fault.FUNCTION_NOT_FOUND)
    machine.put(window, value.name or machine.program.infos[value.index].name)


ENTRIES = (
    NativeEntry("print", print_value, (0, 1)),
    NativeEntry("debug", debug_value, (0, 1)),
    NativeEntry("type_of", type_of, (1, 1)),
    NativeEntry("to_string", to_string, (1, 1)),
    NativeEntry("to_debug", to_debug, (1, 1)),
    NativeEntry("Fn", make_pointer, (1, 1)),
    NativeEntry("name", pointer_name, (1, 1), is_property=True),
)
