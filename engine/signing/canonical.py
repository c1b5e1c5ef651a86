"""One form for each value: what is not written exactly so is refused, so that no bit of a file is free."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from engine.signing.errors import BadKey

T = TypeVar("T", bound=msgspec.Struct)


class NotCanonical(Exception):
    """These bytes are no such value, or not in its one form; the message says which."""


def encode_canonical(value: msgspec.Struct) -> bytes:
    """Return the one form of a value: JSON, two spaces deep, its fields in their order, a last line end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def decode(data: bytes, wanted: type[T]) -> T:
    """Return the value that bytes hold.

    Raises:
        NotCanonical: they hold none, or are another spelling of one.
    """
    try:
        value = msgspec.json.decode(data, type=wanted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotCanonical(str(error)) from None
    if encode_canonical(value) != data:
        raise NotCanonical("it is not laid out as it was written")
    return value


def decode_canonical(data: bytes, wanted: type[T], file: Path) -> T:
    """Return the value that a key file holds, or raise a BadKey that names the file."""
    try:
        return decode(data, wanted)
    except NotCanonical as error:
        raise BadKey(file, f"is no such key file: {error}") from None
