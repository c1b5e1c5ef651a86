"""Parts of strings, arrays and blobs as (start, stop), clamped in the ways the language has."""

from __future__ import annotations

from typing import Any

from tests.reference.faults import out_of_bounds
from tests.reference.values import Range


def from_end(index: int, length: int) -> int:
    """A start that may count from the end, clamped."""
    return max(length + index, 0) if index < 0 else min(index, length)


def span(length: int, start: Any, count: int | None = None) -> tuple[int, int]:
    """Of a range (negative bounds are 0), of a start to the end, or of a start and a count."""
    if isinstance(start, Range):
        first = min(max(start.start, 0), length)
        stop = min(max(start.end + start.inclusive, 0), length)
        return first, max(first, stop)
    first = from_end(start, length)
    if count is None:
        return first, length
    return first, min(first + max(count, 0), length)


def string_span(text: str, index: Range, at: int) -> tuple[int, int]:
    """Of `s[a..b]`: bounds count from the end, a start before the first character is an error."""
    length = len(text)
    start, stop = index.start, index.end
    if start < -length:
        raise out_of_bounds("ErrorStringBounds", start, length, at)
    start = start + length if start < 0 else min(start, length)
    stop = max(stop + length, 0) if stop < 0 else stop
    stop = min(stop + index.inclusive, length)
    return start, max(start, stop)
