"""An effect as the simulation runs it: numbers in a row, curves as tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from lang.jit import F64


class ParticleShape(IntEnum):
    """How a particle looks."""

    SOFT = 0  # a disc that fades towards its rim
    CIRCLE = 1
    BOX = 2


@dataclass(frozen=True)
class ParticleEffect:
    """One named effect.

    Attributes:
        words: [EFFECT_WORDS] by `EffectWord`.
        bursts: (seconds since the emitter was switched on, count), rising.
        looks: [1 + tints, SAMPLES] over the life: row 0 whole sizes in metres, then rows of colours, as
            signed int32 whose bytes lie in memory as red, green, blue, alpha.
        also: names of effects that begin with it.
        most: particles alive at once.
        layer: it is drawn above the sprites of lower layers and under all others.
        additive: brightens what is behind it instead of covering it.
        image: name of a file that is shown instead of the shape, or empty.
    """

    name: str
    words: F64
    bursts: tuple[tuple[float, int], ...]
    looks: F64
    also: tuple[str, ...]
    most: int
    layer: int
    additive: bool
    shape: ParticleShape
    image: str
