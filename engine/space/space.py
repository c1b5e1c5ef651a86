"""The space of a world: its points and colliders of one moment, published for natives."""

from __future__ import annotations

from operator import is_

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.physics.step import PhysicsSystem
from engine.space.colliders import Colliders
from engine.space.layout import SPACE_TABLE_WORDS, Part, SpaceWord
from engine.space.point_search import Wish
from engine.space.points import Points
from engine.space.sliding import SLIDE_WORDS
from lang.jit import F64, I64


class Space:
    """Where everything was at one moment of a tick.

    Attributes:
        points: all entities with a place.  colliders: all colliders.
    """

    def __init__(self, world: World, physics: PhysicsSystem, relations: I64) -> None:
        """Take a world and the relations of its teams, see `engine.space.teams.relations_of`."""
        self._world, self._physics, self._relations = world, physics, relations
        self.points = Points(world)
        self.colliders = Colliders(world, physics)
        self._state: I64 = np.zeros(len(SpaceWord), np.int64)
        self._query: F64 = np.zeros(2)
        self._wish: I64 = np.zeros(len(Wish), np.int64)
        self._ask: F64 = np.zeros(SLIDE_WORDS)
        self._keys: F64 = np.zeros(1)
        self._found: I64 = np.zeros(1, np.int64)
        self._table: I64 = np.zeros(SPACE_TABLE_WORDS, np.int64)
        self._held: tuple[I64 | F64, ...] = ()
        self._publish()

    def relate(self, relations: I64) -> None:
        """Let teams stand to each other otherwise."""
        self._relations = relations
        self._publish()

    def take(self, parts: Part) -> None:
        """Take parts of the space as they are now; the others are forgotten, until a native asks for them."""
        self._state[:] = 0
        if parts or self._polygons is not self._physics.polygons:
            self.add(parts)

    def add(self, parts: Part) -> None:
        """Take further parts of the space as they are now."""
        if parts & Part.POINTS:
            self.points.build()
            self._state[SpaceWord.HAS_POINTS] = 1
            self._state[SpaceWord.TEAMS_CHANGED] = 0
            self._state[SpaceWord.STRUCTURE] = self._world.structure_version
        if parts & Part.COLLIDERS:
            self.colliders.build()
            self._state[SpaceWord.HAS_COLLIDERS] = 1
        self._publish()

    def _publish(self) -> None:
        """Enter all arrays into the table, in the order of its slots: any of them may have grown."""
        buffers, capacity = self.colliders.buffers, self.points.arrays.entities.size
        if self._found.size < capacity:
            self._keys, self._found = np.zeros(capacity), np.zeros(capacity, np.int64)
        arrays: tuple[I64 | F64, ...] = (
            *self.points.arrays,
            buffers.values,
            buffers.motion,
            buffers.words,
            buffers.corners,
            buffers.tick,
            buffers.levels,
            buffers.starts,
            buffers.places,
            buffers.boxes,
            self.colliders.found,
            self.colliders.hits,
            self._physics.polygons,
            self._relations,
            self._state,
            self._query,
            self._keys,
            self._found,
            self._wish,
            self._ask,
            buffers.indices,
        )
        self._polygons = self._physics.polygons
        if len(self._held) != len(arrays) or not all(map(is_, arrays, self._held)):
            self._held = arrays  # the table holds addresses alone
            arrays = (*arrays[:-1], buffers.indices[0])  # of the last one, whose rows are views, the first
            self._table[0::2] = [array.ctypes.data for array in arrays]
            self._table[1::2] = [array.size for array in arrays]
        self._world.publish(WorldSlot.SPACE, self._table)
