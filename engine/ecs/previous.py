"""Where everything was at the start of the tick: what the picture interpolates from."""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any

from engine.ecs.components import Component, Field
from engine.ecs.layout import Counter, WorldSlot
from lang.jit import entry, kernel, words_in


@kernel
def _copy_slice(column: Any, to: Any, first: int, end: int) -> None:
    for row in range(first, end):
        to[row] = column[row]


@entry("int64(int64[::1])")
def remember_places(table: Any) -> int:
    """Copy position and rotation of all transforms to the fields that keep the previous ones."""
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    archetypes = words_in(table, WorldSlot.CHUNK_ARCHETYPE)
    counts = words_in(table, WorldSlot.CHUNK_COUNT)
    x, previous_x = words_in(table, 2 * Field.TRANSFORM_X), words_in(table, 2 * Field.TRANSFORM_PREVIOUS_X)
    y, previous_y = words_in(table, 2 * Field.TRANSFORM_Y), words_in(table, 2 * Field.TRANSFORM_PREVIOUS_Y)
    turn = words_in(table, 2 * Field.TRANSFORM_ROTATION)
    previous_turn = words_in(table, 2 * Field.TRANSFORM_PREVIOUS_ROTATION)
    for chunk in range(words_in(table, WorldSlot.COUNTERS)[Counter.CHUNK_HIGH_WATER]):
        first = bases[chunk * components + Component.TRANSFORM]
        if archetypes[chunk] >= 0 and first >= 0:
            end = first + counts[chunk]
            _copy_slice(x, previous_x, first, end)
            _copy_slice(y, previous_y, first, end)
            _copy_slice(turn, previous_turn, first, end)
    return 0
