"""Rows of words, one a step, packed: most words of a row are those of the row before.

Reading trusts nothing: a stream is unpacked row by row into memory of a known size, and ends where it says
or is refused.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from engine.errors import SaveError
from lang.jit import I64

LEVEL = 3
CHUNK = 1 << 16
"""Packed bytes that are looked at together."""


class RowPacker:
    """Packs rows of one width, as they come."""

    def __init__(self, width: int) -> None:
        self._last: I64 = np.zeros(width, np.int64)
        self._packer = zlib.compressobj(LEVEL)
        self._parts: list[bytes] = []

    def add(self, row: I64) -> None:
        """Take the next row."""
        self._parts.append(self._packer.compress(np.bitwise_xor(row, self._last).astype("<i8").tobytes()))
        self._last = row.copy()

    def data(self) -> bytes:
        """Return all rows so far, packed; more may follow."""
        return b"".join([*self._parts, self._packer.copy().flush()])


def unpacked(data: bytes, width: int, count: int) -> Iterator[I64]:
    """Yield the rows of a stream.

    Raises:
        SaveError: it does not hold exactly `count` rows of this width.
    """
    source = _Unpacker(data)
    last: I64 = np.zeros(width, np.int64)
    for _ in range(count):
        row = np.frombuffer(source.take(8 * width), "<i8").astype(np.int64)
        last = np.bitwise_xor(row, last)
        yield last.copy()
    source.end()


class _Unpacker:
    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0
        self._unpacker = zlib.decompressobj()
        self._rest = b""

    def take(self, size: int) -> bytes:
        found = bytearray()
        while len(found) < size:
            more = self._more(size - len(found))
            if not more:
                raise SaveError("a stream of its rows ends too early")
            found += more
        return bytes(found)

    def end(self) -> None:
        if (
            self._more(1)
            or not self._unpacker.eof
            or self._at < len(self._data)
            or self._unpacker.unused_data
        ):
            raise SaveError("a stream of its rows goes on behind its end")

    def _more(self, size: int) -> bytes:
        """Return up to so many bytes; none at the end."""
        while not self._unpacker.eof:
            if not self._rest:
                self._rest = bytes(self._data[self._at : self._at + CHUNK])
                self._at += len(self._rest)
            try:
                found = self._unpacker.decompress(self._rest, size)
            except zlib.error:
                raise SaveError("a stream of its rows is damaged") from None
            ended = not self._rest
            self._rest = self._unpacker.unconsumed_tail
            if found or ended:
                return found
        return b""
