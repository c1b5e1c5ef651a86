"""Bits of ints."""

from __future__ import annotations

from tests.reference.operators import wrapped


def field_of(value: int, key: int | tuple[int, int]) -> int | bool:
    """A bit, or (start, length) bits as an int."""
    if isinstance(key, tuple):
        start, length = key
        return wrapped((value & (2**64 - 1)) >> start & ((1 << length) - 1))
    return bool(value >> key & 1)


def with_field(value: int, key: int | tuple[int, int], new: int | bool) -> int:
    """The value with a bit or a field changed."""
    start, length = key if isinstance(key, tuple) else (key, 1)
    mask = (1 << length) - 1 << start
    return wrapped(value & ~mask | int(new) << start & mask)
