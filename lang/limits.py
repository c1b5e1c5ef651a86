"""How much a script may use."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one run; all but `seconds` are counted, hence the same on every machine.

    Attributes:
        operations: instructions, with what bulk work costs beside them.
        call_depth: script functions on the stack. memory: bytes that may be live.
        string_bytes, array_elements, map_entries: sizes of single values.
        seconds: wall time, as the last resort.
    """

    operations: int = 5_000_000
    call_depth: int = 64
    memory: int = 512 * MIB
    string_bytes: int = 64 * MIB
    array_elements: int = 8 * MIB
    map_entries: int = MIB
    seconds: float = 20.0


ENTITY_LIMITS = Limits(
    operations=10_000,
    memory=MIB,
    string_bytes=256 * 1024,
    array_elements=32 * 1024,
    map_entries=16 * 1024,
    seconds=1.0,
)
