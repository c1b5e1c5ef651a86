"""The registry of a world: its components, the built-in ones and those that a scene declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from engine.ecs.components import FIRST_DECLARED_FIELD, Component, Field, FieldKind
from engine.errors import (
    BadFieldValue,
    ComponentError,
    DuplicateComponent,
    UnknownComponent,
    UnknownField,
)

TYPE_NAMES = ("int", "float", "bool", "vec2", "vec3", "string", "entity")


_FLOAT = FieldKind.FLOAT


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One column: its number, the component it belongs to, its kind and its default."""

    number: int
    component: int
    name: str
    kind: FieldKind
    default: float | int
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """What a scene declares: a typed value of a component, of one column or, for vectors, of 2 or 3."""

    name: str
    type: str
    first_field: int
    width: int


@dataclass(frozen=True, slots=True)
class ComponentSpec:
    """One component: its number, name, columns in order and properties."""

    number: int
    name: str
    fields: tuple[FieldSpec, ...]
    properties: tuple[Property, ...]


_TYPE_OF_KIND = {
    FieldKind.FLOAT: "float",
    FieldKind.INT: "int",
    FieldKind.BOOL: "bool",
    FieldKind.STRING: "string",
    FieldKind.ENTITY: "entity",
}
_KIND_OF_TYPE = {name: kind for kind, name in _TYPE_OF_KIND.items()}
_VECTOR_WIDTHS = {"vec": 2, "vec2": 2, "vec3": 3}


def _built_in(component: Component) -> ComponentSpec:
    fields = tuple(
        FieldSpec(int(f), int(component), f.label, f.kind, f.default, f.passing)
        for f in Field
        if f.component is component
    )
    properties = tuple(Property(f.name, _TYPE_OF_KIND[f.kind], f.number, 1) for f in fields)
    return ComponentSpec(int(component), component.label, fields, properties)


class Registry:
    """The components of one world: the built-in ones and those a scene declares."""

    def __init__(self) -> None:
        self._components = [_built_in(component) for component in Component]
        self._by_name = {spec.name: spec for spec in self._components}
        self._fields = {f.number: f for spec in self._components for f in spec.fields}
        self._next_field = FIRST_DECLARED_FIELD

    @property
    def components(self) -> Sequence[ComponentSpec]:
        """Every component, by number."""
        return self._components

    @property
    def fields(self) -> dict[int, FieldSpec]:
        """Every field, by number, in order."""
        return self._fields

    @property
    def field_limit(self) -> int:
        """One more than the highest field number in use."""
        return self._next_field

    def component(self, key: int | str) -> ComponentSpec:
        """Return a component by number or name.

        Raises:
            UnknownComponent: there is none.
        """
        if isinstance(key, str):
            found = self._by_name.get(key)
        else:
            found = self._components[key] if 0 <= key < len(self._components) else None
        if found is None:
            raise UnknownComponent(key, self._by_name)
        return found

    def field(self, key: int | str) -> FieldSpec:
        """Return a field by number or as text: ``"health.value"``, ``"wind.heading.x"``.

        Raises:
            UnknownField: there is none.  UnknownComponent: the text names one that does not exist.
        """
        if isinstance(key, str):
            return self.field_named(*key.split(".", 1)) if "." in key else self._no_field(key)
        found = self._fields.get(key)
        return self._no_field(key) if found is None else found

    def _no_field(self, key: int | str) -> NoReturn:
        raise UnknownField("", key)

    def field_named(self, component: int | str, name: str) -> FieldSpec:
        """Return a field of a component by name (``"heading.x"`` for a column of a vector).

        Raises:
            UnknownComponent, UnknownField: there is none.
        """
        spec = self.component(component)
        for field in spec.fields:
            if field.name == name:
                return field
        raise UnknownField(spec.name, name, [field.name for field in spec.fields])

    def declare(
        self, name: str, properties: Sequence[tuple[str, str, Sequence[float | int]]]
    ) -> ComponentSpec:
        """Add a component of (property name, type, words of its default, one a column).

        Types: int, float, bool, vec2 (or vec), vec3, string (default 0), entity (default 0).

        Raises:
            DuplicateComponent: the name is taken.  BadFieldValue: a type that does not exist.
            ComponentError: two properties of one name.
        """
        if name in self._by_name:
            raise DuplicateComponent(name)
        number = len(self._components)
        fields: list[FieldSpec] = []
        declared: list[Property] = []
        for label, type_name, defaults in properties:
            if any(known.name == label for known in declared):
                message = f"component `{name}` declares `{label}` twice"
                raise ComponentError(message)
            first = self._next_field + len(fields)
            columns = _columns(name, label, type_name)
            declared.append(Property(label, type_name, first, len(columns)))
            fields.extend(
                FieldSpec(first + i, number, column, kind, float(word) if kind == _FLOAT else int(word))
                for i, ((column, kind), word) in enumerate(zip(columns, defaults, strict=True))
            )
        spec = ComponentSpec(number, name, tuple(fields), tuple(declared))
        self._components.append(spec)
        self._by_name[name] = spec
        self._fields.update({field.number: field for field in fields})
        self._next_field += len(fields)
        return spec


def width_of_type(type_name: str) -> int:
    """Return how many columns a declared type has."""
    return _VECTOR_WIDTHS.get(type_name, 1)


def kind_of_type(property_name: str, type_name: str) -> FieldKind:
    """Return what the columns of a declared type hold.

    Raises:
        BadFieldValue: there is no such type.
    """
    if type_name in _VECTOR_WIDTHS:
        return _FLOAT
    if type_name not in _KIND_OF_TYPE:
        raise BadFieldValue(property_name, f"one of {', '.join(TYPE_NAMES)}", type_name)
    return _KIND_OF_TYPE[type_name]


def _columns(component: str, label: str, type_name: str) -> list[tuple[str, FieldKind]]:
    kind = kind_of_type(f"{component}.{label}", type_name)
    if type_name in _VECTOR_WIDTHS:
        return [(f"{label}.{axis}", kind) for axis in "xyz"[: _VECTOR_WIDTHS[type_name]]]
    return [(label, kind)]
