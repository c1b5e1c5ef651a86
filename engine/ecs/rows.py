"""Rows: what a query yields, a run of entities whose columns are NumPy views.

Reading and writing are told apart, so that a write is known as a change: `rows[field]` cannot be written
to, `rows.write(field)` can, and `rows.put` writes to some of the entities.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.ecs.layout import CHUNK_ROWS, WorldSlot
from engine.ecs.registry import FieldSpec
from engine.ecs.storage import Column
from engine.ecs.world import World
from engine.errors import MissingComponent, WorldChanged

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Entities that a query found side by side: `count` rows from row `first` of a chunk on.

    Fields are named by number or as text (`"health.value"`). Views are good until the loop goes on; a
    view that is written to must be taken after whatever the loop's body queued.
    """

    world: World
    chunk: int
    first: int
    count: int
    version: int
    _written: list[tuple[FieldSpec, Column]] = field(default_factory=list)

    def __getitem__(self, field: int | str) -> Column:
        """Return the view [count] of a field, to be read.

        Raises:
            MissingComponent: these entities lack the component (it was optional).
            WorldChanged: the world's structure is another one by now.  UnknownField.
        """
        view = self._view(self.world.registry.field(field))
        view.flags.writeable = False
        return view

    def optional(self, field: int | str) -> Column | None:
        """Return the view of a field, to be read, or None when these entities lack the component."""
        return self[field] if self.has(self.world.registry.field(field).component) else None

    def has(self, component: int | str) -> bool:
        """Return whether these entities have a component."""
        return self._base(self.world.registry.component(component).number) >= 0

    def write(self, field: int | str) -> Column:
        """Return the view [count] of a field, to be written; the component counts as changed in all rows.

        Fields that are passing values (such as `transform.previous_x`) change without being told.

        Raises:
            MissingComponent, WorldChanged, UnknownField.
        """
        spec = self.world.registry.field(field)
        view = self._view(spec)
        if not spec.passing:
            self.mark_changed(spec.component)
        self._written.append((spec, view))
        return view

    def put(self, field: int | str, which: npt.NDArray[Any], values: Any) -> None:
        """Write a field of some of the entities, which alone count as changed.

        Args:
            which: [count] of bool, or numbers of rows from 0.  values: a word, or one for each of these.
        Raises:
            MissingComponent, WorldChanged, UnknownField.
        """
        spec = self.world.registry.field(field)
        self._view(spec)[which] = values
        if not spec.passing:
            self.mark_changed(spec.component, which)

    def mark_changed(self, component: int | str, which: Any = slice(None)) -> None:
        """Count a component as changed, in all rows or in those that `which` tells (as for `put`).

        Raises:
            MissingComponent, WorldChanged, UnknownComponent.
        """
        spec = self.world.registry.component(component)
        start = self._start(spec.number)
        self.world.storage.changed[spec.number][start : start + self.count][which] = self.world.change_tick

    @property
    def indices(self) -> I64:
        """The entity indices of the rows, [count]; not to be written to."""
        start = self.chunk * CHUNK_ROWS + self.first
        return self.world.storage.arrays[WorldSlot.CHUNK_ENTITY][start : start + self.count]

    @property
    def entities(self) -> I64:
        """The entity ids of the rows, [count]."""
        indices = self.indices
        return (self.world.storage.arrays[WorldSlot.GENERATION][indices] << 32) + indices + 1

    def check_written(self) -> None:
        """Refuse that writes were lost: a pool grew after a view was taken, and the view was written to.

        Raises:
            WorldChanged: that is so.
        """
        for spec, view in self._written:
            start = self._start(spec.component)
            present = self.world.storage.columns[spec.number]
            now = present[start : start + self.count]
            if view.base is not present.base and np.any(view.view(np.int64) != now.view(np.int64)):
                raise WorldChanged(f"`{spec.name}` was written through a view taken before a pool grew")

    def _view(self, spec: FieldSpec) -> Column:
        start = self._start(spec.component)
        return self.world.storage.columns[spec.number][start : start + self.count]

    def _start(self, component: int) -> int:
        base = self._base(component)
        if base < 0:
            raise MissingComponent(None, self.world.registry.component(component).name)
        return base + self.first

    def _base(self, component: int) -> int:
        world = self.world
        if world.born_version != self.version:
            raise WorldChanged
        storage = world.storage
        return int(storage.arrays[WorldSlot.CHUNK_BASE][self.chunk * storage.component_count + component])
