"""All natives of the language, in the order of their numbers."""

from __future__ import annotations

from lang.stdlib import arrays, core
from lang.stdlib.registry import NativeTable


def standard_natives() -> NativeTable:
    """Return a new table of the standard library, to which an embedder may append."""
    table = NativeTable()
    for topic in (core, arrays):
        table.extend(topic.ENTRIES)
    return table
