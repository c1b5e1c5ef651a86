"""Sound files (WAV, OGG) into samples at the mixer's rate, by libsndfile.

A file may come from a stranger: size, length and channels are looked at before anything is decoded.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.audio.layout import F32, LOUDEST, RATE
from engine.audio.resample import resampled
from engine.errors import BadSound

SUFFIXES = (".wav", ".ogg")
LARGEST_FILE = 64_000_000
"""Bytes."""
LONGEST = 600.0
"""Seconds."""
SLOWEST, FASTEST = 4_000, 192_000
"""Frames a second that a file may have."""


def read_sound(file: Path, most_samples: int) -> F32:
    """Return the samples [channels, frames] of a file, one channel or two, at RATE frames a second.

    Args:
        most_samples: so many samples at most, which memory is left for.
    Raises:
        BadSound: it is not there, no sound, too large, too long, or of an odd kind.
    """
    import soundfile

    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise BadSound(file, f"{size / 1e6:.0f} MB are too large: at most {LARGEST_FILE / 1e6:.0f} MB")
        with soundfile.SoundFile(file) as found:
            _check(file, found.samplerate, found.channels, found.frames)
            if found.frames * found.channels * RATE / found.samplerate > most_samples:
                raise BadSound(file, "it leaves too little memory for the other sounds of the scene")
            samples = found.read(dtype="float32", always_2d=True, frames=found.frames)
            rate = int(found.samplerate)
    except OSError as error:
        raise BadSound(file, f"it cannot be read: {error.strerror or error}") from None
    except soundfile.LibsndfileError as error:
        raise BadSound(file, f"it is no WAV or OGG sound: {error.error_string.strip().rstrip('.')}") from None
    if not len(samples):
        raise BadSound(file, "it holds no sound")
    if not np.isfinite(samples).all():
        raise BadSound(file, "it holds values that are no numbers")
    np.clip(samples, -LOUDEST, LOUDEST, out=samples)
    return np.stack([resampled(np.ascontiguousarray(channel), rate) for channel in samples.T])


def _check(file: Path, rate: int, channels: int, frames: int) -> None:
    if channels > 2:
        raise BadSound(file, f"it has {channels} channels: one or two are expected")
    if not SLOWEST <= rate <= FASTEST:
        raise BadSound(file, f"{rate} frames a second are not from {SLOWEST} to {FASTEST}")
    if frames > LONGEST * rate:
        raise BadSound(file, f"{frames / rate:.0f} seconds are too long: at most {LONGEST:.0f}")
