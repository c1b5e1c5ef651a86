"""Entity ids: generation · 2**32 + index + 1, one positive int.

Index and generation are never mixed with ids: an index names a place in the entity arrays, an id
names one life of that place.
"""

from __future__ import annotations

INDEX_BITS = 32
INDEX_MASK = (1 << INDEX_BITS) - 1
LAST_GENERATION = (1 << 31) - 1
"""An index that reached this generation is retired: the next id would not be positive."""


def entity_id(index: int, generation: int) -> int:
    """Return the id of one life of an index."""
    return (generation << INDEX_BITS) + index + 1


def index_of_id(entity: int) -> int:
    """Return the index that an id names; -1 for 0 and whatever has no index part."""
    return (entity & INDEX_MASK) - 1


def generation_of_id(entity: int) -> int:
    """Return the generation that an id names."""
    return entity >> INDEX_BITS
