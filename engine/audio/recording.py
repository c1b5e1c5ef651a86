"""The stream of a run in a WAV file: 48 kHz, 16 bits, two channels, TICK_FRAMES a tick and no clock."""

from __future__ import annotations

import wave
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from engine.audio.layout import RATE, TICK_FRAMES
from engine.audio.mixer import Mixer
from engine.errors import CannotRecord

FULL_SCALE = 32767.0


class Recording:
    """Writes what a mixer plays, tick by tick; closing it completes the file.

    Attributes:
        mixer: what it writes; another game's may take its place between two ticks.
    Raises:
        CannotRecord: the file cannot be written.
    """

    def __init__(self, file: Path, mixer: Mixer) -> None:
        self._file = file
        self.mixer = mixer
        try:
            self._raw = file.open("wb")
        except OSError as error:
            raise CannotRecord(file, error) from None
        self._output = wave.open(self._raw, "wb")  # noqa: SIM115 - as above
        self._output.setnchannels(2)
        self._output.setsampwidth(2)
        self._output.setframerate(RATE)

    def add_tick(self) -> None:
        """Write the next tick.

        Raises:
            CannotRecord: the file cannot be written.
        """
        frames = np.rint(self.mixer.render(TICK_FRAMES) * np.float32(FULL_SCALE)).astype("<i2")
        try:
            self._output.writeframesraw(frames.tobytes())
        except OSError as error:
            raise CannotRecord(self._file, error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._output.close()
            self._raw.close()
        except OSError as fault:
            raise CannotRecord(self._file, fault) from None
