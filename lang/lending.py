"""Python functions that scripts can call: what their signatures take, and what comes of their errors."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from lang.conversion import Conversions, Converter, Mismatch
from lang.errors import ScriptError
from lang.faults import FIRST_UNCATCHABLE, Fault
from lang.host_operations import call_entry, fits
from lang.layout import Status
from lang.stdlib.overloads import check_size
from lang.stdlib.registry import HostFault, NativeEntry, NativeTable
from lang.vm.calls import enter_built_in

MOST_ARGUMENTS = 64
ENDING_KINDS = frozenset(fault.kind for fault in Fault if fault >= FIRST_UNCATCHABLE)
"""Kinds of errors that end a run, whatever a script or a Python function does about them."""


class Lent(NamedTuple):
    """One Python function: the name and the converter of each parameter, and how many may be left out."""

    function: Callable[..., Any]
    parameters: tuple[tuple[str, Converter | None], ...]
    least: int
    rest: Converter | None = None  # of what follows the parameters
    takes_rest: bool = False

    def takes(self, count: int) -> bool:
        """Return whether it can be called with so many arguments."""
        return self.least <= count and (self.takes_rest or count <= len(self.parameters))

    def converted(self, values: list[Any]) -> list[Any]:
        """Return arguments as the hints ask for them.

        Raises:
            Mismatch: one is of another type; its text tells which.
        """
        result = []
        for number, value in enumerate(values):
            named = number < len(self.parameters)
            name, converter = self.parameters[number] if named else (f"{number + 1}", self.rest)
            try:
                result.append(value if converter is None else converter(value))
            except Mismatch as error:
                error.args = (f"argument {number + 1} ('{name}'): {error}",)
                raise
        return result


def lent(function: Callable[..., Any], conversions: Conversions) -> Lent:
    """Return what a Python function takes.

    Raises:
        TypeError: it has keyword-only parameters without a default, or a hint that no script value is of.
    """
    try:
        signature = inspect.signature(function)
    except ValueError:  # a built-in that does not tell
        return Lent(function, (), 0, takes_rest=True)
    try:
        hints = typing.get_type_hints(function)
    except (TypeError, NameError, AttributeError):
        hints = {}
    parameters: list[tuple[str, Converter | None]] = []
    least, rest, takes_rest = 0, None, False
    for name, parameter in signature.parameters.items():
        converter = conversions.from_hint(hints.get(name, Any))
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            parameters.append((name, converter))
            least += parameter.default is parameter.empty
        elif parameter.kind == parameter.VAR_POSITIONAL:
            rest, takes_rest = converter, True
        elif parameter.kind == parameter.KEYWORD_ONLY and parameter.default is parameter.empty:
            raise TypeError(f"scripts have no keyword arguments: {name} needs a default")
    return Lent(function, tuple(parameters), least, rest, takes_rest)


@dataclass
class LentFunction:
    """All Python functions of one name, and the built-in that they stand before."""

    name: str
    conversions: Conversions
    hidden: int | None = None  # number of the built-in native of that name
    overloads: list[Lent] = field(default_factory=list)

    @property
    def arity(self) -> tuple[int, int]:
        """Least and most arguments of all overloads."""
        most = [MOST_ARGUMENTS if one.takes_rest else len(one.parameters) for one in self.overloads]
        return min(one.least for one in self.overloads), max(most)

    def __call__(self, machine: Any, window: int, count: int) -> None:
        """Do a script's call."""
        fitting = [overload for overload in self.overloads if overload.takes(count)]
        values = machine.arguments_with_functions(window, count) if fitting else []
        mismatch: Mismatch | None = None
        for overload in fitting:
            try:
                arguments = overload.converted(values)
            except Mismatch as error:
                mismatch = error
                continue
            self._put(machine, window, self._called(overload, arguments))
            return
        if self._call_hidden(machine, window, count):
            return
        if mismatch is not None and len(fitting) == 1:
            raise HostFault(Fault.WRONG_TYPE, str(mismatch))
        raise HostFault(Fault.FUNCTION_NOT_FOUND)

    @staticmethod
    def _called(overload: Lent, arguments: list[Any]) -> Any:
        try:
            return overload.function(*arguments)
        except ScriptError as error:  # of a function of the script that it called
            if error.kind in ENDING_KINDS:
                raise
            raise HostFault(Fault.REFUSED, str(error)) from error
        except Exception as error:
            raise HostFault(Fault.REFUSED, f"{type(error).__name__}: {error}") from error

    def _put(self, machine: Any, window: int, result: Any) -> None:
        try:
            value = self.conversions.to_script(result)
            check_size(machine, value)
            machine.put(window, value)
        except (TypeError, ValueError) as error:
            raise HostFault(Fault.REFUSED, str(error)) from error

    def _call_hidden(self, machine: Any, window: int, count: int) -> bool:
        """Call the built-in of that name, if there is one for so many arguments."""
        if self.hidden is not None and fits(machine.natives.entries[self.hidden], count):
            call_entry(machine, self.hidden, window, count)
            return True
        built_in = machine.program.built_ins.get((self.name, count))
        if built_in is None:
            return False
        status = enter_built_in(machine.address, window, built_in)
        if status != Status.ENTERED:
            raise HostFault(Fault(status))
        return True


def lend(natives: NativeTable, name: str, function: Callable[..., Any], conversions: Conversions) -> None:
    """Add a Python function to a table, beside others of its name, before a built-in of its name."""
    one = lent(function, conversions)
    found = natives.find(name)
    number = found[0] if found else None
    function_of_name = found[1].implementation if found else None
    if not isinstance(function_of_name, LentFunction):
        function_of_name = LentFunction(name, conversions, number)
        number = len(natives.entries)
        natives.extend([NativeEntry(name, function_of_name)])
    function_of_name.overloads.append(one)
    least, most = function_of_name.arity
    if function_of_name.hidden is not None:
        below = natives.entries[function_of_name.hidden].arity
        least, most = min(least, below[0]), max(most, below[1])
    assert number is not None, "found or appended"
    natives.entries[number] = replace(natives.entries[number], arity=(least, most))
