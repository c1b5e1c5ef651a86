"""What a scene says about looks stands in the columns."""

import pytest

from engine.ecs.components import Field
from engine.game import Game

pytestmark = pytest.mark.integration

SCENE = """
[[entity]]
sprite = { image = "hero.png", frames = [4, 2], frame = 5, flip_y = true, anchor = [0.25, 0] }
text = { content = "Hero", visible = false }
[[entity]]
sprite = { shape = "box" }
"""
LOOKS = (
    Field.SPRITE_IMAGE,
    Field.SPRITE_COLUMNS,
    Field.SPRITE_ROWS,
    Field.SPRITE_FRAME,
    Field.SPRITE_FLIP_X,
    Field.SPRITE_FLIP_Y,
    Field.SPRITE_ANCHOR_X,
    Field.SPRITE_ANCHOR_Y,
)


def test_a_sprite_of_a_scene_fills_its_columns(tmp_path):
    (tmp_path / "hero.png").touch()
    (tmp_path / "scene.toml").write_text(SCENE)
    game = Game.load(tmp_path / "scene.toml")
    hero, box = game.world.entities().tolist()
    looks = [game.world.get(hero, field) for field in LOOKS]
    assert looks == ["hero.png", 4, 2, 5, False, True, 0.25, 0.0]
    assert game.world.get(hero, Field.TEXT_VISIBLE) is False
    assert [game.world.get(box, field) for field in LOOKS] == ["", 1, 1, 0, False, False, 0.5, 0.5]


def test_a_text_of_a_scene_fills_its_columns(tmp_path):
    scene = tmp_path / "scene.toml"
    scene.write_text(
        '[[entity]]\ntext = { content = "a", align = "right", wrap = 3.5 }\n[[entity]]\ntext = {}\n'
    )
    game = Game.load(scene)
    found = [
        [game.world.get(entity, field) for field in (Field.TEXT_ALIGN, Field.TEXT_WRAP)]
        for entity in game.world.entities().tolist()
    ]
    assert found == [[2, 3.5], [0, 0.0]]
