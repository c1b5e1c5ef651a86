"""Sorts the events of a tick by (kind, entity index, other's index): the order in which scripts get them."""

from __future__ import annotations

from engine.ecs.entity import INDEX_MASK
from engine.physics.layout import Array, Event
from lang.jit import entry, kernel

INDEX_BITS_OF_KEY = 30
"""A key holds two indices of 30 bits under the kind: worlds stay below a billion entities."""


@kernel
def _merge(given: Array, result: Array, begin: int, middle: int, end: int) -> None:
    """Merge the sorted stretches [begin, middle) and [middle, end) of (key, place) rows."""
    left, right = begin, middle
    for at in range(begin, end):
        if right >= end or (left < middle and given[left, 0] <= given[right, 0]):
            source = left
            left += 1
        else:
            source = right
            right += 1
        result[at, 0], result[at, 1] = given[source, 0], given[source, 1]


@kernel
def _merge_sort(keys: Array, scratch: Array, count: int) -> bool:
    """Sort the rows of ``keys`` by the first column, stably; returns whether the result is in ``scratch``."""
    in_scratch = False
    width = 1
    while width < count:
        given, result = (scratch, keys) if in_scratch else (keys, scratch)
        for begin in range(0, count, 2 * width):
            middle = min(begin + width, count)
            _merge(given, result, begin, middle, min(begin + 2 * width, count))
        in_scratch = not in_scratch
        width *= 2
    return in_scratch


@entry("void(int64[:,::1], int64, int64[:,::1], int64[:,::1], int64[:,::1])")
def sort_events(given: Array, count: int, keys: Array, scratch: Array, events: Array) -> None:
    """Sort ``count`` events into ``events``; equal ones (two volumes entered at once) keep their order.

    Args:
        given, events: [n, 4], see Event.  keys, scratch: [n, 2].
    """
    for i in range(count):
        entity = given[i, Event.ENTITY] & INDEX_MASK
        other = given[i, Event.OTHER] & INDEX_MASK
        keys[i, 0] = (((given[i, Event.KIND] << INDEX_BITS_OF_KEY) | entity) << INDEX_BITS_OF_KEY) | other
        keys[i, 1] = i
    result = scratch if _merge_sort(keys, scratch, count) else keys
    for i in range(count):
        for column in range(4):
            events[i, column] = given[result[i, 1], column]
