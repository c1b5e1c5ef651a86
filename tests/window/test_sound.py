"""The sound device: none here, and one made by the test."""

import time

import numpy as np
import pytest

from engine.app.run import WindowOptions, run_window
from engine.app.sound_device import SILENT, SoundDevice
from engine.audio.audio import Audio
from engine.audio.bank import SoundBank
from engine.audio.layout import RATE
from engine.audio.mixer import MixerSettings

pytestmark = pytest.mark.window


def test_without_a_device_the_game_runs_and_says_so_once(game):
    pytest.importorskip("pyglet.media")
    device = SoundDevice(game.audio)
    if not device.is_silent:
        device.close()
        pytest.skip("this machine has a sound device")
    game.warnings.clear()
    run_window(game, WindowOptions(width=100, height=100, vsync=False, max_ticks=3))
    assert game.tick == 3
    assert game.warnings == [SILENT]
    assert not game.audio.is_heard


class FakePlayer:
    def __init__(self):
        self.source = None
        FakePlayer.last = self

    def queue(self, source):
        self.source = source

    def play(self):
        """Play nothing."""

    def delete(self):
        self.source = None


class BrokenPlayer(FakePlayer):
    def play(self):
        raise RuntimeError("unplugged")


class FakeDriver:
    def __init__(self, formats):
        self.sample_formats = formats


@pytest.fixture
def audio(tmp_path):
    warnings = []
    made = Audio(SoundBank(tmp_path, ()), MixerSettings(), {}, warnings.append)
    made.warnings = warnings
    return made


def open_device(monkeypatch, audio, formats=("S16", "F32"), player=FakePlayer):
    monkeypatch.setattr("pyglet.media.get_audio_driver", lambda: FakeDriver(formats))
    monkeypatch.setattr("pyglet.media.Player", player)
    return SoundDevice(audio)


@pytest.mark.parametrize(("formats", "size"), [(("S16", "F32"), 8), (("S16",), 4)])
def test_the_stream_gives_what_is_asked_for(monkeypatch, audio, formats, size):
    device = open_device(monkeypatch, audio, formats)
    assert not device.is_silent
    assert audio.is_heard
    stream = FakePlayer.last.source
    assert stream.audio_format.bytes_per_frame == size
    monkeypatch.setattr(stream.mixer, "render", lambda frames: np.full((frames, 2), 0.5, np.float32))
    data = stream.get_audio_data(100 * size)
    assert data.length == 100 * size
    found = np.frombuffer(data.data, np.float32 if size == 8 else np.int16)
    assert set(found.tolist()) == ({0.5} if size == 8 else {16384})
    device.close()
    assert not audio.is_heard


def test_a_device_goes_over_to_another_game_and_pauses(monkeypatch, audio, tmp_path):
    device = open_device(monkeypatch, audio)
    other = Audio(SoundBank(tmp_path, ()), MixerSettings(), {}, lambda _: None)
    device.follow(other, paused=True)
    assert (audio.is_heard, other.is_heard) == (False, True)
    assert FakePlayer.last.source.mixer.paused
    device.follow(other, paused=False)
    assert not FakePlayer.last.source.mixer.paused
    device.close()
    device.follow(other, paused=False)
    assert not other.is_heard


def test_a_device_that_fails_is_none(monkeypatch, audio):
    device = open_device(monkeypatch, audio, player=BrokenPlayer)
    assert device.is_silent
    assert audio.warnings == [f"{SILENT} (unplugged)"]
    assert not audio.is_heard


def test_pyglet_reads_the_stream_as_fast_as_it_plays_it(monkeypatch, audio):
    from pyglet.media import get_audio_driver

    monkeypatch.setattr("engine.app.sound_device.sound_driver", get_audio_driver)
    device = SoundDevice(audio)
    asked = []
    render = device._stream.mixer.render
    monkeypatch.setattr(device._stream.mixer, "render", lambda n: asked.append(n) or render(n))
    time.sleep(0.5)
    device.close()
    seconds = sum(asked) / RATE
    assert 0.25 < seconds < 0.8
    assert max(asked) <= 0.1 * RATE, "no more ahead than what one hardly notices"
