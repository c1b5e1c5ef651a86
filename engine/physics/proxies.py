"""Gathers colliders and bodies of a world into proxies."""

from __future__ import annotations

import math

from engine.ecs.access import entity_of_index
from engine.ecs.components import BodyKind, Component, Field, ShapeKind
from engine.ecs.hierarchy import root_index
from engine.ecs.layout import FULL, Counter, WorldSlot
from engine.geometry.outlines import Polygon, depth_of, put_box, put_capsule, put_polygon, reach_of
from engine.geometry.rotation import sine_cosine
from engine.physics.layout import (
    ASLEEP,
    BODIES,
    CARRIED,
    FIXED,
    LAID,
    MARGIN,
    ONE_WAY,
    SENSOR,
    SLEEPY,
    VOLUME,
    WOKEN,
    Array,
    Bodies,
    Count,
    Motion,
    Tick,
    Value,
    Volume,
    VolumeWord,
    Word,
)
from engine.physics.mass import area_and_spread, inverse_or_zero, polygon_area_and_spread
from lang.jit import entry, floats_in, inlined, kernel, words_in

FASTEST = 1e5
"""m/s, and rad/s, that a body has at most: what a script writes may not make others' places no numbers."""
LONGEST_WAY = 100.0
"""Metres a tick beyond which nobody looks for what is hit: one fast body may not meet the whole world."""


@inlined
def bound(bodies: Bodies, at: int, ahead: tuple[float, float], margin: float) -> bool:
    """Fill the AABB of a proxy and of its way ahead; returns whether its numbers are finite."""
    values, corners, count = bodies.values, bodies.corners, bodies.words[at, Word.CORNERS]
    min_x, min_y, max_x, max_y = 0.0, 0.0, 0.0, 0.0  # the one corner of a circle is its middle
    if count > 1:
        min_x, min_y, max_x, max_y = math.inf, math.inf, -math.inf, -math.inf
        for i in range(count):
            x, y = corners[at, 2 * i], corners[at, 2 * i + 1]
            min_x, max_x, min_y, max_y = min(min_x, x), max(max_x, x), min(min_y, y), max(max_y, y)
    grown = values[at, Value.RADIUS] + margin
    x, y = values[at, Value.X], values[at, Value.Y]
    way_x = min(max(ahead[0], -LONGEST_WAY), LONGEST_WAY)
    way_y = min(max(ahead[1], -LONGEST_WAY), LONGEST_WAY)
    values[at, Value.MIN_X] = x + min_x - grown + min(way_x, 0.0)
    values[at, Value.MAX_X] = x + max_x + grown + max(way_x, 0.0)
    values[at, Value.MIN_Y] = y + min_y - grown + min(way_y, 0.0)
    values[at, Value.MAX_Y] = y + max_y + grown + max(way_y, 0.0)
    return math.isfinite(values[at, Value.MAX_X] - values[at, Value.MIN_X]) and math.isfinite(
        values[at, Value.MAX_Y] - values[at, Value.MIN_Y]
    )


@inlined
def _outline(
    bodies: Bodies, at: int, shape: int, sizes: tuple[float, float, float], turn: tuple[float, float]
) -> tuple[float, float]:
    """Write corners and radius of a circle, box or capsule; returns (area, inertia of 1 kg)."""
    width, height, margin = sizes
    if shape == ShapeKind.CIRCLE:
        bodies.words[at, Word.CORNERS], bodies.values[at, Value.RADIUS] = 1, width
        bodies.corners[at, 0], bodies.corners[at, 1] = 0.0, 0.0
        return area_and_spread(shape, 0.0, 0.0, width)
    if shape == ShapeKind.CAPSULE:
        radius = min(width, height)
        bodies.words[at, Word.CORNERS], bodies.values[at, Value.RADIUS] = 2, radius
        put_capsule(bodies.corners, at, width - radius, height - radius, turn)
        if width == height:  # a capsule without length is a circle
            bodies.words[at, Word.CORNERS] = 1
        return area_and_spread(shape, max(width, height) - radius, 0.0, radius)
    bodies.words[at, Word.CORNERS], bodies.values[at, Value.RADIUS] = 4, margin
    put_box(bodies.corners, at, width, height, turn)
    return area_and_spread(shape, width, height, margin)


@inlined
def _place_shape(
    table: Array, pool: Array, transform: int, collider: int, bodies: Bodies, at: int
) -> tuple[float, float]:
    """Fill place and outline of a proxy; returns (area, inertia of 1 kg)."""
    values = bodies.values
    x, y = (
        floats_in(table, 2 * Field.TRANSFORM_X)[transform],
        floats_in(table, 2 * Field.TRANSFORM_Y)[transform],
    )
    rotation = floats_in(table, 2 * Field.TRANSFORM_ROTATION)[transform]
    values[at, Value.X], values[at, Value.Y], values[at, Value.ROTATION] = x, y, rotation
    values[at, Value.CENTRE_X], values[at, Value.CENTRE_Y] = 0.0, 0.0
    values[at, Value.SINE], values[at, Value.COSINE] = 0.0, 1.0
    if collider < 0:
        bodies.words[at, Word.CORNERS] = 0
        values[at, Value.RADIUS] = values[at, Value.REACH] = values[at, Value.DEPTH] = 0.0
        return 0.0, 1.0
    shape = words_in(table, 2 * Field.COLLIDER_SHAPE)[collider]
    scale_x = floats_in(table, 2 * Field.TRANSFORM_SCALE_X)[transform]
    scale_y = floats_in(table, 2 * Field.TRANSFORM_SCALE_Y)[transform]
    sine, cosine = 0.0, 1.0
    if shape != ShapeKind.CIRCLE:
        sine, cosine = sine_cosine(rotation)
    values[at, Value.SINE], values[at, Value.COSINE] = sine, cosine
    largest = max(abs(scale_x), abs(scale_y))
    margin = floats_in(table, 2 * Field.COLLIDER_RADIUS)[collider] * largest
    polygon = words_in(table, 2 * Field.COLLIDER_POLYGON)[collider]
    if shape == ShapeKind.POLYGON and 0 <= polygon < pool.shape[0]:
        count = put_polygon(bodies.corners, at, pool, polygon, scale_x, scale_y, (sine, cosine))
        bodies.words[at, Word.CORNERS], values[at, Value.RADIUS] = count, margin
        centre_x, centre_y = (
            pool[polygon, Polygon.CENTRE_X] * scale_x,
            pool[polygon, Polygon.CENTRE_Y] * scale_y,
        )
        values[at, Value.CENTRE_X], values[at, Value.CENTRE_Y] = centre_x, centre_y
        values[at, Value.X] = x + (cosine * centre_x - sine * centre_y)
        values[at, Value.Y] = y + (sine * centre_x + cosine * centre_y)
        area, spread = polygon_area_and_spread(pool, polygon, scale_x, scale_y)
    else:
        width = floats_in(table, 2 * Field.COLLIDER_HALF_WIDTH)[collider]
        height = floats_in(table, 2 * Field.COLLIDER_HALF_HEIGHT)[collider] * abs(scale_y)
        width *= largest if shape == ShapeKind.CIRCLE else abs(scale_x)
        area, spread = _outline(bodies, at, shape, (width, height, margin), (sine, cosine))
    count = bodies.words[at, Word.CORNERS]
    reach, depth = 0.0, 0.0
    if count > 1:
        reach, depth = reach_of(bodies.corners, at, count), depth_of(bodies.corners, at, count)
    values[at, Value.REACH] = reach + values[at, Value.RADIUS]
    values[at, Value.DEPTH] = depth + values[at, Value.RADIUS]
    return area, spread


@inlined
def _place_surface(table: Array, collider: int, tag: int, bodies: Bodies, at: int) -> float:
    """Fill flags, layers and material of a proxy; returns its density."""
    words, values = bodies.words, bodies.values
    words[at, Word.NAME] = words_in(table, 2 * Field.TAG_NAME)[tag] if tag >= 0 else 0
    if collider < 0:
        words[at, Word.LAYER], words[at, Word.MASK] = 0, 0
        return 1.0
    if words_in(table, 2 * Field.COLLIDER_SENSOR)[collider] != 0:
        words[at, Word.FLAGS] |= SENSOR
    if words_in(table, 2 * Field.COLLIDER_ONE_WAY)[collider] != 0:
        words[at, Word.FLAGS] |= ONE_WAY
    words[at, Word.LAYER] = words_in(table, 2 * Field.COLLIDER_LAYER)[collider]
    words[at, Word.MASK] = words_in(table, 2 * Field.COLLIDER_MASK)[collider]
    values[at, Value.FRICTION] = floats_in(table, 2 * Field.COLLIDER_FRICTION)[collider]
    values[at, Value.RESTITUTION] = floats_in(table, 2 * Field.COLLIDER_RESTITUTION)[collider]
    density: float = floats_in(table, 2 * Field.COLLIDER_DENSITY)[collider]
    return density


@kernel
def _tamed(speed: float) -> float:
    """Return a speed that no product of the solver takes to infinity; what is no number is 0."""
    if -FASTEST <= speed <= FASTEST:
        return speed
    if speed > 0.0:
        return FASTEST
    return -FASTEST if speed < 0.0 else 0.0


@inlined
def _place_velocity(table: Array, bodies: Bodies, at: int) -> None:
    motion, velocity = bodies.motion, bodies.words[at, Word.VELOCITY_ROW]
    motion[at, Motion.VX] = _tamed(floats_in(table, 2 * Field.VELOCITY_VX)[velocity])
    motion[at, Motion.VY] = _tamed(floats_in(table, 2 * Field.VELOCITY_VY)[velocity])
    motion[at, Motion.SPIN] = _tamed(floats_in(table, 2 * Field.VELOCITY_ANGULAR)[velocity])


@kernel
def _place_sleep(table: Array, bodies: Bodies, at: int, body: int) -> None:
    """Fill whether a body sleeps; what was moved or got a velocity wakes."""
    words, motion = bodies.words, bodies.motion
    if words_in(table, 2 * Field.BODY_CAN_SLEEP)[body] != 0:
        words[at, Word.FLAGS] |= SLEEPY
    if words_in(table, 2 * Field.BODY_SLEEPING)[body] == 0:
        return
    words[at, Word.FLAGS] |= ASLEEP
    if floats_in(table, 2 * Field.BODY_REST_TIME)[body] < 0.0:
        words[at, Word.FLAGS] |= LAID
    transform = words[at, Word.TRANSFORM_ROW]
    is_where_it_was = (
        floats_in(table, 2 * Field.TRANSFORM_X)[transform] == floats_in(table, 2 * Field.BODY_REST_X)[body]
        and floats_in(table, 2 * Field.TRANSFORM_Y)[transform]
        == floats_in(table, 2 * Field.BODY_REST_Y)[body]
        and floats_in(table, 2 * Field.TRANSFORM_ROTATION)[transform]
        == floats_in(table, 2 * Field.BODY_REST_ROTATION)[body]
    )
    is_still = (
        motion[at, Motion.VX] == 0.0 and motion[at, Motion.VY] == 0.0 and motion[at, Motion.SPIN] == 0.0
    )
    is_where_it_was = is_where_it_was or words[at, Word.FLAGS] & LAID != 0
    if not (is_where_it_was and is_still and words[at, Word.FLAGS] & SLEEPY):
        words[at, Word.FLAGS] |= WOKEN


@inlined
def _place_body(table: Array, bodies: Bodies, at: int, mass: float, spread: float) -> None:
    """Fill how a proxy moves: dynamic bodies, and what has a velocity but no body (it is never turned)."""
    words, motion, values = bodies.words, bodies.motion, bodies.values
    velocity, body = words[at, Word.VELOCITY_ROW], words[at, Word.BODY_ROW]
    for column in range(8):
        motion[at, column] = 0.0
    values[at, Value.GRAVITY_SCALE] = 0.0
    values[at, Value.DAMPING], values[at, Value.ANGULAR_DAMPING] = 0.0, 0.0
    kind = words_in(table, 2 * Field.BODY_KIND)[body] if body >= 0 else BodyKind.DYNAMIC
    if kind == BodyKind.STATIC or (kind == BodyKind.KINEMATIC and velocity < 0):
        words[at, Word.FLAGS] |= FIXED if kind == BodyKind.STATIC else 0
        return
    if velocity >= 0:
        _place_velocity(table, bodies, at)
    elif body < 0:
        return
    if kind == BodyKind.KINEMATIC:
        still = (
            motion[at, Motion.VX] == 0.0 and motion[at, Motion.VY] == 0.0 and motion[at, Motion.SPIN] == 0.0
        )
        words[at, Word.FLAGS] |= 0 if still else CARRIED
        return
    if body < 0:
        motion[at, Motion.INVERSE_MASS] = inverse_or_zero(mass)
        return
    given = floats_in(table, 2 * Field.BODY_MASS)[body]
    mass = given if given > 0.0 else mass
    motion[at, Motion.INVERSE_MASS] = inverse_or_zero(mass)
    if words_in(table, 2 * Field.BODY_FIXED_ROTATION)[body] == 0:
        motion[at, Motion.INVERSE_INERTIA] = inverse_or_zero(mass * spread)
    values[at, Value.GRAVITY_SCALE] = floats_in(table, 2 * Field.BODY_GRAVITY_SCALE)[body]
    values[at, Value.DAMPING] = floats_in(table, 2 * Field.BODY_DAMPING)[body]
    values[at, Value.ANGULAR_DAMPING] = floats_in(table, 2 * Field.BODY_ANGULAR_DAMPING)[body]
    _place_sleep(table, bodies, at, body)


@kernel
def _row(bases: Array, first: int, component: int, row: int) -> int:
    base = bases[first + component]
    return base + row if base >= 0 else -1


@kernel
def _gather_entities(table: Array, pool: Array, bodies: Bodies, indices: Array) -> int:
    chunk_of, row_of = words_in(table, WorldSlot.CHUNK), words_in(table, WorldSlot.ROW)
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    words, motion, values, numbers = bodies.words, bodies.motion, bodies.values, indices[0]
    count, sleepers, sleepy, seconds = 0, 0, 0, bodies.tick[Tick.SECONDS]
    for index in range(words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]):
        numbers[index] = -1
        if chunk_of[index] < 0:
            continue
        first, row = chunk_of[index] * components, row_of[index]
        collider = _row(bases, first, Component.COLLIDER, row)
        body = _row(bases, first, Component.BODY, row)
        transform = _row(bases, first, Component.TRANSFORM, row)
        if (collider < 0 and body < 0) or transform < 0 or bases[first + Component.UNBORN] >= 0:
            continue
        if count == values.shape[0]:
            return FULL
        words[count, Word.ENTITY] = entity_of_index(table, index)
        words[count, Word.FLAGS] = 0
        has_parent = bases[first + Component.PARENT] >= 0
        words[count, Word.FAMILY] = root_index(table, index) if has_parent else index
        words[count, Word.TRANSFORM_ROW], words[count, Word.BODY_ROW] = transform, body
        words[count, Word.VELOCITY_ROW] = _row(bases, first, Component.VELOCITY, row)
        density = _place_surface(table, collider, _row(bases, first, Component.TAG, row), bodies, count)
        area, spread = _place_shape(table, pool, transform, collider, bodies, count)
        _place_body(table, bodies, count, density * area if collider >= 0 else 1.0, spread)
        gravity = values[count, Value.GRAVITY_SCALE] * seconds * seconds
        way = (
            motion[count, Motion.VX] * seconds + bodies.tick[Tick.GRAVITY_X] * gravity,
            motion[count, Motion.VY] * seconds + bodies.tick[Tick.GRAVITY_Y] * gravity,
        )
        if words[count, Word.FLAGS] & (ASLEEP | WOKEN) == ASLEEP:
            way = (0.0, 0.0)
        words[count, Word.ISLAND], words[count, Word.JOINT] = count, -1
        sleeps = words[count, Word.FLAGS] & ASLEEP != 0
        if bound(bodies, count, way, MARGIN):
            sleepers += 1 if sleeps else 0
            sleepy += 1 if words[count, Word.FLAGS] & SLEEPY else 0
            numbers[index] = count
            count += 1
    indices[2, Count.SLEEPERS], indices[2, Count.SLEEPY] = sleepers, sleepy
    return count


@kernel
def _gather_volume(volumes: Array, volume_words: Array, volume: int, bodies: Bodies, at: int) -> None:
    values, words = bodies.values, bodies.words
    values[at, :] = 0.0
    bodies.motion[at, :] = 0.0
    values[at, Value.X], values[at, Value.Y] = volumes[volume, Volume.X], volumes[volume, Volume.Y]
    values[at, Value.ROTATION] = volumes[volume, Volume.ROTATION]
    sine, cosine = sine_cosine(volumes[volume, Volume.ROTATION])
    values[at, Value.SINE], values[at, Value.COSINE] = sine, cosine
    words[at, Word.ENTITY] = VOLUME + volume
    words[at, Word.FLAGS] = SENSOR | FIXED
    words[at, Word.FAMILY] = -1 - volume
    words[at, Word.LAYER], words[at, Word.MASK] = -1, -1
    words[at, Word.TRANSFORM_ROW], words[at, Word.VELOCITY_ROW], words[at, Word.BODY_ROW] = -1, -1, -1
    words[at, Word.ISLAND], words[at, Word.JOINT] = at, -1
    words[at, Word.NAME] = volume_words[volume, VolumeWord.NAME]
    sizes = (volumes[volume, Volume.HALF_WIDTH], volumes[volume, Volume.HALF_HEIGHT], 0.0)
    _outline(bodies, at, volume_words[volume, VolumeWord.SHAPE], sizes, (sine, cosine))
    values[at, Value.REACH] = reach_of(bodies.corners, at, words[at, Word.CORNERS]) + values[at, Value.RADIUS]


@entry(f"int64(int64[::1], float64[:,::1], {BODIES}, int64[:,::1], float64[:,::1], int64[:,::1])")
def gather(
    table: Array,
    pool: Array,
    given: Array,
    indices: Array,
    volumes: Array,
    volume_words: Array,
) -> int:
    """Fill the proxies of all born colliders and bodies and of the volumes; returns their number, or FULL.

    An AABB holds the way that its body will go in this tick. A collider whose place or size is not finite has
    no proxy.

    Args:
        pool: [n, 22] polygons.  given: see Bodies.
        indices: [3, n], gets the proxy of each entity index, or -1, in row 0.
    """
    bodies = Bodies(given[0], given[1], given[2], given[3], given[4])
    count = _gather_entities(table, pool, bodies, indices)
    if count < 0 or count + volumes.shape[0] >= bodies.values.shape[0]:  # a row is left for the ground
        return FULL
    for volume in range(volumes.shape[0]):
        _gather_volume(volumes, volume_words, volume, bodies, count)
        count += 1 if bound(bodies, count, (0.0, 0.0), MARGIN) else 0
    return count
