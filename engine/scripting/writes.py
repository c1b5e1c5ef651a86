"""The one place through which scripts write to components; a callback that fails takes it back."""

from __future__ import annotations

from engine.ecs.access import mark_changed
from engine.ecs.layout import WorldSlot
from engine.scripting.undo import write_noted
from engine.space.layout import SpaceSlot, SpaceWord
from lang.jit import I64, float_bits, kernel, words_in
from lang.layout import M


@kernel
def write_word(m: I64, field: int, row: int, word: int) -> None:
    """Write the word of a field: an int, a string id, or the bits of a float."""
    write_noted(m, 2 * field, row, word)
    table = words_in(m, M.WORLD)
    mark_changed(table, words_in(table, WorldSlot.FIELD_COMPONENT)[field], row)


@kernel
def write_float(m: I64, field: int, row: int, value: float) -> None:
    """Write a float field."""
    write_word(m, field, row, float_bits(value))


@kernel
def write_pair(m: I64, field: int, row: int, first: float, second: float) -> None:
    """Write two float fields of one component that follow each other, as x and y do."""
    write_noted(m, 2 * field, row, float_bits(first))
    write_float(m, field + 1, row, second)


@kernel
def note_team_change(m: I64) -> None:
    """Tell the index of points that an entity has another team since it was taken."""
    space = words_in(words_in(m, M.WORLD), WorldSlot.SPACE)
    if space.size > 0:
        words_in(space, SpaceSlot.STATE)[SpaceWord.TEAMS_CHANGED] = 1
