"""The arrays of physics: what each column means. Kernels index them with these names.

A *proxy* is a collider, or a trigger volume of the scene, as one tick's collision detection sees it. Proxies
of entities come in the order of entity indices and volumes after them, so the order of proxies is the order
of everything that follows. What belongs to one proxy lies together: contacts reach for proxies at random,
and one array each of a length near a power of two made gathering 100,000 of them three times slower.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

F64: TypeAlias = NDArray[np.float64]
I64: TypeAlias = NDArray[np.int64]
# Inside kernels Numba knows the type; elements of a typed array would be NumPy scalars to mypy.
Array: TypeAlias = Any

LINEAR_SLOP = 0.005
"""Metres of overlap that stay: a resting body keeps touching, its contact does not begin anew each tick."""
PUSH_TOLERANCE = 1e-4
"""Metres of overlap beyond the slop that are not worth a push."""
SOLVER_ITERATIONS = 8
SHARED_PUSH = 0.5
"""Part of an overlap of two movable proxies that an iteration takes away; 8 leave 0.4 % of it. In heaps of 60
and 200 circles contacts then cease to begin and end; with whole pushes or 4 iterations they never did."""
VOLUME = 1 << 62
"""Second id of a contact with trigger volume t: VOLUME + t, above every entity id."""


@unique
class Value(IntEnum):
    """Float columns of the proxies [n, 13]; the first four are the AABB, see `geometry.hash_grid.Box`."""

    MIN_X = 0  # metres, grown by LINEAR_SLOP
    MIN_Y = 1
    MAX_X = 2
    MAX_Y = 3
    X = 4
    Y = 5
    SINE = 6
    COSINE = 7
    HALF_WIDTH = 8  # metres, scaled; the radius of a circle
    HALF_HEIGHT = 9
    VX = 10  # m/s
    VY = 11
    INVERSE_MASS = 12  # 0 for what a contact does not move


@unique
class Word(IntEnum):
    """Int columns of the proxies [n, 8]."""

    ENTITY = 0  # id, or VOLUME + number
    SHAPE = 1  # engine.ecs.components.ShapeKind
    FLAGS = 2
    LAYER = 3  # bits
    MASK = 4  # bits of the layers it meets
    TRANSFORM_ROW = 5
    VELOCITY_ROW = 6  # -1: it has no velocity
    NAME = 7  # string id of the tag or of the volume


SENSOR = 1
"""Flag: noticed, never pushed, pushes nothing."""
FIXED = 2
"""Flag: a static body or a volume; two of them never meet."""


@unique
class Depth(IntEnum):
    """How far two proxies reach into each other."""

    NEAR = 0  # apart, by at most LINEAR_SLOP
    TOUCHING = 1
    DEEP = 2  # overlapping by so much that it is worth a push


@unique
class Contact(IntEnum):
    """Columns of the contacts [n, 8]; those before FIRST_PROXY persist between ticks."""

    FIRST = 0  # id of the entity with the lower index
    SECOND = 1  # id of the other, or VOLUME + number
    SENSOR = 2  # 1 when either is a sensor
    NAME_FOR_FIRST = 3  # string id that the first is told: the name of the volume it entered
    NAME_FOR_SECOND = 4
    FIRST_PROXY = 5
    SECOND_PROXY = 6
    DEPTH = 7  # see Depth; as it was before anything was pushed


PERSISTENT_WORDS = int(Contact.FIRST_PROXY)


@unique
class EventKind(IntEnum):
    """What an event tells an entity; the order in which they are dispatched."""

    COLLISION = 0
    COLLISION_END = 1
    TRIGGER = 2
    TRIGGER_EXIT = 3


@unique
class Event(IntEnum):
    """Columns of the events [n, 4]."""

    KIND = 0
    ENTITY = 1  # id of the entity that is told
    OTHER = 2  # id, 0 for a trigger volume without an entity
    NAME = 3  # string id, 0 for collisions


@unique
class Volume(IntEnum):
    """Float columns of the scene's trigger volumes [n, 5]."""

    X = 0
    Y = 1
    HALF_WIDTH = 2
    HALF_HEIGHT = 3
    ROTATION = 4  # radians


@unique
class VolumeWord(IntEnum):
    """Int columns of the scene's trigger volumes [n, 2]."""

    SHAPE = 0
    NAME = 1
