"""A scene file as a whole: every table that it may hold, by the struct that checks it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from engine.scene.actions import AxisAction
from engine.scene.animation import Animator, Clip
from engine.scene.background import Background
from engine.scene.components import Joint, Trigger
from engine.scene.effects import Effect
from engine.scene.hud import Hud
from engine.scene.mods.mod import ModsTable
from engine.scene.screens import Screen, ScreenStyle
from engine.scene.tables import (
    Camera,
    Entity,
    Limits,
    Prefab,
    SceneTable,
    SoundTable,
    StatusEffect,
    System,
    Teams,
    Window,
)
from engine.scene.tilemap import Tilemap
from engine.scene.values import Name
from engine.signing.trust import TrustTable


class SceneFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scene of astraweave."""

    include: tuple[Name, ...] = ()
    """Further files with tables of a scene, relative to the scene's folder."""
    scene: SceneTable = field(default_factory=SceneTable)
    """The scene as a whole."""
    mods: ModsTable = field(default_factory=ModsTable)
    """Strangers' additions to the scene."""
    trust: TrustTable = field(default_factory=TrustTable)
    """Whose scripts and mods may run."""
    limits: Limits = field(default_factory=Limits)
    """What scripts may use."""
    camera: Camera = field(default_factory=Camera)
    """What the window shows."""
    window: Window = field(default_factory=Window)
    """The window, and how the picture lies in it."""
    background: tuple[Background, ...] = ()
    """Images behind or before the world, which move by a part of the camera's way."""
    hud: tuple[Hud, ...] = ()
    """Texts, bars and images over the picture."""
    input: dict[Name, str | tuple[Name, ...] | AxisAction] = field(default_factory=dict)
    """Actions, and what holds them down."""
    sound: SoundTable = field(default_factory=SoundTable)
    """Where sounds lie, and how they are mixed."""
    teams: Teams = field(default_factory=Teams)
    """How teams stand to each other."""
    status: dict[Name, StatusEffect] = field(default_factory=dict)
    """Status effects by name."""
    screen: tuple[Screen, ...] = ()
    """Titles, menus and settings."""
    style: ScreenStyle = field(default_factory=ScreenStyle)
    """Colours and sizes of screens."""
    component: dict[Name, dict[Name, Any]] = field(default_factory=dict)
    """Components of the scene's own: fields by name, each with a type, a default, or both."""
    tilemap: Tilemap | None = None
    """A map made with Tiled."""
    trigger: tuple[Trigger, ...] = ()
    """Named volumes without an entity."""
    effect: dict[Name, Effect] = field(default_factory=dict)
    """Effects of particles by name."""
    clip: dict[Name, Clip] = field(default_factory=dict)
    """Frames and tracks over time, by name."""
    animator: dict[Name, Animator] = field(default_factory=dict)
    """State machines over clips, by name."""
    prefab: dict[Name, Prefab] = field(default_factory=dict)
    """What entities are born with, by name."""
    entity: tuple[Entity, ...] = ()
    """The entities of the scene, in their order."""
    joint: tuple[Joint, ...] = ()
    """What holds bodies together."""
    system: tuple[System, ...] = ()
    """Scripts that run once a tick over a query."""


TABLES = tuple(name for name in SceneFile.__struct_fields__ if name != "include")
"""The names of all tables."""
