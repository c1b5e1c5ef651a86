"""Sorting what a search found, nearest first."""

from __future__ import annotations

from engine.ecs.entity import INDEX_MASK
from lang.jit import F64, I64, kernel


@kernel
def comes_before(key: float, entity: int, other_key: float, other: int) -> bool:
    """Return whether one is nearer than the other, or as near and of a lower entity index."""
    if key != other_key:
        return key < other_key
    return (entity & INDEX_MASK) < (other & INDEX_MASK)


@kernel
def _sift(keys: F64, words: I64, at: int, count: int) -> None:
    """Let the pair at a place of a heap sink below those that come after it."""
    key, word = keys[at], words[at]
    while 2 * at + 1 < count:
        child = 2 * at + 1
        if child + 1 < count and comes_before(keys[child], words[child], keys[child + 1], words[child + 1]):
            child += 1
        if not comes_before(key, word, keys[child], words[child]):
            break
        keys[at], words[at] = keys[child], words[child]
        at = child
    keys[at], words[at] = key, word


@kernel
def sort_pairs(keys: F64, words: I64, count: int) -> None:
    """Sort ``count`` pairs (key, entity) in place by key, then by entity index.

    Source: Williams' heapsort as in Knuth, The Art of Computer Programming 3, 5.2.3: no input is slow.
    """
    for at in range(count // 2 - 1, -1, -1):
        _sift(keys, words, at, count)
    for end in range(count - 1, 0, -1):
        keys[0], keys[end] = keys[end], keys[0]
        words[0], words[end] = words[end], words[0]
        _sift(keys, words, 0, end)
