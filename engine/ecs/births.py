"""Kernels of prefabs and births: templates, unborn copies of whole families, and taking them back.

A copy is in no query until stage `commands` gives birth to it: then `bulk.move_entities` moves it to the
archetype without `Component.UNBORN`.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any

from engine.ecs.access import entity_index, entity_of_index, push_command
from engine.ecs.hierarchy import link_child
from engine.ecs.layout import COMMAND_WORDS, FULL, MARKED, NONE, Command, Counter, WorldSlot
from engine.ecs.structure import (
    copy_row,
    fill_component,
    open_row,
    place,
    remove_entity,
    room_for_entities,
    take_entity,
)
from lang.jit import entry, kernel, words_in

_TABLE = "int64[::1]"


@kernel
def _family_fits(table: Any, prefab: int, members: int) -> bool:
    """Return whether there is room for a whole family, whatever chunks are open.

    Asked before anything is taken: ids must not depend on how often room had to be made.
    """
    counters = words_in(table, WorldSlot.COUNTERS)
    if room_for_entities(table) < members:
        return False
    if table[WorldSlot.COMMANDS + 1] < (counters[Counter.COMMANDS] + members) * COMMAND_WORDS:
        return False
    taken = counters[Counter.CHUNK_HIGH_WATER] - counters[Counter.FREE_CHUNKS]
    if table[WorldSlot.CHUNK_COUNT + 1] - taken < members:
        return False
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    has = words_in(table, WorldSlot.ARCHETYPE_HAS)
    pool_free_count = words_in(table, WorldSlot.POOL_FREE_COUNT)
    for member in range(prefab, prefab + members):
        archetype = words_in(table, WorldSlot.PREFAB_ARCHETYPE)[member]
        for c in range(components):
            if has[archetype * components + c] != 0 and pool_free_count[c] < members:
                return False
    return True


@kernel
def _spawn_member(table: Any, prefab: int, chunk: int) -> int:
    """Spawn an unborn copy of one prefab into an open row, and queue its birth; return its index."""
    counters = words_in(table, WorldSlot.COUNTERS)
    index = take_entity(table)
    row = place(table, index, chunk)
    prefab_chunk = words_in(table, WorldSlot.PREFAB_CHUNK)[prefab]
    copy_row(table, prefab_chunk, words_in(table, WorldSlot.PREFAB_ROW)[prefab], chunk, row)
    counters[Counter.LIVE] += 1
    push_command(table, Command.BIRTH, entity_of_index(table, index), prefab, 0)
    return index


@kernel
def spawn_prefab(table: Any, prefab: int) -> int:
    """Spawn unborn copies of a prefab and of its children, and queue their births.

    Returns the id of the first, or -1 (full). The children stand nowhere yet: `hierarchy.place_below`
    places them once their parent stands. The caller has checked that 0 <= prefab < number of prefabs (the
    length of `PREFAB_CHUNK`).
    """
    counters = words_in(table, WorldSlot.COUNTERS)
    members = words_in(table, WorldSlot.PREFAB_MEMBERS)[prefab]
    if members > 1 and not _family_fits(table, prefab, members):
        return FULL
    room = table[WorldSlot.COMMANDS + 1] - counters[Counter.COMMANDS] * COMMAND_WORDS
    if room < COMMAND_WORDS or room_for_entities(table) == 0:
        return FULL
    chunk = open_row(table, words_in(table, WorldSlot.PREFAB_ARCHETYPE)[prefab])
    if chunk < 0:
        return FULL
    first_birth = counters[Counter.COMMANDS]
    entity = entity_of_index(table, _spawn_member(table, prefab, chunk))
    for member in range(prefab + 1, prefab + members):
        chunk = open_row(table, words_in(table, WorldSlot.PREFAB_ARCHETYPE)[member])
        child = _spawn_member(table, member, chunk)
        birth = first_birth + words_in(table, WorldSlot.PREFAB_PARENT)[member] - prefab
        parent = words_in(table, WorldSlot.COMMANDS)[birth * COMMAND_WORDS + 1]
        link_child(table, child, (parent & 0xFFFFFFFF) - 1)
    return entity


@kernel
def cancel_commands(table: Any, mark: int) -> None:
    """Take back the commands queued since there were `mark` of them: unborn entities never were."""
    counters = words_in(table, WorldSlot.COUNTERS)
    commands = words_in(table, WorldSlot.COMMANDS)
    for at in range(counters[Counter.COMMANDS] - 1, mark - 1, -1):
        kind = commands[at * COMMAND_WORDS]
        index = entity_index(table, commands[at * COMMAND_WORDS + 1])
        if kind == Command.BIRTH and index >= 0:
            remove_entity(table, index)
        elif kind == Command.DESTROY and index >= 0:
            words_in(table, WorldSlot.FLAGS)[index] &= ~MARKED
        elif kind == Command.ADD and commands[at * COMMAND_WORDS + 3] > 0:
            counters[Counter.COMMAND_VALUES] = commands[at * COMMAND_WORDS + 3] - 1
    counters[Counter.COMMANDS] = mark


@entry(f"int64({_TABLE}, int64)")
def template_row(table: Any, archetype: int) -> int:
    """Make a row with defaults that belongs to no entity; return its chunk (row: the last) or `FULL`."""
    chunk = open_row(table, archetype)
    if chunk < 0:
        return FULL
    row = place(table, NONE, chunk)
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    base = words_in(table, WorldSlot.CHUNK_BASE)
    for c in range(components):
        if base[chunk * components + c] >= 0:
            fill_component(table, c, base[chunk * components + c] + row)
    return chunk


@entry(f"int64({_TABLE}, int64)")
def spawn_one_prefab(table: Any, prefab: int) -> int:
    """Spawn an unborn copy of a prefab; return its id or `FULL`."""
    return spawn_prefab(table, prefab)


@entry(f"int64({_TABLE}, int64)")
def cancel_commands_from(table: Any, mark: int) -> int:
    """Take back the commands queued since there were `mark` of them."""
    cancel_commands(table, mark)
    return 0
