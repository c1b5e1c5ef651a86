"""Entity scripts import files of their scene's folder: state for each instance, reloads, what is refused."""

import time

import pytest

pytestmark = pytest.mark.integration

TWO = """
[[entity]]
tag = "A"
position = [1, 2]
script = "scripts/a.rhai"
count = 2
spread = { box = [9, 9] }
"""
COUNTER = "let count = 0;\nconst STEP = 1;\nfn up() { count += global::STEP; count }\n"
USER = 'import "counter" as c;\nlet seen = 0;\nfn on_update() { seen = c::up(); }\n'


@pytest.fixture
def scripts(folder):
    folder.write("scripts/a.rhai", USER)
    folder.write("scripts/counter.rhai", COUNTER)
    return folder


def state(game, entity=1):
    return game.scripts.state(entity, "scripts/a.rhai")


def test_variables_of_an_imported_file_are_state_of_each_instance(scripts):
    game = scripts.game(TWO, ticks=3)
    assert state(game, 1)["seen"] == state(game, 2)["seen"] == 3
    assert state(game, 1)["scripts/counter.rhai::count"] == 3
    assert not game.scripts.failures


def test_a_changed_file_reloads_its_users_and_state_stays(scripts):
    game = scripts.game(TWO, ticks=3)
    assert game.scripts.files["scripts/a.rhai"].files == ("scripts/a.rhai", "scripts/counter.rhai")
    scripts.write("scripts/counter.rhai", COUNTER.replace("STEP = 1", "STEP = 10"))
    assert game.reload("scripts/a.rhai")
    game.step()
    assert state(game)["seen"] == 13


def test_a_watched_game_sees_that_an_imported_file_is_saved(scripts):
    game = scripts.game(TWO, ticks=1)
    game.watch()
    try:
        time.sleep(0.05)
        scripts.write("scripts/counter.rhai", COUNTER.replace("STEP = 1", "STEP = 100"))
        end = time.monotonic() + 5
        while not any("reloaded" in message.text for message in game.take_messages()):
            assert time.monotonic() < end, "the save was not seen"
            game.poll_reload()
            time.sleep(0.01)
    finally:
        game.close()
    game.step()
    assert state(game)["seen"] == 101


def test_an_error_in_an_imported_file_names_it_and_mending_it_helps(scripts):
    scripts.write("scripts/counter.rhai", "fn up( {")
    game = scripts.game(TWO, ticks=1)
    failure = game.scripts.broken["scripts/a.rhai"]
    assert failure.diagnostic.startswith("scripts/counter.rhai:1:8:")
    assert "scripts/counter.rhai" in game.scripts.files["scripts/a.rhai"].files
    scripts.write("scripts/counter.rhai", COUNTER)
    assert game.reload("scripts/a.rhai")
    game.step()
    assert state(game)["seen"] == 1


@pytest.mark.security
@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "scripts/../../outside", "no_such_file"])
def test_nothing_outside_of_the_scene_is_read(scripts, path):
    scripts.write("../outside.rhai", "fn up() { 1 }")
    scripts.write("scripts/a.rhai", USER.replace("counter", path, 1))
    game = scripts.game(TWO, ticks=1)
    assert "scripts/a.rhai:1:1:" in game.scripts.broken["scripts/a.rhai"].diagnostic
