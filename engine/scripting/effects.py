"""What must reach Python: sounds, particles, messages to the window; records that are taken each tick."""

from __future__ import annotations

import numpy as np

from engine.ecs.layout import PartyWord, WorldSlot
from engine.ecs.world import World
from engine.scripting.layout import EFFECT_WORDS, FIRST_EFFECT
from engine.scripting.quotas import running_party, spend
from engine.scripting.undo import write_noted
from lang.jit import I64, float_bits, kernel, words_in
from lang.layout import M

MOST_EFFECTS = 1024
"""Records of one tick; what is played or shown beyond them is not heard or seen."""


@kernel
def push_effect(m: I64, kind: int, string: int, values: tuple[float, float, float, float], last: int) -> None:
    """Append a record (`Effect`) of the running party; those that find no room in this tick are dropped."""
    effects = words_in(words_in(m, M.WORLD), WorldSlot.EFFECTS)
    at = FIRST_EFFECT + EFFECT_WORDS * effects[0]
    if at + EFFECT_WORDS > effects.size or not spend(m, PartyWord.EFFECTS, 1):
        return
    write_noted(m, WorldSlot.EFFECTS, 0, effects[0] + 1)
    effects[at] = kind
    effects[at + 1] = running_party(m)
    effects[at + 2] = string
    for i in range(4):
        effects[at + 3 + i] = float_bits(values[i])
    effects[at + 7] = last


class Effects:
    """The records of one tick."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._array = np.zeros(FIRST_EFFECT + EFFECT_WORDS * MOST_EFFECTS, np.int64)
        world.publish(WorldSlot.EFFECTS, self._array)

    @property
    def arrays(self) -> tuple[I64]:
        """The records."""
        return (self._array,)

    def hold(self, records: I64) -> None:
        """Work on this array from now on."""
        self._array = records
        self._world.publish(WorldSlot.EFFECTS, records)

    @property
    def rows(self) -> I64:
        """The records [n, EFFECT_WORDS], as a view."""
        used = FIRST_EFFECT + EFFECT_WORDS * int(self._array[0])
        return self._array[FIRST_EFFECT:used].reshape(-1, EFFECT_WORDS)

    @property
    def held_strings(self) -> I64:
        """Ids of the strings that records name."""
        return self.rows[:, 2].copy()

    def take(self) -> I64:
        """Return the records since the last call, and empty the buffer.

        Those of the game's scripts come first, then those of each mod's.
        """
        records = self.rows.copy()
        self._array[0] = 0
        if len(self._world.storage.parties) == 1:
            return records
        return records[np.argsort(records[:, 1], kind="stable")]
