"""Entities that were teleported: physics forgets what their contacts held before anyone looks at it again."""

from __future__ import annotations

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.scripting.event_queue import larger
from lang.jit import I64

FIRST_TELEPORTED = 1
"""`WorldSlot.TELEPORTED` holds the number of entities, then their ids."""
FIRST_ROOM, MOST_ROOM = 64, 1 << 20


class Teleports:
    """The ids that wait for physics; it takes them before anything reads contacts, so they are no state."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._words = np.zeros(FIRST_ROOM, np.int64)
        world.publish(WorldSlot.TELEPORTED, self._words)

    def make_room(self) -> None:
        """Grow when half of the room is in use.

        Raises:
            TooMuchWaits: it has its largest size already.
        """
        if 2 * int(self._words[0]) >= self._words.size:
            self._words = larger(self._words, MOST_ROOM)
            self._world.publish(WorldSlot.TELEPORTED, self._words)

    def take(self) -> I64:
        """Return the ids since the last call, and forget them."""
        taken = self._words[FIRST_TELEPORTED : FIRST_TELEPORTED + int(self._words[0])].copy()
        self._words[0] = 0
        return taken
