"""Mass and rotational inertia of colliders: area times density, or as the body says.

Sources: the second moments of disc, rectangle and half disc of any handbook; a polygon's come with the pool.
"""

from __future__ import annotations

import math

from engine.ecs.components import ShapeKind
from engine.geometry.outlines import Polygon
from engine.physics.layout import Array
from lang.jit import kernel

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
