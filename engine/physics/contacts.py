"""The end of a tick: which contacts are left, and the events of their beginnings and ends."""

from __future__ import annotations

from engine.ecs.access import entity_index
from engine.geometry.closest import Pair, gap_and_normal
from engine.physics.layout import (
    BODIES,
    CONTINUED,
    LINEAR_SLOP,
    PERSISTENT_WORDS,
    TOUCHING,
    VOLUME,
    Array,
    Bodies,
    Contact,
    Count,
    Event,
    EventKind,
    Motion,
    Value,
    Word,
)
from engine.physics.narrow_phase import pushes
from engine.physics.toi import turn_corners
from lang.jit import entry, kernel


@kernel
def _emit(events: Array, counts: Array, kind: int, entity: int, other: int, name: int) -> None:
    at = counts[Count.EVENTS]
    counts[Count.EVENTS] = at + 1
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
def _row_now(bodies: Bodies, proxy: int, scratch: int) -> int:
    """Return the row of a proxy's corners at the end of the tick; turned ones are made in a scratch row."""
    if bodies.motion[proxy, Motion.TURN] == 0.0:
        return proxy
    turn_corners(bodies, proxy, bodies.motion[proxy, Motion.TURN], scratch)
    return scratch


@kernel
def _gap_now(bodies: Bodies, a: int, b: int) -> float:
    """Return the gap of two proxies at the end of the tick."""
    values, words, scratch = bodies.values, bodies.words, bodies.corners.shape[0] - 2
    pair = Pair(
        _row_now(bodies, a, scratch),
        _row_now(bodies, b, scratch + 1),
        words[a, Word.CORNERS],
        words[b, Word.CORNERS],
        values[a, Value.RADIUS],
        values[b, Value.RADIUS],
        values[b, Value.X] - values[a, Value.X],
        values[b, Value.Y] - values[a, Value.Y],
    )
    gap, _, _ = gap_and_normal(bodies.corners, pair)
    return gap


@kernel
def _update_unpushed(bodies: Bodies, contacts: Array, at: int) -> None:
    """Tell whether a contact that pushes nothing touches, where its sides are at the end of the tick."""
    gap = _gap_now(bodies, contacts[at, Contact.FIRST_PROXY], contacts[at, Contact.SECOND_PROXY])
    most = LINEAR_SLOP if contacts[at, Contact.WAS] & TOUCHING else 0.0
    contacts[at, Contact.STATE] = TOUCHING if gap <= most else 0


@entry(f"void(int64[::1], {BODIES}, int64[:,:,::1], int64[:,::1], int64[:,::1])")
def update_contacts(table: Array, given: Array, contacts: Array, indices: Array, events: Array) -> None:
    """Emit the events of contacts that began or ended, unsorted, and keep those that persist.

    Args:
        given: see Bodies.  contacts, indices: see collide.
        events: [n, Event], room for two a contact of both ticks.
    """
    bodies = Bodies(given[0], given[1], given[2], given[3], given[4])
    counts = indices[2]
    counts[Count.EVENTS] = 0
    old, new = contacts[1 - counts[Count.SIDE]], contacts[counts[Count.SIDE]]
    for i in range(counts[Count.OLD_CONTACTS]):
        if old[i, Contact.STATE] & (TOUCHING | CONTINUED) == TOUCHING:
            _tell(table, old, i, True, events, counts)
    kept = 0
    for i in range(counts[Count.CONTACTS]):
        if not pushes(bodies, new, i):
            _update_unpushed(bodies, new, i)
        was, state = new[i, Contact.WAS] & TOUCHING, new[i, Contact.STATE] & TOUCHING
        if was != state:
            _tell(table, new, i, was != 0, events, counts)
        for column in range(PERSISTENT_WORDS):
            new[kept, column] = new[i, column]
        kept += 1 if new[kept, Contact.STATE] != 0 else 0
    counts[Count.CONTACTS] = kept
