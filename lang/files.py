"""Files that are written whole or not at all: nobody who watches sees half of one."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from functools import partial
from pathlib import Path

FOR_ALL = 0o666
"""Whoever the user's umask lets read a file."""
FOR_USER = 0o600


def replace_file(path: Path, data: bytes, *, mode: int = FOR_ALL, lasting: bool = False) -> None:
    """Write a file, instead of an earlier one of this name.

    Args:
        mode: who may read and write it, less what the umask takes.
        lasting: return only when no loss of power undoes it, where the system lets one ask for that.
    Raises:
        OSError: it cannot be written; an earlier file of this name is as it was.
    """
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(beside, "xb", opener=partial(os.open, mode=mode)) as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        Path(beside).replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
    if lasting:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name last."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
