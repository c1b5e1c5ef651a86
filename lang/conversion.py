"""Values of an embedder: Python values that scripts can hold, and what type hints ask of arguments.

A script's value comes to Python as `lang.heap.convert` says. On the way in, ints may be anything with
``__index__``, a `range` becomes a range, tuples become arrays, and classes that the embedder registered
become what their converter makes of them.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from lang.heap.convert import Char, FunctionValue, RangeValue, StepRange, Vector
from lang.stdlib.text import type_name

T = TypeVar("T")
LEAST_INT, MOST_INT = -(2**63), 2**63 - 1
PLAIN = (type(None), bool, float, str, Char, Vector, RangeValue, StepRange, FunctionValue)


class Mismatch(Exception):
    """A script's value is not of the type that a hint asks for."""

    def __init__(self, wanted: str, value: Any) -> None:
        super().__init__(f"{type_name(value)} (expecting {wanted})")


Converter = Callable[[Any], Any]


class _Registered(NamedTuple):
    to_script: Converter
    from_script: Converter | None


@dataclass
class Conversions:
    """Which Python classes scripts can hold, beside those that they have by themselves."""

    classes: dict[type, _Registered] = field(default_factory=dict)

    def register(self, cls: type[T], to_script: Callable[[T], Any], from_script: Converter | None) -> None:
        """Let scripts get what `to_script` makes of a class; hints of the class get it back."""
        self.classes[cls] = _Registered(to_script, from_script)

    # --- to a script ------------------------------------------------------------------------------

    def to_script(self, value: Any) -> Any:
        """Return a value in the form in which a script can hold it.

        Raises:
            TypeError: no script value is like that. ValueError: an int has more than 64 bits.
        """
        kind = type(value)
        if kind in PLAIN or (kind is int and LEAST_INT <= value <= MOST_INT):
            return value
        for cls in kind.__mro__ if self.classes else ():
            if cls in self.classes:
                return self.to_script(self.classes[cls].to_script(value))
        match value:
            case str() | float() | bytes() | bytearray() | FunctionValue() | Vector() | RangeValue():
                return value
            case range() if value.step == 1:
                return RangeValue(self._int(value.start), self._int(value.stop), False)
            case Mapping():
                return {self._key(key): self.to_script(item) for key, item in value.items()}
            case Sequence():
                return [self.to_script(item) for item in value]
        return self._int(value)

    @staticmethod
    def _key(key: Any) -> str:
        if not isinstance(key, str):
            raise TypeError(f"the keys of a map are strings, not {type(key).__name__}")
        return key

    @staticmethod
    def _int(value: Any) -> int:
        try:
            number = int(value.__index__())
        except AttributeError:
            raise TypeError(f"a script cannot hold a {type(value).__name__}") from None
        if not LEAST_INT <= number <= MOST_INT:
            raise ValueError("a script cannot hold an int of more than 64 bits")
        return number

    # --- from a script ----------------------------------------------------------------------------

    def from_hint(self, hint: Any) -> Converter | None:
        """Return what checks and converts a script's value for a type hint; None where all values do.

        Raises:
            TypeError: no script value is of such a type.
        """
        if hint in (Any, object, inspect.Parameter.empty) or isinstance(hint, TypeVar):
            return None
        if hint in self.classes:
            return self._from_class(hint)
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            return self._from_union(arguments)
        if origin is typing.Annotated:
            return self.from_hint(arguments[0])
        return self._from_type(origin or hint, arguments)

    def _from_class(self, cls: type) -> Converter:
        from_script = self.classes[cls].from_script
        if from_script is None:
            raise TypeError(f"{cls.__name__} was registered without `from_script`")

        def convert(value: Any) -> Any:
            try:
                return from_script(value)
            except (TypeError, ValueError, LookupError, AttributeError):
                raise Mismatch(cls.__name__, value) from None

        return convert

    def _from_union(self, members: tuple[Any, ...]) -> Converter | None:
        converters = [self.from_hint(member) for member in members]
        if None in converters:
            return None
        names = " or ".join(map(_spelled, members))

        def convert(value: Any) -> Any:
            for converter in converters:
                assert converter is not None, "a member that takes everything was seen above"
                try:
                    return converter(value)
                except Mismatch:
                    continue
            raise Mismatch(names, value)

        return convert

    def _from_type(self, cls: Any, arguments: tuple[Any, ...]) -> Converter:
        known = _TYPES.get(cls)
        if known is None:
            raise TypeError(f"no script value is a {getattr(cls, '__name__', cls)}: register its type first")
        name, accept = known
        items = self._from_items(cls, arguments)

        def convert(value: Any) -> Any:
            if not accept(value):
                raise Mismatch(name, value)
            if cls is float:
                return float(value)
            if items is None:
                return tuple(value) if cls is tuple else value
            if isinstance(value, dict):
                return {key: items(item) for key, item in value.items()}
            converted = [items(item) for item in value]
            return tuple(converted) if cls is tuple else converted

        return convert

    def _from_items(self, cls: Any, arguments: tuple[Any, ...]) -> Converter | None:
        """Return what converts the elements of a container that a hint such as ``list[int]`` is of."""
        if not arguments or cls not in _CONTAINERS or (cls is tuple and arguments[1:] != (...,)):
            return None
        return self.from_hint(arguments[0] if cls is tuple else arguments[-1])


def _spelled(hint: Any) -> str:
    known = _TYPES.get(typing.get_origin(hint) or hint)
    return known[0] if known else str(getattr(hint, "__name__", hint))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Char)


_TYPES: dict[Any, tuple[str, Callable[[Any], bool]]] = {
    None: ("()", lambda value: value is None),
    type(None): ("()", lambda value: value is None),
    bool: ("bool", lambda value: type(value) is bool),
    int: ("i64", lambda value: type(value) is int),
    float: ("f64", lambda value: type(value) in (int, float)),
    str: ("string", _is_text),
    Char: ("char", lambda value: isinstance(value, Char)),
    list: ("array", lambda value: isinstance(value, list)),
    tuple: ("array", lambda value: isinstance(value, list)),
    Sequence: ("array", lambda value: isinstance(value, list)),
    dict: ("map", lambda value: isinstance(value, dict)),
    Mapping: ("map", lambda value: isinstance(value, dict)),
    bytes: ("blob", lambda value: isinstance(value, bytearray)),
    bytearray: ("blob", lambda value: isinstance(value, bytearray)),
    Vector: ("vec2 or vec3", lambda value: isinstance(value, Vector)),
    RangeValue: ("range", lambda value: isinstance(value, RangeValue)),
    FunctionValue: ("Fn", lambda value: isinstance(value, FunctionValue)),
    Callable: ("Fn", lambda value: isinstance(value, FunctionValue)),
}
_CONTAINERS = frozenset({list, tuple, dict, Sequence, Mapping})
