"""The particles of the game, or of one mod: room and chances of its own, which no other can touch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.ecs.layout import Counter
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.particles.effect import ParticleEffect
from engine.particles.emission import ask_emitters, ask_placed, emit
from engine.particles.layout import (
    EMISSION_WORDS,
    MOST_ALSO,
    PARTICLE_WORDS,
    PLACED_WORDS,
    REQUEST_WORDS,
    EmissionWord,
)
from engine.particles.motion import move_particles
from lang.jit import F64

MOST_PLACED = 10_000
"""Effects placed without an entity that go on at once, shared; what is placed beyond them is not seen."""
_FIRST_CAPACITY = 256


class EffectTables(NamedTuple):
    """All effects as kernels read them: words [effects, EFFECT_WORDS], bursts [bursts, 2] (time, count)."""

    words: F64
    bursts: F64


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


class ParticleShare:
    """The particles of one party.

    Attributes:
        pools: by the number of their effect. limit: particles alive at once. most_placed: of MOST_PLACED.
        left_out: how many were not born for want of room.
    """

    def __init__(self, party: int, seed: int) -> None:
        self.pools: list[Pool] = []
        self.limit = 0
        self.most_placed = 0
        self.left_out = 0
        self._party = party
        self._emission = np.zeros(EMISSION_WORDS, np.int64)
        generator = np.array((seed + party) % 2**64, np.uint64)
        self._emission[EmissionWord.GENERATOR] = generator.astype(np.int64)
        self._placed = np.zeros((MOST_PLACED, PLACED_WORDS))
        self._counts = np.zeros(2, np.int64)
        self._requests = np.zeros((0, REQUEST_WORDS))

    @property
    def count(self) -> int:
        """How many particles are alive."""
        return sum(pool.count for pool in self.pools)

    def clear(self) -> None:
        """Let all particles be gone, and what was asked for and is not born yet."""
        self._counts[:] = 0
        for pool in self.pools:
            pool.count = 0

    def place(self, number: int, x: float, y: float) -> None:
        """Let an effect begin at a place, if there is room for it."""
        at = int(self._counts[0])
        if at < self.most_placed:
            self._placed[at] = (number, x, y, 0.0)
            self._counts[0] += 1

    def step(self, world: World, emitters: Query, tables: EffectTables, seconds: float) -> None:
        """Let all particles live on for a tick and bear new ones."""
        for pool, words in zip(self.pools, tables.words, strict=True):
            if pool.count:
                pool.count = move_particles(world.table, words, pool.words, pool.count, seconds)
        wanted = self._ask(world, emitters, tables, seconds)
        if self._counts[1]:
            self._emit(tables, wanted, seconds)

    def _ask(self, world: World, emitters: Query, tables: EffectTables, seconds: float) -> list[int]:
        """Collect what all emitters want; return how many particles of each effect that is."""
        most = min(len(emitters) * (1 + MOST_ALSO), self.limit) + 1
        if len(self._requests) < most + self._counts[0]:
            self._requests = np.zeros((most + int(self._counts[0]) + _FIRST_CAPACITY, REQUEST_WORDS))
        wanted = np.zeros(len(self.pools), np.int64)
        table, ranges, requests = world.table, emitters.ranges, self._requests
        counters = world.storage.counters
        counters[Counter.PARTY] = self._party
        self._counts[1] = ask_emitters(table, ranges, *tables, requests[:most], wanted, seconds)
        counters[Counter.PARTY] = 0
        if self._counts[0]:
            ask_placed(self._placed, *tables, requests, wanted, self._counts, seconds)
        return wanted.tolist()

    def _emit(self, tables: EffectTables, wanted: list[int], seconds: float) -> None:
        """Bear what the emitters want, as far as the effect and the share allow."""
        left = self.limit - self.count
        for number, (pool, births) in enumerate(zip(self.pools, wanted, strict=True)):
            if not births:
                continue
            limit = min(pool.count + births, pool.effect.most, pool.count + left)
            self.left_out += pool.count + births - limit
            if limit <= pool.count:
                continue
            pool.make_room(limit)
            emission = self._emission
            emission[EmissionWord.EFFECT] = number
            emission[EmissionWord.REQUESTS] = self._counts[1]
            emission[EmissionWord.COUNT] = pool.count
            emission[EmissionWord.LIMIT] = limit
            before = pool.count
            pool.count = emit(tables.words, self._requests, pool.words, emission, seconds)
            left -= pool.count - before
