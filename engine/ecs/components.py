"""The one declaration of built-in components and fields.

`Component` and `Field` are IntEnums, so kernels use their members as constants. Every field is one
pool column of 8-byte words; fields of one component stand together and in order. A new built-in is
added here and nowhere else. Components that a scene declares come after the built-in ones.
"""

from __future__ import annotations

import math
from enum import IntEnum, unique
from typing import Self

WORLD_SLOT_COUNT = 96
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
    EMITTER = 9
    SOUND = 10
    PARENT = 11  # follows another entity: `World.hierarchy` gives and takes it
    ANIMATION = 12
    ANIMATOR = 13  # a state machine that drives the animation
    UNBORN = 14  # spawned in this tick: has rows, is in no query until `commands`
    PREFAB = 15  # a template: has rows, is no entity

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


class TextAlign(IntEnum):
    """Which part of its lines a text has at its entity."""

    CENTER = 0
    LEFT = 1
    RIGHT = 2


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

    Passing values, which are there for what is seen alone, are not in the state hash.
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
    BODY_REST_TIME = 32, _C.BODY, _FLOAT, 0.0  # seconds for which it has hardly moved; -1: laid asleep
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
    TEXT_ALIGN = 59, _C.TEXT, _INT, TextAlign.CENTER
    TEXT_WRAP = 60, _C.TEXT, _FLOAT, 0.0  # metres at which lines break; 0: only where the text says so
    EMITTER_EFFECT = 61, _C.EMITTER, _INT, 0  # number among the scene's effects
    EMITTER_RATE = 62, _C.EMITTER, _FLOAT, 1.0  # factor of the effect's own
    EMITTER_ACTIVE = 63, _C.EMITTER, _BOOL, 1
    EMITTER_AGE = 64, _C.EMITTER, _FLOAT, 0.0, True  # seconds since it was switched on
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
    ANIMATION_CLIP = 83, _C.ANIMATION, _INT, -1  # its number; -1: none
    ANIMATION_TIME = 84, _C.ANIMATION, _FLOAT, 0.0  # seconds; up to the length, twice that for ping-pong
    ANIMATION_SPEED = 85, _C.ANIMATION, _FLOAT, 1.0
    ANIMATION_FLAGS = 86, _C.ANIMATION, _INT, 1  # see engine.animation.layout: born fresh
    ANIMATION_REQUEST = 87, _C.ANIMATION, _INT, 0  # number of the clip or state asked for, and 1
    ANIMATION_REQUEST_BLEND = 88, _C.ANIMATION, _FLOAT, 0.0  # seconds
    ANIMATION_BLEND_TIME = 89, _C.ANIMATION, _FLOAT, 0.0  # seconds of the blend from FROM
    ANIMATION_BLEND_LEFT = 90, _C.ANIMATION, _FLOAT, 0.0
    ANIMATION_POSED = 91, _C.ANIMATION, _INT, 0  # bits of the properties that are off their rest
    ANIMATION_FROM_X = 92, _C.ANIMATION, _FLOAT, 0.0  # where the blend began, as OFFSET
    ANIMATION_FROM_Y = 93, _C.ANIMATION, _FLOAT, 0.0
    ANIMATION_FROM_ROTATION = 94, _C.ANIMATION, _FLOAT, 0.0
    ANIMATION_FROM_SCALE_X = 95, _C.ANIMATION, _FLOAT, 1.0
    ANIMATION_FROM_SCALE_Y = 96, _C.ANIMATION, _FLOAT, 1.0
    ANIMATION_FROM_COLOR = 97, _C.ANIMATION, _INT, 0xFFFFFFFF
    ANIMATION_OFFSET_X = 98, _C.ANIMATION, _FLOAT, 0.0  # what is added to the rest, metres
    ANIMATION_OFFSET_Y = 99, _C.ANIMATION, _FLOAT, 0.0
    ANIMATION_OFFSET_ROTATION = 100, _C.ANIMATION, _FLOAT, 0.0  # radians
    ANIMATION_OFFSET_SCALE_X = 101, _C.ANIMATION, _FLOAT, 1.0  # factors
    ANIMATION_OFFSET_SCALE_Y = 102, _C.ANIMATION, _FLOAT, 1.0
    ANIMATION_OFFSET_COLOR = 103, _C.ANIMATION, _INT, 0xFFFFFFFF  # multiplies
    ANIMATION_REST_X = 104, _C.ANIMATION, _FLOAT, 0.0  # what the property is without animation
    ANIMATION_REST_Y = 105, _C.ANIMATION, _FLOAT, 0.0
    ANIMATION_REST_ROTATION = 106, _C.ANIMATION, _FLOAT, 0.0
    ANIMATION_REST_SCALE_X = 107, _C.ANIMATION, _FLOAT, 1.0
    ANIMATION_REST_SCALE_Y = 108, _C.ANIMATION, _FLOAT, 1.0
    ANIMATION_REST_COLOR = 109, _C.ANIMATION, _INT, 0xFFFFFFFF
    ANIMATOR_NUMBER = 110, _C.ANIMATOR, _INT, 0
    ANIMATOR_STATE = 111, _C.ANIMATOR, _INT, 0
    ANIMATOR_PARAMETER_0 = 112, _C.ANIMATOR, _FLOAT, 0.0
    ANIMATOR_PARAMETER_1 = 113, _C.ANIMATOR, _FLOAT, 0.0
    ANIMATOR_PARAMETER_2 = 114, _C.ANIMATOR, _FLOAT, 0.0
    ANIMATOR_PARAMETER_3 = 115, _C.ANIMATOR, _FLOAT, 0.0
    ANIMATOR_PARAMETER_4 = 116, _C.ANIMATOR, _FLOAT, 0.0
    ANIMATOR_PARAMETER_5 = 117, _C.ANIMATOR, _FLOAT, 0.0
    ANIMATOR_PARAMETER_6 = 118, _C.ANIMATOR, _FLOAT, 0.0
    ANIMATOR_PARAMETER_7 = 119, _C.ANIMATOR, _FLOAT, 0.0

    @property
    def label(self) -> str:
        """The name that scenes and scripts use, without the component's."""
        return self.name[len(self.component.name) + 1 :].lower()


FIRST_DECLARED_FIELD = len(Field) + WORLD_SLOT_COUNT
"""Number of the first field of a declared component; table[2f] holds for these as well."""
