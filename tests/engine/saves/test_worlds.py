"""Saved worlds: the same again, going on as they would have; everything else is refused with its reason."""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.ecs.components import Component, Field
from engine.ecs.hash import state_hash
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.errors import SaveError
from engine.saves.container import pack, unpack
from engine.saves.worlds import load_world, restore_world, save_world, world_bytes

pytestmark = pytest.mark.unit

PLACE = [Component.TRANSFORM]


def declared():
    world = World()
    world.declare("leaf", [("mass", "float", 1.0), ("kind", "string", "oak"), ("way", "vec2", (0.0, 1.0))])
    return world


def full_world(count=40):
    """A world with some of everything."""
    world = declared()
    ids = world.spawn_many([*PLACE, Component.TAG], count, {Field.TAG_NAME: "Tree"})
    world.add_component(int(ids[1]), "leaf")
    world.set(int(ids[1]), world.registry.field_named("leaf", "kind").number, "elm ☃")
    world.despawn_many(ids[4:20:3])
    child = world.spawn([*PLACE, Component.PARENT], {Field.PARENT_ENTITY: int(ids[0]), Field.PARENT_X: 2.0})
    world.spawn_many([*PLACE, Component.PARENT], 3, {Field.PARENT_ENTITY: child})
    top = world.define_prefab([*PLACE, Component.TAG], {Field.TAG_NAME: "Tank"})
    world.define_prefab([*PLACE, Component.PARENT], {Field.PARENT_X: 1.0}, top)
    world.spawn_prefab(top)
    kind = world.registry.field_named("leaf", "kind").number
    world.queue_add(int(ids[2]), "leaf", {"leaf.mass": 3.5, "leaf.kind": "ash"})
    world.queue_remove(int(ids[1]), "leaf")
    world.destroy(int(ids[3]))
    assert kind
    world.tick = 77
    return world


def go_on(world):
    """Do a bit of everything; returns what shows any difference."""
    seen = []
    for step in range(4):
        entity = world.spawn_prefab(0) if step else 0
        if entity:
            world.set(entity, Field.TAG_NAME, f"tag {step}")
        batch = world.apply_commands()
        seen.append(batch.births.tolist())
        world.hierarchy.place()
        query = Query(world, PLACE)
        world.destroy(int(query.entities()[step]))
        world.spawn_many([*PLACE, Component.HEALTH], 3)
        world.tick += 1
        seen += [state_hash(world), query.entities().tolist(), [rows.indices.tolist() for rows in query]]
    return seen


def test_a_loaded_world_is_the_saved_one_and_goes_on_like_it(tmp_path, check):
    world = full_world()
    save_world(world, tmp_path / "a.save")
    other = declared()
    other.strings.intern("something of its own")
    load_world(other, tmp_path / "a.save")
    check(other)
    assert state_hash(other) == state_hash(world)
    assert [other.hierarchy.children_of(e) for e in other.entities().tolist()] == [
        world.hierarchy.children_of(e) for e in world.entities().tolist()
    ]
    assert world_bytes(other) == world_bytes(other)
    assert go_on(other) == go_on(world)
    check(other)


def test_a_save_of_a_loaded_world_loads_the_same(check):
    world, other = full_world(700), declared()
    restore_world(other, world_bytes(world))
    again = declared()
    restore_world(again, world_bytes(other))
    check(again)
    assert state_hash(again) == state_hash(world)


def test_an_empty_world_is_saved(check):
    world, other = World(), World()
    other.spawn(PLACE)
    restore_world(other, world_bytes(world))
    check(other)
    assert (len(other), state_hash(other)) == (0, state_hash(world))


def test_strings_that_others_hold_keep_their_ids():
    other = declared()
    held = other.strings.intern("held")
    restore_world(other, world_bytes(full_world()))
    assert other.strings.text(held) == "held"


# --- what is refused ----------------------------------------------------------------------------------


def test_every_flipped_byte_is_noticed():
    data = bytearray(world_bytes(full_world(4)))
    other = declared()
    entity = other.spawn(PLACE)
    before = state_hash(other)
    for at in range(len(data)):
        data[at] ^= 1 << at % 8
        with pytest.raises(SaveError):
            unpack(bytes(data))
        data[at] ^= 1 << at % 8
    with pytest.raises(SaveError):
        restore_world(other, bytes(data[:-1]))
    assert (other.exists(entity), state_hash(other)) == (True, before)
    restore_world(other, bytes(data))


@pytest.mark.parametrize("length", [0, 1, 20, 63, 64, 200, -1])
def test_a_part_of_a_save_is_refused(length):
    with pytest.raises(SaveError, match=r"cut off|no save"):
        unpack(world_bytes(full_world())[:length])


@pytest.mark.parametrize("version", [1, 9])
def test_another_version_says_so(version):
    data = bytearray(world_bytes(World()))
    data[16] = version
    with pytest.raises(SaveError, match=f"version {version}; this astraweave reads version 3"):
        restore_world(World(), bytes(data))


def test_a_world_that_declares_less_refuses_and_one_that_declares_more_takes_it(check):
    world = full_world()
    with pytest.raises(SaveError, match="component `leaf` does not exist here"):
        restore_world(World(), world_bytes(world))
    world = World()
    world.spawn(PLACE)
    other = declared()
    restore_world(other, world_bytes(world))
    check(other)
    assert len(other) == 1


def test_a_file_that_cannot_be_used_names_itself_and_its_reason(tmp_path):
    with pytest.raises(SaveError, match=r"no\.save: cannot be read: No such file"):
        load_world(World(), tmp_path / "no.save")
    (tmp_path / "text.save").write_text("a text")
    with pytest.raises(SaveError, match=r"text\.save: this is no save"):
        load_world(World(), tmp_path / "text.save")
    with pytest.raises(SaveError, match="cannot be written"):
        save_world(World(), tmp_path / "no" / "a.save")


def test_a_save_that_fails_leaves_the_old_one(tmp_path, monkeypatch):
    file = tmp_path / "a.save"
    save_world(full_world(), file)
    before = file.read_bytes()

    def fail(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SaveError, match="No space left"):
        save_world(World(), file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


# --- hostile saves: sealed well, and wrong --------------------------------------------------------------

SOUND = unpack(world_bytes(full_world(12)))
NUMBERS = st.sampled_from(
    [-(2**63), -(2**33), -2, -1, 0, 1, 2, 3, 5, 11, 12, 255, 256, 2**31, 2**32 + 3, 2**63 - 1]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from([name for name in SOUND if SOUND[name].size]),
    at=st.integers(0, 10_000),
    number=NUMBERS,
    way=st.sampled_from(["set", "drop", "double", "swap", "type", "remove"]),
)
def test_a_sealed_save_with_something_wrong_is_refused_or_a_sound_world(name, at, number, way, check):
    sections = dict(SOUND)
    array = sections[name].copy()
    at %= array.size
    if way == "set":
        array[at] = number & 255 if array.dtype == np.uint8 else number
    elif way == "drop":
        array = np.delete(array, at)
    elif way == "double":
        array = np.insert(array, at, array[at])
    elif way == "swap":
        array[[0, at]] = array[[at, 0]]
    elif way == "type":
        array = np.zeros(array.size, np.float64 if array.dtype == np.int64 else np.int64)
    sections[name] = array
    if way == "remove":
        del sections[name]
    world = declared()
    try:
        restore_world(world, pack(sections))
    except SaveError:
        assert len(world) == 0
        return
    check(world)
    if len(Query(world, PLACE)) > 4 and world.storage.arrays:
        state_hash(world)
        world.apply_commands()
        world.hierarchy.place()
        check(world)
        world.despawn_many(world.entities())
        assert len(world) == 0
