"""Contacts as the solver takes them: a row of numbers each, so that a pass reads memory in order."""

from __future__ import annotations

import math
from enum import IntEnum, unique

from engine.physics.layout import (
    ASLEEP,
    BOUND,
    LINEAR_SLOP,
    TOUCHING,
    Array,
    Bodies,
    Contact,
    Manifold,
    Motion,
    Tick,
    Value,
    Word,
)
from lang.jit import bits_float, float_bits, kernel

SLOWEST_BOUNCE = 1.0
"""m/s of approach below which nothing bounces: a heap comes to rest."""


@unique
class Constraint(IntEnum):
    """Float columns of the constraints [n, 32]; the point columns repeat POINT_WORDS later."""

    NX = 0
    NY = 1
    FRICTION = 2
    RESTITUTION = 3
    IS_STATIC = 4  # 1 when one side cannot be moved: its contact is twice as stiff
    # Of the first point:
    ARM_A = 5  # cross product of the arm from a's centre with the normal
    ARM_B = 6
    SIDE_A = 7  # the same with the tangent
    SIDE_B = 8
    GAP = 9  # metres at the start of the tick
    MASS = 10  # kg that the point feels along the normal
    SIDE_MASS = 11  # along the tangent
    IMPULSE = 12  # N s along the normal, of a substep
    SIDE_IMPULSE = 13
    MOST = 14  # greatest normal impulse of this tick
    APPROACH = 15  # m/s at which the sides will meet, 0 when they part


POINT_WORDS = 11
CONSTRAINT_WORDS = 32


@unique
class Link(IntEnum):
    """Int columns of the constraints [n, 4]."""

    A = 0
    B = 1
    POINTS = 2
    CONTACT = 3


@kernel
def _mixed_friction(values: Array, a: int, b: int) -> float:
    product = values[a, Value.FRICTION] * values[b, Value.FRICTION]
    return math.sqrt(product) if product > 0.0 else 0.0


@kernel
def _approach(bodies: Bodies, a: int, b: int, normal: tuple[float, float], speed: float, gap: float) -> float:
    """Return the speed at which two sides meet that close ``gap`` metres from ``speed`` m/s on.

    It is that of a free fall over the gap, so a bounce has the height of the formula although it takes place
    somewhere within a tick.
    """
    pull = bodies.values[a, Value.GRAVITY_SCALE] - bodies.values[b, Value.GRAVITY_SCALE]
    towards = pull * (bodies.tick[Tick.GRAVITY_X] * normal[0] + bodies.tick[Tick.GRAVITY_Y] * normal[1])
    squared = speed * speed + 2.0 * towards * gap
    return math.sqrt(squared) if speed > 0.0 and squared > 0.0 else 0.0


@kernel
def _prepare_point(
    bodies: Bodies, links: Array, constraints: Array, at: int, number: int, manifold: Array, impulses: Array
) -> None:
    """Fill one point of a constraint from its manifold and the impulses of the last tick."""
    a, b, motion = links[at, Link.A], links[at, Link.B], bodies.motion
    row, place = constraints[at], Constraint.ARM_A + number * POINT_WORDS
    nx, ny = row[Constraint.NX], row[Constraint.NY]
    ax, ay = manifold[Manifold.X_1 + 3 * number], manifold[Manifold.X_1 + 3 * number + 1]
    bx, by = ax - manifold[Manifold.WAY_X], ay - manifold[Manifold.WAY_Y]
    arm_a, arm_b = ax * ny - ay * nx, bx * ny - by * nx
    side_a, side_b = -ax * nx - ay * ny, -bx * nx - by * ny
    masses = motion[a, Motion.INVERSE_MASS] + motion[b, Motion.INVERSE_MASS]
    inertia_a, inertia_b = motion[a, Motion.INVERSE_INERTIA], motion[b, Motion.INVERSE_INERTIA]
    row[place], row[place + 1], row[place + 2], row[place + 3] = arm_a, arm_b, side_a, side_b
    gap = manifold[Manifold.GAP_1 + 3 * number]
    row[place + 4] = gap
    row[place + 5] = 1.0 / (masses + inertia_a * arm_a * arm_a + inertia_b * arm_b * arm_b)
    row[place + 6] = 1.0 / (masses + inertia_a * side_a * side_a + inertia_b * side_b * side_b)
    row[place + 7] = bits_float(impulses[Contact.NORMAL_1 + 2 * number])
    row[place + 8] = bits_float(impulses[Contact.TANGENT_1 + 2 * number])
    row[place + 9] = 0.0
    speed = (motion[a, Motion.VX] - motion[b, Motion.VX]) * nx
    speed += (motion[a, Motion.VY] - motion[b, Motion.VY]) * ny
    speed += motion[a, Motion.SPIN] * arm_a - motion[b, Motion.SPIN] * arm_b
    row[place + 10] = _approach(bodies, a, b, (nx, ny), speed, gap)


@kernel
def _is_at_work(bodies: Bodies, a: int, b: int) -> bool:
    """Return whether a contact of two proxies moves anything: one of them is awake and movable."""
    awake_a = bodies.motion[a, Motion.INVERSE_MASS] > 0.0 and not bodies.words[a, Word.FLAGS] & ASLEEP
    awake_b = bodies.motion[b, Motion.INVERSE_MASS] > 0.0 and not bodies.words[b, Word.FLAGS] & ASLEEP
    return awake_a or awake_b


@kernel
def prepare_constraints(
    bodies: Bodies, contacts: Array, manifolds: Array, count: int, links: Array, constraints: Array
) -> int:
    """Make the constraints of ``count`` contacts that move something; returns how many there are."""
    made, values, words = 0, bodies.values, bodies.words
    for contact in range(count):
        points = contacts[contact, Contact.POINTS]
        a, b = contacts[contact, Contact.FIRST_PROXY], contacts[contact, Contact.SECOND_PROXY]
        if points == 0 or not _is_at_work(bodies, a, b):
            continue
        words[a, Word.FLAGS] |= BOUND
        words[b, Word.FLAGS] |= BOUND
        links[made, Link.A], links[made, Link.B] = a, b
        links[made, Link.POINTS], links[made, Link.CONTACT] = points, contact
        row = constraints[made]
        row[Constraint.NX] = manifolds[contact, Manifold.NX]
        row[Constraint.NY] = manifolds[contact, Manifold.NY]
        row[Constraint.FRICTION] = _mixed_friction(values, a, b)
        row[Constraint.RESTITUTION] = max(values[a, Value.RESTITUTION], values[b, Value.RESTITUTION])
        motion = bodies.motion
        movable = motion[a, Motion.INVERSE_MASS] > 0.0 and motion[b, Motion.INVERSE_MASS] > 0.0
        row[Constraint.IS_STATIC] = 0.0 if movable else 1.0
        for number in range(points):
            _prepare_point(bodies, links, constraints, made, number, manifolds[contact], contacts[contact])
        made += 1
    return made


@kernel
def _gap_after(motion: Array, link: Array, row: Array, place: int) -> float:
    """Return the gap of a point at the end of the tick."""
    a, b = link[Link.A], link[Link.B]
    gap = row[Constraint.GAP + place]
    gap += (motion[b, Motion.DX] - motion[a, Motion.DX]) * row[Constraint.NX]
    gap += (motion[b, Motion.DY] - motion[a, Motion.DY]) * row[Constraint.NY]
    gap += motion[b, Motion.TURN] * row[Constraint.ARM_B + place]
    return gap - motion[a, Motion.TURN] * row[Constraint.ARM_A + place]


@kernel
def store_impulses(motion: Array, contacts: Array, links: Array, constraints: Array, count: int) -> None:
    """Keep the impulses for the next tick, and tell who touches: who pushed, until it is a slop away."""
    for at in range(count):
        contact, row = contacts[links[at, Link.CONTACT]], constraints[at]
        gap, pushed = math.inf, False
        for number in range(links[at, Link.POINTS]):
            place = number * POINT_WORDS
            contact[Contact.NORMAL_1 + 2 * number] = float_bits(row[Constraint.IMPULSE + place])
            contact[Contact.TANGENT_1 + 2 * number] = float_bits(row[Constraint.SIDE_IMPULSE + place])
            pushed = pushed or row[Constraint.MOST + place] > 0.0
            gap = min(gap, _gap_after(motion, links[at], row, place))
        was = contact[Contact.WAS] & TOUCHING != 0
        touches = gap <= LINEAR_SLOP if was else pushed or gap <= 0.0
        contact[Contact.STATE] = TOUCHING if touches else 0
