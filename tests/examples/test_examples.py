"""Every example runs without a failing script, and its scripts check without a word."""

from pathlib import Path

import pytest

from engine.tools.check import check_paths

pytestmark = pytest.mark.integration

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SCENES = sorted(EXAMPLES.glob("*/scene.toml"))


def load(scene):
    from engine.game import Game

    return Game.load(scene)


def test_there_are_examples():
    assert {"patrol", "coin_rush"} <= {scene.parent.name for scene in SCENES}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.parent.name)
def test_an_example_runs_and_ends_in_the_same_state_twice(scene):
    hashes = []
    for _ in range(2):
        game = load(scene)
        for _ in range(120):
            game.step()
        assert [error.diagnostic for error in game.error_reports] == []
        hashes.append(game.state_hash())
    assert hashes[0] == hashes[1]


def test_the_examples_check_without_a_word():
    report = check_paths([EXAMPLES], plugins=["examples.plugin.village:Village"])
    assert report.findings == ()
    assert report.files >= len(SCENES) * 2
