"""What natives find under `WorldSlot.SPACE`: pairs (address, length in words), as in the world's table."""

from __future__ import annotations

from enum import IntEnum, IntFlag, unique


@unique
class SpaceSlot(IntEnum):
    """Places in the table of a space; the first are those of `PointIndex`, in its order."""

    POINTS = 0  # 11 pairs, the places first
    POINT_ENTITIES = 2
    POINT_NUMBERS = 12
    VALUES = 22  # of the colliders, see `engine.physics.layout.Bodies`
    MOTION = 24
    WORDS = 26
    CORNERS = 28
    TICK = 30
    LEVELS = 32  # of their grid
    STARTS = 34
    PLACES = 36
    BOXES = 38
    COLLIDERS_FOUND = 40  # room for what a question finds
    HITS = 42
    POLYGONS = 44  # the pool of polygons
    RELATIONS = 46  # of teams
    STATE = 48  # by SpaceWord
    QUERY = 50  # one place
    KEYS = 52  # room for points that a question finds
    FOUND = 54
    WISH = 56
    ASK = 58
    PROXIES = 60  # number of the collider of an entity index, -1 or more than there are for none


SPACE_TABLE_WORDS = 62


@unique
class SpaceWord(IntEnum):
    """Words of the state of a space."""

    HAS_POINTS = 0  # 1: the index of points is that of this part of the tick
    HAS_COLLIDERS = 1
    TEAMS_CHANGED = 2  # 1: a script gave an entity another team since the points were taken
    STRUCTURE = 3  # the world's Counter.STRUCTURE when the points were taken


@unique
class Part(IntFlag):
    """Parts of a space that a native can ask for."""

    NOTHING = 0
    POINTS = 1
    COLLIDERS = 2
