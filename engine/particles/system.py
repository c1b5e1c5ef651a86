"""All particles of a game: a pool for each effect, emitters of entities, effects placed by scripts.

Nobody pays for what nobody sees: until `is_shown` is set (a window and a recorder do) no particle is
born. What a script asks for is checked all the same, so that a run is the same with and without them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.ecs.components import Component
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.errors import UnknownEffect
from engine.particles.effect import F64, ParticleEffect
from engine.particles.emission import ask_emitters, ask_placed, emit
from engine.particles.layout import (
    EFFECT_WORDS,
    EMISSION_WORDS,
    MOST_ALSO,
    PARTICLE_WORDS,
    PLACED_WORDS,
    REQUEST_WORDS,
    EffectWord,
    EmissionWord,
)
from engine.particles.motion import move_particles

MOST_PLACED = 10_000
"""Effects placed without an entity that go on at once; what is placed beyond them is not seen."""
_FIRST_CAPACITY = 256


class Pool:
    """The living particles of one effect, the oldest first."""

    def __init__(self, effect: ParticleEffect) -> None:
        self.effect = effect
        self.count = 0
        self.words: F64 = np.zeros((PARTICLE_WORDS, 0))

    def make_room(self, count: int) -> None:
        """Let the arrays hold so many particles."""
        capacity = self.words.shape[1]
        if count > capacity:
            grown = np.zeros((PARTICLE_WORDS, max(count, 2 * capacity, _FIRST_CAPACITY)))
            grown[:, : self.count] = self.words[:, : self.count]
            self.words = grown


class ParticleSystem:
    """The particles of one game.

    Attributes:
        is_shown: particles are born and move; False until somebody wants to see them.
        pools: the effects in the order of the scene, each with its living particles.
        limit: particles alive at once; those born beyond it are left out.
        left_out: how many were. tick_seconds: how long the last tick was.
    """

    def __init__(self, world: World, effects: Sequence[ParticleEffect], limit: int, seed: int) -> None:
        self.is_shown = False
        self.limit = limit
        self.left_out = 0
        self.tick_seconds = 0.0
        self.pools: list[Pool] = []
        self._world = world
        self._emitters = Query(world, (Component.EMITTER, Component.TRANSFORM))
        self._emission = np.zeros(EMISSION_WORDS, np.int64)
        self._emission[EmissionWord.GENERATOR] = np.array(seed % 2**64, np.uint64).astype(np.int64)
        self._placed = np.zeros((MOST_PLACED, PLACED_WORDS))
        self._counts = np.zeros(2, np.int64)
        self._requests = np.zeros((0, REQUEST_WORDS))
        self.replace(effects)

    @property
    def count(self) -> int:
        """How many particles are alive."""
        return sum(pool.count for pool in self.pools)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the effects, in the order of their numbers."""
        return tuple(pool.effect.name for pool in self.pools)

    def replace(self, effects: Sequence[ParticleEffect]) -> None:
        """Take effects, at the start or when a scene was saved.

        An effect of a name that is known keeps its number and its particles, new ones get the next numbers,
        and one that is not among them stays as it is: emitters and scripts hold its number.
        """
        known = {pool.effect.name: pool for pool in self.pools}
        for effect in effects:
            if effect.name in known:
                known[effect.name].effect = effect
            else:
                self.pools.append(Pool(effect))
        self._wanted = np.zeros(len(self.pools), np.int64)
        self._words = np.zeros((len(self.pools), EFFECT_WORDS))
        bursts: list[tuple[float, int]] = []
        for words, pool in zip(self._words, self.pools, strict=True):
            words[:] = pool.effect.words
            words[EffectWord.ALSO :] = -1.0
            for place, name in enumerate(pool.effect.also):
                words[EffectWord.ALSO + place] = self.number_of(name)
            words[EffectWord.FIRST_BURST] = len(bursts)
            words[EffectWord.BURSTS] = len(pool.effect.bursts)
            bursts += pool.effect.bursts
        self._bursts = np.array(bursts, np.float64).reshape(-1, 2)

    def clear(self) -> None:
        """Let all particles be gone, and what was asked for and is not born yet."""
        self._counts[:] = 0
        for pool in self.pools:
            pool.count = 0

    def number_of(self, effect: str) -> int:
        """Return the number of an effect, as `Field.EMITTER_EFFECT` holds it.

        Raises:
            UnknownEffect: the scene has none of this name.
        """
        names = self.names
        if effect not in names:
            raise UnknownEffect(effect, names)
        return names.index(effect)

    def spawn(self, effect: str, position: tuple[float, float]) -> None:
        """Let an effect begin at a place in metres.

        It goes on for its duration, or for a second where that has no end, and does not repeat.

        Raises:
            UnknownEffect: the scene has none of this name.  ValueError: the place is NaN or infinite.
        """
        number = self.number_of(effect)
        if not np.isfinite(position).all():
            raise ValueError(f"a place of finite numbers is expected, not {position}")
        self.place(number, *position)

    def place(self, number: int, x: float, y: float) -> None:
        """Do what `spawn` does, by the number of an effect, for what was checked before."""
        if not self.is_shown:
            return
        for one in (number, *self._words[number, EffectWord.ALSO :].astype(int).tolist()):
            at = int(self._counts[0])
            if one >= 0 and at < MOST_PLACED:
                self._placed[at] = (one, x, y, 0.0)
                self._counts[0] += 1

    def step(self, seconds: float) -> None:
        """Let all particles live on for a tick and bear new ones."""
        if not self.is_shown or not self.pools:
            return
        self.tick_seconds = seconds
        for pool, words in zip(self.pools, self._words, strict=True):
            if pool.count:
                pool.count = move_particles(self._world.table, words, pool.words, pool.count, seconds)
        self._ask(seconds)
        if self._counts[1]:
            self._emit(seconds)

    def _ask(self, seconds: float) -> None:
        """Collect what all emitters want."""
        most = min(len(self._emitters) * (1 + MOST_ALSO), self.limit) + 1
        if len(self._requests) < most + self._counts[0]:
            self._requests = np.zeros((most + int(self._counts[0]) + _FIRST_CAPACITY, REQUEST_WORDS))
        self._wanted[:] = 0
        table, ranges, wanted = self._world.table, self._emitters.ranges, self._wanted
        words, bursts, requests = self._words, self._bursts, self._requests
        self._counts[1] = ask_emitters(table, ranges, words, bursts, requests[:most], wanted, seconds)
        if self._counts[0]:
            ask_placed(self._placed, words, bursts, requests, wanted, self._counts, seconds)

    def _emit(self, seconds: float) -> None:
        """Bear what the emitters want, as far as the effect and the scene allow."""
        left = self.limit - self.count
        for number in np.flatnonzero(self._wanted).tolist():
            pool, wanted = self.pools[number], int(self._wanted[number])
            limit = min(pool.count + wanted, pool.effect.most, pool.count + left)
            self.left_out += pool.count + wanted - limit
            if limit <= pool.count:
                continue
            pool.make_room(limit)
            emission = self._emission
            emission[EmissionWord.EFFECT] = number
            emission[EmissionWord.REQUESTS] = self._counts[1]
            emission[EmissionWord.COUNT] = pool.count
            emission[EmissionWord.LIMIT] = limit
            before = pool.count
            pool.count = emit(self._words, self._requests, pool.words, emission, seconds)
            left -= pool.count - before
