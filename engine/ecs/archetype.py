"""Archetypes: sets of component types. Each is numbered at first use and never goes away.

The sets live in `WorldSlot.ARCHETYPE_HAS`; the dictionary here is a cache that can be made from it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from engine.ecs.components import Component
from engine.ecs.layout import WorldSlot
from engine.ecs.storage import Storage

I64 = npt.NDArray[np.int64]


class Archetypes:
    """Numbers of archetypes by set of components."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._numbers: dict[frozenset[int], int] = {}
        self._sets: list[frozenset[int]] = []
        self.version = 0  # rises with every archetype, and when they were made anew

    def __len__(self) -> int:
        return len(self._sets)

    def components_of(self, archetype: int) -> frozenset[int]:
        """Return the components of an archetype."""
        return self._sets[archetype]

    def number_of(self, components: Iterable[int]) -> int:
        """Return the number of the archetype with these components, making it if need be."""
        key = frozenset(int(component) for component in components)
        found = self._numbers.get(key)
        return self._add(key) if found is None else found

    def _add(self, key: frozenset[int]) -> int:
        has = np.zeros(self._storage.component_count, np.int64)
        has[sorted(key)] = 1
        number = self._storage.add_archetype(has)
        self._numbers[key] = number
        self._sets.append(key)
        self.version += 1
        unborn = int(Component.UNBORN)
        if unborn in key:
            born = self.number_of(key - {unborn})
            self._storage.arrays[WorldSlot.ARCHETYPE_BORN][number] = born
        return number

    def reload(self) -> None:
        """Make the cache anew from the arrays; needed after they were restored."""
        width = self._storage.component_count
        rows = self._storage.arrays[WorldSlot.ARCHETYPE_HAS].reshape(-1, width)
        self._sets = [frozenset(int(c) for c in np.flatnonzero(row)) for row in rows]
        self._numbers = {key: number for number, key in enumerate(self._sets)}
        self.version += 1

    def chunks_of(self, archetype: int) -> list[int]:
        """Return the chunks of an archetype in order."""
        arrays = self._storage.arrays
        following = arrays[WorldSlot.CHUNK_NEXT]
        chunks: list[int] = []
        chunk = int(arrays[WorldSlot.ARCHETYPE_HEAD][archetype])
        while chunk >= 0:
            chunks.append(chunk)
            chunk = int(following[chunk])
        return chunks
