"""Moves the bodies over a tick: joins and wakes islands, solves, moves, puts to sleep, writes columns."""

from __future__ import annotations

import math

from engine.ecs.access import mark_changed
from engine.ecs.components import Component, Field
from engine.ecs.layout import Counter, WorldSlot
from engine.geometry.hash_grid import Grid
from engine.geometry.rotation import sine_cosine
from engine.physics.constraints import prepare_constraints, store_impulses
from engine.physics.islands import count_rest, fall_asleep, join_contacts, remember_rest, wake_islands
from engine.physics.joints import join_islands, prepare_joints, solve_joints, warm_start_joints
from engine.physics.layout import (
    ASLEEP,
    BODIES,
    BOUND,
    CARRIED,
    GRID_ARRAYS,
    JOINT_ARRAYS,
    TOUCHING_ARRAYS,
    Array,
    Bodies,
    Count,
    Motion,
    Tick,
    Value,
    Word,
)
from engine.physics.seams import Seams, seams_of
from engine.physics.softness import softness
from engine.physics.solver import (
    CONTACT_DAMPING,
    CONTACT_HERTZ,
    SUBSTEPS,
    accelerate,
    bounce,
    move,
    solve_contacts,
    warm_start,
)
from engine.physics.toi import is_fast, stop_at_walls
from lang.jit import entry, floats_in, inlined, kernel, words_in


@kernel
def _run_substeps(
    bodies: Bodies, links: Array, constraints: Array, active: Array, counts: Array, joints: Array
) -> None:
    seconds = bodies.tick[Tick.SECONDS]
    gravity = (bodies.tick[Tick.GRAVITY_X], bodies.tick[Tick.GRAVITY_Y])
    h = seconds / SUBSTEPS
    motion, count, moving = bodies.motion, counts[Count.CONSTRAINTS], counts[Count.ACTIVE]
    soft = softness(CONTACT_HERTZ, CONTACT_DAMPING, h)
    stiff = softness(2.0 * CONTACT_HERTZ, CONTACT_DAMPING, h)
    rigid = (0.0, 1.0, 0.0)
    for _ in range(SUBSTEPS):
        accelerate(bodies, active, moving, gravity, h)
        warm_start_joints(bodies, joints[0], joints[1])
        warm_start(motion, links, constraints, count)
        solve_joints(bodies, joints[0], joints[1], h, True)
        solve_contacts(motion, links, constraints, count, soft, stiff, 1.0 / h)
        move(bodies, active, moving, h)
        solve_joints(bodies, joints[0], joints[1], h, False)
        solve_contacts(motion, links, constraints, count, rigid, rigid, 1.0 / h)
    bounce(motion, links, constraints, count)


@kernel
def _fall_freely(motion: Array, values: Array, tick: Array, i: int) -> None:
    """Let a movable body that nothing touches fall for a tick: exactly on the parabola."""
    seconds = tick[Tick.SECONDS]
    x = values[i, Value.GRAVITY_SCALE] * tick[Tick.GRAVITY_X]
    y = values[i, Value.GRAVITY_SCALE] * tick[Tick.GRAVITY_Y]
    vx, vy = motion[i, Motion.VX], motion[i, Motion.VY]
    if values[i, Value.DAMPING] != 0.0:
        kept = 1.0 / (1.0 + seconds * values[i, Value.DAMPING])
        vx, vy = vx * kept, vy * kept
    if values[i, Value.ANGULAR_DAMPING] != 0.0:
        motion[i, Motion.SPIN] *= 1.0 / (1.0 + seconds * values[i, Value.ANGULAR_DAMPING])
    motion[i, Motion.DX] = (vx + x * seconds / 2.0) * seconds
    motion[i, Motion.DY] = (vy + y * seconds / 2.0) * seconds
    motion[i, Motion.TURN] = motion[i, Motion.SPIN] * seconds
    motion[i, Motion.VX], motion[i, Motion.VY] = vx + x * seconds, vy + y * seconds


@kernel
def _begin_moving(bodies: Bodies, count: int, active: Array) -> int:
    """Move what is free; list what the substeps move: awake, and bound or carried. Returns their number."""
    made = 0
    for proxy in range(count):
        flags = bodies.words[proxy, Word.FLAGS]
        movable = bodies.motion[proxy, Motion.INVERSE_MASS] > 0.0
        if flags & ASLEEP or not (movable or flags & CARRIED):
            continue
        if movable and not flags & BOUND:
            _fall_freely(bodies.motion, bodies.values, bodies.tick, proxy)
        else:
            active[made] = proxy
            made += 1
    return made


@kernel
def _end_moving(table: Array, bodies: Bodies, seams: Seams, count: int, grid: Grid, found: Array) -> None:
    """Stop fast bodies at walls and count how long the awake ones have rested."""
    words, motion, values, seconds = bodies.words, bodies.motion, bodies.values, bodies.tick[Tick.SECONDS]
    times = floats_in(table, 2 * Field.BODY_REST_TIME)
    for proxy in range(count):
        if motion[proxy, Motion.INVERSE_MASS] > 0.0 and not words[proxy, Word.FLAGS] & ASLEEP:
            if is_fast(motion, values, proxy):
                stop_at_walls(bodies, seams, grid, proxy, found)
            count_rest(times, words, motion, proxy, values[proxy, Value.REACH], seconds)


@inlined
def _write_place(places: tuple[Array, Array, Array], bodies: Bodies, i: int) -> bool:
    """Move a proxy and its entity by what the solver found, unless it comes to the end of the numbers."""
    values, motion, transform = bodies.values, bodies.motion, bodies.words[i, Word.TRANSFORM_ROW]
    values[i, Value.X] += motion[i, Motion.DX]
    values[i, Value.Y] += motion[i, Motion.DY]
    turned = values[i, Value.ROTATION] + motion[i, Motion.TURN]
    x, y = values[i, Value.X], values[i, Value.Y]
    centre_x, centre_y = values[i, Value.CENTRE_X], values[i, Value.CENTRE_Y]
    if centre_x != 0.0 or centre_y != 0.0:
        sine, cosine = sine_cosine(turned)
        x -= cosine * centre_x - sine * centre_y
        y -= sine * centre_x + cosine * centre_y
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(turned)):
        return False
    places[0][transform], places[1][transform], places[2][transform] = x, y, turned
    return True


@kernel
def _write_back(table: Array, bodies: Bodies, count: int) -> None:
    """Write places and velocities of what moved; what sleeps since an earlier tick is left alone."""
    words, motion = bodies.words, bodies.motion
    tick = words_in(table, WorldSlot.COUNTERS)[Counter.CHANGE_TICK]
    moved = words_in(words_in(table, WorldSlot.CHANGED), 2 * Component.TRANSFORM)
    sped = words_in(words_in(table, WorldSlot.CHANGED), 2 * Component.VELOCITY)
    xs, ys = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
    places = (xs, ys, floats_in(table, 2 * Field.TRANSFORM_ROTATION))
    vx, vy = floats_in(table, 2 * Field.VELOCITY_VX), floats_in(table, 2 * Field.VELOCITY_VY)
    spin = floats_in(table, 2 * Field.VELOCITY_ANGULAR)
    for i in range(count):
        movable = motion[i, Motion.INVERSE_MASS] > 0.0
        if not movable and not words[i, Word.FLAGS] & CARRIED:
            continue
        if words[i, Word.FLAGS] & ASLEEP:
            continue
        if movable:
            fall_asleep(table, bodies, i)
        if _write_place(places, bodies, i):
            moved[words[i, Word.TRANSFORM_ROW]] = tick
        velocity = words[i, Word.VELOCITY_ROW]
        if movable and velocity >= 0:
            vx[velocity], vy[velocity] = motion[i, Motion.VX], motion[i, Motion.VY]
            spin[velocity] = motion[i, Motion.SPIN]
            sped[velocity] = tick
        if words[i, Word.FLAGS] & ASLEEP:
            remember_rest(table, bodies, i)


@kernel
def _drift(table: Array, seconds: float) -> None:
    """Move every born entity that has a velocity but neither collider nor body."""
    chunk_of, row_of = words_in(table, WorldSlot.CHUNK), words_in(table, WorldSlot.ROW)
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    xs, ys = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
    for index in range(words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]):
        if chunk_of[index] < 0:
            continue
        first = chunk_of[index] * components
        velocity, transform = bases[first + Component.VELOCITY], bases[first + Component.TRANSFORM]
        if velocity < 0 or transform < 0 or bases[first + Component.UNBORN] >= 0:
            continue
        if bases[first + Component.COLLIDER] >= 0 or bases[first + Component.BODY] >= 0:
            continue
        transform, velocity = transform + row_of[index], velocity + row_of[index]
        x = xs[transform] + floats_in(table, 2 * Field.VELOCITY_VX)[velocity] * seconds
        y = ys[transform] + floats_in(table, 2 * Field.VELOCITY_VY)[velocity] * seconds
        if math.isfinite(x) and math.isfinite(y):  # whoever reaches the end of the numbers stays there
            xs[transform], ys[transform] = x, y
            mark_changed(table, Component.TRANSFORM, transform)
        turn = floats_in(table, 2 * Field.VELOCITY_ANGULAR)[velocity] * seconds
        if turn != 0.0:
            floats_in(table, 2 * Field.TRANSFORM_ROTATION)[transform] += turn
            mark_changed(table, Component.TRANSFORM, transform)


@entry(f"void(int64[::1], {BODIES}, {TOUCHING_ARRAYS}, int64[:,::1], {GRID_ARRAYS}, {JOINT_ARRAYS})")
def advance(table: Array, given: Array, touching: Array, indices: Array, grid: Array, joints: Array) -> None:
    """Advance all bodies by a tick and write them to the world's columns.

    Args:
        table: the world's address table.  given: see Bodies.  touching: see Touching.
        indices, joints: see collide.  grid: see GRID_ARRAYS, of boxes that hold this tick's.
    """
    bodies = Bodies(given[0], given[1], given[2], given[3], given[4])
    manifolds, links, constraints = touching[1], touching[2], touching[3]
    counts, active = indices[2], indices[1]
    contacts = touching[0][counts[Count.SIDE]]
    count = counts[Count.PROXIES]
    if counts[Count.SLEEPERS] + counts[Count.SLEEPY] > 0:  # islands are for sleep alone
        join_contacts(bodies, contacts, counts[Count.CONTACTS])
        join_islands(bodies, joints[0])
    if counts[Count.SLEEPERS] > 0:
        wake_islands(table, bodies, count)
    made = prepare_constraints(bodies, contacts, manifolds, counts[Count.CONTACTS], links, constraints)
    counts[Count.CONSTRAINTS] = made
    prepare_joints(bodies, joints[0], joints[1])
    counts[Count.ACTIVE] = _begin_moving(bodies, count, active)
    _run_substeps(bodies, links, constraints, active, counts, joints)
    store_impulses(bodies.motion, contacts, links, constraints, made)
    seams = seams_of(table, indices[0])
    _end_moving(table, bodies, seams, count, Grid(grid[0], grid[1], grid[2][0], grid[2][1], grid[3]), active)
    _write_back(table, bodies, count)
    _drift(table, bodies.tick[Tick.SECONDS])
