"""The walker of the tile example finds the way through the gate to the chest, and home again."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.ecs.components import Field
from engine.game import Game

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
SCENE = ROOT / "examples" / "tiles" / "scene.toml"


def test_the_walker_reaches_the_chest_and_comes_home():
    game = Game.load(SCENE)
    walker, chest = (game.scripts.first_with_tag(tag) for tag in ("Walker", "Chest"))
    was_at_the_chest, was_home_again, states = False, False, set()
    for _ in range(2400):
        game.step()
        x, y = (game.world.get(walker, field) for field in (Field.TRANSFORM_X, Field.TRANSFORM_Y))
        to_x, to_y = (game.world.get(chest, field) for field in (Field.TRANSFORM_X, Field.TRANSFORM_Y))
        was_at_the_chest = was_at_the_chest or (x - to_x) ** 2 + (y - to_y) ** 2 < 0.1
        was_home_again = was_at_the_chest and (was_home_again or (x - 8.5) ** 2 + (y - 3.5) ** 2 < 0.1)
        states.add(game.animation.playing(walker))
    assert (was_at_the_chest, was_home_again) == (True, True)
    assert [error.diagnostic for error in game.error_reports] == []
    assert states == {"walking", "standing"}


def test_the_assets_are_those_that_the_script_draws(tmp_path):
    script = (ROOT / "assets" / "draw_tiles.py").read_text(encoding="utf-8")
    made = tmp_path / "assets" / "draw_tiles.py"
    made.parent.mkdir()
    made.write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, str(made)], check=True)
    for name in ("images/tiles.png", "images/walker.png", "maps/valley.tmj"):
        drawn, kept = (folder / "examples" / "tiles" / name for folder in (tmp_path, ROOT))
        if name.endswith(".tmj"):
            assert drawn.read_bytes() == kept.read_bytes()
        else:
            from engine.render.image_files import read_image

            assert (read_image(drawn) == read_image(kept)).all()
