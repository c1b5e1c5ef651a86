"""Mass and rotational inertia of colliders: area times density, or as the body says.

Sources: the second moments of disc, rectangle and half disc of any handbook; a polygon's come with the pool.
"""

from __future__ import annotations

import math

from engine.ecs.access import component_row
from engine.ecs.components import BodyKind, Component, Field, ShapeKind
from engine.geometry.outlines import Polygon
from engine.physics.layout import Array
from lang.jit import entry, floats_in, kernel, words_in

HALF_DISC_CENTRE = 4.0 / (3.0 * math.pi)
"""Distance of a half disc's centre of mass from the disc's, in radii."""


@kernel
def area_and_spread(shape: int, width: float, height: float, radius: float) -> tuple[float, float]:
    """Return (area in m², inertia of 1 kg in kg m²) of a circle, box or capsule.

    Args:
        width, height: half sides in metres; of a capsule, half of its straight part and 0.
        radius: of the circle, of the capsule's ends, or of the margin around a box, which widens it.
    """
    if shape == ShapeKind.CIRCLE:
        return math.pi * radius * radius, radius * radius / 2.0
    if shape == ShapeKind.CAPSULE:
        disc, straight = math.pi * radius * radius, 4.0 * width * radius
        middle = HALF_DISC_CENTRE * radius
        of_disc = radius * radius / 2.0 + width * width + 2.0 * width * middle
        of_straight = (width * width + radius * radius) / 3.0
        area = disc + straight
        return area, (disc * of_disc + straight * of_straight) / area if area > 0.0 else 0.0
    width, height = width + radius, height + radius
    return 4.0 * width * height, (width * width + height * height) / 3.0


@kernel
def polygon_area_and_spread(pool: Array, polygon: int, scale_x: float, scale_y: float) -> tuple[float, float]:
    """Return (area in m², inertia of 1 kg in kg m²) of a scaled polygon of the pool, without its margin."""
    area = pool[polygon, Polygon.AREA] * abs(scale_x * scale_y)
    x = pool[polygon, Polygon.SPREAD_X] * scale_x * scale_x
    return area, x + pool[polygon, Polygon.SPREAD_Y] * scale_y * scale_y


@kernel
def inverse_or_zero(value: float) -> float:
    """Return 1 / value, or 0 for what is not a positive finite number: such a body cannot be moved."""
    if value > 0.0 and math.isfinite(value):
        inverse = 1.0 / value
        return inverse if math.isfinite(inverse) else 0.0
    return 0.0


@kernel
def inverse_mass_of(table: Array, pool: Array, index: int) -> float:
    """Return 1/mass in 1/kg of the dynamic body of the entity at an index, as `proxies.gather` has it.

    -1 for what has no dynamic body that moves. Args: pool: [n, 22] polygons.
    """
    body, collider = (
        component_row(table, index, Component.BODY),
        component_row(table, index, Component.COLLIDER),
    )
    transform = component_row(table, index, Component.TRANSFORM)
    if body < 0 or transform < 0 or component_row(table, index, Component.VELOCITY) < 0:
        return -1.0
    if words_in(table, 2 * Field.BODY_KIND)[body] != BodyKind.DYNAMIC:
        return -1.0
    given = floats_in(table, 2 * Field.BODY_MASS)[body]
    if given > 0.0:
        return inverse_or_zero(given)
    if collider < 0:
        return 1.0
    shape = words_in(table, 2 * Field.COLLIDER_SHAPE)[collider]
    scale_x = abs(floats_in(table, 2 * Field.TRANSFORM_SCALE_X)[transform])
    scale_y = abs(floats_in(table, 2 * Field.TRANSFORM_SCALE_Y)[transform])
    largest = max(scale_x, scale_y)
    width = floats_in(table, 2 * Field.COLLIDER_HALF_WIDTH)[collider]
    height = floats_in(table, 2 * Field.COLLIDER_HALF_HEIGHT)[collider] * scale_y
    width *= largest if shape == ShapeKind.CIRCLE else scale_x
    polygon = words_in(table, 2 * Field.COLLIDER_POLYGON)[collider]
    if shape == ShapeKind.POLYGON and 0 <= polygon < pool.shape[0]:
        area, _ = polygon_area_and_spread(pool, polygon, scale_x, scale_y)
    elif shape == ShapeKind.CIRCLE:
        area, _ = area_and_spread(shape, 0.0, 0.0, width)
    elif shape == ShapeKind.CAPSULE:
        radius = min(width, height)
        area, _ = area_and_spread(shape, max(width, height) - radius, 0.0, radius)
    else:
        margin = floats_in(table, 2 * Field.COLLIDER_RADIUS)[collider] * largest
        area, _ = area_and_spread(ShapeKind.BOX, width, height, margin)
    return inverse_or_zero(area * floats_in(table, 2 * Field.COLLIDER_DENSITY)[collider])


@entry("float64(int64[::1], float64[:,::1], int64)")
def ask_inverse_mass(table: Array, pool: Array, index: int) -> float:
    """Do `inverse_mass_of` for Python."""
    return inverse_mass_of(table, pool, index)
