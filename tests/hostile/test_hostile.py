"""Scripts that attack: each ends as it should, at its line, and costs the others nothing."""

import pytest

from engine.game.game import Game
from tests.hostile.cases import GROUPS, Case, cases_of, write_scene
from tests.hostile.play import play

pytestmark = [
    pytest.mark.security,
    pytest.mark.skipif("sys.platform == 'win32'", reason="not everybody may make symbolic links there"),
]


@pytest.mark.parametrize("group", GROUPS)
def test_attacks_end_as_they_should(group):
    found = play(group)
    assert found == {**{case.name: case.end for case in cases_of(group)}, "others": ""}


def test_there_are_many():
    names = [(group, case.name) for group in GROUPS for case in cases_of(group)]
    assert len(set(names)) == len(names) >= 500


def test_what_scripts_say_does_not_reach_a_terminal_as_it_is(tmp_path):
    script = """fn on_update() { print("\\x1b[2Jgone"); throw "\\u202eback"; }"""
    game = Game.load(write_scene(tmp_path / "scene", [Case("esc", script, "")]))
    game.step()
    assert "\\u001b[2Jgone" in game.log.take_lines()
    (failure,) = game.error_reports
    told = failure.message + failure.diagnostic + "".join(one.text for one in game.log.take_messages())
    assert "\\u202eback" in told
    assert not set(told) & {"\x1b", "\u202e"}
