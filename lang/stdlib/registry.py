"""Tables of natives: what scripts can call that is not written in the language.

A native is a kernel (reached by its address, for all that is hot), a host function (Python), or a
kernel that leaves some of its overloads to a host function by answering `HOST_CALL`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.jit import Native

if TYPE_CHECKING:
    HostFunction = Callable[["Any", int, int], None]
else:
    HostFunction = Callable

ANY_COUNT = (0, 255)
CHANGING_MAPS = frozenset({"retain", "drain"})
CHANGING = CHANGING_MAPS | {"sort", "sort_by", "sort_desc", "dedup", "for_each"}
"""Functions of the prelude that change their receiver: an array, or else a map."""


class HostFault(Exception):
    """Raised by a host function: the instruction fails."""

    def __init__(self, fault: Fault, text: str = "") -> None:
        super().__init__(text)
        self.fault = fault
        self.text = text


@dataclass(frozen=True)
class NativeEntry:
    """One name that scripts can call.

    Attributes:
        implementation: a kernel, or a host function of (machine, window register, argument count).
        arity: least and most arguments, the receiver included.
        counts: how many arguments a call may have, where not every number within the arity will do.
        changes: a method call may give its receiver a new value, or change it in place.
        is_property: reachable as ``x.name`` too.
        api: part of an embedder's API, which scripts may not call with a wrong count.
        signatures: how calls of it look, for messages.
        host: beside a kernel, the host function that does what the kernel leaves.
        internal: only the prelude may call it.
        ahead: the instruction that looks ahead to a call of it.
    """

    name: str
    implementation: Native | HostFunction
    arity: tuple[int, int] = ANY_COUNT
    changes: bool = False
    is_property: bool = False
    api: bool = False
    host: HostFunction | None = None
    internal: bool = False
    ahead: Op | None = None
    counts: frozenset[int] = frozenset()
    signatures: tuple[str, ...] = ()

    def takes(self, count: int) -> bool:
        """Return whether a call may have so many arguments."""
        return count in self.counts if self.counts else self.arity[0] <= count <= self.arity[1]

    @property
    def host_function(self) -> HostFunction | None:
        """The part in Python, if there is one."""
        return self.implementation if callable(self.implementation) else self.host


@dataclass
class NativeTable:
    """Natives by name and by number; later entries of a name hide earlier ones.

    Attributes:
        properties: numbers of those that are reachable as ``x.name``, which no function hides.
        withheld: names that scripts of this table may not call, and what they are told.
    """

    entries: list[NativeEntry] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    properties: dict[str, int] = field(default_factory=dict)

    def without(self, withheld: Mapping[str, str]) -> NativeTable:
        """Return a table of the same natives by number, in which some have no name.

        Args:
            withheld: their names, and what a script is told that calls one.
        """
        numbers = {name: number for name, number in self.numbers.items() if name not in withheld}
        return NativeTable(self.entries, numbers, withheld, self.properties)

    def copy(self) -> NativeTable:
        """Return a table of its own with the same natives by the same numbers."""
        return NativeTable([*self.entries], dict(self.numbers), self.withheld, dict(self.properties))

    def extend(self, entries: Iterable[NativeEntry]) -> None:
        """Append entries."""
        for entry in entries:
            self.numbers[entry.name] = len(self.entries)
            if entry.is_property:
                self.properties[entry.name] = len(self.entries)
            self.entries.append(entry)

    def find(self, name: str) -> tuple[int, NativeEntry] | None:
        """Return (number, entry) of a name."""
        number = self.numbers.get(name)
        return None if number is None else (number, self.entries[number])
