"""The entities of a scene in a game, table by table, and what becomes of them when the scene was saved.

A changed key of an ``[[entity]]`` table is written to the entities that it made; what it does not name keeps
what the game made of it. New tables are born, removed ones destroyed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from engine.ecs.components import Field
from engine.ecs.values import Value
from engine.ecs.world import World
from engine.game.spawning import Spawner
from engine.scene.blueprints import Blueprint
from engine.scene.description import PlacedEntity
from engine.scene.tables import Entity
from engine.scripting.scripts import Scripts
from lang.jit import I64

GiveLife = Callable[[I64, str | None], None]
"""Runs the top levels of entities, then their `on_spawn`; of one script alone when it is named."""
Scripted = list[tuple[int, tuple[str, ...]]]
"""Entities with the scripts that they are to get."""
_NOTHING = object()
_PLACE = (Field.TRANSFORM_X, Field.TRANSFORM_Y, Field.TRANSFORM_Z)
_PREVIOUS = (Field.TRANSFORM_PREVIOUS_X, Field.TRANSFORM_PREVIOUS_Y)


@dataclass(slots=True)
class PlacedTable:
    """One ``[[entity]]`` of a scene, or one object of its map, in the world.

    Attributes:
        copies: what it says, once for each copy.
        members: of each member of the family, parents first, the ids of its copies.
    """

    copies: list[PlacedEntity]
    members: list[I64]

    @property
    def blueprint(self) -> Blueprint:
        """What all copies are born with."""
        return self.copies[0].blueprint


class SceneEntities:
    """The entities that a scene made in a world.

    Attributes:
        tables: in the order of the scene.
    """

    def __init__(self, world: World, scripts: Scripts, spawner: Spawner, give_life: GiveLife) -> None:
        self._world = world
        self._scripts = scripts
        self._spawner = spawner
        self._give_life = give_life
        self.tables: list[PlacedTable] = []

    def spawn(self, entities: Sequence[PlacedEntity]) -> Scripted:
        """Spawn the entities of a scene, which are not alive yet; returns those with scripts."""
        scripted: Scripted = []
        for copies in _by_table(entities):
            self.tables.append(PlacedTable(copies, self._spawner.spawn(copies, scripted)))
        self._spawner.finish()
        return scripted

    def attach(self, scripted: Scripted) -> I64:
        """Give entities their scripts; returns the entities."""
        for entity, scripts in scripted:
            for name in scripts:
                self._scripts.attach(entity, name)
        return np.array([entity for entity, _ in scripted], np.int64)

    # --- a saved scene ------------------------------------------------------------------------------

    def change(self, entities: Sequence[PlacedEntity]) -> None:
        """Take what a new version of the scene says."""
        found: list[PlacedTable] = []
        late: Scripted = []
        for known, copies in _matched(self.tables, list(_by_table(entities))):
            table = known or PlacedTable(copies, [])
            if known is not None and (not copies or not _same_family(known.blueprint, copies[0].blueprint)):
                self._destroy(known, 0)
                table = PlacedTable(copies, [])
            elif known is not None:
                self._update(known, copies, late)
            if copies:
                found.append(table)
        scripted: Scripted = []
        for table in found:
            self._spawn_missing(table, scripted)
        self._spawner.finish()
        self.tables = found
        self._scripts.link_world()
        self._give_life(self.attach(scripted), None)
        for entity, scripts in late:
            for name in scripts:
                self._scripts.attach(entity, name)
                self._give_life(np.array([entity], np.int64), name)

    def _spawn_missing(self, table: PlacedTable, scripted: Scripted) -> None:
        """Spawn the copies that are not there yet."""
        there = len(table.members[0]) if table.members else 0
        if len(table.copies) > there:
            more = self._spawner.spawn(table.copies[there:], scripted)
            before = table.members or [ids[:0] for ids in more]
            table.members = [np.concatenate(both) for both in zip(before, more, strict=True)]

    def _destroy(self, table: PlacedTable, first: int) -> None:
        """Destroy the copies from the `first` on; their children go with them."""
        for entity in table.members[0][first:].tolist():
            if self._world.exists(entity):
                self._world.destroy(entity)

    def _update(self, table: PlacedTable, copies: list[PlacedEntity], late: Scripted) -> None:
        """Write what is new in a table to its entities; those that are too many are destroyed."""
        if table.blueprint != copies[0].blueprint:
            families = (table.blueprint.family(), copies[0].blueprint.family(), table.members)
            for number, (before, after, ids) in enumerate(zip(*families, strict=True)):
                self._write(before, after, ids.tolist(), late, is_child=number > 0)
        if len(copies) == len(table.copies) == 1:
            self._move(table.copies[0], copies[0], int(table.members[0][0]))
        self._destroy(table, len(copies))
        table.members = [ids[: len(copies)] for ids in table.members]
        table.copies = copies

    def _move(self, before: PlacedEntity, after: PlacedEntity, entity: int) -> None:
        place = (after.x, after.y, after.z)
        if place != (before.x, before.y, before.z) and self._world.exists(entity):
            for fields in (_PLACE, _PREVIOUS):
                for field, value in zip(fields, place, strict=False):
                    self._world.set(entity, field, value)

    def _write(
        self, before: Blueprint, after: Blueprint, ids: list[int], late: Scripted, *, is_child: bool
    ) -> None:
        """Write the keys that differ to entities, and give and take components and scripts."""
        old_parts, old = self._spawner.columns(before, is_child=is_child)
        parts, new = self._spawner.columns(after, is_child=is_child)
        values = {field: value for field, value in new.items() if old.get(field, _NOTHING) != value}
        added = [one for one in parts if one not in old_parts]
        removed = [one for one in old_parts if one not in parts]
        for entity in filter(self._world.exists, ids):
            self._write_one(entity, added, removed, values)
            scripts, had = after.parts.script_names, before.parts.script_names
            for name in (one for one in had if one not in scripts):
                self._scripts.detach(entity, name)
            late.append((entity, tuple(one for one in scripts if one not in had)))

    def _write_one(self, entity: int, added: list[int], removed: list[int], values: dict[int, Value]) -> None:
        world = self._world
        for component in removed:
            if world.has_component(entity, component):
                world.remove_component(entity, component)
        for component in added:
            if not world.has_component(entity, component):
                world.add_component(entity, component)
        for field, value in values.items():
            if world.has_component(entity, world.registry.fields[field].component):
                world.set(entity, field, value)


def _by_table(entities: Sequence[PlacedEntity]) -> Iterator[list[PlacedEntity]]:
    for _, copies in groupby(entities, key=lambda one: one.table):
        yield list(copies)


def _same_family(before: Blueprint, after: Blueprint) -> bool:
    """Return whether children have the same names, at every depth."""
    return list(before.children) == list(after.children) and all(
        _same_family(one, after.children[name]) for name, one in before.children.items()
    )


Match = tuple[PlacedTable | None, list[PlacedEntity]]


def _matched(old: list[PlacedTable], new: list[list[PlacedEntity]]) -> Iterator[Match]:
    """Pair the tables of two versions: those recognised by all of their key, then those of one name.

    Yields the new ones in their order, then the old ones that are gone.
    """
    left = old.copy()
    found: dict[int, PlacedTable] = {}
    for key in (_key, _name):
        waiting: dict[tuple[object, ...], list[PlacedTable]] = {}
        for table in reversed(left):
            waiting.setdefault(key(table.copies), []).append(table)
        for number, copies in enumerate(new):
            if number not in found and waiting.get(key(copies)):
                found[number] = waiting[key(copies)].pop()
        taken = {id(table) for table in found.values()}
        left = [table for table in left if id(table) not in taken]
    yield from ((found.get(number), copies) for number, copies in enumerate(new))
    yield from ((table, []) for table in left)


def _name(copies: list[PlacedEntity]) -> tuple[object, ...]:
    """Return what a table is called by those who look for its entities."""
    return copies[0].prefab, copies[0].parts.tag


def _key(copies: list[PlacedEntity]) -> tuple[object, ...]:
    """Return what tables are recognised by."""
    parts = copies[0].parts
    assert isinstance(parts, Entity), "it was read as one"
    return (*_name(copies), parts.position, parts.count, parts.script_names)
