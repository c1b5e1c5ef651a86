"""Arrays that scripting publishes in the world's table for its natives."""

from __future__ import annotations

import math
from enum import IntEnum, unique


@unique
class ScriptWord(IntEnum):
    """Words of `WorldSlot.SCRIPTS`; from FIRST_PREFAB on pairs (string id of the name, prefab)."""

    PREFABS = 0
    MOST_ENTITIES = 1
    FIRST_PREFAB = 2


@unique
class Effect(IntEnum):
    """Kinds of records for Python in `WorldSlot.EFFECTS`.

    The array: how many records, the last handle given out, then EFFECT_WORDS each: kind, entity,
    string id, and three words of the kind. A sound: x, y, volume as bits of floats; particles: x, y as
    bits of floats, number of the effect.
    """

    SOUND = 0
    PARTICLES = 1


EFFECT_WORDS = 6
FIRST_EFFECT = 2
NO_PLACE_GIVEN = math.inf
"""Coordinates of a sound that is heard everywhere."""
