"""The guard of the example goes his round, looks for noises, and goes back to it."""

from pathlib import Path

import numpy as np
import pytest

from engine.ecs.components import Field
from engine.game import Game
from engine.input.row import empty_row, held_row

pytestmark = pytest.mark.integration

SCENE = Path(__file__).resolve().parents[2] / "examples" / "guard" / "scene.toml"


def test_he_walks_is_called_away_and_goes_on():
    game = Game.load(SCENE)
    guard, words = map(game.scripts.first_with_tag, ("Guard", "Words"))
    said = []

    def run(ticks):
        for _ in range(ticks):
            game.step()
            if (text := game.world.get(words, Field.TEXT_CONTENT)) not in said[-1:]:
                said.append(text)

    run(350)
    assert game.world.get(guard, Field.TRANSFORM_X) == 13.0, "the second post"
    row = held_row(empty_row(1), np.array([1]))
    game.set_input(row)
    run(1)
    game.set_actions([0])
    run(430)
    assert said == ["All quiet.", "", "All quiet.", "What was that?", "Nobody here ...", "", "All quiet."]
    assert game.error_reports == []
    game.close()
