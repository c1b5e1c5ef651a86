"""Collection of the world's strings: what no column of a living row names is freed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.ecs.components import FieldKind
from engine.ecs.layout import Counter, StringCounter, WorldSlot
from engine.ecs.world import World
from lang.jit import entry, words_in

I64 = npt.NDArray[np.int64]


@entry("int64(int64[::1], int64[::1], int64[::1])")
def mark_strings(table: Any, fields: Any, used: Any) -> int:
    """Set used[id] for every string id in rows in use; `fields` are (component, field) pairs."""
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    bases = words_in(table, WorldSlot.CHUNK_BASE)
    archetypes = words_in(table, WorldSlot.CHUNK_ARCHETYPE)
    counts = words_in(table, WorldSlot.CHUNK_COUNT)
    for pair in range(fields.size // 2):
        column = words_in(table, 2 * fields[2 * pair + 1])
        for chunk in range(words_in(table, WorldSlot.COUNTERS)[Counter.CHUNK_HIGH_WATER]):
            base = bases[chunk * components + fields[2 * pair]]
            if archetypes[chunk] >= 0 and base >= 0:
                for row in range(base, base + counts[chunk]):
                    used[column[row]] = 1
    return 0


def collect_strings(world: World, others: I64) -> int:
    """Free the strings that neither a column nor `others` (ids that rooms hold) names.

    Call it between stages, when no compiled code holds an id of its own. Returns the bytes freed.
    """
    used = np.zeros(int(world.strings.counters[StringCounter.STRINGS]), np.int64)
    strings = [f for f in world.registry.fields.values() if f.kind == FieldKind.STRING]
    pairs = np.array([number for f in strings for number in (f.component, f.number)], np.int64)
    mark_strings(world.table, pairs, used)
    used[others] = 1
    used[world.commands.strings()] = 1
    return world.strings.collect(np.flatnonzero(used))
