"""Names of keys, and states of actions between ticks."""

import pytest

from engine.input import ActionStates, canonical_key_name, is_key_name, similar_key_names

pytestmark = pytest.mark.unit

BINDINGS = {"left": ["A", "LEFT"], "jump": ["space"], "fire": ["1", "SPACE"]}


@pytest.mark.parametrize("name", ["A", "a", "LEFT", "Space", "1", "_1", "RETURN", "ESC", "F12", "NUM_0"])
def test_known_keys(name):
    assert is_key_name(name)


@pytest.mark.parametrize("name", ["", "AA", "LEFFT", "F25", "é", "MOD_SHIFT"])
def test_unknown_keys(name):
    assert not is_key_name(name)


def test_aliases_and_hints():
    assert canonical_key_name("return") == "ENTER"
    assert "LEFT" in similar_key_names("lefft")


def test_an_action_is_down_while_any_of_its_keys_is():
    states = ActionStates(BINDINGS)
    states.press("A")
    states.press("LEFT")
    assert states.next_tick().tolist() == [1, 0, 0]
    states.release("A")
    assert states.next_tick().tolist() == [1, 0, 0]
    states.release("LEFT")
    assert states.next_tick().tolist() == [0, 0, 0]


def test_a_tap_between_two_ticks_counts_once():
    states = ActionStates(BINDINGS)
    states.press("SPACE")
    states.release("SPACE")
    assert states.next_tick().tolist() == [0, 1, 1]
    assert states.next_tick().tolist() == [0, 0, 0]


def test_a_window_that_lost_the_keyboard_holds_nothing():
    states = ActionStates(BINDINGS)
    states.press("_1")
    states.release_all()
    assert states.next_tick().tolist() == [0, 0, 0]
    assert states.is_bound("1")
    assert not states.is_bound("Q")
