"""Small games written by the test: a scene, its scripts, and what came of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from engine.ecs.layout import CHUNK_ROWS, NONE, Counter, PartyWord, WorldSlot
from engine.ecs.world import World
from engine.saves.party_indices import free_indices, places_of

WORLD = """
[scene]
seed = 7
gravity = [0.0, 0.0]
[input]
left = ["A"]
jump = ["SPACE"]
[prefab.coin]
tag = "Coin"
rotation = 0.5
sprite = { shape = "circle", radius = 0.3 }
[[entity]]
tag = "Probe"
position = [1.0, 2.0, 3.0]
rotation = 0.25
velocity = [0.0, 0.0]
text = { content = "old" }
script = "probe.rhai"
[[entity]]
tag = "Target"
position = [4.0, 6.0]
[[entity]]
tag = "Target"
position = [9.0, 9.0]
velocity = [1.5, -2.0]
"""


@dataclass
class Folder:
    """A folder with a scene and scripts, and the games made from it."""

    path: Path

    def write(self, name, text):
        """Write a file; returns its path."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def game(self, scene=WORLD, *, ticks=0, **scripts):
        """Write a scene and its scripts (`name="text"` becomes name.rhai), load it, do some ticks."""
        from engine.game import Game

        self.write("scene.toml", scene)
        for name, text in scripts.items():
            self.write(f"{name}.rhai", text)
        game = Game.load(self.path / "scene.toml")
        self.games.append(game)
        for _ in range(ticks):
            game.step()
        return game

    def probe(self, body, *, ticks=0, before=""):
        """Run statements in `on_spawn` of the Probe of WORLD; returns the game."""
        return self.game(probe=f"{before}fn on_spawn() {{\n{body}\n}}", ticks=ticks)

    def printed(self, body, **options):
        """Run statements in `on_spawn`; returns what they print, after checking that nothing failed."""
        game = self.probe(body, **options)
        assert [failure.diagnostic for failure in game.error_reports] == []
        return game.drain_log()

    def __post_init__(self):
        self.games = []


@pytest.fixture
def folder(tmp_path):
    """A folder for one small game."""
    made = Folder(tmp_path)
    yield made
    for game in made.games:
        game.close()


def find(game, tag):
    """Return the first entity with a tag."""
    entity = game.scripts.first_with_tag(tag)
    assert entity, f"nothing is tagged {tag}"
    return entity


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
    free_entities = free_indices(world.storage).tolist()
    living = np.flatnonzero(arrays[WorldSlot.CHUNK] >= 0).tolist()
    parties = world.storage.parties
    used = [places_of(at, len(parties), int(one[PartyWord.USED])) for at, one in enumerate(parties)]
    assert sorted(free_entities + living) == sorted(np.concatenate(used).tolist())


@pytest.fixture(scope="session")
def check() -> Callable[[World], None]:
    return check_storage
