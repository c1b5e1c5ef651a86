"""What must reach Python: sounds, particles, messages to the window; records that are taken each tick."""

from __future__ import annotations

from engine.ecs.layout import WorldSlot
from engine.scripting.layout import EFFECT_WORDS, FIRST_EFFECT
from engine.scripting.undo import note
from lang.jit import I64, float_bits, kernel, words_in
from lang.layout import M


@kernel
def push_effect(m: I64, kind: int, string: int, values: tuple[float, float, float, float], last: int) -> None:
    """Append a record (`Effect`) of the running entity; those that find no room in this tick are dropped."""
    effects = words_in(words_in(m, M.WORLD), WorldSlot.EFFECTS)
    at = FIRST_EFFECT + EFFECT_WORDS * effects[0]
    if at + EFFECT_WORDS > effects.size:
        return
    note(m, WorldSlot.EFFECTS, 0, effects[0])
    effects[at] = kind
    effects[at + 1] = m[M.ENTITY]
    effects[at + 2] = string
    for i in range(4):
        effects[at + 3 + i] = float_bits(values[i])
    effects[at + 7] = last
    effects[0] += 1


@kernel
def next_handle(m: I64) -> int:
    """Return a number for what is played or shown: 1, 2, …, the same in every run."""
    effects = words_in(words_in(m, M.WORLD), WorldSlot.EFFECTS)
    note(m, WorldSlot.EFFECTS, 1, effects[1])
    effects[1] += 1
    return effects[1]
