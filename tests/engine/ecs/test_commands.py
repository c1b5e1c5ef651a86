import numpy as np
import pytest

from engine.ecs.collect import collect_strings
from engine.ecs.components import Component, Field
from engine.ecs.hash import state_hash
from engine.ecs.layout import CHUNK_ROWS, COMMAND_WORDS, Command, Counter, WorldSlot
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.errors import MissingComponent

pytestmark = pytest.mark.unit


def test_a_spawned_prefab_has_its_fields_at_once_but_joins_queries_after_commands(world):
    coin = world.define_prefab([Component.TRANSFORM, Component.TAG], {Field.TAG_NAME: "Coin"})
    query = Query(world, [Component.TAG])
    entity = world.spawn_prefab(coin)
    assert world.get(entity, Field.TAG_NAME) == "Coin"
    world.set(entity, Field.TRANSFORM_X, 4.0)
    assert world.is_alive(entity)
    assert query.entities().tolist() == []
    batch = world.apply_commands()
    assert (batch.births.tolist(), batch.prefabs.tolist()) == ([entity], [coin])
    assert query.entities().tolist() == [entity]
    assert world.get(entity, Field.TRANSFORM_X) == 4.0


def test_a_copy_does_not_change_its_prefab(world):
    coin = world.define_prefab([Component.TRANSFORM])
    world.set(world.spawn_prefab(coin), Field.TRANSFORM_X, 4.0)
    assert world.get(world.spawn_prefab(coin), Field.TRANSFORM_X) == 0.0


def test_prefabs_are_no_entities(world):
    world.define_prefab([Component.TRANSFORM])
    assert len(world) == 0
    assert world.entities().tolist() == []
    assert len(Query(world, [Component.TRANSFORM])) == 0


def test_removals_come_before_births_and_keep_their_order(world):
    prefab = world.define_prefab([Component.TRANSFORM])
    old = [world.spawn([Component.TRANSFORM]) for _ in range(3)]
    born = [world.spawn_prefab(prefab)]
    world.destroy(old[2])
    born.append(world.spawn_prefab(prefab))
    world.destroy(old[0])
    batch = world.commands.take()
    assert batch.removals.tolist() == [old[2], old[0]]
    assert batch.births.tolist() == born


def test_destroying_twice_removes_once(world):
    entity = world.spawn([Component.TRANSFORM])
    world.destroy(entity)
    world.destroy(entity)
    assert world.apply_commands().removals.tolist() == [entity]
    assert not world.exists(entity)


def test_many_are_destroyed_in_order_whatever_room_there_is(world, check):
    ids = world.spawn_many(["health"], 3000)
    doomed = np.concatenate([ids[2990::-2], ids[:4], [77, 2**40]])
    world.destroy_many(doomed)
    assert all(world.is_marked(entity) for entity in (ids[2990], ids[1], ids[3]))
    assert world.apply_commands().removals.tolist() == [*ids[2990::-2].tolist(), ids[1], ids[3]]
    assert len(world) == 3000 - 1496 - 2
    check(world)


def test_what_is_spawned_and_destroyed_in_one_tick_is_withdrawn(world):
    entity = world.spawn_prefab(world.define_prefab([Component.TRANSFORM]))
    world.destroy(entity)
    batch = world.apply_commands()
    assert (batch.withdrawn.tolist(), batch.removals.tolist(), batch.births.tolist()) == ([entity], [], [])
    assert not world.exists(entity)


def test_what_a_batch_queues_waits_for_the_next(world):
    one, other = world.spawn([]), world.spawn([])
    world.destroy(one)
    batch = world.commands.take()
    world.destroy(other)
    world.apply_removals(batch)
    assert world.exists(other)
    assert world.apply_commands().removals.tolist() == [other]


def test_components_can_be_queued(world):
    entity, gone = world.spawn([Component.TRANSFORM]), world.spawn([])
    world.queue_add(entity, Component.HEALTH)
    world.queue_add(entity, Component.HEALTH)
    world.queue_remove(entity, Component.TRANSFORM)
    world.queue_add(gone, Component.TAG)
    world.destroy(gone)
    assert world.components_of(entity) == (Component.TRANSFORM,)
    world.apply_commands()
    assert world.components_of(entity) == (Component.HEALTH,)


def test_cancelling_undoes_marks_and_births_since_the_mark(world):
    prefab = world.define_prefab([Component.TRANSFORM])
    kept, first = world.spawn([]), world.spawn_prefab(prefab)
    mark = len(world.commands)
    world.destroy(kept)
    second = world.spawn_prefab(prefab)
    world.cancel_commands(mark)
    assert world.is_alive(kept)
    assert world.exists(first)
    assert not world.exists(second)
    assert world.apply_commands().births.tolist() == [first]


def test_a_full_buffer_grows_and_keeps_every_command(world, check):
    capacity = world.storage.arrays[WorldSlot.COMMANDS].size // COMMAND_WORDS
    prefab = world.define_prefab([Component.TRANSFORM])
    entity = world.spawn([])
    for _ in range(capacity):
        world.commands.push(Command.ADD, entity, Component.TAG)
    born = [world.spawn_prefab(prefab) for _ in range(capacity)]
    assert len(world.commands) == 2 * capacity
    assert world.apply_commands().births.tolist() == born
    assert len(Query(world, [Component.TRANSFORM])) == capacity
    check(world)


def test_a_queued_spawn_has_its_values_at_once_and_joins_queries_after_commands(world, check):
    query = Query(world, ["health"])
    ids = world.queue_spawn_many(
        ["health", "tag"], 300, {"tag.name": "Imp"}, {"health.value": np.arange(300.0)}
    ).tolist()
    assert world.get(ids[7], "health.value") == 7.0
    assert query.entities().tolist() == []
    batch = world.apply_commands()
    assert (batch.births.tolist(), set(batch.prefabs.tolist())) == (ids, {-1})
    assert query.entities().tolist() == ids
    assert world.get(ids[9], "tag.name") == "Imp"
    check(world)


def test_spawning_in_a_loop_over_a_query_leaves_the_loop_alone(world):
    world.spawn_many(["health"], 2 * CHUNK_ROWS)
    made = [world.queue_spawn(["health"]) for rows in Query(world, ["health"]) for _ in range(300)]
    world.apply_commands()
    assert len(Query(world, ["health"])) == 2 * CHUNK_ROWS + len(made)


def test_components_are_queued_with_their_values(world):
    entity, kept = world.spawn([]), world.spawn(["health"])
    world.queue_add(entity, "health", {"health.value": 3.0, "health.armor": 2})
    world.queue_add(entity, "tag", {"tag.name": "late"})
    world.queue_add(kept, "health", {"health.value": 1.0})
    before = state_hash(world)
    assert collect_strings(world, np.zeros(0, np.int64)) == 0
    world.apply_commands()
    assert (world.get(entity, "health.value"), world.get(entity, "health.armor")) == (3.0, 2.0)
    assert world.get(entity, "tag.name") == "late"
    assert world.get(kept, "health.value") == 100.0
    assert state_hash(world) != before
    with pytest.raises(MissingComponent):
        world.queue_add(entity, "body", {"health.value": 1.0})
    assert len(world.commands) == 0


def test_queued_values_count_in_the_hash_by_content():
    one, other = World(), World()
    other.strings.intern("in the way")
    entities = [each.spawn([]) for each in (one, other)]
    for value, same in (("x", True), ("y", False)):
        one.queue_add(entities[0], "tag", {"tag.name": "x"})
        other.queue_add(entities[1], "tag", {"tag.name": value})
        assert (state_hash(one) == state_hash(other)) == same


def test_cancelled_values_leave_no_trace(world):
    entity = world.spawn([])
    world.queue_add(entity, "health", {"health.value": 1.0})
    before, mark = state_hash(world), len(world.commands)
    world.queue_add(entity, "tag", {"tag.name": "never"})
    world.queue_add(entity, "body", {"body.mass": 3.0})
    world.cancel_commands(mark)
    assert state_hash(world) == before
    assert world.storage.counters[Counter.COMMAND_VALUES] == 3
    world.apply_commands()
    assert world.components_of(entity) == (Component.HEALTH,)
    assert world.storage.counters[Counter.COMMAND_VALUES] == 0
