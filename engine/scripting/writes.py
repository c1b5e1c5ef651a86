"""The one place through which scripts write to components; a callback that fails takes it back."""

from __future__ import annotations

from engine.ecs.access import write_word as write_to_world
from engine.scripting.undo import note
from lang.jit import I64, float_bits, kernel, words_in
from lang.layout import M


@kernel
def write_word(m: I64, field: int, row: int, word: int) -> None:
    """Write the word of a field: an int, a string id, or the bits of a float."""
    note(m, 2 * field, row, words_in(words_in(m, M.WORLD), 2 * field)[row])
    write_to_world(words_in(m, M.WORLD), field, row, word)


@kernel
def write_float(m: I64, field: int, row: int, value: float) -> None:
    """Write a float field."""
    write_word(m, field, row, float_bits(value))
