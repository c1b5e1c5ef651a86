"""The arrays of physics: what each column means. Kernels index them with these names.

A *proxy* is a collider or a body, or a trigger volume of the scene, as one tick sees it. Proxies of entities
come in the order of entity indices and volumes after them, so the order of proxies is the order of everything
that follows. What belongs to one proxy lies together: contacts reach for proxies at random, and one array
each of a length near a power of two made gathering 100,000 of them three times slower.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

F64: TypeAlias = NDArray[np.float64]
I64: TypeAlias = NDArray[np.int64]
# Inside kernels Numba knows the type; elements of a typed array would be NumPy scalars to mypy.
Array: TypeAlias = Any

LINEAR_SLOP = 0.005
"""Metres of overlap that are no fault, and of distance over which a contact holds on: a resting body keeps
touching, its contact does not begin anew each tick."""
MARGIN = 4.0 * LINEAR_SLOP
"""Metres of distance at which two proxies already get a contact: it acts once they would meet."""
VOLUME = 1 << 62
"""Second id of a contact with trigger volume t: VOLUME + t, above every entity id."""


@unique
class Value(IntEnum):
    """Float columns of the proxies; the first four are the AABB, see `geometry.hash_grid.Box`.

    What a pair is judged by, then what moves a body, is in the first lines of the cache.
    """

    MIN_X = 0  # metres, of the whole way of this tick, grown by MARGIN
    MIN_Y = 1
    MAX_X = 2
    MAX_Y = 3
    X = 4  # centre of mass
    Y = 5
    REACH = 6  # metres from the centre of mass to the farthest point
    GRAVITY_SCALE = 7
    RADIUS = 8  # metres, of a circle or of the round margin
    DEPTH = 9  # metres from the centre of mass to the nearest point of the border
    DAMPING = 10  # 1/s
    ANGULAR_DAMPING = 11
    FRICTION = 12
    RESTITUTION = 13
    ROTATION = 14  # radians
    CENTRE_X = 15  # centre of mass in the entity's frame, scaled
    CENTRE_Y = 16
    SINE = 17  # of its rotation at the start of the tick; 0 and 1 for circles, which look the same turned
    COSINE = 18


@unique
class Motion(IntEnum):
    """Float columns of what the solver changes [n, 8]: one line of the cache a proxy."""

    VX = 0  # m/s
    VY = 1
    SPIN = 2  # rad/s
    INVERSE_MASS = 3  # 1/kg; 0 for what a contact does not move
    DX = 4  # metres gone in this tick
    DY = 5
    TURN = 6  # radians turned in this tick
    INVERSE_INERTIA = 7  # 1/(kg m²)


@unique
class Word(IntEnum):
    """Int columns of the proxies; the first eight are those that a pair is judged by."""

    ENTITY = 0  # id, or VOLUME + number
    FLAGS = 1
    LAYER = 2  # bits
    MASK = 3  # bits of the layers it meets
    FAMILY = 4  # index of the entity at the top of its family; the members never meet
    JOINT = 5  # the first of its joints, or -1
    CORNERS = 6  # 0 for a body without a shape, 1 for a circle, 2 for a capsule
    NAME = 7  # string id of the tag or of the volume
    TRANSFORM_ROW = 8
    VELOCITY_ROW = 9  # -1: it has none
    BODY_ROW = 10
    ISLAND = 11  # proxy that leads to the first one of its island


SENSOR = 1
"""Flag: noticed, never pushed, pushes nothing."""
FIXED = 2
"""Flag: a static body or a volume; two of them never meet."""
ONE_WAY = 4
"""Flag: solid for what comes from its upper side alone."""
ASLEEP = 8
"""Flag: a sleeping body."""
BOUND = 16
"""Flag: contacts or joints act on it in this tick."""
CARRIED = 32
"""Flag: moves by its velocity whatever it meets, and does so now; what touches it stays awake."""
WOKEN = 64
"""Flag: something happened to it that wakes its island."""
SLEEPY = 128
"""Flag: may fall asleep."""
AWAKE_ISLAND = 512
"""Flag of the first proxy of an island: some of it is awake, or was woken."""
LAID = 1024
"""Flag: a body that sleeps since it was made; what it lies on then does not wake it."""
RESTLESS_ISLAND = 256
"""Flag of the first proxy of an island: some of it has not come to rest."""


@unique
class Tick(IntEnum):
    """What a whole tick goes by."""

    GRAVITY_X = 0  # m/s²
    GRAVITY_Y = 1
    SECONDS = 2


class Bodies(NamedTuple):
    """The proxies of a tick; row i of every array is one proxy."""

    values: Array  # float64 [n, Value]
    motion: Array  # float64 [n, Motion]
    words: Array  # int64 [n, Word]
    corners: Array  # float64 [n + 2, 32], see `geometry.outlines`; the last two are scratch
    tick: Array  # float64 [Tick]


BODIES = "Tuple((float64[:,::1], float64[:,::1], int64[:,::1], float64[:,::1], float64[::1]))"
"""The type of `Bodies` as arguments of an entry."""


class Touching(NamedTuple):
    """The contacts of a tick, and what the solver makes of them."""

    contacts: Array  # int64 [2, c, Contact]: this tick's and last tick's, see Count.SIDE
    manifolds: Array  # float64 [c, Manifold]
    links: Array  # int64 [c, Link]
    constraints: Array  # float64 [c, Constraint]


TOUCHING_ARRAYS = "Tuple((int64[:,:,::1], float64[:,::1], int64[:,::1], float64[:,::1]))"
"""The type of `Touching` as an argument of an entry."""
JOINT_ARRAYS = "Tuple((int64[:,::1], float64[:,::1]))"
"""Words and values of a `JointTable` as an argument of an entry."""
GRID_ARRAYS = "Tuple((int64[:,::1], int64[::1], int64[:,::1], float64[:,::1]))"
"""Levels, starts, places [2, n] and boxes: the memory of a `Grid` as an argument of an entry."""


@unique
class Contact(IntEnum):
    """Int columns of the contacts; those before FIRST_PROXY persist between ticks."""

    FIRST = 0  # id of the entity with the lower index
    SECOND = 1  # id of the other, or VOLUME + number
    SENSOR = 2  # 1 when either is a sensor
    NAME_FOR_FIRST = 3  # string id that the first is told: the name of the volume it entered
    NAME_FOR_SECOND = 4
    STATE = 5  # bits: TOUCHING, PASSING; of last tick's, CONTINUED
    FEATURE_1 = 6  # which corners meet, in the first point and in the second
    FEATURE_2 = 7
    NORMAL_1 = 8  # bits of the impulses of the last substep: the next tick begins with them
    TANGENT_1 = 9
    NORMAL_2 = 10
    TANGENT_2 = 11
    FIRST_PROXY = 12
    SECOND_PROXY = 13
    POINTS = 14  # of its manifold in this tick: 0, 1 or 2
    WAS = 15  # its STATE in the last tick


PERSISTENT_WORDS = int(Contact.FIRST_PROXY)

TOUCHING = 1
"""State: the sides touch, and have been told so."""
PASSING = 2
"""State: the other goes through a one-way platform until they are apart."""
CONTINUED = 4
"""State of an old contact: this tick has it too."""


@unique
class Manifold(IntEnum):
    """Float columns of where two proxies meet; the normal points from the first to the second."""

    NX = 0
    NY = 1
    X_1 = 2  # metres from the first proxy's centre of mass
    Y_1 = 3
    GAP_1 = 4  # metres, negative when they overlap
    X_2 = 5
    Y_2 = 6
    GAP_2 = 7
    WAY_X = 8  # from the first centre to the second when the manifold holds: later than now for a hit ahead
    WAY_Y = 9


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


@unique
class Count(IntEnum):
    """Numbers that the kernels of one step hand to each other."""

    PROXIES = 0
    PAIRS = 1  # that are near, see `near_pairs`
    SIDE = 2  # which half of the contacts is this tick's
    OLD_CONTACTS = 3
    CONTACTS = 4
    EVENTS = 5
    CONSTRAINTS = 6
    ACTIVE = 7  # proxies that the substeps move
    SLEEPERS = 8
    SLEEPY = 9  # proxies that may fall asleep
    LISTED = 10  # proxies among which the near pairs were found; 0: they hold no more
