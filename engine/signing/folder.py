"""The files of a mod's folder, read once: what is checked is what is used."""

from __future__ import annotations

import os
from pathlib import Path

from engine.signing.errors import BadModFolder

MOST_FILES = 4096
MOST_BYTES = 256 * 1024 * 1024


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder by its path there, with ``/``, sorted.

    What begins with a dot is no part of a mod. Symbolic links are refused: they lead anywhere.

    Raises:
        BadModFolder: there is a link or something that is no file, it is too much, or cannot be read.
    """
    found: dict[str, bytes] = {}
    room = MOST_BYTES
    for path in sorted(_paths_below(folder, Path(os.fspath(folder)))):
        name = path.relative_to(folder).as_posix()
        if len(found) == MOST_FILES:
            raise BadModFolder(folder, f"has more than {MOST_FILES} files")
        try:
            with path.open("rb") as stream:
                data = stream.read(room + 1)
        except OSError as error:
            raise BadModFolder(folder, f"{name} cannot be read: {error.strerror or error}") from None
        room -= len(data)
        if room < 0:
            raise BadModFolder(folder, f"has more than {MOST_BYTES} bytes")
        found[name] = data
    return found


def _paths_below(root: Path, folder: Path) -> list[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise BadModFolder(root, f"cannot be read: {error.strerror or error}") from None
    paths: list[Path] = []
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            raise BadModFolder(root, f"{path.relative_to(root).as_posix()} is a symbolic link")
        if entry.is_dir():
            paths += _paths_below(root, path)
        elif entry.is_file():
            paths.append(path)
        else:
            raise BadModFolder(root, f"{path.relative_to(root).as_posix()} is no file")
    return paths
