import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.geometry.separation import (
    separate_aligned_boxes,
    separate_box_circle,
    separate_circles,
    separate_turned_boxes,
)

pytestmark = pytest.mark.unit
places = st.floats(-4.0, 4.0)
sizes = st.floats(0.05, 3.0)
angles = st.floats(-7.0, 7.0)


def corners(x: float, y: float, angle: float, half_width: float, half_height: float) -> np.ndarray:
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [half_width, half_height]
    return box @ turn.T + [x, y]


def gap_of_polygons(first: np.ndarray, second: np.ndarray) -> float:
    best = -math.inf
    for polygon in (first, second):
        for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            normal = np.array([(end - start)[1], -(end - start)[0]]) / np.linalg.norm(end - start)
            other = second if polygon is first else first
            best = max(best, float((other @ normal).min() - (polygon @ normal).max()))
    return best


def distance_to_outline(point: np.ndarray, polygon: np.ndarray) -> float:
    nearest = math.inf
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        edge = end - start
        along = min(max(float((point - start) @ edge / (edge @ edge)), 0.0), 1.0)
        nearest = min(nearest, float(np.linalg.norm(start + along * edge - point)))
    return nearest


@given(places, places, sizes, sizes)
@settings(deadline=None)
def test_circles(dx: float, dy: float, radius: float, other: float) -> None:
    gap, x, y = separate_circles(dx, dy, radius + other)
    assert gap == pytest.approx(math.hypot(dx, dy) - radius - other)
    assert math.hypot(x, y) == pytest.approx(1.0)
    assert x * dx + y * dy == pytest.approx(math.hypot(dx, dy))


def test_circles_on_one_spot_are_parted_along_x() -> None:
    assert separate_circles(0.0, 0.0, 1.5) == (-1.5, 1.0, 0.0)


@given(places, places, sizes, sizes, sizes)
@settings(deadline=None)
def test_box_and_circle(x: float, y: float, half_width: float, half_height: float, radius: float) -> None:
    gap, normal_x, normal_y = separate_box_circle(x, y, half_width, half_height, radius)
    outline = distance_to_outline(np.array([x, y]), corners(0, 0, 0, half_width, half_height))
    inside = abs(x) <= half_width and abs(y) <= half_height
    assert gap == pytest.approx((-outline if inside else outline) - radius, abs=1e-9)
    assert math.hypot(normal_x, normal_y) == pytest.approx(1.0)
    parted = separate_box_circle(x - normal_x * gap, y - normal_y * gap, half_width, half_height, radius)
    assert parted[0] == pytest.approx(0.0, abs=1e-9)


@given(places, places, angles, angles, st.tuples(sizes, sizes, sizes, sizes))
@settings(deadline=None)
def test_turned_boxes(
    x: float, y: float, angle: float, other_angle: float, halves: tuple[float, float, float, float]
) -> None:
    w, h, other_w, other_h = halves
    first = (math.sin(angle), math.cos(angle), w, h)
    second = (math.sin(other_angle), math.cos(other_angle), other_w, other_h)
    gap, normal_x, normal_y = separate_turned_boxes(x, y, first, second)
    polygons = corners(0, 0, angle, w, h), corners(x, y, other_angle, other_w, other_h)
    assert gap == pytest.approx(gap_of_polygons(*polygons), abs=1e-9)
    assert math.hypot(normal_x, normal_y) == pytest.approx(1.0)
    if gap < 0.0:
        parted = gap_of_polygons(polygons[0], polygons[1] - np.array([normal_x, normal_y]) * gap)
        assert parted == pytest.approx(0.0, abs=1e-9)


@given(places, places, sizes, sizes, sizes, sizes)
@settings(deadline=None)
def test_boxes_with_parallel_axes(
    x: float, y: float, w: float, h: float, other_w: float, other_h: float
) -> None:
    gap, normal_x, normal_y = separate_aligned_boxes(x, y, w + other_w, h + other_h)
    polygons = corners(0, 0, 0, w, h), corners(x, y, 0, other_w, other_h)
    assert gap == pytest.approx(gap_of_polygons(*polygons), abs=1e-9)
    if gap < 0.0:
        parted = gap_of_polygons(polygons[0], polygons[1] - np.array([normal_x, normal_y]) * gap)
        assert parted == pytest.approx(0.0, abs=1e-9)
