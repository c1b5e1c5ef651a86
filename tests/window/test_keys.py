"""Keys: names equal those of pyglet; the window's own keys and those of the scene."""

import pytest

from engine.input.names import KEY_NAMES, canonical_name
from engine.input.row import states_of
from tests.engine.input.actions import actions_of

pytestmark = [pytest.mark.integration, pytest.mark.window]


@pytest.fixture(scope="module")
def key(display):
    from pyglet.window import key

    return key


def happen(window, event, *arguments):
    """Let the window see an event as if the user had caused it."""
    window._window.dispatch_event(event, *arguments)
    window.poll_events()


def down(window):
    """Return [actions] whether each is down in the coming tick."""
    return (states_of(window.next_row()) & 1).tolist()


@pytest.fixture
def press(key):
    def press_it(window, *names):
        for name in names:
            happen(window, "on_key_press", getattr(key, name), 0)
            happen(window, "on_key_release", getattr(key, name), 0)

    return press_it


def test_names_of_keys_are_those_of_pyglet(key):
    assert set(key._key_names.values()) == KEY_NAMES
    for alias in ("RETURN", "ESC", "1"):
        assert canonical_name(alias) in KEY_NAMES


def test_actions_follow_the_keys(game, open_window, key):
    window = open_window(game)
    happen(window, "on_key_press", key.LEFT, 0)
    assert down(window) == [1, 0]
    happen(window, "on_key_press", key.SPACE, 0)
    happen(window, "on_key_release", key.LEFT, 0)
    assert down(window) == [0, 1]
    happen(window, "on_deactivate")
    assert down(window) == [0, 0]


def test_pause_and_step(game, open_window, press):
    window = open_window(game)
    press(window, "O")
    assert not window.step_requested, "a running game is not stepped"
    press(window, "P")
    assert game.paused
    press(window, "PERIOD")
    assert window.step_requested
    press(window, "F6")
    assert not game.paused


def test_overlays_are_switched(game, open_window, press):
    window = open_window(game)
    press(window, "F1", "F2", "F3")
    assert (window.overlays.shows_help, window.tools.errors.is_shown, window.overlays.shows_times) == (
        True,
        False,
        True,
    )


def test_a_key_of_the_scene_belongs_to_the_scene(game, open_window, press):
    game.actions = actions_of({"punch": ["P"], "menu": ["ESCAPE"]})
    window = open_window(game)
    press(window, "P", "ESCAPE")
    assert not game.paused
    assert not window.closed
    assert down(window) == [1, 1]
    press(window, "F6")
    assert game.paused


def test_escape_and_the_close_button_close(game, open_window, press):
    first = open_window(game)
    press(first, "ESCAPE")
    assert first.closed
    second = open_window(game)
    happen(second, "on_close")
    assert second.closed


def test_a_screenshot_is_saved_by_its_key(game, open_window, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    press(open_window(game), "F12")
    assert (tmp_path / "screenshot-0.png").stat().st_size > 100
