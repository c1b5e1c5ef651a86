"""Which entity indices belong to which party (the game, a mod), for saves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.ecs.layout import BLOCK, PartyWord, WorldSlot
from engine.ecs.storage import Storage
from engine.errors import SaveError
from lang.jit import I64

MOST_GIVEN = 1 << 48
"""Handles of a party, beyond what any game gives out: times the parties they must fit 64 bits."""


def places_of(party: int, parties: int, count: int) -> I64:
    """Return the first indices of a party; see `engine.ecs.layout.BLOCK`."""
    k = np.arange(count)
    found: I64 = (k // BLOCK * parties + party) * BLOCK + k % BLOCK
    return found


def free_indices(storage: Storage) -> I64:
    """Return the stacks of free entity indices of all parties, one after the other."""
    stacks, parties = storage.arrays[WorldSlot.FREE_ENTITIES], storage.parties
    used = [
        stacks[places_of(party, len(parties), int(words[PartyWord.FREE]))]
        for party, words in enumerate(parties)
    ]
    return np.concatenate(used)


def ever_used(words: I64, free: I64, size: int, parties: int) -> npt.NDArray[np.bool_]:
    """Return of each entity index whether it was ever used.

    Raises:
        SaveError: what a save says of its parties does not fit together.
    """
    fits = words.size == parties * PartyWord.MOST
    _require(fits, "it is of a game with other mods")
    table = words.reshape(-1, PartyWord.MOST)
    fits = (
        bool(((table >= 0) & (table < MOST_GIVEN)).all()) and int(table[:, PartyWord.FREE].sum()) == free.size
    )
    fits = fits and bool((table[:, PartyWord.USED] <= size).all())
    _require(fits, "its parties do not fit its entities")
    used = np.zeros(size, np.bool_)
    at = 0
    for party, row in enumerate(table):
        places = places_of(party, len(table), int(row[PartyWord.USED]))
        _require(not places.size or int(places[-1]) < size, "its parties do not fit its entities")
        used[places] = True
        own = free[at : at + int(row[PartyWord.FREE])]
        at += own.size
        _require(bool((own // BLOCK % len(table) == party).all()), "a free index is another party's")
        live = int(row[PartyWord.USED]) - own.size  # but for those that are used up
        _require(int(row[PartyWord.LIVE]) <= live, "its parties do not fit its entities")
    return used


def _require(fits: bool, reason: str) -> None:
    if not fits:
        raise SaveError(reason)
