"""Gaps and manifolds of convex outlines against what sampling and formulas find."""

import math

import numpy as np
import pytest

from engine.geometry.closest import Pair, gap_and_normal
from engine.geometry.manifold import GAP_1, GAP_2, X_1, meet
from engine.geometry.outlines import (
    ROW,
    Polygon,
    is_convex,
    polygon_row,
    put_box,
    put_capsule,
    put_polygon,
)
from lang.jit import entry

pytestmark = pytest.mark.unit

SHAPES = ("circle", "box", "capsule", "triangle", "octagon")
POLYGONS = {
    "triangle": [(-0.7, -0.4), (0.8, -0.3), (0.1, 0.9)],
    "octagon": [(math.cos(k * math.pi / 4 + 0.1), 0.7 * math.sin(k * math.pi / 4 + 0.1)) for k in range(8)],
}


@entry("float64(float64[:,::1], int64[::1], float64[::1], float64[::1])")
def gap_of(corners, counts, numbers, out):
    """Ask for the gap of rows 0 and 1: counts, and (radius a, radius b, dx, dy)."""
    pair = Pair(0, 1, counts[0], counts[1], numbers[0], numbers[1], numbers[2], numbers[3])
    gap, out[0], out[1] = gap_and_normal(corners, pair)
    return gap


@entry("int64(float64[:,::1], int64[::1], float64[::1], float64, float64[:,::1])")
def meet_of(corners, counts, numbers, margin, out):
    """Ask for the manifold of rows 0 and 1; ids go to the row after it."""
    pair = Pair(0, 1, counts[0], counts[1], numbers[0], numbers[1], numbers[2], numbers[3])
    points, one, two = meet(corners, pair, margin, out, 0)
    out[1, 0], out[1, 1] = float(one), float(two)
    return points


@entry("int64(float64[:,::1], int64, int64, float64[:,::1], float64, float64)")
def outline(corners, at, kind, pool, sine, cosine):
    """Write a shape by its number in SHAPES into a row; returns its corners."""
    if kind == 0:
        corners[at, 0], corners[at, 1] = 0.0, 0.0
        return 1
    if kind == 1:
        put_box(corners, at, 0.8, 0.5, (sine, cosine))
        return 4
    if kind == 2:
        put_capsule(corners, at, 0.6, 0.0, (sine, cosine))
        return 2
    return put_polygon(corners, at, pool, kind - 3, 1.0, 1.0, (sine, cosine))


POOL = np.array([polygon_row(points) for points in POLYGONS.values()])
RADII = {"circle": 0.5, "capsule": 0.3}


def scene(first, second, way, angles, radii=None):
    """Two shapes as arrays for the kernels."""
    corners, counts = np.zeros((2, ROW)), np.zeros(2, np.int64)
    for at, (name, angle) in enumerate(zip((first, second), angles, strict=True)):
        counts[at] = outline(corners, at, SHAPES.index(name), POOL, math.sin(angle), math.cos(angle))
    sizes = [RADII.get(first, 0.0), RADII.get(second, 0.0)] if radii is None else radii
    return corners, counts, np.array([*sizes, *way])


def border(corners, at, count, per_edge=400):
    points = corners[at, : 2 * count].reshape(-1, 2)
    parts = np.linspace(0.0, 1.0, per_edge)[:, None]
    edges = [a + parts * (b - a) for a, b in zip(points, np.roll(points, -1, axis=0), strict=True)]
    return np.vstack(edges)


def sampled_gap(corners, counts, numbers):
    a = border(corners, 0, counts[0])
    b = border(corners, 1, counts[1]) + numbers[2:]
    return min(np.hypot(*(b - point).T).min() for point in a) - numbers[0] - numbers[1]


@pytest.mark.parametrize("first", SHAPES)
@pytest.mark.parametrize("second", SHAPES)
def test_gaps_are_those_of_sampled_borders(first, second) -> None:
    random = np.random.default_rng(5)
    out = np.zeros(2)
    for _ in range(6):
        turn = random.uniform(0.0, 2.0 * math.pi)
        way = 3.2 * np.array([math.cos(turn), math.sin(turn)])
        arrays = scene(first, second, way, random.uniform(0.0, 6.0, 2))
        assert gap_of(*arrays, out) == pytest.approx(sampled_gap(*arrays), abs=0.01)
        assert math.hypot(*out) == pytest.approx(1.0)


@pytest.mark.parametrize("first", SHAPES)
@pytest.mark.parametrize("second", SHAPES)
def test_moving_by_the_gap_makes_shapes_touch(first, second) -> None:
    """Overlapping or apart: moved along the normal by minus the gap, they touch."""
    random = np.random.default_rng(9)
    out, again = np.zeros(2), np.zeros(2)
    for length in (0.2, 0.6, 1.1, 2.0, 3.0):
        turn = random.uniform(0.0, 2.0 * math.pi)
        corners, counts, numbers = scene(
            first, second, (length * math.cos(turn), length * math.sin(turn)), random.uniform(0.0, 6.0, 2)
        )
        gap = gap_of(corners, counts, numbers, out)
        numbers[2:] -= gap * out
        assert gap_of(corners, counts, numbers, again) == pytest.approx(0.0, abs=2e-3)


@pytest.mark.parametrize("first", SHAPES)
@pytest.mark.parametrize("second", SHAPES)
def test_manifolds_have_the_gap_and_are_the_same_from_the_other_side(first, second) -> None:
    random = np.random.default_rng(3)
    for length in np.linspace(0.5, 1.9, 12):
        turn = random.uniform(0.0, 2.0 * math.pi)
        way = length * np.array([math.cos(turn), math.sin(turn)])
        angles = random.uniform(0.0, 6.0, 2)
        arrays = scene(first, second, way, angles)
        gap = gap_of(*arrays, np.zeros(2))
        out = np.zeros((2, 10))
        points = meet_of(*arrays, 0.02, out)
        assert (points > 0) == (gap <= 0.02)
        if points == 0:
            continue
        lowest = min(out[0, GAP_1], out[0, GAP_2]) if points == 2 else out[0, GAP_1]
        assert lowest == pytest.approx(gap, abs=1e-3)
        back = np.zeros((2, 10))
        assert meet_of(*scene(second, first, -way, angles[::-1]), 0.02, back) == points
        assert back[0, :2] == pytest.approx(-out[0, :2], abs=1e-9) or abs(gap) > 0.3


def test_a_box_on_a_box_meets_at_two_corners_with_lasting_ids() -> None:
    names = set()
    for tilt in (-1e-3, -1e-5, 0.0, 1e-5, 1e-3):
        out = np.zeros((2, 10))
        assert meet_of(*scene("box", "box", (0.3, 0.999), (0.0, tilt)), 0.02, out) == 2
        names.add(frozenset(out[1, :2].tolist()))
        xs = sorted([out[0, X_1], out[0, X_1 + 3]])
        assert xs == pytest.approx([-0.5, 0.8], abs=2e-3)
    assert len(names) == 1


def test_polygons_know_area_centre_and_spread() -> None:
    row = polygon_row([(2.0, 1.0), (2.0, 3.0), (5.0, 3.0), (5.0, 1.0)])
    assert row[: Polygon.CORNERS] == pytest.approx([4, 6.0, 3.5, 2.0, 9.0 / 12.0, 4.0 / 12.0])
    corners = row[Polygon.CORNERS :][:8].reshape(4, 2)
    assert is_convex([tuple(corner) for corner in corners])


@pytest.mark.parametrize(
    "points",
    [
        [(0, 0), (1, 0)],
        [(0, 0), (1, 0), (2, 0)],
        [(0, 0), (1, 0), (1, 1), (0.5, 0.2)],
        [(0, 0), (1, 1), (1, 0), (0, 1)],
        [(0, 0), (1, 0), (1, 0), (0, 1)],
        [(math.cos(k), math.sin(k)) for k in np.linspace(0, 6, 9)],
    ],
)
def test_what_is_no_convex_polygon_is_refused(points) -> None:
    with pytest.raises(ValueError, match="polygon"):
        polygon_row(points)
