import math
import struct
import subprocess
import sys

import numpy as np
import pytest

from engine.ecs.components import HIDDEN, BodyKind, Component, Field, FieldKind
from engine.ecs.hash import state_hash
from engine.ecs.layout import WorldSlot
from engine.ecs.world import World

pytestmark = pytest.mark.unit

EVERYTHING = [c for c in Component if c not in HIDDEN]


def everything(world: World) -> int:
    """Make an entity with all components, a child of another one."""
    parent = world.spawn([Component.TRANSFORM])
    return world.spawn(EVERYTHING, {Field.BODY_KIND: BodyKind.STATIC, Field.PARENT_ENTITY: parent})


def fnv_1a(text: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in text:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def reference(world: World) -> int:
    """The same hash in plain Python, by the public names of the world."""
    state = 0x243F6A8885A308D3

    def mix(word: int) -> None:
        nonlocal state
        state = (state ^ word % 2**64) * 0x9E3779B97F4A7C15 % 2**64
        state ^= state >> 32

    mix(world.tick)
    for entity in world.entities().tolist():
        mix(entity)
        mix(int(world.is_marked(entity)))
        shown = set(world.components_of(entity)) | ({Component.UNBORN} if world.is_unborn(entity) else set())
        for component in sorted(shown):
            mix(component)
            for field in world.registry.component(component).fields:
                if not field.passing:
                    value = world.get(entity, field.number)
                    if field.kind == FieldKind.STRING:
                        mix(fnv_1a(value.encode()))
                    elif field.kind == FieldKind.FLOAT:
                        bits = struct.unpack("<q", struct.pack("<d", value))[0]
                        mix(0x7FF8000000000000 if math.isnan(value) else bits)
                    else:
                        mix(int(value))
    for word in world.commands.rows.reshape(-1).tolist():
        mix(word)
    state = (state ^ state >> 33) * 0xFF51AFD7ED558CCD % 2**64
    return state ^ state >> 33


def build(world: World) -> list[int]:
    ids = [
        world.spawn([Component.TRANSFORM, Component.TAG], {Field.TAG_NAME: f"tag {i % 3}"})
        for i in range(300)
    ]
    world.set(ids[7], Field.TRANSFORM_X, math.nan)
    world.set(ids[8], Field.TRANSFORM_Y, -1.5)
    return ids


def test_it_is_what_plain_python_computes(world):
    ids = build(world)
    leaf = world.declare("leaf", [("owner", "entity", 0), ("name", "string", "oak"), ("at", "vec3", 1.0)])
    world.add_component(ids[5], leaf.number, {leaf.fields[0].number: ids[6]})
    world.spawn_prefab(world.define_prefab(EVERYTHING, {Field.TEXT_CONTENT: "☃"}))
    world.destroy(ids[3])
    world.tick = 12
    assert state_hash(world) == reference(world)


def test_layout_capacity_and_string_ids_do_not_count(world, check):
    build(world)
    other = World()
    for i in range(500):
        other.strings.intern(f"other {i}")
    other.define_prefab(EVERYTHING)
    for _ in range(3):
        other.make_room()
    ids = [other.spawn([Component.TAG, Component.HEALTH], {Field.TAG_NAME: "x"}) for i in range(300)]
    for i in reversed(range(300)):
        other.remove_component(ids[i], Component.HEALTH)
        other.add_component(ids[i], Component.TRANSFORM)
        other.set(ids[i], Field.TAG_NAME, f"tag {i % 3}")
    other.column(Field.TRANSFORM_X)[other.row_of(ids[7], Component.TRANSFORM)] = np.int64(-1).view(np.float64)
    other.set(ids[8], Field.TRANSFORM_Y, -1.5)
    check(other)
    chunks = [w.storage.arrays[WorldSlot.CHUNK_ENTITY][:300].tolist() for w in (world, other)]
    assert chunks[0] != chunks[1]
    assert state_hash(world) == state_hash(other)


def test_every_field_that_is_not_passing_counts(world):
    entity = everything(world)
    before = state_hash(world)
    for field in Field:
        column, row = world.column(field), world.row_of(entity, field.component)
        old = column[row].copy()
        column[row] = world.strings.intern("changed") if field.kind == FieldKind.STRING else old + 1
        assert (state_hash(world) == before) == field.passing, field.name
        column[row] = old
    assert state_hash(world) == before


def test_values_that_changed_places_a_mark_a_tick_and_the_seed_count(world):
    one, other = (world.spawn([Component.TRANSFORM], {Field.TRANSFORM_X: x}) for x in (1.0, 2.0))
    hashes = [state_hash(world), state_hash(world, 1), state_hash(world, 2**64 - 1)]
    world.set(one, Field.TRANSFORM_X, 2.0)
    world.set(other, Field.TRANSFORM_X, 1.0)
    hashes.append(state_hash(world))
    world.tick += 1
    hashes.append(state_hash(world))
    world.destroy(one)
    hashes.append(state_hash(world))
    assert len(set(hashes)) == len(hashes)
    assert all(0 <= value < 2**64 for value in hashes)


def test_another_process_gets_the_same(world):
    build(world)
    program = """
import math
from engine.ecs.components import Component, Field
from engine.ecs.hash import state_hash
from engine.ecs.world import World

world = World()
chosen = [Component.TRANSFORM, Component.TAG]
ids = [world.spawn(chosen, {Field.TAG_NAME: f"tag {i % 3}"}) for i in range(300)]
world.set(ids[7], Field.TRANSFORM_X, math.nan)
world.set(ids[8], Field.TRANSFORM_Y, -1.5)
print(state_hash(world))
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(result.stdout) == state_hash(world)
