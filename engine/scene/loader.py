"""Reads a scene file. Every fault is one `SceneError` that names the file, the table and the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from engine.errors import SceneError
from engine.input.bindings import Actions
from engine.scene.actions import read_actions
from engine.scene.components import Joint, Trigger
from engine.scene.description import PlacedEntity, SceneDescription
from engine.scene.document import parse_tables, read_text
from engine.scene.effects import Effect
from engine.scene.faults import hint_for, listed, read_table
from engine.scene.file_names import IMAGE, SCRIPT, CheckedNames
from engine.scene.places import line_of
from engine.scene.placing import PlaceGenerator
from engine.scene.prefabs import merged
from engine.scene.screen_checks import check_screen
from engine.scene.screens import Screen, ScreenStyle
from engine.scene.tables import Camera, Entity, Limits, Prefab, SceneTable, SoundTable, System

T = TypeVar("T")

TABLES = (
    *("scene", "limits", "camera", "input", "sound", "screen", "style"),
    *("trigger", "effect", "prefab", "entity", "joint", "system"),
)


def load_scene(file: Path | str, seed: int | None = None) -> SceneDescription:
    """Read a scene file and check all of it but the insides of its scripts.

    Args:
        file: the scene file.  seed: takes the place of the scene's own.
    Raises:
        SceneError: the file or a script is missing, or something in the file is wrong.
    """
    path = Path(file)
    text = read_text(path)
    tables = parse_tables(text, path)
    try:
        return _Reader(path, tables).description(seed)
    except SceneError as fault:
        raise _with_line(fault, text) from None


def _with_line(fault: SceneError, text: str) -> SceneError:
    return SceneError(
        fault.file,
        fault.table,
        fault.key,
        fault.message,
        allowed=fault.allowed,
        hint=fault.hint,
        line=line_of(text, fault.table, fault.key),
    )


class _Reader:
    def __init__(self, file: Path, raw: dict[str, Any]) -> None:
        self.file = file
        self.raw = raw
        self.files = CheckedNames(file)
        self.effects: dict[str, Effect] = {}

    def fault(self, table: str, key: str, message: str, *, allowed: str = "", hint: str = "") -> SceneError:
        return SceneError(self.file, table, key, message, allowed=allowed, hint=hint)

    def description(self, seed: int | None) -> SceneDescription:
        for name in self.raw:
            if name not in TABLES:
                known = hint_for(name, TABLES)
                raise self.fault(name, "", "unknown table", allowed=listed(TABLES), hint=known)
        scene = self.table("scene", SceneTable)
        chosen = scene.seed if seed is None else seed
        limits = self.table("limits", Limits)
        self.effects = self.read_effects()
        actions = read_actions(self.tables("input"), self.file)
        prefabs = self.prefabs()
        entities = self.entities(chosen, limits.entities, prefabs)
        return SceneDescription(
            file=self.file,
            folder=self.file.parent,
            scene=scene,
            seed=chosen,
            limits=limits,
            camera=self.table("camera", Camera),
            sound=self.sound(),
            actions=actions,
            screens=self.screens(actions),
            style=self.table("style", ScreenStyle),
            triggers=self.triggers(),
            effects=self.effects,
            prefabs=prefabs,
            joints=self.joints(entities),
            entities=entities,
            systems=self.systems(),
        )

    def table(self, name: str, wanted: type[T]) -> T:
        return read_table(self.raw.get(name, {}), wanted, file=self.file, table=name)

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

    def screens(self, actions: Actions) -> tuple[Screen, ...]:
        screens: dict[str, Screen] = {}
        for number, raw in enumerate(self.rows("screen"), 1):
            table = f"screen {number}"
            screen = read_table(raw, Screen, file=self.file, table=table)
            if screen.name in screens:
                raise self.fault(table, "name", f'another screen has the name "{screen.name}"')
            screens[screen.name] = screen
        for number, screen in enumerate(screens.values(), 1):
            check_screen(screen, f"screen {number}", self.file, screens, actions)
        return tuple(screens.values())

    def triggers(self) -> tuple[Trigger, ...]:
        triggers: dict[str, Trigger] = {}
        for number, raw in enumerate(self.rows("trigger"), 1):
            trigger = read_table(raw, Trigger, file=self.file, table=f"trigger {number}")
            if trigger.name in triggers:
                message = f'another trigger has the name "{trigger.name}"'
                raise self.fault(f"trigger {number}", "name", message)
            triggers[trigger.name] = trigger
        return tuple(triggers.values())

    def read_effects(self) -> dict[str, Effect]:
        effects: dict[str, Effect] = {}
        for name, raw in self.tables("effect").items():
            table = f"effect.{name}"
            effect = effects[name] = read_table(raw, Effect, file=self.file, table=table)
            if effect.image is not None:
                self.files.check(effect.image, IMAGE, table, "image")
        return effects

    def prefabs(self) -> dict[str, Prefab]:
        prefabs: dict[str, Prefab] = {}
        for name, raw in self.tables("prefab").items():
            table = f"prefab.{name}"
            prefabs[name] = read_table(raw, Prefab, file=self.file, table=table)
            self.check_names(prefabs[name], table)
        return prefabs

    def entities(self, seed: int, most: int, prefabs: Mapping[str, Prefab]) -> tuple[PlacedEntity, ...]:
        placed: list[PlacedEntity] = []
        for number, raw in enumerate(self.rows("entity"), 1):
            table = f"entity {number}"
            entity = read_table(self.with_prefab(raw, table, prefabs), Entity, file=self.file, table=table)
            self.check_names(entity, table)
            if len(placed) + entity.count > most:
                hint = "raise `entities` in [limits]"
                raise self.fault(table, "count", f"more than {most} entities in all", hint=hint)
            placed.extend(_copies(entity, number, seed))
        return tuple(placed)

    def with_prefab(self, raw: Any, table: str, prefabs: Mapping[str, Prefab]) -> Any:
        """Return an entity's table with its prefab's keys filled in; faults of type are found later."""
        name = raw.get("prefab") if isinstance(raw, dict) else None
        if not isinstance(name, str):
            return raw
        if name not in prefabs:
            known = listed(prefabs) if prefabs else "none is declared: write [prefab.NAME]"
            near = hint_for(name, prefabs)
            raise self.fault(table, "prefab", f'unknown prefab "{name}"', allowed=known, hint=near)
        return merged(self.raw["prefab"][name], raw)

    def joints(self, entities: Sequence[PlacedEntity]) -> tuple[Joint, ...]:
        bodies = {one.parts.tag for one in entities if one.parts.body is not None}
        tags = sorted(bodies - {""})
        joints: list[Joint] = []
        for number, raw in enumerate(self.rows("joint"), 1):
            table = f"joint {number}"
            joint = read_table(raw, Joint, file=self.file, table=table)
            for key, tag in (("first", joint.first), ("second", joint.second)):
                if tag is not None and tag not in bodies:
                    known = listed(tags) if tags else "no entity has a `body` and a `tag`"
                    message = f'no entity with a body has the tag "{tag}"'
                    raise self.fault(table, key, message, allowed=known, hint=hint_for(tag, tags))
            if joint.first == joint.second:
                raise self.fault(table, "second", "a joint needs two different tags")
            joints.append(joint)
        return tuple(joints)

    def systems(self) -> tuple[System, ...]:
        systems: list[System] = []
        for number, raw in enumerate(self.rows("system"), 1):
            table = f"system {number}"
            system = read_table(raw, System, file=self.file, table=table)
            self.files.check(system.script, SCRIPT, table, "script")
            systems.append(system)
        return tuple(systems)

    def check_names(self, parts: Prefab, table: str) -> None:
        """Find what a table names: scripts, an image, the effect of its emitter."""
        if parts.emitter is not None and parts.emitter.effect not in self.effects:
            name, known = parts.emitter.effect, self.effects
            allowed = listed(known) if known else "none is declared: write [effect.NAME]"
            message = f'unknown effect "{name}"'
            raise self.fault(table, "emitter.effect", message, allowed=allowed, hint=hint_for(name, known))
        if parts.script is not None:
            self.files.check(parts.script, SCRIPT, table, "script")
        for index, name in enumerate(parts.scripts or ()):
            self.files.check(name, SCRIPT, table, f"scripts[{index}]")
        if parts.sprite is not None and parts.sprite.image is not None:
            self.files.check(parts.sprite.image, IMAGE, table, "sprite.image")


def _copies(entity: Entity, number: int, seed: int) -> list[PlacedEntity]:
    generator = PlaceGenerator(seed, number)
    x, y, z = entity.place
    copies: list[PlacedEntity] = []
    for _ in range(entity.count):
        dx, dy = generator.in_shape(entity.spread) if entity.spread else (0.0, 0.0)
        copies.append(
            PlacedEntity(parts=entity, prefab=entity.prefab or "", x=x + dx, y=y + dy, z=z, table=number)
        )
    return copies
