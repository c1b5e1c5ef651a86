"""All natives of the language, in the order of their numbers."""

from __future__ import annotations

from lang.stdlib import (
    angles,
    arrays,
    bits,
    blobs,
    checks,
    containers,
    core,
    floats,
    maps,
    numbers,
    parsing,
    pointers,
    ranges,
    sorting,
    string_natives,
    strings,
    vectors,
)
from lang.stdlib.overloads import entries_of
from lang.stdlib.registry import NativeTable

LIBRARIES = (
    core.LIBRARY,
    pointers.LIBRARY,
    strings.LIBRARY,
    parsing.LIBRARY,
    blobs.LIBRARY,
    bits.LIBRARY,
    floats.LIBRARY,
    containers.LIBRARY,
    ranges.LIBRARY,
)
KERNELS = (
    *core.KERNELS,
    *pointers.KERNELS,
    *string_natives.KERNELS,
    *parsing.KERNELS,
    *containers.KERNELS,
    *checks.KERNELS,
    *arrays.KERNELS,
    *maps.KERNELS,
    *sorting.KERNELS,
    *ranges.KERNELS,
    *numbers.KERNELS,
    *angles.KERNELS,
    *vectors.KERNELS,
)


def standard_natives() -> NativeTable:
    """Return a new table of the standard library, to which an embedder may append."""
    table = NativeTable()
    table.extend(entries_of(LIBRARIES, KERNELS))
    return table
