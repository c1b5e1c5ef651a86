"""What the party of the running script may still ask for in this tick, and the numbers it gives out.

These words of the world are a party's own (`engine.ecs.layout.PartyWord`): what the scripts of others do
changes none of them.
"""

from __future__ import annotations

from engine.ecs.layout import Counter, PartyWord, WorldSlot
from engine.ecs.structure import party_words
from engine.scripting.undo import write_noted
from lang.jit import I64, kernel, words_in
from lang.layout import M

OPERATIONS_OF_COMMAND = 750
"""What each command of a mod takes of the operations of its tick beside its own: it takes about as long."""


@kernel
def running_party(m: I64) -> int:
    """Return the number of the party whose script runs; 0 is the game."""
    return words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)[Counter.PARTY]


@kernel
def left_of(m: I64, what: int) -> int:
    """Return how much of a `PartyWord` is left in this tick."""
    counters = words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)
    return counters[party_words(counters) + what]


@kernel
def spend(m: I64, what: int, amount: int) -> bool:
    """Take some of what is left of a `PartyWord`, if that is enough."""
    counters = words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)
    at = party_words(counters) + what
    if counters[at] < amount:
        return False
    write_noted(m, WorldSlot.COUNTERS, at, counters[at] - amount)
    return True


@kernel
def take_for_good(m: I64, what: int, amount: int) -> None:
    """Take some of what is left of a `PartyWord`, also if the callback fails."""
    counters = words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)
    counters[party_words(counters) + what] -= amount


@kernel
def spend_commands(m: I64, amount: int) -> bool:
    """Take commands of a tick, if enough are left; of a mod they take operations of its tick as well."""
    if not spend(m, PartyWord.COMMANDS, amount):
        return False
    if running_party(m) > 0:
        m[M.BUDGET] -= OPERATIONS_OF_COMMAND * amount
    return True


@kernel
def upcoming_handle(m: I64, kind: int) -> int:
    """Return what `next_handle` will give out: for calls that may yet ask for room and run again."""
    counters = words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)
    given = counters[party_words(counters) + kind]
    return given * counters[Counter.PARTIES] + counters[Counter.PARTY] + 1


@kernel
def next_handle(m: I64, kind: int) -> int:
    """Give out a number for what is played or started: of n parties, p gets p + 1, p + 1 + n and so on."""
    handle = upcoming_handle(m, kind)
    counters = words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)
    at = party_words(counters) + kind
    write_noted(m, WorldSlot.COUNTERS, at, counters[at] + 1)
    return handle
