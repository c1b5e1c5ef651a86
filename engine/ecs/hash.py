"""The state hash of a world: 64 bits, equal for equal states in every process.

It walks entities by index, components by number, fields in order, and so knows nothing of chunks,
capacities or string ids: strings count by content, NaN is one pattern, -0.0 is not 0.0. Fields that
are passing values (`FieldSpec.passing`), change ticks and prefabs are left out; queued commands count.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any

from engine.ecs.access import entity_of_index
from engine.ecs.components import FieldKind
from engine.ecs.layout import COMMAND_WORDS, Counter, WorldSlot
from engine.ecs.strings import string_hash
from engine.ecs.structure import party_of_index
from engine.ecs.world import World
from lang.jit import bits_float, entry, kernel, words_in, wrapping_mul

_SEED = 0x243F6A8885A308D3  # digits of pi
_MULTIPLIER = 0x9E3779B97F4A7C15 - (1 << 64)  # odd, from the golden ratio
_FINISH = 0xFF51AFD7ED558CCD - (1 << 64)  # MurmurHash3's finaliser
_NAN_BITS = 0x7FF8000000000000
_LOW_HALF = 0xFFFFFFFF
ALL_PARTIES = -1


@kernel
def mix_word(state: int, word: int) -> int:
    """Return the hash state after one more word; the order of words counts."""
    state = wrapping_mul(state ^ word, _MULTIPLIER)
    return state ^ (state >> 32 & _LOW_HALF)


@kernel
def finish_hash(state: int) -> int:
    """Return the hash of a state, every bit of it depending on every bit of the state."""
    state = wrapping_mul(state ^ (state >> 33 & _LOW_HALF >> 1), _FINISH)
    return state ^ (state >> 33 & _LOW_HALF >> 1)


@kernel
def canonical_float(word: int) -> int:
    """Return the bits of a float with every NaN made the same."""
    value = bits_float(word)
    return word if value == value else _NAN_BITS  # noqa: PLR0124 - NaN is what differs from itself


@kernel
def _mix_word_of(table: Any, strings: Any, state: int, field: int, word: int) -> int:
    kind = words_in(table, WorldSlot.FIELD_KIND)[field]
    if kind == FieldKind.FLOAT:
        word = canonical_float(word)
    elif kind == FieldKind.STRING:
        word = string_hash(strings, word)
    return mix_word(state, word)


@kernel
def _mix_command_values(table: Any, strings: Any, state: int) -> int:
    values = words_in(table, WorldSlot.COMMAND_VALUES)
    at = 0
    while at < words_in(table, WorldSlot.COUNTERS)[Counter.COMMAND_VALUES]:
        for _ in range(values[at]):
            state = mix_word(state, values[at + 1])
            state = _mix_word_of(table, strings, state, values[at + 1], values[at + 2])
            at += 2
        at += 1
    return state


@kernel
def _mix_entity(table: Any, state: int, index: int, chunk: int, fields: Any) -> int:
    """Mix an entity and all its components.

    Args:
        fields: by component, where its fields begin and how many they are; by field, its kind and whether it
            is left out. They are the same for all entities: to fetch them for each took a third of the time.
    """
    firsts, counts, kinds, passing = fields
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    row, first_base = words_in(table, WorldSlot.ROW)[index], chunk * firsts.size
    state = mix_word(state, entity_of_index(table, index))
    state = mix_word(state, words_in(table, WorldSlot.FLAGS)[index])
    for component in range(firsts.size):
        base = bases[first_base + component]
        if base < 0:
            continue
        state = mix_word(state, component)
        for field in range(firsts[component], firsts[component] + counts[component]):
            if passing[field] != 0:
                continue
            word = words_in(table, 2 * field)[base + row]
            if kinds[field] == FieldKind.FLOAT:
                word = canonical_float(word)
            elif kinds[field] == FieldKind.STRING:
                word = string_hash(words_in(table, WorldSlot.STRINGS), word)
            state = mix_word(state, word)
    return state


@entry("int64(int64[::1], int64, int64)")
def hash_world(table: Any, state: int, party: int) -> int:
    """Return the hash of entities and the tick, begun with `state`; of all parties also of commands."""
    counters = words_in(table, WorldSlot.COUNTERS)
    chunks = words_in(table, WorldSlot.CHUNK)
    strings = words_in(table, WorldSlot.STRINGS)
    fields = (
        words_in(table, WorldSlot.COMPONENT_FIRST_FIELD),
        words_in(table, WorldSlot.COMPONENT_FIELD_COUNT),
        words_in(table, WorldSlot.FIELD_KIND),
        words_in(table, WorldSlot.FIELD_PASSING),
    )
    state = mix_word(state ^ _SEED, counters[Counter.TICK])
    for index in range(counters[Counter.HIGH_WATER]):
        if chunks[index] >= 0 and party in (ALL_PARTIES, party_of_index(counters, index)):
            state = _mix_entity(table, state, index, chunks[index], fields)
    if party != ALL_PARTIES:
        return finish_hash(state)
    commands = words_in(table, WorldSlot.COMMANDS)
    for at in range(counters[Counter.COMMANDS] * COMMAND_WORDS):
        state = mix_word(state, commands[at])
    return finish_hash(_mix_command_values(table, strings, state))


def state_hash(world: World, seed: int = 0, party: int = ALL_PARTIES) -> int:
    """Return the hash of a world, 0 <= hash < 2**64; `seed` chains it to the hash of other state.

    With a party, that of the entities that it has made.
    """
    signed = seed - (1 << 64) if seed >= 1 << 63 else seed
    return int(hash_world(world.table, signed, party)) & 0xFFFFFFFFFFFFFFFF
