"""Object maps: entries (key, tag, payload) sorted by key; every map has one owner."""

from __future__ import annotations

import numpy as np

from lang.faults import Fault
from lang.heap.alloc import charge, enlarge, grow_storage, pay
from lang.heap.strings import (
    compare_bytes,
    compare_texts,
    object_address,
    string_bytes,
    string_counts,
)
from lang.jit import I64, U8, kernel, words_at, words_in
from lang.layout import CONTAINER_WORDS, ENTRY_WORDS, Kind, M, Status

PAID_SIZE = 64  # bytes of a key from which on a comparison costs an operation


@kernel
def entry_at(m: I64, container: int, index: int) -> int:
    """Return the offset of an entry's key."""
    return words_in(m, M.HEAP)[container + 2] + 1 + ENTRY_WORDS * index


@kernel
def find_bytes(m: I64, container: int, name: U8) -> int:
    """Return the index of the entry with this key, or ~index of where it belongs."""
    heap = words_in(m, M.HEAP)
    low = 0
    high = heap[container + 1]
    while low < high:
        middle = (low + high) // 2
        key = string_bytes(m, heap[entry_at(m, container, middle)])
        order = compare_bytes(key, name)
        pay(m, min(key.size, name.size))
        if order == 0:
            return middle
        if order < 0:
            low = middle + 1
        else:
            high = middle
    return ~low


@kernel
def find_key(m: I64, container: int, key: int) -> int:
    """Return the index of the entry whose key equals the string `key`, or ~index of its place."""
    head = words_at(m[M.HEAP] + 8 * container, CONTAINER_WORDS)
    low = 0
    high = head[1]
    entries = words_at(m[M.HEAP] + 8 * head[2], 1 + ENTRY_WORDS * high)
    text = object_address(m, key)
    size = string_counts(m, key)[0]
    while low < high:
        middle = (low + high) // 2
        other = entries[np.uint64(1 + ENTRY_WORDS * middle)]
        if other == key:
            return middle
        if size >= PAID_SIZE:
            pay(m, min(size, string_counts(m, other)[0]))
        order = compare_texts(object_address(m, other), text)
        if order == 0:
            return middle
        if order < 0:
            low = middle + 1
        else:
            high = middle
    return ~low


@kernel
def find_constant_key(m: I64, container: int, key: int) -> int:
    """Return the index of the entry with a key from the constant pool, or something negative.

    Constants are stored once, so most keys are told apart by their references alone.
    """
    heap = words_in(m, M.HEAP)
    only_constants = True
    for i in range(heap[container + 1]):
        other = heap[entry_at(m, container, i)]
        if other == key:
            return i
        only_constants = only_constants and other < 0
    return -1 if only_constants else find_key(m, container, key)


@kernel
def set_entry(m: I64, container: int, key: int, tag: int, payload: int) -> int:
    """Set a key to a value that nobody else owns; returns a status."""
    index = find_key(m, container, key)
    heap = words_in(m, M.HEAP)
    if index >= 0:
        at = entry_at(m, container, index)
        heap[at + 1] = tag
        heap[at + 2] = payload
        return Status.OK
    length = heap[container + 1]
    if length >= m[M.MAP_LIMIT]:
        return Fault.MAP_TOO_LARGE
    if not grow_storage(m, container, Kind.ENTRIES, ENTRY_WORDS, length + 1):
        return Status.NEEDS_MEMORY
    index = ~index
    for i in range(length, index, -1):
        to = entry_at(m, container, i)
        for j in range(ENTRY_WORDS):
            heap[to + j] = heap[to - ENTRY_WORDS + j]
    charge(m, ENTRY_WORDS * (length - index))
    at = entry_at(m, container, index)
    heap[at] = key
    heap[at + 1] = tag
    heap[at + 2] = payload
    heap[container + 1] = length + 1
    return Status.OK


@kernel
def remove_entry(m: I64, container: int, index: int) -> None:
    """Remove the entry at `index`."""
    heap = words_in(m, M.HEAP)
    length = heap[container + 1]
    for i in range(index, length - 1):
        at = entry_at(m, container, i)
        for j in range(ENTRY_WORDS):
            heap[at + j] = heap[at + ENTRY_WORDS + j]
    charge(m, ENTRY_WORDS * (length - index))
    heap[container + 1] = length - 1


@kernel
def merge(m: I64, target: int, source: int, replace: bool) -> int:
    """Move the entries of `source` into `target`; returns a status. Doing it again changes nothing."""
    heap = words_in(m, M.HEAP)
    most = min(heap[target + 1] + heap[source + 1], m[M.MAP_LIMIT])
    if not enlarge(m, target, Kind.ENTRIES, ENTRY_WORDS, most):
        return Status.NEEDS_MEMORY  # before anything is paid for
    for i in range(heap[source + 1]):
        entry = entry_at(m, source, i)
        if replace or find_key(m, target, heap[entry]) < 0:
            status = set_entry(m, target, heap[entry], heap[entry + 1], heap[entry + 2])
            if status != Status.OK:
                return status
    charge(m, 3 * heap[source + 1])
    return Status.OK
