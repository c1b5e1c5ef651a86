"""A running game without a window: world, physics and scripts, one fixed tick after another.

Tests, the command line and the window all drive this one. The order of a tick is that of
`engine.loop.schedule.Stage`; what a stage does is registered in `Game.__init__`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from engine.ecs.hash import state_hash
from engine.ecs.previous import remember_places
from engine.ecs.world import World
from engine.errors import SceneError
from engine.game.animation import GameAnimation
from engine.game.commands import GameCommands
from engine.game.cscript import EntityScripts
from engine.game.events import GameEvents
from engine.game.faults import GameFaults
from engine.game.inputs import GameInput, call_button
from engine.game.kernels import load_for_every_tick
from engine.game.log import GameLog
from engine.game.particles import GameParticles
from engine.game.populate import GameJoints, GameVolumes, ground_of, status_rules
from engine.game.reload import GameReload
from engine.game.reports import GameReports
from engine.game.saves import load_game, save_game
from engine.game.scene_entities import SceneEntities
from engine.game.scene_reload import SceneParts, SceneReload
from engine.game.scene_view import SceneView
from engine.game.script_reload import ScriptReload
from engine.game.script_systems import GameSystems
from engine.game.shares import GameShares
from engine.game.snapshot import GameSnapshot, GameState
from engine.game.sound import GameSound
from engine.game.space import GameSpace
from engine.game.spawning import Prefabs, Spawner, declare_components, spawn_by_name
from engine.game.string_room import StringRoom
from engine.game.times import GameTimes
from engine.loop.schedule import Schedule, Stage, System
from engine.physics.layout import Event
from engine.physics.step import PhysicsSystem
from engine.render.camera import CameraSettings
from engine.render.camera_control import CameraControl
from engine.render.camera_motion import Shake
from engine.scene import load_scene
from engine.scene.description import SceneDescription
from engine.screens.flow import GameFlow
from engine.scripting.event_dispatch import script_execution_system
from engine.scripting.global_values import Contents
from engine.scripting.layout import Effect
from engine.scripting.plugins import Plugin, PluginHost
from engine.scripting.scripts import Scripts
from engine.space.layout import Part
from lang.jit import I64

TICKS_A_SECOND = 60
SECONDS_A_TICK = 1.0 / TICKS_A_SECOND


class Game(SceneView, GameReports):
    """A game made from a scene.

    Attributes:
        world: all entities. scripts: their scripts. physics: what moves and touches them.
        space: where everything was, when scripts last asked. entity_scripts: who has which, to be changed.
        animation: the clips they play. ground: the tile map, if there is one.
        particles: what flies about to be seen. audio: what is heard.
        paused: a window does no ticks while this is true. timings: what ticks took. log: what was said;
            `warn` adds a warning to it. camera_control: what the camera does; no part of the state.
        input: what the player does. flow: pause and screens, which are part of the game.
        reloads: takes over saved files; `hold` makes them wait. scene_version: changes with a saved scene.
        state: copies of all that is state.
    """

    def __init__(
        self,
        scene: SceneDescription,
        shared: Contents = (),
        saved: Contents = (),
        plugins: Sequence[Plugin] = (),
    ) -> None:
        super().__init__(scene)
        self.paused = False
        self.world = World()
        declare_components(self.world, scene)
        self.log = GameLog()
        self.warn = self.log.warn
        self.camera_control = CameraControl(scene.camera, scene.scene.pixels_per_metre)
        self._sources = scene.resolver()
        host = PluginHost(self.world, scene.prefabs, plugins)
        self.scripts = Scripts(self.world, scene.seed, scene.limits.of_callbacks, self._sources, host)
        self._shares = GameShares(scene, self.scripts, self.log)
        self.log.hear(self.scripts)
        self._faults = GameFaults(self.scripts, self.warn, self)
        self.scripts.on_strings_full = StringRoom(self.world, self._held_strings).make
        self.physics = PhysicsSystem(scene.scene.gravity)
        volumes = GameVolumes(self.physics, self.world, scene.triggers)
        self._events = GameEvents(self.world, self.physics, self.scripts)
        self.physics.take_teleported = self.scripts.teleports.take
        self._space = GameSpace(self.world, self.physics, self.scripts, scene.teams)
        self.space = self._space.space
        self._held = [*(volume.name for volume in volumes.volumes), *self._space.names]
        self._particles = GameParticles(self.world, scene)
        self.particles = self._particles.system
        self._animation = GameAnimation(self.world, scene)
        self.animation = self._animation.system
        self._held += self._animation.book.strings
        self.ground = ground_of(self.world, scene)
        self._physics_time = 0
        self.scripts.globals.fill(shared)
        self.scripts.saved.fill(saved)
        self.scripts.statuses.declare(status_rules(scene))
        self.flow = GameFlow(self.world, scene.screens, partial(call_button, self.scripts))
        self.input = GameInput(self.world, self.physics, tuple(scene.actions), self.flow.button_count)
        self._held += [*self.flow.names, *self.input.names]
        self._sound = GameSound(self.world, scene, self.log)
        self.audio = self._sound.audio
        self._commands = GameCommands(self.world, self.scripts)
        self.entity_scripts = EntityScripts(self.scripts, self._sources, self._commands.give_life)
        self.schedule = Schedule()
        self.timings = GameTimes()
        self.scene_version = 0
        parts = self._parts(volumes)
        self._saved_scripts = ScriptReload(
            scene, self._sources, self.scripts, self.log, self._commands.give_life
        )
        saved_scene = SceneReload(self, parts, self._saved_scripts)
        self.reloads = GameReload(saved_scene, self._saved_scripts, self._sound.reload, self.log)
        self.state = GameState(self, self._saved_scripts, self._particles)
        self._register()
        parts.systems.set(scene.systems)
        self._populate(parts)
        load_for_every_tick()

    def _parts(self, volumes: GameVolumes) -> SceneParts:
        party_of = self.scripts.budgets.party_of
        spawner = Spawner(self.world, self.physics, self.scene, self._animation.book, party_of)
        return SceneParts(
            space=self._space,
            particles=self._particles,
            animation=self._animation,
            sound=self._sound,
            commands=self._commands,
            shares=self._shares,
            spawner=spawner,
            entities=SceneEntities(self.world, self.scripts, spawner, self._commands.give_life),
            systems=GameSystems(self.world, self.scripts, self.schedule, self._scripted),
            volumes=volumes,
            joints=GameJoints(self.physics, self.world),
            held=self._held,
        )

    @classmethod
    def load(
        cls,
        path: Path | str,
        seed: int | None = None,
        shared: Contents = (),
        saved: Contents = (),
        plugins: Sequence[Plugin] = (),
    ) -> Game:
        """Load a scene file.

        Args:
            path: the file.  seed: takes the place of the scene's own.
            shared: values that scripts find there, from `GlobalValues.contents` of another game.
            saved: what they find with `load_data`, likewise.
            plugins: trusted Python objects that look over scripts and give them functions.
        Raises:
            SceneError: the file is missing or wrong; a missing script counts as that.
            BadPlugin: a plugin cannot be registered.
        """
        return cls(load_scene(path, seed), shared, saved, plugins)

    # --- making the world ---------------------------------------------------------------------------

    def _register(self) -> None:
        self.schedule.add(Stage.INPUT, "remember positions", lambda: remember_places(self.world.table))
        self.schedule.add(Stage.PERCEPTION, "space before physics", self._space.take)
        self.schedule.add(Stage.SIMULATION, "status", lambda: self.scripts.statuses.step(SECONDS_A_TICK))
        update = partial(script_execution_system, self.scripts)
        self.schedule.add(Stage.SIMULATION, "on_update", self._scripted(update))
        self.schedule.add(Stage.SIMULATION, "sequences", self._scripted(self._run_sequences))
        self.schedule.add(Stage.PHYSICS, "children, for physics", self.world.hierarchy.place)
        self.schedule.add(Stage.PHYSICS, "physics", self._step_physics)
        self.schedule.add(Stage.PHYSICS, "space after physics", self._space.take)
        self.schedule.add(Stage.EVENTS, "contacts", self._scripted(self._events.tell_contacts))
        self.schedule.add(Stage.EVENTS, "input", self._scripted(lambda: self.input.tell(self.scripts)))
        self.schedule.add(Stage.EVENTS, "script events", self._scripted(self._events.tell_waiting))
        self.schedule.add(Stage.COMMANDS, "commands", self._scripted(self._commands.apply))
        self.schedule.add(Stage.ANIMATION, "animation", lambda: self.animation.step(SECONDS_A_TICK))
        self.schedule.add(
            Stage.ANIMATION, "animation events", self._scripted(lambda: self._animation.tell(self.scripts))
        )
        self.schedule.add(Stage.PARTICLES, "particles", lambda: self.particles.step(SECONDS_A_TICK))
        self.schedule.add(Stage.AUDIO, "effects", self._take_effects)
        self.schedule.add(Stage.AUDIO, "sound", lambda: self._sound.end_tick(lambda: self.camera.follow or 0))
        self.schedule.add(Stage.PRESENT, "children", self.world.hierarchy.place)

    def add_system(self, stage: Stage | str, name: str, run: System) -> None:
        """Call `run()` once a tick in a stage, after what the stage has already (`docs/engine-python.md`).

        Raises:
            UnknownStage: no stage has this name.  DuplicateSystem: a system has this name already.
        """
        self.schedule.add(stage, name, run)

    def remove_system(self, name: str) -> None:
        """Take a system out of the tick; a name that is not there is no error."""
        self.schedule.remove(name)

    def _scripted(self, run: Callable[[], None]) -> Callable[[], None]:
        """Let the time of a system count as time of scripts."""

        def timed() -> None:
            begin = time.perf_counter_ns()
            run()
            self.timings.script += time.perf_counter_ns() - begin

        return timed

    def _populate(self, parts: SceneParts) -> None:
        for name in self.scene.script_names():
            self.scripts.load(name, self._script_text(name))
        parts.spawner.define_prefabs(self.scene.prefabs, self.prefabs)
        self._held += self.publish_prefabs()
        if self.ground is not None:
            self.ground.spawn_boxes(self.world)
        scripted = parts.entities.spawn(self.scene.entities)
        parts.joints.change(self.scene.joints)
        born = parts.entities.attach(scripted)
        self.scripts.begin_tick(0, SECONDS_A_TICK)
        self._space.take()
        self._commands.give_life(born)
        self._take_effects()

    def publish_prefabs(self) -> list[int]:
        """Let scripts know the prefabs by name; returns the ids of the names, which must be held."""
        names = [(self.world.strings.intern(name), number) for name, number in self.prefabs.numbers.items()]
        self.scripts.publish_prefabs(names)
        return [name for name, _ in names]

    def _script_text(self, name: str) -> str:
        try:
            return self._sources.read(name)
        except OSError as error:
            reason = f"the script {name} cannot be read: {error.strerror or error}"
            raise SceneError(self.scene.file, "", "script", reason) from None

    # --- a tick -------------------------------------------------------------------------------------

    def step(self) -> None:
        """Do one tick.

        Raises:
            InsideTick: one is on its way.
        """
        self.scripts.refuse_inside("do a tick")
        begin = time.perf_counter_ns()
        self.timings.script = 0
        self.scripts.begin_tick(self.tick, SECONDS_A_TICK)
        self.scripts.is_in_tick = True
        try:
            self.schedule.run_tick()
        finally:
            self.scripts.is_in_tick = False
        self._shares.tell(self.tick)
        self.flow.follow_actions(self.input.pressed())
        self.input.end_tick()
        self.world.tick += 1
        self.scripts.tell()
        self.timings.add(time.perf_counter_ns() - begin, self._physics_time)

    def _run_sequences(self) -> None:
        self.scripts.sequences.run(self.scripts, self.tick)

    def _step_physics(self) -> None:
        begin = time.perf_counter_ns()
        self.physics.step(self.world, SECONDS_A_TICK)
        self.world.hierarchy.place(after_physics=True)
        self._physics_time = time.perf_counter_ns() - begin

    def _take_effects(self) -> None:
        records = self.scripts.effects.take()
        if not len(records):
            return
        self._sound.take(records)
        self._particles.take(records)
        self.camera_control.take(records, self.tick * SECONDS_A_TICK)
        for kind, _party, string, *_ in records[records[:, 0] >= Effect.LOAD_SCENE].tolist():
            self.flow.take(kind, self.world.strings.text(string))

    def _held_strings(self) -> I64:
        """Return the ids of strings that others than columns hold."""
        fixed = np.array([*self._held, *self._particles.names, *self.scripts.statuses.names], np.int64)
        contacts = self.physics.contacts[:, 3:5].ravel()
        events = self.physics.events[:, Event.NAME]
        return np.concatenate([fixed, contacts, events, self.scripts.held_strings])

    # --- what others ask ------------------------------------------------------------------------------

    @property
    def prefabs(self) -> Prefabs:
        """The prefabs of the scene by name, and their scripts."""
        return self._commands.prefabs

    @property
    def tick(self) -> int:
        """How many ticks were done."""
        return self.world.tick

    @property
    def entity_count(self) -> int:
        """How many entities exist."""
        return len(self.world)

    def state_hash(self) -> int:
        """Return the hash of the whole state: contacts, scripts, entities; 0 <= hash < 2**64."""
        others = np.concatenate([self.physics.state_for_hash(self.world.strings.hashes), self.flow.state])
        seed = self.scripts.hash_state(others)
        return state_hash(self.world, seed)

    def spawn(self, prefab: str, position: Sequence[float]) -> int:
        """Make an unborn copy of a prefab of this name at x and y in metres (and z); see `spawn_by_name`."""
        return spawn_by_name(self.world, self.prefabs, prefab, position)

    def save(self, path: Path | str) -> None:
        """Write the whole state to a file, between two ticks; see `engine.game.saves`."""
        save_game(self, Path(path))

    def load_save(self, path: Path | str) -> None:
        """Take the state that a file holds of this scene, or raise a SaveError with the reason."""
        load_game(self, Path(path))

    def snapshot(self) -> GameSnapshot:
        """Return the whole state between two ticks, in memory; see `engine.game.snapshot`."""
        return self.state.take()

    def restore(self, snapshot: GameSnapshot) -> None:
        """Return to a snapshot of this game, or raise a SnapshotRefused with the reason."""
        self.state.put(snapshot)

    # --- input ------------------------------------------------------------------------------------------

    def set_input(self, row: I64) -> None:
        """Take all that the next tick takes from outside: see `engine.input.row`.

        Raises:
            RowError: no window makes such a row for this scene.
        """
        self.input.set_row(row)

    def set_actions(self, down: I64) -> None:
        """Hold actions down from the next tick on, 0 or 1 each, as bots do; those left out are not held."""
        self.input.hold(down)

    def press_button(self, number: int) -> None:
        """Press a button of the open screen, between ticks; 0 is none."""
        if number:
            self.space.take(Part.NOTHING)  # what scripts ask for is where everything is now
            self.flow.press(number)
            self._take_effects()
            self._sound.press_button()

    # --- hot reload -----------------------------------------------------------------------------------

    def watch(self) -> None:
        """Begin to look for saved scripts."""
        self.reloads.watch()

    def close(self) -> None:
        """Stop watching files."""
        self.reloads.close()

    def poll_reload(self) -> None:
        """Swap in the scripts, sounds and effects that were saved since the last call."""
        self.reloads.poll()

    def reload(self, name: str) -> bool:
        """Read a script again and swap it in (UnknownScript: none); returns whether it compiled."""
        return self._saved_scripts.reload(name)

    # --- the window -----------------------------------------------------------------------------------

    @property
    def camera(self) -> CameraSettings:
        """Whom the camera follows and how, at the moment."""
        return self.camera_control.settings(self.scripts.first_with_tag, self.world.exists)

    @property
    def shakes(self) -> Sequence[Shake]:
        """What shakes the screen at the moment."""
        return self.camera_control.shakes(self.tick * SECONDS_A_TICK)
