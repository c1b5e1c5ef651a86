"""What the arrays of particles hold: words of an effect, of an emitter, of a request, of a particle."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Area(IntEnum):
    """Where particles are born around an emitter; the words AREA_A and AREA_B are its measures."""

    BOX = 0  # whole width and height; a point is one of 0 by 0
    RING = 1  # inner and outer radius; a circle has the inner one 0
    LINE = 2  # from one end to the other, the emitter in the middle
    ARC = 3  # radius: that far from the emitter, each in the direction in which it flies


@unique
class EffectWord(IntEnum):
    """Words of an effect, a row of float64. Metres, seconds, radians."""

    RATE = 0  # particles a second
    LIFE_LOW = 1
    LIFE_HIGH = 2
    SPEED_LOW = 3
    SPEED_HIGH = 4
    DIRECTION = 5
    SPREAD = 6  # the whole angle
    OUTWARD = 7  # 1: away from the middle of the ring instead of DIRECTION
    INHERIT = 8  # part of the emitter's velocity
    GRAVITY_X = 9
    GRAVITY_Y = 10
    DRAG = 11  # part of the velocity lost a second
    SCALE_LOW = 12
    SCALE_HIGH = 13
    ROTATION_LOW = 14
    ROTATION_HIGH = 15
    SPIN_LOW = 16
    SPIN_HIGH = 17
    AREA = 18
    AREA_A = 19
    AREA_B = 20
    TINTS = 21  # how many rows of colours it has, >= 1
    LOCAL = 22  # 1: places are relative to the owner
    DURATION = 23  # infinity: as long as the emitter is on
    REPEAT = 24
    FIRST_BURST = 25  # row of the table of bursts (time, count)
    BURSTS = 26
    STRETCH = 27  # seconds: metres of length for each metre a second; 0 is not stretched
    ALSO = 28  # numbers of effects that begin with it, MOST_ALSO words; -1 behind the last one


MOST_ALSO = 4
EFFECT_WORDS = EffectWord.ALSO + MOST_ALSO


@unique
class ParticleWord(IntEnum):
    """Rows of a pool, float64[PARTICLE_WORDS, capacity]: column i is one particle, the oldest first."""

    X = 0
    Y = 1
    VX = 2
    VY = 3
    AGE = 4
    LIFE = 5
    ROTATION = 6  # at birth
    SPIN = 7
    SCALE = 8  # factor of the effect's size
    TINT = 9  # number of its row of colours
    OWNER = 10  # the two halves of an entity id, each exact as a float; 0: the world itself
    GENERATION = 11


PARTICLE_WORDS = len(ParticleWord)


@unique
class RequestWord(IntEnum):
    """Words of what one emitter asks for in a tick, a row of float64."""

    EFFECT = 0
    EVENLY = 1  # so many, spread over the tick
    AT_ONCE = 2  # so many at its beginning
    FROM_X = 3  # where the emitter was at the beginning of the tick
    FROM_Y = 4
    X = 5  # and is at its end
    Y = 6
    ROTATION = 7
    OWNER = 8
    GENERATION = 9


REQUEST_WORDS = len(RequestWord)


@unique
class PlacedWord(IntEnum):
    """Words of an effect that was placed without an entity, a row of float64."""

    EFFECT = 0
    X = 1
    Y = 2
    AGE = 3


PLACED_WORDS = len(PlacedWord)


@unique
class EmissionWord(IntEnum):
    """Words of int64 that an emission reads and writes."""

    EFFECT = 0
    REQUESTS = 1
    COUNT = 2  # particles of the pool before
    LIMIT = 3  # at most so many afterwards
    GENERATOR = 4  # the state of the generator, which the emission moves on


EMISSION_WORDS = len(EmissionWord)

SAMPLES = 256
"""Steps in which size and colour change over a life."""
