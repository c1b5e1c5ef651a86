"""A* against Dijkstra in plain Python, on random maps; sight lines; ties."""

import heapq
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ecs.world import World
from engine.tilemap.ground import Ground
from engine.tilemap.paths import sees, way_cost
from engine.tilemap.tile_map import TileMap

pytestmark = pytest.mark.unit


def ground_of(solid, cost=None, side=1.0, position=(0.0, 0.0)):
    solid = np.array(solid, bool)
    cost = np.ones(solid.shape) if cost is None else np.array(cost, float)
    return Ground(World(), TileMap((), (), (), solid, cost), side, position)


def steps(solid, row, column):
    rows, columns = solid.shape
    for dr in (-1, 0, 1):
        for dc in (-1, 0, 1):
            r, c = row + dr, column + dc
            inside = (dr or dc) and 0 <= r < rows and 0 <= c < columns
            if inside and not (solid[r, c] or solid[row, c] or solid[r, column]):
                yield r, c, math.hypot(dr, dc)


def dijkstra(solid, cost, start, goal):
    if solid[start] or solid[goal]:
        return -1.0
    best, waiting = {start: 0.0}, [(0.0, start)]
    while waiting:
        way, (row, column) = heapq.heappop(waiting)
        if (row, column) == goal:
            return way
        if way > best[row, column]:
            continue
        for r, c, length in steps(solid, row, column):
            further = way + length * (cost[row, column] + cost[r, c]) / 2
            if further < best.get((r, c), math.inf):
                best[r, c] = further
                heapq.heappush(waiting, (further, (r, c)))
    return -1.0


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_ways_cost_what_dijkstra_says_and_can_be_walked(data):
    rows, columns = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 12))
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    solid = chance.random((rows, columns)) < data.draw(st.sampled_from([0.0, 0.2, 0.4]))
    cost = chance.choice([1.0, 1.0, 2.5, 7.0], (rows, columns))
    ground = ground_of(solid, cost)
    cells = st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1))
    for _ in range(3):
        start, goal = data.draw(cells), data.draw(cells)
        numbers = (start[0] * columns + start[1], goal[0] * columns + goal[1])
        wanted = dijkstra(solid, cost, start, goal)
        assert way_cost(ground.tiles, *numbers) == pytest.approx(wanted)
        here, there = ((c + 0.5, rows - r - 0.5) for r, c in (start, goal))
        path = ground.find_path(here, there)
        assert (path is None) == (wanted < 0.0)
        if path is not None:
            assert path[-1] == there
            assert path == ground.find_path(here, there)
            check_free(solid, [here, *path])


def check_free(solid, points):
    """Walk along the lines in small steps; every place is free."""
    rows = len(solid)
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        for part in np.linspace(0.0, 1.0, 97):
            column, row = math.floor(x + (to_x - x) * part), rows - 1 - math.floor(y + (to_y - y) * part)
            assert not solid[row, column], (points, column, row)


def test_corners_are_not_cut():
    ground = ground_of([[0, 1], [0, 0]])
    assert ground.find_path((0.5, 1.5), (1.5, 0.5)) == [(0.5, 0.5), (1.5, 0.5)]
    assert ground_of([[0, 1], [1, 0]]).find_path((0.5, 1.5), (1.5, 0.5)) is None


def test_a_dear_swamp_is_walked_around_when_that_is_cheaper():
    cost = [[1, 1, 1], [1, 9, 1], [1, 1, 1]]
    path = ground_of(np.zeros((3, 3)), cost).find_path((0.5, 1.5), (2.5, 1.5))
    assert (1.5, 1.5) not in path
    assert len(path) == 2  # of the two ways around, as long as each other, always the same one


def test_open_ground_is_one_line_and_the_goal_is_exact():
    ground = ground_of(np.zeros((50, 80)), side=0.5, position=(-3.0, 2.0))
    assert ground.find_path((-2.9, 2.1), (30.2, 20.3)) == [(30.2, 20.3)]
    assert ground.find_path((0.0, 3.0), (0.0, 3.0)) == [(0.0, 3.0)]


def test_places_outside_and_senseless():
    ground = ground_of([[0, 0]])
    assert ground.find_path((0.5, 0.5), (9.0, 0.5)) is None
    assert ground.find_path((0.5, -0.5), (0.5, 0.5)) is None
    assert ground.find_path((0.5, 0.5), (1e300, 0.5)) is None
    with pytest.raises(ValueError, match="NaN"):
        ground.find_path((math.nan, 0.0), (0.0, 0.0))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 63), st.integers(0, 63))
def test_sight_is_the_same_both_ways(seed, start, goal):
    solid = np.random.default_rng(seed).random((8, 8)) < 0.2
    solid.flat[[start, goal]] = False
    tiles = ground_of(solid).tiles
    assert sees(tiles, start, goal) == sees(tiles, goal, start)
