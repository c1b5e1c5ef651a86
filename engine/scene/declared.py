"""Components that a scene declares: ``[component.leaf]`` with typed fields, and the values of entities.

A field is written with all that it is, ``mass = { type = "float", default = 1.0 }``, or shorter: by its
default alone (``mass = 1.0``, ``alive = true``, ``heading = [0.0, 1.0]``) or by its type alone
(``target = "entity"``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from engine.ecs.components import Component
from engine.errors import SceneError
from engine.scene.faults import hint_for, listed, read_table
from engine.scene.includes import SceneTables
from engine.scene.values import Integer, Number, Vector

FieldType = Literal["int", "float", "bool", "vec2", "vec3", "string", "entity"]
Content = Annotated[str, Meta(max_length=10_000)]
Value = int | float | bool | str | tuple[float, ...]
Values = Mapping[str, Mapping[str, Value]]
"""Values by field by declared component."""

TYPES: dict[str, tuple[Any, Value]] = {
    "int": (Integer, 0),
    "float": (Number, 0.0),
    "bool": (bool, False),
    "vec2": (Vector, (0.0, 0.0)),
    "vec3": (tuple[Number, Number, Number], (0.0, 0.0, 0.0)),
    "string": (Content, ""),
    "entity": (Content, ""),
}
"""What a scene may write for a field of a type, and the default. Of an entity it writes the tag."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class FieldTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[component.NAME]``: a field of a declared component."""

    type: FieldType
    """What the field holds; an `entity` is given by its tag."""
    default: Any = None
    """What entities have that say nothing else; 0, false, empty or nobody when absent."""


class DeclaredField(Struct, frozen=True, kw_only=True):
    """A field of a declared component."""

    name: str
    type: str
    default: Value


class DeclaredComponent(Struct, frozen=True, kw_only=True):
    """A component that a scene declares, and the struct that checks the values of entities."""

    name: str
    fields: tuple[DeclaredField, ...]
    values: type[Struct]

    def read(self, raw: object, tables: SceneTables, table: str, root: str) -> Mapping[str, Value]:
        """Return the values that an entity gives its fields.

        Raises:
            SceneError: an unknown field, a wrong type or a value out of bounds.
        """
        found = read_table(raw, self.values, file=tables.file_of(table), table=table, root=root)
        return msgspec.structs.asdict(found)


def read_declared(tables: SceneTables, taken: Iterable[str]) -> dict[str, DeclaredComponent]:
    """Read the components that a scene declares; `taken` are the names of other keys of entities.

    Raises:
        SceneError: a name, a type or a default that cannot be.
    """
    reserved = {component.label for component in Component} | set(taken)
    found: dict[str, DeclaredComponent] = {}
    for name, raw in tables.raw.get("component", {}).items():
        table = f"component.{name}"
        if not _NAME.fullmatch(name):
            raise _fault(tables, table, "", f'"{name}" is no name of a component', "letters, digits and _")
        if name in reserved:
            raise _fault(tables, table, "", f"`{name}` is a key of every entity already; take another name")
        if not isinstance(raw, dict):
            raise _fault(tables, table, "", "expected a table", hint='write mass = 1.0 or mass = "float"')
        fields = tuple(_field(tables, table, key, spec) for key, spec in raw.items())
        struct = msgspec.defstruct(
            name,
            [(field.name, TYPES[field.type][0], field.default) for field in fields],
            forbid_unknown_fields=True,
            frozen=True,
            kw_only=True,
        )
        found[name] = DeclaredComponent(name=name, fields=fields, values=struct)
    return found


def _fault(
    tables: SceneTables, table: str, key: str, message: str, allowed: str = "", hint: str = ""
) -> SceneError:
    return SceneError(tables.file_of(table), table, key, message, allowed=allowed, hint=hint)


def _field(tables: SceneTables, table: str, name: str, raw: object) -> DeclaredField:
    if not _NAME.fullmatch(name):
        raise _fault(tables, table, name, f'"{name}" is no name of a field', "letters, digits and _")
    spec = _spelled_out(tables, table, name, raw)
    wanted, default = TYPES[spec.type]
    if spec.default is not None:
        if spec.type == "entity":
            raise _fault(tables, table, f"{name}.default", "an entity has no default: it begins as nobody")
        root = f"{name}.default" if isinstance(raw, dict) else name
        default = read_table(spec.default, wanted, file=tables.file_of(table), table=table, root=root)
    return DeclaredField(name=name, type=spec.type, default=default)


def _spelled_out(tables: SceneTables, table: str, name: str, raw: object) -> FieldTable:
    """Return the long form of a field."""
    match raw:
        case dict():
            return read_table(raw, FieldTable, file=tables.file_of(table), table=table, root=name)
        case bool():
            return FieldTable(type="bool", default=raw)
        case int():
            return FieldTable(type="int", default=raw)
        case float():
            return FieldTable(type="float", default=raw)
        case [_, _]:
            return FieldTable(type="vec2", default=raw)
        case [_, _, _]:
            return FieldTable(type="vec3", default=raw)
        case "int" | "float" | "bool" | "vec2" | "vec3" | "string" | "entity":
            return FieldTable(type=raw)
        case str():
            hint = hint_for(raw, TYPES) or f'for a text write {{ type = "string", default = "{raw}" }}'
            raise _fault(tables, table, name, f'unknown type "{raw}"', listed(TYPES), hint)
    message = "expected a type, a default value, or a table with both"
    raise _fault(tables, table, name, message, '"float", 1.0 or { type = "float", default = 1.0 }')
