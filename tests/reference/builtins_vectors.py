"""Built-ins of vectors (an extension)."""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import Any

from tests.reference.operators import float_divide
from tests.reference.rounding import ROUNDINGS
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
    return Vector(float_divide(x, size) for x in v) if size != 0.0 else v


@takes("dot vector vector")
def dot(v: Vector, w: Vector) -> float:
    total = 0.0
    for x, y in zip(v, w, strict=False):
        total += x * y
    return total


def by_component(function: Any) -> Any:
    """A function of vectors, of one of floats."""
    return lambda v: Vector(map(function, v))


for _name in ("floor", "ceiling", "round"):
    takes(f"{_name} vector")(by_component(ROUNDINGS[_name]))
takes("abs vector")(by_component(abs))


@takes("perpendicular vector")
def perpendicular(v: Vector) -> Vector:
    return Vector((-v[1], v[0], *v[2:]))


def paired(v: Vector, w: Vector) -> list[tuple[float, float]]:
    """Components side by side; a missing z is 0."""
    return list(zip_longest(v, w, fillvalue=0.0))


@takes("min vector vector")
def smallest(v: Vector, w: Vector) -> Vector:
    return Vector(x if x <= y else y for x, y in paired(v, w))  # noqa: FURB136 - NaN gives the second


@takes("max vector vector")
def largest(v: Vector, w: Vector) -> Vector:
    return Vector(x if x >= y else y for x, y in paired(v, w))  # noqa: FURB136


def bound(value: Any, size: int) -> Vector:
    """A bound for every component."""
    if isinstance(value, Vector):
        return Vector([*value, 0.0][:size])
    return Vector([float(value)] * size)


@takes(*(f"clamp vector {low} {high}" for low in ("vector", "number") for high in ("vector", "number")))
def clamp(v: Vector, low: Any, high: Any) -> Vector:
    return smallest(largest(v, bound(low, len(v))), bound(high, len(v)))


@takes("distance vector vector")
def distance(v: Vector, w: Vector) -> float:
    return length(Vector(x - y for x, y in paired(v, w)))


@takes("lerp vector vector number")
def lerp(v: Vector, w: Vector, t: float) -> Vector:
    return Vector(x + (y - x) * float(t) for x, y in paired(v, w))


@takes("cross vector vector")
def cross(v: Vector, w: Vector) -> Any:
    if len(v) == len(w) == 2:
        return v[0] * w[1] - v[1] * w[0]
    (a, d), (b, e), (c, f) = zip([*v, 0.0][:3], [*w, 0.0][:3], strict=True)
    return Vector((b * f - c * e, c * d - a * f, a * e - b * d))


@takes("angle vector")
def angle(v: Vector) -> float:
    return math.atan2(v[1], v[0])


@takes("rotate vector number")
def rotate(v: Vector, radians: float) -> Vector:
    c, s = math.cos(radians), math.sin(radians)
    return Vector((v[0] * c - v[1] * s, v[0] * s + v[1] * c, *v[2:]))
