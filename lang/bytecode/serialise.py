"""Programs as bytes, and back: without the part that a program shares with the prelude it is linked to.

What the fields of `Program` are stands in its type hints alone; a field more or less needs no change
here. Bytes are read by those types, so whatever comes out has them; that it is sound, `verify` tells.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, NamedTuple

import msgspec
import numpy as np

from lang.bytecode.program import Program
from lang.errors import VerifyError
from lang.source import Source

LEFT_OUT = frozenset({"source", "linked", "image"})
"""The text comes from whoever asks; a program from a file is linked to by none."""


class _Codec(NamedTuple):
    """How a field is stored: its type in bytes, and the ways there and back, given the prelude's value."""

    stored: Any
    to_stored: Callable[[Any, Any], Any]
    from_stored: Callable[[Any, Any], Any]


def to_bytes(program: Program, base: Program) -> bytes:
    """Return a program that is linked to `base` as bytes."""
    stored = {
        name: codec.to_stored(getattr(program, name), getattr(base, name))
        for name, codec in _codecs().items()
    }
    return msgspec.msgpack.encode(stored)


def from_bytes(data: bytes, source: Source, base: Program) -> Program:
    """Return the program that bytes tell of.

    Raises:
        VerifyError: they tell of none.
    """
    try:
        stored = _decoder().decode(data)
        values = {
            name: codec.from_stored(getattr(stored, name), getattr(base, name))
            for name, codec in _codecs().items()
        }
    except (msgspec.DecodeError, ValueError, TypeError) as error:
        raise VerifyError(f"these bytes are no program: {error}") from None
    return Program(source=source, linked=None, **values)


@cache
def _codecs() -> dict[str, _Codec]:
    hints = typing.get_type_hints(Program)
    return {item.name: _codec(hints[item.name]) for item in fields(Program) if item.name not in LEFT_OUT}


@cache
def _decoder() -> msgspec.msgpack.Decoder[Any]:
    stored = [(name, codec.stored) for name, codec in _codecs().items()]
    return msgspec.msgpack.Decoder(msgspec.defstruct("StoredProgram", stored, forbid_unknown_fields=True))


def _codec(hint: Any) -> _Codec:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is np.ndarray:
        (scalar,) = typing.get_args(arguments[1])
        return _array(np.dtype(scalar))
    if origin is tuple and arguments[1:] == (...,):
        return _Codec(tuple[int, hint], _tuple_to_stored, _tuple_from_stored)
    if origin is dict:
        pairs = tuple[tuple[arguments[0], arguments[1]], ...]  # type: ignore[valid-type]
        return _Codec(tuple[bool, pairs], _dict_to_stored, _dict_from_stored)
    return _Codec(hint, lambda value, _: value, lambda value, _: value)


def _array(dtype: np.dtype[Any]) -> _Codec:
    def to_stored(value: Any, base: Any) -> tuple[int, bytes]:
        known = base.size if np.array_equal(value[: base.size], base) else 0
        return known, value[known:].tobytes()

    def from_stored(stored: tuple[int, bytes], base: Any) -> Any:
        known, data = stored
        _check(known in (0, base.size))
        return np.concatenate([base[:known], np.frombuffer(data, dtype)])

    return _Codec(tuple[int, bytes], to_stored, from_stored)


def _tuple_to_stored(value: Any, base: Any) -> tuple[int, Any]:
    known = len(base) if value[: len(base)] == base else 0
    return known, value[known:]


def _tuple_from_stored(stored: Any, base: Any) -> Any:
    known, rest = stored
    _check(known in (0, len(base)))
    return base[:known] + rest


def _dict_to_stored(value: Any, base: Any) -> tuple[bool, Any]:
    knows = base.items() <= value.items()
    return knows, tuple(item for item in value.items() if not knows or item[0] not in base)


def _dict_from_stored(stored: Any, base: Any) -> Any:
    knows, items = stored
    return {**base, **dict(items)} if knows else dict(items)


def _check(holds: bool) -> None:
    if not holds:
        raise ValueError("it was linked to another prelude")
