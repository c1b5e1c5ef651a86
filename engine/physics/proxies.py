"""Gathers the colliders of a world into proxies, and writes what contacts changed back to the columns."""

from __future__ import annotations

import math

from engine.ecs.access import entity_of_index
from engine.ecs.components import BodyKind, Component, Field, ShapeKind
from engine.ecs.layout import FULL, Counter, WorldSlot
from engine.geometry.rotation import sine_cosine
from engine.physics.layout import FIXED, LINEAR_SLOP, SENSOR, VOLUME, Array, Value, Volume, VolumeWord, Word
from lang.jit import entry, floats_in, kernel, words_in


@kernel
def _bound(values: Array, words: Array, at: int) -> bool:
    """Fill the AABB of a proxy; returns whether its numbers are finite."""
    width, height = values[at, Value.HALF_WIDTH], values[at, Value.HALF_HEIGHT]
    reach_x, reach_y = width, height
    if words[at, Word.SHAPE] != ShapeKind.CIRCLE:
        sine, cosine = abs(values[at, Value.SINE]), abs(values[at, Value.COSINE])
        reach_x, reach_y = cosine * width + sine * height, sine * width + cosine * height
    x, y = values[at, Value.X], values[at, Value.Y]
    values[at, Value.MIN_X], values[at, Value.MAX_X] = x - reach_x - LINEAR_SLOP, x + reach_x + LINEAR_SLOP
    values[at, Value.MIN_Y], values[at, Value.MAX_Y] = y - reach_y - LINEAR_SLOP, y + reach_y + LINEAR_SLOP
    return math.isfinite(values[at, Value.MAX_X] - values[at, Value.MIN_X]) and math.isfinite(
        values[at, Value.MAX_Y] - values[at, Value.MIN_Y]
    )


@kernel
def _place_shape(table: Array, transform: int, collider: int, values: Array, words: Array, at: int) -> None:
    shape = words_in(table, 2 * Field.COLLIDER_SHAPE)[collider]
    scale_x = abs(floats_in(table, 2 * Field.TRANSFORM_SCALE_X)[transform])
    scale_y = abs(floats_in(table, 2 * Field.TRANSFORM_SCALE_Y)[transform])
    width = floats_in(table, 2 * Field.COLLIDER_HALF_WIDTH)[collider] * scale_x
    height = floats_in(table, 2 * Field.COLLIDER_HALF_HEIGHT)[collider] * scale_y
    sine, cosine = 0.0, 1.0
    if shape == ShapeKind.CIRCLE:
        width = floats_in(table, 2 * Field.COLLIDER_HALF_WIDTH)[collider] * max(scale_x, scale_y)
        height = width
    else:
        sine, cosine = sine_cosine(floats_in(table, 2 * Field.TRANSFORM_ROTATION)[transform])
    words[at, Word.SHAPE] = shape
    values[at, Value.X] = floats_in(table, 2 * Field.TRANSFORM_X)[transform]
    values[at, Value.Y] = floats_in(table, 2 * Field.TRANSFORM_Y)[transform]
    values[at, Value.SINE], values[at, Value.COSINE] = sine, cosine
    values[at, Value.HALF_WIDTH], values[at, Value.HALF_HEIGHT] = width, height


@kernel
def _place_body(table: Array, velocity: int, body: int, values: Array, words: Array, at: int) -> None:
    """Fill in how contacts move a proxy: dynamic bodies, and what has a velocity but no body."""
    kind = words_in(table, 2 * Field.BODY_KIND)[body] if body >= 0 else BodyKind.DYNAMIC
    movable = kind == BodyKind.DYNAMIC and (body >= 0 or velocity >= 0)
    values[at, Value.INVERSE_MASS] = 1.0 if movable else 0.0
    values[at, Value.VX], values[at, Value.VY] = 0.0, 0.0
    words[at, Word.VELOCITY_ROW] = velocity
    if body >= 0 and kind == BodyKind.STATIC:
        words[at, Word.FLAGS] |= FIXED
    elif velocity >= 0:
        values[at, Value.VX] = floats_in(table, 2 * Field.VELOCITY_VX)[velocity]
        values[at, Value.VY] = floats_in(table, 2 * Field.VELOCITY_VY)[velocity]


@kernel
def _row(bases: Array, first: int, component: int, row: int) -> int:
    base = bases[first + component]
    return base + row if base >= 0 else -1


@kernel
def _gather_entities(table: Array, values: Array, words: Array) -> int:
    chunk_of, row_of = words_in(table, WorldSlot.CHUNK), words_in(table, WorldSlot.ROW)
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    count = 0
    for index in range(words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]):
        if chunk_of[index] < 0:
            continue
        first, row = chunk_of[index] * components, row_of[index]
        collider = _row(bases, first, Component.COLLIDER, row)
        transform = _row(bases, first, Component.TRANSFORM, row)
        if collider < 0 or transform < 0 or bases[first + Component.UNBORN] >= 0:
            continue
        if count == values.shape[0]:
            return FULL
        tag = _row(bases, first, Component.TAG, row)
        words[count, Word.ENTITY] = entity_of_index(table, index)
        words[count, Word.FLAGS] = SENSOR if words_in(table, 2 * Field.COLLIDER_SENSOR)[collider] != 0 else 0
        words[count, Word.LAYER] = words_in(table, 2 * Field.COLLIDER_LAYER)[collider]
        words[count, Word.MASK] = words_in(table, 2 * Field.COLLIDER_MASK)[collider]
        words[count, Word.TRANSFORM_ROW] = transform
        words[count, Word.NAME] = words_in(table, 2 * Field.TAG_NAME)[tag] if tag >= 0 else 0
        _place_shape(table, transform, collider, values, words, count)
        velocity, body = _row(bases, first, Component.VELOCITY, row), _row(bases, first, Component.BODY, row)
        _place_body(table, velocity, body, values, words, count)
        count += 1 if _bound(values, words, count) else 0
    return count


@kernel
def _gather_volume(
    volumes: Array, volume_words: Array, volume: int, values: Array, words: Array, at: int
) -> None:
    values[at, Value.X], values[at, Value.Y] = volumes[volume, Volume.X], volumes[volume, Volume.Y]
    values[at, Value.SINE], values[at, Value.COSINE] = sine_cosine(volumes[volume, Volume.ROTATION])
    values[at, Value.HALF_WIDTH] = volumes[volume, Volume.HALF_WIDTH]
    values[at, Value.HALF_HEIGHT] = volumes[volume, Volume.HALF_HEIGHT]
    values[at, Value.VX], values[at, Value.VY], values[at, Value.INVERSE_MASS] = 0.0, 0.0, 0.0
    words[at, Word.ENTITY] = VOLUME + volume
    words[at, Word.SHAPE] = volume_words[volume, VolumeWord.SHAPE]
    words[at, Word.FLAGS] = SENSOR | FIXED
    words[at, Word.LAYER], words[at, Word.MASK] = -1, -1
    words[at, Word.TRANSFORM_ROW], words[at, Word.VELOCITY_ROW] = -1, -1
    words[at, Word.NAME] = volume_words[volume, VolumeWord.NAME]


@entry("int64(int64[::1], float64[:,::1], int64[:,::1], float64[:,::1], int64[:,::1])")
def gather(table: Array, volumes: Array, volume_words: Array, values: Array, words: Array) -> int:
    """Fill the proxies of all born colliders and of the volumes; returns their number, or FULL.

    A collider whose place or size is not finite has no proxy.
    """
    count = _gather_entities(table, values, words)
    if count < 0 or count + volumes.shape[0] > values.shape[0]:
        return FULL
    for volume in range(volumes.shape[0]):
        _gather_volume(volumes, volume_words, volume, values, words, count)
        count += 1 if _bound(values, words, count) else 0
    return count


@entry("void(int64[::1], float64[:,::1], int64[:,::1])")
def write_back(table: Array, values: Array, words: Array) -> None:
    """Write place and velocity of the movable proxies to the world's columns."""
    x, y = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
    vx, vy = floats_in(table, 2 * Field.VELOCITY_VX), floats_in(table, 2 * Field.VELOCITY_VY)
    for at in range(values.shape[0]):
        if values[at, Value.INVERSE_MASS] == 0.0:
            continue
        transform, velocity = words[at, Word.TRANSFORM_ROW], words[at, Word.VELOCITY_ROW]
        x[transform], y[transform] = values[at, Value.X], values[at, Value.Y]
        if velocity >= 0:
            vx[velocity], vy[velocity] = values[at, Value.VX], values[at, Value.VY]
