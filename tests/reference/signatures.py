"""How built-ins say what they take.

    @takes("insert array int ?", changes=True)
    def insert(place, index, item): ...

One that changes its receiver gets the place of it instead of the value. `place`, `walker` and `at`
ask for that without changing it, the interpreter and the place of the call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.reference.places import Place

KINDS = {
    "int": {"i64"},
    "float": {"f64"},
    "number": {"i64", "f64"},
    "string": {"string"},
    "char": {"char"},
    "text": {"string", "char"},
    "bool": {"bool"},
    "array": {"array"},
    "map": {"map"},
    "blob": {"blob"},
    "range": {"range", "range="},
    "Range": {"range"},
    "Fn": {"Fn"},
    "fn": {"Fn", "string"},
    "vector": {"vec2", "vec3"},
    "vec2": {"vec2"},
    "unit": {"()"},
}


@dataclass(frozen=True)
class Builtin:
    """A function and what it takes; None takes anything."""

    name: str
    kinds: tuple[set[str] | None, ...]
    function: Callable[..., Any]
    changes: bool
    place: bool
    walker: bool
    at: bool

    def accepts(self, kinds: list[str]) -> bool:
        """Whether arguments of such types fit."""
        return len(kinds) == len(self.kinds) and all(
            wanted is None or kind in wanted for kind, wanted in zip(kinds, self.kinds, strict=True)
        )

    def call(self, walker: Any, places: list[Place], values: list[Any], at: int) -> Any:
        """Call it."""
        first = ([walker] if self.walker else []) + ([at] if self.at else [])
        if self.changes or self.place:
            return self.function(*first, places[0], *values[1:])
        return self.function(*first, *values)


class Table(list):
    """The built-ins of one topic."""

    def takes(
        self,
        *signatures: str,
        changes: bool = False,
        place: bool = False,
        walker: bool = False,
        at: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Enter a function under signatures such as "pad array int ?"."""

        def enter(function: Callable[..., Any]) -> Callable[..., Any]:
            for signature in signatures:
                name, *kinds = signature.split()
                wanted = tuple(None if kind == "?" else KINDS[kind] for kind in kinds)
                self.append(Builtin(name, wanted, function, changes, place, walker, at))
            return function

        return enter
