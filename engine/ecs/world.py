"""The world: entities that come and go and change their components, for Python code.

What changes structure does so at once, in bulk where it can; inside a tick use `destroy`, `spawn_prefab`
and the `queue_…` methods, which wait for stage `commands`. Ids go in and out; a stale one raises
`NoSuchEntity`. Compiled code reaches all of it through `table`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.ecs import births, bulk
from engine.ecs.commands import Batch, Commands, QueuedWords, runs_of
from engine.ecs.components import Component
from engine.ecs.entity import INDEX_MASK
from engine.ecs.families import Hierarchy
from engine.ecs.hierarchy import destroy_families, refuse_parent
from engine.ecs.layout import CHUNK_ROWS, FULL, NONE, Command, WorldSlot
from engine.ecs.observers import Observers
from engine.ecs.prefabs import make_template
from engine.ecs.snapshot import WorldSnapshot, put_back, take_snapshot
from engine.ecs.strings import DEFAULT_LIMIT
from engine.ecs.values import Columns, SameWords, Values, bits_of, encode, encode_columns
from engine.ecs.world_data import WorldData
from engine.errors import DuplicateComponent, EngineError, MissingComponent, UnknownPrefab

I64 = npt.NDArray[np.int64]
Components = Iterable[int] | Iterable[str]
SPARE = 4
"""Chunks and ranges of every pool that `make_room` leaves free, at least."""


def _no_scripts(_entity: int, name: str, _arguments: Sequence[Any]) -> None:
    raise EngineError(f"`{name}` cannot be emitted: this world has no scripts, that of a Game has")


class World(WorldData):
    """Entities with components in archetypes over pooled columns."""

    def __init__(self, string_limit: int = DEFAULT_LIMIT) -> None:
        super().__init__(string_limit)
        self.commands = Commands(self.storage)
        self.observers = Observers(self.registry)
        self.on_emit: Callable[[int, str, Sequence[Any]], None] = _no_scripts

    @property
    def hierarchy(self) -> Hierarchy:
        """Who is whose parent; made when asked for, so that a world goes with its last reference."""
        return Hierarchy(self, self._toggle_parent)

    def make_room(self) -> None:
        """Serve a kernel that answered "full": room for some entities, chunks and commands."""
        largest = int(self.storage.arrays[WorldSlot.PREFAB_MEMBERS].max(initial=0))  # of all families
        self.storage.grow_entities(max(CHUNK_ROWS, largest))
        self.storage.grow_chunks(max(SPARE, largest))
        self.storage.grow_commands(max(CHUNK_ROWS, largest, self.storage.component_count))
        self.storage.grow_command_values(4 * self.registry.field_limit + self.storage.component_count)
        self.storage.grow_pools(range(self.storage.component_count), max(SPARE, largest))

    def snapshot(self) -> WorldSnapshot:
        """Return a copy of all state, which `restore` puts back; see `engine.ecs.snapshot`."""
        return take_snapshot(self)

    def restore(self, snapshot: WorldSnapshot) -> None:
        """Return to the state of a snapshot of this world, or of one that declares the same components.

        Raises:
            ValueError: the other world declares other components.
        """
        self.observers.refuse_changes()
        put_back(self, snapshot)

    def emit(self, entity: int, name: str, arguments: Sequence[Any] = ()) -> None:
        """Let an engine event happen to an entity of a game: its scripts are told in stage `events`.

        Args:
            name: the callback, such as `on_damage`. arguments: as many as it takes, or fewer; copied.
        Raises:
            NoSuchEntity, ScriptAccessError: see `docs/engine-python.md`.  TooMuchWaits.
        """
        self.on_emit(entity, name, arguments)

    # --- at once --------------------------------------------------------------------------------------

    def spawn(self, components: Components, values: Values | None = None) -> int:
        """Make an entity at once and return its id; fields without a value get their default.

        Raises:
            UnknownComponent, MissingComponent, BadFieldValue.
        """
        return int(self.spawn_many(components, 1, values)[0])

    def spawn_many(
        self,
        components: Components,
        count: int,
        values: Values | None = None,
        columns: Columns | None = None,
    ) -> I64:
        """Make `count` entities at once and return their ids in order.

        `values` are the same for all; `columns` give [count] words by field: float64 for float fields,
        else int64 (string ids, entity ids, 0 or 1). With `Component.PARENT` and a `Field.PARENT_ENTITY` they
        become children.

        Raises:
            UnknownComponent, UnknownField, MissingComponent, BadFieldValue, NoSuchEntity, BadParent.
        """
        self.observers.refuse_changes()
        ids = self._make(self._checked(components), (), count, values, columns)
        self.observers.tell_spawned(self, ids)
        return ids

    def despawn(self, entity: int) -> None:
        """Remove an entity and all below it at once.

        Raises:
            NoSuchEntity: the id is stale or never was valid.
        """
        self.index_of(entity)
        self.despawn_many(np.array([entity], np.int64))

    def despawn_many(self, entities: I64) -> int:
        """Remove entities and all below them at once, but for stale ids; return how many were removed."""
        self.observers.refuse_changes()
        ids = self.hierarchy.families_of(np.ascontiguousarray(entities, np.int64))
        self.observers.tell_despawning(self, ids)
        self.hierarchy.unlink(ids)
        return int(bulk.remove_entities(self.table, ids, np.empty(ids.size, np.int64)))

    def add_component(self, entity: int, component: int | str, values: Values | None = None) -> None:
        """Give an entity a component at once.

        Raises:
            DuplicateComponent: it has it.  NoSuchEntity, UnknownComponent, BadFieldValue.
        """
        self.observers.refuse_changes()
        spec = self.registry.component(component)
        refuse_parent(spec.number)
        if self.has_component(entity, spec.number):
            raise DuplicateComponent(spec.name, entity)
        words = encode(self.registry, self.strings, frozenset({spec.number}), values)
        self._add(np.array([entity], np.int64), spec.number, SameWords(words))

    def remove_component(self, entity: int, component: int | str) -> None:
        """Take a component from an entity at once.

        Raises:
            MissingComponent: it lacks it.  NoSuchEntity, UnknownComponent.
        """
        self.observers.refuse_changes()
        spec = self.registry.component(component)
        if not self.has_component(entity, spec.number):
            raise MissingComponent(entity, spec.name)
        self._remove(np.array([entity], np.int64), spec.number)

    # --- prefabs and deferred changes -----------------------------------------------------------------

    def define_prefab(self, components: Components, values: Values | None = None, parent: int = NONE) -> int:
        """Make a template that `spawn_prefab` copies; return its number (0, 1, …).

        With `parent`, the number of an earlier prefab, each copy of that one gets a copy of this as its
        child. `components` then hold `Component.PARENT`, and a family is defined parents first, without
        other prefabs in between.
        """
        chosen = self._checked(components)
        if parent != NONE and Component.PARENT not in chosen:
            raise MissingComponent(None, "parent")
        words = encode(self.registry, self.strings, chosen, values)
        template = self.archetypes.number_of(chosen | {Component.PREFAB})
        spawned = self.archetypes.number_of(chosen | {Component.UNBORN})
        self._reserve(chosen | {Component.PREFAB}, 1)
        return self.storage.add_prefab(*make_template(self.storage, template, words), spawned, parent)

    def spawn_prefab(self, prefab: int) -> int:
        """Make an unborn copy of a prefab and of its children, whose births wait for `commands`.

        Returns its id; the children stand where they belong after `hierarchy.place`.

        Raises:
            UnknownPrefab: no prefab has this number.
        """
        if not 0 <= prefab < self.storage.arrays[WorldSlot.PREFAB_CHUNK].size:
            raise UnknownPrefab(prefab)
        while (entity := int(births.spawn_one_prefab(self.table, prefab))) == FULL:
            self.make_room()
        return entity

    def queue_spawn(self, components: Components, values: Values | None = None) -> int:
        """Make an entity whose birth waits for `commands`; its id and its values are there at once.

        Raises:
            UnknownComponent, MissingComponent, BadFieldValue.
        """
        return int(self.queue_spawn_many(components, 1, values)[0])

    def queue_spawn_many(
        self,
        components: Components,
        count: int,
        values: Values | None = None,
        columns: Columns | None = None,
    ) -> I64:
        """Make `count` entities whose birth waits for `commands`; as `spawn_many` otherwise."""
        ids = self._make(self._checked(components), (Component.UNBORN,), count, values, columns)
        self.commands.push_births(ids)
        return ids

    def destroy(self, entity: int) -> None:
        """Mark an entity and all below it for destruction; they are removed in stage `commands`.

        Raises:
            NoSuchEntity: the id is stale or never was valid.
        """
        self.index_of(entity)
        self.destroy_many(np.array([entity], np.int64))

    def destroy_many(self, entities: I64) -> None:
        """Mark entities and all below them for destruction, but for stale ids, as `destroy` does."""
        ids = np.ascontiguousarray(entities, np.int64)
        done = 0
        while (done := int(destroy_families(self.table, ids, done))) < ids.size:
            self.storage.grow_commands(len(self))

    def queue_add(self, entity: int, component: int | str, values: Values | None = None) -> None:
        """Give an entity a component in stage `commands`, unless it has it by then.

        Raises:
            NoSuchEntity, UnknownComponent, UnknownField, MissingComponent, BadFieldValue.
        """
        self.index_of(entity)
        number = self.registry.component(component).number
        refuse_parent(number)
        words = encode(self.registry, self.strings, frozenset({number}), values)
        self.commands.push(Command.ADD, entity, number, self.commands.keep_values(words))

    def queue_remove(self, entity: int, component: int | str) -> None:
        """Take a component from an entity in stage `commands`, if it has it then.

        Raises:
            NoSuchEntity, UnknownComponent.
        """
        self.index_of(entity)
        self.commands.push(Command.REMOVE, entity, self.registry.component(component).number)

    def cancel_commands(self, mark: int) -> None:
        """Take back what was queued since `len(commands)` was `mark`; what it spawned never was."""
        births.cancel_commands_from(self.table, mark)

    def apply_commands(self) -> Batch:
        """Take the queued commands and apply them all: removals, changes, births."""
        batch = self.commands.take()
        self.apply_removals(batch)
        self.apply_changes(batch)
        self.apply_births(batch)
        return batch

    def apply_removals(self, batch: Batch) -> None:
        """Remove the entities of a batch."""
        for entities in (batch.withdrawn, batch.removals):
            if entities.size:
                self.despawn_many(entities)

    def apply_changes(self, batch: Batch) -> None:
        """Add and remove components in order; what no longer applies is skipped."""
        self.observers.refuse_changes()
        if not len(batch.changes):
            return
        for kind, component, entities, places in runs_of(batch.changes):
            wanted = kind == Command.REMOVE
            known = np.isin(entities, self.existing(entities))
            _, first = np.unique(entities, return_index=True)
            chosen = np.sort(
                first[((self.rows_of(entities, component) >= 0) == wanted)[first] & known[first]]
            )
            if wanted:
                self._remove(entities[chosen], component)
            else:
                self._add(entities[chosen], component, QueuedWords(places[chosen], batch.values))

    def apply_births(self, batch: Batch) -> None:
        """Let the unborn entities of a batch join the queries."""
        self.observers.refuse_changes()
        if not batch.births.size:
            return
        born = self.existing(batch.births)
        self._transfer(born, self.storage.arrays[WorldSlot.ARCHETYPE_BORN], added=True)
        self.observers.tell_spawned(self, born)

    # --- inside -------------------------------------------------------------------------------------

    def _checked(self, components: Components) -> frozenset[int]:
        return frozenset(self.registry.component(component).number for component in components)

    def _make(
        self,
        components: frozenset[int],
        marks: Iterable[int],
        count: int,
        values: Values | None,
        columns: Columns | None,
    ) -> I64:
        """Make rows of entities; `marks` are components of the engine's own that they get as well."""
        words = encode(self.registry, self.strings, components, values)
        given = encode_columns(self.registry, components, count, columns)
        self.hierarchy.check_new(components, [*words, *given], count)
        template = self.storage.arrays[WorldSlot.FIELD_DEFAULT].copy()
        for spec, word in words:
            template[spec.number] = bits_of(spec, word)
        sources = [
            (spec.number, column.ctypes.data, column.size) for spec, column in given
        ]  # `given` keeps the columns alive during the call
        everything = components | frozenset(marks)
        archetype = self.archetypes.number_of(everything)
        ids = np.empty(count, np.int64)
        self._reserve(everything, count)
        done = bulk.spawn_rows(self.table, archetype, template, np.array(sources, np.int64).ravel(), ids, 0)
        assert done == count, "room was reserved"
        if Component.PARENT in components:
            self.hierarchy.link_new(ids)
        return ids

    def _add(self, entities: I64, component: int, words: SameWords | QueuedWords) -> None:
        """Give a component to entities that exist and lack it."""
        self._move(entities, component)
        words.write(self.storage, self.rows_of(entities, component))
        self.observers.tell_added(self, entities, component)

    def _remove(self, entities: I64, component: int) -> None:
        """Take a component from entities that exist and have it."""
        self.observers.tell_removing(self, entities, component)
        if component == Component.PARENT:
            self.hierarchy.unlink(entities)
        self._move(entities, component)

    def _toggle_parent(self, entity: int) -> None:
        """Give an entity `Component.PARENT`, or take it."""
        self.observers.refuse_changes()
        toggled = np.array([entity], np.int64)
        if self.has_component(entity, Component.PARENT):
            self._remove(toggled, Component.PARENT)
        else:
            self._add(toggled, Component.PARENT, SameWords([]))

    def _move(self, entities: I64, component: int) -> None:
        """Move entities to the archetypes that differ from theirs in one component."""
        arrays = self.storage.arrays
        present = arrays[WorldSlot.CHUNK_ARCHETYPE][arrays[WorldSlot.CHUNK][(entities & INDEX_MASK) - 1]]
        targets = np.full(len(self.archetypes), NONE, np.int64)
        for archetype in np.unique(present).tolist():
            changed = self.archetypes.components_of(archetype) ^ {component}
            targets[archetype] = self.archetypes.number_of(changed)
            self._reserve(changed, int(np.count_nonzero(present == archetype)), fresh=0)
        self._transfer(entities, targets, added=False)

    def _transfer(self, entities: I64, targets: I64, *, added: bool) -> None:
        """Move entities to the archetypes that `targets` has for theirs."""
        places = np.empty(entities.size, np.int64)
        done = 0
        while done < entities.size:
            done = int(bulk.move_entities(self.table, entities, targets, added, places, done))
            if done < entities.size:
                self.make_room()

    def _reserve(self, components: Iterable[int], count: int, *, fresh: int | None = None) -> None:
        """Make room for `count` rows and `fresh` indices (as many, unless told)."""
        chunks = count // CHUNK_ROWS + 2
        self.storage.grow_entities(count if fresh is None else fresh)
        self.storage.grow_chunks(chunks)
        self.storage.grow_pools(components, chunks)
