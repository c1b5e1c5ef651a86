"""Reads a scene file. Every fault is one `SceneError` that names the file, the table and the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from engine.ecs.components import HIDDEN, Component
from engine.errors import SceneError
from engine.input.bindings import Actions
from engine.scene.actions import read_actions
from engine.scene.animation_tables import AnimationTables
from engine.scene.background import read_backgrounds
from engine.scene.blueprints import Blueprint, BlueprintReader
from engine.scene.components import Joint, Trigger
from engine.scene.declared import DeclaredComponent, read_declared
from engine.scene.description import PlacedEntity, SceneDescription
from engine.scene.effects import Effect
from engine.scene.faults import hint_for, listed, read_table
from engine.scene.file_names import IMAGE, SCRIPT, CheckedNames, FileNames
from engine.scene.hud_checks import read_hud, registry_of
from engine.scene.includes import SceneTables
from engine.scene.mods.layers import lay_over
from engine.scene.mods.mod import ModsTable, find_mods
from engine.scene.placing import PlaceGenerator
from engine.scene.scene_file import TABLES
from engine.scene.screen_checks import Named, check_screen
from engine.scene.screens import Screen, ScreenStyle
from engine.scene.tables import (
    Camera,
    Entity,
    Limits,
    SceneTable,
    SoundTable,
    StatusEffect,
    System,
    Teams,
    Window,
)
from engine.scene.tilemap import read_tilemap
from engine.scripting.budgets import shares
from engine.signing.trust import TrustTable, combined, read_trust, user_trust_file

T = TypeVar("T")

QUERIED = tuple(component.label for component in Component if component not in HIDDEN)
"""Built-in components that systems may ask for."""


def load_scene(file: Path | str, seed: int | None = None) -> SceneDescription:
    """Read a scene file and check all of it but the insides of its scripts.

    Args:
        file: the scene file.  seed: takes the place of the scene's own.
    Raises:
        SceneError: the file or a script is missing, or something in the file is wrong.
    """
    tables = SceneTables(Path(file))
    try:
        return _Reader(tables).description(seed)
    except SceneError as fault:
        raise tables.with_line(fault) from None


class _Reader:
    """Reads the tables of a scene, its mods' laid over them."""

    def __init__(self, tables: SceneTables) -> None:
        self.source = tables
        self.file = tables.file
        self.raw = tables.raw
        self.scene = self.table("scene", SceneTable)
        self.trust = self.table("trust", TrustTable)
        self.trusted = combined(self.trust, read_trust(user_trust_file()))
        game = self.scene.game or self.scene.name
        self.mods = find_mods(self.table("mods", ModsTable), tables.file, game, self.trusted)
        for mod in self.mods:
            lay_over(tables, mod)
        self.mounts = {mod.prefix: mod.folder for mod in self.mods}
        self.files = CheckedNames(FileNames(tables.file.parent, self.mounts), tables.file_of)

    def fault(self, table: str, key: str, message: str, *, allowed: str = "", hint: str = "") -> SceneError:
        return SceneError(self.source.file_of(table), table, key, message, allowed=allowed, hint=hint)

    def description(self, seed: int | None) -> SceneDescription:
        for name in self.raw:
            if name not in TABLES:
                known = hint_for(name, TABLES)
                raise self.fault(name, "", "unknown table", allowed=listed(TABLES), hint=known)
        chosen = self.scene.seed if seed is None else seed
        limits = self.table("limits", Limits)
        self.check_budgets(limits)
        actions = read_actions(self.tables("input"), self.source.file_of("input"))
        effects = self.effects()
        components = read_declared(self.source, Entity.__struct_fields__)
        animations = AnimationTables(self.source, self.files)
        blueprints = BlueprintReader(self.source, self.files, components, effects, animations)
        prefabs = blueprints.prefabs()
        file = self.source.file_of("tilemap")
        tilemap = read_tilemap(self.raw["tilemap"], file, self.files) if "tilemap" in self.raw else None
        objects = tilemap.entities(self.tables("prefab"), file) if tilemap else ()
        entities = self.entities(chosen, limits.entities, blueprints, objects)
        self.check_wishes(entities, components)
        return SceneDescription(
            file=self.file,
            files=self.source.files,
            folder=self.file.parent,
            scene=self.scene,
            mods=tuple(self.mods),
            shares=self.table("mods", ModsTable).shares,
            trusted=self.trusted,
            seed=chosen,
            limits=limits,
            camera=self.table("camera", Camera),
            sound=self.sound(),
            teams=self.table("teams", Teams),
            window=self.table("window", Window),
            hud=read_hud(self.rows("hud"), components, self.files, self.source.file_of),
            backgrounds=read_backgrounds(self.rows("background"), self.files, self.source.file_of),
            actions=actions,
            screens=self.screens(actions, components),
            style=self.table("style", ScreenStyle),
            tilemap=tilemap,
            triggers=self.triggers(tilemap.triggers(file) if tilemap else ()),
            effects=effects,
            statuses=self.statuses(),
            clips=animations.clips,
            animators=animations.animators,
            components=components,
            prefabs=prefabs,
            joints=self.joints(entities),
            entities=entities,
            systems=self.systems(components),
        )

    def check_budgets(self, limits: Limits) -> None:
        """Refuse limits under which some callback could never run."""
        mods = [mod.file.id for mod in self.mods]
        parts = shares(limits.operations_of_a_tick, mods, self.table("mods", ModsTable).shares)
        for name, part in zip(("the game", *mods), parts, strict=True):
            if part < limits.operations:
                message = f"{name} gets {part} operations a tick, and a callback may take {limits.operations}"
                raise self.fault("limits", "tick_operations", message, hint="raise it")

    def table(self, name: str, wanted: type[T]) -> T:
        return read_table(self.raw.get(name, {}), wanted, file=self.source.file_of(name), table=name)

    def tables(self, name: str) -> Mapping[str, Any]:
        """Return a table of tables, such as ``[prefab.coin]``."""
        found = self.raw.get(name, {})
        if not isinstance(found, dict):
            raise self.fault(name, "", "expected a table")
        return found

    def rows(self, name: str) -> list[Any]:
        """Return an array of tables, such as ``[[entity]]``."""
        found = self.raw.get(name, [])
        if not isinstance(found, list):
            raise self.fault(name, "", "expected a list of tables", hint=f"write [[{name}]]")
        return found

    def sound(self) -> SoundTable:
        table = self.table("sound", SoundTable)
        if "folders" in self.raw.get("sound", {}):  # the default need not exist
            for index, name in enumerate(table.folders):
                self.files.check_folder(name, "sound", f"folders[{index}]")
        return table

    def screens(self, actions: Actions, components: Mapping[str, DeclaredComponent]) -> tuple[Screen, ...]:
        screens: dict[str, Screen] = {}
        for number, raw in enumerate(self.rows("screen"), 1):
            table = f"screen {number}"
            screen = read_table(raw, Screen, file=self.source.file_of(table), table=table)
            if screen.name in screens:
                raise self.fault(table, "name", f'another screen has the name "{screen.name}"')
            screens[screen.name] = screen
        named = Named(screens, actions, registry_of(components))
        for number, screen in enumerate(screens.values(), 1):
            table = f"screen {number}"
            check_screen(screen, table, self.source.file_of(table), named)
            for at, item in enumerate(screen.items):
                if item.image is not None:
                    self.files.check(item.image, IMAGE, table, f"item[{at}].image")
        return tuple(screens.values())

    def triggers(self, of_map: Sequence[Trigger]) -> tuple[Trigger, ...]:
        triggers: dict[str, Trigger] = {}
        for number, raw in enumerate(self.rows("trigger"), 1):
            table = f"trigger {number}"
            trigger = read_table(raw, Trigger, file=self.source.file_of(table), table=table)
            if trigger.name in triggers:
                message = f'another trigger has the name "{trigger.name}"'
                raise self.fault(table, "name", message)
            triggers[trigger.name] = trigger
        for trigger in of_map:
            if trigger.name in triggers:
                message = f'two triggers have the name "{trigger.name}", one of them in the map'
                raise self.fault("tilemap", "file", message)
            triggers[trigger.name] = trigger
        return tuple(triggers.values())

    def statuses(self) -> dict[str, StatusEffect]:
        named = ((name, f"status.{name}", raw) for name, raw in self.tables("status").items())
        return {
            name: read_table(raw, StatusEffect, file=self.source.file_of(table), table=table)
            for name, table, raw in named
        }

    def effects(self) -> dict[str, Effect]:
        effects: dict[str, Effect] = {}
        for name, raw in self.tables("effect").items():
            table = f"effect.{name}"
            file = self.source.file_of(table)
            effect = effects[name] = read_table(raw, Effect, file=file, table=table)
            if effect.image is not None:
                self.files.check(effect.image, IMAGE, table, "image")
        for name, effect in effects.items():
            for number, other in enumerate(effect.also):
                if other not in effects or other == name:
                    message, known = f'no other effect is called "{other}"', effects.keys() - {name}
                    raise self.fault(
                        f"effect.{name}",
                        f"also[{number}]",
                        message,
                        allowed=listed(sorted(known)),
                        hint=hint_for(other, known),
                    )
        return effects

    def entities(
        self, seed: int, most: int, blueprints: BlueprintReader, objects: Sequence[dict[str, Any]]
    ) -> tuple[PlacedEntity, ...]:
        """Read the entities of the file, then those that are objects of the map."""
        placed: list[PlacedEntity] = []
        members = 0
        written = self.rows("entity")
        for number, raw in enumerate([*written, *objects], 1):
            table = f"entity {number}" if number <= len(written) else "tilemap"
            blueprint = blueprints.read(raw, Entity, table)
            entity = blueprint.parts
            assert isinstance(entity, Entity), "it was read as one"
            members += entity.count * sum(1 for _ in blueprint.family())
            if members > most:
                hint = "raise `entities` in [limits]"
                raise self.fault(table, "count", f"more than {most} entities in all", hint=hint)
            placed.extend(_copies(blueprint, entity, number, seed))
        return tuple(placed)

    def check_wishes(
        self, entities: Sequence[PlacedEntity], components: Mapping[str, DeclaredComponent]
    ) -> None:
        """Refuse fields of entities that name a tag which no entity has."""
        blueprints = {one.table: one.blueprint for one in entities}
        tags = {member.parts.tag for one in blueprints.values() for member in one.family()} - {""}
        wished = [(one.name, f.name) for one in components.values() for f in one.fields if f.type == "entity"]
        for number, blueprint in blueprints.items():
            for member, (component, name) in product(blueprint.family(), wished):
                tag = str(member.declared.get(component, {}).get(name, ""))
                if tag and tag not in tags:
                    message = f'no entity has the tag "{tag}"'
                    key = f"{component}.{name}"
                    raise self.fault(f"entity {number}", key, message, hint=hint_for(tag, tags))

    def joints(self, entities: Sequence[PlacedEntity]) -> tuple[Joint, ...]:
        bodies = {one.parts.tag for one in entities if one.parts.body is not None}
        tags = sorted(bodies - {""})
        joints: list[Joint] = []
        for number, raw in enumerate(self.rows("joint"), 1):
            table = f"joint {number}"
            joint = read_table(raw, Joint, file=self.source.file_of(table), table=table)
            for key, tag in (("first", joint.first), ("second", joint.second)):
                if tag is not None and tag not in bodies:
                    known = listed(tags) if tags else "no entity has a `body` and a `tag`"
                    message = f'no entity with a body has the tag "{tag}"'
                    raise self.fault(table, key, message, allowed=known, hint=hint_for(tag, tags))
            if joint.first == joint.second:
                raise self.fault(table, "second", "a joint needs two different tags")
            joints.append(joint)
        return tuple(joints)

    def systems(self, components: Mapping[str, DeclaredComponent]) -> tuple[System, ...]:
        systems: list[System] = []
        for number, raw in enumerate(self.rows("system"), 1):
            table = f"system {number}"
            system = read_table(raw, System, file=self.source.file_of(table), table=table)
            self.files.check(system.script, SCRIPT, table, "script")
            known = (*QUERIED, *components)
            for key, names in (("with", system.with_components), ("without", system.without_components)):
                for index, name in enumerate(names):
                    if name not in known:
                        message = f'unknown component "{name}"'
                        near = hint_for(name, known)
                        raise self.fault(table, f"{key}[{index}]", message, allowed=listed(known), hint=near)
            systems.append(system)
        return tuple(systems)


def _copies(blueprint: Blueprint, entity: Entity, number: int, seed: int) -> list[PlacedEntity]:
    generator = PlaceGenerator(seed, number)
    x, y, z = entity.place
    copies: list[PlacedEntity] = []
    for _ in range(entity.count):
        dx, dy = generator.in_shape(entity.spread) if entity.spread else (0.0, 0.0)
        copies.append(
            PlacedEntity(
                blueprint=blueprint, prefab=entity.prefab or "", x=x + dx, y=y + dy, z=z, table=number
            )
        )
    return copies
