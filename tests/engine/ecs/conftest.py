from collections.abc import Callable

import numpy as np
import pytest

from engine.ecs.layout import CHUNK_ROWS, NONE, Counter, WorldSlot
from engine.ecs.world import World


def check_storage(world: World) -> None:
    """Assert what the layout promises: dense archetypes, exact reverse maps, no range lost or shared."""
    arrays = world.storage.arrays
    components = world.storage.component_count
    bases = arrays[WorldSlot.CHUNK_BASE].reshape(-1, components)
    reverse = arrays[WorldSlot.CHUNK_ENTITY].reshape(-1, CHUNK_ROWS)
    used: dict[int, list[int]] = {c: [] for c in range(components)}
    open_chunks, living = [], 0
    for archetype in range(len(world.archetypes)):
        chunks = world.archetypes.chunks_of(archetype)
        tail = int(arrays[WorldSlot.ARCHETYPE_TAIL][archetype])
        assert tail == (chunks[-1] if chunks else NONE)
        has = world.archetypes.components_of(archetype)
        for at, chunk in enumerate(chunks):
            count = int(arrays[WorldSlot.CHUNK_COUNT][chunk])
            assert count == CHUNK_ROWS or (chunk == tail and count > 0)
            assert arrays[WorldSlot.CHUNK_ARCHETYPE][chunk] == archetype
            assert arrays[WorldSlot.CHUNK_PREVIOUS][chunk] == (chunks[at - 1] if at else NONE)
            assert {c for c in range(components) if bases[chunk, c] >= 0} == has
            for c in has:
                used[c].append(int(bases[chunk, c]))
            for row in range(count):
                index = int(reverse[chunk, row])
                if index >= 0:
                    assert (arrays[WorldSlot.CHUNK][index], arrays[WorldSlot.ROW][index]) == (chunk, row)
                    living += 1
        open_chunks.extend(chunks)
    assert living == len(world)
    _check_free(world, used, open_chunks)


def _check_free(world: World, used: dict[int, list[int]], open_chunks: list[int]) -> None:
    arrays, counters = world.storage.arrays, world.storage.counters
    free_chunks = arrays[WorldSlot.FREE_CHUNKS][: counters[Counter.FREE_CHUNKS]].tolist()
    assert sorted(open_chunks + free_chunks) == list(range(counters[Counter.CHUNK_HIGH_WATER]))
    for component, ranges in used.items():
        start = int(arrays[WorldSlot.POOL_FREE_START][component])
        count = int(arrays[WorldSlot.POOL_FREE_COUNT][component])
        free = arrays[WorldSlot.POOL_FREE][start : start + count].tolist()
        rows = world.storage.pool_rows[component]
        assert sorted(ranges + free) == list(range(0, rows, CHUNK_ROWS))
    free_entities = arrays[WorldSlot.FREE_ENTITIES][: counters[Counter.FREE_ENTITIES]].tolist()
    living = np.flatnonzero(arrays[WorldSlot.CHUNK] >= 0).tolist()
    assert sorted(free_entities + living) == list(range(counters[Counter.HIGH_WATER]))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def check() -> Callable[[World], None]:
    return check_storage
