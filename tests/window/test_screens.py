"""Screens in the window: drawn, pressed by mouse, keys and pad; keys that a player binds; another scene."""

import numpy as np
import pytest
from PIL import Image

from engine.input.row import InputWord, mouse_of, states_of
from engine.render.view import ImageSettings, MessageKind
from engine.scene.file_names import FileNames
from engine.scene.screens import Screen, ScreenItem, ScreenStyle
from engine.scene.values import Color

pytestmark = [pytest.mark.integration, pytest.mark.window]

SCREENS = (
    Screen(
        name="title",
        at_start=True,
        items=(
            ScreenItem(title="Hello {Name.text.content}"),
            ScreenItem(button="Play", on_click="close"),
            ScreenItem(button="Keys", on_click="open keys"),
            ScreenItem(button="No", on_click="quit", disabled=True),
        ),
    ),
    Screen(name="keys", back="close", items=(ScreenItem(bind="jump"),)),
)
STYLE = ScreenStyle()
PLAY, KEYS, _NO, BACK = range(1, 5)


@pytest.fixture
def events(display):
    """Let a window see an event as if the user had caused it."""

    def happen(window, event, *arguments):
        window._window.dispatch_event(event, *arguments)
        window.poll_events()

    return happen


@pytest.fixture
def titled(game, open_window):
    """A window whose game shows its title; returns (game, window)."""
    game.screens = SCREENS
    game.flow.open_at_start()
    window = open_window(game, width=640, height=480)
    window.draw(1.0)
    return game, window


def place_of(window, number):
    """The middle of an item in pixels."""
    screens = window._screens
    box = next(one.box for one in screens._laid_out.items if one.number == number)
    return (box.x + 0.5 * box.width) * screens._scale, (box.y + 0.5 * box.height) * screens._scale


def color_at(window, x, y):
    shown = window.pixels()
    return tuple(shown[shown.shape[0] - 1 - int(y), int(x)].tolist())


def near(color, wanted, tolerance=8):
    return all(
        abs(a - (wanted >> shift & 255)) <= tolerance for a, shift in zip(color, (24, 16, 8), strict=True)
    )


def edge_of(window, number):
    """A pixel of an item where there are no letters."""
    x, y = place_of(window, number)
    return color_at(window, x - 150.0 * window._screens._scale, y)


def test_the_focused_button_is_seen_and_follows_the_mouse(titled, events):
    _, window = titled
    assert near(edge_of(window, 1), STYLE.focus)
    assert near(edge_of(window, 2), STYLE.button)
    events(window, "on_mouse_motion", *place_of(window, 2), 0, 0)
    window.draw(1.0)
    assert near(edge_of(window, 1), STYLE.button)
    assert near(edge_of(window, 2), STYLE.focus)
    events(window, "on_mouse_motion", *place_of(window, 3), 0, 0)
    window.draw(1.0)
    assert near(edge_of(window, 2), STYLE.focus), "what is disabled takes no focus"


def test_the_world_is_dimmed_and_clear_again_without_a_screen(titled):
    game, window = titled
    dimmed = color_at(window, 5, 200)
    game.flow.close()
    window.draw(1.0)
    assert sum(color_at(window, 5, 200)) > 1.5 * sum(dimmed)


def test_a_screen_shows_an_image(game, open_window, tmp_path):
    Image.new("RGBA", (8, 4), (255, 255, 0, 255)).save(tmp_path / "logo.png")
    game.image_settings = ImageSettings(FileNames(tmp_path))
    logo = ScreenItem(image="logo.png", image_size=(80.0, 40.0), color=Color(0xFF8000FF))
    game.screens = (Screen(name="title", at_start=True, items=(logo, ScreenItem(text="Hello"))),)
    game.flow.open_at_start()
    window = open_window(game, width=640, height=480)
    window.draw(1.0)
    x, y = place_of(window, 0)
    assert near(color_at(window, x, y), 0xFF8000FF)
    assert near(color_at(window, x - 33, y), 0xFF8000FF)  # 80 of 540 virtual pixels are 71 here
    assert not near(color_at(window, x - 38, y), 0xFF8000FF)


def test_a_click_presses_a_button_and_not_the_world(titled, events):
    from pyglet.window import mouse

    game, window = titled
    x, y = place_of(window, 2)
    events(window, "on_mouse_press", x, y, mouse.LEFT, 0)
    assert window.input.has_pressed_button
    row = window.next_row()
    assert (row[InputWord.BUTTON], row[InputWord.CLICK]) == (KEYS, 0)
    game.step(row)
    assert game.flow.screen.name == "keys"
    game.flow.close()
    game.flow.close()
    events(window, "on_mouse_press", 320, 240, mouse.LEFT, 0)
    row = window.next_row()
    assert (row[InputWord.BUTTON], row[InputWord.CLICK]) == (0, 1)
    assert mouse_of(row).tolist() == pytest.approx([5.0, 4.0], abs=0.1)


def test_keys_go_to_the_screen_and_f_keys_to_the_window(titled, events):
    from pyglet.window import key

    game, window = titled
    for symbol in (key.P, key.SPACE):
        events(window, "on_key_press", symbol, 0)
    row = window.next_row()
    assert row[InputWord.BUTTON] == PLAY
    assert states_of(row).tolist() == [0, 0], "the key that pressed Play does not jump"
    assert not game.paused
    game.step(row)
    assert states_of(window.next_row()).tolist() == [0, 0]
    game.flow.open_at_start()
    events(window, "on_key_press", key.F1, 0)
    assert window.overlays.shows_help


def test_a_pad_moves_the_focus_presses_and_plays(titled):
    game, window = titled
    window.input.move_axis("PAD_LEFT_Y", -0.9)
    window.input.press("PAD_A")
    row = window.next_row()
    assert row[InputWord.BUTTON] == KEYS
    game.step(row)
    window.input.press("PAD_B")
    assert window.next_row()[InputWord.BUTTON] == BACK


def test_the_help_shows_the_keys_that_the_player_has(titled, events):
    from pyglet.window import key

    game, window = titled
    game.flow.open("keys")
    for symbol in (key.ENTER, key.J, key.F1):
        events(window, "on_key_press", symbol, 0)
    window.draw(1.0)
    lines = window.overlays._help._text._label.text.splitlines()
    assert next(line.split()[1].strip(",") for line in lines if line.startswith("jump")) == "J"


def test_a_bound_key_counts_at_once_and_the_next_time(titled, events, open_window):
    from pyglet.window import key

    game, window = titled
    game.flow.open("keys")
    for symbol in (key.ENTER, key.J, key.ESCAPE):
        events(window, "on_key_press", symbol, 0)
    game.step(window.next_row())
    game.flow.close()
    events(window, "on_key_press", key.J, 0)
    assert (states_of(window.next_row()) & 1).tolist() == [0, 1]
    events(window, "on_key_press", key.F6, 0)
    assert game.paused
    game.flow.open("keys")
    for symbol in (key.ENTER, key.F6):
        events(window, "on_key_press", symbol, 0)
    game.flow.close()
    events(window, "on_key_press", key.F6, 0)
    assert game.paused, "a key that the player bound belongs to the game"
    game.flow.open("keys")
    for symbol in (key.ENTER, key.J):
        events(window, "on_key_press", symbol, 0)
    game.flow.close()
    again = open_window(game, width=640, height=480)
    events(again, "on_key_press", key.J, 0)
    assert (states_of(again.next_row()) & 1).tolist() == [0, 1]


def test_a_broken_file_of_bindings_is_a_message(game, open_window, tmp_path):
    file = tmp_path / "settings" / "a-test.json"
    file.parent.mkdir()
    file.write_text("{")
    window = open_window(game)
    noted = []
    window.overlays.note = lambda text, kind: noted.append((text, kind))
    for _ in range(3):
        window.poll_events()
    assert [kind for _, kind in noted] == [MessageKind.WARNING]
    assert str(file) in noted[0][0]


def test_another_game_is_shown_in_the_same_window(titled, game):
    _, window = titled
    other = type(game)()
    other.title, other.background = "Second", 0xC02040FF
    window.show(other)
    window.draw(1.0)
    assert window._window.caption == "Second"
    assert near(color_at(window, 320, 240), 0xC02040FF)
    assert window.next_row().size == InputWord.FIRST_ACTION + 2 * len(other.actions)


class FakePad:
    """Dispatches as pyglet's controllers do."""

    def __init__(self):
        self.handlers = {}
        self.is_open = False

    def open(self):
        self.is_open = True

    def push_handlers(self, **handlers):
        self.handlers |= handlers

    def do(self, event, *arguments):
        self.handlers[event](self, *arguments)


def test_a_pad_that_is_plugged_in_is_listened_to(game, open_window):
    from pyglet.math import Vec2

    from engine.input.bindings import Action
    from tests.engine.input.actions import actions_of

    game.actions = actions_of({"jump": ["PAD_A"], "up": ["PAD_UP"], "fire": ["PAD_RIGHT_TRIGGER+"]}) | {
        "move": Action(axis="PAD_RIGHT_X")
    }
    window, pad = open_window(game), FakePad()
    window._pads.listen_to(pad)
    assert pad.is_open
    pad.do("on_button_press", "a")
    pad.do("on_dpad_motion", Vec2(0.0, 1.0))
    pad.do("on_trigger_motion", "righttrigger", 0.75)
    pad.do("on_stick_motion", "rightstick", Vec2(1.0, 0.0))
    row = window.next_row()
    assert (states_of(row) & 1).tolist() == [1, 1, 1, 1]
    assert row.view(np.float64)[InputWord.FIRST_ACTION + 1 :: 2].tolist() == [1.0, 1.0, 0.75, 1.0]
    pad.do("on_button_release", "a")
    pad.do("on_dpad_motion", Vec2(0.0, 0.0))
    pad.do("on_trigger_motion", "righttrigger", 0.0)
    pad.do("on_stick_motion", "rightstick", Vec2(0.0, 0.0))
    assert (states_of(window.next_row()) & 1).tolist() == [0, 0, 0, 0]
