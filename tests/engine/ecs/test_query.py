import numpy as np
import pytest

from engine.ecs.components import Component, Field
from engine.ecs.layout import CHUNK_ROWS
from engine.ecs.query import Query
from engine.errors import MissingComponent, UnknownComponent, WorldChanged

pytestmark = pytest.mark.unit


def test_a_system_writes_through_views(world):
    moving = world.spawn_many(
        [Component.TRANSFORM, Component.VELOCITY], 2 * CHUNK_ROWS + 1, {Field.VELOCITY_VX: 2.0}
    )
    still = world.spawn([Component.TRANSFORM])
    for rows in Query(world, ["transform", "velocity"]):
        rows[Field.TRANSFORM_X][:] += rows[Field.VELOCITY_VX]
    assert {world.get(e, Field.TRANSFORM_X) for e in moving.tolist()} == {2.0}
    assert world.get(still, Field.TRANSFORM_X) == 0.0


def test_a_query_notices_new_archetypes_growth_and_removals(world):
    query = Query(world, [Component.TRANSFORM])
    assert len(query) == 0
    first = world.spawn([Component.TRANSFORM])
    world.spawn_many([Component.TRANSFORM, Component.TAG], 3 * CHUNK_ROWS)
    assert len(query) == 3 * CHUNK_ROWS + 1
    assert sum(rows.count for rows in query) == 3 * CHUNK_ROWS + 1
    world.despawn(first)
    assert len(query) == 3 * CHUNK_ROWS


def test_ranges_lead_to_the_same_rows_as_the_world(world):
    ids = world.spawn_many([Component.TRANSFORM, Component.TAG], CHUNK_ROWS + 9)
    query = Query(world, [Component.TAG, Component.TRANSFORM], optional=[Component.BODY])
    ranges = query.ranges
    assert ranges.shape == (2, 5)
    assert ranges[:, 1].tolist() == [CHUNK_ROWS, 9]
    assert ranges[:, 4].tolist() == [-1, -1]
    rows = [int(first) + i for first, count in ranges[:, [3, 1]] for i in range(count)]
    assert rows == [world.row_of(e, Component.TRANSFORM) for e in ids.tolist()]


def test_optional_components_are_none_where_they_lack(world):
    world.spawn([Component.TRANSFORM])
    world.spawn([Component.TRANSFORM, Component.BODY])
    query = Query(world, [Component.TRANSFORM], optional=[Component.BODY])
    assert [rows.optional(Field.BODY_KIND) is None for rows in query] == [True, False]
    with pytest.raises(MissingComponent):
        next(iter(query))[Field.BODY_KIND]


def test_changing_the_structure_inside_the_loop_is_refused(world):
    world.spawn([Component.TRANSFORM])
    world.spawn([Component.TRANSFORM, Component.TAG])
    walk = iter(Query(world, [Component.TRANSFORM]))
    world.despawn(int(next(walk).entities[0]))
    with pytest.raises(WorldChanged):
        next(walk)


def test_indices_rise_whatever_the_archetypes(world):
    ids = [world.spawn([Component.TRANSFORM, c]) for c in (Component.TAG, Component.BODY) * 5]
    world.despawn(ids[0])
    ids = [world.spawn([Component.TRANSFORM]), *ids[1:]]
    query = Query(world, [Component.TRANSFORM])
    assert query.indices().tolist() == list(range(10))
    assert query.entities().tolist() == ids
    assert np.concatenate([rows.indices for rows in query]).tolist() != list(range(10))


def test_an_unknown_component_is_named(world):
    with pytest.raises(UnknownComponent, match="did you mean `velocity`"):
        Query(world, ["velocty"])
