"""How strings and floats look as words of memory."""

from __future__ import annotations

import struct

from lang.layout import HEADER_SIZE_SHIFT, STRING_HEAD_WORDS, Kind


def string_words(text: str) -> list[int]:
    """Return the words of a string object."""
    data = text.encode("utf-8", "replace")
    count = (len(data) + 7) // 8
    size = STRING_HEAD_WORDS + count
    words = struct.unpack(f"<{count}q", data.ljust(8 * count, b"\0"))
    return [Kind.STRING | size << HEADER_SIZE_SHIFT, len(data) | len(text) << 32, *words]


def float_payload(value: float) -> int:
    """Return the 64 bits of a float as a signed int."""
    return int(struct.unpack("<q", struct.pack("<d", value))[0])


def payload_float(payload: int) -> float:
    """Return the float that 64 bits, as a signed int, stand for."""
    return float(struct.unpack("<d", struct.pack("<q", payload))[0])
