"""Kernels that change which rows exist, one at a time: births, removals, moves between archetypes.

Chunks of an archetype form a list in order of opening; all but the last are full, because a removal
fills its hole from the archetype's last row. A kernel that lacks room answers `FULL` and has changed
nothing that a second call would not do again.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any

from engine.ecs.access import entity_of_index, push_command
from engine.ecs.entity import LAST_GENERATION
from engine.ecs.layout import CHUNK_ROWS, COMMAND_WORDS, FULL, MARKED, NONE, Command, Counter, WorldSlot
from lang.jit import entry, kernel, words_in

_TABLE = "int64[::1]"


@kernel
def _take_entity(table: Any) -> int:
    """Return a free index; there is room for one."""
    counters = words_in(table, WorldSlot.COUNTERS)
    free = counters[Counter.FREE_ENTITIES]
    if free > 0:
        counters[Counter.FREE_ENTITIES] = free - 1
        return words_in(table, WorldSlot.FREE_ENTITIES)[free - 1]
    index = counters[Counter.HIGH_WATER]
    counters[Counter.HIGH_WATER] = index + 1
    return index


@kernel
def room_for_entities(table: Any) -> int:
    """Return how many entities find an index before Python must make room."""
    counters = words_in(table, WorldSlot.COUNTERS)
    fresh = table[WorldSlot.GENERATION + 1] - counters[Counter.HIGH_WATER]
    return counters[Counter.FREE_ENTITIES] + fresh


@kernel
def release_entity(table: Any, index: int) -> None:
    """End the life that an index has; its rows are the caller's business."""
    counters = words_in(table, WorldSlot.COUNTERS)
    generation = words_in(table, WorldSlot.GENERATION)
    words_in(table, WorldSlot.CHUNK)[index] = NONE
    words_in(table, WorldSlot.FLAGS)[index] = 0
    generation[index] += 1
    if generation[index] <= LAST_GENERATION:
        free = counters[Counter.FREE_ENTITIES]
        words_in(table, WorldSlot.FREE_ENTITIES)[free] = index
        counters[Counter.FREE_ENTITIES] = free + 1


@kernel
def _open_chunk(table: Any, archetype: int) -> int:
    counters = words_in(table, WorldSlot.COUNTERS)
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    has = words_in(table, WorldSlot.ARCHETYPE_HAS)
    pool_free_count = words_in(table, WorldSlot.POOL_FREE_COUNT)
    for c in range(components):
        if has[archetype * components + c] != 0 and pool_free_count[c] == 0:
            return FULL
    free = counters[Counter.FREE_CHUNKS]
    if free > 0:
        counters[Counter.FREE_CHUNKS] = free - 1
        chunk = words_in(table, WorldSlot.FREE_CHUNKS)[free - 1]
    elif counters[Counter.CHUNK_HIGH_WATER] < table[WorldSlot.CHUNK_COUNT + 1]:
        chunk = counters[Counter.CHUNK_HIGH_WATER]
        counters[Counter.CHUNK_HIGH_WATER] = chunk + 1
    else:
        return FULL
    _take_pool_ranges(table, archetype, chunk)
    _link_chunk(table, archetype, chunk)
    return chunk


@kernel
def _take_pool_ranges(table: Any, archetype: int, chunk: int) -> None:
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    has = words_in(table, WorldSlot.ARCHETYPE_HAS)
    base = words_in(table, WorldSlot.CHUNK_BASE)
    start = words_in(table, WorldSlot.POOL_FREE_START)
    count = words_in(table, WorldSlot.POOL_FREE_COUNT)
    stacks = words_in(table, WorldSlot.POOL_FREE)
    for c in range(components):
        at = chunk * components + c
        base[at] = NONE
        if has[archetype * components + c] != 0:
            count[c] -= 1
            base[at] = stacks[start[c] + count[c]]


@kernel
def _link_chunk(table: Any, archetype: int, chunk: int) -> None:
    tails = words_in(table, WorldSlot.ARCHETYPE_TAIL)
    following = words_in(table, WorldSlot.CHUNK_NEXT)
    tail = tails[archetype]
    words_in(table, WorldSlot.CHUNK_ARCHETYPE)[chunk] = archetype
    words_in(table, WorldSlot.CHUNK_COUNT)[chunk] = 0
    words_in(table, WorldSlot.CHUNK_PREVIOUS)[chunk] = tail
    following[chunk] = NONE
    if tail < 0:
        words_in(table, WorldSlot.ARCHETYPE_HEAD)[archetype] = chunk
    else:
        following[tail] = chunk
    tails[archetype] = chunk


@kernel
def close_tail(table: Any, archetype: int) -> None:
    """Give back the last chunk of an archetype; it is empty."""
    counters = words_in(table, WorldSlot.COUNTERS)
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    base = words_in(table, WorldSlot.CHUNK_BASE)
    start = words_in(table, WorldSlot.POOL_FREE_START)
    count = words_in(table, WorldSlot.POOL_FREE_COUNT)
    stacks = words_in(table, WorldSlot.POOL_FREE)
    tails = words_in(table, WorldSlot.ARCHETYPE_TAIL)
    chunk = tails[archetype]
    for c in range(components):
        at = chunk * components + c
        if base[at] >= 0:
            stacks[start[c] + count[c]] = base[at]
            count[c] += 1
            base[at] = NONE
    previous = words_in(table, WorldSlot.CHUNK_PREVIOUS)[chunk]
    tails[archetype] = previous
    if previous < 0:
        words_in(table, WorldSlot.ARCHETYPE_HEAD)[archetype] = NONE
    else:
        words_in(table, WorldSlot.CHUNK_NEXT)[previous] = NONE
    words_in(table, WorldSlot.CHUNK_ARCHETYPE)[chunk] = NONE
    free = counters[Counter.FREE_CHUNKS]
    words_in(table, WorldSlot.FREE_CHUNKS)[free] = chunk
    counters[Counter.FREE_CHUNKS] = free + 1


@kernel
def open_row(table: Any, archetype: int) -> int:
    """Make sure that the archetype's last chunk has a free row; return the chunk or `FULL`."""
    tail = words_in(table, WorldSlot.ARCHETYPE_TAIL)[archetype]
    if tail < 0 or words_in(table, WorldSlot.CHUNK_COUNT)[tail] == CHUNK_ROWS:
        return _open_chunk(table, archetype)
    return tail


@kernel
def count_change(table: Any, archetype: int) -> None:
    """Count a structural change of an archetype; queries do not see those of the unborn."""
    counters = words_in(table, WorldSlot.COUNTERS)
    counters[Counter.STRUCTURE] += 1
    if words_in(table, WorldSlot.ARCHETYPE_BORN)[archetype] >= 0:
        counters[Counter.HIDDEN_STRUCTURE] += 1


@kernel
def _place(table: Any, index: int, chunk: int) -> int:
    """Put an entity (or -1: none) into the next row of a chunk; return the row."""
    counts = words_in(table, WorldSlot.CHUNK_COUNT)
    row = counts[chunk]
    counts[chunk] = row + 1
    words_in(table, WorldSlot.CHUNK_ENTITY)[chunk * CHUNK_ROWS + row] = index
    if index >= 0:
        words_in(table, WorldSlot.CHUNK)[index] = chunk
        words_in(table, WorldSlot.ROW)[index] = row
    count_change(table, words_in(table, WorldSlot.CHUNK_ARCHETYPE)[chunk])
    return row


@kernel
def copy_row(table: Any, chunk: int, row: int, to_chunk: int, to_row: int) -> None:
    """Fill a row from another one; components that the source lacks get defaults, and count as added."""
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    base = words_in(table, WorldSlot.CHUNK_BASE)
    for c in range(components):
        to = base[to_chunk * components + c]
        if to < 0:
            continue
        source = base[chunk * components + c]
        if source < 0:
            _fill_component(table, c, to + to_row)
        else:
            _copy_component(table, c, source + row, to + to_row)


@kernel
def _copy_component(table: Any, c: int, row: int, to: int) -> None:
    first = words_in(table, WorldSlot.COMPONENT_FIRST_FIELD)[c]
    for f in range(first, first + words_in(table, WorldSlot.COMPONENT_FIELD_COUNT)[c]):
        column = words_in(table, 2 * f)
        column[to] = column[row]
    added = words_in(words_in(table, WorldSlot.ADDED), 2 * c)
    changed = words_in(words_in(table, WorldSlot.CHANGED), 2 * c)
    added[to] = added[row]
    changed[to] = changed[row]


@kernel
def _fill_component(table: Any, c: int, row: int) -> None:
    default = words_in(table, WorldSlot.FIELD_DEFAULT)
    first = words_in(table, WorldSlot.COMPONENT_FIRST_FIELD)[c]
    for f in range(first, first + words_in(table, WorldSlot.COMPONENT_FIELD_COUNT)[c]):
        words_in(table, 2 * f)[row] = default[f]
    tick = words_in(table, WorldSlot.COUNTERS)[Counter.CHANGE_TICK]
    words_in(words_in(table, WorldSlot.ADDED), 2 * c)[row] = tick


@kernel
def _count_as_added(table: Any, chunk: int, row: int) -> None:
    """Count all components of a row as added now."""
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    base = words_in(table, WorldSlot.CHUNK_BASE)
    tick = words_in(table, WorldSlot.COUNTERS)[Counter.CHANGE_TICK]
    for c in range(components):
        first = base[chunk * components + c]
        if first >= 0:
            words_in(words_in(table, WorldSlot.ADDED), 2 * c)[first + row] = tick


@kernel
def _remove_row(table: Any, chunk: int, row: int) -> None:
    """Remove a row; the archetype's last row takes its place."""
    archetype = words_in(table, WorldSlot.CHUNK_ARCHETYPE)[chunk]
    tail = words_in(table, WorldSlot.ARCHETYPE_TAIL)[archetype]
    counts = words_in(table, WorldSlot.CHUNK_COUNT)
    entities = words_in(table, WorldSlot.CHUNK_ENTITY)
    last = counts[tail] - 1
    if tail != chunk or last != row:
        copy_row(table, tail, last, chunk, row)
        moved = entities[tail * CHUNK_ROWS + last]
        entities[chunk * CHUNK_ROWS + row] = moved
        words_in(table, WorldSlot.CHUNK)[moved] = chunk
        words_in(table, WorldSlot.ROW)[moved] = row
    counts[tail] = last
    if last == 0:
        close_tail(table, archetype)
    count_change(table, archetype)


@kernel
def remove_entity(table: Any, index: int) -> None:
    """Remove an entity's rows and end its life at once."""
    chunk = words_in(table, WorldSlot.CHUNK)[index]
    row = words_in(table, WorldSlot.ROW)[index]
    _remove_row(table, chunk, row)
    release_entity(table, index)
    words_in(table, WorldSlot.COUNTERS)[Counter.LIVE] -= 1


@kernel
def move_entity(table: Any, index: int, archetype: int) -> int:
    """Move an entity's row to another archetype; return 0 or `FULL`."""
    to_chunk = open_row(table, archetype)
    if to_chunk < 0:
        return FULL
    chunk = words_in(table, WorldSlot.CHUNK)[index]
    row = words_in(table, WorldSlot.ROW)[index]
    to_row = _place(table, index, to_chunk)
    copy_row(table, chunk, row, to_chunk, to_row)
    _remove_row(table, chunk, row)
    return 0


@kernel
def spawn_prefab(table: Any, prefab: int) -> int:
    """Spawn an unborn copy of a prefab and queue its birth; return its id, or -1 (full).

    The caller has checked that 0 <= prefab < number of prefabs (the length of `PREFAB_CHUNK`).
    """
    counters = words_in(table, WorldSlot.COUNTERS)
    room = table[WorldSlot.COMMANDS + 1] - counters[Counter.COMMANDS] * COMMAND_WORDS
    if room < COMMAND_WORDS or room_for_entities(table) == 0:
        return FULL
    chunk = open_row(table, words_in(table, WorldSlot.PREFAB_ARCHETYPE)[prefab])
    if chunk < 0:
        return FULL
    index = _take_entity(table)
    row = _place(table, index, chunk)
    prefab_chunk = words_in(table, WorldSlot.PREFAB_CHUNK)[prefab]
    copy_row(table, prefab_chunk, words_in(table, WorldSlot.PREFAB_ROW)[prefab], chunk, row)
    counters[Counter.LIVE] += 1
    entity = entity_of_index(table, index)
    push_command(table, Command.BIRTH, entity, prefab, 0)
    return entity


@kernel
def give_birth(table: Any, index: int) -> int:
    """Let an unborn entity join the queries, with components added just now; return 0 or `FULL`."""
    chunk = words_in(table, WorldSlot.CHUNK)[index]
    born = words_in(table, WorldSlot.ARCHETYPE_BORN)[words_in(table, WorldSlot.CHUNK_ARCHETYPE)[chunk]]
    if born < 0:
        return 0
    if move_entity(table, index, born) < 0:
        return FULL
    _count_as_added(table, words_in(table, WorldSlot.CHUNK)[index], words_in(table, WorldSlot.ROW)[index])
    return 0


@kernel
def cancel_commands(table: Any, mark: int) -> None:
    """Take back the commands queued since there were `mark` of them: unborn entities never were."""
    counters = words_in(table, WorldSlot.COUNTERS)
    commands = words_in(table, WorldSlot.COMMANDS)
    for at in range(counters[Counter.COMMANDS] - 1, mark - 1, -1):
        kind = commands[at * COMMAND_WORDS]
        index = (commands[at * COMMAND_WORDS + 1] & 0xFFFFFFFF) - 1
        if kind == Command.BIRTH:
            remove_entity(table, index)
        elif kind == Command.DESTROY:
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
    row = _place(table, NONE, chunk)
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    base = words_in(table, WorldSlot.CHUNK_BASE)
    for c in range(components):
        if base[chunk * components + c] >= 0:
            _fill_component(table, c, base[chunk * components + c] + row)
    return chunk


@entry(f"int64({_TABLE}, int64)")
def spawn_one_prefab(table: Any, prefab: int) -> int:
    """Spawn an unborn copy of a prefab; return its id or `FULL`."""
    return spawn_prefab(table, prefab)


@entry(f"int64({_TABLE}, int64[::1], int64)")
def give_births(table: Any, indices: Any, first: int) -> int:
    """Let the entities at indices[first:] be born, in order; return the place reached."""
    for at in range(first, indices.size):
        if give_birth(table, indices[at]) < 0:
            return at
    return indices.size


@entry(f"int64({_TABLE}, int64)")
def cancel_commands_from(table: Any, mark: int) -> int:
    """Take back the commands queued since there were `mark` of them."""
    cancel_commands(table, mark)
    return 0
