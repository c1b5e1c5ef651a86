"""Reading files: what they become, and what is said of those that cannot be used."""

import numpy as np
import pytest

from engine.audio import sound_file
from engine.audio.layout import RATE
from engine.audio.resample import resampled
from engine.audio.sound_file import read_sound
from engine.errors import BadSound

pytestmark = pytest.mark.integration

PLENTY = 10_000_000


def sine(hertz, rate, seconds=0.5):
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 32000, 44100, 48000, 96000])
def test_a_tone_is_the_same_tone_at_any_rate(rate):
    for hertz in (100.0, 1000.0, 0.4 * min(rate, RATE)):
        found = resampled(sine(hertz, rate).astype(np.float32), rate)
        assert abs(len(found) - RATE // 2) <= RATE // rate
        expected = sine(hertz, RATE)[: len(found)]
        middle = slice(4000, -4000)  # the ends of the tone are steps, which ring
        assert np.abs(found[middle] - expected[middle]).max() < 2e-3


def test_what_the_new_rate_cannot_hold_is_gone():
    found = resampled(sine(30_000.0, 96_000).astype(np.float32), 96_000)
    assert np.abs(found[4000:-4000]).max() < 1e-4


def test_what_does_not_change_stays():
    found = resampled(np.full(20_000, 0.5, np.float32), 44_100)
    assert np.abs(found[200:-200] - 0.5).max() < 1e-6


@pytest.mark.parametrize("name", ["a.wav", "a.ogg", "b.OGG"])
def test_wav_and_ogg_of_one_and_two_channels(sounds, name):
    form = name[-3:].upper()
    one = 0.5 * sine(500.0, 44_100)
    file = sounds.write(name, np.stack([one, 0.5 * one], 1), 44_100, format=form)
    found = read_sound(file, PLENTY)
    assert found.shape == (2, RATE // 2)
    assert found.dtype == np.float32
    assert np.abs(found[0, 2000:-2000] - 2 * found[1, 2000:-2000]).max() < 0.02
    mono = read_sound(sounds.write(f"mono-{name}", one, 44_100, format=form), PLENTY)
    assert mono.shape == (1, RATE // 2)


def test_bad_files_are_told(sounds, monkeypatch):
    folder = sounds.folder
    (folder / "text.wav").write_text("no sound")
    (folder / "none.ogg").write_bytes(b"")
    (folder / "folder.wav").mkdir()
    sounds.write("six.wav", np.zeros((10, 6)))
    sounds.write("empty.wav", np.zeros(0))
    sounds.write("slow.wav", np.zeros(10), 1000)
    sounds.write("odd.wav", np.array([0.0, np.nan]), subtype="FLOAT")
    whole = sounds.write("cut.ogg", sine(500.0, RATE)).read_bytes()
    (folder / "cut.ogg").write_bytes(whole[:60])
    sounds.write("long.wav", np.zeros(2 * RATE))
    sounds.write("large.wav", np.zeros(RATE))
    monkeypatch.setattr(sound_file, "LONGEST", 1.5)
    reasons = {}
    for file in [*folder.iterdir(), folder / "missing.wav"]:
        if file.name != "large.wav":
            with pytest.raises(BadSound) as caught:
                read_sound(file, PLENTY)
            assert str(caught.value).startswith(f"sound {file}: ")
            reasons[file.name] = caught.value.reason
    for name in ("text.wav", "none.ogg", "cut.ogg"):
        assert reasons.pop(name).startswith("it is no WAV or OGG sound: ")
    assert reasons.pop("folder.wav").startswith("it ")
    assert reasons == {
        "six.wav": "it has 6 channels: one or two are expected",
        "empty.wav": "it holds no sound",
        "slow.wav": "1000 frames a second are not from 4000 to 192000",
        "odd.wav": "it holds values that are no numbers",
        "long.wav": "2 seconds are too long: at most 2",
        "missing.wav": "it cannot be read: No such file or directory",
    }
    monkeypatch.setattr(sound_file, "LARGEST_FILE", 1000)
    with pytest.raises(BadSound, match="0 MB are too large: at most 0 MB"):
        read_sound(folder / "large.wav", PLENTY)
    monkeypatch.setattr(sound_file, "LARGEST_FILE", 10**9)
    with pytest.raises(BadSound, match="too little memory"):
        read_sound(folder / "large.wav", 1000)


class TestBank:
    def test_names_with_and_without_suffix_and_in_folders(self, sounds):
        for name in ("coin.wav", "ui/click.wav", "ui/click.ogg"):
            sounds.write(name, np.zeros(10))
        (sounds.folder / "read.me").write_text("")
        bank = sounds.bank()
        numbers = {name: bank.number(name) for name in ("coin", "coin.wav", "ui/click.wav", "ui/click.ogg")}
        assert numbers == {"coin": 0, "coin.wav": 0, "ui/click.ogg": 1, "ui/click.wav": 2}
        assert bank.number("ui/click") == 1
        assert bank.number("click") is bank.number("read.me") is None
        assert bank.hint("coyn") == "; did you mean `coin`?"

    def test_nothing_is_read_before_it_is_needed_and_a_bad_file_is_left_out(self, sounds):
        sounds.write("a.wav", np.zeros(10))
        (sounds.folder / "b.wav").write_text("no sound")
        sounds.write("c.wav", np.zeros((20, 2)))
        bank = sounds.bank()
        assert bank.table.tolist() == [[0, 0, 0]] * 3
        assert [fault.file.name for fault in bank.load()] == ["b.wav"]
        assert bank.table.tolist() == [[0, 10, 1], [10, 0, 1], [10, 20, 2]]
        assert bank.load() == [], "told once"

    def test_a_saved_file_is_read_again_and_a_broken_one_keeps_its_sound(self, sounds):
        sounds.write("a.wav", np.zeros(10))
        bank = sounds.bank()
        bank.load()
        sounds.write("a.wav", np.zeros(30))
        assert bank.reload(0) is None
        assert bank.table.tolist() == [[0, 30, 1]]
        (sounds.folder / "a.wav").write_text("")
        assert bank.reload(0).file.name == "a.wav"
        assert bank.table.tolist() == [[0, 30, 1]]
        sounds.write("b.wav", np.zeros(5))
        bank.look()
        assert bank.load() == []
        assert bank.number("b") == 1

    def test_links_out_of_the_scene_are_no_sounds(self, sounds, tmp_path_factory):
        outside = tmp_path_factory.mktemp("outside") / "secret.wav"
        outside.write_bytes(sounds.write("a.wav", np.zeros(10)).read_bytes())
        (sounds.folder / "b.wav").symlink_to(outside)
        assert sounds.bank().number("b") is None
