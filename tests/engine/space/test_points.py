"""The nearest entities are those of brute force, whatever the places are, and in the same order."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.space.point_index import MOST_TEAMS
from engine.space.points import Points

pytestmark = pytest.mark.unit

TEAMS = Component.TEAM


def world_of(places: np.ndarray, teams: list[str] | None = None) -> tuple[World, list[int]]:
    world, ids = World(), []
    for number, (x, y) in enumerate(places.tolist()):
        values = {Field.TRANSFORM_X: x, Field.TRANSFORM_Y: y}
        components = [Component.TRANSFORM]
        if teams is not None and teams[number]:
            components.append(TEAMS)
            values[Field.TEAM_NAME] = teams[number]
        ids.append(world.spawn(components, values))
    return world, ids


def built(world: World) -> Points:
    points = Points(world)
    points.build()
    return points


def by_brute_force(places: np.ndarray, ids: list[int], query, radius: float = math.inf) -> list[int]:
    """All entities in reach, nearest first, then by index: the order of spawning."""
    dx, dy = places[:, 0] - query[0], places[:, 1] - query[1]
    with np.errstate(over="ignore"):
        distance = dx * dx + dy * dy
    near = [i for i in np.argsort(distance, kind="stable").tolist() if distance[i] <= radius * radius]
    return [ids[i] for i in near]


def spreads(random: np.random.Generator) -> dict[str, np.ndarray]:
    return {
        "even": random.uniform(-50.0, 50.0, (700, 2)),
        "lattice": np.array([(x, y) for x in range(25) for y in range(25)], float),  # ties everywhere
        "clusters": np.repeat(random.uniform(-1e6, 1e6, (6, 2)), 100, axis=0) + random.normal(0, 1, (600, 2)),
        "diagonal": np.repeat(random.uniform(0, 9, (500, 1)), 2, axis=1),
        "one place": np.full((300, 2), 4.0),
        "one column": np.column_stack([np.full(400, 1.0), random.uniform(0, 9, 400)]),
        "far out": np.vstack([random.uniform(0, 1, (300, 2)), [[1e300, -1e300], [-1e308, 1e308]]]),
        "one": np.zeros((1, 2)),
    }


@pytest.mark.parametrize("kind", list(spreads(np.random.default_rng(1))))
def test_the_nearest_are_those_of_brute_force(kind) -> None:
    random = np.random.default_rng(3)
    places = spreads(random)[kind]
    world, ids = world_of(places)
    points = built(world)
    queries = np.vstack([places[::7], places[::5] + random.normal(0, 0.3, places[::5].shape), [[1e6, 1e6]]])
    for count in (1, 3, 400):
        found, distances = points.nearest(queries, count)
        for query, row, gaps in zip(queries, found.tolist(), distances, strict=True):
            expected = by_brute_force(places, ids, query)[:count]
            assert row == expected + [0] * (count - len(expected))
            assert np.isinf(gaps[len(expected) :]).all()


@pytest.mark.parametrize("kind", list(spreads(np.random.default_rng(1))))
def test_those_within_a_radius_are_those_of_brute_force(kind) -> None:
    random = np.random.default_rng(4)
    places = spreads(random)[kind]
    world, ids = world_of(places)
    points = built(world)
    for query in places[:: max(len(places) // 20, 1)]:
        for radius in (0.0, 1.0, 2.0, 7.5):
            expected = by_brute_force(places, ids, query, radius)
            assert points.within(tuple(query), radius).tolist() == expected
            assert points.nearest([query], 5, radius)[0][0].tolist() == (expected + [0] * 5)[:5]


COORDINATES = st.integers(-6, 6).map(lambda number: number / 2) | st.floats(-1e9, 1e9)


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=60),
    query=st.tuples(COORDINATES, COORDINATES),
    radius=st.floats(0.0, 1e9),
)
def test_any_places(places, query, radius) -> None:
    array = np.array(places, float)
    world, ids = world_of(array)
    points = built(world)
    expected = by_brute_force(array, ids, query)
    assert points.nearest([query], len(places))[0][0].tolist() == expected
    assert points.within(query, radius).tolist() == by_brute_force(array, ids, query, radius)


@pytest.mark.parametrize("teams", [1, 3, MOST_TEAMS, MOST_TEAMS + 1, 100])
def test_teams_make_no_difference_to_who_is_nearest(teams) -> None:
    random = np.random.default_rng(teams)
    places = random.uniform(0, 20, (400, 2))
    names = [f"team {number}" if number else "" for number in random.integers(0, teams + 1, 400)]
    world, ids = world_of(places, names)
    points = built(world)
    assert len(points) == 400
    for query in random.uniform(0, 20, (50, 2)):
        assert points.nearest([query], 9)[0][0].tolist() == by_brute_force(places, ids, query)[:9]
        assert points.within(tuple(query), 3.0).tolist() == by_brute_force(places, ids, query, 3.0)


def test_who_is_gone_is_found_no_more_and_a_new_one_at_its_index_not_yet() -> None:
    world, ids = world_of(np.array([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)]))
    points = built(world)
    world.despawn(ids[0])
    new = world.spawn([Component.TRANSFORM], {Field.TRANSFORM_X: 0.0})
    assert points.nearest([(0.0, 0.0)])[0][0, 0] == ids[1]
    assert points.within((0.0, 0.0), 5.0).tolist() == ids[1:]
    points.build()
    assert points.nearest([(0.0, 0.0)])[0][0, 0] == new


def test_unborn_entities_and_those_without_a_finite_place_are_not_there() -> None:
    world, ids = world_of(np.array([(0.0, 0.0), (math.inf, 0.0), (0.0, math.nan)]))
    prefab = world.define_prefab([Component.TRANSFORM])
    unborn = world.spawn_prefab(prefab)
    points = built(world)
    assert points.within((0.0, 0.0), 1e9).tolist() == ids[:1]
    world.apply_commands()
    points.build()
    assert points.within((0.0, 0.0), 1e9).tolist() == [ids[0], unborn]


def test_an_index_is_of_its_moment() -> None:
    world, ids = world_of(np.array([(0.0, 0.0), (5.0, 0.0)]))
    points = built(world)
    world.set(ids[0], Field.TRANSFORM_X, 99.0)
    assert points.nearest([(1.0, 0.0)])[0].tolist() == [[ids[0]]]


def test_an_index_before_any_building_is_empty() -> None:
    world, _ = world_of(np.zeros((3, 2)))
    points = Points(world)
    assert points.nearest([(0.0, 0.0)])[0].tolist() == [[0]]
    assert points.within((0.0, 0.0), 1.0).tolist() == []


@pytest.mark.parametrize("places", [[(math.nan, 0.0)], [1.0, 2.0], [(1.0, 2.0, 3.0)]])
def test_bad_places_are_refused(places) -> None:
    world, _ = world_of(np.zeros((1, 2)))
    with pytest.raises(ValueError, match="two finite numbers"):
        built(world).nearest(places)


def test_bad_counts_and_radii_are_refused() -> None:
    points = built(world_of(np.zeros((1, 2)))[0])
    with pytest.raises(ValueError, match="at least one"):
        points.nearest([(0.0, 0.0)], 0)
    with pytest.raises(ValueError, match="radius"):
        points.within((0.0, 0.0), -1.0)
