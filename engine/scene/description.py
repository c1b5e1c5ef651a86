"""What a scene file says, resolved and checked: the input of `engine.game`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from engine.input.bindings import Action
from engine.scene.animation import Animator, Clip
from engine.scene.background import Background
from engine.scene.blueprints import Blueprint
from engine.scene.components import Joint, Trigger
from engine.scene.declared import DeclaredComponent
from engine.scene.effects import Effect
from engine.scene.file_names import FileNames
from engine.scene.hud import Hud
from engine.scene.mods.mod import Mod
from engine.scene.mods.resolver import SceneResolver
from engine.scene.screens import Screen, ScreenStyle
from engine.scene.tables import (
    Camera,
    Limits,
    Prefab,
    SceneTable,
    SoundTable,
    StatusEffect,
    System,
    Teams,
    Window,
)
from engine.scene.tilemap import PlacedMap
from engine.signing.trust import Trust


class PlacedEntity(Struct, frozen=True, kw_only=True):
    """One entity to be born with its children: copies share their `blueprint`."""

    blueprint: Blueprint
    """Its components and children: the prefab's keys under the entity's own."""
    prefab: str
    """The prefab's name, or empty."""
    x: float
    y: float
    z: float
    table: int
    """Which ``[[entity]]`` of the file it comes from, from 1."""

    @property
    def parts(self) -> Prefab:
        """Its own keys."""
        return self.blueprint.parts


class SceneDescription(Struct, frozen=True, kw_only=True, dict=True):
    """A whole scene. Entities, triggers, joints and systems keep the order of the file."""

    file: Path
    files: tuple[Path, ...]
    """Its own and those that it includes."""
    folder: Path
    """The names of files are relative to it."""
    scene: SceneTable
    mods: tuple[Mod, ...]
    """In the order in which they were laid over the scene."""
    shares: Mapping[str, float]
    """Parts of the budgets that some mods get."""
    trusted: Trust | None
    """Whose signatures count; None: none is needed."""
    seed: int
    """The scene's, or the one asked for when loading."""
    limits: Limits
    camera: Camera
    sound: SoundTable
    teams: Teams
    window: Window
    hud: tuple[Hud, ...]
    backgrounds: tuple[Background, ...]
    actions: Mapping[str, Action]
    """The actions of ``[input]``, by name."""
    screens: tuple[Screen, ...]
    style: ScreenStyle
    tilemap: PlacedMap | None
    triggers: tuple[Trigger, ...]
    joints: tuple[Joint, ...]
    effects: Mapping[str, Effect]
    """By name; an emitter's are among them."""
    statuses: Mapping[str, StatusEffect]
    clips: Mapping[str, Clip]
    animators: Mapping[str, Animator]
    components: Mapping[str, DeclaredComponent]
    """Those that the scene declares, in the order of the files."""
    prefabs: Mapping[str, Blueprint]
    entities: tuple[PlacedEntity, ...]
    systems: tuple[System, ...]

    def members(self) -> Iterator[Prefab]:
        """Yield the keys of every prefab and entity, with all children, once for all copies."""
        placed = {id(one.blueprint): one.blueprint for one in self.entities}
        for blueprint in [*self.prefabs.values(), *placed.values()]:
            yield from (member.parts for member in blueprint.family())

    @property
    def settings_name(self) -> str:
        """The name under which a player's settings and data of the game are kept."""
        return self.scene.game or self.scene.name or self.file.stem

    def script_names(self) -> tuple[str, ...]:
        """Return every script in use, once, sorted: names inside `folder`, or `astraweave:…`."""
        names = {system.script for system in self.systems}
        for parts in self.members():
            names.update(parts.script_names)
        return tuple(sorted(names))

    def image_names(self) -> tuple[str, ...]:
        """Return every image of a sprite, a clip, a background and the map, once, sorted."""
        sprites = [parts.sprite for parts in self.members() if parts.sprite is not None]
        names = {sprite.image for sprite in sprites} | {clip.image for clip in self.clips.values()}
        names |= {one.image for one in self.backgrounds}
        names |= {self.image_name(one.image) for one in (self.tilemap.map.tilesets if self.tilemap else ())}
        return tuple(sorted(name for name in names if name is not None))

    def image_name(self, file: Path) -> str:
        """Return the name of an image file inside the folder."""
        return file.relative_to(self.folder.resolve()).as_posix()

    @cached_property
    def file_names(self) -> FileNames:
        """What finds the files of the scene and of its mods."""
        return FileNames(self.folder, self._mounts)

    def resolver(self) -> SceneResolver:
        """Return what gives scripts the files that they import."""
        return SceneResolver(self.folder, self.mods, self.trusted)

    @property
    def mod_folders(self) -> list[Path]:
        """The folders of its mods."""
        return [mod.folder for mod in self.mods]

    @property
    def _mounts(self) -> dict[str, Path]:
        return {mod.prefix: mod.folder for mod in self.mods}

    def script_path(self, name: str) -> Path:
        """Return the file of a script."""
        return self.file_names.path(name)
