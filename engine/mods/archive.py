"""A mod as one file: a zip whose names are those of its files. Reading one trusts nothing in it.

Packing the same folder twice gives the same bytes: sorted names, one date, one compression.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from engine.errors import EngineError
from engine.scene.mods.mod_file import MOD_FILE, ModFile, read_mod_file
from engine.signing.folder import MOST_BYTES, MOST_FILES

SUFFIX = ".mod.zip"
LARGEST_ARCHIVE = 128 * 1024 * 1024
LONGEST_NAME = 200
MOST_FOLDERS = 16
_DATE = (1980, 1, 1, 0, 0, 0)
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. ()+-]*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LINK = 0o120000
_KIND = 0o170000


class BadArchive(EngineError):
    """An archive cannot be used as a mod; ``reason`` says why, and nothing of it was written."""

    def __init__(self, file: Path | str, reason: str) -> None:
        self.file = str(file)
        self.reason = reason
        super().__init__(f"{file}: {reason}")


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a mod's files (by path, with ``/``) as an archive.

    Raises:
        BadArchive: a name is none that every system can unpack.
    """
    checked_names(files, "the mod")
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unpack(data: bytes, file: Path | str) -> tuple[ModFile, dict[str, bytes]]:
    """Return what an archive holds: what its `mod.toml` says, and all files by path.

    Raises:
        BadArchive: it is no zip, damaged, encrypted, too large, or a name in it leads anywhere but into a
            folder of its own.
        SceneError: its `mod.toml` is wrong.
    """
    if len(data) > LARGEST_ARCHIVE:
        raise BadArchive(file, f"is larger than {LARGEST_ARCHIVE} bytes")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            files = _read(archive, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise BadArchive(file, f"is no whole zip archive: {error}") from None
    if MOD_FILE not in files:
        raise BadArchive(file, f"has no {MOD_FILE} at its top")
    try:
        text = files[MOD_FILE].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadArchive(file, f"its {MOD_FILE} is not UTF-8 text") from None
    return read_mod_file(Path(f"{file}/{MOD_FILE}"), text), files


def _read(archive: zipfile.ZipFile, file: Path | str) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    if len(entries) > MOST_FILES:
        raise BadArchive(file, f"has more than {MOST_FILES} files")
    checked_names([entry.filename for entry in archive.infolist()], file)
    files: dict[str, bytes] = {}
    room = MOST_BYTES
    for entry in entries:
        kind = entry.external_attr >> 16 & _KIND
        if kind == _LINK:
            raise BadArchive(file, f"{entry.filename} is a symbolic link")
        if entry.flag_bits & 1:
            raise BadArchive(file, f"{entry.filename} is encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadArchive(file, f"{entry.filename} is compressed in an unknown way")
        with archive.open(entry) as stream:  # what the entry says of its size may be a lie
            data = stream.read(room + 1)
        room -= len(data)
        if room < 0:
            raise BadArchive(file, f"holds more than {MOST_BYTES} bytes")
        files[entry.filename] = data
    return files


def _is_plain(part: str) -> bool:
    """Return whether a part of a path is the name of a file or folder on every system."""
    return bool(_PART.fullmatch(part)) and not part.endswith((".", " ")) and not _RESERVED.fullmatch(part)


def checked_names(names: Iterable[str], file: Path | str) -> None:
    """Raise a BadArchive unless all names are plain paths on every system, and no two are one there."""
    taken: dict[str, str] = {}
    for name in names:
        path = name.removesuffix("/")
        parts = path.split("/")
        if len(name) > LONGEST_NAME or len(parts) > MOST_FOLDERS:
            raise BadArchive(file, f"the name {name[:40]!r}… is too long or too deep")
        if not all(_is_plain(part) for part in parts):
            raise BadArchive(file, f"the name {name!r} is not a plain path inside the mod")
        other = taken.get(path.lower())
        if other is not None:
            raise BadArchive(file, f"the names {other!r} and {name!r} are one on some systems")
        taken[path.lower()] = name
    files = {path for path, name in taken.items() if not name.endswith("/")}
    for name in files:
        for above in PurePosixPath(name).parents:
            if str(above) in files:
                raise BadArchive(file, f"{str(above)!r} is a file and a folder")
