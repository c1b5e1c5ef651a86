"""Functions written in Python: overloads chosen by the types of their arguments.

`Library` collects the overloads of a topic. An overload is a plain function of Python values; one
that changes its receiver returns `Changed`. Arguments are converted only once an overload fits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lang.faults import Fault
from lang.layout import M
from lang.stdlib.registry import HostFault, HostFunction, NativeEntry
from lang.values import TAG_MASK, Tag

Pattern = frozenset[int] | None

ANY: Pattern = None
INT: Pattern = frozenset({Tag.INT})
FLOAT: Pattern = frozenset({Tag.FLOAT})
BOOL: Pattern = frozenset({Tag.BOOL})
CHAR: Pattern = frozenset({Tag.CHAR})
STRING: Pattern = frozenset({Tag.STRING})
TEXT: Pattern = frozenset({Tag.STRING, Tag.CHAR})
RANGE: Pattern = frozenset({Tag.RANGE, Tag.RANGE_INCLUSIVE})
ARRAY: Pattern = frozenset({Tag.ARRAY})
MAP: Pattern = frozenset({Tag.MAP})
BLOB: Pattern = frozenset({Tag.BLOB})
SIZED: Pattern = frozenset({Tag.ARRAY, Tag.BLOB, Tag.STRING})
POINTER: Pattern = frozenset({Tag.FN})


class Changed(NamedTuple):
    """What an overload that changes its receiver returns."""

    receiver: Any
    result: Any = None


class Overload(NamedTuple):
    """A function and the types of arguments it takes.

    `elements` tells of its arguments how many the result will have, `work` how many operations it takes
    beside reading and writing values: what would be refused is not begun.
    """

    types: tuple[Pattern, ...]
    function: Callable[..., Any]
    elements: Callable[..., int] | None = None
    work: Callable[..., int] | None = None

    def call(self, machine: Any, arguments: list[Any]) -> Any:
        """Return what it returns.

        Raises:
            HostFault: the result would be too large, there are too few operations left, or it says so.
        """
        if self.elements is not None and self.elements(*arguments) > machine.limits.array_elements:
            raise HostFault(Fault.ARRAY_TOO_LARGE)
        if self.work is not None:
            work = self.work(*arguments)
            machine.words[M.FUEL] -= work
            machine.words[M.BUDGET] -= machine.words[M.WORD_PRICE] * work
            if machine.word(M.FUEL) + machine.word(M.RESERVE) < 0:
                raise HostFault(Fault.TOO_MANY_OPERATIONS)
        return self.function(*arguments)

    def fits(self, tags: list[int]) -> bool:
        """Return whether it takes arguments of these types."""
        return len(tags) == len(self.types) and all(
            pattern is None or tag in pattern for pattern, tag in zip(self.types, tags, strict=True)
        )


def check_size(machine: Any, value: Any) -> None:
    """Refuse a value that is, or holds, more than scripts may have in one.

    Raises:
        HostFault: a string, array, blob or map is too large.
    """
    if isinstance(value, str):
        if 4 * len(value) > machine.limits.string_bytes < len(value.encode("utf-8", "replace")):
            raise HostFault(Fault.STRING_TOO_LARGE)
    elif isinstance(value, list | tuple | bytearray | bytes):
        if len(value) > machine.limits.array_elements:
            raise HostFault(Fault.ARRAY_TOO_LARGE)
        for item in value if isinstance(value, list | tuple) else ():
            check_size(machine, item)
    elif isinstance(value, dict):
        if len(value) > machine.limits.map_entries:
            raise HostFault(Fault.MAP_TOO_LARGE)
        for pair in value.items():
            check_size(machine, pair[0])
            check_size(machine, pair[1])


@dataclass
class Function:
    """All overloads of one name."""

    name: str
    overloads: list[Overload] = field(default_factory=list)
    is_property: bool = False
    changes: bool = False

    def choose(self, tags: list[int]) -> Overload:
        """Return the first overload that fits.

        Raises:
            HostFault: there is none.
        """
        for overload in self.overloads:
            if overload.fits(tags):
                return overload
        raise HostFault(Fault.FUNCTION_NOT_FOUND)

    def call(self, machine: Any, window: int, count: int) -> None:
        """Do a call whose arguments stand in the registers behind the window's first."""
        first = 2 * (machine.word(M.BASE) + window + 1)
        tags = (machine.registers[first : first + 2 * count : 2] & TAG_MASK).tolist()
        overload = self.choose(tags)
        result = overload.call(machine, machine.arguments(window, count))
        if isinstance(result, Changed):
            check_size(machine, result.receiver)
            machine.replace(window + 1, result.receiver)
            result = result.result
        check_size(machine, result)
        machine.put(window, result)

    def property_of(self, machine: Any, tag: int, value: Any) -> Any:
        """Return what ``value.name`` is.

        Raises:
            HostFault: values of this type have no such property.
        """
        for overload in self.overloads:
            if overload.fits([tag]):
                return overload.call(machine, [value])
        raise HostFault(Fault.PROPERTY_UNKNOWN)


@dataclass
class Library:
    """The functions of a topic."""

    functions: dict[str, Function] = field(default_factory=dict)

    def add(
        self,
        name: str,
        *types: Pattern,
        is_property: bool = False,
        changes: bool = False,
        elements: Callable[..., int] | None = None,
        work: Callable[..., int] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a function to be an overload of a name; stackable."""

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            entry = self.functions.setdefault(name, Function(name))
            entry.overloads.append(Overload(types, function, elements, work))
            entry.is_property |= is_property
            entry.changes |= changes
            return function

        return declare


def entries_of(libraries: tuple[Library, ...], kernels: tuple[NativeEntry, ...]) -> list[NativeEntry]:
    """Merge kernels and overloads of all topics into one entry a name."""
    functions: dict[str, Function] = {}
    for library in libraries:
        for name, function in library.functions.items():
            merged = functions.setdefault(name, Function(name))
            merged.overloads += function.overloads
            merged.is_property |= function.is_property
            merged.changes |= function.changes
    entries = [_with_host(entry, functions.pop(entry.name, None)) for entry in kernels]
    for name, function in functions.items():
        counts = [len(overload.types) for overload in function.overloads]
        entries.append(
            NativeEntry(
                name,
                function.call,
                (min(counts), max(counts)),
                changes=function.changes,
                is_property=function.is_property,
            )
        )
    return entries


def _with_host(entry: NativeEntry, function: Function | None) -> NativeEntry:
    if function is None:
        return entry
    counts = [len(overload.types) for overload in function.overloads]
    arity = (min(entry.arity[0], *counts), max(entry.arity[1], *counts))
    host: HostFunction = function.call
    changes = entry.changes or function.changes
    is_property = entry.is_property or function.is_property
    return NativeEntry(
        entry.name, entry.implementation, arity, changes, is_property, host=host, ahead=entry.ahead
    )
