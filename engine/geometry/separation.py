"""How far two circles or boxes are apart, and which way to push them.

Every function returns (separation, normal x, normal y): metres, negative when they overlap, and a unit
vector from the first to the second. A shape is (x, y, half_width, half_height) in metres with the sine and
cosine of its rotation; a circle's half width is its radius.
"""

from __future__ import annotations

import math

from lang.jit import kernel


@kernel
def separate_circles(dx: float, dy: float, radii: float) -> tuple[float, float, float]:
    """Separate two circles whose centres are (dx, dy) apart; of two equal centres the second goes right."""
    squared = dx * dx + dy * dy
    if squared == 0.0:
        return -radii, 1.0, 0.0
    distance = math.sqrt(squared)
    return distance - radii, dx / distance, dy / distance


@kernel
def separate_box_circle(
    x: float, y: float, half_width: float, half_height: float, radius: float
) -> tuple[float, float, float]:
    """Separate a box around the origin from a circle at (x, y), in the frame of the box."""
    nearest_x = min(max(x, -half_width), half_width)
    nearest_y = min(max(y, -half_height), half_height)
    dx, dy = x - nearest_x, y - nearest_y
    squared = dx * dx + dy * dy
    if squared > 0.0:
        distance = math.sqrt(squared)
        return distance - radius, dx / distance, dy / distance
    past_x, past_y = abs(x) - half_width, abs(y) - half_height
    if past_x > past_y:
        return past_x - radius, math.copysign(1.0, x), 0.0
    return past_y - radius, 0.0, math.copysign(1.0, y)


@kernel
def separate_aligned_boxes(
    dx: float, dy: float, half_widths: float, half_heights: float
) -> tuple[float, float, float]:
    """Separate two boxes with parallel axes, (dx, dy) apart in their frame; sizes are sums of both."""
    gap_x, gap_y = abs(dx) - half_widths, abs(dy) - half_heights
    if gap_x > gap_y:
        return gap_x, math.copysign(1.0, dx), 0.0
    return gap_y, 0.0, math.copysign(1.0, dy)


@kernel
def _gap_along(
    axis_x: float,
    axis_y: float,
    distance: float,
    width_x: float,
    width_y: float,
    height_x: float,
    height_y: float,
) -> float:
    """Return the gap on an axis between two boxes, one aligned with it and one with these half edges."""
    reach = abs(axis_x * width_x + axis_y * width_y) + abs(axis_x * height_x + axis_y * height_y)
    return abs(distance) - reach


@kernel
def separate_turned_boxes(
    dx: float,
    dy: float,
    first: tuple[float, float, float, float],
    second: tuple[float, float, float, float],
) -> tuple[float, float, float]:
    """Separate two boxes (sine, cosine, half width, half height) with centres (dx, dy) apart.

    Source: Ericson, Real-Time Collision Detection (2005), section 4.4.1 (separating axes).
    """
    best, normal_x, normal_y = -math.inf, 0.0, 0.0
    for index in range(4):
        sine, cosine, half_width, half_height = first if index < 2 else second
        other_sine, other_cosine, other_width, other_height = second if index < 2 else first
        axis_x, axis_y, extent = cosine, sine, half_width
        if index & 1:
            axis_x, axis_y, extent = -sine, cosine, half_height
        distance = dx * axis_x + dy * axis_y
        gap = (
            _gap_along(
                axis_x,
                axis_y,
                distance,
                other_cosine * other_width,
                other_sine * other_width,
                -other_sine * other_height,
                other_cosine * other_height,
            )
            - extent
        )
        if gap > best:
            sign = math.copysign(1.0, distance)
            best, normal_x, normal_y = gap, sign * axis_x, sign * axis_y
    return best, normal_x, normal_y
