"""The one declaration of built-in components and fields, and the registry of a world.

`Component` and `Field` are IntEnums, so kernels use their members as constants. Every field is one
pool column of 8-byte words; fields of one component stand together and in order. A new built-in is
added here and nowhere else. Components that a scene declares come after the built-in ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import NoReturn, Self

from engine.errors import (
    BadFieldValue,
    ComponentError,
    DuplicateComponent,
    UnknownComponent,
    UnknownField,
)

TYPE_NAMES = ("int", "float", "bool", "vec2", "vec3", "string", "entity")

WORLD_SLOT_COUNT = 64
"""Pairs of table words kept for `WorldSlot`, between built-in fields and declared ones."""


@unique
class FieldKind(IntEnum):
    """What the word of a column means."""

    FLOAT = 0
    INT = 1
    BOOL = 2
    STRING = 3  # id in the world's string table
    ENTITY = 4  # entity id, 0 = none


@unique
class Component(IntEnum):
    """The built-in components; the order is the canonical order of the state hash."""

    TRANSFORM = 0
    VELOCITY = 1
    COLLIDER = 2
    BODY = 3
    TAG = 4
    TEAM = 5
    HEALTH = 6
    SPRITE = 7
    TEXT = 8
    SCRIPT = 9
    EMITTER = 10
    SOUND = 11
    UNBORN = 12  # spawned in this tick: has rows, is in no query until `commands`
    PREFAB = 13  # a template: has rows, is no entity
    PARENT = 14  # follows another entity: `World.hierarchy` gives and takes it

    @property
    def label(self) -> str:
        """The name that scenes and scripts use."""
        return self.name.lower()


HIDDEN = frozenset({int(Component.UNBORN), int(Component.PREFAB)})
"""Marks of the engine's own; queries leave out entities that have one unless they ask for it."""


class ShapeKind(IntEnum):
    """Shapes of colliders and sprites."""

    CIRCLE = 0
    BOX = 1
    TRIANGLE = 2  # sprites only
    CAPSULE = 3  # colliders only, as all that follow
    POLYGON = 4
    NONE = 5  # a body without a collider: it moves and has joints, and touches nothing


class BodyKind(IntEnum):
    """How physics moves a body."""

    STATIC = 0
    KINEMATIC = 1
    DYNAMIC = 2


NAN = math.nan
_FLOAT, _INT, _BOOL, _STRING, _ENTITY = FieldKind
_C = Component


@unique
class Field(IntEnum):
    """The built-in fields: number, component, kind, default, and whether it is a passing value.

    Passing values (kept for drawing, or numbers that depend on allocation) are not in the state hash.
    """

    _value_: int
    component: Component
    kind: FieldKind
    default: float | int
    passing: bool

    def __new__(
        cls,
        code: int,
        component: Component,
        kind: FieldKind,
        default: float,
        passing: bool = False,
    ) -> Self:
        """Make a member from one line of the table below."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.component = component
        member.kind = kind
        member.default = default
        member.passing = passing
        return member

    TRANSFORM_X = 0, _C.TRANSFORM, _FLOAT, 0.0  # metres
    TRANSFORM_Y = 1, _C.TRANSFORM, _FLOAT, 0.0  # metres, up
    TRANSFORM_Z = 2, _C.TRANSFORM, _FLOAT, 0.0  # layer of drawing
    TRANSFORM_ROTATION = 3, _C.TRANSFORM, _FLOAT, 0.0  # radians counter-clockwise
    TRANSFORM_SCALE_X = 4, _C.TRANSFORM, _FLOAT, 1.0
    TRANSFORM_SCALE_Y = 5, _C.TRANSFORM, _FLOAT, 1.0
    TRANSFORM_PREVIOUS_X = 6, _C.TRANSFORM, _FLOAT, 0.0, True  # at the start of the step
    TRANSFORM_PREVIOUS_Y = 7, _C.TRANSFORM, _FLOAT, 0.0, True
    TRANSFORM_PREVIOUS_ROTATION = 8, _C.TRANSFORM, _FLOAT, 0.0, True
    VELOCITY_VX = 9, _C.VELOCITY, _FLOAT, 0.0  # metres a second
    VELOCITY_VY = 10, _C.VELOCITY, _FLOAT, 0.0
    VELOCITY_ANGULAR = 11, _C.VELOCITY, _FLOAT, 0.0  # radians a second
    COLLIDER_SHAPE = 12, _C.COLLIDER, _INT, ShapeKind.CIRCLE
    COLLIDER_HALF_WIDTH = 13, _C.COLLIDER, _FLOAT, 0.5  # metres; the radius of a circle
    COLLIDER_HALF_HEIGHT = 14, _C.COLLIDER, _FLOAT, 0.5
    COLLIDER_RADIUS = 15, _C.COLLIDER, _FLOAT, 0.0  # metres; round margin around a box or polygon
    COLLIDER_POLYGON = 16, _C.COLLIDER, _INT, 0  # number in the pool of polygons
    COLLIDER_SENSOR = 17, _C.COLLIDER, _BOOL, 0
    COLLIDER_LAYER = 18, _C.COLLIDER, _INT, 1  # bits
    COLLIDER_MASK = 19, _C.COLLIDER, _INT, -1  # bits of the layers it meets
    COLLIDER_FRICTION = 20, _C.COLLIDER, _FLOAT, 0.6
    COLLIDER_RESTITUTION = 21, _C.COLLIDER, _FLOAT, 0.0
    COLLIDER_DENSITY = 22, _C.COLLIDER, _FLOAT, 1.0  # kg/m²
    COLLIDER_ONE_WAY = 23, _C.COLLIDER, _BOOL, 0  # solid for what comes from above alone
    BODY_KIND = 24, _C.BODY, _INT, BodyKind.DYNAMIC
    BODY_GRAVITY_SCALE = 25, _C.BODY, _FLOAT, 1.0
    BODY_MASS = 26, _C.BODY, _FLOAT, 0.0  # kg; 0: from the collider's density
    BODY_DAMPING = 27, _C.BODY, _FLOAT, 0.0  # part of the velocity lost a second
    BODY_ANGULAR_DAMPING = 28, _C.BODY, _FLOAT, 0.0
    BODY_FIXED_ROTATION = 29, _C.BODY, _BOOL, 0  # contacts and joints do not turn it
    BODY_CAN_SLEEP = 30, _C.BODY, _BOOL, 1
    BODY_SLEEPING = 31, _C.BODY, _BOOL, 0
    BODY_REST_TIME = 32, _C.BODY, _FLOAT, 0.0  # seconds for which it has hardly moved
    BODY_REST_X = 33, _C.BODY, _FLOAT, 0.0  # where it fell asleep
    BODY_REST_Y = 34, _C.BODY, _FLOAT, 0.0
    BODY_REST_ROTATION = 35, _C.BODY, _FLOAT, 0.0
    TAG_NAME = 36, _C.TAG, _STRING, 0
    TEAM_NAME = 37, _C.TEAM, _STRING, 0
    HEALTH_VALUE = 38, _C.HEALTH, _FLOAT, 100.0
    HEALTH_MAX = 39, _C.HEALTH, _FLOAT, 100.0
    HEALTH_ARMOR = 40, _C.HEALTH, _FLOAT, 0.0
    SPRITE_SHAPE = 41, _C.SPRITE, _INT, ShapeKind.CIRCLE
    SPRITE_WIDTH = 42, _C.SPRITE, _FLOAT, 1.0  # metres
    SPRITE_HEIGHT = 43, _C.SPRITE, _FLOAT, 1.0
    SPRITE_COLOR = 44, _C.SPRITE, _INT, 0xFFFFFFFF  # 0xRRGGBBAA
    SPRITE_LAYER = 45, _C.SPRITE, _INT, 0
    SPRITE_VISIBLE = 46, _C.SPRITE, _BOOL, 1
    SPRITE_IMAGE = 47, _C.SPRITE, _STRING, 0  # a file of the scene; 0: the plain shape
    SPRITE_COLUMNS = 48, _C.SPRITE, _INT, 1  # frames side by side in the image
    SPRITE_ROWS = 49, _C.SPRITE, _INT, 1
    SPRITE_FRAME = 50, _C.SPRITE, _INT, 0  # row by row from the upper left one
    SPRITE_FLIP_X = 51, _C.SPRITE, _BOOL, 0
    SPRITE_FLIP_Y = 52, _C.SPRITE, _BOOL, 0
    SPRITE_ANCHOR_X = 53, _C.SPRITE, _FLOAT, 0.5  # part of the width that lies left of the position
    SPRITE_ANCHOR_Y = 54, _C.SPRITE, _FLOAT, 0.5  # part of the height that lies below it
    TEXT_CONTENT = 55, _C.TEXT, _STRING, 0
    TEXT_SIZE = 56, _C.TEXT, _FLOAT, 0.5  # metres
    TEXT_COLOR = 57, _C.TEXT, _INT, 0xFFFFFFFF
    TEXT_VISIBLE = 58, _C.TEXT, _BOOL, 1
    SCRIPT_FIRST_INSTANCE = 59, _C.SCRIPT, _INT, -1, True
    EMITTER_EFFECT = 60, _C.EMITTER, _INT, 0  # number among the scene's effects
    EMITTER_RATE = 61, _C.EMITTER, _FLOAT, 1.0  # factor of the effect's own
    EMITTER_ACTIVE = 62, _C.EMITTER, _BOOL, 1
    EMITTER_AGE = 63, _C.EMITTER, _FLOAT, 0.0, True  # seconds since it was switched on
    EMITTER_CARRY = 64, _C.EMITTER, _FLOAT, 0.0, True  # part of a particle still to be born
    SOUND_NAME = 65, _C.SOUND, _STRING, 0
    SOUND_VOLUME = 66, _C.SOUND, _FLOAT, 1.0
    SOUND_PITCH = 67, _C.SOUND, _FLOAT, 1.0
    SOUND_RADIUS = 68, _C.SOUND, _FLOAT, 20.0  # metres beyond which it is silent
    SOUND_LOOPS = 69, _C.SOUND, _BOOL, 1
    PARENT_ENTITY = 70, _C.PARENT, _ENTITY, 0
    PARENT_X = 71, _C.PARENT, _FLOAT, 0.0  # where it stands in the parent's frame, metres
    PARENT_Y = 72, _C.PARENT, _FLOAT, 0.0
    PARENT_Z = 73, _C.PARENT, _FLOAT, 0.0
    PARENT_ROTATION = 74, _C.PARENT, _FLOAT, 0.0  # radians, added to the parent's
    PARENT_SCALE_X = 75, _C.PARENT, _FLOAT, 1.0  # times the parent's
    PARENT_SCALE_Y = 76, _C.PARENT, _FLOAT, 1.0
    PARENT_PLACED_X = 77, _C.PARENT, _FLOAT, NAN  # the transform as last placed; NaN: never was
    PARENT_PLACED_Y = 78, _C.PARENT, _FLOAT, 0.0
    PARENT_PLACED_Z = 79, _C.PARENT, _FLOAT, 0.0
    PARENT_PLACED_ROTATION = 80, _C.PARENT, _FLOAT, 0.0
    PARENT_PLACED_SCALE_X = 81, _C.PARENT, _FLOAT, 1.0
    PARENT_PLACED_SCALE_Y = 82, _C.PARENT, _FLOAT, 1.0

    @property
    def label(self) -> str:
        """The name that scenes and scripts use, without the component's."""
        return self.name[len(self.component.name) + 1 :].lower()


FIRST_DECLARED_FIELD = len(Field) + WORLD_SLOT_COUNT
"""Number of the first field of a declared component; table[2f] holds for these as well."""


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
