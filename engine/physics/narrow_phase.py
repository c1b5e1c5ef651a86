"""Which pairs touch, in the order of their proxies."""

from __future__ import annotations

from engine.ecs.components import ShapeKind
from engine.geometry.separation import (
    separate_aligned_boxes,
    separate_box_circle,
    separate_circles,
    separate_turned_boxes,
)
from engine.physics.layout import FIXED, LINEAR_SLOP, PUSH_TOLERANCE, Array, Depth, Value, Word
from lang.jit import entry, kernel


@kernel
def _box_and_circle(values: Array, box: int, circle: int) -> tuple[float, float, float]:
    dx = values[circle, Value.X] - values[box, Value.X]
    dy = values[circle, Value.Y] - values[box, Value.Y]
    sine, cosine = values[box, Value.SINE], values[box, Value.COSINE]
    gap, x, y = separate_box_circle(
        cosine * dx + sine * dy,
        cosine * dy - sine * dx,
        values[box, Value.HALF_WIDTH],
        values[box, Value.HALF_HEIGHT],
        values[circle, Value.HALF_WIDTH],
    )
    return gap, cosine * x - sine * y, sine * x + cosine * y


@kernel
def _two_boxes(values: Array, a: int, b: int) -> tuple[float, float, float]:
    dx, dy = values[b, Value.X] - values[a, Value.X], values[b, Value.Y] - values[a, Value.Y]
    sine, cosine = values[a, Value.SINE], values[a, Value.COSINE]
    width, height = values[a, Value.HALF_WIDTH], values[a, Value.HALF_HEIGHT]
    other_width, other_height = values[b, Value.HALF_WIDTH], values[b, Value.HALF_HEIGHT]
    if sine == values[b, Value.SINE] and cosine == values[b, Value.COSINE]:
        gap, x, y = separate_aligned_boxes(
            cosine * dx + sine * dy, cosine * dy - sine * dx, width + other_width, height + other_height
        )
        return gap, cosine * x - sine * y, sine * x + cosine * y
    other = (values[b, Value.SINE], values[b, Value.COSINE], other_width, other_height)
    return separate_turned_boxes(dx, dy, (sine, cosine, width, height), other)


@kernel
def separate(values: Array, words: Array, a: int, b: int) -> tuple[float, float, float]:
    """Return (separation in metres, normal x, normal y) of two proxies; the normal points from a to b."""
    circle_a, circle_b = words[a, Word.SHAPE] == ShapeKind.CIRCLE, words[b, Word.SHAPE] == ShapeKind.CIRCLE
    if circle_a and circle_b:
        return separate_circles(
            values[b, Value.X] - values[a, Value.X],
            values[b, Value.Y] - values[a, Value.Y],
            values[a, Value.HALF_WIDTH] + values[b, Value.HALF_WIDTH],
        )
    if circle_b:
        return _box_and_circle(values, a, b)
    if circle_a:
        gap, x, y = _box_and_circle(values, b, a)
        return gap, -x, -y
    return _two_boxes(values, a, b)


@kernel
def may_meet(words: Array, a: int, b: int) -> bool:
    """Return whether two proxies take notice of each other."""
    if words[a, Word.FLAGS] & words[b, Word.FLAGS] & FIXED:
        return False
    seen = words[a, Word.LAYER] & words[b, Word.MASK]
    return bool(seen != 0 and words[b, Word.LAYER] & words[a, Word.MASK] != 0)


@kernel
def _keep_near(values: Array, words: Array, pairs: Array, count: int) -> int:
    """Keep the pairs nearer than the slop, in place: lower proxy, higher proxy, Depth."""
    kept = 0
    for i in range(count):
        a, b = min(pairs[i, 0], pairs[i, 1]), max(pairs[i, 0], pairs[i, 1])
        if not may_meet(words, a, b):
            continue
        gap, _, _ = separate(values, words, a, b)
        if gap <= LINEAR_SLOP:
            pairs[kept, 0], pairs[kept, 1] = a, b
            pairs[kept, 2] = Depth.DEEP if gap < -LINEAR_SLOP - PUSH_TOLERANCE else Depth.TOUCHING
            if gap > 0.0:
                pairs[kept, 2] = Depth.NEAR
            kept += 1
    return kept


@kernel
def _sort_stably(given: Array, key: int, result: Array, count: int, starts: Array, proxies: int) -> None:
    """Counting sort of the rows of ``given`` [n, 3] by one of its columns."""
    starts[: proxies + 1] = 0
    for i in range(count):
        starts[given[i, key] + 1] += 1
    for proxy in range(1, proxies + 1):
        starts[proxy] += starts[proxy - 1]
    for i in range(count):
        proxy = given[i, key]
        place = starts[proxy]
        starts[proxy] = place + 1
        for column in range(3):
            result[place, column] = given[i, column]


@entry("int64(float64[:,::1], int64[:,::1], int64[:,::1], int64, int64[:,::1], int64[::1])")
def find_touching(
    values: Array, words: Array, pairs: Array, count: int, scratch: Array, starts: Array
) -> int:
    """Keep the meeting ones of ``count`` pairs at most LINEAR_SLOP apart, sorted; returns their number.

    Columns of the result: lower proxy, higher proxy, and Depth. A pair that is only near holds a
    contact that exists and begins none: so a contact does not flicker.

    Args:
        pairs: [capacity, 3].  scratch: of the same shape.  starts: at least one word more than proxies.
    """
    proxies = values.shape[0]
    near = _keep_near(values, words, pairs, count)
    _sort_stably(pairs, 1, scratch, near, starts, proxies)
    _sort_stably(scratch, 0, pairs, near, starts, proxies)
    return near
