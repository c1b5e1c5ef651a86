"""Snapshots in memory: what comes back, and that a run goes on from one as it did."""

import pytest

from engine.ecs.components import Component, Field
from engine.ecs.hash import state_hash
from engine.ecs.query import Query
from engine.ecs.world import World

pytestmark = pytest.mark.unit


def populate(world, count=700):
    world.declare("leaf", [("mass", "float", 1.0), ("owner", "entity", 0)])
    prefab = world.define_prefab([Component.TRANSFORM, Component.TAG], {Field.TAG_NAME: "Spark"})
    ids = world.spawn_many([Component.TRANSFORM, Component.HEALTH], count)
    world.despawn_many(ids[10:400:3])
    child = world.spawn([Component.TRANSFORM, Component.PARENT], {Field.PARENT_ENTITY: int(ids[0])})
    world.add_component(child, "leaf")
    return prefab, ids


def go_on(world, prefab):
    """Do a bit of everything; returns the hashes on the way."""
    hashes = []
    for step in range(5):
        entity = world.spawn_prefab(prefab)
        world.set(entity, Field.TAG_NAME, f"tag {step}")
        world.destroy(int(world.entities()[3 * step]))
        world.queue_add(int(world.entities()[-1]), "leaf")
        world.apply_commands()
        world.hierarchy.place()
        world.tick += 1
        hashes.append(state_hash(world))
        hashes.append(Query(world, (Component.TRANSFORM,)).entities().tolist())
        hashes.append([rows.indices.tolist() for rows in Query(world, (Component.TRANSFORM,))])
    return hashes


def test_a_world_returns_to_its_snapshot_and_goes_on_as_it_did(world, check):
    prefab, _ = populate(world)
    world.spawn_prefab(prefab)  # unborn, and a queued command
    query = Query(world, (Component.TRANSFORM,))
    before, count = state_hash(world), len(query)
    snapshot = world.snapshot()
    first = go_on(world, prefab)
    query.entities()
    for _ in range(2):
        world.restore(snapshot)
        assert state_hash(world) == before
        assert len(query) == count
        check(world)
        assert go_on(world, prefab) == first
        check(world)


def test_archetypes_that_came_later_are_forgotten(world):
    populate(world)
    query = Query(world, (Component.TEAM,))
    snapshot = world.snapshot()
    world.spawn([Component.TEAM])
    assert len(query) == 1
    world.restore(snapshot)
    world.spawn([Component.TEXT])  # gets the number that the archetype with a team had
    assert len(query) == 0


def test_after_a_return_everything_has_changed(world):
    _, ids = populate(world)
    query = Query(world, (Component.TRANSFORM,), changed=(Component.TRANSFORM,))
    snapshot = world.snapshot()
    query.since = world.advance_change_tick()
    assert not query.entities().size
    world.restore(snapshot)
    assert ids[0] in query.entities()


def test_a_world_takes_the_snapshot_of_another_one(world):
    other = World()
    for one in (world, other):
        populate(one)
    other.spawn_many([Component.TRANSFORM], 5000)
    world.restore(other.snapshot())
    assert state_hash(world) == state_hash(other)
    with pytest.raises(ValueError, match="other components"):
        World().restore(other.snapshot())
