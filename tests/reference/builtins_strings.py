"""Built-ins of strings."""

from __future__ import annotations

from typing import Any

from tests.reference.faults import Fault
from tests.reference.signatures import Table
from tests.reference.spans import from_end, span
from tests.reference.values import Char, Items, display

TABLE = Table()
takes = TABLE.takes
LONGEST = 64 * 1024 * 1024

takes("len string")(len)
takes("bytes string")(lambda text: len(text.encode()))
takes("is_empty string")(lambda text: not text)
takes("contains string text")(lambda text, part: part in text)
takes("starts_with string text")(lambda text, part: text.startswith(part))
takes("ends_with string text")(lambda text, part: text.endswith(part))
takes("to_upper string")(lambda text: text.upper())
takes("to_lower string")(lambda text: text.lower())
takes("to_chars string")(lambda text: list(map(Char, text)))
takes("to_blob string")(lambda text: bytearray(text.encode()))


@takes("chars string", "chars string int", "chars string int int", "chars string range")
def chars(text: str, *where: Any) -> Items:
    return Items(map(Char, sub_string(text, *where) if where else text))


@takes("sub_string string int", "sub_string string int int", "sub_string string range")
def sub_string(text: str, *where: Any) -> str:
    start, stop = span(len(text), *where)
    return text[start:stop]


@takes("crop string int", "crop string int int", "crop string range", changes=True)
def crop(place: Any, *where: Any) -> None:
    place.set(sub_string(place.get(), *where))


@takes("get string int")
def get(text: str, index: int) -> Char | None:
    return Char(text[index]) if -len(text) <= index < len(text) else None


@takes("set string int char", changes=True)
def put(place: Any, index: int, new: str) -> None:
    text = place.get()
    if -len(text) <= index < len(text):
        index %= len(text)
        place.set(text[:index] + new + text[index + 1 :])


@takes("index_of string text", "index_of string text int")
def index_of(text: str, part: str, start: int = 0) -> int:
    if start >= len(text) and start > 0:
        return -1
    return text.find(part, from_end(start, len(text)))


@takes("append string ?", changes=True)
def append(place: Any, value: Any) -> None:
    more = value.decode("utf-8", "replace") if isinstance(value, bytearray) else display(value)
    place.set(place.get() + more)


@takes("clear string", changes=True)
def clear(place: Any) -> None:
    place.set("")


@takes("trim string", changes=True)
def trim(place: Any) -> None:
    place.set(place.get().strip())


@takes("truncate string int", changes=True)
def truncate(place: Any, length: int) -> None:
    place.set(place.get()[: max(length, 0)])


@takes("make_upper string", changes=True)
def make_upper(place: Any) -> None:
    place.set(place.get().upper())


@takes("make_lower string", changes=True)
def make_lower(place: Any) -> None:
    place.set(place.get().lower())


@takes("pad string int text", changes=True)
def pad(place: Any, length: int, filler: str) -> None:
    text = place.get()
    if length > LONGEST:
        raise Fault("ErrorDataTooLarge", "Length of string too large")
    missing = length - len(text)
    if missing > 0 and filler:
        place.set(text + (filler * (missing // len(filler) + 1))[:missing])


@takes("pop string", changes=True)
def pop(place: Any) -> Char | None:
    text = place.get()
    if not text:
        return None
    place.set(text[:-1])
    return Char(text[-1])


@takes("pop string int", changes=True)
def pop_many(place: Any, count: int) -> str:
    text = place.get()
    keep = len(text) - min(max(count, 0), len(text))
    place.set(text[:keep])
    return text[keep:]


@takes("remove string text", changes=True)
def remove(place: Any, part: str) -> None:
    if part:
        place.set(place.get().replace(part, ""))


@takes("replace string text text", changes=True)
def replace(place: Any, part: str, new: str) -> None:
    place.set(str(place.get()).replace(part, new))


@takes("split string")
def split_words(text: str) -> list[str]:
    return text.split() if text else [""]


@takes("split string int")
def split_at(text: str, index: int) -> list[str]:
    at = from_end(index, len(text)) if index else len(text)
    return [text[:at], text[at:]]


@takes("split string text", "split string text int")
def split(text: str, separator: str, count: int | None = None) -> list[str]:
    if separator == "":
        pieces = ["", *text, ""]
        if count is not None and len(pieces) > max(count, 1):
            pieces = [*pieces[: max(count, 1) - 1], "".join(pieces[max(count, 1) - 1 :])]
        return pieces
    return text.split(separator, -1 if count is None else max(count, 1) - 1)


@takes("split_rev string text", "split_rev string text int")
def split_rev(text: str, separator: str, count: int | None = None) -> list[str]:
    if separator == "":
        pieces = split(text, separator)
        kept = len(pieces) if count is None else max(count, 1)
        if len(pieces) > kept:
            pieces = ["".join(pieces[: len(pieces) - kept + 1]), *pieces[len(pieces) - kept + 1 :]]
        return pieces[::-1]
    return text.rsplit(separator, -1 if count is None else max(count, 1) - 1)[::-1]
