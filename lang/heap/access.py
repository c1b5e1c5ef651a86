"""How a kernel reads its instruction: the machine's words, operands, values, results.

A value is passed between kernels as (tag word, payload). Registers are addressed by the index of
their tag in the words of the register file; the payload follows it.
"""

from __future__ import annotations

from lang.jit import I64, kernel, words_in
from lang.layout import M
from lang.values import Tag


@kernel
def field_a(word: int) -> int:
    """Return the first operand."""
    return (word >> 8) & 0xFFFF


@kernel
def field_b(word: int) -> int:
    """Return the second operand."""
    return (word >> 24) & 0xFFFF


@kernel
def field_c(word: int) -> int:
    """Return the third operand."""
    return (word >> 40) & 0xFFFF


@kernel
def register_a(m: I64, word: int) -> int:
    """Return where the register that the first operand names lies."""
    return 2 * (m[M.BASE] + field_a(word))


@kernel
def register_b(m: I64, word: int) -> int:
    """Return where the register that the second operand names lies."""
    return 2 * (m[M.BASE] + field_b(word))


@kernel
def register_c(m: I64, word: int) -> int:
    """Return where the register that the third operand names lies."""
    return 2 * (m[M.BASE] + field_c(word))


@kernel
def put(m: I64, at: int, tag: int, payload: int) -> None:
    """Write a value into the register at `at`."""
    registers = words_in(m, M.REGISTERS)
    registers[at] = tag
    registers[at + 1] = payload


@kernel
def put_unit(m: I64, at: int) -> None:
    """Write ``()`` into the register at `at`."""
    put(m, at, Tag.UNIT, 0)


@kernel
def put_bool(m: I64, at: int, value: bool) -> None:
    """Write a bool into the register at `at`."""
    put(m, at, Tag.BOOL, 1 if value else 0)


@kernel
def argument(word: int, m: I64, number: int) -> int:
    """Return where a native's argument lies (the receiver is number 0); its result goes before it."""
    return 2 * (m[M.BASE] + field_a(word) + 1 + number)
