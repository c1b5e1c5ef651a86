"""Built-ins of blobs."""

from __future__ import annotations

import struct
from typing import Any

from tests.reference.faults import Fault
from tests.reference.signatures import Table
from tests.reference.spans import from_end, span

TABLE = Table()
takes = TABLE.takes
MOST = 8 * 1024 * 1024

takes("len blob")(len)
takes("is_empty blob")(lambda data: not data)
takes("contains blob int")(lambda data, byte: byte & 0xFF in data)
takes("to_array blob")(list)
takes("as_string blob")(lambda data: data.decode("utf-8", "replace"))


@takes("blob", "blob int", "blob int int")
def blob(length: int = 0, byte: int = 0) -> bytearray:
    if length > MOST:
        raise Fault("ErrorDataTooLarge", "Size of array/BLOB too large")
    return bytearray([byte & 0xFF]) * max(length, 0)


@takes("get blob int")
def get(data: bytearray, index: int) -> int:
    index = max(index + len(data), 0) if index < 0 else index
    return data[index] if index < len(data) else 0


@takes("set blob int int", changes=True)
def put(place: Any, index: int, byte: int) -> None:
    data = place.get()
    index = max(index + len(data), 0) if index < 0 else index
    if index < len(data):
        data[index] = byte & 0xFF


@takes("push blob int", "append blob int", changes=True)
def push(place: Any, byte: int) -> None:
    place.get().append(byte & 0xFF)


@takes("append blob blob", changes=True)
def append(place: Any, other: bytearray) -> None:
    place.get().extend(bytes(other))


@takes("append blob text", changes=True)
def append_text(place: Any, text: str) -> None:
    place.get().extend(text.encode())


@takes("pop blob", changes=True)
def pop(place: Any) -> int:
    return place.get().pop() if place.get() else 0


@takes("shift blob", changes=True)
def shift(place: Any) -> int:
    return place.get().pop(0) if place.get() else 0


@takes("insert blob int int", changes=True)
def insert(place: Any, index: int, byte: int) -> None:
    place.get().insert(from_end(index, len(place.get())), byte & 0xFF)


@takes("remove blob int", changes=True)
def remove(place: Any, index: int) -> int:
    data = place.get()
    index = max(index + len(data), 0) if index < 0 else index
    return data.pop(index) if index < len(data) else 0


@takes("clear blob", changes=True)
def clear(place: Any) -> None:
    place.get().clear()


@takes("reverse blob", changes=True)
def reverse(place: Any) -> None:
    place.get().reverse()


@takes("truncate blob int", changes=True)
def truncate(place: Any, length: int) -> None:
    del place.get()[max(length, 0) :]


@takes("chop blob int", changes=True)
def chop(place: Any, length: int) -> None:
    data = place.get()
    del data[: max(len(data) - max(length, 0), 0)]


@takes("pad blob int int", changes=True)
def pad(place: Any, length: int, byte: int) -> None:
    if length > MOST:
        raise Fault("ErrorDataTooLarge", "Size of array/BLOB too large")
    place.get().extend(bytes([byte & 0xFF]) * (length - len(place.get())))


@takes("extract blob int", "extract blob int int", "extract blob range")
def extract(data: bytearray, *where: Any) -> bytearray:
    start, stop = span(len(data), *where)
    return data[start:stop]


@takes("split blob int", changes=True)
def split(place: Any, index: int) -> bytearray:
    data = place.get()
    at = from_end(index, len(data))
    tail = data[at:]
    del data[at:]
    return tail


@takes("drain blob int int", "drain blob range", changes=True)
def drain(place: Any, *where: Any) -> bytearray:
    data = place.get()
    start, stop = span(len(data), *where)
    gone = data[start:stop]
    del data[start:stop]
    return gone


@takes("retain blob int int", "retain blob range", changes=True)
def retain(place: Any, *where: Any) -> bytearray:
    data = place.get()
    start, stop = span(len(data), *where)
    gone = data[:start] + data[stop:]
    data[:] = data[start:stop]
    return gone


@takes("splice blob int int blob", "splice blob range blob", changes=True)
def splice(place: Any, *rest: Any) -> None:
    *where, new = rest
    data = place.get()
    start, stop = span(len(data), *where)
    data[start:stop] = bytes(new)


# --- numbers and text in blobs ---


def part(data: bytearray, where: tuple[Any, ...]) -> tuple[int, int]:
    """(start, stop) of at most eight bytes."""
    start, stop = span(len(data), *where)
    return start, min(stop, start + 8)


def reading(form: str, order: str, numbers: str) -> None:
    """Enter the reader of an int or a float in a byte order."""

    def read(data: bytearray, *where: Any) -> float:
        start, stop = part(data, where)
        some = bytes(data[start:stop]).ljust(8, b"\0")
        return struct.unpack((">" if order == "be" else "<") + form, some)[0]

    takes(f"parse_{order}_{numbers} blob range", f"parse_{order}_{numbers} blob int int")(read)


for _order in ("le", "be"):
    reading("q", _order, "int")
    reading("d", _order, "float")


def writing(order: str) -> None:
    """Enter the writer of numbers in a byte order."""

    def write(place: Any, *rest: Any) -> None:
        *where, value = rest
        data = place.get()
        start, stop = part(data, tuple(where))
        form = "d" if isinstance(value, float) else "q"
        packed = struct.pack((">" if order == "be" else "<") + form, value)
        data[start:stop] = packed[: stop - start]

    kinds = [
        f"write_{order} blob {where} {kind}" for where in ("range", "int int") for kind in ("int", "float")
    ]
    takes(*kinds, changes=True)(write)


writing("le")
writing("be")


@takes("write_ascii blob range string", "write_ascii blob int int string", changes=True)
def write_ascii(place: Any, *rest: Any) -> None:
    *where, text = rest
    write_bytes(place.get(), where, text.encode("ascii", "ignore"))


@takes("write_utf8 blob range string", "write_utf8 blob int int string", changes=True)
def write_utf8(place: Any, *rest: Any) -> None:
    *where, text = rest
    write_bytes(place.get(), where, text.encode())


def write_bytes(data: bytearray, where: list[Any], new: bytes) -> None:
    """Write as much as fits."""
    start, stop = span(len(data), *where)
    new = new[: stop - start]
    data[start : start + len(new)] = new
