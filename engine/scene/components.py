"""Components as a scene file writes them, with what the world's columns need as properties.

Lengths are metres and widths are whole widths: the columns' half widths are properties.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from engine.ecs.components import BodyKind, ShapeKind, TextAlign
from engine.geometry.outlines import MOST_CORNERS, polygon_row
from engine.scene.values import Color, Name, NotNegative, Number, Positive, Size, Vector

WHITE = Color(0xFFFFFFFF)
Volume = Annotated[float, Meta(ge=0.0, le=8.0)]
Pitch = Annotated[float, Meta(ge=0.05, le=16.0)]
Layer = Annotated[int, Meta(ge=0, le=62)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Frames = Annotated[int, Meta(ge=1, le=4096)]
ALL_LAYERS = -1


class Shape(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A circle or a box: exactly one of the two."""

    circle: Positive | None = None
    """Radius in metres."""
    box: Size | None = None
    """Whole width and height in metres."""

    def __post_init__(self) -> None:
        """Refuse none and both."""
        if (self.circle is None) == (self.box is None):
            raise ValueError("Expected exactly one of `circle` and `box`")

    @property
    def shape(self) -> ShapeKind:
        """The kind of shape."""
        return ShapeKind.CIRCLE if self.box is None else ShapeKind.BOX

    @property
    def half_width(self) -> float:
        """Half the width in metres; the radius of a circle."""
        return (self.circle or 0.0) if self.box is None else self.box[0] / 2

    @property
    def half_height(self) -> float:
        """Half the height in metres; the radius of a circle."""
        return (self.circle or 0.0) if self.box is None else self.box[1] / 2


class Collider(Shape, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What touches: one of `circle`, `box`, `capsule`, `polygon`, its material, and which layers it meets."""

    capsule: Size | None = None
    """Whole width and height in metres; the ends of the longer side are round."""
    polygon: Annotated[tuple[Vector, ...], Meta(min_length=3, max_length=MOST_CORNERS)] | None = None
    """Corners of a convex shape in metres around the entity, one way or the other around."""
    radius: NotNegative = 0.0
    """Round margin around a box or a polygon, in metres."""
    friction: NotNegative = 0.6
    """0 slides for ever; two that touch have the root of their product."""
    restitution: Share = 0.0
    """Part of the speed with which it bounces off; of two that touch the larger counts."""
    density: Positive = 1.0
    """Kilograms a square metre, from which a dynamic body has its mass."""
    one_way: bool = False
    """A platform that is solid for what comes from its upper side alone."""
    sensor: bool = False
    """Noticed, but nothing is pushed."""
    layer: Layer = 0
    """The layer it lies on."""
    collides_with: tuple[Layer, ...] | None = None
    """The layers it meets; all when absent."""

    def __post_init__(self) -> None:
        """Refuse none and several shapes, and corners that go around no convex shape."""
        shapes = (self.circle, self.box, self.capsule, self.polygon)
        if sum(shape is not None for shape in shapes) != 1:
            raise ValueError("Expected exactly one of `circle`, `box`, `capsule` and `polygon`")
        if self.radius > 0.0 and (self.circle is not None or self.capsule is not None):
            raise ValueError("Expected `radius` with `box` or `polygon` only")
        if self.polygon is not None:
            polygon_row(self.polygon)

    @property
    def shape(self) -> ShapeKind:
        """The kind of shape."""
        if self.polygon is not None:
            return ShapeKind.POLYGON
        return super().shape if self.capsule is None else ShapeKind.CAPSULE

    @property
    def half_width(self) -> float:
        """Half the width in metres; the radius of a circle; 0 for a polygon."""
        return super().half_width if self.capsule is None else self.capsule[0] / 2

    @property
    def half_height(self) -> float:
        """Half the height in metres; the radius of a circle; 0 for a polygon."""
        return super().half_height if self.capsule is None else self.capsule[1] / 2

    @property
    def layer_bit(self) -> int:
        """The layer as the column holds it."""
        return 1 << self.layer

    @property
    def mask(self) -> int:
        """The layers it meets, one bit each."""
        if self.collides_with is None:
            return ALL_LAYERS
        return sum(1 << layer for layer in set(self.collides_with))


class Body(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How physics moves it."""

    kind: Literal["static", "kinematic", "dynamic"] = "dynamic"
    """`dynamic` is pushed and falls, `kinematic` moves by its velocity alone, `static` never."""
    gravity_scale: Number = 1.0
    """Part of the scene's gravity that pulls it."""
    mass: Positive | None = None
    """Kilograms; from the collider's area and density when absent."""
    damping: NotNegative = 0.0
    """Part of the velocity that it loses a second."""
    angular_damping: NotNegative = 0.0
    """Part of the turning that it loses a second."""
    fixed_rotation: bool = False
    """What touches it does not turn it."""
    can_sleep: bool = True
    """Whether it may fall asleep when it has come to rest; what touches it wakes it."""
    asleep: bool = False
    """It sleeps where it is put, in the air too, until it is moved or something awake touches it."""

    def __post_init__(self) -> None:
        """Refuse what never sleeps."""
        if self.asleep and (self.kind != "dynamic" or not self.can_sleep):
            raise ValueError("Expected `asleep` of a dynamic body that can sleep")

    @property
    def kind_id(self) -> BodyKind:
        """The kind as the column holds it."""
        return BodyKind[self.kind.upper()]


class Health(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Hit points."""

    value: NotNegative
    """Points at birth."""
    max: Positive | None = None
    """At most so many; `value` when absent."""
    armor: NotNegative = 0.0
    """Of damage, 100 / (100 + armor) is dealt."""

    def __post_init__(self) -> None:
        """Refuse more than the most."""
        if self.max is not None and self.value > self.max:
            raise ValueError("Expected `value` to be at most `max`")

    @property
    def maximum(self) -> float:
        """The most it can have."""
        return self.value if self.max is None else self.max


class Sprite(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A drawn shape or image."""

    shape: Literal["circle", "box", "triangle"] = "circle"
    """The shape; a triangle points to the right at rotation 0. An image is drawn in place of it."""
    image: Name | None = None
    """An image file, looked for in the scene's folder, then in its folder `images`."""
    frames: tuple[Frames, Frames] = (1, 1)
    """Frames side by side and above each other in the image."""
    frame: Annotated[int, Meta(ge=0)] = 0
    """Which frame is shown: row by row from the upper left one, which is 0."""
    flip_x: bool = False
    """Left and right change sides."""
    flip_y: bool = False
    """Top and bottom change sides."""
    anchor: tuple[Share, Share] = (0.5, 0.5)
    """The point of it at the position, around which it turns; `[0, 0]` is its lower left corner."""
    radius: Positive | None = None
    """Half of both sides, in metres; instead of `size`."""
    size: Size | None = None
    """Whole width and height in metres; 1 by 1 when both are absent."""
    color: Color = WHITE
    """Fill colour; an image is multiplied with it."""
    layer: Annotated[int, Meta(ge=-1000, le=1000)] = 0
    """Higher layers are drawn above lower ones."""
    visible: bool = True
    """Whether it is drawn."""

    def __post_init__(self) -> None:
        """Refuse two sizes, and a frame that is not there."""
        if self.radius is not None and self.size is not None:
            raise ValueError("Expected one of `radius` and `size`, not both")
        if self.frame >= self.frames[0] * self.frames[1]:
            raise ValueError("Expected `frame` to be less than the number of `frames`, which count from 0")

    @property
    def shape_id(self) -> ShapeKind:
        """The shape as the column holds it."""
        return ShapeKind[self.shape.upper()]

    @property
    def extent(self) -> tuple[float, float]:
        """Whole width and height in metres."""
        if self.size is not None:
            return self.size
        side = 1.0 if self.radius is None else self.radius * 2
        return (side, side)


class Sound(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is heard from an entity, wherever it goes."""

    name: Name
    """A file below a sound folder, with or without `.wav` or `.ogg`."""
    volume: Volume = 1.0
    """1 is as recorded."""
    pitch: Pitch = 1.0
    """2 is an octave higher and twice as fast."""
    radius: Positive = 20.0
    """Metres beyond which it is silent."""
    loop: bool = True
    """Round and round; else once, when the entity is born."""


class Text(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Drawn text, at the height of the entity's position."""

    content: Annotated[str, Meta(max_length=10_000)] = ""
    """The words; a line break begins a new line."""
    size: Positive = 0.5
    """Height of a line in metres."""
    color: Color = WHITE
    """Colour of the letters."""
    visible: bool = True
    """Whether it is drawn; a `[[hud]]` element may show what it says elsewhere."""
    align: Literal["left", "center", "right"] = "center"
    """Whether its lines begin at the entity, are centred on it, or end there."""
    wrap: Positive | None = None
    """Metres at which lines break between words; without it they break only where the words say so."""

    @property
    def align_id(self) -> TextAlign:
        """The alignment as the column holds it."""
        return TextAlign[self.align.upper()]


class Joint(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[joint]]``: what holds two bodies together, or one to the world."""

    kind: Literal["distance", "hinge", "weld"]
    """`distance` keeps two points apart, `hinge` keeps them together, `weld` holds the angle as well."""
    first: Name
    """Tag of the first body; of several entities with one tag, the first."""
    second: Name | None = None
    """Tag of the second body; the world when absent."""
    anchor: Vector | None = None
    """Where a hinge or weld is, in metres of the world; the middle of the first when absent."""
    first_anchor: Vector = (0.0, 0.0)
    """Where a distance joint begins, in metres from the first's middle."""
    second_anchor: Vector = (0.0, 0.0)
    """Where it ends, in metres from the second's middle; of the world without a second."""
    length: Positive | None = None
    """Length of a distance joint in metres; as placed when absent."""
    rope: bool = False
    """A distance joint that pulls and does not push."""
    hertz: NotNegative = 0.0
    """Swings a second of a springy distance joint or weld; 0 is rigid."""
    damping: NotNegative = 1.0
    """Of the spring: 0 swings for ever, 1 does not swing."""
    limits: Vector | None = None
    """Least and greatest turn of a hinge in radians, from the placed one."""
    motor_speed: Number = 0.0
    """Radians a second that a motor turns the second of a hinge, seen from the first."""
    motor_torque: NotNegative = 0.0
    """Newton metres that the motor has at most; 0 is no motor."""
    collides: bool = False
    """Whether the two still meet."""

    def __post_init__(self) -> None:
        """Refuse keys of another kind of joint, and reversed limits."""
        if self.kind == "distance":
            if self.anchor is not None:
                raise ValueError("Expected `first_anchor` and `second_anchor` for a distance joint")
        elif self.first_anchor != (0.0, 0.0) or self.second_anchor != (0.0, 0.0) or self.length or self.rope:
            raise ValueError(f"Expected `anchor` alone to place a {self.kind}")
        if self.kind != "hinge" and (self.limits is not None or self.motor_torque > 0.0):
            raise ValueError("Expected `limits` and `motor_torque` for a hinge only")
        if self.limits is not None and self.limits[0] > self.limits[1]:
            raise ValueError("Expected the least of `limits` first")


class Trigger(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A named volume without an entity."""

    name: Name
    """What `on_trigger` is told; unique in the scene."""
    shape: Shape
    """Its outline."""
    position: tuple[Number, Number]
    """The middle in metres."""
