"""The container of a save: named arrays in one file, sealed by a checksum.

Layout, little endian: `MAGIC`, format version, number of sections, bytes of the body, BLAKE2b of all other
bytes; then the body, for each section: length of the name, name, type, number of elements, elements. There
is nothing in it but numbers and names, so reading one runs nothing of its author's.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.errors import SaveError
from lang.files import replace_file

Array = npt.NDArray[Any]
Sections = Mapping[str, Array]


class FileFormat(NamedTuple):
    """A kind of file: the 16 bytes that it begins with, its version, and what messages call it."""

    magic: bytes
    version: int
    noun: str


SAVE = FileFormat(b"astraweave-save\x1a", 3, "save")
"""Its version rises with what sections hold: in version 2, texts and lists had no party."""
LARGEST = 1 << 32
"""Bytes of the largest file that is read."""
_HEAD = struct.Struct("<16sIIQ")
_DIGEST_BYTES = 32
_SECTION = struct.Struct("<BQ")
_TYPES = (np.dtype("<i8"), np.dtype("<f8"), np.dtype("u1"))


def pack(sections: Sections, kind: FileFormat = SAVE) -> bytes:
    """Return the bytes of a save, or of another kind of file.

    Args:
        sections: one-dimensional arrays of int64, float64 or uint8 by name.
    """
    body = bytearray()
    for name, array in sections.items():
        label = name.encode()
        number = next(number for number, one in enumerate(_TYPES) if one == array.dtype)
        body += bytes([len(label)]) + label + _SECTION.pack(number, array.size)
        body += np.ascontiguousarray(array, _TYPES[number]).tobytes()
    head = _HEAD.pack(kind.magic, kind.version, len(sections), len(body))
    return head + _digest(head, body) + bytes(body)


def unpack(data: bytes, kind: FileFormat = SAVE) -> dict[str, Array]:
    """Return the sections of a save, or of another kind of file, as arrays of their own.

    Raises:
        SaveError: it is none, of another version, cut off or damaged.
    """
    if len(data) < _HEAD.size + _DIGEST_BYTES or not data.startswith(kind.magic):
        raise SaveError(f"this is no {kind.noun} of astraweave, or only the beginning of one")
    _, version, count, size = _HEAD.unpack_from(data)
    if version != kind.version:
        raise SaveError(f"its format has version {version}; this astraweave reads version {kind.version}")
    body = memoryview(data)[_HEAD.size + _DIGEST_BYTES :]
    if len(body) != size:
        raise SaveError(f"it is cut off or has grown: {len(body)} of {size} bytes")
    head, found = data[: _HEAD.size], data[_HEAD.size : _HEAD.size + _DIGEST_BYTES]
    if _digest(head, body) != found:
        raise SaveError("it is damaged: its checksum does not fit")
    return _Body(body).sections(count)


def _digest(head: bytes, body: bytes | bytearray | memoryview) -> bytes:
    digest = hashlib.blake2b(head, digest_size=_DIGEST_BYTES)
    digest.update(body)
    return digest.digest()


class _Body:
    """Reads sections one after the other; a checksum can be right and its author wrong."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def sections(self, count: int) -> dict[str, Array]:
        found: dict[str, Array] = {}
        for _ in range(count):
            length = self._take(1)[0]
            try:
                name = bytes(self._take(length)).decode("ascii")
            except UnicodeDecodeError:
                raise SaveError("a section has no proper name") from None
            if name in found:
                raise SaveError(f"section {name} is there twice")
            found[name] = self._array(name)
        if self._at != len(self._data):
            raise SaveError("there is something behind the last section")
        return found

    def _array(self, name: str) -> Array:
        kind, size = _SECTION.unpack(self._take(_SECTION.size))
        if kind >= len(_TYPES):
            raise SaveError(f"section {name} is of no known type")
        dtype = _TYPES[kind]
        if size > LARGEST:
            raise SaveError(f"section {name} is too large")
        return np.frombuffer(self._take(size * dtype.itemsize), dtype).astype(dtype.newbyteorder("="))

    def _take(self, count: int) -> memoryview:
        if count > len(self._data) - self._at:
            raise SaveError("a section is longer than the file")
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: whoever looks sees the old content or the new one.

    Raises:
        SaveError: it cannot be written; an earlier file of this name is as it was.
    """
    try:
        replace_file(path, data, lasting=True)
    except OSError as error:
        raise SaveError(f"cannot be written: {error.strerror or error}", path) from None


def read_file(path: Path) -> bytes:
    """Return the bytes of a save.

    Raises:
        SaveError: there is no such file, it cannot be read, or it is too large.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise SaveError(f"it is larger than {LARGEST} bytes", path)
        return path.read_bytes()
    except OSError as error:
        raise SaveError(f"cannot be read: {error.strerror or error}", path) from None
