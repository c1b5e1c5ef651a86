"""A hash of every field of a world, to tell which one differs, and for which entity.

Each field has two sums over the entities that have it: of the hashes of their words, and of these hashes
times the entity's index, counted from 1. Where one entity alone differs, the difference of the second sum is
its number times that of the first, which names it. Sums know no order, so rows are read as they lie.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.ecs.access import entity_of_index
from engine.ecs.components import FieldKind
from engine.ecs.hash import canonical_float, finish_hash, mix_word
from engine.ecs.layout import CHUNK_ROWS, WorldSlot
from engine.ecs.strings import string_hash
from engine.ecs.world import World
from lang.jit import entry, kernel, words_in, wrapping_mul

I64 = npt.NDArray[np.int64]
SUMS = 2
ENTITIES = 0
"""The row of what is true of every entity: its id and its mark. Rows of components follow, then of fields."""


@kernel
def _add(sums: Any, at: int, index: int, word: int) -> None:
    found = finish_hash(mix_word(mix_word(at, index), word))
    sums[at, 0] += found
    sums[at, 1] += wrapping_mul(found, index + 1)


@kernel
def _add_column(table: Any, occupants: Any, column: Any, field: int, sums: Any, at: int) -> None:
    """Add the words of a field in the rows of a chunk."""
    kind = words_in(table, WorldSlot.FIELD_KIND)[field]
    strings = words_in(table, WorldSlot.STRINGS)
    for row in range(occupants.size):
        word = column[row]
        if kind == FieldKind.FLOAT:
            word = canonical_float(word)
        elif kind == FieldKind.STRING:
            word = string_hash(strings, word)
        _add(sums, at, occupants[row], word)


@kernel
def _add_chunk(table: Any, chunk: int, sums: Any) -> None:
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    passing = words_in(table, WorldSlot.FIELD_PASSING)
    count = words_in(table, WorldSlot.CHUNK_COUNT)[chunk]
    occupants = words_in(table, WorldSlot.CHUNK_ENTITY)[chunk * CHUNK_ROWS : chunk * CHUNK_ROWS + count]
    if count == 0 or occupants[0] < 0:  # of prefabs
        return
    flags = words_in(table, WorldSlot.FLAGS)
    for row in range(count):
        index = occupants[row]
        _add(sums, ENTITIES, index, mix_word(entity_of_index(table, index), flags[index]))
    for component in range(components):
        base = words_in(table, WorldSlot.CHUNK_BASE)[chunk * components + component]
        if base < 0:
            continue
        for row in range(count):
            _add(sums, 1 + component, occupants[row], component)
        first = words_in(table, WorldSlot.COMPONENT_FIRST_FIELD)[component]
        for field in range(first, first + words_in(table, WorldSlot.COMPONENT_FIELD_COUNT)[component]):
            if passing[field] == 0:
                column = words_in(table, 2 * field)[base : base + count]
                _add_column(table, occupants, column, field, sums, 1 + components + field)


@entry("int64(int64[::1], int64[:,::1])")
def hash_fields(table: Any, sums: Any) -> int:
    """Add the hashes of all entities to [1 + components + fields, 2] sums; returns the number of chunks."""
    following = words_in(table, WorldSlot.CHUNK_NEXT)
    heads = words_in(table, WorldSlot.ARCHETYPE_HEAD)
    chunks = 0
    for archetype in range(heads.size):
        chunk = heads[archetype]
        while chunk >= 0:
            _add_chunk(table, chunk, sums)
            chunk = following[chunk]
            chunks += 1
    return chunks


def field_names(world: World) -> list[str]:
    """Return what the rows of `field_sums` are of: `entities`, `health`, `health.value`."""
    components = world.registry.components
    names = [""] * world.registry.field_limit
    for field in world.registry.fields.values():
        names[field.number] = f"{components[field.component].name}.{field.name}"
    return ["entities", *(spec.name for spec in components), *names]


def field_sums(world: World) -> I64:
    """Return the sums of a world, [1 + components + field numbers, 2]."""
    rows = 1 + len(world.registry.components) + world.registry.field_limit
    sums: I64 = np.zeros((rows, SUMS), np.int64)
    hash_fields(world.table, sums)
    return sums


def place_of_difference(one: I64, other: I64, most: int) -> int:
    """Return the number, from 1, of the only one by which two rows of sums differ; 0 if there are more.

    Args:
        one, other: [2] sums.  most: the largest number that there is.
    """
    first, second = (np.subtract(one, other)).tolist()
    numbers = np.arange(1, most + 1, dtype=np.uint64)
    fits = numbers * np.uint64(first % 2**64) == np.uint64(second % 2**64)
    found = np.flatnonzero(fits)
    return int(found[0]) + 1 if first and found.size == 1 else 0
