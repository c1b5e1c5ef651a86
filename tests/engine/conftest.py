"""Small games written by the test: a scene, its scripts, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

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
