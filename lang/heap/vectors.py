"""Making vectors: immutable objects of two or three floats."""

from __future__ import annotations

from lang.heap.access import put
from lang.heap.alloc import has_room, take
from lang.jit import I64, float_bits, kernel, words_in
from lang.layout import Kind, M, Status
from lang.values import Tag


@kernel
def put_vector(m: I64, at: int, x: float, y: float, z: float, size: int) -> int:
    """Write a new vector of 2 or 3 components into the register at `at`; returns a status."""
    if not has_room(m, 1 + size):
        return Status.NEEDS_MEMORY
    vector = take(m, Kind.VECTOR, 1 + size)
    heap = words_in(m, M.HEAP)
    heap[vector + 1] = float_bits(x)
    heap[vector + 2] = float_bits(y)
    if size == 3:
        heap[vector + 3] = float_bits(z)
    put(m, at, Tag.VEC3 if size == 3 else Tag.VEC2, vector)
    return Status.OK
