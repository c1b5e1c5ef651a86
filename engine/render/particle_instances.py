"""Living particles as instances, effect by effect in the order in which they are drawn.

What is shown lies between two ticks: a particle is moved back along its velocity by the part of the tick
that is still to come, and one that is not born at that moment is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.ecs.access import component_row, entity_index
from engine.ecs.components import Component, Field
from engine.particles.effect import ParticleEffect
from engine.particles.layout import SAMPLES, EffectWord, ParticleWord
from engine.particles.system import ParticleSystem
from engine.render.camera import Camera
from engine.render.sprites import between, within_a_turn
from lang.jit import entry, floats_in, kernel

PARTICLE_INSTANCE_WORDS = 6
PARTICLE_INSTANCE_BYTES = 4 * PARTICLE_INSTANCE_WORDS


@unique
class ParticleInstanceWord(IntEnum):
    """The words of one instance, float32 but for the colour; X and Y from the middle of the view."""

    X = 0
    Y = 1
    HALF_WIDTH = 2
    AXIS_X = 3  # of a stretched particle half its length as a vector, else its rotation in radians
    AXIS_Y = 4
    COLOR = 5  # red, green, blue, alpha in memory order


_X, _Y, _HALF_WIDTH = 0, 1, 2
_AXIS_X, _AXIS_Y, _COLOR = 3, 4, 5
_VIEW_X, _VIEW_Y, _VIEW_HALF_WIDTH, _VIEW_HALF_HEIGHT, _ALPHA, _BACK, _COUNT = range(7)
_TRANSFORM = int(Component.TRANSFORM)
_LAST_SAMPLE = SAMPLES - 1
_FIRST_CAPACITY = 1024


@kernel
def _origin(table: Any, pool: Any, i: int, alpha: float) -> tuple[float, float]:
    """Return where the owner of a particle is drawn; the world's own origin for one without an owner."""
    owner = int(pool[ParticleWord.OWNER, i])
    if owner == 0:
        return 0.0, 0.0
    index = entity_index(table, int(pool[ParticleWord.GENERATION, i]) << 32 | owner)
    row = component_row(table, index, _TRANSFORM) if index >= 0 else -1
    if row < 0:
        return math.nan, math.nan
    x, y = floats_in(table, 2 * Field.TRANSFORM_X)[row], floats_in(table, 2 * Field.TRANSFORM_Y)[row]
    return (
        between(floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_X)[row], x, alpha),
        between(floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_Y)[row], y, alpha),
    )


@entry(
    "int64(int64[::1], float64[::1], float64[::1], float64[:,::1], float64[:,::1],"
    " float32[:,::1], int32[:,::1])"
)
def build_particles(table: Any, view: Any, words: Any, looks: Any, pool: Any, rows: Any, colors: Any) -> int:
    """Write the instances of one effect's particles that are in sight, the oldest first.

    Args:
        table: the world's.  view: middle, half size in metres, part of the tick, seconds to the tick's end,
            particles in the pool.
        words: [EFFECT_WORDS].  looks: [1 + tints, SAMPLES], see `ParticleEffect`.
        pool: [PARTICLE_WORDS, capacity].
        rows: [>= particles, PARTICLE_INSTANCE_WORDS] out; colors: the same memory as int32.
    Returns:
        How many were written.
    """
    back = view[_BACK]
    is_local = words[EffectWord.LOCAL] != 0.0
    stretch = 0.5 * words[EffectWord.STRETCH]
    sizes = looks[0]
    written = 0
    for i in range(int(view[_COUNT])):
        age = pool[ParticleWord.AGE, i] - back
        if age < 0.0:
            continue
        velocity_x, velocity_y = pool[ParticleWord.VX, i], pool[ParticleWord.VY, i]
        x = pool[ParticleWord.X, i] - back * velocity_x - view[_VIEW_X]
        y = pool[ParticleWord.Y, i] - back * velocity_y - view[_VIEW_Y]
        if is_local:
            origin_x, origin_y = _origin(table, pool, i, view[_ALPHA])
            x += origin_x
            y += origin_y
        sample = min(int(age / pool[ParticleWord.LIFE, i] * SAMPLES), _LAST_SAMPLE)
        half = 0.5 * pool[ParticleWord.SCALE, i] * sizes[sample]
        reach = half + stretch * (abs(velocity_x) + abs(velocity_y))
        if not (abs(x) <= view[_VIEW_HALF_WIDTH] + reach and abs(y) <= view[_VIEW_HALF_HEIGHT] + reach):
            continue
        row = rows[written]
        row[_X] = x
        row[_Y] = y
        row[_HALF_WIDTH] = half
        if stretch > 0.0:
            speed = math.sqrt(velocity_x * velocity_x + velocity_y * velocity_y)
            length = stretch + half / speed if speed > 0.0 else 0.0
            row[_AXIS_X] = length * velocity_x if speed > 0.0 else half
            row[_AXIS_Y] = length * velocity_y
        else:
            row[_AXIS_X] = within_a_turn(pool[ParticleWord.ROTATION, i] + age * pool[ParticleWord.SPIN, i])
        colors[written, _COLOR] = int(looks[1 + int(pool[ParticleWord.TINT, i]), sample])
        written += 1
    return written


@dataclass(frozen=True)
class ParticleRun:
    """Instances of one effect: ``rows[first : first + count]`` of what was built last."""

    effect: ParticleEffect
    first: int
    count: int

    @property
    def is_stretched(self) -> bool:
        """Whether the axis of an instance is half its length, and not its rotation."""
        return bool(self.effect.words[EffectWord.STRETCH] > 0.0)


class ParticleInstances:
    """The buffer of all instances, reused every frame and grown when there are more."""

    def __init__(self) -> None:
        self.rows: NDArray[np.float32] = np.zeros((0, PARTICLE_INSTANCE_WORDS), np.float32)
        self._words = self.rows.view(np.int32)

    def build(
        self, table: NDArray[np.int64], particles: ParticleSystem, camera: Camera, alpha: float
    ) -> Sequence[ParticleRun]:
        """Write all particles in sight; return those of each effect, lowest layer first."""
        if len(self.rows) < particles.count:
            capacity = max(particles.count, 2 * len(self.rows), _FIRST_CAPACITY)
            self.rows = np.zeros((capacity, PARTICLE_INSTANCE_WORDS), np.float32)
            self._words = self.rows.view(np.int32)
        back = (1.0 - alpha) * particles.tick_seconds
        view = np.array([camera.x, camera.y, camera.half_width, camera.half_height, alpha, back, 0.0])
        runs: list[ParticleRun] = []
        first = 0
        for pool in sorted(particles.pools, key=lambda one: one.effect.layer):
            if pool.count == 0:
                continue
            effect = pool.effect
            view[_COUNT] = pool.count
            rows, words = self.rows[first:], self._words[first:]
            count = int(build_particles(table, view, effect.words, effect.looks, pool.words, rows, words))
            if count:
                runs.append(ParticleRun(effect, first, count))
            first += count
        return runs
