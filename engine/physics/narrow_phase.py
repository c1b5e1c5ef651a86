"""From pairs to contacts: which proxies touch or will, where, and which contacts go on from the last tick.

Near pairs are sorted by their proxies and last tick's contacts by entity index, which is the same order: one
merge tells which began and which ended, and hands impulses on. Ids carry generations: a new entity at an old
index is another partner.
"""

from __future__ import annotations

from engine.ecs.entity import INDEX_MASK
from engine.geometry.closest import Pair
from engine.geometry.manifold import meet
from engine.geometry.rotation import sine_cosine
from engine.physics.joints import are_joined, find_joints
from engine.physics.layers import may_meet
from engine.physics.layout import (
    ASLEEP,
    BODIES,
    CARRIED,
    CONTINUED,
    JOINT_ARRAYS,
    LAID,
    LINEAR_SLOP,
    MARGIN,
    ONE_WAY,
    PASSING,
    PERSISTENT_WORDS,
    SENSOR,
    TOUCHING,
    VOLUME,
    WOKEN,
    Array,
    Bodies,
    Contact,
    Count,
    Manifold,
    Motion,
    Value,
    Word,
)
from engine.physics.seams import Seams, is_at_seam, seams_of
from engine.physics.toi import meet_ahead, passes_by, way_ahead
from lang.jit import entry, inlined, kernel

_PAST_INDICES = INDEX_MASK + 1
_RESTING = int(ASLEEP)
DEEP = 3.0 * LINEAR_SLOP
"""Metres of overlap that wake a sleeper: something that does not move by a velocity is pushed into it."""
UPWARD = 0.6
"""A one-way platform holds what lies within 53 degrees of its upper side."""
SINKING = 0.01
"""m/s that something may rise and still land on a one-way platform."""


@inlined
def pair_of(bodies: Bodies, a: int, b: int) -> Pair:
    """Return two proxies as `geometry` takes them."""
    values, words = bodies.values, bodies.words
    return Pair(
        a,
        b,
        words[a, Word.CORNERS],
        words[b, Word.CORNERS],
        values[a, Value.RADIUS],
        values[b, Value.RADIUS],
        values[b, Value.X] - values[a, Value.X],
        values[b, Value.Y] - values[a, Value.Y],
    )


@kernel
def _keep_meeting(bodies: Bodies, joints: Array, near: Array, count: int, pairs: Array) -> int:
    """Write the near pairs that may meet in this tick to ``pairs``, in their order; returns how many.

    First those whose AABBs overlap, without a branch that nobody could predict.
    """
    values, words = bodies.values, bodies.words
    overlapping = 0
    for i in range(count):
        a, b = near[i, 0], near[i, 1]
        meets_x = (values[a, Value.MIN_X] <= values[b, Value.MAX_X]) & (
            values[a, Value.MAX_X] >= values[b, Value.MIN_X]
        )
        meets_y = (values[a, Value.MIN_Y] <= values[b, Value.MAX_Y]) & (
            values[a, Value.MAX_Y] >= values[b, Value.MIN_Y]
        )
        pairs[overlapping, 0], pairs[overlapping, 1] = a, b
        overlapping += 1 if meets_x & meets_y else 0
    kept = 0
    for i in range(overlapping):
        a, b = pairs[i, 0], pairs[i, 1]
        pairs[kept, 0], pairs[kept, 1] = a, b
        meets = may_meet(words, a, b)
        if meets and words[a, Word.JOINT] >= 0:
            meets = not are_joined(words, joints, a, b)
        kept += 1 if meets else 0
    return kept


@inlined
def order_of(identity: int) -> int:
    """Return what an id is sorted by: its index, and volumes after all entities."""
    return identity & INDEX_MASK if identity < VOLUME else _PAST_INDICES + identity - VOLUME


@inlined
def _compare(old: Array, i: int, first: int, second: int) -> int:
    """Return which comes first: below 0 an old contact, above 0 that of two ids, 0 neither."""
    difference = order_of(old[i, Contact.FIRST]) - order_of(first)
    return difference if difference != 0 else order_of(old[i, Contact.SECOND]) - order_of(second)


@inlined
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
    for column in range(Contact.WAS + 1):
        contacts[at, column] = 0
    contacts[at, Contact.FIRST], contacts[at, Contact.SECOND] = words[a, Word.ENTITY], words[b, Word.ENTITY]
    contacts[at, Contact.SENSOR] = sensor_a | sensor_b
    contacts[at, Contact.NAME_FOR_FIRST], contacts[at, Contact.NAME_FOR_SECOND] = name_for_a, name_for_b
    contacts[at, Contact.FIRST_PROXY], contacts[at, Contact.SECOND_PROXY] = a, b


@inlined
def _continue(old: Array, i: int, contacts: Array, at: int) -> None:
    """Let a contact go on from last tick's."""
    for column in range(Contact.NAME_FOR_FIRST, PERSISTENT_WORDS):
        contacts[at, column] = old[i, column]
    contacts[at, Contact.WAS] = old[i, Contact.STATE]
    old[i, Contact.STATE] |= CONTINUED


@inlined
def _hand_on_impulses(contacts: Array, at: int, one: int, two: int) -> None:
    """Give the points of ids ``one`` and ``two`` the impulses of the same ids in the last tick."""
    known_1, known_2 = contacts[at, Contact.FEATURE_1], contacts[at, Contact.FEATURE_2]
    normal_1, tangent_1 = contacts[at, Contact.NORMAL_1], contacts[at, Contact.TANGENT_1]
    normal_2, tangent_2 = contacts[at, Contact.NORMAL_2], contacts[at, Contact.TANGENT_2]
    contacts[at, Contact.FEATURE_1], contacts[at, Contact.FEATURE_2] = one, two
    for number in range(2):
        name = one if number == 0 else two
        normal, tangent = 0, 0
        if name != 0 and name == known_1:
            normal, tangent = normal_1, tangent_1
        elif name != 0 and name == known_2:
            normal, tangent = normal_2, tangent_2
        contacts[at, Contact.NORMAL_1 + 2 * number] = normal
        contacts[at, Contact.TANGENT_1 + 2 * number] = tangent


@inlined
def is_resting(bodies: Bodies, proxy: int) -> bool:
    """Return whether a proxy sleeps, and nothing has woken it in this tick."""
    return bool(bodies.words[proxy, Word.FLAGS] & (ASLEEP | WOKEN) == _RESTING)


@inlined
def pushes(bodies: Bodies, contacts: Array, at: int) -> bool:
    """Return whether a contact can push a side; of the others only begin and end are told."""
    a, b = contacts[at, Contact.FIRST_PROXY], contacts[at, Contact.SECOND_PROXY]
    movable = bodies.motion[a, Motion.INVERSE_MASS] > 0.0 or bodies.motion[b, Motion.INVERSE_MASS] > 0.0
    return bool(movable and contacts[at, Contact.SENSOR] == 0)


@kernel
def _passes(bodies: Bodies, contacts: Array, at: int, manifolds: Array) -> bool:
    """Return whether a contact of a one-way platform lets the other through in this tick.

    Who began to pass goes on until both are apart; who rests on it stays; who arrives must come from above.
    """
    a, b = contacts[at, Contact.FIRST_PROXY], contacts[at, Contact.SECOND_PROXY]
    is_first = bodies.words[a, Word.FLAGS] & ONE_WAY != 0
    if not is_first and bodies.words[b, Word.FLAGS] & ONE_WAY == 0:
        return False
    platform = a if is_first else b
    was = contacts[at, Contact.WAS]
    if was & (PASSING | TOUCHING):
        return bool(was & PASSING != 0)
    sine, up_y = sine_cosine(bodies.values[platform, Value.ROTATION])
    up_x = -sine
    sign = 1.0 if is_first else -1.0
    facing = sign * (manifolds[at, Manifold.NX] * up_x + manifolds[at, Manifold.NY] * up_y)
    motion = bodies.motion
    rise = sign * (
        (motion[b, Motion.VX] - motion[a, Motion.VX]) * up_x
        + (motion[b, Motion.VY] - motion[a, Motion.VY]) * up_y
    )
    sunk = manifolds[at, Manifold.GAP_1] < -MARGIN
    return bool(facing < UPWARD or rise > SINKING or sunk)


@inlined
def _find_points(
    bodies: Bodies, seams: Seams, contacts: Array, at: int, manifolds: Array, is_known: bool
) -> bool:
    """Fill manifold and impulses of a contact; returns whether it is worth keeping."""
    a, b = contacts[at, Contact.FIRST_PROXY], contacts[at, Contact.SECOND_PROXY]
    if not pushes(bodies, contacts, at):
        return True
    if is_known and is_resting(bodies, a) and is_resting(bodies, b):
        return True
    pair = pair_of(bodies, a, b)
    points, one, two = meet(bodies.corners, pair, MARGIN, manifolds, at)
    manifolds[at, Manifold.WAY_X], manifolds[at, Manifold.WAY_Y] = pair.dx, pair.dy
    if points == 0:
        points, one, two = meet_ahead(bodies, pair, manifolds, at)
    if points > 0 and seams.tiles.size > 0:
        way = (manifolds[at, Manifold.WAY_X], manifolds[at, Manifold.WAY_Y])
        if is_at_seam(seams, bodies, (a, b), way, (manifolds, at, points)):
            points = 0
    contacts[at, Contact.STATE] = 0
    if points > 0 and _passes(bodies, contacts, at, manifolds):
        contacts[at, Contact.STATE] = PASSING
        return True
    contacts[at, Contact.POINTS] = points
    if points == 0:
        return is_known
    _hand_on_impulses(contacts, at, one, two)
    return True


@kernel
def _gap_of(contacts: Array, manifolds: Array, at: int) -> float:
    gap = manifolds[at, Manifold.GAP_1]
    if contacts[at, Contact.POINTS] == 2:
        gap = min(gap, manifolds[at, Manifold.GAP_2])
    return gap


@kernel
def _was_laid(bodies: Bodies, a: int, b: int) -> bool:
    """Return whether a sleeper that was just made lies on another, or on what no contact moves."""
    motion, flags_a, flags_b = bodies.motion, bodies.words[a, Word.FLAGS], bodies.words[b, Word.FLAGS]
    rests_a = is_resting(bodies, a) or (motion[a, Motion.INVERSE_MASS] == 0.0 and flags_a & CARRIED == 0)
    rests_b = is_resting(bodies, b) or (motion[b, Motion.INVERSE_MASS] == 0.0 and flags_b & CARRIED == 0)
    return bool((flags_a | flags_b) & LAID != 0 and rests_a and rests_b)


@inlined
def _update_touch(bodies: Bodies, contacts: Array, at: int, manifolds: Array) -> None:
    """Tell from the gap whether a solid contact touches; beginnings, ends and deep overlaps wake sleepers."""
    if not pushes(bodies, contacts, at) or contacts[at, Contact.STATE] & PASSING != 0:
        return
    a, b = contacts[at, Contact.FIRST_PROXY], contacts[at, Contact.SECOND_PROXY]
    was = contacts[at, Contact.WAS] & TOUCHING
    if was and is_resting(bodies, a) and is_resting(bodies, b):
        return
    touches, deep = False, False
    if contacts[at, Contact.POINTS] > 0:
        gap = _gap_of(contacts, manifolds, at)
        touches = gap <= (LINEAR_SLOP if was else 0.0)
        deep = gap < -DEEP
    contacts[at, Contact.STATE] = TOUCHING if touches else 0
    if deep or (touches != (was != 0) and not _was_laid(bodies, a, b)):
        bodies.words[a, Word.FLAGS] |= WOKEN
        bodies.words[b, Word.FLAGS] |= WOKEN


@kernel
def _wake_left_ones(old: Array, i: int, numbers: Array, bodies: Bodies) -> None:
    """Wake both sides of a solid contact that ended, as far as they are there."""
    if old[i, Contact.SENSOR] != 0 or old[i, Contact.STATE] & TOUCHING == 0:
        return
    for side in range(2):
        index = (old[i, side] & INDEX_MASK) - 1
        if 0 <= index < numbers.size and numbers[index] >= 0:
            bodies.words[numbers[index], Word.FLAGS] |= WOKEN


@inlined
def _stays_away(bodies: Bodies, a: int, b: int) -> bool:
    """Return whether two proxies that push each other cannot come near in this tick, by their reach alone."""
    values, words = bodies.values, bodies.words
    if (words[a, Word.FLAGS] | words[b, Word.FLAGS]) & SENSOR:
        return False
    reach = values[a, Value.REACH] + values[b, Value.REACH] + MARGIN
    return passes_by(pair_of(bodies, a, b), way_ahead(bodies, a, b), reach)


@kernel
def _merge(
    bodies: Bodies, seams: Seams, pairs: Array, found: int, contacts: Array, manifolds: Array, counts: Array
) -> None:
    """Make the contacts of sorted pairs, in the room beside last tick's."""
    words, side = bodies.words, counts[Count.SIDE]
    old, new = contacts[side], contacts[1 - side]
    old_count, i, kept = counts[Count.CONTACTS], 0, 0
    for pair in range(found):
        a, b = pairs[pair, 0], pairs[pair, 1]
        first, second = words[a, Word.ENTITY], words[b, Word.ENTITY]
        while i < old_count and _compare(old, i, first, second) < 0:
            i += 1
        is_known = False
        at_old = i < old_count and _compare(old, i, first, second) == 0
        if not at_old and _stays_away(bodies, a, b):
            continue
        _describe(words, a, b, new, kept)
        if at_old:
            if (
                old[i, Contact.FIRST] == first
                and old[i, Contact.SECOND] == second
                and old[i, Contact.SENSOR] == new[kept, Contact.SENSOR]
            ):
                is_known = True
                _continue(old, i, new, kept)
            i += 1
        if _find_points(bodies, seams, new, kept, manifolds, is_known):
            _update_touch(bodies, new, kept, manifolds)
            kept += 1
    counts[Count.OLD_CONTACTS], counts[Count.CONTACTS], counts[Count.SIDE] = old_count, kept, 1 - side


@entry(
    f"void(int64[::1], {BODIES}, int64[:,:,::1], int64[:,:,::1], float64[:,::1], int64[:,::1],{JOINT_ARRAYS})"
)
def collide(
    table: Array,
    given: Array,
    pairs: Array,
    contacts: Array,
    manifolds: Array,
    indices: Array,
    joints: Array,
) -> None:
    """Make this tick's contacts from last tick's and the pairs of the broad phase.

    Args:
        given: see Bodies.
        pairs: [2, m, 2]; the first half holds Count.PAIRS near pairs, sorted, the second is scratch.
        contacts: [2, c, Contact], last tick's and room for as many as there are pairs, see Count.SIDE.
        manifolds: [c, Manifold].  indices: [3, n], the proxy of each entity index, scratch, and Count.
        joints: words and values of a JointTable: what is joined does not meet unless it is to.
    """
    bodies = Bodies(given[0], given[1], given[2], given[3], given[4])
    counts = indices[2]
    find_joints(table, bodies, joints[0], indices)
    meeting = _keep_meeting(bodies, joints[0], pairs[0], counts[Count.PAIRS], pairs[1])
    old = contacts[counts[Count.SIDE]]
    _merge(bodies, seams_of(table, indices[0]), pairs[1], meeting, contacts, manifolds, counts)
    for i in range(counts[Count.OLD_CONTACTS]):
        if old[i, Contact.STATE] & CONTINUED == 0:
            _wake_left_ones(old, i, indices[0], bodies)
