"""Stage `events` of a game: contacts, what the player did, and what scripts caused, as calls of callbacks."""

from __future__ import annotations

import numpy as np

from engine.ecs.world import World
from engine.game.event_arguments import CALLBACK_OF, arguments_of
from engine.physics.layout import Event
from engine.physics.step import PhysicsSystem
from engine.scripting.event_dispatch import dispatch_script_events
from engine.scripting.scripts import Scripts

_KINDS = np.array([*CALLBACK_OF], np.int64)


class GameEvents:
    """Tells the scripts of a game what happened in its tick."""

    def __init__(self, world: World, physics: PhysicsSystem, scripts: Scripts) -> None:
        self._world = world
        self._physics = physics
        self._scripts = scripts

    def tell_contacts(self) -> None:
        """Tell what began and ceased to touch, kind by kind, as physics sorted it."""
        events = self._physics.events
        if events.shape[0] == 0:
            return
        ends = events[:, Event.KIND].searchsorted(_KINDS, "right").tolist()
        for (kind, callback), begin, end in zip(CALLBACK_OF.items(), [0, *ends], ends, strict=False):
            of_kind = events[begin:end]
            if of_kind.shape[0] and self._scripts.anyone_has(callback):
                arguments = arguments_of(self._world, of_kind, kind)
                indices = (of_kind[:, Event.ENTITY] & 0xFFFFFFFF) - 1
                self._scripts.dispatch(callback, indices, arguments.words)

    def tell_waiting(self) -> None:
        """Tell what waits, due timers among it; then sweep up what was told and dropped."""
        scripts = self._scripts
        scripts.timers.fire(self._world.tick, scripts.events)
        dispatch_script_events(self._world, scripts, scripts.events)
        scripts.globals.compact()
        scripts.saved.compact()
        scripts.items.sweep()
