"""Movement of entities by their velocity: semi-implicit Euler.

Velocity changes first and position follows with the new one. An entity needs no collider to move.
"""

from __future__ import annotations

import math

from engine.ecs.components import BodyKind, Component, Field
from engine.ecs.layout import Counter, WorldSlot
from engine.physics.layout import Array
from lang.jit import entry, floats_in, kernel, words_in


@kernel
def _accelerate(table: Array, body: int, velocity: int, gain_x: float, gain_y: float) -> bool:
    """Add gravity's gain to a dynamic body's velocity; returns whether the body moves at all."""
    if body < 0:
        return True
    kind = words_in(table, 2 * Field.BODY_KIND)[body]
    if kind == BodyKind.DYNAMIC:
        scale = floats_in(table, 2 * Field.BODY_GRAVITY_SCALE)[body]
        floats_in(table, 2 * Field.VELOCITY_VX)[velocity] += scale * gain_x
        floats_in(table, 2 * Field.VELOCITY_VY)[velocity] += scale * gain_y
    return bool(kind != BodyKind.STATIC)


@kernel
def _displace(table: Array, transform: int, velocity: int, seconds: float) -> None:
    xs, ys = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
    x = xs[transform] + floats_in(table, 2 * Field.VELOCITY_VX)[velocity] * seconds
    y = ys[transform] + floats_in(table, 2 * Field.VELOCITY_VY)[velocity] * seconds
    if math.isfinite(x) and math.isfinite(y):  # whoever reaches the end of the numbers stays there
        xs[transform], ys[transform] = x, y
    turn = floats_in(table, 2 * Field.VELOCITY_ANGULAR)[velocity] * seconds
    if turn != 0.0:
        floats_in(table, 2 * Field.TRANSFORM_ROTATION)[transform] += turn


@entry("void(int64[::1], float64, float64, float64)")
def integrate(table: Array, gravity_x: float, gravity_y: float, seconds: float) -> None:
    """Move every born entity that has a velocity (and no static body) over a time.

    Args:
        table: the world's address table.  gravity_x, gravity_y: m/s², for dynamic bodies.
    """
    chunk_of, row_of = words_in(table, WorldSlot.CHUNK), words_in(table, WorldSlot.ROW)
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    for index in range(words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]):
        if chunk_of[index] < 0:
            continue
        first = chunk_of[index] * components
        velocity, transform = bases[first + Component.VELOCITY], bases[first + Component.TRANSFORM]
        if velocity < 0 or transform < 0 or bases[first + Component.UNBORN] >= 0:
            continue
        row, body = row_of[index], bases[first + Component.BODY]
        body = body if body < 0 else body + row
        if _accelerate(table, body, velocity + row, gravity_x * seconds, gravity_y * seconds):
            _displace(table, transform + row, velocity + row, seconds)
