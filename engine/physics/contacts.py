"""Contacts that persist between ticks, and the events of their beginnings and ends.

Last tick's contacts and this tick's touching pairs are both sorted by entity index, so one merge tells
which began and which ended. Ids carry generations: a new entity at an old index is another partner.
"""

from __future__ import annotations

from enum import IntEnum, unique

from engine.ecs.access import entity_index
from engine.ecs.entity import INDEX_MASK
from engine.physics.layout import (
    PERSISTENT_WORDS,
    SENSOR,
    VOLUME,
    Array,
    Contact,
    Depth,
    Event,
    EventKind,
    Word,
)
from lang.jit import entry, kernel

_PAST_INDICES = INDEX_MASK + 1


@unique
class Count(IntEnum):
    """Numbers that the kernels of one step hand to each other."""

    PAIRS = 0  # touching, or near
    OLD_CONTACTS = 1
    CONTACTS = 2
    EVENTS = 3


@kernel
def order_of(identity: int) -> int:
    """Return what an id is sorted by: its index, and volumes after all entities."""
    return identity & INDEX_MASK if identity < VOLUME else _PAST_INDICES + identity - VOLUME


@kernel
def _emit(events: Array, counts: Array, kind: int, entity: int, other: int, name: int) -> None:
    """Store an event, or only count it when there is no room."""
    at = counts[Count.EVENTS]
    counts[Count.EVENTS] = at + 1
    if at >= events.shape[0]:
        return
    events[at, Event.KIND] = kind
    events[at, Event.ENTITY] = entity
    events[at, Event.OTHER] = other if other < VOLUME else 0
    events[at, Event.NAME] = name


@kernel
def _tell(table: Array, contacts: Array, at: int, ended: bool, events: Array, counts: Array) -> None:
    """Emit the events of a contact to those of its two sides that live and are entities."""
    kind = EventKind.COLLISION_END if ended else EventKind.COLLISION
    if contacts[at, Contact.SENSOR] != 0:
        kind = EventKind.TRIGGER_EXIT if ended else EventKind.TRIGGER
    first, second = contacts[at, Contact.FIRST], contacts[at, Contact.SECOND]
    if entity_index(table, first) >= 0:
        _emit(events, counts, kind, first, second, contacts[at, Contact.NAME_FOR_FIRST])
    if second < VOLUME and entity_index(table, second) >= 0:
        _emit(events, counts, kind, second, first, contacts[at, Contact.NAME_FOR_SECOND])


@kernel
def _describe(words: Array, a: int, b: int, contacts: Array, at: int) -> None:
    """Fill in the contact of two proxies. Both are told the name of the sensor; of two, each the other's."""
    sensor_a, sensor_b = words[a, Word.FLAGS] & SENSOR, words[b, Word.FLAGS] & SENSOR
    name_a, name_b = words[a, Word.NAME], words[b, Word.NAME]
    name_for_a, name_for_b = 0, 0
    if sensor_b != 0:
        name_for_a = name_b
        name_for_b = name_a if sensor_a != 0 else name_b
    elif sensor_a != 0:
        name_for_a, name_for_b = name_a, name_a
    contacts[at, Contact.FIRST], contacts[at, Contact.SECOND] = words[a, Word.ENTITY], words[b, Word.ENTITY]
    contacts[at, Contact.SENSOR] = sensor_a | sensor_b
    contacts[at, Contact.NAME_FOR_FIRST], contacts[at, Contact.NAME_FOR_SECOND] = name_for_a, name_for_b
    contacts[at, Contact.FIRST_PROXY], contacts[at, Contact.SECOND_PROXY] = a, b


@kernel
def _compare(old: Array, i: int, new: Array, j: int) -> int:
    """Return which of two contacts comes first: below 0 the old one, above 0 the new one, 0 neither."""
    first = order_of(old[i, Contact.FIRST]) - order_of(new[j, Contact.FIRST])
    return first if first != 0 else order_of(old[i, Contact.SECOND]) - order_of(new[j, Contact.SECOND])


@kernel
def _is_same(old: Array, i: int, new: Array, j: int) -> bool:
    partners = (
        old[i, Contact.FIRST] == new[j, Contact.FIRST] and old[i, Contact.SECOND] == new[j, Contact.SECOND]
    )
    return bool(partners and old[i, Contact.SENSOR] == new[j, Contact.SENSOR])


@entry("void(int64[::1], int64[:,::1], int64[:,::1], int64[:,::1], int64[:,::1], int64[:,::1], int64[::1])")
def update_contacts(
    table: Array, words: Array, pairs: Array, old: Array, new: Array, events: Array, counts: Array
) -> None:
    """Make this tick's contacts from last tick's and the pairs of find_touching; emit what changed, unsorted.

    When there are more events than fit, they are only counted: grow ``events`` and call again.

    Args:
        old, new: columns as in Contact; ``new`` has room for all pairs.
        events: [n, 4], see Event.
        counts: see Count; reads PAIRS and OLD_CONTACTS, writes CONTACTS and EVENTS.
    """
    counts[Count.EVENTS] = 0
    kept, i = 0, 0
    for pair in range(counts[Count.PAIRS]):
        _describe(words, pairs[pair, 0], pairs[pair, 1], new, kept)
        while i < counts[Count.OLD_CONTACTS] and _compare(old, i, new, kept) < 0:
            _tell(table, old, i, True, events, counts)
            i += 1
        new[kept, Contact.DEPTH] = pairs[pair, 2]
        persists = False
        if i < counts[Count.OLD_CONTACTS] and _compare(old, i, new, kept) == 0:
            persists = _is_same(old, i, new, kept)
            if not persists:
                _tell(table, old, i, True, events, counts)
            else:
                for word in range(PERSISTENT_WORDS):
                    new[kept, word] = old[i, word]
            i += 1
        if not persists and pairs[pair, 2] == Depth.NEAR:
            continue
        if not persists:
            _tell(table, new, kept, False, events, counts)
        kept += 1
    while i < counts[Count.OLD_CONTACTS]:
        _tell(table, old, i, True, events, counts)
        i += 1
    counts[Count.CONTACTS] = kept
