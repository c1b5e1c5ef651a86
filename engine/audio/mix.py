"""The mixer's kernel: every voice at its pitch and gains into one stereo stream, and the limiter behind it.

Gains never jump: within a stretch of at most STRETCH frames they go in a line, and from silence to full
volume they take RAMP_FRAMES. Voices are summed in the order of their rows, so equal calls give equal bits.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.audio.layout import RAMP_FRAMES, RATE, Array, Bus, Setting, State, VoiceValue, VoiceWord
from lang.jit import entry, kernel
from lang.numeric.remainder import float_remainder

STRETCH = 80
"""Frames between two looks at a moving gain."""
TINY = 1e-9
"""A difference of gains that is rounding."""
WIDEST_PAN = 0.8
"""A voice at the side keeps a little in the other ear: wholly one-sided sound is unpleasant in headphones."""
KNEE = np.float32(0.8)
"""Up to here the sum passes the limiter as it is."""
REST = np.float32(0.2)
OVER_KNEE = np.float32(5.0)  # 1 / REST
F_ZERO = np.float32(0.0)
F_ONE = np.float32(1.0)
HALF = np.float32(0.5)
ONE_AND_A_HALF = np.float32(1.5)
TWO = np.float32(2.0)
TWO_AND_A_HALF = np.float32(2.5)
ONE = np.uint64(1)
TWO_FRAMES = np.uint64(2)
FIXED = 4294967296.0  # positions with 32 bits behind the point
SHIFT = np.uint64(32)
NEXT_SHIFT = np.uint64(8)
FRACTION = np.uint64(0xFFFFFF)
FRACTION_UNIT = np.float32(2.0**-24)


@kernel
def attenuation(distance: float, reference: float, radius: float) -> float:
    """Return how much of a voice is heard at a distance: 1 up to `reference`, 0 from `radius` on.

    In between inverse distance, as in OpenAL 1.1 section 3.4.2, lowered so that it ends at 0 instead of going
    on for ever at a murmur.
    """
    if distance <= reference:
        return 1.0
    if distance >= radius:
        return 0.0
    end = reference / radius
    return (reference / distance - end) / (1.0 - end)


@kernel
def approach(now: float, target: float, frames: int) -> float:
    """Return a gain so many frames later: at most a full scale in RAMP_FRAMES, more only above volume 1."""
    most = frames / RAMP_FRAMES * max(1.0, now)
    if abs(target - now) <= most + TINY:
        return target
    return now + most if target > now else now - most


@kernel
def target_gains(settings: Array, voice: Array, words: Array) -> tuple[float, float]:
    """Return the gains of both ears that a voice should have, its fade apart.

    Pan has equal power (left² + right² is the same wherever it stands); a sound of two channels is balanced,
    as in the W3C Web Audio API's StereoPannerNode it keeps both at full volume in the middle.
    """
    volume = voice[VoiceValue.VOLUME]
    if words[VoiceWord.BUS] != Bus.MASTER:
        volume *= settings[words[VoiceWord.BUS]]
    pan = 0.0
    if words[VoiceWord.PLACED] != 0:
        dx = voice[VoiceValue.X] - settings[Setting.X]
        dy = voice[VoiceValue.Y] - settings[Setting.Y]
        distance = math.sqrt(dx * dx + dy * dy)
        reference = min(settings[Setting.REFERENCE], voice[VoiceValue.RADIUS])
        volume *= attenuation(distance, reference, voice[VoiceValue.RADIUS])
        pan = WIDEST_PAN * dx / max(distance, reference)
    if words[VoiceWord.CHANNELS] == 1:
        return volume * math.sqrt(0.5 - 0.5 * pan), volume * math.sqrt(0.5 + 0.5 * pan)
    return volume * math.sqrt(min(1.0, 1.0 - pan)), volume * math.sqrt(min(1.0, 1.0 + pan))


@kernel
def cubic(before: Any, here: Any, after: Any, beyond: Any, part: Any) -> Any:
    """Return the value a part of the way from `here` to `after` on the Catmull-Rom spline (1974)."""
    slope = HALF * (after - before)
    bend = before - TWO_AND_A_HALF * here + TWO * after - HALF * beyond
    twist = HALF * (beyond - before) + ONE_AND_A_HALF * (here - after)
    return ((twist * part + bend) * part + slope) * part + here


@kernel
def sample_at(sound: Array, frame: int, loops: bool) -> Any:
    """Return one sample of a sound; outside it silence, or the other end of a loop."""
    if loops:
        frame %= sound.size
    elif frame < 0 or frame >= sound.size:
        return np.float32(0.0)
    return sound[frame]


@kernel
def resample(sound: Array, position: float, pitch: float, out: Array) -> None:
    """Fill `out` with a sound from a position on; all that the spline reaches for lies inside the sound."""
    at = np.uint64(position * FIXED)
    step = np.uint64(pitch * FIXED)
    for i in range(out.size):
        here = at >> SHIFT
        part = np.float32(np.int32((at >> NEXT_SHIFT) & FRACTION)) * FRACTION_UNIT
        out[i] = cubic(sound[here - ONE], sound[here], sound[here + ONE], sound[here + TWO_FRAMES], part)
        at += step


@kernel
def read_sound(sound: Array, position: float, pitch: float, loops: bool, out: Array) -> None:
    """Fill `out` with one channel of a sound from a position in it, at a pitch, around the seam of a loop."""
    frames = sound.size
    done = 0
    while done < out.size:
        at = position + done * pitch
        if loops:
            at -= frames * math.floor(at / frames)
        frame = int(at)
        count = 1
        if pitch == 1.0 and at == frame and frame < frames:
            count = min(out.size - done, frames - frame)
            for i in range(count):
                out[done + i] = sound[frame + i]
        elif frame >= 1 and frame + 2 < frames:
            count = min(out.size - done, max(1, int((frames - 2 - at) / pitch)))
            resample(sound, at, pitch, out[done : done + count])
        else:
            out[done] = cubic(
                sample_at(sound, frame - 1, loops),
                sample_at(sound, frame, loops),
                sample_at(sound, frame + 1, loops),
                sample_at(sound, frame + 2, loops),
                np.float32(at - frame),
            )
        done += count


@kernel
def add(source: Array, gain: float, end_gain: float, out: Array) -> None:
    """Add a stretch of sound to one ear, its gain going in a line from `gain` towards `end_gain`."""
    begin = np.float32(gain)
    if gain == end_gain:
        if gain != 0.0:
            for i in range(out.size):
                out[i] += source[i] * begin
        return
    step = np.float32((end_gain - gain) / out.size)
    for i in range(out.size):
        out[i] += source[i] * (begin + np.float32(i) * step)


@kernel
def add_voice(samples: Array, voice: Array, words: Array, settings: Array, buffers: Array) -> None:
    """Add a voice to `buffers` [left, right, scratch, scratch] and move it on; it may become free."""
    frames, loops = words[VoiceWord.FRAMES], words[VoiceWord.LOOPS] != 0
    start, channels, pitch = words[VoiceWord.START], words[VoiceWord.CHANNELS], voice[VoiceValue.PITCH]
    target_left, target_right = target_gains(settings, voice, words)
    total = buffers.shape[1]
    done = 0
    words[VoiceWord.HEARD] = 1
    while done < total and words[VoiceWord.STATE] != State.FREE:
        count = total - done
        fade = voice[VoiceValue.FADE]
        left, right = voice[VoiceValue.LEFT], voice[VoiceValue.RIGHT]
        if voice[VoiceValue.FADE_STEP] != 0.0 or left != fade * target_left or right != fade * target_right:
            count = min(count, STRETCH)
            move_fade(voice, count)
            fade = voice[VoiceValue.FADE]
        if not loops:
            count = min(count, math.ceil((frames - voice[VoiceValue.POSITION]) / pitch))
        end_left, end_right = (
            approach(left, fade * target_left, count),
            approach(right, fade * target_right, count),
        )
        if left != 0.0 or right != 0.0 or end_left != 0.0 or end_right != 0.0:
            for channel in range(channels):
                sound = samples[start + channel * frames : start + (channel + 1) * frames]
                read_sound(sound, voice[VoiceValue.POSITION], pitch, loops, buffers[2 + channel, :count])
            add(buffers[2, :count], left, end_left, buffers[0, done : done + count])
            add(buffers[1 + channels, :count], right, end_right, buffers[1, done : done + count])
        voice[VoiceValue.LEFT], voice[VoiceValue.RIGHT] = end_left, end_right
        voice[VoiceValue.POSITION] += count * pitch
        if loops:
            voice[VoiceValue.POSITION] = float_remainder(voice[VoiceValue.POSITION], frames * 1.0)
        elif voice[VoiceValue.POSITION] >= frames:
            words[VoiceWord.STATE] = State.FREE
        if words[VoiceWord.STATE] == State.ENDING and fade == 0.0 and end_left == 0.0 and end_right == 0.0:
            words[VoiceWord.STATE] = State.FREE
        done += count


@kernel
def move_fade(voice: Array, frames: int) -> None:
    """Let the fade of a voice go on for so many frames."""
    fade = voice[VoiceValue.FADE] + frames * voice[VoiceValue.FADE_STEP]
    if fade <= 0.0 or fade >= 1.0:
        voice[VoiceValue.FADE_STEP] = 0.0
    voice[VoiceValue.FADE] = min(max(fade, 0.0), 1.0)


@kernel
def limit(value: Any) -> Any:
    """Return a sample that is never beyond 1: as it is up to KNEE, then ever flatter towards 1.

    The curve is u / (1 + u), whose slope is 1 at the knee: nothing jumps, nothing wraps.
    """
    size = abs(value)
    if size <= KNEE:
        return value
    over = (size - KNEE) * OVER_KNEE
    size = min(KNEE + REST * (over / (F_ONE + over)), F_ONE)
    return size if value > F_ZERO else -size


@entry("int64(float32[::1], float64[:, ::1], int64[:, ::1], float64[::1], float32[:, ::1], float32[:, ::1])")
def mix(samples: Array, values: Array, words: Array, settings: Array, buffers: Array, out: Array) -> int:
    """Write the next frames of the stream; return how many voices go on.

    Args:
        samples: the pool. values, words: the voices. settings: by Setting.
        buffers: [4, frames] for work. out: [frames, 2], every sample from -1 to 1.
    """
    frames = out.shape[0]
    for i in range(frames):
        buffers[0, i] = F_ZERO
        buffers[1, i] = F_ZERO
    playing = 0
    for v in range(words.shape[0]):
        if words[v, VoiceWord.STATE] != State.FREE:
            add_voice(samples, values[v], words[v], settings, buffers)
            playing += words[v, VoiceWord.STATE] != State.FREE
    done = 0
    while done < frames:
        gain, master = settings[Setting.MASTER_NOW], settings[Setting.MASTER]
        count = frames - done if gain == master else min(STRETCH, frames - done)
        end = approach(gain, master, count)
        step = np.float32((end - gain) / count)
        for i in range(done, done + count):
            now = np.float32(gain) + np.float32(i - done) * step
            out[i, 0] = limit(buffers[0, i] * now)
            out[i, 1] = limit(buffers[1, i] * now)
        settings[Setting.MASTER_NOW] = end
        done += count
    return playing


@entry("int64(float64[:, ::1], int64[:, ::1], float64[::1], int64, int64)")
def admit(values: Array, words: Array, settings: Array, new: int, limit: int) -> int:
    """Let a voice that was just written begin; of more than `limit`, the least important ends.

    That is the one of the lowest priority, of those the quietest, of those the oldest. One that was not heard
    yet ends at once, another in RAMP_FRAMES. Returns whether the new one plays.
    """
    left, right = target_gains(settings, values[new], words[new])
    # No ramp: a sound brings its own beginning along.
    values[new, VoiceValue.LEFT] = left * values[new, VoiceValue.FADE]
    values[new, VoiceValue.RIGHT] = right * values[new, VoiceValue.FADE]
    playing, least, least_gain = 0, new, max(left, right)
    for v in range(words.shape[0]):
        if words[v, VoiceWord.STATE] != State.PLAYING:
            continue
        playing += 1
        left, right = target_gains(settings, values[v], words[v])
        gain = max(left, right)
        priority, least_priority = words[v, VoiceWord.PRIORITY], words[least, VoiceWord.PRIORITY]
        older = gain == least_gain and words[v, VoiceWord.BORN] < words[least, VoiceWord.BORN]
        if priority < least_priority or (priority == least_priority and (gain < least_gain or older)):
            least, least_gain = v, gain
    if playing > limit:
        end_voice(values[least], words[least], 0.0)
    return words[new, VoiceWord.STATE] == State.PLAYING


@kernel
def end_voice(voice: Array, words: Array, seconds: float) -> None:
    """Let a voice fade out and be free then."""
    words[VoiceWord.STATE] = State.ENDING
    if words[VoiceWord.HEARD] == 0:
        words[VoiceWord.STATE] = State.FREE
    elif seconds > 0.0:
        voice[VoiceValue.FADE_STEP] = -1.0 / (seconds * RATE)
    else:
        voice[VoiceValue.FADE], voice[VoiceValue.FADE_STEP] = 0.0, 0.0


@entry("int64(float64[:, ::1], int64[:, ::1], int64, int64, float64)")
def end_voices(values: Array, words: Array, column: int, key: int, seconds: float) -> int:
    """End every voice whose `column` (of VoiceWord) holds a key; return how many."""
    found = 0
    for v in range(words.shape[0]):
        if words[v, VoiceWord.STATE] == State.PLAYING and words[v, column] == key:
            end_voice(values[v], words[v], seconds)
            found += 1
    return found
