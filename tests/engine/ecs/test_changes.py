"""Change ticks: what counts as a write, and queries for news against a model of dictionaries."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ecs import access
from engine.ecs.components import Component, Field
from engine.ecs.hash import state_hash
from engine.ecs.layout import CHUNK_ROWS
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.errors import MissingComponent
from engine.game import Game
from engine.physics.step import PhysicsSystem

pytestmark = pytest.mark.unit

COMPONENTS = (Component.TRANSFORM, Component.HEALTH, Component.TAG)
FIELD = {
    Component.TRANSFORM: Field.TRANSFORM_X,
    Component.HEALTH: Field.HEALTH_VALUE,
    Component.TAG: Field.TAG_NAME,
}


def found(query):
    """Return what a query finds: by its rows, which must agree with its ids."""
    walked = [entity for rows in query for entity in rows.entities.tolist()]
    assert sorted(walked, key=lambda e: e & 0xFFFFFFFF) == query.entities().tolist()
    assert len(walked) == len(query)
    return walked


@pytest.fixture
def pair(world):
    """Two entities with health, and the query for changes of it, which knows of all so far."""
    ids = world.spawn_many([Component.TRANSFORM, Component.HEALTH], 2).tolist()
    query = Query(world, ["transform"], changed=["health"])
    assert found(query) == ids
    query.catch_up()
    assert found(query) == []
    return ids, query


def test_a_value_that_is_set_is_a_change_of_its_component_alone(world, pair):
    (_, other), query = pair
    moved = Query(world, [], changed=["transform"])
    moved.catch_up()
    world.set(other, Field.HEALTH_VALUE, 100.0)  # the value that it had: written is changed
    assert found(query) == [other]
    assert found(moved) == []
    query.catch_up()
    assert found(query) == []


def test_passing_values_change_untold(world, pair):
    moved = Query(world, [], changed=["transform"])
    moved.catch_up()
    world.set(pair[0][0], Field.TRANSFORM_PREVIOUS_X, 3.0)
    for rows in Query(world, ["transform"]):
        rows.write("transform.previous_y")[:] = 1.0
    assert found(moved) == []


def test_views_tell_of_writes_and_cannot_be_written_to_unless_asked_for(world, pair):
    (one, other), query = pair
    for rows in Query(world, ["health"]):
        with pytest.raises(ValueError, match="read-only"):
            rows["health.value"][0] = 3.0
        rows.optional("health.armor")
    assert found(query) == []
    for rows in Query(world, ["health"]):
        rows.put("health.value", rows.entities == other, 7.0)
    assert found(query) == [other]
    assert world.get(other, "health.value") == 7.0
    for rows in Query(world, ["health"]):
        rows.write("health.value")[:] = 5.0
    assert found(query) == [one, other]


def test_marks_stand_for_writes_to_whole_columns_and_in_kernels(world, pair):
    (one, other), query = pair
    world.mark_changed(np.array([other, 77, 2**40]), "health")
    assert found(query) == [other]
    query.catch_up()
    for rows in Query(world, ["health"]):
        rows.mark_changed("health", [0])
    assert found(query) == [one]
    query.catch_up()
    everyone = Query(world, ["transform"], optional=["health"])
    everyone.mark_changed("health")
    assert found(query) == [one, other]
    query.catch_up()
    access.mark_changed(world.table, int(Component.HEALTH), world.row_of(other, Component.HEALTH))
    assert found(query) == [other]
    with pytest.raises(MissingComponent):
        everyone.mark_changed("tag")


def test_births_and_additions_are_news_of_both_kinds(world):
    query, added = Query(world, [], changed=["health"]), Query(world, [], added=["health"])
    prefab = world.define_prefab([Component.HEALTH])
    copy, made = world.spawn_prefab(prefab), world.queue_spawn(["health"])
    world.set(made, "health.value", 3.0)
    for each in (query, added):
        assert found(each) == []
        each.catch_up()
    world.apply_commands()  # they were made before, but nobody could see them
    assert found(query) == found(added) == [copy, made]
    for each in (query, added):
        each.catch_up()
    plain = world.spawn(["tag"])
    world.add_component(plain, "health")
    world.set(copy, "health.value", 9.0)
    assert found(added) == [plain]
    assert found(query) == [copy, plain]


def test_rows_that_move_keep_their_ticks(world):
    ids = world.spawn_many(["health"], CHUNK_ROWS + 2).tolist()
    query = Query(world, [], changed=["health"])
    query.catch_up()
    world.set(ids[-1], "health.value", 1.0)
    world.despawn(ids[0])  # the last row takes its place
    assert found(query) == [ids[-1]]
    world.add_component(ids[-1], "tag")
    assert found(query) == [ids[-1]]
    world.add_component(ids[1], "tag")
    assert found(query) == [ids[-1]]


def test_runs_of_news_lead_kernels_to_the_rows(world):
    ids = world.spawn_many(["transform", "health"], 10)
    query = Query(world, ["health", "transform"], optional=["tag"], changed=["health"])
    query.catch_up()
    world.mark_changed(ids[[2, 3, 4, 8]], "health")
    rows = [world.row_of(entity, Component.TRANSFORM) for entity in ids[[2, 8]].tolist()]
    assert query.ranges[:, [1, 2, 4, 5]].tolist() == [[2, 3, rows[0], -1], [8, 1, rows[1], -1]]
    assert [rows.count for rows in query] == [3, 1]
    assert [rows["transform.x"].size for rows in query] == [3, 1]


def test_all_that_is_asked_for_must_be_news(world):
    one, other = world.spawn_many(["health", "tag"], 2).tolist()
    query = Query(world, [], changed=["health", "tag"])
    query.catch_up()
    world.set(one, "health.value", 1.0)
    world.set(other, "tag.name", "x")
    assert found(query) == []
    world.set(one, "tag.name", "y")
    assert found(query) == [one]


def test_filters_go_together(world):
    ids = world.spawn_many(["transform", "health"], 4).tolist()
    world.add_component(ids[1], "tag")
    world.add_component(ids[2], "body")
    query = Query(world, ["transform"], without=["tag"], optional=["body"], changed=["health"])
    query.catch_up()
    world.mark_changed(np.array(ids[:3]), "health")
    assert [(rows.entities.tolist(), rows.has("body")) for rows in query] == [
        ([ids[0]], False),
        ([ids[2]], True),
    ]


def test_physics_tells_what_moved(world):
    box = {Field.COLLIDER_SHAPE: 1, Field.TRANSFORM_Y: 5.0}
    body = [Component.TRANSFORM, Component.VELOCITY, Component.COLLIDER, Component.BODY]
    falling = world.spawn(body, box)
    drifting = world.spawn(["transform", "velocity"], {"velocity.vx": 1.0})
    world.spawn(["transform", "collider"], {"transform.x": 9.0})
    moved, faster = Query(world, [], changed=["transform"]), Query(world, [], changed=["velocity"])
    moved.catch_up()
    faster.catch_up()
    PhysicsSystem((0.0, -9.81)).step(world, 1.0 / 60.0)
    assert sorted(found(moved)) == [falling, drifting]
    assert found(faster) == [falling]


def test_sleep_and_waking_are_changes_of_the_body(world):
    physics = PhysicsSystem((0.0, 0.0))
    body = world.spawn([Component.TRANSFORM, Component.VELOCITY, Component.COLLIDER, Component.BODY])
    moved, slept = Query(world, [], changed=["transform"]), Query(world, [], changed=["body"])
    for _ in range(120):
        slept.catch_up()
        physics.step(world, 1.0 / 60.0)
        if found(slept):
            break
    assert world.get(body, "body.sleeping")
    moved.catch_up()
    slept.catch_up()
    physics.step(world, 1.0 / 60.0)
    assert found(moved) == found(slept) == []


def test_children_change_when_their_parent_moves_them(world):
    parent = world.spawn(["transform", "velocity"])
    child, other = world.spawn(["transform", "velocity"]), world.spawn(["transform"])
    adopted = Query(world, [], changed=["parent"])
    world.hierarchy.set_parent(child, parent)
    adopted.catch_up()
    moved, faster = Query(world, [], changed=["transform"]), Query(world, [], changed=["velocity"])
    world.hierarchy.place()
    for query in (moved, faster):
        query.catch_up()
    world.hierarchy.place()
    assert found(moved) == found(faster) == []
    world.set(parent, "velocity.vx", 1.0)
    world.set(parent, "transform.x", 2.0)
    world.hierarchy.place()
    assert sorted(found(moved)) == sorted(found(faster)) == [parent, child]
    world.hierarchy.set_parent(child, other)
    assert found(adopted) == [child]


def test_what_scripts_write_is_a_change(tmp_path):
    (tmp_path / "walk.rhai").write_text(
        "fn on_update() { if entity_id % 2 == 0 { set_position(entity_id, (1, 2)); } }"
    )
    (tmp_path / "scene.toml").write_text(
        "[[entity]]\ncount = 6\nscript = 'walk.rhai'\nsprite = { radius = 1.0 }\n"
    )
    game = Game.load(tmp_path / "scene.toml")
    query = Query(game.world, [], changed=["transform"])
    query.catch_up()
    game.step()
    assert found(query) == [entity for entity in game.world.entities().tolist() if entity % 2 == 0]
    query.catch_up()
    query = Query(game.world, [], changed=["sprite"])
    query.catch_up()
    game.step()
    assert found(query) == []


def test_change_ticks_are_no_part_of_the_state(world):
    world.spawn(["health"])
    before = state_hash(world)
    world.advance_change_tick()
    world.mark_changed(world.entities(), "health")
    assert state_hash(world) == before


def test_ticks_of_components(world):
    entity = world.spawn(["health"])
    begin = world.advance_change_tick()
    assert world.change_tick == begin + 1
    world.set(entity, "health.value", 1.0)
    assert (world.added_at(entity, "health"), world.changed_at(entity, "health")) == (begin, begin + 1)
    with pytest.raises(MissingComponent):
        world.added_at(entity, "tag")


PICK = st.integers(0, 10**6)
STEP = st.one_of(
    st.tuples(st.just("spawn"), st.sets(st.sampled_from(COMPONENTS)), st.integers(1, 300)),
    st.tuples(
        st.sampled_from(["add", "remove", "write", "mark", "queue"]), PICK, st.sampled_from(COMPONENTS)
    ),
    st.tuples(st.sampled_from(["despawn", "advance", "apply"]), PICK, PICK),
)


@dataclass
class Model:
    """Of each entity, the ticks (added, changed) of its components; and the births that wait."""

    ticks: dict[int, dict[Component, list[int]]] = field(default_factory=dict)
    unborn: dict[int, Component] = field(default_factory=dict)


def run(world: World, model: Model, step: tuple) -> None:
    kind, first, second = step
    now = world.change_tick
    if kind == "spawn":
        for entity in world.spawn_many(first, second).tolist():
            model.ticks[entity] = {c: [now, now] for c in first}
    elif kind == "queue":
        model.unborn[world.queue_spawn([second])] = second
    elif kind == "advance":
        world.advance_change_tick()
    elif kind == "apply":
        world.apply_commands()
        model.ticks |= {entity: {c: [now, now]} for entity, c in model.unborn.items()}
        model.unborn = {}
    elif model.ticks:
        run_on(world, model, kind, list(model.ticks)[first % len(model.ticks)], second)


def run_on(world: World, model: Model, kind: str, entity: int, operand: object) -> None:
    now, ticks = world.change_tick, model.ticks[entity]
    if kind == "despawn":
        doomed = [e for e in model.ticks if (e & 0xFFFFFFFF) % 3 == operand % 3]
        world.despawn_many(np.array(doomed, np.int64))
        for gone in doomed:
            del model.ticks[gone]
    elif kind == "add" and operand not in ticks:
        world.add_component(entity, operand)
        ticks[operand] = [now, now]
    elif operand not in ticks:
        return
    elif kind == "remove":
        world.remove_component(entity, operand)
        del ticks[operand]
    elif kind == "write":
        world.set(entity, FIELD[operand], "w" if operand == Component.TAG else 2.0)
        ticks[operand][1] = now
    elif kind == "mark":
        for other in Query(world, [operand]):
            other.mark_changed(operand)
        for known in model.ticks.values():
            if operand in known:
                known[operand][1] = now


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEP, max_size=30), since=st.integers(0, 6))
def test_news_are_those_of_the_model(steps: list[tuple], since: int) -> None:
    world, model = World(), Model()
    for step in steps:
        run(world, model, step)
    for entity, ticks in model.ticks.items():
        for component, (added, changed) in ticks.items():
            assert world.added_at(entity, component) == added
            assert world.changed_at(entity, component) == changed
    for component in COMPONENTS:
        for at, query in enumerate(
            (Query(world, [], added=[component]), Query(world, [], changed=[component]))
        ):
            query.since = since
            expected = {
                e for e, ticks in model.ticks.items() if component in ticks and ticks[component][at] > since
            }
            assert set(found(query)) == expected
