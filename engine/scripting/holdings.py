"""What the game and each mod hold of what the world has room for, so that none takes the room of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.ecs.layout import PARTY_WORDS, PartyWord
from lang.jit import I64

if TYPE_CHECKING:
    from engine.scripting.scripts import Scripts

NOTHING: I64 = np.zeros((0, 0), np.int64)


def holdings(scripts: Scripts) -> I64:
    """Return what each party holds, [parties, from `PartyWord.MAIL` on]; nothing without mods.

    A game without mods has all the room there is: where it ends, the arrays themselves say so.
    """
    parties = len(scripts.budgets.parties)
    if parties == 1:
        return NOTHING
    held = np.zeros((parties, PARTY_WORDS), np.int64)
    held[:, PartyWord.MAIL] = scripts.events.mail_of(parties)
    held[:, PartyWord.TIMERS] = scripts.timers.held(parties)
    held[:, PartyWord.NAMES], held[:, PartyWord.SHARED] = scripts.globals.held(parties)
    held[:, PartyWord.WAITING] = scripts.sequences.held(parties)
    held[:, PartyWord.KEPT] = scripts.world.strings.held
    held[:, PartyWord.ITEMS] = scripts.items.held(parties)
    held[:, PartyWord.STATUSES] = scripts.statuses.lists.held(parties)
    return held[:, PartyWord.MAIL :]
