"""Arrays that scripting publishes in the world's table for its natives."""

from __future__ import annotations

import math
from enum import IntEnum, unique

TICKS_A_SECOND = 60.0
LARGEST_SCALE = 1e9
"""Of an entity, either way, as in scenes: the inertia of a body grows with its fourth power."""


@unique
class ScriptWord(IntEnum):
    """Words of `WorldSlot.SCRIPTS`; from FIRST_PREFAB on pairs (string id of the name, prefab)."""

    PREFABS = 0
    FIRST_PREFAB = 1


@unique
class Effect(IntEnum):
    """Kinds of records for Python in `WorldSlot.EFFECTS`.

    The array: how many records, then EFFECT_WORDS each: kind, whose script asked (its party), string id
    (0: none), and five words of the kind; floats as bits.
    """

    SOUND = 0  # x, y, volume, pitch, handle
    STOP_SOUND = 1  # seconds, -, -, -, handle
    STOP_SOUNDS = 2  # of a name: seconds
    MUSIC = 3  # seconds
    STOP_MUSIC = 4  # seconds
    VOLUME = 5  # volume, -, -, -, number of the bus
    PARTICLES = 6  # x, y, -, -, number of the effect
    SHAKE = 7  # intensity, seconds
    CAMERA_FOLLOW = 8  # -, -, -, -, entity
    CAMERA_ZOOM = 9  # factor
    LOAD_SCENE = 16  # string: its file; all from here on are for whoever runs the game
    RESTART = 17
    QUIT = 18
    PAUSE = 19
    RESUME = 20
    OPEN_SCREEN = 21  # string: its name
    CLOSE_SCREEN = 22


EFFECT_WORDS = 8
FIRST_EFFECT = 1
NO_PLACE_GIVEN = math.inf
"""Coordinates of a sound that is heard everywhere."""


MOST_SCREENS_OPEN = 8


@unique
class GameWord(IntEnum):
    """Words of `WorldSlot.GAME`: whether a game goes on, and what lies over it."""

    PAUSED = 0  # 1: by `pause()`
    OPEN = 1  # how many screens are open
    FIRST_OPEN = 2  # numbers of the open screens, the topmost last
    FIRST_SCREEN = FIRST_OPEN + MOST_SCREENS_OPEN  # string ids of the names of all screens
