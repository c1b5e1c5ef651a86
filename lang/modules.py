"""Where the files that scripts import come from: a host gives a resolver; by default there is none."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from lang.errors import LangError
from lang.source import Source

EXTENSION = ".rhai"
LARGEST_FILE = 1024 * 1024
"""Bytes of a file that may be imported."""
MOST_PARTS = 32
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]*")


class ImportRefused(LangError):
    """A resolver does not give a file away; the message says why, in one sentence."""


class Resolver(Protocol):
    """Finds what an ``import`` names."""

    def resolve(self, path: str, _importer: Source, /) -> Source | None:
        """Return the file of a path, or None if there is none.

        Two paths mean the same file exactly if the names of their sources are equal.

        Args:
            path: as it stands in the script. _importer: the file that imports.
        Raises:
            ImportRefused: the script may not import that.
        """


class MappingResolver:
    """Gives texts that the host holds, by their paths."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Make one; ``texts`` are scripts by the paths that import them."""
        self._texts = texts

    def resolve(self, path: str, _importer: Source) -> Source | None:
        """Return the text of a path."""
        text = self._texts.get(path)
        return None if text is None else Source(text, path)


class FolderResolver:
    """Gives the ``.rhai`` files of one folder and the folders in it, and nothing else.

    A path is looked for beside the file that imports, then in the folder itself. Its parts are separated
    by ``/``, the extension may be left out. What could mean something else on another system (drive
    letters, backslashes, streams) is refused on every one, and so is whatever leads out of the folder:
    ``..``, absolute paths, symbolic links.
    """

    def __init__(self, folder: Path | str, start: str = "") -> None:
        """Make one for a folder, which need not be there yet.

        Args:
            start: path inside the folder of the folder that a script is in whose name does not tell it.
        """
        self._folder = folder
        self._start = start

    def resolve(self, path: str, importer: Source) -> Source | None:
        """Return the file of a path."""
        for name in self.candidates(path, importer.name):
            found = self._read(name, path)
            if found is not None:
                return found
        return None

    def candidates(self, path: str, importer: str) -> tuple[str, ...]:
        """Return the names of the files that a path may mean in a file of a name, the first choice first.

        Raises:
            ImportRefused: it may mean none.
        """
        parts = path.split("/")
        if not _is_plain(parts):
            raise ImportRefused(f"'{path}' is no path inside the folder of the scripts")
        if not path.endswith(EXTENSION):
            parts[-1] += EXTENSION
        beside = importer.split("/")[:-1]
        if not (beside and _is_plain(beside)):
            beside = [part for part in self._start.split("/") if part]
        return tuple("/".join([*folder, *parts]) for folder in dict.fromkeys((tuple(beside), ())))

    def decode(self, name: str, data: bytes) -> str:
        """Return the text of the bytes of a file; a host may refuse some.

        Raises:
            ImportRefused: it is not to be imported.
        """
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise ImportRefused(f"'{name}' is not UTF-8") from None

    def _read(self, name: str, path: str) -> Source | None:
        root = Path(os.path.realpath(self._folder))
        file = Path(os.path.realpath(root / name))
        if not file.is_relative_to(root):
            raise ImportRefused(f"'{path}' leads out of the folder of the scripts")
        data = _bytes_of(file, path)
        if data is None:
            return None
        real_name = file.relative_to(root).as_posix()
        return Source(self.decode(real_name, data), real_name)


def _is_plain(parts: list[str]) -> bool:
    """Return whether the parts of a path are names of files and folders everywhere."""
    return len(parts) <= MOST_PARTS and all(
        _PART.fullmatch(part) is not None and not part.endswith((".", " ")) for part in parts
    )


def _bytes_of(file: Path, path: str) -> bytes | None:
    """Return the content of a regular file; None if there is none.

    Raises:
        ImportRefused: it is too large.
    """
    try:
        number = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe must not make it wait
        with os.fdopen(number, "rb") as stream:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                return None
            data = stream.read(LARGEST_FILE + 1)
    except OSError:
        return None
    if len(data) > LARGEST_FILE:
        raise ImportRefused(f"'{path}' is larger than {LARGEST_FILE} bytes")
    return data
