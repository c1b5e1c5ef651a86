"""The kernels of other rooms against the same questions asked in Python."""

import numpy as np
import pytest

from engine.ecs import access, births, hierarchy
from engine.ecs.components import Component, Field
from engine.ecs.layout import COMMAND_WORDS, FULL, WorldSlot

pytestmark = pytest.mark.unit


@pytest.fixture
def ids(world):
    ids = world.spawn_many([Component.TRANSFORM, Component.TAG], 300).tolist()
    for entity in ids[::3]:
        world.add_component(entity, Component.HEALTH, {Field.HEALTH_VALUE: 0.0})
    for entity in ids[::7]:
        world.despawn(entity)
    for entity in ids[1::7]:
        world.destroy(entity)
    return ids


def test_kernels_and_world_agree_on_every_id(world, ids):
    for entity in [*ids, 0, -1, -(2**63), 2**63 - 1, 2**32, ids[-1] + 1000]:
        exists = world.exists(entity)
        index = access.entity_index(world.table, entity)
        assert (index >= 0) == exists
        assert access.is_alive(world.table, entity) == world.is_alive(entity)
        if exists:
            assert access.entity_of_index(world.table, index) == entity
            for component in (Component.TRANSFORM, Component.HEALTH, Component.BODY):
                row = access.component_row(world.table, index, component)
                assert row == world.row_of(entity, component)


def test_the_first_with_a_tag_is_the_lowest_born_index(world, ids):
    name = world.strings.intern("Player")
    unborn = world.spawn_prefab(world.define_prefab([Component.TAG], {Field.TAG_NAME: "Player"}))
    find = (world.table, int(Component.TAG), int(Field.TAG_NAME), name)
    assert access.first_with_word(*find) == -1
    for entity in (ids[50], ids[200]):
        world.set(entity, Field.TAG_NAME, "Player")
    assert access.first_with_word(*find) == world.index_of(ids[50])
    world.despawn_many(np.array([ids[50], ids[200]]))
    world.apply_commands()
    assert access.first_with_word(*find) == world.index_of(unborn)


def test_full_changes_nothing_and_room_lets_the_call_succeed(world, check):
    prefab = world.define_prefab([Component.TRANSFORM])
    spawned = 0
    while births.spawn_prefab(world.table, prefab) != FULL:
        spawned += 1
    assert len(world) == spawned == len(world.commands)
    check(world)
    world.make_room()
    assert births.spawn_prefab(world.table, prefab) > 0


def test_a_full_command_buffer_leaves_the_entity_unmarked(world):
    entity = world.spawn([])
    capacity = world.storage.arrays[WorldSlot.COMMANDS].size // COMMAND_WORDS
    for _ in range(capacity):
        access.push_command(world.table, 3, entity, 0, 0)
    index = world.index_of(entity)
    assert hierarchy.destroy(world.table, index) == FULL
    assert world.is_alive(entity)
    world.make_room()
    assert hierarchy.destroy(world.table, index) == 0
    assert hierarchy.destroy(world.table, index) == 0
    assert len(world.commands) == capacity + 1
