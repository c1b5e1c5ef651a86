"""Observers: Python callables that hear of entities and components that come and go.

One is called with the ids of all entities of one structural change, [n] int64, in the order of the
change. At a spawn or a birth: `on_spawn`, then `on_add` by number of component. At a removal, before it
and with all values in place: `on_remove` by number of component, then `on_despawn`. Observers of one
case run in the order in which they were registered. Unborn entities are heard of at their birth;
restoring a world is not heard of at all.

An observer may write values and queue commands; it cannot change structure at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, unique

import numpy as np
import numpy.typing as npt

from engine.ecs.components import Component
from engine.ecs.layout import NONE
from engine.ecs.registry import Registry
from engine.ecs.world_data import WorldData
from engine.errors import DuplicateObserver, ObserverFailed, StructureLocked

I64 = npt.NDArray[np.int64]
Call = Callable[[I64], object]


@unique
class Moment(IntEnum):
    """When an observer is called."""

    SPAWN = 0
    ADD = 1
    REMOVE = 2
    DESPAWN = 3

    @property
    def label(self) -> str:
        """The name that messages use: that of the method that registers it."""
        return f"on_{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class Observer:
    """A registered callable; ``component`` is -1 where all entities count."""

    name: str
    moment: Moment
    component: int
    call: Call


class Observers:
    """The observers of one world; false while there are none."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry  # not the world: a ring of references would keep its arrays alive
        self._known: dict[str, Observer] = {}
        self._of: dict[Moment, list[Observer]] = {moment: [] for moment in Moment}
        self._running = ""

    def __len__(self) -> int:
        return len(self._known)

    def on_spawn(self, name: str, call: Call) -> None:
        """Call `call(ids)` after entities were spawned or born.

        Raises:
            DuplicateObserver: an observer has this name already.
        """
        self._register(Observer(name, Moment.SPAWN, NONE, call))

    def on_despawn(self, name: str, call: Call) -> None:
        """Call `call(ids)` before entities are removed.

        Raises:
            DuplicateObserver: an observer has this name already.
        """
        self._register(Observer(name, Moment.DESPAWN, NONE, call))

    def on_add(self, component: int | str, name: str, call: Call) -> None:
        """Call `call(ids)` after entities got a component, by their spawn or birth too.

        Raises:
            DuplicateObserver: an observer has this name already.  UnknownComponent.
        """
        self._register(Observer(name, Moment.ADD, self._registry.component(component).number, call))

    def on_remove(self, component: int | str, name: str, call: Call) -> None:
        """Call `call(ids)` before entities lose a component, by their removal too.

        Raises:
            DuplicateObserver: an observer has this name already.  UnknownComponent.
        """
        self._register(Observer(name, Moment.REMOVE, self._registry.component(component).number, call))

    def remove(self, name: str) -> None:
        """Forget an observer; a name that is not there is no error."""
        observer = self._known.pop(name, None)
        if observer is not None:
            self._of[observer.moment].remove(observer)

    def _register(self, observer: Observer) -> None:
        if observer.name in self._known:
            raise DuplicateObserver(observer.name)
        self._known[observer.name] = observer
        self._of[observer.moment].append(observer)
        self._of[observer.moment].sort(key=lambda known: known.component)  # stable: then as registered

    # --- what the world tells -------------------------------------------------------------------------

    def refuse_changes(self) -> None:
        """Refuse what would change structure while an observer runs.

        Raises:
            StructureLocked: one does.
        """
        if self._running:
            raise StructureLocked(self._running)

    def lock(self, name: str) -> str:
        """Refuse changes of structure while something runs in the place of an observer; "" ends that.

        Returns:
            What ran before, to be locked again.
        """
        before, self._running = self._running, name
        return before

    def tell_spawned(self, world: WorldData, entities: I64) -> None:
        """Tell of entities that exist since a moment ago, with all their components."""
        self._tell(world, Moment.SPAWN, entities)
        self._tell(world, Moment.ADD, entities)

    def tell_added(self, world: WorldData, entities: I64, component: int) -> None:
        """Tell of entities that have a component since a moment ago."""
        self._tell(world, Moment.ADD, entities, component)

    def tell_removing(self, world: WorldData, entities: I64, component: int) -> None:
        """Tell of entities that lose a component now."""
        self._tell(world, Moment.REMOVE, entities, component)

    def tell_despawning(self, world: WorldData, entities: I64) -> None:
        """Tell of entities that are removed now, with all components; skip gone and repeated ids."""
        if not self._known:
            return
        known = world.existing(np.array([*dict.fromkeys(entities.tolist())], np.int64))
        self._tell(world, Moment.REMOVE, known)
        self._tell(world, Moment.DESPAWN, known)

    def _tell(self, world: WorldData, moment: Moment, entities: I64, only: int = NONE) -> None:
        for observer in tuple(self._of[moment]):
            if only != NONE and observer.component != only:
                continue
            born = entities[world.rows_of(entities, Component.UNBORN) < 0]
            if observer.component != NONE:
                born = born[world.rows_of(born, observer.component) >= 0]
            if born.size:
                self._call(observer, born)

    def _call(self, observer: Observer, entities: I64) -> None:
        self._running = observer.name
        try:
            observer.call(entities)
        except Exception as error:
            component = (
                "" if observer.component == NONE else self._registry.component(observer.component).name
            )
            raise ObserverFailed(observer.name, observer.moment.label, component, error) from error
        finally:
            self._running = ""
