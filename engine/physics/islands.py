"""Islands: what touches sleeps and wakes together.

Each tick joins the movable sides of all contacts and joints by union-find; the root of an island is its
first proxy, so that nothing depends on the order of joining. An island whose every body has hardly moved for
a while sleeps: its bodies are not moved, and contacts between two of them are not looked at, until one is
woken.
"""

from __future__ import annotations

from engine.ecs.access import mark_changed
from engine.ecs.components import Component, Field
from engine.physics.layout import (
    ASLEEP,
    AWAKE_ISLAND,
    CARRIED,
    LAID,
    RESTLESS_ISLAND,
    SLEEPY,
    TOUCHING,
    WOKEN,
    Array,
    Bodies,
    Contact,
    Motion,
    Word,
)
from lang.jit import floats_in, kernel, words_in

SECONDS_TO_SLEEP = 0.5
STILL = 0.05
"""m/s, of any point of a body, below which it hardly moves."""


@kernel
def root_of(words: Array, proxy: int) -> int:
    """Return the first proxy of an island; halves the way to it for the next who asks."""
    while words[proxy, Word.ISLAND] != proxy:
        words[proxy, Word.ISLAND] = words[words[proxy, Word.ISLAND], Word.ISLAND]
        proxy = words[proxy, Word.ISLAND]
    return proxy


@kernel
def join(words: Array, a: int, b: int) -> None:
    """Make one island of those of two proxies."""
    a, b = root_of(words, a), root_of(words, b)
    if a < b:
        words[b, Word.ISLAND] = a
    else:
        words[a, Word.ISLAND] = b


@kernel
def join_contacts(bodies: Bodies, contacts: Array, count: int) -> None:
    """Join the sides of the contacts that push; what touches something carried is woken."""
    motion, words = bodies.motion, bodies.words
    for at in range(count):
        if contacts[at, Contact.SENSOR] != 0:
            continue
        if contacts[at, Contact.POINTS] == 0 and contacts[at, Contact.STATE] & TOUCHING == 0:
            continue
        a, b = contacts[at, Contact.FIRST_PROXY], contacts[at, Contact.SECOND_PROXY]
        if motion[a, Motion.INVERSE_MASS] > 0.0 and motion[b, Motion.INVERSE_MASS] > 0.0:
            join(words, a, b)
        elif (words[a, Word.FLAGS] | words[b, Word.FLAGS]) & CARRIED:
            words[a, Word.FLAGS] |= WOKEN
            words[b, Word.FLAGS] |= WOKEN


@kernel
def wake_islands(table: Array, bodies: Bodies, count: int) -> None:
    """Wake the sleepers of each island that has a body which is awake or was woken; the others lie on."""
    words, motion = bodies.words, bodies.motion
    for proxy in range(count):
        if motion[proxy, Motion.INVERSE_MASS] > 0.0 and words[proxy, Word.FLAGS] & (ASLEEP | WOKEN) != ASLEEP:
            words[root_of(words, proxy), Word.FLAGS] |= AWAKE_ISLAND
    for proxy in range(count):
        if words[proxy, Word.FLAGS] & ASLEEP and words[root_of(words, proxy), Word.FLAGS] & AWAKE_ISLAND:
            words[proxy, Word.FLAGS] ^= ASLEEP
            body = words[proxy, Word.BODY_ROW]
            words_in(table, 2 * Field.BODY_SLEEPING)[body] = 0
            floats_in(table, 2 * Field.BODY_REST_TIME)[body] = 0.0
            mark_changed(table, Component.BODY, body)
        elif words[proxy, Word.FLAGS] & LAID:
            floats_in(table, 2 * Field.BODY_REST_TIME)[words[proxy, Word.BODY_ROW]] = 0.0
            remember_rest(table, bodies, proxy)
            mark_changed(table, Component.BODY, words[proxy, Word.BODY_ROW])


@kernel
def count_rest(times: Array, words: Array, motion: Array, proxy: int, reach: float, seconds: float) -> None:
    """Count how long a movable awake body has hardly moved; a restless one keeps its island awake.

    Few arrays and no `Bodies` on purpose: handing one over cost ten times what is done here.

    Args:
        times: the column BODY_REST_TIME.  reach: metres to its farthest point.
    """
    flags, body = words[proxy, Word.FLAGS], words[proxy, Word.BODY_ROW]
    vx, vy = motion[proxy, Motion.VX], motion[proxy, Motion.VY]
    swing = abs(motion[proxy, Motion.SPIN]) * reach
    is_still = vx * vx + vy * vy <= STILL * STILL and swing <= STILL and flags & SLEEPY != 0
    if body >= 0:
        times[body] = times[body] + seconds if is_still else 0.0
        if is_still and times[body] >= SECONDS_TO_SLEEP and not flags & WOKEN:
            return
    words[root_of(words, proxy), Word.FLAGS] |= RESTLESS_ISLAND


@kernel
def fall_asleep(table: Array, bodies: Bodies, proxy: int) -> None:
    """Put a movable awake body to sleep if all of its island has come to rest, as count_rest found."""
    words, motion = bodies.words, bodies.motion
    if words[root_of(words, proxy), Word.FLAGS] & RESTLESS_ISLAND:
        return
    words[proxy, Word.FLAGS] |= ASLEEP
    motion[proxy, Motion.VX], motion[proxy, Motion.VY], motion[proxy, Motion.SPIN] = 0.0, 0.0, 0.0
    words_in(table, 2 * Field.BODY_SLEEPING)[words[proxy, Word.BODY_ROW]] = 1
    mark_changed(table, Component.BODY, words[proxy, Word.BODY_ROW])


@kernel
def remember_rest(table: Array, bodies: Bodies, proxy: int) -> None:
    """Keep the place of a sleeper: one that is found elsewhere was moved, and wakes."""
    body, transform = bodies.words[proxy, Word.BODY_ROW], bodies.words[proxy, Word.TRANSFORM_ROW]
    floats_in(table, 2 * Field.BODY_REST_X)[body] = floats_in(table, 2 * Field.TRANSFORM_X)[transform]
    floats_in(table, 2 * Field.BODY_REST_Y)[body] = floats_in(table, 2 * Field.TRANSFORM_Y)[transform]
    turned = floats_in(table, 2 * Field.TRANSFORM_ROTATION)[transform]
    floats_in(table, 2 * Field.BODY_REST_ROTATION)[body] = turned
