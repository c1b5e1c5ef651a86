"""Kernels over many entities at once: births of rows chunk by chunk, removals, moves, writes.

Removing a set leaves no hole that is filled twice: rows at the end of an archetype are dropped first,
so that despawning all of it copies nothing and gives back whole chunks.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any

from engine.ecs.access import component_row, entity_index, mark_changed
from engine.ecs.entity import INDEX_BITS
from engine.ecs.layout import CHUNK_ROWS, FULL, NONE, Counter, WorldSlot
from engine.ecs.structure import (
    close_tail,
    copy_row,
    count_as_added,
    count_change,
    open_row,
    place,
    release_entity,
    room_for_entities,
    take_entity,
)
from lang.jit import entry, kernel, words_at, words_in

_TABLE = "int64[::1]"
_DOOMED = -2  # in place of an entity index: the row of an entity that was removed a moment ago


@kernel
def _seat_entities(table: Any, chunk: int, start: int, ids: Any, first: int, count: int) -> None:
    """Give rows of a chunk to free indices: the last ones freed, then fresh ones in rising order."""
    counters = words_in(table, WorldSlot.COUNTERS)
    generation = words_in(table, WorldSlot.GENERATION)
    chunk_of, row_of = words_in(table, WorldSlot.CHUNK), words_in(table, WorldSlot.ROW)
    occupant = words_in(table, WorldSlot.CHUNK_ENTITY)
    for i in range(count):
        index = take_entity(table)
        occupant[chunk * CHUNK_ROWS + start + i] = index
        chunk_of[index] = chunk
        row_of[index] = start + i
        ids[first + i] = (generation[index] << INDEX_BITS) + index + 1
    counters[Counter.LIVE] += count
    words_in(table, WorldSlot.CHUNK_COUNT)[chunk] = start + count
    count_change(table, words_in(table, WorldSlot.CHUNK_ARCHETYPE)[chunk])


@kernel
def _fill_slice(column: Any, first: int, end: int, word: int) -> None:
    for row in range(first, end):
        column[row] = word


@kernel
def _fill_rows(table: Any, chunk: int, start: int, count: int, template: Any) -> None:
    """Fill rows of a chunk with the words of `template` (by field), all components added now."""
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    base = words_in(table, WorldSlot.CHUNK_BASE)
    first_field = words_in(table, WorldSlot.COMPONENT_FIRST_FIELD)
    field_count = words_in(table, WorldSlot.COMPONENT_FIELD_COUNT)
    tick = words_in(table, WorldSlot.COUNTERS)[Counter.CHANGE_TICK]
    for c in range(components):
        first = base[chunk * components + c]
        if first < 0:
            continue
        first += start
        for f in range(first_field[c], first_field[c] + field_count[c]):
            _fill_slice(words_in(table, 2 * f), first, first + count, template[f])
        _fill_slice(words_in(words_in(table, WorldSlot.ADDED), 2 * c), first, first + count, tick)


@kernel
def _copy_sources(table: Any, chunk: int, start: int, count: int, sources: Any, at: int) -> None:
    """Fill rows of a chunk from `sources`: triples of field, address and length of its words."""
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    base = words_in(table, WorldSlot.CHUNK_BASE)
    for s in range(sources.size // 3):
        field = sources[3 * s]
        component = words_in(table, WorldSlot.FIELD_COMPONENT)[field]
        first = base[chunk * components + component] + start
        column = words_in(table, 2 * field)
        words = words_at(sources[3 * s + 1], sources[3 * s + 2])
        for i in range(count):
            column[first + i] = words[at + i]


@entry(f"int64({_TABLE}, int64, int64[::1], int64[::1], int64[::1], int64)")
def spawn_rows(table: Any, archetype: int, template: Any, sources: Any, ids: Any, first: int) -> int:
    """Spawn an entity for every place of `ids` from `first` on; return the place reached.

    Args:
        template: [fields] words of all of them.
        sources: [3 n] field, address and length of the words of each; they go over the template.
    """
    while first < ids.size:
        room = room_for_entities(table)
        if room == 0:
            break
        chunk = open_row(table, archetype)
        if chunk < 0:
            break
        start = words_in(table, WorldSlot.CHUNK_COUNT)[chunk]
        count = min(ids.size - first, CHUNK_ROWS - start, room)
        _seat_entities(table, chunk, start, ids, first, count)
        _fill_rows(table, chunk, start, count, template)
        _copy_sources(table, chunk, start, count, sources, first)
        first += count
    return first


@kernel
def _drop_row(table: Any, archetype: int, tail: int, last: int) -> None:
    """Take the last row, number `last` of chunk `tail`, from an archetype."""
    words_in(table, WorldSlot.CHUNK_COUNT)[tail] = last
    words_in(table, WorldSlot.CHUNK_ENTITY)[tail * CHUNK_ROWS + last] = NONE
    if last == 0:
        close_tail(table, archetype)


@kernel
def _fill_hole(table: Any, hole: int) -> None:
    """Put the last row that stays of an archetype in the place of a doomed one, if it is still there."""
    occupant = words_in(table, WorldSlot.CHUNK_ENTITY)
    if occupant[hole] != _DOOMED:
        return
    chunk = hole // CHUNK_ROWS
    archetype = words_in(table, WorldSlot.CHUNK_ARCHETYPE)[chunk]
    tails = words_in(table, WorldSlot.ARCHETYPE_TAIL)
    counts = words_in(table, WorldSlot.CHUNK_COUNT)
    while True:
        tail = tails[archetype]
        last = counts[tail] - 1
        end = tail * CHUNK_ROWS + last
        index = occupant[end]
        if index != _DOOMED:
            break
        _drop_row(table, archetype, tail, last)
        if end == hole:
            return
    row = hole - chunk * CHUNK_ROWS
    copy_row(table, tail, last, chunk, row)
    occupant[hole] = index
    words_in(table, WorldSlot.CHUNK)[index] = chunk
    words_in(table, WorldSlot.ROW)[index] = row
    _drop_row(table, archetype, tail, last)


@entry(f"int64({_TABLE}, int64[::1], int64[::1])")
def remove_entities(table: Any, entities: Any, places: Any) -> int:
    """Remove the entities with these ids but for stale ones; return how many.

    Args:
        places: [entities.size] room for the kernel's own use.
    """
    occupant = words_in(table, WorldSlot.CHUNK_ENTITY)
    chunk_of, row_of = words_in(table, WorldSlot.CHUNK), words_in(table, WorldSlot.ROW)
    archetypes = words_in(table, WorldSlot.CHUNK_ARCHETYPE)
    removed = 0
    for at in range(entities.size):
        index = entity_index(table, entities[at])
        if index >= 0:
            places[removed] = chunk_of[index] * CHUNK_ROWS + row_of[index]
            occupant[places[removed]] = _DOOMED
            count_change(table, archetypes[chunk_of[index]])
            removed += 1
            release_entity(table, index)
    for at in range(removed):
        _fill_hole(table, places[at])
    words_in(table, WorldSlot.COUNTERS)[Counter.LIVE] -= removed
    return removed


@kernel
def _move_away(table: Any, index: int, archetype: int) -> int:
    """Copy an entity's row to another archetype; return the place of the old one, now doomed, or `FULL`."""
    to_chunk = open_row(table, archetype)
    if to_chunk < 0:
        return FULL
    chunk = words_in(table, WorldSlot.CHUNK)[index]
    row = words_in(table, WorldSlot.ROW)[index]
    copy_row(table, chunk, row, to_chunk, place(table, index, to_chunk))
    count_change(table, words_in(table, WorldSlot.CHUNK_ARCHETYPE)[chunk])
    words_in(table, WorldSlot.CHUNK_ENTITY)[chunk * CHUNK_ROWS + row] = _DOOMED
    return chunk * CHUNK_ROWS + row


@entry(f"int64({_TABLE}, int64[::1], int64[::1], boolean, int64[::1], int64)")
def move_entities(table: Any, entities: Any, targets: Any, added: bool, places: Any, first: int) -> int:
    """Move entities[first:] to the archetypes that `targets` has for theirs; return the place reached.

    Args:
        targets: by archetype; -1: stay. No archetype is both left and entered.
        added: whether all their components count as added now.
        places: [entities.size] room for the kernel's own use.
    """
    at = first
    moved = 0
    while at < entities.size:
        index = entity_index(table, entities[at])
        chunk = words_in(table, WorldSlot.CHUNK)[index]
        target = targets[words_in(table, WorldSlot.CHUNK_ARCHETYPE)[chunk]]
        if target >= 0:
            left = _move_away(table, index, target)
            if left < 0:
                break
            places[moved] = left
            moved += 1
            if added:
                count_as_added(
                    table, words_in(table, WorldSlot.CHUNK)[index], words_in(table, WorldSlot.ROW)[index]
                )
        at += 1
    for k in range(moved):
        _fill_hole(table, places[k])
    return at


@entry(f"int64({_TABLE}, int64[::1], int64, int64[::1])")
def pool_rows(table: Any, entities: Any, component: int, out: Any) -> int:
    """Write the pool row of a component of each of these entities, -1 for those that lack it or are gone."""
    for at in range(entities.size):
        index = entity_index(table, entities[at])
        out[at] = NONE if index < 0 else component_row(table, index, component)
    return 0


@entry(f"int64({_TABLE}, int64[::1], int64)")
def mark_rows(table: Any, rows: Any, component: int) -> int:
    """Count the component of these pool rows as changed now; -1 stands for none."""
    for at in range(rows.size):
        if rows[at] >= 0:
            mark_changed(table, component, rows[at])
    return 0
