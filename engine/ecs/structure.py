"""Kernels that change which rows exist, one at a time: new ones, removals, moves between archetypes.

Chunks of an archetype form a list in order of opening; all but the last are full, because a removal
fills its hole from the archetype's last row. A kernel that lacks room answers `FULL` and has changed
nothing that a second call would not do again.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any

from engine.ecs.entity import LAST_GENERATION
from engine.ecs.hierarchy import unlink_child
from engine.ecs.layout import (
    BLOCK,
    CHUNK_ROWS,
    FIRST_PARTY,
    FULL,
    NONE,
    PARTY_WORDS,
    Counter,
    PartyWord,
    WorldSlot,
)
from lang.jit import kernel, words_in


@kernel
def index_of_party(counters: Any, party: int, k: int) -> int:
    """Return the k-th index of a party."""
    return (k // BLOCK * counters[Counter.PARTIES] + party) * BLOCK + k % BLOCK


@kernel
def party_of_index(counters: Any, index: int) -> int:
    """Return whose an index is."""
    return index // BLOCK % counters[Counter.PARTIES]


@kernel
def party_words(counters: Any) -> int:
    """Return where the words of the party stand whose turn it is."""
    return FIRST_PARTY + PARTY_WORDS * counters[Counter.PARTY]


@kernel
def take_entity(table: Any) -> int:
    """Return a free index of the party whose turn it is; there is room for one."""
    counters = words_in(table, WorldSlot.COUNTERS)
    party, at = counters[Counter.PARTY], party_words(counters)
    counters[at + PartyWord.LIVE] += 1
    free = counters[at + PartyWord.FREE]
    if free > 0:
        counters[at + PartyWord.FREE] = free - 1
        return words_in(table, WorldSlot.FREE_ENTITIES)[index_of_party(counters, party, free - 1)]
    index = index_of_party(counters, party, counters[at + PartyWord.USED])
    counters[at + PartyWord.USED] += 1
    counters[Counter.HIGH_WATER] = max(counters[Counter.HIGH_WATER], index + 1)
    return index


@kernel
def room_for_entities(table: Any) -> int:
    """Return how many entities of the party find an index before Python must make room."""
    counters = words_in(table, WorldSlot.COUNTERS)
    round_of_blocks = BLOCK * counters[Counter.PARTIES]
    size, at = table[WorldSlot.GENERATION + 1], party_words(counters)
    begun = size % round_of_blocks - BLOCK * counters[Counter.PARTY]
    own = size // round_of_blocks * BLOCK + min(max(begun, 0), BLOCK)
    return counters[at + PartyWord.FREE] + own - counters[at + PartyWord.USED]


@kernel
def release_entity(table: Any, index: int) -> None:
    """End the life that an index has; its rows are the caller's business."""
    counters = words_in(table, WorldSlot.COUNTERS)
    generation = words_in(table, WorldSlot.GENERATION)
    words_in(table, WorldSlot.CHUNK)[index] = NONE
    words_in(table, WorldSlot.FLAGS)[index] = 0
    generation[index] += 1
    party = party_of_index(counters, index)
    at = FIRST_PARTY + PARTY_WORDS * party
    counters[at + PartyWord.LIVE] -= 1
    if generation[index] <= LAST_GENERATION:
        free = counters[at + PartyWord.FREE]
        words_in(table, WorldSlot.FREE_ENTITIES)[index_of_party(counters, party, free)] = index
        counters[at + PartyWord.FREE] = free + 1


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
def place(table: Any, index: int, chunk: int) -> int:
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
            fill_component(table, c, to + to_row)
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
def fill_component(table: Any, c: int, row: int) -> None:
    """Give a row of a component its defaults, added now."""
    default = words_in(table, WorldSlot.FIELD_DEFAULT)
    first = words_in(table, WorldSlot.COMPONENT_FIRST_FIELD)[c]
    for f in range(first, first + words_in(table, WorldSlot.COMPONENT_FIELD_COUNT)[c]):
        words_in(table, 2 * f)[row] = default[f]
    tick = words_in(table, WorldSlot.COUNTERS)[Counter.CHANGE_TICK]
    words_in(words_in(table, WorldSlot.ADDED), 2 * c)[row] = tick


@kernel
def count_as_added(table: Any, chunk: int, row: int) -> None:
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
def _remove_alone(table: Any, index: int) -> None:
    """Remove an entity's rows and end its life; nothing is below it, and it is in no list of children."""
    chunk = words_in(table, WorldSlot.CHUNK)[index]
    row = words_in(table, WorldSlot.ROW)[index]
    _remove_row(table, chunk, row)
    release_entity(table, index)
    words_in(table, WorldSlot.COUNTERS)[Counter.LIVE] -= 1


@kernel
def remove_entity(table: Any, index: int) -> None:
    """Remove an entity and all below it at once, children before their parents."""
    if words_in(table, WorldSlot.COUNTERS)[Counter.CHILDREN] == 0:
        _remove_alone(table, index)
        return
    first_child = words_in(table, WorldSlot.FIRST_CHILD)
    at = index
    while True:
        while first_child[at] >= 0:
            at = first_child[at]
        parent = unlink_child(table, at)
        _remove_alone(table, at)
        if at == index:
            return
        at = parent
