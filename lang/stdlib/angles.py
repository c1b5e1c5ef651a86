"""Natives for the functions of angles and lengths that games call every tick."""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import argument, field_c, put, register_a
from lang.jit import I64, bits_float, float_bits, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.numeric.circular import angle_of, arctangent, cosine, sine
from lang.numeric.transcendental import hypotenuse
from lang.stdlib.registry import NativeEntry
from lang.values import Tag


@kernel
def are_floats(m: I64, word: int) -> bool:
    """Return whether all arguments are floats."""
    registers = words_in(m, M.REGISTERS)
    for number in range(field_c(word)):
        if registers[argument(word, m, number)] & 0xFF != Tag.FLOAT:
            return False
    return True


@kernel
def float_at(m: I64, word: int, number: int) -> float:
    """Return an argument that is a float."""
    return bits_float(words_in(m, M.REGISTERS)[argument(word, m, number) + 1])


@kernel
def put_float(m: I64, word: int, value: float) -> int:
    """Write the result."""
    put(m, register_a(m, word), Tag.FLOAT, float_bits(value))
    return Status.OK


@native
def sine_of(machine: int, word: int) -> int:
    """`sin`."""
    m = words_at(machine, MACHINE_WORDS)
    if not are_floats(m, word):
        return Fault.FUNCTION_NOT_FOUND
    return put_float(m, word, sine(float_at(m, word, 0)))


@native
def cosine_of(machine: int, word: int) -> int:
    """`cos`."""
    m = words_at(machine, MACHINE_WORDS)
    if not are_floats(m, word):
        return Fault.FUNCTION_NOT_FOUND
    return put_float(m, word, cosine(float_at(m, word, 0)))


@native
def arctangent_of(machine: int, word: int) -> int:
    """`atan` of a slope, or of y and x."""
    m = words_at(machine, MACHINE_WORDS)
    if not are_floats(m, word):
        return Fault.FUNCTION_NOT_FOUND
    if field_c(word) == 1:
        return put_float(m, word, arctangent(float_at(m, word, 0)))
    return put_float(m, word, angle_of(float_at(m, word, 0), float_at(m, word, 1)))


@native
def length_of_sides(machine: int, word: int) -> int:
    """`hypot`."""
    m = words_at(machine, MACHINE_WORDS)
    if not are_floats(m, word):
        return Fault.FUNCTION_NOT_FOUND
    return put_float(m, word, hypotenuse(float_at(m, word, 0), float_at(m, word, 1)))


KERNELS = (
    NativeEntry("sin", sine_of, (1, 1)),
    NativeEntry("cos", cosine_of, (1, 1)),
    NativeEntry("atan", arctangent_of, (1, 2)),
    NativeEntry("hypot", length_of_sides, (2, 2)),
)
