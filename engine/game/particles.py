"""What a game has to do with particles: effects of its scene, requests of scripts."""

from __future__ import annotations

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.game.particle_effects import particle_effects
from engine.game.shares import parts_of
from engine.particles.system import ParticleSystem
from engine.scene.description import SceneDescription
from engine.scripting.layout import Effect
from lang.jit import I64


class GameParticles:
    """Connects the world and the scripts of a game with its particles.

    Attributes:
        system: the particles. names: ids of the names of the effects, which the world has to keep.
    """

    def __init__(self, world: World, scene: SceneDescription) -> None:
        effects = particle_effects(scene.effects)
        self.system = ParticleSystem(world, effects, parts_of(scene, scene.limits.particles), scene.seed)
        self.names: list[int] = []
        self._world = world
        self.publish()

    def publish(self) -> None:
        """Let scripts know the names of the effects, whatever strings the world has."""
        self.names = [self._world.strings.intern(name) for name in self.system.names]
        self._world.publish(WorldSlot.PARTICLES, np.array(self.names, np.int64))

    def take(self, records: I64) -> None:
        """Do what scripts asked for: records [n, EFFECT_WORDS]."""
        records = records[records[:, 0] == int(Effect.PARTICLES)]
        places = records[:, 3:5].view(np.float64).tolist()
        for (party, number), (x, y) in zip(records[:, (1, 7)].tolist(), places, strict=True):
            self.system.place(number, x, y, party)

    def change(self, scene: SceneDescription) -> None:
        """Take the effects of a saved scene; one that is gone stays as it is, for whoever has its number."""
        before = self.system.names
        self.system.replace(particle_effects(scene.effects))
        self.system.limit_to(parts_of(scene, scene.limits.particles))
        if self.system.names != before:
            self.publish()
