"""Templates of prefabs: rows that belong to no entity."""

from __future__ import annotations

from engine.ecs.births import template_row
from engine.ecs.layout import FULL, WorldSlot
from engine.ecs.storage import Storage
from engine.ecs.values import Words


def make_template(storage: Storage, archetype: int, words: Words) -> tuple[int, int]:
    """Make a template row, for which room was reserved, with these words; return its chunk and row."""
    chunk = int(template_row(storage.table, archetype))
    assert chunk != FULL, "room was reserved"
    row = int(storage.arrays[WorldSlot.CHUNK_COUNT][chunk]) - 1
    bases = storage.arrays[WorldSlot.CHUNK_BASE]
    for field, value in words:
        base = int(bases[chunk * storage.component_count + field.component])
        storage.columns[field.number][base + row] = value
    return chunk, row
