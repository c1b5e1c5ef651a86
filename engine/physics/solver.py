"""Solves contacts in substeps with soft constraints and warm starting.

The published method is "Soft Step" (TGS soft) of Erin Catto: Solver2D (2024) compares it with others, Box2D
v3 uses it. A tick is SUBSTEPS times: gravity; the impulses of the last substep again; one pass over all
contacts that also pulls overlaps back softly; move; one pass without that pull, which takes its speed out of
the velocities. Bounces come after all of them.
"""

from __future__ import annotations

import math

from engine.physics.constraints import POINT_WORDS, SLOWEST_BOUNCE, Constraint, Link
from engine.physics.layout import Array, Bodies, Motion, Value
from lang.jit import kernel

SUBSTEPS = 4
CONTACT_HERTZ = 45.0
"""Stiffness of contacts; twice as much against what cannot be moved. With 60 a pyramid of 20 rows swings;
with 30 the top of a stack of 10 sinks by 3 cm instead of 1.4. A pyramid of 100 rows would come to rest with
30 alone: two passes a substep do not carry the load of so many rows down."""
CONTACT_DAMPING = 10.0
FASTEST_PUSH = 4.0
"""m/s at which overlapping bodies are pushed apart at most."""

MOST_TURN = math.pi / 8.0
"""Radians a substep beyond which the arms of a contact, taken at its start, would mean nothing."""


@kernel
def accelerate(bodies: Bodies, active: Array, count: int, gravity: tuple[float, float], h: float) -> None:
    """Add gravity and damping over h seconds to the movable ones of ``count`` active proxies."""
    motion, values, fastest = bodies.motion, bodies.values, MOST_TURN / h
    for number in range(count):
        i = active[number]
        if motion[i, Motion.INVERSE_MASS] == 0.0:
            continue
        scale = h * values[i, Value.GRAVITY_SCALE]
        motion[i, Motion.VX] += scale * gravity[0]
        motion[i, Motion.VY] += scale * gravity[1]
        motion[i, Motion.SPIN] = min(max(motion[i, Motion.SPIN], -fastest), fastest)
        if values[i, Value.DAMPING] != 0.0:
            kept = 1.0 / (1.0 + h * values[i, Value.DAMPING])
            motion[i, Motion.VX] *= kept
            motion[i, Motion.VY] *= kept
        if values[i, Value.ANGULAR_DAMPING] != 0.0:
            motion[i, Motion.SPIN] /= 1.0 + h * values[i, Value.ANGULAR_DAMPING]


@kernel
def move(bodies: Bodies, active: Array, count: int, h: float) -> None:
    """Let the active proxies go on for h seconds."""
    motion = bodies.motion
    for number in range(count):
        i = active[number]
        motion[i, Motion.DX] += h * motion[i, Motion.VX]
        motion[i, Motion.DY] += h * motion[i, Motion.VY]
        motion[i, Motion.TURN] += h * motion[i, Motion.SPIN]


@kernel
def warm_start(motion: Array, links: Array, constraints: Array, count: int) -> None:
    """Give every contact the impulses of the last substep again."""
    for at in range(count):
        a, b, row = links[at, Link.A], links[at, Link.B], constraints[at]
        nx, ny = row[Constraint.NX], row[Constraint.NY]
        x, y, spin_a, spin_b = 0.0, 0.0, 0.0, 0.0
        for number in range(links[at, Link.POINTS]):
            place = number * POINT_WORDS
            normal, side = row[place + Constraint.IMPULSE], row[place + Constraint.SIDE_IMPULSE]
            x += normal * nx + side * ny
            y += normal * ny - side * nx
            spin_a += normal * row[place + Constraint.ARM_A] + side * row[place + Constraint.SIDE_A]
            spin_b += normal * row[place + Constraint.ARM_B] + side * row[place + Constraint.SIDE_B]
        if x == 0.0 and y == 0.0:  # what is ahead has not pushed yet
            continue
        mass_a, mass_b = motion[a, Motion.INVERSE_MASS], motion[b, Motion.INVERSE_MASS]
        motion[a, Motion.VX] -= mass_a * x
        motion[a, Motion.VY] -= mass_a * y
        motion[a, Motion.SPIN] -= motion[a, Motion.INVERSE_INERTIA] * spin_a
        motion[b, Motion.VX] += mass_b * x
        motion[b, Motion.VY] += mass_b * y
        motion[b, Motion.SPIN] += motion[b, Motion.INVERSE_INERTIA] * spin_b


@kernel
def _push(
    row: Array, place: int, gap: float, speed: float, rates: tuple[float, float, float], inverse_h: float
) -> float:
    """Return what the normal impulse of a point gains; it may let the gap close within the substep."""
    rate, scale, leak = rates
    bias = 0.0
    if gap > 0.0:
        bias, scale, leak = gap * inverse_h, 1.0, 0.0
    elif rate > 0.0:
        bias = max(rate * gap, -FASTEST_PUSH)
    old = row[place + Constraint.IMPULSE]
    new = max((old - leak * old) - row[place + Constraint.MASS] * scale * (speed + bias), 0.0)
    row[place + Constraint.IMPULSE] = new
    row[place + Constraint.MOST] = max(row[place + Constraint.MOST], new)
    return new - old


@kernel
def solve_contacts(
    motion: Array,
    links: Array,
    constraints: Array,
    count: int,
    soft: tuple[float, float, float],
    stiff: tuple[float, float, float],
    inverse_h: float,
) -> None:
    """Do one pass over all contacts; friction first, because not to overlap matters more.

    ``soft`` and ``stiff`` are of softness, for two movable sides and for one. A rate of 0 pulls no overlap
    back, and that pass goes backward: a heap settles in half the time when passes go both ways. Products that
    need not wait for the velocities that the point before left come first.
    """
    backward = soft[0] == 0.0
    for number in range(count):
        at = count - 1 - number if backward else number
        a, b, row = links[at, Link.A], links[at, Link.B], constraints[at]
        nx, ny, friction = row[Constraint.NX], row[Constraint.NY], row[Constraint.FRICTION]
        rates = stiff if row[Constraint.IS_STATIC] != 0.0 else soft
        mass_a, mass_b = motion[a, Motion.INVERSE_MASS], motion[b, Motion.INVERSE_MASS]
        a_nx, a_ny, b_nx, b_ny = mass_a * nx, mass_a * ny, mass_b * nx, mass_b * ny
        inertia_a, inertia_b = motion[a, Motion.INVERSE_INERTIA], motion[b, Motion.INVERSE_INERTIA]
        ax, ay, spin_a = motion[a, Motion.VX], motion[a, Motion.VY], motion[a, Motion.SPIN]
        bx, by, spin_b = motion[b, Motion.VX], motion[b, Motion.VY], motion[b, Motion.SPIN]
        turn_a, turn_b = motion[a, Motion.TURN], motion[b, Motion.TURN]
        dx, dy = motion[b, Motion.DX] - motion[a, Motion.DX], motion[b, Motion.DY] - motion[a, Motion.DY]
        closed = dx * nx + dy * ny
        points = links[at, Link.POINTS]
        for place in range(0, points * POINT_WORDS, POINT_WORDS):
            most, old = friction * row[place + Constraint.IMPULSE], row[place + Constraint.SIDE_IMPULSE]
            if most == 0.0 and old == 0.0:
                continue
            side_a, side_b = row[place + Constraint.SIDE_A], row[place + Constraint.SIDE_B]
            speed = (bx * ny - by * nx + spin_b * side_b) - (ax * ny - ay * nx + spin_a * side_a)
            new = min(max(old - row[place + Constraint.SIDE_MASS] * speed, -most), most)
            row[place + Constraint.SIDE_IMPULSE], impulse = new, new - old
            ax -= a_ny * impulse
            ay += a_nx * impulse
            spin_a -= inertia_a * side_a * impulse
            bx += b_ny * impulse
            by -= b_nx * impulse
            spin_b += inertia_b * side_b * impulse
        for point in range(points):
            place = (points - 1 - point if backward else point) * POINT_WORDS
            arm_a, arm_b = row[place + Constraint.ARM_A], row[place + Constraint.ARM_B]
            gap = row[place + Constraint.GAP] + closed + turn_b * arm_b - turn_a * arm_a
            speed = (bx * nx + by * ny + spin_b * arm_b) - (ax * nx + ay * ny + spin_a * arm_a)
            impulse = _push(row, place, gap, speed, rates, inverse_h)
            if impulse == 0.0:
                continue
            ax -= a_nx * impulse
            ay -= a_ny * impulse
            spin_a -= inertia_a * arm_a * impulse
            bx += b_nx * impulse
            by += b_ny * impulse
            spin_b += inertia_b * arm_b * impulse
        motion[a, Motion.VX], motion[a, Motion.VY], motion[a, Motion.SPIN] = ax, ay, spin_a
        motion[b, Motion.VX], motion[b, Motion.VY], motion[b, Motion.SPIN] = bx, by, spin_b


@kernel
def _bounce_impulses(motion: Array, link: Array, row: Array) -> tuple[float, float]:
    """Return the normal impulses that give both points of a contact their bounce at once."""
    a, b = link[Link.A], link[Link.B]
    nx, ny = row[Constraint.NX], row[Constraint.NY]
    along = (motion[b, Motion.VX] - motion[a, Motion.VX]) * nx
    along += (motion[b, Motion.VY] - motion[a, Motion.VY]) * ny
    wanted_1, wanted_2 = 0.0, 0.0
    for number in range(link[Link.POINTS]):
        place = number * POINT_WORDS
        approach = row[place + Constraint.APPROACH]
        if approach <= SLOWEST_BOUNCE or row[place + Constraint.MOST] == 0.0:
            continue
        speed = along + motion[b, Motion.SPIN] * row[place + Constraint.ARM_B]
        speed -= motion[a, Motion.SPIN] * row[place + Constraint.ARM_A]
        missing = max(row[Constraint.RESTITUTION] * approach - speed, 0.0)
        if number == 0:
            wanted_1 = missing
        else:
            wanted_2 = missing
    alone_1, alone_2 = row[Constraint.MASS] * wanted_1, row[POINT_WORDS + Constraint.MASS] * wanted_2
    if wanted_1 <= 0.0 or wanted_2 <= 0.0:
        return (alone_1 if wanted_1 > 0.0 else 0.0), (alone_2 if wanted_2 > 0.0 else 0.0)
    shared = motion[a, Motion.INVERSE_MASS] + motion[b, Motion.INVERSE_MASS]
    second = POINT_WORDS
    shared += motion[a, Motion.INVERSE_INERTIA] * row[Constraint.ARM_A] * row[second + Constraint.ARM_A]
    shared += motion[b, Motion.INVERSE_INERTIA] * row[Constraint.ARM_B] * row[second + Constraint.ARM_B]
    one, two = 1.0 / row[Constraint.MASS], 1.0 / row[second + Constraint.MASS]
    determinant = one * two - shared * shared
    if determinant < 1e-3 * one * two:  # both points feel the same: each takes half
        return alone_1 / 2.0, alone_2 / 2.0
    first = (two * wanted_1 - shared * wanted_2) / determinant
    other = (one * wanted_2 - shared * wanted_1) / determinant
    if first < 0.0:  # nothing pulls: the other point alone gives more than what this one wants
        return 0.0, alone_2
    return (first, other) if other >= 0.0 else (alone_1, 0.0)


@kernel
def bounce(motion: Array, links: Array, constraints: Array, count: int) -> None:
    """Give the contacts that met in this tick a part of the speed at which they did.

    Both points of a contact are solved as one: a box that lands flat bounces flat.
    """
    for at in range(count):
        row, link = constraints[at], links[at]
        if row[Constraint.RESTITUTION] <= 0.0:
            continue
        one, two = _bounce_impulses(motion, link, row)
        if one + two == 0.0:
            continue
        a, b = link[Link.A], link[Link.B]
        x, y = (one + two) * row[Constraint.NX], (one + two) * row[Constraint.NY]
        motion[a, Motion.VX] -= motion[a, Motion.INVERSE_MASS] * x
        motion[a, Motion.VY] -= motion[a, Motion.INVERSE_MASS] * y
        motion[b, Motion.VX] += motion[b, Motion.INVERSE_MASS] * x
        motion[b, Motion.VY] += motion[b, Motion.INVERSE_MASS] * y
        arms_a = one * row[Constraint.ARM_A] + two * row[POINT_WORDS + Constraint.ARM_A]
        arms_b = one * row[Constraint.ARM_B] + two * row[POINT_WORDS + Constraint.ARM_B]
        motion[a, Motion.SPIN] -= motion[a, Motion.INVERSE_INERTIA] * arms_a
        motion[b, Motion.SPIN] += motion[b, Motion.INVERSE_INERTIA] * arms_b
