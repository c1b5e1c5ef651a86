"""Natives on vectors (an extension of the language): lengths, products, directions."""

from __future__ import annotations

import math

from lang.faults import Fault
from lang.heap.access import argument, put, register_a
from lang.heap.strings import object_address
from lang.heap.vectors import put_vector
from lang.jit import I64, bits_float, float_bits, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
from lang.values import Tag


@kernel
def vector_size(m: I64, at: int) -> int:
    """Return how many components the value of the register at `at` has; 0: it is no vector."""
    kind = words_in(m, M.REGISTERS)[at] & 0xFF
    if kind == Tag.VEC2:
        return 2
    return 3 if kind == Tag.VEC3 else 0


@kernel
def component_of(m: I64, at: int, i: int) -> float:
    """Return a component of the vector in the register at `at`; a missing z is 0."""
    size = vector_size(m, at)
    if i >= size:
        return 0.0
    return bits_float(words_at(object_address(m, words_in(m, M.REGISTERS)[at + 1]), 1 + size)[1 + i])


@kernel
def dot_product(m: I64, a: int, b: int) -> float:
    """Return the dot product of two vectors in registers; a missing z is 0."""
    total = component_of(m, a, 0) * component_of(m, b, 0) + component_of(m, a, 1) * component_of(m, b, 1)
    return total + component_of(m, a, 2) * component_of(m, b, 2)


@native
def length(machine: int, word: int) -> int:
    """`v.length()`."""
    m = words_at(machine, MACHINE_WORDS)
    at = argument(word, m, 0)
    if vector_size(m, at) == 0:
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), Tag.FLOAT, float_bits(math.sqrt(dot_product(m, at, at))))
    return Status.OK


@native
def length_squared(machine: int, word: int) -> int:
    """`v.length_squared()`."""
    m = words_at(machine, MACHINE_WORDS)
    at = argument(word, m, 0)
    if vector_size(m, at) == 0:
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), Tag.FLOAT, float_bits(dot_product(m, at, at)))
    return Status.OK


@native
def normalize(machine: int, word: int) -> int:
    """`v.normalize()`: the vector of length 1 in the same direction; zero stays zero."""
    m = words_at(machine, MACHINE_WORDS)
    at = argument(word, m, 0)
    size = vector_size(m, at)
    if size == 0:
        return Fault.FUNCTION_NOT_FOUND
    divisor = math.sqrt(dot_product(m, at, at))
    if divisor == 0.0:
        divisor = 1.0
    x = component_of(m, at, 0) / divisor
    y = component_of(m, at, 1) / divisor
    return put_vector(m, register_a(m, word), x, y, component_of(m, at, 2) / divisor, size)


@native
def dot(machine: int, word: int) -> int:
    """`v.dot(w)`."""
    m = words_at(machine, MACHINE_WORDS)
    a = argument(word, m, 0)
    b = argument(word, m, 1)
    if vector_size(m, a) == 0 or vector_size(m, b) == 0:
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), Tag.FLOAT, float_bits(dot_product(m, a, b)))
    return Status.OK


@native
def cross(machine: int, word: int) -> int:
    """`v.cross(w)`: a float for two plane vectors, else a vector of three components."""
    m = words_at(machine, MACHINE_WORDS)
    a = argument(word, m, 0)
    b = argument(word, m, 1)
    if vector_size(m, a) == 0 or vector_size(m, b) == 0:
        return Fault.FUNCTION_NOT_FOUND
    ax, ay, az = component_of(m, a, 0), component_of(m, a, 1), component_of(m, a, 2)
    bx, by, bz = component_of(m, b, 0), component_of(m, b, 1), component_of(m, b, 2)
    if vector_size(m, a) == 2 and vector_size(m, b) == 2:
        put(m, register_a(m, word), Tag.FLOAT, float_bits(ax * by - ay * bx))
        return Status.OK
    return put_vector(m, register_a(m, word), ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx, 3)


@native
def lerp(machine: int, word: int) -> int:
    """`v.lerp(w, t)`: v at t = 0, w at t = 1."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    a = argument(word, m, 0)
    b = argument(word, m, 1)
    c = argument(word, m, 2)
    kind = registers[c] & 0xFF
    size = max(vector_size(m, a), vector_size(m, b))
    if vector_size(m, a) == 0 or vector_size(m, b) == 0 or (kind != Tag.INT and kind != Tag.FLOAT):
        return Fault.FUNCTION_NOT_FOUND
    t = float(registers[c + 1]) if kind == Tag.INT else bits_float(registers[c + 1])
    x, y, z = component_of(m, a, 0), component_of(m, a, 1), component_of(m, a, 2)
    return put_vector(
        m,
        register_a(m, word),
        x + (component_of(m, b, 0) - x) * t,
        y + (component_of(m, b, 1) - y) * t,
        z + (component_of(m, b, 2) - z) * t,
        size,
    )


@native
def perpendicular(machine: int, word: int) -> int:
    """`v.perpendicular()`: a plane vector turned left by a quarter."""
    m = words_at(machine, MACHINE_WORDS)
    at = argument(word, m, 0)
    if vector_size(m, at) != 2:
        return Fault.FUNCTION_NOT_FOUND
    return put_vector(m, register_a(m, word), -component_of(m, at, 1), component_of(m, at, 0), 0.0, 2)


ENTRIES = (
    NativeEntry("length", length, (1, 1)),
    NativeEntry("length_squared", length_squared, (1, 1)),
    NativeEntry("normalize", normalize, (1, 1)),
    NativeEntry("dot", dot, (2, 2)),
    NativeEntry("cross", cross, (2, 2)),
    NativeEntry("lerp", lerp, (3, 3)),
    NativeEntry("perpendicular", perpendicular, (1, 1)),
)
