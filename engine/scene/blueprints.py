"""What an entity is born with: its own keys laid over those of its prefabs, and the same for its children.

A prefab may itself take the keys of another one, and hold children by name, each with keys like a prefab:
whoever takes a prefab may override any key of it, also of its children.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from engine.errors import SceneError
from engine.scene.animation_tables import AnimationTables
from engine.scene.declared import DeclaredComponent, Values
from engine.scene.effects import Effect
from engine.scene.faults import hint_for, listed, read_table
from engine.scene.file_names import IMAGE, SCRIPT, CheckedNames
from engine.scene.includes import SceneTables
from engine.scene.prefabs import merged
from engine.scene.tables import Prefab

MOST_NESTED = 32
"""Prefabs in each other, and prefabs that take each other's keys."""
MOST_MEMBERS = 1_000
"""Entities of one family."""


class Blueprint(Struct, frozen=True, kw_only=True):
    """An entity to be born, with all of its prefab's keys."""

    parts: Prefab
    """Its keys; the children stand in `children` alone."""
    declared: Values
    """Values of the components that the scene declares."""
    children: Mapping[str, Blueprint]
    """Its children by name; their positions count from it."""

    def family(self) -> Iterator[Blueprint]:
        """Yield itself and all below it, parents before children."""
        yield self
        for child in self.children.values():
            yield from child.family()


class BlueprintReader:
    """Reads entities and prefabs of one scene."""

    def __init__(
        self,
        tables: SceneTables,
        files: CheckedNames,
        declared: Mapping[str, DeclaredComponent],
        effects: Mapping[str, Effect],
        animations: AnimationTables,
    ) -> None:
        self._tables = tables
        self._animations = animations
        self._effects = effects
        self._declared = declared
        self._files = files
        self._prefabs: Mapping[str, Any] = tables.raw.get("prefab", {})

    def prefabs(self) -> dict[str, Blueprint]:
        """Read all prefabs, those without a use as well."""
        return {name: self.read(raw, Prefab, f"prefab.{name}") for name, raw in self._prefabs.items()}

    def read(self, raw: object, wanted: type[Prefab], table: str) -> Blueprint:
        """Read the table of an entity or of a prefab, with its children.

        Raises:
            SceneError: something in it is wrong.
        """
        return _Family(self, table).member(raw, wanted, "", [table.removeprefix("prefab.")])

    def fault(self, table: str, key: str, message: str, *, allowed: str = "", hint: str = "") -> SceneError:
        """Return the fault of a key of a table."""
        return SceneError(self._tables.file_of(table), table, key, message, allowed=allowed, hint=hint)

    def layered(self, raw: Mapping[str, Any], table: str, key: str, above: list[str]) -> Mapping[str, Any]:
        """Return a table with the keys of its prefabs filled in; `above` collects their names."""
        name = raw.get("prefab")
        if not isinstance(name, str):
            return raw  # if it is there, it is of a wrong type: found with the other keys
        if name not in self._prefabs:
            known = listed(self._prefabs) if self._prefabs else "none is declared: write [prefab.NAME]"
            near = hint_for(name, self._prefabs)
            raise self.fault(table, key, f'unknown prefab "{name}"', allowed=known, hint=near)
        if name in above:
            way = " → ".join((*above[above.index(name) :], name))
            raise self.fault(table, key, f"prefabs take each other's keys: {way}")
        if len(above) > MOST_NESTED:
            raise self.fault(table, key, f"more than {MOST_NESTED} prefabs take each other's keys")
        above.append(name)
        below = self._prefabs[name]
        if not isinstance(below, dict):
            raise self.fault(f"prefab.{name}", "", "expected a table")
        return merged(self.layered(below, f"prefab.{name}", "prefab", above), raw)

    def own_keys(
        self, flat: dict[str, Any], wanted: type[Prefab], table: str, root: str
    ) -> tuple[Prefab, Values]:
        """Read all keys of a table but its children."""
        declared = {
            name: component.read(flat.pop(name), self._tables, table, _joined(root, name))
            for name, component in self._declared.items()
            if name in flat
        }
        file = self._tables.file_of(table)
        parts = read_table(flat, wanted, file=file, table=table, root=root, more=self._declared)
        self._check_names(parts, table, root)
        return parts, declared

    def _check_names(self, parts: Prefab, table: str, root: str) -> None:
        """Find what a table names: scripts, an image, an effect, a clip."""
        if parts.emitter is not None and parts.emitter.effect not in self._effects:
            name, known = parts.emitter.effect, self._effects
            allowed = listed(known) if known else "none is declared: write [effect.NAME]"
            message, key = f'unknown effect "{name}"', _joined(root, "emitter.effect")
            raise self.fault(table, key, message, allowed=allowed, hint=hint_for(name, known))
        if parts.script is not None:
            self._files.check(parts.script, SCRIPT, table, _joined(root, "script"))
        for index, name in enumerate(parts.scripts or ()):
            self._files.check(name, SCRIPT, table, _joined(root, f"scripts[{index}]"))
        if parts.sprite is not None and parts.sprite.image is not None:
            self._files.check(parts.sprite.image, IMAGE, table, _joined(root, "sprite.image"))
        if parts.animation is not None:
            self._animations.check(parts.animation, table, _joined(root, "animation"))


class _Family:
    """The members of one family, counted while they are read."""

    def __init__(self, reader: BlueprintReader, table: str) -> None:
        self._reader = reader
        self._table = table
        self._members = 0

    def member(self, raw: object, wanted: type[Prefab], root: str, path: list[str]) -> Blueprint:
        """Read an entity and all below it; `path` are the prefabs that it is nested in."""
        reader, table = self._reader, self._table
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise reader.fault(table, root, f"a family of more than {MOST_MEMBERS:_} entities")
        if not isinstance(raw, dict):
            raise reader.fault(table, root, "expected a table")
        key = _joined(root, "prefab")
        if len(path) > MOST_NESTED:
            before = len(path) - 2 - path[-2::-1].index(path[-1]) if path[-1] in path[:-1] else 0
            way = " → ".join(path[before:])
            key = ".".join([*root.split(".")[:2], "prefab"])
            raise reader.fault(table, key, f"prefabs contain each other without an end: {way}")
        above = path[-1:] if table == f"prefab.{path[-1]}" and not root else []
        flat = dict(reader.layered(raw, table, key, above))
        children = flat.pop("child", {})
        if not isinstance(children, dict):
            raise reader.fault(
                table, _joined(root, "child"), "expected a table", hint="write child.NAME = { … }"
            )
        parts, declared = reader.own_keys(flat, wanted, table, root)
        if root:
            self._check_child(parts, root)
        below = {
            name: self._child(one, _joined(root, f"child.{name}"), path) for name, one in children.items()
        }
        return Blueprint(parts=parts, declared=declared, children=below)

    def _child(self, raw: object, root: str, path: list[str]) -> Blueprint:
        prefab = raw.get("prefab") if isinstance(raw, dict) else None
        return self.member(raw, Prefab, root, [*path, prefab if isinstance(prefab, str) else root])

    def _check_child(self, parts: Prefab, root: str) -> None:
        if parts.body is not None and parts.body.kind == "dynamic":
            message = "a dynamic body cannot be a child: physics would move it away from its parent"
            raise self._reader.fault(
                self._table,
                _joined(root, "body.kind"),
                message,
                allowed='"static", "kinematic", or no body at all',
            )


def _joined(root: str, key: str) -> str:
    return f"{root}.{key}" if root else key
