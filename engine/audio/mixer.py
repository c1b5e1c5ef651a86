"""A mixer: voices that were asked for, mixed into one stereo stream of 48 kHz.

The thread of the game asks and another one may take the stream, so every method holds the lock of the mixer.
A voice never begins or ends with a click, also when more are asked for than there may be.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.audio.bank import SoundBank
from engine.audio.layout import (
    F32,
    F64,
    I64,
    LOUDEST,
    RAMP_FRAMES,
    RATE,
    Bus,
    Setting,
    SoundWord,
    State,
    VoiceValue,
    VoiceWord,
)
from engine.audio.mix import admit, end_voices, mix

SHORTEST_FADE = RAMP_FRAMES / RATE
LOWEST_PITCH, HIGHEST_PITCH = 0.05, 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MixerSettings:
    """What a scene says of its sound.

    Attributes:
        voices: played at once, at most: by the game, then by each mod, none of which gives way to another.
        reference: metres from the listener within which a voice has its full volume.
    """

    voices: tuple[int, ...] = (64,)
    reference: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One playing of a sound, as it is asked for.

    Attributes:
        sound: its number in the bank. handle: what it is stopped and moved by.
        volume: 0 to 8, 1 is as recorded. pitch: 0.05 to 16, 2 is an octave higher and twice as fast.
        place: metres, or None: heard everywhere. radius: metres beyond which it is silent.
        fade: seconds until its full volume. start: seconds into the sound.
        priority: when its party has too many, voices of lower ones end first. party: whose it is.
    """

    sound: int
    handle: int
    volume: float = 1.0
    pitch: float = 1.0
    loops: bool = False
    bus: Bus = Bus.EFFECTS
    priority: int = 0
    party: int = 0
    place: tuple[float, float] | None = None
    radius: float = 30.0
    fade: float = 0.0
    start: float = 0.0


class Mixer:
    """Voices in flat tables, and the stream that they make.

    Attributes:
        paused: the stream is silent and nothing goes on.
    """

    def __init__(self, bank: SoundBank, settings: MixerSettings) -> None:
        self.paused = False
        self._bank = bank
        ends = np.cumsum([2 * most + 1 for most in settings.voices])  # those that fade out need rows as well
        self._values = np.zeros((ends[-1], len(VoiceValue)))
        self._words = np.zeros((ends[-1], len(VoiceWord)), np.int64)
        values, words = np.split(self._values, ends[:-1]), np.split(self._words, ends[:-1])
        self._parts = list(zip(values, words, settings.voices, strict=True))
        self._settings = np.zeros(len(Setting))
        self._settings[[Setting.MASTER, Setting.MUSIC, Setting.EFFECTS, Setting.MASTER_NOW]] = 1.0
        self._settings[Setting.REFERENCE] = settings.reference
        self._buffers = np.zeros((4, 0), np.float32)
        self._born = 0
        self._samples = bank.samples
        self._ending: Mixer | None = None
        self._lock = threading.RLock()

    def apply(self, commands: Iterable[MixerCommand]) -> None:
        """Do what was asked for, in order; the stream has all of it or nothing."""
        with self._lock:
            for command in commands:
                command(self)

    # --- voices ---------------------------------------------------------------------------------

    def play(self, voice: Voice) -> bool:
        """Begin a voice; return whether it is played: others may be more important, its sound not there."""
        with self._lock:
            start, frames, channels = self._bank.table[voice.sound].tolist()
            if frames == 0:
                return False
            part_values, part_words, most = self._parts[voice.party]
            row = _free_row(part_values, part_words)
            values, words = part_values[row], part_words[row]
            values[:] = 0.0
            values[VoiceValue.PITCH] = min(max(voice.pitch, LOWEST_PITCH), HIGHEST_PITCH)
            values[VoiceValue.VOLUME] = min(max(voice.volume, 0.0), LOUDEST)
            values[VoiceValue.POSITION] = round(voice.start * RATE) % frames
            values[[VoiceValue.X, VoiceValue.Y]] = voice.place or (0.0, 0.0)
            values[VoiceValue.RADIUS] = voice.radius
            values[VoiceValue.FADE] = 1.0
            if voice.fade > SHORTEST_FADE:
                values[VoiceValue.FADE] = 0.0
                values[VoiceValue.FADE_STEP] = 1.0 / (voice.fade * RATE)
            self._born += 1
            words[VoiceWord.STATE] = State.PLAYING
            words[VoiceWord.SOUND] = voice.sound
            words[[VoiceWord.START, VoiceWord.FRAMES, VoiceWord.CHANNELS]] = start, frames, channels
            words[VoiceWord.LOOPS], words[VoiceWord.BUS] = voice.loops, voice.bus
            words[VoiceWord.PRIORITY], words[VoiceWord.HANDLE] = voice.priority, voice.handle
            words[VoiceWord.BORN], words[VoiceWord.HEARD] = self._born, 0
            words[VoiceWord.PLACED] = voice.place is not None
            return bool(admit(part_values, part_words, self._settings, row, most))

    def stop(self, handle: int, fade: float = 0.0) -> int:
        """End the voice of a handle within `fade` seconds; return how many that were."""
        with self._lock:
            return int(end_voices(self._values, self._words, VoiceWord.HANDLE, handle, fade))

    def stop_sound(self, sound: int, fade: float = 0.0) -> int:
        """End all voices of a sound within `fade` seconds; return how many that were."""
        with self._lock:
            return int(end_voices(self._values, self._words, VoiceWord.SOUND, sound, fade))

    def move(self, handle: int, place: tuple[float, float], volume: float, pitch: float) -> bool:
        """Change what a playing voice had when it began; return whether it still plays."""
        with self._lock:
            words = self._words
            rows = np.flatnonzero(
                (words[:, VoiceWord.HANDLE] == handle) & (words[:, VoiceWord.STATE] != State.FREE)
            )
            self._values[rows, VoiceValue.X], self._values[rows, VoiceValue.Y] = place
            self._values[rows, VoiceValue.PITCH] = min(max(pitch, LOWEST_PITCH), HIGHEST_PITCH)
            self._values[rows, VoiceValue.VOLUME] = min(max(volume, 0.0), LOUDEST)
            return bool(rows.size)

    # --- all of them ----------------------------------------------------------------------------

    def set_volume(self, bus: Bus, volume: float) -> None:
        """Set the volume of a bus, 0 to 8."""
        with self._lock:
            self._settings[bus] = min(max(volume, 0.0), LOUDEST)

    def listen_at(self, x: float, y: float) -> None:
        """Place the listener, in metres."""
        with self._lock:
            self._settings[[Setting.X, Setting.Y]] = x, y

    def take_sounds(self) -> None:
        """Go on with what the bank holds now: sounds were read again."""
        with self._lock:
            self._samples = self._bank.samples
            words, values = self._words, self._values
            table = self._bank.table[words[:, VoiceWord.SOUND]]
            words[:, VoiceWord.START] = table[:, SoundWord.START]
            words[:, VoiceWord.FRAMES] = frames = table[:, SoundWord.FRAMES]
            words[:, VoiceWord.CHANNELS] = table[:, SoundWord.CHANNELS]
            over = values[:, VoiceValue.POSITION] >= frames
            values[over, VoiceValue.POSITION] = 0.0
            words[over & (words[:, VoiceWord.LOOPS] == 0), VoiceWord.STATE] = State.FREE
            words[frames == 0, VoiceWord.STATE] = State.FREE

    def seconds_into(self, handle: int) -> float:
        """Return how far the voice of a handle is into its sound; 0 when it does not play."""
        with self._lock:
            words = self._words
            rows = (words[:, VoiceWord.HANDLE] == handle) & (words[:, VoiceWord.STATE] == State.PLAYING)
            return float(self._values[rows, VoiceValue.POSITION].sum()) / RATE

    def begin_after(self, other: Mixer) -> None:
        """Begin with the last moment of another mixer, which fades out in it and is used no more."""
        with self._lock:
            other.paused = True
            self._ending = other
            self._settings[Setting.MASTER_NOW] = 0.0

    @property
    def playing(self) -> int:
        """How many voices play, those apart that fade out."""
        with self._lock:
            return int((self._words[:, VoiceWord.STATE] == State.PLAYING).sum())

    # --- the stream -----------------------------------------------------------------------------

    def render(self, frames: int) -> F32:
        """Return the next frames of the stream [frames, 2], each sample from -1 to 1."""
        out = np.zeros((frames, 2), np.float32)
        with self._lock:
            settings = self._settings
            if not self.paused:
                self._mix(out)
            elif settings[Setting.MASTER_NOW] > 0.0:
                volume, settings[Setting.MASTER] = settings[Setting.MASTER], 0.0
                self._mix(out)
                settings[Setting.MASTER] = volume
            if self._ending is not None:
                np.clip(out + self._ending.render(frames), -1.0, 1.0, out=out)
                self._ending = None
        return out

    def _mix(self, out: F32) -> None:
        if self._buffers.shape[1] != len(out):
            self._buffers = np.zeros((4, len(out)), np.float32)
        mix(self._samples, self._values, self._words, self._settings, self._buffers, out)


def _free_row(values: F64, words: I64) -> int:
    states = words[:, VoiceWord.STATE]
    row = int(states.argmin())
    if states[row] != State.FREE:  # so many end just now: the quietest of them is hardly missed
        gains = values[:, VoiceValue.LEFT] + values[:, VoiceValue.RIGHT]
        row = int(np.where(states == State.ENDING, gains, np.inf).argmin())
    return row


MixerCommand: TypeAlias = Callable[[Mixer], object]
"""Something to do with every mixer that there is."""
