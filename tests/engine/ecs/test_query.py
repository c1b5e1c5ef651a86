import numpy as np
import pytest

from engine.ecs.components import Component, Field
from engine.ecs.layout import CHUNK_ROWS
from engine.ecs.query import Query
from engine.errors import MissingComponent, UnknownComponent, UnknownField, WorldChanged

pytestmark = pytest.mark.unit


def test_a_system_writes_through_views(world):
    moving = world.spawn_many(
        [Component.TRANSFORM, Component.VELOCITY], 2 * CHUNK_ROWS + 1, {Field.VELOCITY_VX: 2.0}
    )
    still = world.spawn([Component.TRANSFORM])
    for rows in Query(world, ["transform", "velocity"]):
        rows.write(Field.TRANSFORM_X)[:] += rows[Field.VELOCITY_VX]
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
    assert ranges.shape == (1, 6)
    assert ranges[0, 1:3].tolist() == [0, CHUNK_ROWS + 9]
    assert ranges[0, 5] == -1
    rows = [int(first) + i for first, count in ranges[:, [4, 2]] for i in range(count)]
    assert rows == [world.row_of(e, Component.TRANSFORM) for e in ids.tolist()]


def test_optional_components_are_none_where_they_lack(world):
    world.spawn([Component.TRANSFORM])
    world.spawn([Component.TRANSFORM, Component.BODY])
    query = Query(world, [Component.TRANSFORM], optional=[Component.BODY])
    assert [rows.optional(Field.BODY_KIND) is None for rows in query] == [True, False]
    assert [rows.has("body") for rows in query] == [False, True]
    assert query.ranges[:, -1].tolist() == [-1, 0]
    with pytest.raises(MissingComponent):
        next(iter(query))[Field.BODY_KIND]


def test_changing_the_structure_inside_the_loop_is_refused(world):
    world.spawn([Component.TRANSFORM])
    world.spawn([Component.TRANSFORM, Component.TAG])
    walk = iter(Query(world, [Component.TRANSFORM]))
    rows = next(walk)
    world.despawn(int(rows.entities[0]))
    with pytest.raises(WorldChanged):
        rows[Field.TRANSFORM_X]
    with pytest.raises(WorldChanged):
        next(walk)


def test_a_change_in_the_last_turn_of_the_loop_is_refused_too(world):
    world.spawn([Component.TRANSFORM])
    walk = iter(Query(world, [Component.TRANSFORM]))
    next(walk)
    world.spawn([Component.TAG])
    with pytest.raises(WorldChanged):
        next(walk)


def test_a_write_that_growth_would_lose_is_refused(world):
    world.spawn([Component.TRANSFORM])
    query = Query(world, [Component.TRANSFORM])
    for rows in query:
        rows.write(Field.TRANSFORM_X)[:] = 1.0
        world.queue_spawn_many([Component.TRANSFORM], 5 * CHUNK_ROWS)
    walk = iter(query)
    view = next(walk).write(Field.TRANSFORM_X)
    world.queue_spawn_many([Component.TRANSFORM], 50 * CHUNK_ROWS)
    view[:] = 2.0
    with pytest.raises(WorldChanged, match="`x` was written through a view taken before a pool grew"):
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


def test_fields_are_named_by_number_or_as_text(world):
    world.declare("wind", [("heading", "vec2", 0.5)])
    world.spawn(["wind", "transform"], {"transform.x": 3.0})
    for rows in Query(world, ["wind"]):
        assert rows["wind.heading.y"].tolist() == [0.5]
        assert rows["transform.x"].tolist() == rows[Field.TRANSFORM_X].tolist() == [3.0]
    for text in ("wind.hedding.x", "x", ""):
        with pytest.raises(UnknownField):
            world.column(text)


def test_order_is_by_archetype_then_chunk_then_row(world):
    late = world.spawn_many([Component.TRANSFORM], 2).tolist()
    tagged = world.spawn_many([Component.TRANSFORM, Component.TAG], CHUNK_ROWS + 1).tolist()
    late += world.spawn_many([Component.TRANSFORM], 2).tolist()
    walked = [entity for rows in Query(world, [Component.TRANSFORM]) for entity in rows.entities.tolist()]
    assert walked == late + tagged


def test_chunks_side_by_side_are_one_run_and_others_are_not(world):
    one, other = [Component.TRANSFORM, Component.HEALTH], [Component.TRANSFORM, Component.TAG]
    ids = [world.spawn_many(which, CHUNK_ROWS) for which in (one, other, one, one, other)]
    ids.append(world.spawn_many(one, 5))
    query = Query(world, [Component.TRANSFORM], optional=[Component.TAG])
    assert [rows.count for rows in query] == [CHUNK_ROWS, 2 * CHUNK_ROWS, 5, CHUNK_ROWS, CHUNK_ROWS]
    order = np.concatenate([ids[k] for k in (0, 2, 3, 5, 1, 4)])
    assert np.concatenate([rows.entities for rows in query]).tolist() == order.tolist()
    x = np.arange(float(order.size))
    at = 0
    for rows in query:
        rows.write(Field.TRANSFORM_X)[:] = x[at : at + rows.count]
        at += rows.count
    assert world.values_of(order, Field.TRANSFORM_X).tolist() == x.tolist()
    news = Query(world, [], changed=[Component.TRANSFORM])
    news.catch_up()
    world.mark_changed(ids[3][3:7], Component.TRANSFORM)
    assert [rows.entities.tolist() for rows in news] == [ids[3][3:7].tolist()]
