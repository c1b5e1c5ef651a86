"""Observers: when they are called, in which order, with what, and what they may not do."""

import gc
import weakref

import numpy as np
import pytest

from engine.ecs.components import Component
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.errors import DuplicateObserver, ObserverFailed, StructureLocked, UnknownComponent

pytestmark = pytest.mark.unit


@pytest.fixture
def heard(world):
    """What observers of everything about `health` and `tag` were told, in order."""
    told = []

    def hear(name):
        return lambda ids: told.append((name, ids.tolist()))

    world.observers.on_remove("tag", "-tag", hear("-tag"))
    world.observers.on_add("tag", "+tag", hear("+tag"))
    world.observers.on_despawn("gone", hear("gone"))
    world.observers.on_remove("health", "-health", hear("-health"))
    world.observers.on_add("health", "+health", hear("+health"))
    world.observers.on_add("health", "again", hear("again"))
    world.observers.on_spawn("new", hear("new"))
    return told


def take(told):
    taken, told[:] = list(told), []
    return taken


def test_a_bulk_spawn_is_one_call_each_by_component_then_as_registered(world, heard):
    ids = world.spawn_many(["tag", "health"], 3).tolist()
    assert [name for name, _ in heard] == ["new", "+tag", "+health", "again"]
    assert all(told == ids for _, told in take(heard))
    world.spawn(["tag"])
    assert [name for name, _ in take(heard)] == ["new", "+tag"]


def test_a_removal_is_told_before_with_the_values_in_place(world, heard):
    ids = world.spawn_many(["tag", "health"], 3, {"health.value": 7.0})
    world.observers.on_remove(
        "health",
        "values",
        lambda going: heard.append(("values", world.values_of(going, "health.value").tolist())),
    )
    take(heard)
    world.despawn_many(np.array([ids[2], ids[0], ids[2], 99]))
    assert take(heard) == [
        ("-tag", [ids[2], ids[0]]),
        ("-health", [ids[2], ids[0]]),
        ("values", [7.0, 7.0]),
        ("gone", [ids[2], ids[0]]),
    ]
    world.despawn(int(ids[1]))
    assert [name for name, _ in heard] == ["-tag", "-health", "values", "gone"]


def test_single_components_are_told_of_alone(world, heard):
    entity = world.spawn([])
    take(heard)
    world.observers.on_add(
        "health", "value", lambda ids: heard.append(("value", world.get(int(ids[0]), "health.value")))
    )
    world.add_component(entity, "health", {"health.value": 3.0})
    assert take(heard) == [("+health", [entity]), ("again", [entity]), ("value", 3.0)]
    world.remove_component(entity, "health")
    assert take(heard) == [("-health", [entity])]


def test_the_unborn_are_told_of_at_their_birth_and_the_withdrawn_never(world, heard):
    prefab = world.define_prefab(["health"])
    copy, made, withdrawn = world.spawn_prefab(prefab), world.queue_spawn(["tag"]), world.queue_spawn(["tag"])
    world.queue_add(made, "health")
    world.destroy(withdrawn)
    world.cancel_commands(len(world.commands))
    assert heard == []
    world.apply_commands()
    assert take(heard) == [
        ("new", [copy, made]),
        ("+tag", [made]),
        ("+health", [copy, made]),
        ("again", [copy, made]),
    ]


def test_queued_changes_are_told_by_runs_of_one_kind(world, heard):
    one, other, last = world.spawn_many(["tag"], 3).tolist()
    take(heard)
    for entity in (other, one, other):
        world.queue_add(entity, "health")
    world.queue_remove(one, "tag")
    world.queue_add(last, "health")
    world.destroy(last)
    world.apply_commands()
    assert take(heard) == [
        ("-tag", [last]),
        ("gone", [last]),
        ("+health", [other, one]),
        ("again", [other, one]),
        ("-tag", [one]),
    ]


def test_what_an_observer_queues_waits(world):
    made = []
    world.observers.on_add("health", "follow", lambda ids: made.append(world.queue_spawn(["tag"])))
    world.spawn(["health"])
    assert world.is_unborn(made[0])
    world.apply_commands()
    assert Query(world, ["tag"]).entities().tolist() == made
    world.observers.on_despawn("last words", lambda ids: made.append(world.queue_spawn(["tag"])))
    world.destroy(made[0])
    world.apply_commands()
    assert world.is_unborn(made[1])


@pytest.mark.parametrize(
    "change",
    [
        lambda world, entity: world.spawn(["tag"]),
        lambda world, entity: world.despawn(entity),
        lambda world, entity: world.add_component(entity, "tag"),
        lambda world, entity: world.remove_component(entity, "health"),
        lambda world, entity: world.hierarchy.set_parent(entity, world.entities().tolist()[0]),
        lambda world, entity: world.apply_commands(),
    ],
)
def test_an_observer_cannot_change_structure_at_once(world, change):
    world.spawn(["transform"])
    world.observers.on_add("health", "hasty", lambda ids: change(world, int(ids[0])))
    with pytest.raises(
        ObserverFailed, match="observer `hasty` failed in on_add of `health`: StructureLocked"
    ) as caught:
        world.spawn(["health", "transform"])
    assert isinstance(caught.value.__cause__, StructureLocked)
    world.observers.remove("hasty")
    assert world.spawn(["health"])


def test_a_failing_observer_is_named_and_stops_a_removal(world):
    entity = world.spawn([])

    def fail(_ids):
        raise KeyError("score")

    world.observers.on_despawn("score keeper", fail)
    with pytest.raises(ObserverFailed, match="`score keeper` failed in on_despawn: KeyError: 'score'"):
        world.despawn(entity)
    assert world.exists(entity)


def test_names_are_unique_and_components_known(world):
    world.observers.on_spawn("a", print)
    with pytest.raises(DuplicateObserver, match="`a` is registered already"):
        world.observers.on_add("tag", "a", print)
    with pytest.raises(UnknownComponent, match="did you mean `health`"):
        world.observers.on_add("helth", "b", print)
    assert len(world.observers) == 1
    world.observers.remove("a")
    world.observers.remove("a")
    assert len(world.observers) == 0


def test_components_that_a_scene_declares_are_observed_too(world, heard):
    leaf = world.declare("leaf", [("size", "float", 1.0)])
    told = []
    world.observers.on_add(
        "leaf", "leaves", lambda ids: told.extend(world.values_of(ids, "leaf.size").tolist())
    )
    world.spawn_many([Component.TRANSFORM, leaf.number], 2, {"leaf.size": 2.0})
    assert told == [2.0, 2.0]


def test_a_world_goes_with_its_last_reference():
    world = World()
    gone = weakref.ref(world.storage)
    gc.disable()
    try:
        del world
        assert gone() is None
    finally:
        gc.enable()
