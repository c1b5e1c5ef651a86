"""What scripts see of components by name: the table of `get_component`, `set_component` and overrides.

Everything that a script may write is written down here with its bounds. What kernels use as an index (a
polygon, an effect, a clip, an image's frames) is not in the table or is checked by a rule of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Any

import numpy as np

from engine.ecs.components import Component, Field, FieldKind
from engine.ecs.layout import WorldSlot
from engine.ecs.registry import ComponentSpec
from engine.ecs.world import World
from engine.scripting.layout import LARGEST_SCALE
from lang.jit import I64
from lang.words import float_payload

COUNT, NOTES, FIRST_COMPONENT = range(3)
"""`WorldSlot.REFLECTION`: number of components, most words that a call writes, then the components."""
COMPONENT_WORDS = 5
NAME, NUMBER, PROPERTIES, FIRST_PROPERTY, IS_DECLARED = range(COMPONENT_WORDS)
"""String id, number, how many properties, where the first of them is, whether an entity may be given it."""
PROPERTY_WORDS = 6
LABEL, FIELD, TYPE, LOW, HIGH, RULE = range(PROPERTY_WORDS)
"""String id, number of its (first) field, `PropertyType`, bounds as words of that type, `Rule`."""
IS_NESTED = 1 << 40
"""Added to the place of what is refused when the value is part of a map of components."""
WIDEST = 2**63 - 1


@unique
class PropertyType(IntEnum):
    """What a script writes for a property; the first are those of `FieldKind`."""

    FLOAT = 0
    INT = 1
    BOOL = 2
    STRING = 3
    ENTITY = 4  # an id, or ()
    VEC2 = 5
    VEC3 = 6


_NAMES = ("a number", "an int", "a bool", "a string", "an entity or ()", "a vector of 2", "a vector of 3")


@unique
class Rule(IntEnum):
    """What else holds for a property."""

    NONE = 0
    FRAME = 1  # it is one of the image's frames
    READ_ONLY = 2


@dataclass(frozen=True, slots=True)
class Property:
    """A property that scripts see: bounds are inclusive, `rule` is what they do not tell."""

    label: str
    field: int
    type: PropertyType
    low: float
    high: float
    rule: Rule = Rule.NONE

    @property
    def expected(self) -> str:
        """What may be written, for messages."""
        if self.rule == Rule.READ_ONLY:
            return "left as it is: scripts can only read it"
        if self.rule == Rule.FRAME:
            return "the number of one of the image's frames"
        text = _NAMES[self.type]
        if self.low == _TINY:
            return f"{text} above 0"
        if self.high in (math.inf, WIDEST):
            return text if self.low in (-math.inf, -WIDEST - 1) else f"{text}, not below {self.low:g}"
        return f"{text} from {self.low:g} to {self.high:g}"

    @property
    def words(self) -> list[int]:
        """The words after its name."""
        low, high = self.low, self.high
        is_float = self.type in {PropertyType.FLOAT, PropertyType.VEC2, PropertyType.VEC3}
        bounds = [float_payload(low), float_payload(high)] if is_float else [int(low), int(high)]
        return [self.field, int(self.type), *bounds, int(self.rule)]


@dataclass(frozen=True, slots=True)
class Reflected:
    """A component that scripts see; its properties are sorted by name, as the keys of every map are."""

    name: str
    number: int
    properties: tuple[Property, ...]
    is_declared: bool


_TINY = 5e-324
_ANY, _NOT_NEGATIVE, _POSITIVE = (-math.inf, math.inf), (0.0, math.inf), (_TINY, math.inf)
_SHARE, _INTS, _COLOR, _LAYER = (0.0, 1.0), (-WIDEST - 1, WIDEST), (0, 0xFFFFFFFF), (-1000, 1000)
_SCALE = (-LARGEST_SCALE, LARGEST_SCALE)
_BOUNDS: dict[Field, tuple[float, float]] = {
    Field.TRANSFORM_X: _ANY,
    Field.TRANSFORM_Y: _ANY,
    Field.TRANSFORM_Z: _ANY,
    Field.TRANSFORM_ROTATION: _ANY,
    Field.TRANSFORM_SCALE_X: _SCALE,
    Field.TRANSFORM_SCALE_Y: _SCALE,
    Field.VELOCITY_VX: _ANY,
    Field.VELOCITY_VY: _ANY,
    Field.VELOCITY_ANGULAR: _ANY,
    Field.COLLIDER_SENSOR: _INTS,
    Field.COLLIDER_FRICTION: _NOT_NEGATIVE,
    Field.COLLIDER_RESTITUTION: _SHARE,
    Field.BODY_GRAVITY_SCALE: _ANY,
    Field.BODY_DAMPING: _NOT_NEGATIVE,
    Field.BODY_ANGULAR_DAMPING: _NOT_NEGATIVE,
    Field.BODY_FIXED_ROTATION: _INTS,
    Field.TAG_NAME: _INTS,
    Field.TEAM_NAME: _INTS,
    Field.HEALTH_VALUE: _NOT_NEGATIVE,
    Field.HEALTH_MAX: _POSITIVE,
    Field.HEALTH_ARMOR: _NOT_NEGATIVE,
    Field.SPRITE_WIDTH: _POSITIVE,
    Field.SPRITE_HEIGHT: _POSITIVE,
    Field.SPRITE_COLOR: _COLOR,
    Field.SPRITE_LAYER: _LAYER,
    Field.SPRITE_VISIBLE: _INTS,
    Field.SPRITE_FRAME: (0, WIDEST),
    Field.SPRITE_FLIP_X: _INTS,
    Field.SPRITE_FLIP_Y: _INTS,
    Field.TEXT_CONTENT: _INTS,
    Field.TEXT_SIZE: _POSITIVE,
    Field.TEXT_COLOR: _COLOR,
    Field.TEXT_VISIBLE: _INTS,
    Field.SOUND_VOLUME: (0.0, 8.0),
    Field.SOUND_PITCH: (0.05, 16.0),
    Field.SOUND_RADIUS: _POSITIVE,
    Field.EMITTER_RATE: _NOT_NEGATIVE,
    Field.EMITTER_ACTIVE: _INTS,
    Field.PARENT_ENTITY: _INTS,
}
"""The built-in fields that scripts see, and within which bounds they may write them."""
_RULES = {Field.SPRITE_FRAME: Rule.FRAME, Field.PARENT_ENTITY: Rule.READ_ONLY}
_DECLARED_BOUNDS = {PropertyType.FLOAT: _ANY, PropertyType.VEC2: _ANY, PropertyType.VEC3: _ANY}


def _built_in(component: Component) -> Reflected:
    fields = sorted((field for field in _BOUNDS if field.component is component), key=lambda f: f.label)
    properties = tuple(
        Property(f.label, int(f), PropertyType(int(f.kind)), *_BOUNDS[f], _RULES.get(f, Rule.NONE))
        for f in fields
    )
    return Reflected(component.label, int(component), properties, is_declared=False)


def _declared(spec: ComponentSpec) -> Reflected:
    kinds = {field.number: field.kind for field in spec.fields}
    found = []
    for one in sorted(spec.properties, key=lambda known: known.name.encode()):
        kind = kinds[one.first_field]
        wide = {2: PropertyType.VEC2, 3: PropertyType.VEC3}
        of_type = wide.get(one.width, PropertyType(int(kind)))
        found.append(Property(one.name, one.first_field, of_type, *_DECLARED_BOUNDS.get(of_type, _INTS)))
    return Reflected(spec.name, spec.number, tuple(found), is_declared=True)


class Reflection:
    """The table of one world, and what messages say of it."""

    def __init__(self, world: World) -> None:
        built_in = [_built_in(component) for component in Component]
        declared = [_declared(spec) for spec in world.registry.components[len(Component) :]]
        known = [*(one for one in built_in if one.properties), *declared]
        self.components = tuple(sorted(known, key=lambda one: one.name.encode()))
        self._at: dict[int, tuple[Reflected, Property | None]] = {}
        self._strings: list[int] = []
        fields = sum(len(spec.fields) for spec in world.registry.components)
        words = [len(self.components), 4 * fields, *self._rows(world)]
        world.publish(WorldSlot.REFLECTION, np.array(words, np.int64))

    def _rows(self, world: World) -> list[int]:
        def intern(name: str) -> int:
            self._strings.append(world.strings.intern(name))
            return self._strings[-1]

        heads: list[int] = []
        rows: list[int] = []
        first = FIRST_COMPONENT + COMPONENT_WORDS * len(self.components)
        for one in self.components:
            self._at[FIRST_COMPONENT + len(heads)] = (one, None)
            heads += [intern(one.name), one.number, len(one.properties), first + len(rows), one.is_declared]
            for known in one.properties:
                self._at[first + len(rows)] = (one, known)
                rows += [intern(known.label), *known.words]
        return [*heads, *rows]

    @property
    def held_strings(self) -> I64:
        """Ids of the names."""
        return np.array(self._strings, np.int64)

    def words_of(self, value: int, argument: Any) -> dict[str, str]:
        """Return what a message about a place of the table, plus IS_NESTED, may say.

        Args:
            argument: that of the call in which the fault is.
        """
        component, known = self._at.get(value % IS_NESTED, (None, None))
        if component is None:
            names = ", ".join(one.name for one in self.components)
            unknown = [key for key in argument if self._named(key) is None] if _is_map(argument) else []
            return {"component": str(unknown[0] if unknown else argument), "properties": names}
        labels = [one.label for one in component.properties]
        given = argument.get(component.name) if value >= IS_NESTED and _is_map(argument) else argument
        unknown = [key for key in given if key not in labels] if _is_map(given) else []
        return {
            "component": component.name,
            "properties": ", ".join(labels) or "none",
            "property": known.label if known else str(unknown[0] if unknown else ""),
            "expected": known.expected if known else "",
        }

    def _named(self, name: object) -> Reflected | None:
        return next((one for one in self.components if one.name == name), None)


def _is_map(value: object) -> bool:
    return isinstance(value, dict)


assert [int(kind) for kind in FieldKind] == list(range(PropertyType.VEC2)), "types begin as kinds do"
