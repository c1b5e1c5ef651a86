"""A saved scene in a running game: what can change while it runs does so, the rest waits for a restart.

What entities and scripts hold by number (prefabs, effects, clips, animators, status effects, triggers) keeps
its number: new ones get the next, and what is gone from the file stays for whoever holds it
(docs/decisions/0039).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from engine.ecs.components import Component, Field
from engine.ecs.query import Query
from engine.errors import SceneError
from engine.game.animation import GameAnimation
from engine.game.commands import GameCommands
from engine.game.particles import GameParticles
from engine.game.populate import GameJoints, GameVolumes, ground_of, status_rules
from engine.game.scene_entities import SceneEntities
from engine.game.script_reload import ScriptReload
from engine.game.script_systems import GameSystems
from engine.game.shares import GameShares
from engine.game.sound import GameSound
from engine.game.space import GameSpace
from engine.game.spawning import Spawner
from engine.hot_reload import Background, FileWatcher
from engine.hot_reload.background import Finish
from engine.render.view import MessageKind
from engine.scene import load_scene
from engine.scene.description import SceneDescription
from engine.scripting.programs import ScriptVersion

if TYPE_CHECKING:
    from engine.game.game import Game

RETRY_SECONDS = 0.5
"""A broken scene is read again so often: what it misses may come without the scene being saved."""
RESTART_KEYS = {
    "scene": ("seed", "game"),
    "window": ("size", "fullscreen", "resizable", "vsync"),
    "sound": ("folders", "voices", "reference"),
    "limits": ("memory", "voices"),
}
"""Keys of tables that a game reads when it begins, and never again."""


@dataclass(slots=True)
class SceneParts:
    """What a scene has made in a game, as far as it may change."""

    space: GameSpace
    particles: GameParticles
    animation: GameAnimation
    sound: GameSound
    commands: GameCommands
    shares: GameShares
    spawner: Spawner
    entities: SceneEntities
    systems: GameSystems
    volumes: GameVolumes
    joints: GameJoints
    held: list[int]
    """Ids of names that the world's strings must keep."""


class SceneReload:
    """Watches the files of a scene and takes over what was saved."""

    def __init__(self, game: Game, parts: SceneParts, scripts: ScriptReload) -> None:
        self._game = game
        self._parts = parts
        self._scripts = scripts
        self._watcher: FileWatcher | None = None
        self._saved: dict[Path, None] = {}
        self._fault = ""
        self._retry_at = 0.0

    def watch(self) -> None:
        """Begin to look for saved files."""
        if self._watcher is None:
            self._watcher = FileWatcher()
            self._watcher.watch(_files(self._game.scene))

    def close(self) -> None:
        """Stop looking."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    def look(self) -> tuple[str, ...]:
        """Note what was saved since the last call; returns the names of these files."""
        if self._watcher is None:
            return ()
        seen = self._watcher.poll()
        for path in seen:
            if not path.exists():
                self._game.log.note(
                    MessageKind.WARNING, f"{path.name} is gone; the scene goes on without its changes"
                )
        found = [path for path in seen if path.exists()]
        self._saved.update(dict.fromkeys(found))
        return tuple(path.name for path in found)

    def begin(self, background: Background) -> None:
        """Let what was saved be read; it is taken over when that is done."""
        if self._fault and not background.is_busy and time.monotonic() >= self._retry_at:
            self._saved[self._game.scene.file] = None
        if self._saved:
            saved, self._saved = frozenset(self._saved), {}
            background.give(lambda: self._read(saved))

    def _read(self, saved: frozenset[Path]) -> Finish:
        """Read the scene, and the scripts that are new in it, beside the ticks."""
        old = self._game.scene
        try:
            new = load_scene(old.file, None if old.seed == old.scene.seed else old.seed)
            versions = [self._script(new, name) for name in new.script_names() if self._is_new(name)]
        except SceneError as fault:
            text = str(fault)
            return lambda: self._refuse(text)
        return lambda: self._take(new, versions, saved)

    def _is_new(self, name: str) -> bool:
        return name not in self._game.scripts.files

    def _script(self, scene: SceneDescription, name: str) -> ScriptVersion:
        try:
            text = scene.resolver().read(name)
        except OSError as error:
            reason = f"the script {name} cannot be read: {error.strerror or error}"
            raise SceneError(scene.file, "", "script", reason) from None
        return self._game.scripts.compile(name, text)

    def _refuse(self, fault: str) -> None:
        self._retry_at = time.monotonic() + RETRY_SECONDS
        self._fault = fault
        self._game.report_fault(self._game.scene.file.name, fault)

    def _take(self, new: SceneDescription, versions: list[ScriptVersion], saved: frozenset[Path]) -> None:
        game, name = self._game, new.file.name
        was_broken, self._fault = bool(self._fault), ""
        game.report_fault(name, "")
        old = game.scene
        if old.components != new.components:
            changed = sorted(_different(dict(old.components), dict(new.components)))
            tables = ", ".join(f"[component.{one}]" for one in changed)
            game.warn(f"{name}: restart to apply {tables}; nothing else of this save is taken before")
            return
        has_new_map = bool(saved & frozenset(old.tilemap.map.files if old.tilemap else ()))
        later = list(_later(old, new))
        for version in versions:
            game.scripts.enter(version)
        changes = has_new_map or _is_changed(old, new)
        game.scene = _kept(old, new)
        if changes:
            _Change(game, self._parts, old, game.scene).apply(has_new_map)
            game.scene_version += 1
        self._scripts.scene = game.scene
        self._scripts.follow()
        if self._watcher is not None:
            self._watcher.watch(_files(game.scene))
        if changes or was_broken or versions:
            game.log.note(MessageKind.NOTE, f"reloaded {name}")
        if later:
            game.warn(f"{name}: restart to apply {', '.join(later)}")


def _files(scene: SceneDescription) -> list[Path]:
    """Return all files that a scene was read from, but scripts, images and sounds."""
    maps = scene.tilemap.map.files if scene.tilemap else ()
    mods = [
        path for mod in scene.mods for path in (mod.folder / "mod.toml", *(one[0] for one in mod.contents))
    ]
    return list(dict.fromkeys((*scene.files, *maps, *mods)))


def _different(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return the names whose values differ, or that only one of both has."""
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]


def _tables(scene: SceneDescription) -> dict[str, Any]:
    """Return all that a scene says, but for its map, of which the tables alone can be compared."""
    said = structs.asdict(scene)
    said["tilemap"] = scene.tilemap and scene.tilemap.table
    return {name: value for name, value in said.items() if name not in {"files", "mods", "trusted"}}


def _is_changed(old: SceneDescription, new: SceneDescription) -> bool:
    return bool(_different(_tables(old), _tables(new)))


def _later(old: SceneDescription, new: SceneDescription) -> Iterator[str]:
    """Yield what a running game cannot take."""
    for table, keys in RESTART_KEYS.items():
        before, after = getattr(old, table), getattr(new, table)
        for key in keys:
            if getattr(before, key) != getattr(after, key):
                yield f"[{table}] {key}"
    if list(old.actions) != list(new.actions):
        yield "[input]: the actions"
    if [one.name for one in old.screens] != [one.name for one in new.screens]:
        yield "[[screen]]: the screens"
    if (old.tilemap is None) != (new.tilemap is None):
        yield "[tilemap]"
    if [mod.file for mod in old.mods] != [mod.file for mod in new.mods]:
        yield "[mods]"
    elif old.shares != new.shares:
        yield "[mods] shares of voices"
    if old.trusted != new.trusted:
        yield "[trust]"


def _kept(old: SceneDescription, new: SceneDescription) -> SceneDescription:
    """Return the new scene, with the old's actions, screens and map where the game cannot change them."""
    kept: dict[str, Any] = {"mods": old.mods, "trusted": old.trusted, "seed": old.seed}
    if [mod.file for mod in old.mods] != [mod.file for mod in new.mods]:
        kept["shares"] = old.shares
    if list(old.actions) != list(new.actions):
        kept["actions"] = old.actions
    if [one.name for one in old.screens] != [one.name for one in new.screens]:
        kept["screens"] = old.screens
    if (old.tilemap is None) != (new.tilemap is None):
        kept["tilemap"] = old.tilemap
    return structs.replace(new, **kept)


class _Change:
    """The way of one game from one version of its scene to the next."""

    def __init__(self, game: Game, parts: SceneParts, old: SceneDescription, new: SceneDescription) -> None:
        self._game = game
        self._parts = parts
        self._old = old
        self._new = new

    def apply(self, has_new_map: bool) -> None:
        """Change all that can change, names before what uses them."""
        self._change_names()
        self._change_settings()
        if has_new_map or _map_table(self._old) != _map_table(self._new):
            self._change_ground()
        self._change_prefabs()
        self._parts.entities.change(self._new.entities)
        self._parts.volumes.change(self._new.triggers)
        self._parts.held += [volume.name for volume in self._parts.volumes.volumes]
        if self._parts.joints.change(self._new.joints) or self._old.scene.gravity != self._new.scene.gravity:
            self._wake_all()
        if self._old.systems != self._new.systems:
            self._parts.systems.set(self._new.systems)
        self._game.scripts.link_world()

    def _change_names(self) -> None:
        game, parts, new = self._game, self._parts, self._new
        if (self._old.clips, self._old.animators) != (new.clips, new.animators):
            parts.animation.change(new)
            parts.held += parts.animation.book.strings
            parts.spawner.book = parts.animation.book
        parts.particles.change(new)
        parts.spawner.effects = game.particles.names
        game.scripts.statuses.change(status_rules(new))
        if self._old.teams != new.teams:
            parts.space.relate(new.teams)
            parts.held += parts.space.names

    def _change_settings(self) -> None:
        game, new = self._game, self._new
        game.scripts.machine.set_limits(new.limits.of_callbacks)
        if [mod.file for mod in self._old.mods] == [mod.file for mod in new.mods]:
            self._parts.shares.change(new)
        game.physics.gravity = new.scene.gravity
        game.camera_control.change(new.camera, new.scene.pixels_per_metre)
        self._parts.sound.change(self._old.sound, new)
        game.flow.change(new.screens)
        game.input.buttons = game.flow.button_count

    def _change_ground(self) -> None:
        game = self._game
        if game.ground is not None and self._new.tilemap is not None:
            game.world.despawn_many(game.ground.boxes)
            game.ground = ground_of(game.world, self._new)
            assert game.ground is not None, "the scene has a map"
            game.ground.spawn_boxes(game.world)
            self._wake_all()

    def _change_prefabs(self) -> None:
        prefabs = self._parts.commands.prefabs
        old, new = dict(self._old.prefabs), dict(self._new.prefabs)
        changed = {name: new[name] for name in new if old.get(name) != new[name]}
        self._parts.spawner.define_prefabs(changed, prefabs)
        self._parts.spawner.finish()
        if changed or self._old.limits.entities != self._new.limits.entities:
            self._parts.held += self._game.publish_prefabs()

    def _wake_all(self) -> None:
        world = self._game.world
        for rows in Query(world, (Component.BODY,)):
            for entity in rows.entities[rows[Field.BODY_SLEEPING] != 0].tolist():
                world.set(entity, Field.BODY_SLEEPING, value=False)


def _map_table(scene: SceneDescription) -> object:
    return scene.tilemap and scene.tilemap.table
