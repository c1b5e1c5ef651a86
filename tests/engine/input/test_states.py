"""Names of inputs, and the rows that come of inputs between ticks."""

import pytest

from engine.input.bindings import Action, Side
from engine.input.names import BUTTON_NAMES, canonical_name, is_button_name, shown_name, similar_names
from engine.input.row import InputWord, Pressing, mouse_of, states_of, values_of
from engine.input.states import ActionStates
from tests.engine.input.actions import actions_of

pytestmark = pytest.mark.unit

BINDINGS = actions_of({"left": ["A", "LEFT"], "jump": ["space", "PAD_A"], "fire": ["1", "SPACE"]})
D, P, R = int(Pressing.DOWN), int(Pressing.PRESSED), int(Pressing.RELEASED)
MOVE = Action(negative=("A", "LEFT"), positive=("D",), axis="PAD_LEFT_X", dead_zone=0.2)


def states(of):
    return states_of(of.next_row()).tolist()


@pytest.mark.parametrize(
    "name",
    ["A", "a", "LEFT", "Space", "1", "_1", "RETURN", "ESC", "F12", "NUM_0", "mouse_left", "PAD_LEFT_X-"],
)
def test_known_inputs(name):
    assert is_button_name(name)


@pytest.mark.parametrize("name", ["", "AA", "LEFFT", "F25", "é", "MOD_SHIFT", "PAD_LEFT_X", "MOUSE"])
def test_unknown_inputs(name):
    assert not is_button_name(name)


def test_aliases_and_hints():
    assert canonical_name("return") == "ENTER"
    assert "LEFT" in similar_names("lefft")


def test_every_input_has_a_name_of_its_own_in_menus():
    shown = {shown_name(name) for name in BUTTON_NAMES}
    assert len(shown) == len(BUTTON_NAMES)
    assert {"A", "1", "Space", "Left shift", "Pad A", "Wheel up", "Keypad 1"} <= shown


def test_an_action_is_down_while_any_of_its_inputs_is():
    of = ActionStates(BINDINGS)
    of.press("A")
    of.press("LEFT")
    assert states(of) == [D | P, 0, 0]
    of.release("A")
    assert states(of) == [D, 0, 0]
    of.release("LEFT")
    assert states(of) == [R, 0, 0]
    assert states(of) == [0, 0, 0]


def test_a_tap_between_two_ticks_counts_once():
    of = ActionStates(BINDINGS)
    of.press("SPACE")
    of.release("SPACE")
    row = of.next_row()
    assert states_of(row).tolist() == [0, D | P, D | P]
    assert values_of(row).tolist() == [0.0, 1.0, 1.0]
    assert states(of) == [0, R, R]
    assert states(of) == [0, 0, 0]


def test_up_and_down_again_between_two_ticks_is_told():
    of = ActionStates(BINDINGS)
    of.press("A")
    states(of)
    of.release("A")
    of.press("A")
    assert states(of) == [D | P | R, 0, 0]


def test_the_wheel_is_a_tap():
    of = ActionStates(actions_of({"next": ["WHEEL_UP"]}))
    of.press("WHEEL_UP")
    assert [states(of), states(of), states(of)] == [[D | P], [R], [0]]


def test_a_window_that_lost_the_keyboard_holds_nothing():
    of = ActionStates(BINDINGS)
    of.press("_1")
    of.release_all()
    assert states(of) == [0, 0, 0]
    assert of.is_bound("1")
    assert not of.is_bound("Q")


def test_a_screen_lets_go_of_everything():
    of = ActionStates(BINDINGS)
    of.press("A")
    states(of)
    assert states_of(of.next_row(takes_actions=False)).tolist() == [R, 0, 0]
    assert states_of(of.next_row(takes_actions=False)).tolist() == [0, 0, 0]
    assert states(of) == [D, 0, 0], "held still, and not pressed anew"


@pytest.mark.parametrize(
    ("stick", "value"), [(0.1, 0.0), (-0.2, 0.0), (1.0, 1.0), (-1.0, -1.0), (0.68, 0.6), (7.0, 1.0)]
)
def test_a_stick_moves_an_axis_from_its_dead_zone_on(stick, value):
    of = ActionStates({"move": MOVE})
    of.move_axis("PAD_LEFT_X", stick)
    row = of.next_row()
    assert values_of(row)[0] == pytest.approx(value)
    assert bool(states_of(row)[0] & D) == (abs(value) >= 0.5)


def test_keys_move_an_axis_and_cancel_each_other():
    of = ActionStates({"move": MOVE})
    of.press("A")
    assert values_of(of.next_row()).tolist() == [-1.0]
    of.press("D")
    assert values_of(of.next_row()).tolist() == [0.0]
    of.release("A")
    assert values_of(of.next_row()).tolist() == [1.0]


def test_half_an_axis_is_a_button_that_does_not_rattle():
    of = ActionStates(actions_of({"left": ["PAD_LEFT_X-"]}))
    assert of.move_axis("PAD_LEFT_X", -0.8) == ["PAD_LEFT_X-"]
    row = of.next_row()
    assert (states_of(row)[0], values_of(row)[0]) == (D | P, 0.8)
    assert of.move_axis("PAD_LEFT_X", -0.45) == []
    assert states(of) == [D]
    of.move_axis("PAD_LEFT_X", -0.3)
    assert states(of) == [R]


def test_mouse_click_and_button_are_in_one_row_only():
    of = ActionStates(BINDINGS)
    of.move_mouse(3.0, -2.5)
    of.click()
    of.press_button(4)
    assert of.has_button
    first, second = of.next_row(), of.next_row()
    assert mouse_of(first).tolist() == mouse_of(second).tolist() == [3.0, -2.5]
    assert (first[InputWord.CLICK], first[InputWord.BUTTON]) == (1, 4)
    assert (second[InputWord.CLICK], second[InputWord.BUTTON]) == (0, 0)


def test_other_bindings_of_the_same_actions():
    of = ActionStates(BINDINGS)
    of.bind(BINDINGS | {"left": BINDINGS["left"].rebound(Side.BUTTONS, "Q")})
    of.press("A")
    of.press("Q")
    assert states(of) == [D | P, 0, 0]
    assert not of.is_bound("A")


def test_a_new_key_takes_the_place_of_keys_and_leaves_the_pad():
    jump = BINDINGS["jump"].rebound(Side.BUTTONS, "MOUSE_RIGHT")
    assert jump.buttons == ("MOUSE_RIGHT", "PAD_A")
    assert jump.rebound(Side.BUTTONS, "PAD_B").buttons == ("MOUSE_RIGHT", "PAD_B")
