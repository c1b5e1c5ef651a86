"""Taking words from the bound instance's heap.

An instruction first asks `has_room` for all that it will take and changes nothing before that; when
there is none it answers `NEEDS_MEMORY`, the loop collects, and the instruction runs again.
"""

from __future__ import annotations

import numpy as np

from lang.jit import I64, kernel, words_in
from lang.layout import CONTAINER_WORDS, HEADER_SIZE_SHIFT, NO_OFFSET, M

WORDS_PER_OPERATION = 8  # bulk work and allocation pay one operation for each started 64 bytes


@kernel
def has_room(m: I64, words: int) -> bool:
    """Return whether `words` can be taken; if not, leave the wish in REQUEST."""
    if m[M.HEAP_TOP] + words <= m[M.HEAP_WORDS]:
        return True
    m[M.REQUEST] = words
    return False


@kernel
def copy_words(target: I64, to: int, source: I64, first: int, count: int) -> None:
    """Copy words, lowest first.

    Unsigned indexes spare the test for those that count from the end, which keeps LLVM from copying
    many at once: 4 words in a quarter of the time, 2,000 in a fiftieth.
    """
    start = np.uint64(first)
    place = np.uint64(to)
    for i in range(np.uint64(count)):
        target[place + i] = source[start + i]


@kernel
def charge(m: I64, words: int) -> None:
    """Pay for bulk work on so many words."""
    m[M.FUEL] -= operations_of(words)


@kernel
def pay(m: I64, size: int) -> bool:
    """Pay for looking at so many bytes; False: no operation is left, and the work may stop.

    The run then ends at the next instruction, so that what the work found does not matter.
    """
    m[M.FUEL] -= size >> 6
    return m[M.FUEL] + m[M.RESERVE] >= 0


@kernel
def take(m: I64, kind: int, words: int) -> int:
    """Take an object of `words` words (there is room), write its header, return its offset."""
    at = m[M.HEAP_TOP]
    m[M.HEAP_TOP] = at + words
    charge(m, words)
    words_in(m, M.HEAP)[at] = kind | words << HEADER_SIZE_SHIFT
    return at


@kernel
def take_container(m: I64, kind: int, storage_kind: int, width: int, capacity: int) -> int:
    """Take a container with storage for `capacity` elements of `width` words; its length is 0.

    It needs ``container_words(width, capacity)`` words of room.
    """
    at = take(m, kind, CONTAINER_WORDS)
    heap = words_in(m, M.HEAP)
    heap[at + 1] = 0
    heap[at + 2] = NO_OFFSET
    heap[at + 3] = capacity
    if capacity > 0:
        heap[at + 2] = take(m, storage_kind, 1 + width * capacity)
    return at


@kernel
def container_words(width: int, capacity: int) -> int:
    """Return the words that a container of so many elements takes."""
    return CONTAINER_WORDS + (1 + width * capacity if capacity > 0 else 0)


@kernel
def grow_storage(m: I64, at: int, storage_kind: int, width: int, needed: int) -> bool:
    """Make room for `needed` elements in the container and pay for those it has not yet; False: no memory.

    What is paid hangs on the lengths only: the capacity is another one after a collection, or in a game
    that was loaded.
    """
    if not enlarge(m, at, storage_kind, width, needed):
        return False
    length = words_in(m, M.HEAP)[at + 1]
    m[M.FUEL] -= operations_of(width * needed) - operations_of(width * length)
    return True


@kernel
def operations_of(words: int) -> int:
    """Return the operations that are paid for so many words."""
    return (words + WORDS_PER_OPERATION - 1) // WORDS_PER_OPERATION


@kernel
def enlarge(m: I64, at: int, storage_kind: int, width: int, needed: int) -> bool:
    """Make room for `needed` elements in the container, doubling, unpaid; False: there is no memory."""
    heap = words_in(m, M.HEAP)
    capacity = heap[at + 3]
    if needed <= capacity:
        return True
    new_capacity = max(needed, 2 * capacity, 4)
    if not has_room(m, 1 + width * new_capacity):
        return False
    fuel = m[M.FUEL]
    storage = take(m, storage_kind, 1 + width * new_capacity)
    m[M.FUEL] = fuel
    old = heap[at + 2]
    if capacity > 0:
        copy_words(heap, storage + 1, heap, old + 1, width * heap[at + 1])
    heap[at + 2] = storage
    heap[at + 3] = new_capacity
    return True
