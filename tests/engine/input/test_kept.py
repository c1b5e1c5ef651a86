"""Bindings that a player has changed are kept, and a broken file of them is told and left alone."""

import json

import pytest

from engine.input.bindings import Action, Side
from engine.input.kept import PlayerBindings, bindings_file
from tests.engine.input.actions import actions_of

pytestmark = pytest.mark.unit

ACTIONS = actions_of({"jump": ["SPACE", "PAD_A"], "fire": ["F"]}) | {
    "move": Action(negative=("A",), positive=("D",), axis="PAD_LEFT_X")
}


def test_what_is_bound_is_there_the_next_time(tmp_path):
    file = tmp_path / "deep" / "game.json"
    first = PlayerBindings(ACTIONS, file)
    first.bind("jump", Side.BUTTONS, "w")
    first.bind("move", Side.POSITIVE, "RIGHT")
    second = PlayerBindings(ACTIONS, file)
    assert second.actions["jump"].buttons == ("W", "PAD_A")
    assert second.actions["move"] == Action(negative=("A",), positive=("RIGHT",), axis="PAD_LEFT_X")
    assert second.actions["fire"] == ACTIONS["fire"]
    assert [path.name for path in file.parent.iterdir()] == ["game.json"], "nothing is left beside it"


def test_reset_forgets_this_scene_only(tmp_path):
    file = tmp_path / "game.json"
    PlayerBindings(actions_of({"fly": ["Q"]}), file).bind("fly", Side.BUTTONS, "E")
    bindings = PlayerBindings(ACTIONS, file)
    bindings.bind("jump", Side.BUTTONS, "W")
    bindings.reset()
    assert bindings.actions == ACTIONS
    assert json.loads(file.read_text())["bindings"] == {"fly": ["E"]}


def test_conflicts_are_seen():
    bindings = PlayerBindings(ACTIONS, None)
    assert bindings.other_users("jump", Side.BUTTONS) == []
    bindings.bind("fire", Side.BUTTONS, "SPACE")
    bindings.bind("move", Side.NEGATIVE, "SPACE")
    assert bindings.other_users("jump", Side.BUTTONS) == ["fire", "move.negative"]
    assert bindings.other_users("fire", Side.BUTTONS) == ["jump", "move.negative"]
    assert bindings.other_users("move", Side.POSITIVE) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 2}',
        '{"bindings": {"jump": ["NOKEY"]}}',
        '{"bindings": {"jump": 3}}',
        "\xff",
        "[" * 99999,
    ],
)
def test_a_broken_file_is_told_once_and_the_scene_holds(tmp_path, text):
    file = tmp_path / "game.json"
    file.write_bytes(text.encode("latin-1"))
    bindings = PlayerBindings(ACTIONS, file)
    assert bindings.actions == ACTIONS
    assert str(file) in bindings.take_fault()
    assert not bindings.take_fault()
    bindings.bind("fire", Side.BUTTONS, "G")
    assert PlayerBindings(ACTIONS, file).actions["fire"].buttons == ("G",)


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "no_folder").write_text("")
    bindings = PlayerBindings(ACTIONS, tmp_path / "no_folder" / "game.json")
    bindings.take_fault()
    bindings.bind("fire", Side.BUTTONS, "G")
    assert bindings.actions["fire"].buttons == ("G",)
    assert "cannot be kept" in bindings.take_fault()


def test_each_game_has_a_file_of_its_own(tmp_path):
    assert bindings_file("Coin rush!", tmp_path) == tmp_path / "coin-rush.json"
    assert bindings_file("../..", tmp_path) == tmp_path / "game.json"
    assert bindings_file("a").parts[-3:-1] == ("astraweave", "bindings")
