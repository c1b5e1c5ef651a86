"""From the effects of a scene to what the particle system runs: keys to words, curves to tables."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from engine.particles.effect import ParticleEffect, ParticleShape
from engine.particles.layout import EFFECT_WORDS, SAMPLES, Area, EffectWord
from engine.scene.curves import Gradient, Range
from engine.scene.effects import Effect
from engine.scene.values import Color
from lang.jit import F64

_WHITE = Color(0xFFFFFFFF)


def particle_effects(effects: Mapping[str, Effect]) -> list[ParticleEffect]:
    """Return the effects of a scene in its order."""
    return [_effect(name, effect) for name, effect in effects.items()]


def _effect(name: str, effect: Effect) -> ParticleEffect:
    words = np.zeros(EFFECT_WORDS)
    for word, value in _words(effect).items():
        words[word] = value
    return ParticleEffect(
        name=name,
        words=words,
        bursts=effect.times_of_bursts,
        looks=_looks(effect),
        also=effect.also,
        most=effect.max,
        layer=effect.layer,
        additive=effect.blend == "additive",
        shape=ParticleShape[effect.shape.upper()],
        image=effect.image or "",
    )


def _words(effect: Effect) -> dict[EffectWord, float]:
    words = {
        EffectWord.RATE: effect.rate,
        EffectWord.DIRECTION: effect.direction,
        EffectWord.SPREAD: effect.spread,
        EffectWord.OUTWARD: float(effect.outward),
        EffectWord.INHERIT: effect.inherit,
        EffectWord.GRAVITY_X: effect.gravity[0],
        EffectWord.GRAVITY_Y: effect.gravity[1],
        EffectWord.DRAG: effect.drag,
        EffectWord.TINTS: float(max(len(effect.tints), 1)),
        EffectWord.LOCAL: float(effect.space == "local"),
        EffectWord.DURATION: math.inf if effect.duration is None else effect.duration,
        EffectWord.REPEAT: float(effect.repeat),
        EffectWord.STRETCH: effect.stretch,
    }
    ranges: dict[EffectWord, Range] = {
        EffectWord.LIFE_LOW: effect.life,
        EffectWord.SPEED_LOW: effect.speed,
        EffectWord.SCALE_LOW: effect.scale,
        EffectWord.ROTATION_LOW: effect.rotation,
        EffectWord.SPIN_LOW: effect.spin,
    }
    for low, (least, most) in ranges.items():
        words |= {low: least, EffectWord(low + 1): most}
    kind, first, second = _area(effect)
    return words | {EffectWord.AREA: kind, EffectWord.AREA_A: first, EffectWord.AREA_B: second}


def _area(effect: Effect) -> tuple[Area, float, float]:
    area = effect.area
    if area is None:
        return Area.BOX, 0.0, 0.0
    if area.circle is not None:
        return Area.RING, 0.0, area.circle
    if area.ring is not None:
        return Area.RING, *area.ring
    if area.arc is not None:
        return Area.ARC, area.arc, 0.0
    if area.line is not None:
        return Area.LINE, *area.line
    assert area.box is not None, "an area has one of its keys"
    return Area.BOX, *area.box


def _looks(effect: Effect) -> F64:
    """Return [1 + tints, SAMPLES]: the middle of each step of the life."""
    parts = [(step + 0.5) / SAMPLES for step in range(SAMPLES)]
    sizes = np.array([[effect.size.at(part) for part in parts]])
    colors = [_colors(effect.color, tint, parts) for tint in effect.tints or (_WHITE,)]
    return np.concatenate([sizes, colors])


def _colors(gradient: Gradient, tint: Color, parts: list[float]) -> F64:
    """Return [SAMPLES] colours as signed int32 of the bytes red, green, blue, alpha in memory."""
    channels = np.array([gradient.at(part) for part in parts]) * tint.channels() / 255.0
    return np.rint(channels).astype("u1").view("<i4")[:, 0].astype(np.float64)
