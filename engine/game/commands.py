"""Removals and births: what was queued in a tick becomes so, and scripts hear of it."""

from __future__ import annotations

import numpy as np

from engine.ecs.world import World
from engine.game.spawning import Prefabs
from engine.scripting.scripts import Scripts
from lang.jit import I64


class GameCommands:
    """Applies the commands of a world; `prefabs` tells which scripts come with which."""

    def __init__(self, world: World, scripts: Scripts) -> None:
        self._world = world
        self._scripts = scripts
        self.prefabs = Prefabs({}, {})
        world.observers.on_despawn("scripts", scripts.detach_gone)

    def apply(self) -> None:
        """Remove, change, give birth; what callbacks queue meanwhile waits for the next tick."""
        world, scripts = self._world, self._scripts
        scripts.finish_births()
        if not len(world.commands):
            return
        batch = world.commands.take()
        leaving = np.sort((batch.removals & 0xFFFFFFFF) - 1)
        if leaving.size:
            scripts.dispatch("on_destroy", leaving, gated=False)
        world.apply_removals(batch)
        world.apply_changes(batch)
        world.apply_births(batch)
        scripts.link_world()
        if batch.births.size:
            world.hierarchy.place()
            for entity, prefab in zip(batch.births.tolist(), batch.prefabs.tolist(), strict=True):
                for name in self.prefabs.scripts.get(prefab, ()):
                    scripts.attach(entity, name)
            self.give_life(batch.births)

    def give_life(self, entities: I64, only: str | None = None) -> None:
        """Run the top levels of the newly born, then `on_spawn`, for all of them; or of one script alone."""
        self._scripts.run_top_levels(entities, only=only)
        self._scripts.tell_spawned(entities, only=only)
