"""Built-ins of vectors (an extension)."""

from __future__ import annotations

import math

from tests.reference.operators import float_divide
from tests.reference.signatures import Table
from tests.reference.values import Vector

TABLE = Table()
takes = TABLE.takes


def squared(v: Vector) -> float:
    """The length times itself."""
    total = 0.0
    for x in v:
        total += x * x
    return total


@takes("length vector")
def length(v: Vector) -> float:
    return math.sqrt(squared(v))


@takes("length_squared vector")
def length_squared(v: Vector) -> float:
    return squared(v)


@takes("normalize vector")
def normalize(v: Vector) -> Vector:
    size = math.sqrt(squared(v))
    return Vector(float_divide(x, size) for x in v) if size > 0.0 else v


@takes("dot vector vector")
def dot(v: Vector, w: Vector) -> float:
    total = 0.0
    for x, y in zip(v, w, strict=False):
        total += x * y
    return total


@takes("floor vector")
def floor(v: Vector) -> Vector:
    return Vector(float(math.floor(x)) if math.isfinite(x) else x for x in v)


@takes("perpendicular vec2")
def perpendicular(v: Vector) -> Vector:
    return Vector((-v[1], v[0]))
