"""Natives on vectors (an extension of the language): lengths, products, directions, and by component.

Of two vectors the result has as many components as the longer one; a missing z is 0. What turns or
measures an angle looks at x and y alone and keeps z.
"""

from __future__ import annotations

import math

from lang.faults import Fault
from lang.heap.access import argument, put, register_a
from lang.heap.strings import object_address
from lang.heap.vectors import put_vector
from lang.jit import I64, bits_float, float_bits, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.numeric.circular import angle_of, cosine, sine
from lang.numeric.rounding import rounded
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


@kernel
def number_at(m: I64, at: int) -> tuple[bool, float]:
    """Return (whether the register at `at` holds a number, that number as a float)."""
    registers = words_in(m, M.REGISTERS)
    kind = registers[at] & 0xFF
    value = float(registers[at + 1]) if kind == Tag.INT else bits_float(registers[at + 1])
    return kind == Tag.INT or kind == Tag.FLOAT, value


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
    a = argument(word, m, 0)
    b = argument(word, m, 1)
    is_number, t = number_at(m, argument(word, m, 2))
    size = max(vector_size(m, a), vector_size(m, b))
    if vector_size(m, a) == 0 or vector_size(m, b) == 0 or not is_number:
        return Fault.FUNCTION_NOT_FOUND
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
    """`v.perpendicular()`: turned left by a quarter."""
    m = words_at(machine, MACHINE_WORDS)
    at = argument(word, m, 0)
    size = vector_size(m, at)
    if size == 0:
        return Fault.FUNCTION_NOT_FOUND
    x, y, z = component_of(m, at, 0), component_of(m, at, 1), component_of(m, at, 2)
    return put_vector(m, register_a(m, word), -y, x, z, size)


@native
def angle(machine: int, word: int) -> int:
    """`v.angle()`: radians from the x axis, counter-clockwise, in [-π, π]."""
    m = words_at(machine, MACHINE_WORDS)
    at = argument(word, m, 0)
    if vector_size(m, at) == 0:
        return Fault.FUNCTION_NOT_FOUND
    put(
        m,
        register_a(m, word),
        Tag.FLOAT,
        float_bits(angle_of(component_of(m, at, 1), component_of(m, at, 0))),
    )
    return Status.OK


@native
def rotate(machine: int, word: int) -> int:
    """`v.rotate(radians)`: turned counter-clockwise."""
    m = words_at(machine, MACHINE_WORDS)
    at = argument(word, m, 0)
    size = vector_size(m, at)
    is_number, radians = number_at(m, argument(word, m, 1))
    if size == 0 or not is_number:
        return Fault.FUNCTION_NOT_FOUND
    c, s = cosine(radians), sine(radians)
    x, y, z = component_of(m, at, 0), component_of(m, at, 1), component_of(m, at, 2)
    return put_vector(m, register_a(m, word), x * c - y * s, x * s + y * c, z, size)


@native
def distance(machine: int, word: int) -> int:
    """`v.distance(w)`: the length of the difference."""
    m = words_at(machine, MACHINE_WORDS)
    a = argument(word, m, 0)
    b = argument(word, m, 1)
    if vector_size(m, a) == 0 or vector_size(m, b) == 0:
        return Fault.FUNCTION_NOT_FOUND
    x = component_of(m, a, 0) - component_of(m, b, 0)
    y = component_of(m, a, 1) - component_of(m, b, 1)
    z = component_of(m, a, 2) - component_of(m, b, 2)
    put(m, register_a(m, word), Tag.FLOAT, float_bits(math.sqrt(x * x + y * y + z * z)))
    return Status.OK


@kernel
def absolute_vector(m: I64, word: int) -> int:
    """Write a vector of the sizes of a vector's components; other values have no `abs` here."""
    at = argument(word, m, 0)
    size = vector_size(m, at)
    if size == 0:
        return Fault.FUNCTION_NOT_FOUND
    x, y, z = component_of(m, at, 0), component_of(m, at, 1), component_of(m, at, 2)
    return put_vector(m, register_a(m, word), abs(x), abs(y), abs(z), size)


@kernel
def rounded_vector(m: I64, word: int, how: int) -> int:
    """Write a vector rounded by component, in one of the ways of `lang.numeric.rounding`."""
    at = argument(word, m, 0)
    size = vector_size(m, at)
    if size == 0:
        return Fault.FUNCTION_NOT_FOUND
    x, y, z = component_of(m, at, 0), component_of(m, at, 1), component_of(m, at, 2)
    return put_vector(m, register_a(m, word), rounded(x, how), rounded(y, how), rounded(z, how), size)


@kernel
def chosen(x: float, y: float, greater: bool) -> float:
    """Return the lesser or the greater of two floats as `min` and `max` do."""
    first = x >= y if greater else x <= y
    return x if first else y


@kernel
def chosen_vector(m: I64, word: int, greater: bool) -> int:
    """Write the lesser or the greater components of two vectors."""
    a = argument(word, m, 0)
    b = argument(word, m, 1)
    size = max(vector_size(m, a), vector_size(m, b))
    if vector_size(m, a) == 0 or vector_size(m, b) == 0:
        return Fault.FUNCTION_NOT_FOUND
    return put_vector(
        m,
        register_a(m, word),
        chosen(component_of(m, a, 0), component_of(m, b, 0), greater),
        chosen(component_of(m, a, 1), component_of(m, b, 1), greater),
        chosen(component_of(m, a, 2), component_of(m, b, 2), greater),
        size,
    )


@kernel
def bound_of(m: I64, at: int, i: int) -> float:
    """Return a component of a bound, which may be a number that bounds all of them."""
    is_number, value = number_at(m, at)
    return value if is_number else component_of(m, at, i)


@kernel
def clamped(m: I64, value: int, low: int, high: int, i: int) -> float:
    """Return a component between those of two bounds; the upper one wins."""
    return chosen(chosen(component_of(m, value, i), bound_of(m, low, i), True), bound_of(m, high, i), False)


@native
def clamp(machine: int, word: int) -> int:
    """`v.clamp(low, high)`: by component; a bound is a vector or one number for all."""
    m = words_at(machine, MACHINE_WORDS)
    value = argument(word, m, 0)
    size = vector_size(m, value)
    if size == 0:
        return Fault.FUNCTION_NOT_FOUND
    for number in range(1, 3):
        at = argument(word, m, number)
        if not number_at(m, at)[0] and vector_size(m, at) == 0:
            return Fault.FUNCTION_NOT_FOUND
    low = argument(word, m, 1)
    high = argument(word, m, 2)
    x = clamped(m, value, low, high, 0)
    y = clamped(m, value, low, high, 1)
    return put_vector(m, register_a(m, word), x, y, clamped(m, value, low, high, 2), size)


KERNELS = (
    NativeEntry("length", length, (1, 1)),
    NativeEntry("length_squared", length_squared, (1, 1)),
    NativeEntry("normalize", normalize, (1, 1)),
    NativeEntry("dot", dot, (2, 2)),
    NativeEntry("cross", cross, (2, 2)),
    NativeEntry("lerp", lerp, (3, 3)),
    NativeEntry("perpendicular", perpendicular, (1, 1)),
    NativeEntry("angle", angle, (1, 1)),
    NativeEntry("rotate", rotate, (2, 2)),
    NativeEntry("distance", distance, (2, 2)),
    NativeEntry("clamp", clamp, (3, 3)),
)
