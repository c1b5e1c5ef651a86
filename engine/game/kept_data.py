"""Values that outlive a game (`save_data`): kept in a file of the user, one a game, and no part of a save.

A session reads the file once, before any script runs, and only writes from then on: what scripts find there
is part of the input of a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from engine.errors import SaveError
from engine.saves.container import Array, FileFormat, pack, read_file, unpack, write_file
from engine.scripting.global_values import MOST_SAVED, Contents, Kept
from lang.errors import SnapshotError
from lang.snapshot import check_parcel

DataFile = Callable[[str], Path]
KEPT = FileFormat(b"astraweave-data\x1a", 1, "file of saved data")
"""Of its own: a player keeps what he has when the format of saves changes."""
LARGEST_FILE = 4 * 8 * MOST_SAVED
UNREADABLE = ".unreadable"
"""Ends the name under which a file stays that could not be read."""


def user_data_file(game: str) -> Path:
    """Return the file of a game of this name in the user's folder of data."""
    import platformdirs

    name = re.sub(r"[^a-z0-9]+", "-", game.lower()).strip("-") or "game"
    return Path(platformdirs.user_data_dir("astraweave", appauthor=False)) / "data" / f"{name}.data"


class KeptData:
    """The file of one game; without one nothing is kept."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._kept: bytes | None = None
        self._fault = ""
        self._is_unreadable = False

    def take_fault(self) -> str:
        """Return why the file cannot be used or written, or ""; it is told once."""
        fault, self._fault = self._fault, ""
        return fault

    def read(self) -> Contents:
        """Return names and values; a file that is missing is empty, and so is one that is damaged.

        That one gets another name before it would be written over.
        """
        if self._file is None or not self._file.exists():
            return []
        try:
            data = _bytes_of(self._file)
            contents = contents_from(unpack(data, KEPT))
        except (SaveError, OSError) as error:
            reason = error.reason if isinstance(error, SaveError) else str(error)
            self._fault = f"the saved data in {self._file} cannot be used: {reason}; the game begins without"
            self._is_unreadable = True
            return []
        self._kept = data
        return contents

    def write(self, contents: Contents) -> None:
        """Keep names and values, whole or not at all, if they differ from those that are kept."""
        if self._file is None or (self._kept is None and not contents):
            return
        data = pack(sections_of(contents), KEPT)
        if data == self._kept:
            return
        self._kept = data
        try:
            if self._is_unreadable:
                self._file.replace(self._file.with_name(f"{self._file.name}{UNREADABLE}"))
                self._is_unreadable = False
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_file(self._file, data)
        except (SaveError, OSError) as error:
            reason = error.reason if isinstance(error, SaveError) else str(error)
            self._fault = f"the saved data cannot be kept in {self._file}: {reason}"


def _bytes_of(file: Path) -> bytes:
    if file.stat().st_size > LARGEST_FILE:
        raise SaveError("it is too large")
    return read_file(file)


def sections_of(contents: Contents) -> dict[str, Array]:
    """Return names and values as sections of a file."""
    names = msgspec.json.encode([one.name for one in contents])
    owners = msgspec.json.encode([one.owner for one in contents])
    return {
        "data.names": np.frombuffer(names, np.uint8),
        "data.owners": np.frombuffer(owners, np.uint8),
        "data.sizes": np.array([one.parcel.size for one in contents], np.int64),
        "data.words": np.concatenate([np.zeros(0, np.int64), *(one.parcel for one in contents)]),
    }


def contents_from(sections: dict[str, Array]) -> Contents:
    """Return what sections hold; every parcel is checked, since kernels unpack it.

    Raises:
        SaveError: they hold nothing of the kind.
    """
    try:
        names = msgspec.json.decode(sections["data.names"].tobytes(), type=list[str])
        owners = msgspec.json.decode(sections["data.owners"].tobytes(), type=list[str])
        sizes, words = sections["data.sizes"], sections["data.words"]
    except (KeyError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise SaveError("it holds no saved data") from None
    fits = sizes.dtype == np.int64 and words.dtype == np.int64
    fits = fits and len(set(names)) == len(names) == len(owners) == sizes.size
    if not fits or (sizes < 2).any() or (sizes > MOST_SAVED).any() or int(sizes.sum()) != words.size:
        raise SaveError("it does not fit together")
    parcels = [part.astype(np.int64) for part in np.split(words, np.cumsum(sizes)[:-1])] if names else []
    try:
        for parcel in parcels:
            check_parcel(parcel)
    except SnapshotError as error:
        raise SaveError(f"a value is not sound: {error}") from None
    return [Kept(*one) for one in zip(names, parcels, owners, strict=True)]
