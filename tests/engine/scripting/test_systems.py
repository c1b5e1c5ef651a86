"""Script systems: `run(e)` for each entity of a query, `run_all(entities)` once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.ecs.components import Field
from engine.game import Game

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[[entity]]
tag = "Leaf"
count = 3
spread = { box = [3.0, 3.0] }
velocity = [0.0, 0.0]
[[entity]]
tag = "Stone"
[[system]]
script = "system.rhai"
with = ["velocity"]
"""


def game_with(folder: Path, script: str) -> Game:
    (folder / "scene.toml").write_text(SCENE)
    (folder / "system.rhai").write_text(script)
    return Game.load(folder / "scene.toml")


def velocities(game: Game) -> list[float]:
    return [float(game.world.get(entity, Field.VELOCITY_VX)) for entity in game.world.entities().tolist()[:3]]


def test_run_is_called_for_each_entity_of_the_query_in_order(tmp_path):
    game = game_with(tmp_path, "let calls = 0; fn run(e) { calls += 1; set_velocity(e, (calls, 0)); }")
    game.step()
    assert velocities(game) == [1.0, 2.0, 3.0]
    game.step()
    assert velocities(game) == [4.0, 5.0, 6.0]


def test_run_all_gets_all_entities_at_once(tmp_path):
    game = game_with(tmp_path, "fn run_all(es) { for e in es { set_velocity(e, (es.len(), 0)); } }")
    game.step()
    assert velocities(game) == [3.0, 3.0, 3.0]


@pytest.mark.parametrize("name", ["run", "run_all"])
def test_a_failing_system_is_reported_once_and_stops(tmp_path, name):
    game = game_with(tmp_path, f"fn {name}(x) {{ let a = []; a[0] }}")
    for _ in range(3):
        game.step()
    assert [(report.file, report.entity) for report in game.error_reports] == [("system.rhai", None)]


def test_a_saved_fix_lets_it_run_again_with_its_state(tmp_path):
    game = game_with(tmp_path, "let calls = 10; fn run(e) { calls += 1; let a = []; a[0] }")
    game.step()
    (tmp_path / "system.rhai").write_text("let calls = 0; fn run(e) { set_velocity(e, (calls, 0)); }")
    assert game.reload("system.rhai")
    game.step()
    assert velocities(game) == [10.0, 10.0, 10.0]
