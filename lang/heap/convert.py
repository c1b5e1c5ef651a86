"""Values between a machine's memory and Python, for hosts, messages and natives written in Python.

() is None, a char is a `Char`, a range a `RangeValue`, a pointer a `FunctionValue`, a vector a
`Vector`; all others are Python's own types. Writing measures first, so that one reservation does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from lang.jit import I64
from lang.layout import (
    CONTAINER_WORDS,
    ENTRY_WORDS,
    FN_HEAD_WORDS,
    HEADER_SIZE_SHIFT,
    ITERATOR_WORDS,
    RANGE_WORDS,
    Kind,
)
from lang.values import TAG_MASK, Tag
from lang.words import float_payload, payload_float, string_words


class Char(str):
    """A character."""

    __slots__ = ()


class RangeValue(NamedTuple):
    """``start..end`` or, inclusive, ``start..=end``."""

    start: int
    end: int
    inclusive: bool


class StepRange(NamedTuple):
    """An iterator over ints: the first, how many, the step."""

    first: int
    steps: int
    step: int


class Sequence(tuple[Any, ...]):
    """An iterator over values that have no heap part."""

    __slots__ = ()


class Vector(tuple[float, ...]):
    """A vector of two or three floats."""

    __slots__ = ()


@dataclass(frozen=True)
class FunctionValue:
    """A function pointer: its name, the index in its program (by name: -1 - its file), what it carries."""

    name: str
    index: int = -1
    captures: tuple[Any, ...] = field(default=())


SCALARS = frozenset({type(None), bool, int, float, Char})
"""Types of Python whose values need no heap."""
_INT, _FLOAT, _BOOL, _CHAR, _UNIT = int(Tag.INT), int(Tag.FLOAT), int(Tag.BOOL), int(Tag.CHAR), int(Tag.UNIT)


def scalar_words(value: Any) -> tuple[int, int]:
    """Return the (tag, payload) of a value of `SCALARS`."""
    kind = type(value)
    if kind is int:
        return _INT, value
    if kind is float:
        return _FLOAT, float_payload(value)
    if kind is Char:
        return _CHAR, ord(value)
    return (_UNIT, 0) if value is None else (_BOOL, int(value))


def are_scalars(words: list[int]) -> bool:
    """Return whether tags and payloads, one after the other, are all of values without a heap part."""
    return all(tag & TAG_MASK < Tag.STRING for tag in words[::2])


def scalars(words: list[int]) -> list[Any]:
    """Return the values of tags and payloads for which `are_scalars` holds."""
    return [_scalar(tag & TAG_MASK, payload) for tag, payload in zip(words[::2], words[1::2], strict=True)]


def _scalar(kind: int, payload: int) -> Any:
    if kind == _INT:
        return payload
    if kind == _FLOAT:
        return payload_float(payload)
    if kind == _BOOL:
        return payload != 0
    return Char(chr(payload)) if kind == _CHAR else None


class Memory:
    """Reads values of one heap and constant pool, both as arrays of words, as they are at one moment.

    Function pointers are read once, whoever shares them: a script can make one that holds two of its kind,
    and so on forty times over, which as a tree would never be read to its end.
    """

    def __init__(self, heap: I64, pool: I64, name_of: Callable[[int], str] = str) -> None:
        """Take also what names the functions of the program, by index."""
        self.heap = heap
        self.pool = pool
        self.name_of = name_of
        self._functions: dict[int, FunctionValue] = {}

    def _words(self, reference: int) -> tuple[I64, int]:
        return (self.heap, reference) if reference >= 0 else (self.pool, ~reference)

    def string(self, reference: int) -> str:
        """Return the text of a string object."""
        words, at = self._words(reference)
        length = int(words[at + 1]) & 0xFFFFFFFF
        data = words[at + 2 : at + 2 + (length + 7) // 8].tobytes()[:length]
        return data.decode("utf-8", "replace")

    def read(self, tag: int, payload: int) -> Any:
        """Return a value as a Python object."""
        kind = int(tag) & TAG_MASK
        payload = int(payload)
        if kind < Tag.STRING:
            return _scalar(kind, payload)
        match kind:
            case Tag.STRING:
                return self.string(payload)
            case Tag.ARRAY | Tag.MAP | Tag.BLOB:
                return self._container(kind, payload)
            case Tag.SEQUENCE:
                return Sequence(self._container(Tag.ARRAY, payload))
            case Tag.CELL:
                return self.read(self.heap[payload + 1], self.heap[payload + 2])
        return self._object(kind, payload)

    def _object(self, kind: int, payload: int) -> Any:
        words, at = self._words(payload)
        match kind:
            case Tag.VEC2 | Tag.VEC3:
                size = 2 if kind == Tag.VEC2 else 3
                return Vector(payload_float(int(word)) for word in words[at + 1 : at + 1 + size])
            case Tag.RANGE | Tag.RANGE_INCLUSIVE:
                inclusive = kind == Tag.RANGE_INCLUSIVE
                return RangeValue(int(words[at + 1]), int(words[at + 2]), inclusive)
            case Tag.ITERATOR:
                return StepRange(*(int(word) for word in words[at + 1 : at + ITERATOR_WORDS]))
            case Tag.FN:
                if payload not in self._functions:
                    self._functions[payload] = self._function(words, at)
                return self._functions[payload]
        return None

    def _function(self, words: I64, at: int) -> FunctionValue:
        index, name, count = words[at + 1 : at + FN_HEAD_WORDS].tolist()
        first = at + FN_HEAD_WORDS
        carried = words[first : first + 2 * count].tolist()
        captures = tuple(
            self.read(tag, payload) if tag & TAG_MASK != Tag.CELL else None
            for tag, payload in zip(carried[::2], carried[1::2], strict=True)
        )
        return FunctionValue(self.string(name) if index < 0 else self.name_of(index), index, captures)

    def carried(self, pointer: int) -> list[tuple[int, int]]:
        """Return the (tag, payload) of what the function pointer with that payload brings along."""
        words, at = self._words(pointer)
        values = words[at + FN_HEAD_WORDS : at + FN_HEAD_WORDS + 2 * int(words[at + 3])].tolist()
        return list(zip(values[::2], values[1::2], strict=True))

    def _container(self, kind: int, at: int) -> Any:
        length = int(self.heap[at + 1])
        storage = int(self.heap[at + 2]) + 1
        if kind == Tag.BLOB:
            return bytearray(self.heap[storage : storage + (length + 7) // 8].tobytes()[:length])
        if kind == Tag.ARRAY:
            words = self.heap[storage : storage + 2 * length].tolist()
            return [self.read(words[2 * i], words[2 * i + 1]) for i in range(length)]
        words = self.heap[storage : storage + ENTRY_WORDS * length].tolist()
        return {
            self.string(words[i]): self.read(words[i + 1], words[i + 2])
            for i in range(0, ENTRY_WORDS * length, ENTRY_WORDS)
        }


def words_needed(value: Any, counted: set[int] | None = None) -> int:
    """Return how many words of heap a Python value takes.

    Args:
        counted: the function pointers, by `id`, that are there already: each is written once.
    """
    if type(value) in SCALARS or isinstance(value, bool | int | float | Char):
        return 0
    if isinstance(value, str):
        return 2 + (len(value.encode("utf-8", "replace")) + 7) // 8
    if isinstance(value, Vector):
        return 1 + len(value)
    if isinstance(value, RangeValue):
        return RANGE_WORDS
    if isinstance(value, StepRange):
        return ITERATOR_WORDS
    if isinstance(value, bytearray | bytes):
        return CONTAINER_WORDS + 1 + (len(value) + 7) // 8
    counted = set() if counted is None else counted
    if isinstance(value, list | tuple):
        inner = sum(words_needed(item, counted) for item in value if type(item) not in SCALARS)
        return CONTAINER_WORDS + 1 + 2 * len(value) + inner
    if isinstance(value, dict):
        entries = sum(
            ENTRY_WORDS + words_needed(str(key)) + words_needed(item, counted) for key, item in value.items()
        )
        return CONTAINER_WORDS + 1 + entries
    if isinstance(value, FunctionValue):
        if id(value) in counted:
            return 0
        counted.add(id(value))
        captures = sum(2 + words_needed(item, counted) for item in value.captures)
        name = words_needed(value.name) if value.index < 0 else 0
        return FN_HEAD_WORDS + name + captures
    msg = f"a script cannot hold a {type(value).__name__}"
    raise TypeError(msg)


def parcel_of(value: Any) -> I64:
    """Return a Python value as a parcel (`lang.vm.parcels`), which any instance can unpack.

    Raises:
        TypeError: no script value is like that. RecursionError: it is nested too deeply.
    """
    words = np.zeros(2 + words_needed(value), np.int64)
    writer = Writer(words, 2)
    words[:2] = writer.write(value)
    return words[: writer.top]


class Writer:
    """Writes a Python value at the top of a heap that has room for it; function pointers once each."""

    def __init__(self, heap: I64, top: int) -> None:
        self.heap = heap
        self.top = top
        self._functions: dict[int, tuple[int, int]] = {}

    def _put(self, words: list[int]) -> int:
        at = self.top
        self.heap[at : at + len(words)] = words
        self.top += len(words)
        return at

    def write(self, value: Any) -> tuple[int, int]:
        """Write a value; returns (tag, payload)."""
        if type(value) in SCALARS:
            return scalar_words(value)
        match value:
            case bool():
                return Tag.BOOL, int(value)
            case int():
                return Tag.INT, value
            case float():
                return Tag.FLOAT, float_payload(value)
            case Char():
                return Tag.CHAR, ord(value)
            case str():
                return Tag.STRING, self._put(string_words(value))
            case Vector():
                header = Kind.VECTOR | (1 + len(value)) << HEADER_SIZE_SHIFT
                at = self._put([header, *(float_payload(float(item)) for item in value)])
                return (Tag.VEC2 if len(value) == 2 else Tag.VEC3), at
            case RangeValue():
                at = self._put([Kind.RANGE | RANGE_WORDS << HEADER_SIZE_SHIFT, value.start, value.end])
                return (Tag.RANGE_INCLUSIVE if value.inclusive else Tag.RANGE), at
            case StepRange():
                return Tag.ITERATOR, self._put([Kind.ITERATOR | ITERATOR_WORDS << HEADER_SIZE_SHIFT, *value])
            case Sequence():
                return Tag.SEQUENCE, self.write(list(value))[1]
            case FunctionValue():
                if id(value) not in self._functions:
                    self._functions[id(value)] = self._function(value)
                return self._functions[id(value)]
        return self._container(value)

    def _function(self, value: FunctionValue) -> tuple[int, int]:
        name = self._put(string_words(value.name)) if value.index < 0 else -1
        items = [word for item in value.captures for word in self.write(item)]
        size = FN_HEAD_WORDS + len(items)
        header = Kind.FN | size << HEADER_SIZE_SHIFT
        return Tag.FN, self._put([header, value.index, name, len(value.captures), *items])

    def _container(self, value: Any) -> tuple[int, int]:
        if isinstance(value, bytearray | bytes):
            count = (len(value) + 7) // 8
            words = [
                int.from_bytes(value[8 * i : 8 * i + 8].ljust(8, b"\0"), "little", signed=True)
                for i in range(count)
            ]
            return Tag.BLOB, self._storage(Kind.BLOB, Kind.BYTES, words, len(value), 8 * count)
        if isinstance(value, list | tuple):
            words = [word for item in value for word in self.write(item)]
            return Tag.ARRAY, self._storage(Kind.ARRAY, Kind.VALUES, words, len(value), len(value))
        words = []
        for key in sorted(value, key=lambda text: str(text).encode("utf-8", "replace")):
            words += [self.write(str(key))[1], *self.write(value[key])]
        return Tag.MAP, self._storage(Kind.MAP, Kind.ENTRIES, words, len(value), len(value))

    def _storage(self, kind: Kind, storage_kind: Kind, words: list[int], length: int, room: int) -> int:
        storage = -1
        if words:
            storage = self._put([storage_kind | (1 + len(words)) << HEADER_SIZE_SHIFT, *words])
        return self._put([kind | CONTAINER_WORDS << HEADER_SIZE_SHIFT, length, storage, room])
