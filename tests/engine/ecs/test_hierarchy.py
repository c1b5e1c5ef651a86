"""Parents and children: links, places, removal of families, prefabs of families."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ecs.components import BodyKind, Component, Field
from engine.ecs.entity import index_of_id
from engine.ecs.hash import state_hash
from engine.ecs.layout import Counter, WorldSlot
from engine.ecs.world import World
from engine.errors import BadParent, ComponentError, NoSuchEntity

pytestmark = pytest.mark.unit

PLACE = (
    Field.TRANSFORM_X,
    Field.TRANSFORM_Y,
    Field.TRANSFORM_Z,
    Field.TRANSFORM_ROTATION,
    Field.TRANSFORM_SCALE_X,
    Field.TRANSFORM_SCALE_Y,
)
LOCAL = (
    Field.PARENT_X,
    Field.PARENT_Y,
    Field.PARENT_Z,
    Field.PARENT_ROTATION,
    Field.PARENT_SCALE_X,
    Field.PARENT_SCALE_Y,
)
X, Y = Field.TRANSFORM_X, Field.TRANSFORM_Y


def thing(world, place=(0.0, 0.0, 0.0, 0.0, 1.0, 1.0)):
    return world.spawn([Component.TRANSFORM], dict(zip(PLACE, place, strict=True)))


def child_of(world, parent, local=(0.0, 0.0, 0.0, 0.0, 1.0, 1.0), *more):
    values = {Field.PARENT_ENTITY: parent, **dict(zip(LOCAL, local, strict=True))}
    return world.spawn([Component.TRANSFORM, Component.PARENT, *more], values)


def place_of(world, entity):
    return [world.get(entity, field) for field in PLACE]


def composed(parent, local):
    """What a child's place is, by the formulas of plane geometry."""
    x, y, z, turn, wide, high = parent
    dx, dy = wide * local[0], high * local[1]
    return [
        x + math.cos(turn) * dx - math.sin(turn) * dy,
        y + math.sin(turn) * dx + math.cos(turn) * dy,
        z + local[2],
        turn + local[3],
        wide * local[4],
        high * local[5],
    ]


def test_children_stand_where_geometry_says(world):
    places = [
        (1.0, 2.0, 3.0, 0.5, 2.0, 0.5),
        (0.5, -1.0, 1.0, 0.25, 1.5, 2.0),
        (2.0, 0.0, 0.0, -1.0, 1.0, 1.0),
    ]
    top = thing(world, places[0])
    middle = child_of(world, top, places[1])
    bottom = child_of(world, middle, places[2])
    expected = composed(places[0], places[1])
    assert place_of(world, middle) == pytest.approx(expected)
    assert place_of(world, bottom) == pytest.approx(composed(expected, places[2]))
    world.set(top, Field.TRANSFORM_ROTATION, 2.0)
    world.hierarchy.place()
    expected = composed((1.0, 2.0, 3.0, 2.0, 2.0, 0.5), places[1])
    assert place_of(world, bottom) == pytest.approx(composed(expected, places[2]))


def test_a_child_is_drawn_from_where_it_was_born(world):
    child = child_of(world, thing(world, (4.0, 0.0, 0.0, 1.0, 1.0, 1.0)))
    previous = (Field.TRANSFORM_PREVIOUS_X, Field.TRANSFORM_PREVIOUS_Y, Field.TRANSFORM_PREVIOUS_ROTATION)
    assert [world.get(child, field) for field in previous] == [4.0, 0.0, 1.0]


@pytest.mark.parametrize("keep_world", [True, False])
def test_a_new_parent_keeps_the_place_or_takes_it_over(world, keep_world):
    top = thing(world, (1.0, 0.0, 0.0, math.pi / 2, 2.0, 2.0))
    child = thing(world, (3.0, 4.0, 5.0, 0.5, 2.0, 1.0))
    world.hierarchy.set_parent(child, top, keep_world=keep_world)
    assert (world.hierarchy.parent_of(child), world.hierarchy.children_of(top)) == (top, [child])
    if keep_world:
        assert place_of(world, child) == pytest.approx([3.0, 4.0, 5.0, 0.5, 2.0, 1.0])
        assert world.get(child, Field.PARENT_X) == pytest.approx(2.0)
    else:
        assert place_of(world, child) == pytest.approx([-7.0, 6.0, 5.0, 0.5 + math.pi / 2, 4.0, 2.0])
    world.hierarchy.set_parent(child, 0)
    assert (world.hierarchy.parent_of(child), world.hierarchy.children_of(top)) == (0, [])
    assert not world.has_component(child, Component.PARENT)


def test_a_child_that_is_moved_stays_there_and_follows_on(world):
    top = thing(world)
    child = child_of(world, top, (1.0, 0.0, 0.0, 0.0, 1.0, 1.0))
    world.set(child, X, 5.0)
    world.set(top, X, 2.0)
    world.hierarchy.place()
    assert (world.get(child, X), world.get(child, Field.PARENT_X)) == (5.0, 3.0)
    world.set(top, X, 3.0)
    world.hierarchy.place()
    assert world.get(child, X) == 6.0


def test_what_physics_does_to_a_child_is_its_parents_business(world):
    top = thing(world)
    child = child_of(world, top, (1.0, 0.0, 0.0, 0.0, 1.0, 1.0))
    world.set(child, Y, 0.25)
    world.set(top, X, 2.0)
    world.hierarchy.place(after_physics=True)
    assert place_of(world, child) == [3.0, 0.0, 0.0, 0.0, 1.0, 1.0]


def test_a_child_has_the_velocity_of_its_parent_at_its_place(world):
    speed = (Field.VELOCITY_VX, Field.VELOCITY_VY, Field.VELOCITY_ANGULAR)
    values = dict(zip(speed, (1.0, 2.0, 0.5), strict=True))
    top = world.spawn([Component.TRANSFORM, Component.VELOCITY], values)
    middle = child_of(world, top, (2.0, 0.0, 0.0, 0.0, 1.0, 1.0))
    bottom = child_of(world, middle, (1.0, 4.0, 0.0, 0.0, 1.0, 1.0), Component.VELOCITY)
    assert [world.get(bottom, field) for field in speed] == [1.0 - 0.5 * 4.0, 2.0 + 0.5 * 3.0, 0.5]
    still = child_of(world, thing(world), (1.0, 4.0, 0.0, 0.0, 1.0, 1.0), Component.VELOCITY)
    assert [world.get(still, field) for field in speed] == [0.0, 0.0, 0.0]


def test_a_parent_without_extent_forgets_nothing(world):
    top = thing(world, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    child = child_of(world, top, (1.0, 2.0, 0.0, 0.0, 1.0, 1.0))
    world.set(child, X, 9.0)
    world.hierarchy.place()
    world.set(top, Field.TRANSFORM_SCALE_X, 1.0)
    world.set(top, Field.TRANSFORM_SCALE_Y, 1.0)
    world.hierarchy.place()
    assert place_of(world, child)[:2] == [1.0, 2.0]


def test_nobody_is_above_itself(world):
    top = thing(world)
    middle = child_of(world, top)
    bottom = child_of(world, middle)
    for parent in (top, middle, bottom):
        with pytest.raises(BadParent, match="below it"):
            world.hierarchy.set_parent(top, parent)
    assert world.hierarchy.parent_of(top) == 0


def test_what_cannot_be_a_child_is_refused(world):
    top, bare = thing(world), world.spawn([Component.TAG])
    body = world.spawn([Component.TRANSFORM, Component.BODY])
    with pytest.raises(BadParent, match="dynamic body"):
        world.hierarchy.set_parent(body, top)
    with pytest.raises(BadParent, match="dynamic body"):
        child_of(world, top, (0.0, 0.0, 0.0, 0.0, 1.0, 1.0), Component.BODY)
    with pytest.raises(BadParent, match="the child has no transform"):
        world.hierarchy.set_parent(bare, top)
    with pytest.raises(BadParent, match="the parent has no transform"):
        world.hierarchy.set_parent(top, bare)
    with pytest.raises(NoSuchEntity):
        world.hierarchy.set_parent(top, 12345 << 32)
    with pytest.raises(NoSuchEntity):
        child_of(world, 0)
    world.set(body, Field.BODY_KIND, BodyKind.KINEMATIC)
    world.hierarchy.set_parent(body, top)
    for change in (
        lambda: world.add_component(top, Component.PARENT),
        lambda: world.queue_add(top, Component.PARENT),
        lambda: world.set(body, Field.PARENT_ENTITY, body),
    ):
        with pytest.raises(ComponentError, match="set_parent"):
            change()
    world.remove_component(body, Component.PARENT)
    assert world.hierarchy.children_of(top) == []


def test_removing_a_parent_removes_all_below(world, check):
    top, other = thing(world), thing(world)
    children = [child_of(world, top) for _ in range(3)]
    grandchild = child_of(world, children[1])
    world.despawn(children[1])
    assert not world.exists(grandchild)
    assert world.hierarchy.children_of(top) == [children[0], children[2]]
    assert world.despawn_many(np.array([top, children[0], other], np.int64)) == 4
    assert len(world) == 0
    assert int(world.storage.counters[Counter.CHILDREN]) == 0
    check(world)


def test_destroying_a_parent_destroys_all_below_once(world):
    top = thing(world)
    children = [child_of(world, top) for _ in range(1500)]  # more than the buffer of commands holds
    world.destroy(children[2])
    world.destroy(top)
    world.destroy(top)
    batch = world.commands.take()
    assert batch.removals[:2].tolist() == [children[2], top]
    assert sorted(batch.removals.tolist()) == sorted([top, *children])
    assert not world.is_alive(children[5])
    world.apply_removals(batch)
    assert len(world) == 0


def test_a_long_chain_has_no_depth_limit(world):
    at = thing(world)
    top = at
    for _ in range(3000):
        at = child_of(world, at, (1.0, 0.0, 0.0, 0.0, 1.0, 1.0))
    assert world.get(at, X) == 3000.0
    world.set(top, Y, 2.0)
    world.hierarchy.place()
    assert world.get(at, Y) == 2.0
    world.despawn(top)
    assert len(world) == 0


# --- prefabs ----------------------------------------------------------------------------------------


def tank(world):
    """A family: tank → (turret → barrel), flag."""
    parts = [Component.TRANSFORM, Component.PARENT]
    top = world.define_prefab([Component.TRANSFORM])
    turret = world.define_prefab(parts, {Field.PARENT_X: 1.0}, top)
    world.define_prefab([*parts, Component.SPRITE], {Field.PARENT_X: 2.0}, turret)
    world.define_prefab([*parts, Component.TAG], {Field.PARENT_Y: 5.0, Field.TAG_NAME: "flag"}, top)
    return top


def test_a_prefab_is_born_as_a_family(world, check):
    number = tank(world)
    entity = world.spawn_prefab(number)
    world.set(entity, X, 10.0)
    batch = world.apply_commands()
    world.hierarchy.place()
    assert batch.births[0] == entity
    assert batch.prefabs.tolist() == [number, number + 1, number + 2, number + 3]
    turret, flag = world.hierarchy.children_of(entity)
    (barrel,) = world.hierarchy.children_of(turret)
    assert [world.get(one, X) for one in (turret, barrel, flag)] == [11.0, 13.0, 10.0]
    assert world.get(flag, Field.TAG_NAME) == "flag"
    check(world)


def test_a_family_whose_parent_goes_before_its_birth_never_was(world, check):
    entity = world.spawn_prefab(tank(world))
    world.destroy(entity)
    batch = world.apply_commands()
    assert (batch.withdrawn.size, batch.births.size, len(world)) == (4, 0, 0)
    check(world)


def test_taking_commands_back_takes_the_family_back(world, check):
    number = tank(world)
    kept = world.spawn_prefab(number)
    mark, before = len(world.commands), state_hash(world)
    world.spawn_prefab(number)
    world.destroy(kept)
    world.cancel_commands(mark)
    assert (state_hash(world), len(world)) == (before, 4)
    check(world)


def test_ids_do_not_depend_on_room(world, check):
    roomy = World()
    roomy.storage.grow_entities(100_000)
    roomy.storage.grow_commands(100_000)
    roomy.storage.grow_chunks(5_000)
    ids = [
        [one.spawn_prefab(number) for _ in range(1000)]
        for one, number in [(world, tank(world)), (roomy, tank(roomy))]
    ]
    assert ids[0] == ids[1]
    assert state_hash(world) == state_hash(roomy)
    check(world)


def test_members_follow_their_family(world):
    top = world.define_prefab([Component.TRANSFORM])
    world.define_prefab([Component.TRANSFORM])
    with pytest.raises(ValueError, match="defined last"):
        world.define_prefab([Component.TRANSFORM, Component.PARENT], None, top)


# --- against a model --------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["spawn", "child", "adopt", "free", "despawn", "destroy", "move", "place"]),
              st.integers(0, 30), st.integers(0, 30)),
    max_size=60,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_links_agree_with_a_plain_model(steps, check):
    world, parents = World(), {}
    for name, first, second in steps:
        living = sorted(parents)
        a = living[first % len(living)] if living else 0
        b = living[second % len(living)] if living else 0
        if name == "spawn" or not living:
            parents[thing(world)] = 0
        elif name == "child":
            parents[child_of(world, a)] = a
        elif name == "adopt":
            if b not in below(parents, a):
                world.hierarchy.set_parent(a, b)
                parents[a] = b
            else:
                with pytest.raises(BadParent):
                    world.hierarchy.set_parent(a, b)
        elif name == "free":
            world.hierarchy.set_parent(a, 0)
            parents[a] = 0
        elif name in {"despawn", "destroy"}:
            gone = below(parents, a)
            if name == "despawn":
                world.despawn(a)
            else:
                world.destroy(a)
                assert set(world.apply_commands().removals.tolist()) == gone
            parents = {one: parent for one, parent in parents.items() if one not in gone}
        elif name == "move":
            world.set(a, X, float(second))
        else:
            world.hierarchy.place()
    assert sorted(parents) == sorted(world.entities().tolist())
    assert {one: world.hierarchy.parent_of(one) for one in parents} == parents
    for one in parents:
        children = [child for child in parents if parents[child] == one]
        assert world.hierarchy.children_of(one) == sorted(children, key=index_of_id)
    assert world.storage.counters[Counter.CHILDREN] == sum(1 for parent in parents.values() if parent)
    assert world.storage.arrays[WorldSlot.FIRST_CHILD].max() < world.storage.entity_capacity
    check(world)


def below(parents, top):
    """Return an entity and all below it."""
    found = {top}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found
