"""Natives on numbers that are exact: signs, rounding, conversions, the lesser and the greater."""

from __future__ import annotations

import math

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.heap.access import argument, put, register_a
from lang.heap.equality import is_numeric, is_text, text_order
from lang.jit import I64, bits_float, float_bits, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.numeric.rounding import CEILING, FLOOR, LARGEST, MOST_NEGATIVE, ROUND, rounded
from lang.stdlib.arrays import receiver, receiver_kind
from lang.stdlib.registry import NativeEntry
from lang.stdlib.vectors import absolute_vector, chosen_vector, rounded_vector
from lang.values import Tag

TOO_LARGE = 9223372036854775808.0


@native
def absolute(machine: int, word: int) -> int:
    """`abs`."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    value = receiver(m, word)
    if kind == Tag.INT:
        if value == MOST_NEGATIVE:
            return Fault.ABS_OVERFLOW
        put(m, register_a(m, word), Tag.INT, abs(value))
    elif kind == Tag.FLOAT:
        put(m, register_a(m, word), Tag.FLOAT, value & LARGEST)
    else:
        return absolute_vector(m, word)
    return Status.OK


@native
def sign(machine: int, word: int) -> int:
    """`sign`: -1, 0 or 1."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    value = receiver(m, word)
    if kind == Tag.FLOAT:
        number = bits_float(value)
        if math.isnan(number):
            return Fault.SIGN_OF_NAN
        value = 1 if number > 0.0 else (-1 if number < 0.0 else 0)
    elif kind != Tag.INT:
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), Tag.INT, 1 if value > 0 else (-1 if value < 0 else 0))
    return Status.OK


@native
def to_float(machine: int, word: int) -> int:
    """`to_float`."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    value = receiver(m, word)
    if kind == Tag.INT:
        value = float_bits(float(value))
    elif kind != Tag.FLOAT:
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), Tag.FLOAT, value)
    return Status.OK


@native
def to_int(machine: int, word: int) -> int:
    """`to_int`: toward zero; of a character its code."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    value = receiver(m, word)
    if kind == Tag.FLOAT:
        number = bits_float(value)
        if math.isnan(number):
            value = 0
        elif abs(number) > TOO_LARGE:
            return Fault.TO_INT_OVERFLOW
        elif number == TOO_LARGE:
            value = LARGEST
        else:
            value = int(number)
    elif kind != Tag.INT and kind != Tag.CHAR:
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), Tag.INT, value)
    return Status.OK


@kernel
def round_argument(m: I64, word: int, how: int) -> int:
    """Write a float, or a vector by component, rounded in one of the ways."""
    if receiver_kind(m, word) != Tag.FLOAT:
        return rounded_vector(m, word, how)
    put(m, register_a(m, word), Tag.FLOAT, float_bits(rounded(bits_float(receiver(m, word)), how)))
    return Status.OK


@native
def floor(machine: int, word: int) -> int:
    """`floor`."""
    return round_argument(words_at(machine, MACHINE_WORDS), word, FLOOR)


@native
def ceiling(machine: int, word: int) -> int:
    """`ceiling`."""
    return round_argument(words_at(machine, MACHINE_WORDS), word, CEILING)


@native
def round_half_away(machine: int, word: int) -> int:
    """`round`."""
    return round_argument(words_at(machine, MACHINE_WORDS), word, ROUND)


@native
def square_root(machine: int, word: int) -> int:
    """`sqrt`."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.FLOAT:
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), Tag.FLOAT, float_bits(math.sqrt(bits_float(receiver(m, word)))))
    return Status.OK


@kernel
def choose(m: I64, word: int, greater: bool) -> int:
    """Write the lesser or the greater of two numbers or texts; the second, if they do not compare."""
    registers = words_in(m, M.REGISTERS)
    left = argument(word, m, 0)
    right = argument(word, m, 1)
    lt = registers[left] & 0xFF
    lp = registers[left + 1]
    rt = registers[right] & 0xFF
    rp = registers[right + 1]
    kind = lt
    if lt == Tag.INT and rt == Tag.INT:
        first = lp >= rp if greater else lp <= rp
    elif is_numeric(lt) and is_numeric(rt):
        kind = Tag.FLOAT
        x = float(lp) if lt == Tag.INT else bits_float(lp)
        y = float(rp) if rt == Tag.INT else bits_float(rp)
        first = x >= y if greater else x <= y
        lp = float_bits(x)
        rp = float_bits(y)
    elif lt == rt and is_text(lt):
        order = text_order(m, lt, lp, rt, rp)
        first = order >= 0 if greater else order <= 0
    else:
        return chosen_vector(m, word, greater)
    put(m, register_a(m, word), kind, lp if first else rp)
    return Status.OK


@native
def least(machine: int, word: int) -> int:
    """`min`."""
    return choose(words_at(machine, MACHINE_WORDS), word, greater=False)


@native
def greatest(machine: int, word: int) -> int:
    """`max`."""
    return choose(words_at(machine, MACHINE_WORDS), word, greater=True)


KERNELS = (
    NativeEntry("abs", absolute, (1, 1), ahead=Op.ABS_AHEAD),
    NativeEntry("sign", sign, (1, 1)),
    NativeEntry("to_float", to_float, (1, 1), ahead=Op.TO_FLOAT_AHEAD),
    NativeEntry("to_int", to_int, (1, 1)),
    NativeEntry("floor", floor, (1, 1), is_property=True),
    NativeEntry("ceiling", ceiling, (1, 1), is_property=True),
    NativeEntry("round", round_half_away, (1, 1), is_property=True),
    NativeEntry("sqrt", square_root, (1, 1), ahead=Op.SQRT_AHEAD),
    NativeEntry("min", least, (2, 2)),
    NativeEntry("max", greatest, (2, 2)),
)
