"""What the prelude asks about the arguments of its functions before it does anything."""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import argument, field_c, put_bool, register_a
from lang.heap.maps import entry_at, find_constant_key
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.arrays import done, receiver_kind
from lang.stdlib.registry import NativeEntry
from lang.values import Tag


@native
def is_map(machine: int, word: int) -> int:
    """For the prelude: whether the receiver is a map and not an array; fail unless all is what it takes."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    callback = words_in(m, M.REGISTERS)[argument(word, m, 1)] & 0xFF
    by_name = kind == Tag.ARRAY and callback == Tag.STRING
    if (kind != Tag.ARRAY and kind != Tag.MAP) or (callback != Tag.FN and not by_name):
        return Fault.FUNCTION_NOT_FOUND
    put_bool(m, register_a(m, word), kind == Tag.MAP)
    return Status.OK


@kernel
def checked(m: I64, word: int, takes_name: bool) -> int:
    """Return the status of a call of the prelude on an array, with a callback, from an index on."""
    registers = words_in(m, M.REGISTERS)
    count = field_c(word)
    callback = registers[argument(word, m, 1)] & 0xFF
    if receiver_kind(m, word) != Tag.ARRAY:
        return Fault.FUNCTION_NOT_FOUND
    if callback != Tag.FN and not (takes_name and callback == Tag.STRING):
        return Fault.FUNCTION_NOT_FOUND
    if count > 2 and registers[argument(word, m, 2)] & 0xFF != Tag.INT:
        return Fault.FUNCTION_NOT_FOUND
    return done(m, word, Status.OK)


@native
def check_call(machine: int, word: int) -> int:
    """For the prelude: fail unless there are an array, a pointer and, if anything, an int."""
    return checked(words_at(machine, MACHINE_WORDS), word, takes_name=False)


@native
def check_named_call(machine: int, word: int) -> int:
    """For the prelude: as `check_call`, but a function's name will do for the pointer."""
    return checked(words_at(machine, MACHINE_WORDS), word, takes_name=True)


@native
def check_array(machine: int, word: int) -> int:
    """For the prelude: fail unless the argument is an array."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.ARRAY:
        return Fault.FUNCTION_NOT_FOUND
    return done(m, word, Status.OK)


@native
def has_method(machine: int, word: int) -> int:
    """For the compiler: whether a map holds a pointer under a constant name."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    held = False
    if receiver_kind(m, word) == Tag.MAP:
        container = registers[argument(word, m, 0) + 1]
        found = find_constant_key(m, container, registers[argument(word, m, 1) + 1])
        held = found >= 0 and words_in(m, M.HEAP)[entry_at(m, container, found) + 1] & 0xFF == Tag.FN
    put_bool(m, register_a(m, word), held)
    return Status.OK


KERNELS = (
    NativeEntry("has_method", has_method, (2, 2), internal=True),
    NativeEntry("is_map", is_map, (2, 2), changes=True, internal=True),
    NativeEntry("check_array", check_array, (1, 1), changes=True, internal=True),
    NativeEntry("check_call", check_call, (2, 3), changes=True, internal=True),
    NativeEntry("check_named_call", check_named_call, (2, 2), changes=True, internal=True),
)
