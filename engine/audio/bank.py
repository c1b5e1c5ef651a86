"""The sounds of a scene: which names there are, and their samples in one pool.

Names are known at once, files are read only when something is to be heard: a game without a sound device and
without a recording reads none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from engine.audio.layout import F32, I64, SoundWord
from engine.audio.sound_file import SUFFIXES, read_sound
from engine.errors import BadSound, did_you_mean

MOST_SAMPLES = 64_000_000
"""Of all sounds of a scene together: 256 MB, 22 minutes of one channel."""
MOST_FILES = 10_000
OF_MODS = "sounds"


def is_plain_name(name: str) -> bool:
    """Return whether a name stays below the folder that it is looked for in."""
    plain = PurePosixPath(name)
    return str(plain) == name and not plain.is_absolute() and ".." not in plain.parts and "\0" not in name


class SoundBank:
    """The sound files below some folders of a scene and its mods; their numbers stay when files are added.

    Attributes:
        folders: their names below the scene's. files: by number. samples: the pool. table: [sounds, 3] by
        SoundWord.
    """

    def __init__(self, root: Path, folders: Sequence[str], mods: Sequence[Path] = ()) -> None:
        """Take the scene's folder and names of folders in it, and mods with a folder `sounds` each."""
        self.folders = tuple(folders)
        self._places = [(root, root / name) for name in folders] + [(mod, mod / OF_MODS) for mod in mods]
        self.files: list[Path] = []
        self.samples: F32 = np.zeros(1, np.float32)
        self.table: I64 = np.zeros((0, len(SoundWord)), np.int64)
        self._numbers: dict[str, int] = {}
        self._sounds: list[F32 | None] = []
        self.look()

    def look(self) -> None:
        """Take up files that are new in the folders."""
        for root, folder in self._places:
            for file in sorted(folder.rglob("*"))[:MOST_FILES]:
                if file.suffix.lower() not in SUFFIXES or file in self.files:
                    continue
                if file.is_file() and file.resolve().is_relative_to(root.resolve()):
                    self._add(file, file.relative_to(folder).as_posix())
        fresh = np.zeros((len(self.files) - len(self.table), len(SoundWord)), np.int64)
        self.table = np.concatenate([self.table, fresh])

    def _add(self, file: Path, name: str) -> None:
        number = len(self.files)
        self.files.append(file)
        self._sounds.append(None)
        self._numbers.setdefault(name, number)
        self._numbers.setdefault(name[: -len(file.suffix)], number)

    def number(self, name: str) -> int | None:
        """Return the number of a sound: its path below a sound folder, with or without its suffix."""
        return self._numbers.get(name)

    def places(self, name: str) -> list[Path]:
        """Return the files that a name could stand for."""
        if not is_plain_name(name):
            return []
        stems = [name] if name.lower().endswith(SUFFIXES) else [name + suffix for suffix in SUFFIXES]
        return [folder / stem for _, folder in self._places for stem in stems]

    def hint(self, name: str) -> str:
        """Return a hint such as ``; did you mean `coin`?``, or nothing when no name is near."""
        return did_you_mean(name, self._numbers)

    def take_sounds(self, other: SoundBank) -> None:
        """Take what another bank has read of the same files: reading them again would hold up a game."""
        read = dict(zip(other.files, other._sounds, strict=True))
        self._sounds = [
            read.get(file) if sound is None else sound
            for file, sound in zip(self.files, self._sounds, strict=True)
        ]

    def load(self) -> list[BadSound]:
        """Read all files that were not read yet; return what was wrong with some."""
        faults = []
        for number, sound in enumerate(self._sounds):
            if sound is None and (fault := self._read(number)) is not None:
                faults.append(fault)
        self._fill_pool()
        return faults

    def reload(self, number: int) -> BadSound | None:
        """Read a file again; one that is wrong keeps its old sound, and what is wrong is returned."""
        fault = self._read(number)
        self._fill_pool()
        return fault

    def _read(self, number: int) -> BadSound | None:
        others = sum(sound.size for n, sound in enumerate(self._sounds) if sound is not None and n != number)
        try:
            sound = read_sound(self.files[number], MOST_SAMPLES - others)
        except BadSound as fault:
            if self._sounds[number] is None:
                self._sounds[number] = np.zeros((1, 0), np.float32)
            return fault
        self._sounds[number] = sound
        return None

    def _fill_pool(self) -> None:
        table = np.zeros_like(self.table)
        start = 0
        for row, sound in zip(table, self._sounds, strict=True):
            if sound is not None:
                row[SoundWord.START], row[SoundWord.FRAMES] = start, sound.shape[1]
                row[SoundWord.CHANNELS] = sound.shape[0]
                start += sound.size
        flat = [sound.ravel() for sound in self._sounds if sound is not None]
        self.samples = np.concatenate([*flat, np.zeros(1, np.float32)])
        self.table = table
