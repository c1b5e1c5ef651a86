"""How API natives give back more than one value: arrays of entities, and what a ray hit."""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import put
from lang.heap.alloc import container_words, has_room, take, take_container
from lang.heap.arrays import VALUE_WORDS, element_at
from lang.heap.maps import entry_at
from lang.heap.strings import string_words, take_string
from lang.jit import I64, float_bits, kernel, words_in
from lang.layout import ENTRY_WORDS, Kind, M, Status
from lang.values import Tag

NAME_BYTES = 8
"""A name of an entry has at most so many bytes: one word."""
DISTANCE = int.from_bytes(b"distance", "little")
ENTITY = int.from_bytes(b"entity", "little")
NORMAL = int.from_bytes(b"normal", "little")
POINT = int.from_bytes(b"point", "little")
HIT_ENTRIES = 4
VECTOR_WORDS = 3


@kernel
def put_array(m: I64, at: int, count: int) -> tuple[int, int]:
    """Write a new array of ``count`` zeros into the register at ``at``; returns (status, where they lie).

    Element i is the word ``where + 2 * i`` of the heap, its tag before it.
    """
    if count > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE, 0
    if not has_room(m, container_words(VALUE_WORDS, count)):
        return Status.NEEDS_MEMORY, 0
    array = take_container(m, Kind.ARRAY, Kind.VALUES, VALUE_WORDS, count)
    heap = words_in(m, M.HEAP)
    first = element_at(m, array, 0)
    for i in range(count):
        heap[first + VALUE_WORDS * i], heap[first + VALUE_WORDS * i + 1] = Tag.INT, 0
    heap[array + 1] = count
    put(m, at, Tag.ARRAY, array)
    return Status.OK, first + 1


@kernel
def put_entities(m: I64, at: int, entities: I64, count: int) -> int:
    """Write a new array of ``count`` entities into the register at ``at``; returns a status."""
    status, first = put_array(m, at, count)
    if status == Status.OK:
        heap = words_in(m, M.HEAP)
        for i in range(count):
            heap[first + VALUE_WORDS * i] = entities[i]
    return status


@kernel
def _put_entry(m: I64, container: int, index: int, name: int, length: int, tag: int, payload: int) -> None:
    """Write an entry of a new map, under a name of at most 8 bytes."""
    key = take_string(m, length, length)
    heap = words_in(m, M.HEAP)
    heap[key + string_words(length) - 1] = name
    at = entry_at(m, container, index)
    heap[at], heap[at + 1], heap[at + 2] = key, tag, payload
    heap[container + 1] = index + 1


@kernel
def _new_vector(m: I64, x: float, y: float) -> int:
    """Take a vector of two components (there is room) and return it."""
    vector = take(m, Kind.VECTOR, VECTOR_WORDS)
    heap = words_in(m, M.HEAP)
    heap[vector + 1], heap[vector + 2] = float_bits(x), float_bits(y)
    return vector


@kernel
def put_hit(
    m: I64, at: int, entity: int, distance: float, point: tuple[float, float], normal: tuple[float, float]
) -> int:
    """Write ``#{distance, entity, normal, point}`` into the register at ``at``; returns a status."""
    names = HIT_ENTRIES * string_words(NAME_BYTES)
    if not has_room(m, container_words(ENTRY_WORDS, HIT_ENTRIES) + names + 2 * VECTOR_WORDS):
        return Status.NEEDS_MEMORY
    hit = take_container(m, Kind.MAP, Kind.ENTRIES, ENTRY_WORDS, HIT_ENTRIES)
    normal_at, point_at = _new_vector(m, normal[0], normal[1]), _new_vector(m, point[0], point[1])
    # Sorted by name, as every map is.
    _put_entry(m, hit, 0, DISTANCE, 8, Tag.FLOAT, float_bits(distance))
    _put_entry(m, hit, 1, ENTITY, 6, Tag.INT, entity)
    _put_entry(m, hit, 2, NORMAL, 6, Tag.VEC2, normal_at)
    _put_entry(m, hit, 3, POINT, 5, Tag.VEC2, point_at)
    put(m, at, Tag.MAP, hit)
    return Status.OK
