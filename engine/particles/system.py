"""All particles of a game, in a share for the game and each mod: from emitters, and placed by scripts.

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
from engine.particles.effect import ParticleEffect
from engine.particles.layout import EFFECT_WORDS, EffectWord
from engine.particles.share import MOST_PLACED, EffectTables, ParticleShare, Pool


class ParticleSystem:
    """The particles of one game.

    Attributes:
        is_shown: particles are born and move; False until somebody wants to see them.
        effects: in the order of the scene. tick_seconds: how long the last tick was.
        shares: the particles of the game, then of each mod, as the world counts its parties.
    """

    def __init__(
        self, world: World, effects: Sequence[ParticleEffect], limits: Sequence[int], seed: int
    ) -> None:
        self.is_shown = False
        self.effects: list[ParticleEffect] = []
        self.tick_seconds = 0.0
        self.shares = tuple(ParticleShare(party, seed) for party in range(len(limits)))
        self._world = world
        self._emitters = Query(world, (Component.EMITTER, Component.TRANSFORM))
        self.limit_to(limits)
        self.replace(effects)

    def limit_to(self, limits: Sequence[int]) -> None:
        """Let each party have so many particles alive at once; those born beyond them are left out."""
        for share, limit in zip(self.shares, limits, strict=True):
            share.limit = limit
            share.most_placed = MOST_PLACED * limit // max(sum(limits), 1)

    @property
    def count(self) -> int:
        """How many particles are alive."""
        return sum(share.count for share in self.shares)

    @property
    def left_out(self) -> int:
        """How many particles were not born for want of room."""
        return sum(share.left_out for share in self.shares)

    @property
    def pools(self) -> Sequence[Pool]:
        """The living particles, effect by effect in the order of the scene; of each the game's first."""
        return [pool for pools in zip(*(one.pools for one in self.shares), strict=True) for pool in pools]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the effects, in the order of their numbers."""
        return tuple(effect.name for effect in self.effects)

    def replace(self, effects: Sequence[ParticleEffect]) -> None:
        """Take effects, at the start or when a scene was saved.

        An effect of a name that is known keeps its number and its particles, new ones get the next numbers,
        and one that is not among them stays as it is: emitters and scripts hold its number.
        """
        known = {effect.name: number for number, effect in enumerate(self.effects)}
        for effect in effects:
            number = known.get(effect.name)
            if number is None:
                self.effects.append(effect)
                for share in self.shares:
                    share.pools.append(Pool(effect))
            else:
                self.effects[number] = effect
                for share in self.shares:
                    share.pools[number].effect = effect
        self._tables = self._table()

    def _table(self) -> EffectTables:
        table = np.zeros((len(self.effects), EFFECT_WORDS))
        bursts: list[tuple[float, int]] = []
        for words, effect in zip(table, self.effects, strict=True):
            words[:] = effect.words
            words[EffectWord.ALSO :] = -1.0
            for place, name in enumerate(effect.also):
                words[EffectWord.ALSO + place] = self.number_of(name)
            words[EffectWord.FIRST_BURST] = len(bursts)
            words[EffectWord.BURSTS] = len(effect.bursts)
            bursts += effect.bursts
        return EffectTables(table, np.array(bursts, np.float64).reshape(-1, 2))

    def clear(self) -> None:
        """Let all particles be gone, and what was asked for and is not born yet."""
        for share in self.shares:
            share.clear()

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

    def place(self, number: int, x: float, y: float, party: int = 0) -> None:
        """Do what `spawn` does, by the number of an effect, for what was checked before.

        Args:
            party: whose it is; the game's by default.
        """
        if not self.is_shown:
            return
        for one in (number, *self._tables.words[number, EffectWord.ALSO :].astype(int).tolist()):
            if one >= 0:
                self.shares[party].place(one, x, y)

    def step(self, seconds: float) -> None:
        """Let all particles live on for a tick and bear new ones."""
        if not self.is_shown or not self.effects:
            return
        self.tick_seconds = seconds
        for share in self.shares:
            share.step(self._world, self._emitters, self._tables, seconds)
