"""The one place through which scripts write to components: what undoes a failed callback hooks in here."""

from __future__ import annotations

from engine.ecs.access import write_word as write_to_world
from lang.jit import I64, float_bits, kernel, words_in
from lang.layout import M


@kernel
def write_word(m: I64, field: int, row: int, word: int) -> None:
    """Write the word of a field: an int, a string id, or the bits of a float."""
    write_to_world(words_in(m, M.WORLD), field, row, word)


@kernel
def write_float(m: I64, field: int, row: int, value: float) -> None:
    """Write a float field."""
    write_word(m, field, row, float_bits(value))
