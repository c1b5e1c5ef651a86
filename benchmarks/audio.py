"""The mixer against the same sum written with NumPy: 64 voices, one second, tick by tick in turn."""

from __future__ import annotations

import math
import statistics
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import ROUNDS, Benchmark, Ratio, Row, WrongResult, milliseconds

PEER = "NumPy"
VOICES = 64
TICKS = 60
FRAMES = 48_000
VOLUME = 0.02


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of sound."""
    return (Benchmark("audio/mix", _mix), Benchmark("audio/mix_stereo", _mix_stereo))


def _mix() -> Row:
    """Measure sounds of one channel, of which every other is played at another pitch."""
    return _measure("audio/mix", 1, lambda n: 1.0 if n % 2 else 0.7 + 0.02 * n)


def _mix_stereo() -> Row:
    """Measure the worst: all of two channels, and none at its own pitch."""
    return _measure("audio/mix_stereo", 2, lambda n: 0.7 + 0.02 * n)


class Desk:
    """A mixer of ours, and what NumPy needs to do the same."""

    def __init__(self, channels: int, pitch_of: Any) -> None:
        from engine.audio.bank import SoundBank
        from engine.audio.layout import SoundWord
        from engine.audio.mixer import Mixer, MixerSettings, Voice

        self.sound = np.random.default_rng(1).uniform(-1.0, 1.0, (channels, FRAMES)).astype(np.float32)
        bank = SoundBank(Path(), ())
        bank.table = np.zeros((1, len(SoundWord)), np.int64)
        bank.table[0] = (0, FRAMES, channels)
        bank.samples = self.sound.ravel()
        self.mixer = Mixer(bank, MixerSettings(voices=(VOICES,)))
        self.pitches = [pitch_of(n) for n in range(VOICES)]
        for n, pitch in enumerate(self.pitches):
            voice = Voice(sound=0, handle=n, volume=VOLUME, pitch=pitch, loops=True, start=0.01 * n)
            if not self.mixer.play(voice):
                raise WrongResult("audio", "a voice", n)
        self.positions = [480.0 * n for n in range(VOICES)]
        self.gain = np.float32(VOLUME * (math.sqrt(0.5) if channels == 1 else 1.0))
        self.wrapped = np.concatenate([self.sound[:, -1:], self.sound, self.sound[:, :3]], axis=1)

    def ours(self) -> Any:
        """Return the next tick as the mixer makes it."""
        return self.mixer.render(800)

    def theirs(self) -> Any:
        """Return the next tick as NumPy makes it."""
        out = np.zeros((800, 2), np.float32)
        steps = np.arange(800)
        for n, pitch in enumerate(self.pitches):
            at = (self.positions[n] + pitch * steps) % FRAMES
            self.positions[n] = (self.positions[n] + 800 * pitch) % FRAMES
            frame = at.astype(np.int64)
            part = (at - frame).astype(np.float32)
            for channel in range(len(self.sound)):
                p0, p1, p2, p3 = (self.wrapped[channel][frame + k] for k in range(4))
                value = p1 if pitch == 1.0 else _spline(p0, p1, p2, p3, part)
                if len(self.sound) == 1:
                    out += (value * self.gain)[:, None]
                else:
                    out[:, channel] += value * self.gain
        return out


def _spline(p0: Any, p1: Any, p2: Any, p3: Any, t: Any) -> Any:
    bend = p0 - 2.5 * p1 + 2.0 * p2 - 0.5 * p3
    return (((0.5 * (p3 - p0) + 1.5 * (p1 - p2)) * t + bend) * t + 0.5 * (p2 - p0)) * t + p1


def _measure(name: str, channels: int, pitch_of: Any) -> Row:
    desk = Desk(channels, pitch_of)
    difference = float(np.abs(desk.ours() - desk.theirs()).max())
    if difference > 1e-4:
        raise WrongResult(name, "what NumPy makes", difference)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(milliseconds(lambda: [desk.ours() for _ in range(TICKS)]))
        theirs.append(milliseconds(lambda: [desk.theirs() for _ in range(TICKS)]))
    value = statistics.median(ours)
    return Row(name=name, value=value, unit="ms", ratios=(Ratio(PEER, value / statistics.median(theirs)),))
