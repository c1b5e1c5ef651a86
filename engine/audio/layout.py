"""The arrays of the mixer: what each column means. Kernels index them with these names.

A *voice* is one playing of one sound; row v of both tables is one voice. A *frame* is a sample of each ear.
All samples lie in one pool of floats, sound after sound, channel after channel.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

F32: TypeAlias = npt.NDArray[np.float32]
F64: TypeAlias = npt.NDArray[np.float64]
I64: TypeAlias = npt.NDArray[np.int64]
# Inside kernels Numba knows the type; elements of a typed array would be NumPy scalars to mypy.
Array: TypeAlias = Any

RATE = 48_000
"""Frames a second of the stream, and of every sound once it is loaded."""
TICK_FRAMES = RATE // 60
RAMP_FRAMES = 240
"""Frames (5 ms) that a gain takes at least from silence to full volume and back: steps would click."""
LOUDEST = 8.0
"""The highest volume of a voice or bus, and of a sample: sums of them stay finite."""


@unique
class Bus(IntEnum):
    """What voices are mixed on; MASTER takes them all."""

    MASTER = 0
    MUSIC = 1
    EFFECTS = 2

    @property
    def label(self) -> str:
        """The name that scenes and scripts use."""
        return self.name.lower()


@unique
class State(IntEnum):
    """What a voice does."""

    FREE = 0
    PLAYING = 1
    ENDING = 2  # fades out, and is free then


@unique
class SoundWord(IntEnum):
    """Columns of the table of sounds; row s of it is sound s."""

    START = 0  # where its samples begin in the pool
    FRAMES = 1  # 0: it could not be read
    CHANNELS = 2


@unique
class VoiceWord(IntEnum):
    """Integer columns of the voices."""

    STATE = 0
    SOUND = 1  # its number
    START = 2  # as in the table of sounds
    FRAMES = 3
    CHANNELS = 4  # 1 or 2
    LOOPS = 5
    BUS = 6
    PRIORITY = 7  # lower ones give way
    HANDLE = 8
    BORN = 9  # counts up with every voice begun
    PLACED = 10  # whether it has a place
    HEARD = 11  # whether any of it was mixed yet


@unique
class VoiceValue(IntEnum):
    """Float columns of the voices."""

    POSITION = 0  # frames into the sound of what comes next
    PITCH = 1  # frames of the sound a frame of the stream
    VOLUME = 2
    X = 3  # metres, of one with a place
    Y = 4
    RADIUS = 5  # metres, beyond which it is silent
    FADE = 6  # factor now, 0..1
    FADE_STEP = 7  # change a frame; below 0 it ends at 0, above 0 at 1
    LEFT = 8  # the gains that it has reached
    RIGHT = 9


@unique
class Setting(IntEnum):
    """Values of a mixer as a whole; the first three are the volumes of the buses, in order."""

    MASTER = 0
    MUSIC = 1
    EFFECTS = 2
    X = 3  # metres, of the listener
    Y = 4
    REFERENCE = 5  # metres within which a voice has its full volume
    MASTER_NOW = 6  # the gain of the sum that is reached
