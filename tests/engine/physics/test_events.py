import pytest

from engine.ecs.components import Component, Field
from engine.physics.layout import EventKind

pytestmark = pytest.mark.unit


def test_a_collision_begins_once_and_ends_once_for_both_sides(arena) -> None:
    still = arena.add(0.0, 0.0)
    moving = arena.add(-3.0, 0.0)
    told = []
    for tick in range(60):
        arena.move(moving, -3.0 + tick * 0.1, 0.0)
        arena.step()
        told += [(tick, *event) for event in arena.events()]
    begin, end = 20, 41
    assert told == [
        (begin, "COLLISION", still, moving, ""),
        (begin, "COLLISION", moving, still, ""),
        (end, "COLLISION_END", still, moving, ""),
        (end, "COLLISION_END", moving, still, ""),
    ]


def test_a_resting_body_collides_once(arena) -> None:
    arena.physics.gravity = (0.0, -9.81)
    arena.add(0.0, -0.5, size=(20.0, 1.0), body="static")
    arena.add(0.0, 1.0, body="dynamic")
    kinds = []
    for _ in range(300):
        arena.step()
        kinds += [event[0] for event in arena.events()]
    assert kinds == ["COLLISION", "COLLISION"]


def test_parted_bodies_keep_touching_until_one_leaves(arena) -> None:
    left, right = arena.add(-0.3, 0.0, body="dynamic"), arena.add(0.3, 0.0, body="dynamic")
    arena.step()
    assert len(arena.events()) == 2
    arena.step(20)
    assert arena.events() == []
    arena.world.set(right, Field.VELOCITY_VX, 1.0)
    arena.step()
    assert arena.events() == [("COLLISION_END", left, right, ""), ("COLLISION_END", right, left, "")]


def test_static_bodies_do_not_notice_each_other_and_layers_part(arena) -> None:
    arena.add(0.0, 0.0, body="static")
    arena.add(0.1, 0.0, body="static")
    arena.add(10.0, 0.0, layer=1, mask=1)
    arena.add(10.1, 0.0, layer=2, mask=-1)
    arena.step()
    assert arena.events() == []


def test_a_sensor_tells_both_sides_its_tag_and_pushes_nobody(arena) -> None:
    zone = arena.add(0.0, 0.0, radius=2.0, sensor=True, tag="Lava")
    walker = arena.add(1.0, 0.0, body="dynamic", tag="Player")
    arena.step()
    assert arena.events() == [("TRIGGER", zone, walker, "Lava"), ("TRIGGER", walker, zone, "Lava")]
    assert arena.place(walker) == (1.0, 0.0)
    arena.world.set(zone, Field.TAG_NAME, "Ashes")
    arena.move(walker, 9.0, 0.0)
    arena.step()
    assert arena.events() == [("TRIGGER_EXIT", zone, walker, "Lava"), ("TRIGGER_EXIT", walker, zone, "Lava")]


def test_two_sensors_are_told_each_others_tags(arena) -> None:
    first = arena.add(0.0, 0.0, sensor=True, tag="First")
    second = arena.add(0.1, 0.0, sensor=True, tag="Second")
    arena.step()
    assert arena.events() == [("TRIGGER", first, second, "Second"), ("TRIGGER", second, first, "First")]


def test_a_volume_tells_the_entity_its_name(arena) -> None:
    arena.add_volume("exit", 5.0, 0.0, 1.0)
    walker = arena.add(0.0, 0.0, velocity=(0.0, 0.0))
    arena.step()
    assert arena.events() == []
    arena.move(walker, 4.5, 0.0)
    arena.step()
    assert arena.events() == [("TRIGGER", walker, 0, "exit")]
    arena.step()
    assert arena.events() == []
    arena.move(walker, 0.0, 0.0)
    arena.step()
    assert arena.events() == [("TRIGGER_EXIT", walker, 0, "exit")]


def test_a_volume_that_is_taken_away_is_left(arena) -> None:
    arena.add_volume("exit", 0.0, 0.0, 1.0)
    walker = arena.add(0.0, 0.0)
    arena.step()
    arena.physics.set_volumes([])
    arena.step()
    assert arena.events() == [("TRIGGER_EXIT", walker, 0, "exit")]


def test_only_the_living_hear_of_an_end(arena) -> None:
    first, second, third = arena.add(0.0, 0.0), arena.add(0.1, 0.0), arena.add(0.2, 0.0)
    arena.step()
    arena.world.despawn(first)
    arena.world.despawn(second)
    arena.step()
    assert arena.events() == [("COLLISION_END", third, first, ""), ("COLLISION_END", third, second, "")]


def test_a_new_entity_at_an_old_index_is_another_partner(arena) -> None:
    wall, old = arena.add(0.0, 0.0), arena.add(0.1, 0.0)
    arena.step()
    arena.world.despawn(old)
    new = arena.add(0.1, 0.0)
    assert new & 0xFFFFFFFF == old & 0xFFFFFFFF
    arena.step()
    assert arena.events() == [
        ("COLLISION", wall, new, ""),
        ("COLLISION", new, wall, ""),
        ("COLLISION_END", wall, old, ""),
    ]


def test_a_lost_collider_ends_its_contacts(arena) -> None:
    first, second = arena.add(0.0, 0.0), arena.add(0.1, 0.0)
    arena.step()
    arena.world.remove_component(second, Component.COLLIDER)
    arena.step()
    assert arena.events() == [("COLLISION_END", first, second, ""), ("COLLISION_END", second, first, "")]


def test_a_solid_that_becomes_a_sensor_ends_its_collision_and_begins_a_trigger(arena) -> None:
    first, second = arena.add(0.0, 0.0), arena.add(0.1, 0.0)
    arena.step()
    arena.world.set(second, Field.COLLIDER_SENSOR, True)
    arena.step()
    assert [event[0] for event in arena.events()] == ["COLLISION_END"] * 2 + ["TRIGGER"] * 2
    assert [event[1] for event in arena.events()] == [first, second] * 2


def test_the_unborn_touch_nothing(arena) -> None:
    prefab = arena.world.define_prefab([Component.TRANSFORM, Component.COLLIDER])
    arena.add(0.0, 0.0)
    arena.world.spawn_prefab(prefab)
    arena.step()
    assert arena.events() == []
    arena.world.apply_commands()
    arena.step()
    assert len(arena.events()) == 2


def test_ten_thousand_collisions_in_one_tick_come_sorted(arena) -> None:
    for index in range(150):
        arena.add(index * 1e-3, 0.0, body="kinematic")
    arena.step()
    events = arena.physics.events
    assert len(events) == 150 * 149
    assert (events[:, 0] == EventKind.COLLISION).all()
    keys = list(zip(events[:, 1].tolist(), events[:, 2].tolist(), strict=True))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_a_heap_beyond_all_measure_leaves_pairs_out_and_goes_on(arena, monkeypatch) -> None:
    monkeypatch.setattr("engine.physics.buffers.MOST_PAIRS", 2000)
    monkeypatch.setattr("engine.physics.near_pairs.MOST_PAIRS", 2000)
    for _ in range(100):
        arena.add(0.0, 0.0, body="kinematic")
    arena.step()
    assert len(arena.events()) == 4000
    arena.step()
    assert arena.events() == []
