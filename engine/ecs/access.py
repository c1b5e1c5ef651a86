"""Kernels with which every other room reaches the world: a few loads each, meant to be inlined.

`table` is `World.table`. Component and field numbers
are members of `Component` and `Field`, or numbers of declared ones. A column is
`floats_in(table, 2 * Field.TRANSFORM_X)` (or `words_in`), an array of the world
`words_in(table, WorldSlot.FLAGS)`, both from `lang.jit`.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any

from engine.ecs.components import Component, Field
from engine.ecs.entity import INDEX_BITS, INDEX_MASK
from engine.ecs.layout import COMMAND_WORDS, FULL, MARKED, NONE, Counter, WorldSlot
from lang.jit import floats_in, kernel, words_in

# Literals of kernels: bit operations on enum members are not in Numba's reach.
_UNBORN = int(Component.UNBORN)


@kernel
def entity_index(table: Any, entity: int) -> int:
    """Return the index of an id, or -1 for a stale or senseless one."""
    index = (entity & INDEX_MASK) - 1
    generation = words_in(table, WorldSlot.GENERATION)
    if index < 0 or index >= generation.size or generation[index] != entity >> INDEX_BITS:
        return NONE
    if words_in(table, WorldSlot.CHUNK)[index] < 0:
        return NONE
    return index


@kernel
def entity_of_index(table: Any, index: int) -> int:
    """Return the id of the entity that lives at an index."""
    return (words_in(table, WorldSlot.GENERATION)[index] << INDEX_BITS) + index + 1


@kernel
def component_row(table: Any, index: int, component: int) -> int:
    """Return the pool row of a component of the entity at an index, or -1 when it lacks it."""
    chunk = words_in(table, WorldSlot.CHUNK)[index]
    if chunk < 0:
        return NONE
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    base = words_in(table, WorldSlot.CHUNK_BASE)[chunk * components + component]
    if base < 0:
        return NONE
    return base + words_in(table, WorldSlot.ROW)[index]


@kernel
def mark_changed(table: Any, component: int, row: int) -> None:
    """Count the component of a pool row as changed now; whoever writes to a column calls this."""
    changed = words_in(words_in(table, WorldSlot.CHANGED), 2 * component)
    changed[row] = words_in(table, WorldSlot.COUNTERS)[Counter.CHANGE_TICK]


@kernel
def write_word(table: Any, field: int, row: int, word: int) -> None:
    """Write the word of a field (an int, a string id, the bits of a float) and count it as changed."""
    words_in(table, 2 * field)[row] = word
    mark_changed(table, words_in(table, WorldSlot.FIELD_COMPONENT)[field], row)


@kernel
def is_marked(table: Any, index: int) -> bool:
    """Return whether the entity at an index is marked for destruction."""
    return words_in(table, WorldSlot.FLAGS)[index] & MARKED != 0


@kernel
def is_alive(table: Any, entity: int) -> bool:
    """Return whether an entity exists, is not marked, and has health above 0 (if any at all)."""
    index = entity_index(table, entity)
    if index < 0 or is_marked(table, index):
        return False
    row = component_row(table, index, Component.HEALTH)
    return row < 0 or floats_in(table, 2 * Field.HEALTH_VALUE)[row] > 0.0


@kernel
def is_in_queries(table: Any, index: int) -> bool:
    """Return whether the entity at an index was born (an unborn one is in no query)."""
    return component_row(table, index, _UNBORN) < 0


@kernel
def first_with_word(table: Any, component: int, field: int, word: int) -> int:
    """Return the lowest index of a born entity whose word field equals `word`, or -1."""
    column = words_in(table, 2 * field)
    for index in range(words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]):
        row = component_row(table, index, component)
        if row >= 0 and column[row] == word and is_in_queries(table, index):
            return index
    return NONE


@kernel
def push_command(table: Any, kind: int, entity: int, a: int, b: int) -> int:
    """Queue a command (`Command`); return its row, or -1 (full)."""
    counters = words_in(table, WorldSlot.COUNTERS)
    commands = words_in(table, WorldSlot.COMMANDS)
    at = counters[Counter.COMMANDS]
    first = at * COMMAND_WORDS
    if first + COMMAND_WORDS > commands.size:
        return FULL
    commands[first] = kind
    commands[first + 1] = entity
    commands[first + 2] = a
    commands[first + 3] = b
    counters[Counter.COMMANDS] = at + 1
    return at
