"""The table of built-in functions, and how one is found for its arguments."""

from __future__ import annotations

from typing import Any

from tests.reference import (
    builtins_arrays,
    builtins_blobs,
    builtins_core,
    builtins_maps,
    builtins_numbers,
    builtins_strings,
    builtins_vectors,
)
from tests.reference.faults import Fault, missing
from tests.reference.places import Place, member
from tests.reference.signatures import Builtin
from tests.reference.values import copy, type_name

MODULES = (
    builtins_core,
    builtins_numbers,
    builtins_strings,
    builtins_arrays,
    builtins_maps,
    builtins_blobs,
    builtins_vectors,
)
TABLE: dict[str, list[Builtin]] = {}
for _module in MODULES:
    for _builtin in _module.TABLE:
        TABLE.setdefault(_builtin.name, []).append(_builtin)


def is_builtin(name: str) -> bool:
    """Whether any built-in has that name."""
    return name in TABLE


def call_builtin(walker: Any, name: str, places: list[Place], at: int) -> Any:
    """Call the built-in of a name that takes such arguments."""
    values = [place.get() for place in places]
    kinds = [type_name(value) for value in values]
    for builtin in TABLE.get(name, ()):
        if builtin.accepts(kinds):
            if builtin.changes and places[0].constant:
                message = f"Non-pure method '{name}' cannot be called on constant"
                raise Fault("ErrorNonPureMethodCallOnConstant", message, at, function=name)
            return builtin.call(walker, places, values, at)
    if len(places) == 1 and not isinstance(values[0], dict):
        getter = member(places[0], name) if name != "tag" else None
        if getter is not None:
            return copy(getter.get())
    raise missing(name, values, at)
