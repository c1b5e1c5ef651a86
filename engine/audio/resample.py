"""Sounds at any rate to sounds at the rate of the mixer: a polyphase filter bank of a windowed sinc.

Source: Oppenheim and Schafer, Discrete-Time Signal Processing (1999), sections 4.6 and 7.4 (Kaiser's window).
"""

from __future__ import annotations

import math

import numpy as np

from engine.audio.layout import F32, RATE, Array
from lang.jit import entry

CROSSINGS = 24
"""Zeros of the sinc on each side of its middle."""
SHAPE = 9.0
"""Of Kaiser's window: what is folded back is 90 dB down."""
PASSED = 0.95
"""Part of what both rates can hold that goes through."""


def resampled(sound: F32, rate: int) -> F32:
    """Return one channel [frames] of a sound at `rate` Hz as one at RATE Hz."""
    if rate == RATE:
        return sound
    divisor = math.gcd(rate, RATE)
    up, down = RATE // divisor, rate // divisor
    cutoff = PASSED * min(1.0, up / down)
    half = math.ceil(CROSSINGS / cutoff)
    taps = (
        np.arange(1 - half, half + 1)[None, :] - np.arange(up)[:, None] / up
    )  # [phase, tap], in frames of the sound
    window = np.i0(SHAPE * np.sqrt(np.maximum(0.0, 1.0 - (taps / half) ** 2))) / np.i0(SHAPE)
    bank = cutoff * np.sinc(cutoff * taps) * window
    bank /= bank.sum(axis=1, keepdims=True)  # each phase passes what does not change as it is
    padded = np.concatenate([np.zeros(half, np.float32), sound, np.zeros(half + 1, np.float32)])
    out = np.zeros(math.ceil(len(sound) * up / down), np.float32)
    filter_phases(padded, bank.astype(np.float32), down, out)
    return out


@entry("int64(float32[::1], float32[:, ::1], int64, float32[::1])")
def filter_phases(padded: Array, bank: Array, down: int, out: Array) -> int:
    """Filter a sound, the phases of `bank` [phases, taps] in turn; output n is of frame n · down / phases."""
    phases, taps = bank.shape
    for n in range(out.size):
        first = n * down // phases + 1
        phase = n * down % phases
        even, odd = 0.0, 0.0  # two sums: neither waits for the other
        for k in range(0, taps, 2):
            even += padded[first + k] * bank[phase, k]
            odd += padded[first + k + 1] * bank[phase, k + 1]
        out[n] = even + odd
    return 0
