"""The sound device: pyglet plays the stream that a mixer of the game makes.

pyglet's worker thread asks for the next frames a few dozen times a second, and the mixer makes them then, far
from the ticks: a slow tick does not tear the music. Between a request and the ear lie about 85 ms (170 ms
where a driver takes 16-bit samples only): pyglet keeps 32 KiB ready, however little it is asked to.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.audio.audio import Audio
from engine.audio.layout import RATE
from engine.audio.mixer import Mixer

BUFFER_SECONDS = 0.08
SILENT = "there is no sound device: the game is silent"


class SoundDevice:
    """What plays the sound of the game in the window; without a device it does nothing, and says so once.

    Attributes:
        is_silent: there is no device.
    """

    def __init__(self, audio: Audio) -> None:
        self._audio = audio
        self._player: Any = None
        self._stream: Any = None
        reason = self._begin()
        self.is_silent = reason is not None
        if reason is not None:
            audio.on_warning(reason)

    def _begin(self) -> str | None:
        """Open the device; return why that does not go."""
        from pyglet.media import Player
        from pyglet.media.drivers.base import AbstractAudioPlayer

        driver = sound_driver()
        if driver is None:
            return SILENT
        AbstractAudioPlayer.audio_buffer_length = BUFFER_SECONDS
        self._stream = make_stream(self._audio.add_mixer(), "F32" in driver.sample_formats)
        self._player = Player()
        try:
            self._player.queue(self._stream)
            self._player.play()
        except Exception as error:  # noqa: BLE001 - every driver has exceptions of its own
            self.close()
            return f"{SILENT} ({error})"
        return None

    def follow(self, audio: Audio, *, paused: bool) -> None:
        """Play the sound of a game, which may be another one than before; call it once a frame."""
        if self._stream is None:
            return
        if audio is not self._audio:
            self._stream.mixer = audio.take_over(self._audio, self._stream.mixer)
            self._audio = audio
        self._stream.mixer.paused = paused

    def close(self) -> None:
        """Stop playing."""
        if self._stream is not None:
            self._player.delete()
            self._audio.remove_mixer(self._stream.mixer)
            self._stream = None


def sound_driver() -> Any:
    """Return pyglet's driver of the sound device, or None when there is none."""
    from pyglet.media import get_audio_driver
    from pyglet.media.drivers.silent.adaptation import SilentDriver

    driver: Any = get_audio_driver()  # type: ignore[no-untyped-call]
    return None if isinstance(driver, SilentDriver) else driver


def make_stream(mixer: Mixer, floats: bool) -> Any:
    """Return what pyglet reads a mixer's frames from, as floats or as ints of 16 bits."""
    from pyglet.media.codecs import AudioData, AudioFormat, StreamingSource

    kind, bits = ("float", 32) if floats else ("int", 16)
    audio_format: Any = AudioFormat(channels=2, sample_size=bits, sample_rate=RATE, sample_type=kind)

    class Stream(StreamingSource):
        """An endless source."""

        def __init__(self) -> None:
            self.mixer = mixer
            self.audio_format = audio_format

        def is_precise(self) -> bool:
            return True

        def get_audio_data(self, num_bytes: float, compensation_time: float = 0.0) -> AudioData:  # noqa: ARG002
            frames = self.mixer.render(int(num_bytes) // audio_format.bytes_per_frame)
            if not floats:
                frames = np.rint(frames * np.float32(32767.0)).astype(np.int16)
            data = frames.tobytes()
            return AudioData(data, len(data))

    return Stream()
