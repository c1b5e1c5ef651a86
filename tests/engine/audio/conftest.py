"""Sounds made of numbers, and mixers that play them."""

import numpy as np
import pytest
import soundfile

from engine.audio.bank import SoundBank
from engine.audio.layout import RATE
from engine.audio.mixer import Mixer, MixerSettings


def tone(seconds=0.5, hertz=440.0, size=0.5, rate=RATE):
    """A sine."""
    return size * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


class Sounds:
    """A folder of sounds below a scene's folder."""

    def __init__(self, root):
        self.root = root
        self.folder = root / "sounds"
        self.folder.mkdir()

    def write(self, name, samples, rate=RATE, **options):
        """Write a file of [frames] or [frames, channels] samples from -1 to 1; returns its path."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(file, samples, rate, **options)
        return file

    def bank(self):
        return SoundBank(self.root, ("sounds",))

    def mixer(self, samples, **settings):
        """A mixer whose bank has these samples, exactly, as sounds 0, 1, …"""
        for number, one in enumerate(samples):
            self.write(f"{number:03}.wav", one, subtype="FLOAT")
        bank = self.bank()
        assert bank.load() == []
        return Mixer(bank, MixerSettings(**settings))


@pytest.fixture
def sounds(tmp_path):
    return Sounds(tmp_path)
