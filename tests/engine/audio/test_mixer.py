"""What a mixer does with more than it can play, and that nothing of it clicks."""

import threading

import numpy as np
import pytest

from engine.audio.layout import RATE, Bus
from engine.audio.mixer import Voice

pytestmark = pytest.mark.integration

STEADY = np.full(RATE, 0.5)  # what makes every jump of a gain visible


def jump(*streams):
    """The largest step between two frames."""
    return float(np.abs(np.diff(np.concatenate(streams), axis=0)).max())


def test_as_many_voices_as_the_scene_allows(sounds):
    mixer = sounds.mixer([STEADY], voices=(8,))
    assert all(mixer.play(Voice(sound=0, handle=n, volume=0.1, loops=True)) for n in range(20))
    assert mixer.playing == 8
    assert [mixer.stop(n) for n in range(20)] == [0] * 12 + [1] * 8, "the oldest gave way"


def test_lower_priorities_give_way_first_then_the_quiet(sounds):
    mixer = sounds.mixer([STEADY], voices=(3,))
    mixer.play(Voice(sound=0, handle=1, priority=1, volume=0.1))
    mixer.play(Voice(sound=0, handle=2, priority=0, volume=0.9))
    mixer.play(Voice(sound=0, handle=3, priority=0, volume=0.2))
    assert not mixer.play(Voice(sound=0, handle=4, priority=-1)), "less important than all"
    assert not mixer.play(Voice(sound=0, handle=5, volume=0.1)), "quieter than all of its priority"
    assert mixer.play(Voice(sound=0, handle=6, volume=0.5))
    assert [mixer.stop(n) for n in range(1, 7)] == [1, 1, 0, 0, 0, 1]


def test_no_party_takes_a_voice_of_another(sounds):
    mixer = sounds.mixer([STEADY], voices=(2, 1, 0))
    for n in range(2):
        assert mixer.play(Voice(sound=0, handle=n, volume=0.1, loops=True))
    mixer.render(800)
    for n in range(10, 40):
        assert mixer.play(Voice(sound=0, handle=n, volume=8.0, priority=9, loops=True, party=1))
        mixer.render(1)
    assert not mixer.play(Voice(sound=0, handle=50, priority=9, party=2)), "it has none"
    assert mixer.playing == 3
    assert [mixer.stop(n, 1000.0) for n in (0, 1, 38, 39)] == [1, 1, 0, 1]
    for n in range(60, 90):  # those that fade out of the others keep their rows as well
        mixer.play(Voice(sound=0, handle=n, volume=8.0, loops=True, party=1))
        mixer.stop(n, 1000.0)
    mixer.render(800)
    assert [mixer.move(n, (0.0, 0.0), 1.0, 1.0) for n in (0, 1)] == [True, True]


def test_giving_way_does_not_click(sounds):
    mixer = sounds.mixer([STEADY], voices=(4,))
    for n in range(4):
        mixer.play(Voice(sound=0, handle=n, volume=0.2, loops=True, fade=0.01))
    begin = mixer.render(2400)
    for n in range(4):
        mixer.play(Voice(sound=0, handle=10 + n, volume=0.2, loops=True, fade=0.01))
    end = mixer.render(2400)
    assert mixer.playing == 4
    assert jump(begin, end) < 0.01


def test_stopping_fading_and_volumes_do_not_click(sounds):
    mixer = sounds.mixer([STEADY, STEADY])
    mixer.play(Voice(sound=0, handle=1, loops=True, fade=0.1))
    mixer.play(Voice(sound=1, handle=2, loops=True, volume=0.3, bus=Bus.MUSIC, fade=0.1))
    stream = [mixer.render(4800)]
    mixer.set_volume(Bus.MUSIC, 0.0)
    stream.append(mixer.render(960))
    mixer.set_volume(Bus.MASTER, 0.5)
    stream.append(mixer.render(960))
    mixer.paused = True
    stream.append(mixer.render(960))
    assert not stream[-1][240:].any()
    mixer.paused = False
    stream.append(mixer.render(960))
    assert mixer.stop(1) == 1
    stream.append(mixer.render(960))
    assert not stream[-1][480:].any()
    assert mixer.playing == 1
    assert jump(*stream) < 0.01


def test_a_paused_mixer_goes_on_where_it_was(sounds):
    ramp = np.linspace(0.0, 0.5, RATE)
    mixer = sounds.mixer([ramp])
    mixer.play(Voice(sound=0, handle=1))
    before = mixer.render(800)
    mixer.paused = True
    for _ in range(20):
        mixer.render(800)
    mixer.paused = False
    after = mixer.render(800)
    assert after[-1, 0] - before[-1, 0] == pytest.approx(2 * (before[-1, 0] - before[0, 0]), rel=0.01)


def test_a_fade_takes_its_time(sounds):
    mixer = sounds.mixer([STEADY])
    mixer.play(Voice(sound=0, handle=1, loops=True, fade=0.5))
    stream = mixer.render(RATE)[:, 0] / (0.5 * np.sqrt(0.5))
    assert stream[[0, RATE // 4, RATE // 2 + 300, RATE - 1]] == pytest.approx([0, 0.5, 1, 1], abs=0.01)
    mixer.stop(1, 0.25)
    stream = mixer.render(RATE)[:, 0] / (0.5 * np.sqrt(0.5))
    assert stream[[0, RATE // 8, RATE // 4 + 300]] == pytest.approx([1, 0.5, 0], abs=0.01)
    assert mixer.playing == 0


def test_thousands_asked_for_between_two_looks(sounds):
    mixer = sounds.mixer([STEADY], voices=(4,))
    for n in range(1000):
        mixer.play(Voice(sound=0, handle=n))
        if n % 7 == 0:
            mixer.render(16)
    assert mixer.playing == 4
    assert np.isfinite(mixer.render(800)).all()


def test_sounds_are_swapped_while_they_play(sounds):
    mixer = sounds.mixer([STEADY, STEADY])
    mixer.play(Voice(sound=0, handle=1, loops=True))
    mixer.play(Voice(sound=1, handle=2, loops=True, volume=0.0))
    mixer.play(Voice(sound=0, handle=3, start=0.9))
    mixer.render(800)
    bank = mixer._bank
    sounds.write("000.wav", np.full(100, 0.25), subtype="FLOAT")
    assert bank.reload(0) is None
    mixer.take_sounds()
    assert mixer.playing == 2, "the one that was beyond the new end is over"
    mixer.render(800)
    assert mixer.render(800)[-1, 0] == pytest.approx(0.25 * np.sqrt(0.5), rel=1e-3)


def test_one_thread_asks_while_another_listens(sounds):
    mixer = sounds.mixer([STEADY, STEADY], voices=(16,))
    wrong = []
    over = threading.Event()

    def listen():
        while not over.is_set():
            stream = mixer.render(512)
            if not np.isfinite(stream).all() or np.abs(stream).max() > 1.0:
                wrong.append(stream)

    listener = threading.Thread(target=listen)
    listener.start()
    for n in range(3000):
        mixer.play(Voice(sound=n % 2, handle=n, loops=True, pitch=1.0 + n % 5, place=(n % 50, 0.0)))
        mixer.move(n - 3, (1.0, 2.0), 0.5, 2.0)
        mixer.stop(n - 10, 0.01)
    over.set()
    listener.join()
    assert wrong == []
    assert mixer.playing <= 16
