"""From the blueprints of a scene to entities: prefabs, families, values of declared components."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.animation.system import AnimationBook
from engine.ecs.components import Component, Field
from engine.ecs.layout import Counter, WorldSlot
from engine.ecs.storage import Column
from engine.ecs.values import Value
from engine.ecs.world import World
from engine.errors import UnknownPrefab
from engine.game.populate import Parts, columns_of
from engine.physics.step import PhysicsSystem
from engine.scene.blueprints import Blueprint
from engine.scene.description import PlacedEntity, SceneDescription
from lang.jit import I64

NO_PARENT = -1
_POSITION = (Field.TRANSFORM_X, Field.TRANSFORM_Y, Field.TRANSFORM_Z)
_PREVIOUS = (Field.TRANSFORM_PREVIOUS_X, Field.TRANSFORM_PREVIOUS_Y)


def declare_components(world: World, scene: SceneDescription) -> None:
    """Declare a scene's own components; call it before anything is spawned."""
    for component in scene.components.values():
        world.declare(
            component.name,
            [(one.name, one.type, 0 if one.type == "entity" else one.default) for one in component.fields],
        )


@dataclass(frozen=True, slots=True)
class Prefabs:
    """The prefabs of a world: number by name, and the scripts of each member of their families."""

    numbers: dict[str, int]
    scripts: dict[int, tuple[str, ...]]


def spawn_by_name(world: World, prefabs: Prefabs, name: str, position: Sequence[float]) -> int:
    """Make an unborn copy of a prefab and its children, born in the next stage `commands`.

    Args:
        position: x and y in metres, and z to change that of the prefab.
    Returns:
        Its id, valid at once.
    Raises:
        UnknownPrefab: the scene has none of this name.  ValueError: a coordinate is NaN or infinite.
    """
    if not all(map(math.isfinite, position)):
        raise ValueError(f"a position is made of finite numbers, not {position}")
    if name not in prefabs.numbers:
        raise UnknownPrefab(name, prefabs.numbers)
    entity = world.spawn_prefab(prefabs.numbers[name])
    for fields in (_POSITION, _PREVIOUS):
        for field, value in zip(fields, position, strict=False):
            world.set(entity, field, value)
    world.hierarchy.place()
    return entity


@dataclass(frozen=True, slots=True)
class _Wish:
    """A field that is to name the entity with a tag; rows of the component's pool."""

    field: int
    tag: str
    rows: I64


class Spawner:
    """Makes the prefabs and the entities of one scene in a world.

    Attributes:
        effects: names of the effects by their numbers. book: of the clips and animators.
    """

    def __init__(
        self,
        world: World,
        physics: PhysicsSystem,
        scene: SceneDescription,
        book: AnimationBook,
        party_of: Callable[[str], int],
    ) -> None:
        """Make one; `party_of` tells to whom entities with a script belong."""
        self._world = world
        self.effects = tuple(scene.effects)
        self._physics = physics
        self._party_of = party_of
        self.book = book
        self._wishes: list[_Wish] = []

    def define_prefabs(self, prefabs: Mapping[str, Blueprint], found: Prefabs) -> None:
        """Define prefabs with their children; each gets a new number in `found`, old numbers stay valid."""
        for name, blueprint in prefabs.items():
            found.numbers[name] = self._define(blueprint, NO_PARENT, found)

    def _define(self, blueprint: Blueprint, parent: int, found: Prefabs) -> int:
        components, values = self.columns(blueprint, is_child=parent != NO_PARENT)
        number = self._world.define_prefab(components, values, parent)
        found.scripts[number] = blueprint.parts.script_names
        arrays = self._world.storage.arrays
        chunk, row = int(arrays[WorldSlot.PREFAB_CHUNK][number]), int(arrays[WorldSlot.PREFAB_ROW][number])
        for component, field, tag in self._tags(blueprint):
            base = int(arrays[WorldSlot.CHUNK_BASE][chunk * self._world.storage.component_count + component])
            self._wishes.append(_Wish(field, tag, np.array([base + row])))
        for child in blueprint.children.values():
            self._define(child, number, found)
        return number

    def spawn(self, copies: list[PlacedEntity], scripted: list[tuple[int, tuple[str, ...]]]) -> list[I64]:
        """Spawn copies of one entity; call `finish` after the last.

        Args:
            scripted: (entity, scripts) of those with scripts are added.
        Returns:
            Of each member of the family, parents first, the ids of its copies.
        """
        members: list[I64] = []
        self._spawn(copies[0].blueprint, _places(copies), len(copies), scripted, members)
        return members

    def finish(self) -> None:
        """Place what was spawned, and name the entities that fields wish for."""
        self._world.hierarchy.place()
        self._fulfil()

    def _spawn(
        self,
        blueprint: Blueprint,
        columns: dict[int, Column],
        count: int,
        scripted: list[tuple[int, tuple[str, ...]]],
        members: list[I64],
    ) -> None:
        components, values = self.columns(blueprint, is_child=Field.PARENT_ENTITY in columns)
        counters = self._world.storage.counters
        counters[Counter.PARTY] = max(map(self._party_of, blueprint.parts.script_names), default=0)
        ids = self._world.spawn_many(components, count, values, columns)
        counters[Counter.PARTY] = 0
        members.append(ids)
        if blueprint.parts.script_names:
            scripted += [(entity, blueprint.parts.script_names) for entity in ids.tolist()]
        for component, field, tag in self._tags(blueprint):
            rows = np.array([self._world.row_of(entity, component) for entity in ids.tolist()])
            self._wishes.append(_Wish(field, tag, rows))
        for child in blueprint.children.values():
            self._spawn(child, {Field.PARENT_ENTITY: ids}, count, scripted, members)

    def columns(self, blueprint: Blueprint, *, is_child: bool) -> tuple[list[int], Parts]:
        """Return the components of one member of a family and the values of their fields, its place apart."""
        components, values = columns_of(blueprint.parts, self._physics, self.effects, self.book)
        registry = self._world.registry
        for name, given in blueprint.declared.items():
            spec = registry.component(name)
            components.append(spec.number)
            for one in spec.properties:
                values.update(_words(one.first_field, 0 if one.type == "entity" else given[one.name]))
        if is_child:
            components.append(Component.PARENT)
            x, y, z = blueprint.parts.place
            local = (x, y, z, blueprint.parts.rotation, *blueprint.parts.scale)
            values.update({Field.PARENT_X + at: value for at, value in enumerate(local)})
        return components, values

    def _tags(self, blueprint: Blueprint) -> list[tuple[int, int, str]]:
        """Return (component, field, tag) of the fields that name an entity."""
        specs = [(self._world.registry.component(name), given) for name, given in blueprint.declared.items()]
        return [
            (spec.number, one.first_field, str(given[one.name]))
            for spec, given in specs
            for one in spec.properties
            if one.type == "entity" and given[one.name]
        ]

    def _fulfil(self) -> None:
        """Write the entities that fields are to name: the first with the tag, none if there is none."""
        world = self._world
        first_of: dict[str, int] = {}
        for entity in world.entities().tolist() if self._wishes else []:
            if world.has_component(entity, Component.TAG):
                first_of.setdefault(str(world.get(entity, Field.TAG_NAME)), entity)
        for wish in self._wishes:
            world.column(wish.field)[wish.rows] = first_of.get(wish.tag, 0)
        self._wishes.clear()


def _words(first_field: int, value: Value | Sequence[float]) -> Parts:
    """Return the values of the columns of a property."""
    if isinstance(value, tuple):
        return {first_field + at: part for at, part in enumerate(value)}
    assert not isinstance(value, Sequence) or isinstance(value, str), "vectors are tuples"
    return {first_field: value}


def _places(copies: list[PlacedEntity]) -> dict[int, Column]:
    x = np.array([one.x for one in copies])
    y = np.array([one.y for one in copies])
    z = np.array([one.z for one in copies])
    return {
        Field.TRANSFORM_X: x,
        Field.TRANSFORM_Y: y,
        Field.TRANSFORM_Z: z,
        Field.TRANSFORM_PREVIOUS_X: x,
        Field.TRANSFORM_PREVIOUS_Y: y,
    }
