"""The door through which Python asks for parents and children, and changes who follows whom."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.ecs.components import BodyKind, Component, Field
from engine.ecs.entity import INDEX_MASK, index_of_id
from engine.ecs.hierarchy import (
    adopt_child,
    collect_families,
    link_children,
    place_children,
    unlink_children,
)
from engine.ecs.layout import Counter, WorldSlot
from engine.ecs.values import Words
from engine.ecs.world_data import WorldData
from engine.errors import BadParent

I64 = npt.NDArray[np.int64]

_PLACED = tuple(field for field in Field if field.name.startswith("PARENT_PLACED_"))
_OWN_AND_SEEN = (
    (Field.PARENT_X, Field.TRANSFORM_X),
    (Field.PARENT_Y, Field.TRANSFORM_Y),
    (Field.PARENT_Z, Field.TRANSFORM_Z),
    (Field.PARENT_ROTATION, Field.TRANSFORM_ROTATION),
    (Field.PARENT_SCALE_X, Field.TRANSFORM_SCALE_X),
    (Field.PARENT_SCALE_Y, Field.TRANSFORM_SCALE_Y),
)


class Hierarchy:
    """Who is whose parent in a world."""

    def __init__(self, world: WorldData, toggle: Callable[[int], None]) -> None:
        """Take the world, and what gives an entity `Component.PARENT` or takes it."""
        self._world = world
        self._toggle = toggle

    def set_parent(self, child: int, parent: int, *, keep_world: bool = True) -> None:
        """Let an entity follow another one; with parent 0 it follows none and stays where it is.

        Args:
            keep_world: it stays where it is; otherwise its transform now counts from the parent.
        Raises:
            NoSuchEntity: a stale id.  BadParent: one of them has no transform, the child is a dynamic body,
                or the parent is the child itself or below it.
        """
        world = self._world
        index = world.index_of(child)
        if not parent:
            if self.parent_of(child):
                self._toggle(child)
            return
        self._check(child, parent)
        if not world.has_component(child, Component.PARENT):
            self._toggle(child)
        own, seen = world.row_of(child, Component.PARENT), world.row_of(child, Component.TRANSFORM)
        for field in _PLACED:  # no transform holds infinity: all of it was "moved since"
            world.column(field)[own] = np.inf if keep_world else np.nan
        for local, transform in _OWN_AND_SEEN:
            world.column(local)[own] = world.column(transform)[seen]
        adopt_child(world.table, index, index_of_id(parent))
        world.mark_changed(np.array([child], np.int64), Component.PARENT)

    def parent_of(self, entity: int) -> int:
        """Return the parent of an entity, or 0.

        Raises:
            NoSuchEntity: a stale id.
        """
        row = self._world.row_of(entity, Component.PARENT)
        return 0 if row < 0 else int(self._world.column(Field.PARENT_ENTITY)[row])

    def children_of(self, entity: int) -> list[int]:
        """Return the children of an entity by rising index.

        Raises:
            NoSuchEntity: a stale id.
        """
        arrays = self._world.storage.arrays
        child = int(arrays[WorldSlot.FIRST_CHILD][self._world.index_of(entity)])
        found: list[int] = []
        while child >= 0:
            found.append(child)
            child = int(arrays[WorldSlot.NEXT_SIBLING][child])
        return [self._world.entity_at(index) for index in sorted(found)]

    def place(self, *, after_physics: bool = False) -> None:
        """Make the transforms of all children from their parents'; see `hierarchy.place_below`."""
        place_children(self._world.table, after_physics)

    def check_new(self, components: frozenset[int], words: Words, count: int) -> None:
        """Check the parents of `count` entities that are to be made of these components and words.

        Raises:
            NoSuchEntity, BadParent.
        """
        if Component.PARENT not in components:
            return
        given = {field.number: word for field, word in words}
        parents = np.full(count, given.get(Field.PARENT_ENTITY, 0), np.int64)
        kind = given.get(Field.BODY_KIND, Field.BODY_KIND.default)
        for parent in np.unique(parents).tolist():
            self._check_pair(0, components, int(np.min(kind)), parent)

    def link_new(self, entities: I64) -> None:
        """Link new entities that name their parents, and place them."""
        link_children(self._world.table, (entities & INDEX_MASK) - 1)

    def unlink(self, entities: I64) -> None:
        """Take entities, which are about to go or to lose the component, from their parents."""
        if self._world.storage.counters[Counter.CHILDREN]:
            unlink_children(self._world.table, entities)

    def families_of(self, entities: I64) -> I64:
        """Return entities and all below them, each once, parents first."""
        storage = self._world.storage
        if not storage.counters[Counter.CHILDREN]:
            return entities
        seen = np.zeros(storage.entity_capacity, np.int64)
        found = np.empty(len(self._world), np.int64)
        return found[: collect_families(self._world.table, entities, seen, found)]

    def _check_pair(self, child: int, components: frozenset[int], kind: int, parent: int) -> None:
        if Component.TRANSFORM not in components:
            raise BadParent(child, parent, "the child has no transform")
        if Component.BODY in components and kind == BodyKind.DYNAMIC:
            raise BadParent(child, parent, "a dynamic body follows no parent: physics moves it")
        if not self._world.has_component(parent, Component.TRANSFORM):
            raise BadParent(child, parent, "the parent has no transform")

    def _check(self, child: int, parent: int) -> None:
        body = self._world.row_of(child, Component.BODY)
        kind = int(self._world.column(Field.BODY_KIND)[body]) if body >= 0 else int(BodyKind.STATIC)
        self._check_pair(child, frozenset(self._world.components_of(child)), kind, parent)
        above = parent
        while above:
            if above == child:
                raise BadParent(child, parent, "it is the child itself, or below it")
            above = self.parent_of(above)
