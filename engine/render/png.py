"""Writing pictures as PNG files (8 bits a channel, no alpha)."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BIT_RGB = (8, 2, 0, 0, 0)
_COMPRESSION = 6


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Return the PNG file of a picture [height, width, 3], first row on top."""
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"a picture is uint8 [height, width, 3], not {pixels.dtype} {pixels.shape}")
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each row opens with filter type 0
    rows[:, 1:] = pixels.reshape(height, 3 * width)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, *_EIGHT_BIT_RGB))
        + _chunk(b"IDAT", zlib.compress(rows.tobytes(), _COMPRESSION))
        + _chunk(b"IEND", b"")
    )


def write_png(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write a picture [height, width, 3], first row on top; folders are made as needed.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_png(pixels))


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
