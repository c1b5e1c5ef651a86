"""How teams stand to each other."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, unique

import numpy as np

from lang.jit import I64, kernel

NO_TEAM = 0
"""The string id of an entity that is in no team: it has neither allies nor enemies."""


@unique
class Bond(IntEnum):
    """What one entity is to another."""

    NEUTRAL = 0
    ALLY = 1
    ENEMY = 2


@unique
class RelationWord(IntEnum):
    """Words of the relations; then the neutral teams, then rows (team, other team, Bond)."""

    NEUTRAL_TEAMS = 0
    PAIRS = 1
    FIRST = 2


def relations_of(neutral: Iterable[int], pairs: Iterable[tuple[int, int, Bond]]) -> I64:
    """Return the relations of teams as `bond_between` reads them.

    Args:
        neutral: string ids of teams without enemies.  pairs: (team, other team, bond), which hold both ways
            and come before everything else.
    """
    neutrals, rows = list(neutral), list(pairs)
    words = [len(neutrals), len(rows), *neutrals, *(int(word) for row in rows for word in row)]
    return np.array(words, np.int64)


@kernel
def bond_between(relations: I64, team: int, other: int) -> int:
    """Return the Bond of two teams: allies are in one team, all others are enemies unless it is said."""
    if team == NO_TEAM or other == NO_TEAM:
        return Bond.NEUTRAL
    if team == other:
        return Bond.ALLY
    neutrals = relations[RelationWord.NEUTRAL_TEAMS]
    first = RelationWord.FIRST + neutrals
    for at in range(first, first + 3 * relations[RelationWord.PAIRS], 3):
        one, two = relations[at], relations[at + 1]
        if (one == team and two == other) or (one == other and two == team):
            bond: int = relations[at + 2]
            return bond
    for at in range(RelationWord.FIRST, first):
        if relations[at] == team or relations[at] == other:
            return Bond.NEUTRAL
    return Bond.ENEMY
