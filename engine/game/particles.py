"""What a game has to do with particles: effects of its scene, requests of scripts, effects that are saved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.errors import SceneError
from engine.game.event_arguments import I64
from engine.game.log import GameLog
from engine.game.particle_effects import particle_effects
from engine.hot_reload.watcher import FileWatcher
from engine.particles.system import ParticleSystem
from engine.render.view import MessageKind
from engine.scene import load_effects
from engine.scene.description import SceneDescription
from engine.scripting.layout import Effect

Report = Callable[[str, str], None]
"""Takes the name of a file and what is wrong with it, or nothing when all is well."""


class GameParticles:
    """Connects the world, the scripts and the files of a game with its particles.

    Attributes:
        system: the particles. names: ids of the names of the effects, which the world has to keep.
    """

    def __init__(self, world: World, scene: SceneDescription, log: GameLog, report: Report) -> None:
        effects = particle_effects(scene.effects)
        self.system = ParticleSystem(world, effects, scene.limits.particles, scene.seed)
        self.names: list[int] = []
        self._world = world
        self._scene = scene
        self._report = report
        self._log = log
        self._watcher: FileWatcher | None = None
        self.publish()

    def publish(self) -> None:
        """Let scripts know the names of the effects, whatever strings the world has."""
        self.names = [self._world.strings.intern(name) for name in self.system.names]
        self._world.publish(WorldSlot.PARTICLES, np.array(self.names, np.int64))

    def take(self, records: I64) -> None:
        """Do what scripts asked for: records [n, EFFECT_WORDS]."""
        for _kind, _entity, _string, *words in records[records[:, 0] == Effect.PARTICLES].tolist():
            x, y = np.array(words[:2], np.int64).view(np.float64).tolist()
            self.system.place(words[4], x, y)

    def poll(self) -> None:
        """Take the effects of the scene's files that were saved since the last call, if anyone looks."""
        if not self.system.is_shown:
            return
        if self._watcher is None:
            self._watcher = FileWatcher()
            self._watcher.watch(self._scene.files)
        if list(self._watcher.poll()):
            self.reload()

    def reload(self) -> None:
        """Read the effects of the scene again; those that are wrong are reported, and nothing changes."""
        name = self._scene.file.name
        try:
            effects = load_effects(self._scene.file)
        except SceneError as fault:
            self._report(name, str(fault))
            return
        self._report(name, "")
        before = self.system.names
        self.system.replace(particle_effects(effects))
        if self.system.names != before:
            self.publish()
        self._log.note(MessageKind.NOTE, f"reloaded the effects of {name}")

    def close(self) -> None:
        """Stop watching files."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
