"""Keys, mouse and pad in an open screen: focus, presses, the way back, and binding of keys."""

import pytest

from engine.input.bindings import Action, Side
from engine.input.kept import PlayerBindings
from engine.scene.screen_checks import bind_targets
from engine.scene.screens import Screen, ScreenItem
from engine.screens.menu import WAITING, Menu
from tests.engine.input.actions import actions_of

pytestmark = pytest.mark.unit

ACTIONS = actions_of({"jump": ["SPACE", "PAD_A"]}) | {"move": Action(negative=("A",), positive=("D",))}
SCREENS = (
    Screen(
        name="main",
        items=(
            ScreenItem(button="Play", on_click="close"),
            ScreenItem(button="Keys", on_click="open keys"),
        ),
    ),
    Screen(
        name="keys",
        back="close",
        items=(
            ScreenItem(bind="jump"),
            ScreenItem(bind="move.negative"),
            ScreenItem(button="Reset", on_click="reset_bindings"),
        ),
    ),
)
PLAY, KEYS, _RESET, BACK = range(1, 5)


class Player:
    """A menu with one screen open, and what came of it."""

    def __init__(self, screen):
        self.pressed = []
        self.bindings = PlayerBindings(ACTIONS, None)
        self.menu = Menu(SCREENS, self.bindings, bind_targets(ACTIONS), self.pressed.append)
        self.menu.show(screen)

    def press(self, *names, at=-1):
        return [self.menu.press(name, at) for name in names]


@pytest.mark.parametrize("key", ["ENTER", "SPACE", "PAD_A"])
def test_the_first_button_has_the_focus_and_is_pressed(key):
    player = Player(0)
    player.press(key)
    assert player.pressed == [PLAY]


@pytest.mark.parametrize("down", ["DOWN", "TAB", "PAD_DOWN", "PAD_LEFT_Y-", "UP"])
def test_keys_move_the_focus_around(down):
    player = Player(0)
    player.press(down, "ENTER")
    assert player.pressed == [KEYS]


def test_the_mouse_takes_the_focus_along_and_presses_what_is_under_it():
    player = Player(0)
    player.menu.point_at(1)
    assert player.menu.focus == 1
    player.menu.point_at(-1)
    assert player.menu.focus == 1
    player.press("MOUSE_LEFT", at=-1)
    assert player.pressed == []
    player.press("MOUSE_LEFT", at=0)
    assert player.pressed == [PLAY]


@pytest.mark.parametrize("key", ["ESCAPE", "PAD_B", "BACKSPACE"])
def test_the_way_back(key):
    first, second = Player(0), Player(1)
    first.press(key)
    second.press(key)
    assert (first.pressed, second.pressed) == ([], [BACK])


def test_a_screen_that_lay_below_another_has_its_focus_again():
    player = Player(0)
    player.press("DOWN")
    player.menu.show(1)
    assert player.menu.focus == 0
    player.menu.show(0)
    assert player.menu.focus == 1
    player.menu.show(-1)
    player.press("ENTER")
    player.menu.show(0)
    assert (player.menu.focus, player.pressed) == (0, [])


def test_a_line_is_bound_to_the_next_key():
    player = Player(1)
    assert player.menu.value_of("jump") == "Space"
    assert player.press("ENTER") == [False]
    assert player.menu.value_of("jump") == WAITING
    player.menu.point_at(2)
    assert player.menu.focus == 0, "the mouse does not take the focus while a key is waited for"
    assert player.press("DOWN") == [True]
    assert player.bindings.actions["jump"].inputs(Side.BUTTONS) == ("DOWN", "PAD_A")
    assert player.pressed == []
    player.press("DOWN", "ENTER")
    assert player.press("MOUSE_RIGHT") == [True]
    assert player.bindings.actions["move"].negative == ("MOUSE_RIGHT",)
    player.press("DOWN")
    assert player.press("ENTER") == [True]
    assert player.bindings.actions == ACTIONS


def test_escape_keeps_the_old_key():
    player = Player(1)
    assert player.press("ENTER", "ESCAPE") == [False, False]
    assert player.bindings.actions == ACTIONS
    assert player.menu.value_of("jump") == "Space"


def test_lines_show_what_the_player_has_in_his_hands_and_conflicts():
    player = Player(1)
    player.press("PAD_DOWN")
    assert player.menu.value_of("jump") == "Pad A"
    player.press("ENTER", "SPACE")
    assert player.menu.value_of("jump") == "Space  (also move.negative)"
    assert player.menu.other_users("move.negative") == ["jump"]


def test_without_an_open_screen_nothing_happens():
    player = Player(-1)
    assert player.press("ENTER", "ESCAPE") == [False, False]
    assert player.pressed == []
