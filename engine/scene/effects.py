"""``[effect.NAME]``: particle effects as a scene file writes them, and the emitters that make them."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from msgspec import Meta, Struct

from engine.particles.layout import MOST_ALSO
from engine.scene.components import WHITE
from engine.scene.curves import Curve, Gradient, Range
from engine.scene.values import Color, Name, NotNegative, Number, Positive, Size, Vector

MOST_OF_AN_EFFECT = 1_000_000
Births = Annotated[int, Meta(ge=1, le=MOST_OF_AN_EFFECT)]


class Area(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``area = { … }``: where particles are born around the emitter, turned with it: one of the keys."""

    circle: Positive | None = None
    """Radius in metres."""
    ring: tuple[NotNegative, Positive] | None = None
    """Inner and outer radius in metres."""
    box: Size | None = None
    """Whole width and height in metres."""
    line: Vector | None = None
    """From one end to the other in metres, the emitter in the middle."""
    arc: Positive | None = None
    """Metres from the emitter, each particle in the direction in which it flies."""

    def __post_init__(self) -> None:
        """Refuse none, several, and a ring that is inside out."""
        shapes = (self.circle, self.ring, self.box, self.line, self.arc)
        if sum(shape is not None for shape in shapes) != 1:
            raise ValueError("Expected exactly one of `circle`, `ring`, `box`, `line` and `arc`")
        if self.ring is not None and self.ring[0] > self.ring[1]:
            raise ValueError("Expected the inner radius of `ring` first")


class Effect(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[effect.NAME]``: particles, for emitters and for `spawn_particle`."""

    rate: NotNegative = 0.0
    """Particles a second."""
    burst: Births | None = None
    """So many at once, when it begins."""
    bursts: tuple[tuple[NotNegative, Births], ...] = ()
    """Several bursts, each [seconds after the beginning, how many], instead of `burst`."""
    duration: Annotated[float, Meta(ge=0.01, le=1e9)] | None = None
    """Seconds that it goes on; without an end when absent."""
    repeat: bool = False
    """Begins again after its duration."""
    also: Annotated[tuple[Name, ...], Meta(max_length=MOST_ALSO)] = ()
    """Effects that begin together with it: the smoke of a fire. What is `also` with these does not count."""
    life: Range = Range((1.0, 1.0))
    """Seconds that a particle lives."""
    area: Area | None = None
    """Where particles are born; at one point when absent."""
    direction: Number = math.pi / 2.0
    """Radians in which they fly off, turned with the entity; up by default."""
    spread: Annotated[float, Meta(ge=0.0, le=2.0 * math.pi + 0.01)] = 0.0
    """The whole angle around the direction; 6.2832 is all around."""
    outward: bool = False
    """Away from the middle of a circle or ring, instead of `direction`."""
    speed: Range = Range((1.0, 1.0))
    """Metres a second at birth."""
    inherit: Number = 0.0
    """Part of the entity's velocity that they take along."""
    gravity: Vector = (0.0, 0.0)
    """Metres per second, each second; the scene's gravity does not pull particles."""
    drag: NotNegative = 0.0
    """Part of the velocity lost a second."""
    size: Curve = Curve(((0.0, 0.2),))
    """Whole width in metres, over the life."""
    scale: Range = Range((1.0, 1.0))
    """Factor of the size, for each particle its own."""
    stretch: NotNegative = 0.0
    """Length added along the flight for each metre a second, in metres: streaks of sparks or rain."""
    color: Gradient = Gradient(((0.0, WHITE),))
    """Colour over the life; let the alpha end at 0 to fade out."""
    tints: tuple[Color, ...] = ()
    """Each particle has its colours multiplied by one of these."""
    rotation: Range = Range((0.0, 0.0))
    """Radians at birth."""
    spin: Range = Range((0.0, 0.0))
    """Radians a second."""
    shape: Literal["soft", "circle", "box"] = "soft"
    """How a particle looks: `soft` is a disc that fades to its rim."""
    image: Name | None = None
    """An image file that is shown instead of the shape, coloured by `color`; its width is the size."""
    blend: Literal["alpha", "additive"] = "alpha"
    """`additive` brightens what is behind: fire, sparks, light."""
    space: Literal["world", "local"] = "world"
    """`local` particles go along with their entity and vanish with it; they do not turn with it."""
    layer: Annotated[int, Meta(ge=-1000, le=1000)] = 1
    """Drawn above the sprites of lower layers, under those of the same and of higher ones."""
    max: Births = 10_000
    """Particles alive at once, of the game and of each mod; those that would be more are not born."""

    def __post_init__(self) -> None:
        """Refuse what contradicts itself and what would never be seen."""
        if self.burst is not None and self.bursts:
            raise ValueError("Expected one of `burst` and `bursts`, not both")
        if self.rate == 0.0 and not self.times_of_bursts:
            raise ValueError("Expected `rate`, `burst` or `bursts`: nothing would be born")
        if self.life[0] <= 0.0:
            raise ValueError("Expected `life` above 0")
        if self.scale[0] < 0.0:
            raise ValueError("Expected no `scale` below 0")
        if self.repeat and self.duration is None:
            raise ValueError("Expected `duration` beside `repeat`")
        if self.outward and (self.area is None or (self.area.circle is None and self.area.ring is None)):
            raise ValueError("Expected `area` to be a circle or a ring beside `outward`")

    @property
    def times_of_bursts(self) -> tuple[tuple[float, int], ...]:
        """(seconds, count) of each burst, by rising time."""
        return ((0.0, self.burst),) if self.burst is not None else tuple(sorted(self.bursts))


class Emitter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``emitter = { … }``: an effect that goes on where the entity is."""

    effect: Name
    """The name of an `[effect.NAME]` table."""
    rate: NotNegative = 1.0
    """Factor of the effect's rate."""
    active: bool = True
    """Whether it is on; `set_emitter` switches it."""
