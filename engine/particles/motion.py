"""The life of particles: they age, move, and leave; those that stay keep their order, the oldest first.

One pass moves every particle and closes the gaps: swapping the last one into a gap would be as fast, but
what lies on top would change from tick to tick.
"""

from __future__ import annotations

from typing import Any

from engine.ecs.access import entity_index
from engine.particles.layout import PARTICLE_WORDS, EffectWord, ParticleWord
from lang.jit import entry, kernel

_FIRST_FIXED = int(ParticleWord.LIFE)
"""The words from here on do not change in a life."""


@kernel
def has_owner(table: Any, pool: Any, i: int) -> bool:
    """Return whether a particle's owner, if it has one, still exists."""
    owner = int(pool[ParticleWord.OWNER, i])
    if owner == 0:
        return True
    return entity_index(table, int(pool[ParticleWord.GENERATION, i]) << 32 | owner) >= 0


@entry("int64(int64[::1], float64[::1], float64[:,::1], int64, float64)")
def move_particles(table: Any, words: Any, pool: Any, count: int, seconds: float) -> int:
    """Let the particles of one effect live on for some seconds.

    Velocity moves first and position follows with the new velocity. Drag is taken implicitly, so it never
    turns a velocity around, whatever the tick.

    Args:
        table: the world's.  words: [EFFECT_WORDS] of the effect.
        pool: [PARTICLE_WORDS, capacity].  count: particles in it.
    Returns:
        How many live on; they are at the front, in their order.
    """
    x, y, age = pool[ParticleWord.X], pool[ParticleWord.Y], pool[ParticleWord.AGE]
    vx, vy, life = pool[ParticleWord.VX], pool[ParticleWord.VY], pool[ParticleWord.LIFE]
    pull_x, pull_y = seconds * words[EffectWord.GRAVITY_X], seconds * words[EffectWord.GRAVITY_Y]
    keep = 1.0 / (1.0 + seconds * words[EffectWord.DRAG])
    is_local = words[EffectWord.LOCAL] != 0.0
    kept = 0
    for i in range(count):
        now = age[i] + seconds
        if now >= life[i] or (is_local and not has_owner(table, pool, i)):
            continue
        velocity_x = (vx[i] + pull_x) * keep
        velocity_y = (vy[i] + pull_y) * keep
        x[kept] = x[i] + seconds * velocity_x
        y[kept] = y[i] + seconds * velocity_y
        vx[kept] = velocity_x
        vy[kept] = velocity_y
        age[kept] = now
        if kept != i:
            for word in range(_FIRST_FIXED, PARTICLE_WORDS):
                pool[word, kept] = pool[word, i]
        kept += 1
    return kept
