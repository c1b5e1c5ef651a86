"""The kernel against a plain reference, and what holds for whatever it is given."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.audio.layout import RAMP_FRAMES, Setting, State, VoiceValue, VoiceWord
from engine.audio.mix import KNEE, WIDEST_PAN, mix

pytestmark = pytest.mark.unit

FRAMES = 800
GENERATOR = np.random.default_rng(5)
SOUND = (GENERATOR.standard_normal((2, 5000)) * 0.2).astype(np.float32)


def desk(voices, **levels):
    """Tables of voices given as dicts of columns by lower-case name, and the settings."""
    values = np.zeros((len(voices), len(VoiceValue)))
    words = np.zeros((len(voices), len(VoiceWord)), np.int64)
    usual = {"state": State.PLAYING, "frames": 5000, "channels": 1, "bus": 2, "pitch": 1.0, "volume": 1.0}
    usual |= {"fade": 1.0, "radius": 30.0}
    for row, voice in enumerate(voices):
        for name, value in (usual | voice).items():
            if name.upper() in VoiceWord.__members__:
                words[row, VoiceWord[name.upper()]] = value
            else:
                values[row, VoiceValue[name.upper()]] = value
    found = np.zeros(len(Setting))
    found[[Setting.MASTER, Setting.MUSIC, Setting.EFFECTS, Setting.MASTER_NOW]] = 1.0
    found[Setting.REFERENCE] = 4.0
    for name, value in levels.items():
        found[Setting[name.upper()]] = value
    return values, words, found


def play(tables, frames=FRAMES, samples=None):
    out = np.zeros((frames, 2), np.float32)
    pool = SOUND.ravel() if samples is None else samples
    playing = mix(pool, *tables, np.zeros((4, frames), np.float32), out)
    return out, playing


def settled(voice, gains, tables):
    """Let a voice's gains have been reached before the first frame."""
    tables[0][voice, [VoiceValue.LEFT, VoiceValue.RIGHT]] = gains
    return tables


def spline(sound, at, loops):
    """Catmull-Rom at positions `at`, as written in textbooks."""
    frame = np.floor(at).astype(int)
    part = at - frame

    def value(n):
        if loops:
            return sound[n % len(sound)].astype(float)
        return np.where((n >= 0) & (n < len(sound)), sound[np.clip(n, 0, len(sound) - 1)], 0.0)

    p0, p1, p2, p3 = (value(frame + k) for k in (-1, 0, 1, 2))
    return 0.5 * (
        2 * p1
        + (p2 - p0) * part
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * part**2
        + (3 * (p1 - p2) + p3 - p0) * part**3
    )


def limited(x):
    over = (np.abs(x) - KNEE) / (1 - KNEE)
    return np.where(np.abs(x) <= KNEE, x, np.sign(x) * (KNEE + (1 - KNEE) * over / (1 + np.maximum(over, 0))))


@pytest.mark.parametrize("pitch", [1.0, 0.5, 0.93, 1.7, 3.0])
@pytest.mark.parametrize("position", [0.0, 0.25, 4600.0])
@pytest.mark.parametrize("loops", [0, 1])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_voice_is_its_sound_on_a_spline(pitch, position, loops, channels):
    gain = math.sqrt(0.5) if channels == 1 else 1.0
    voice = {"pitch": pitch, "position": position, "loops": loops, "channels": channels}
    tables = settled(0, gain, desk([voice]))
    out, playing = play(tables)
    at = position + pitch * np.arange(FRAMES)
    ends = 5000 if loops == 0 else np.inf
    for ear in range(2):
        sound = SOUND[min(ear, channels - 1)]
        expected = np.where(at < ends, spline(sound, at, loops), 0.0) * gain
        assert np.abs(out[:, ear] - limited(expected)).max() < 2e-5
    assert playing == (at[-1] + pitch < ends)
    if loops:
        assert tables[0][0, VoiceValue.POSITION] == pytest.approx((position + FRAMES * pitch) % 5000)


def test_voices_add_up_and_the_limiter_bends_only_what_is_loud():
    voices = [{"position": 40.0 * n, "volume": 1.5} for n in range(8)]
    tables = desk(voices)
    tables[0][:, [VoiceValue.LEFT, VoiceValue.RIGHT]] = 1.5 * math.sqrt(0.5)
    out, playing = play(tables)
    total = sum(1.5 * math.sqrt(0.5) * SOUND[0, 40 * n : 40 * n + FRAMES] for n in range(8))
    assert playing == 8
    assert np.abs(out[:, 0] - limited(total)).max() < 1e-5
    assert np.abs(total).max() > 1.0 > np.abs(out).max() > KNEE


PLACES = [(0.0, 0.0), (3.0, 0.0), (6.0, 8.0), (-12.0, 5.0), (29.9, 0.0), (50.0, 0.0)]


@pytest.mark.parametrize("place", PLACES)
def test_place_makes_attenuation_and_pan(place):
    distance = math.hypot(*place)
    tables = desk([{"x": 100.0 + place[0], "y": place[1], "placed": 1}], x=100.0)
    loud = np.ones(5000, np.float32) * np.float32(0.5)
    play(tables, samples=loud)  # gains are reached
    out, _ = play(tables, samples=loud)
    left, right = out[-1] / 0.5
    heard = 1.0 if distance <= 4.0 else max(0.0, (4.0 / distance - 4.0 / 30.0) / (1.0 - 4.0 / 30.0))
    assert left**2 + right**2 == pytest.approx(heard**2, abs=1e-6)
    if heard:
        pan = WIDEST_PAN * place[0] / max(distance, 4.0)
        assert right**2 - left**2 == pytest.approx(pan * heard**2, abs=1e-6)


def test_a_gain_takes_five_milliseconds_and_never_jumps():
    constant = np.full(5000, 0.5, np.float32)
    tables = settled(0, 0.0, desk([{"channels": 2, "frames": 2500, "loops": 1}]))
    out, _ = play(tables, samples=constant)
    steps = np.abs(np.diff(out[:, 0], prepend=np.float32(0.0)))
    assert steps.max() <= 0.5 / RAMP_FRAMES * 1.01
    assert out[RAMP_FRAMES, 0] == pytest.approx(0.5, abs=1e-3)
    tables[2][Setting.MASTER] = 0.0
    out, _ = play(tables, samples=constant)
    assert np.abs(np.diff(out[:, 0])).max() <= 0.5 / RAMP_FRAMES * 1.01
    assert not out[RAMP_FRAMES:].any()


def test_equal_calls_make_equal_bits():
    voices = [{"pitch": 1 + n / 9, "position": 7.0 * n, "loops": 1, "channels": 1 + n % 2} for n in range(9)]
    first, again = desk(voices), desk(voices)
    for _ in range(5):
        assert play(first)[0].tobytes() == play(again)[0].tobytes()


numbers = {
    "pitch": st.floats(0.05, 16.0),
    "volume": st.floats(0.0, 8.0),
    "position": st.floats(0.0, 4999.0),
    "loops": st.integers(0, 1),
    "channels": st.integers(1, 2),
    "placed": st.integers(0, 1),
    "x": st.floats(-1e9, 1e9),
    "y": st.floats(-1e9, 1e9),
    "radius": st.floats(1e-9, 1e9),
    "fade": st.floats(0.0, 1.0),
    "fade_step": st.floats(-1.0, 1.0),
    "bus": st.integers(0, 2),
    "state": st.sampled_from([State.PLAYING, State.ENDING]),
    "left": st.floats(0.0, 8.0),
}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.fixed_dictionaries(numbers), min_size=1, max_size=6),
    st.integers(1, 2000),
    st.floats(0.0, 8.0),
    st.floats(1e-9, 1e9),
)
def test_the_stream_is_never_beyond_one(voices, frames, master, reference):
    tables = desk(voices, master=master, reference=reference)
    for _ in range(3):
        out, playing = play(tables, frames, samples=SOUND.ravel() * np.float32(8.0))
        assert np.isfinite(out).all()
        assert np.abs(out).max() <= 1.0
        assert 0 <= playing <= len(voices)
    looping = tables[1][:, VoiceWord.LOOPS] == 1
    positions = tables[0][looping, VoiceValue.POSITION]
    assert ((positions >= 0.0) & (positions < 5000)).all()


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
@pytest.mark.parametrize("pitch", [0.3, 1.0, 2.5, 16.0])
@pytest.mark.parametrize("loops", [0, 1])
def test_the_shortest_sounds(frames, pitch, loops):
    sound = np.ones(frames, np.float32) * np.float32(0.25)
    tables = settled(0, 1.0, desk([{"channels": 1, "frames": frames, "pitch": pitch, "loops": loops}]))
    out, playing = play(tables, samples=sound)
    assert playing == loops
    assert np.isfinite(out).all()
    if loops:
        assert out[400:, 0] == pytest.approx(0.25 * math.sqrt(0.5), abs=1e-5)
