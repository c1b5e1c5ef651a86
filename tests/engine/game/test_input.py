"""Input in a game: what scripts see of a row, the callbacks it causes, and that rows replay a run."""

import numpy as np
import pytest

from engine.input.bindings import Action
from engine.input.row import InputWord, RowError, empty_row, held_row, mouse_of, values_of
from engine.input.states import ActionStates

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[input]
left = ["A"]
jump = ["SPACE"]
move = { negative = ["A"], positive = ["D"], axis = "PAD_LEFT_X" }
[[entity]]
tag = "Probe"
script = "probe.rhai"
"""
EMPTY = empty_row(3)


def failures(game):
    return [failure.diagnostic for failure in game.error_reports]


def test_scripts_see_presses_releases_values_and_the_mouse(folder):
    game = folder.game(
        SCENE,
        probe="""fn on_update() {
            let left = [is_action_down("left"), is_action_pressed("left"), is_action_released("left")];
            print(`${left} ${action_value("move")} ${mouse_position()}`);
        }""",
    )
    row = held_row(EMPTY, np.array([1, 0, 0]))
    values_of(row)[2] = -0.25
    mouse_of(row)[:] = 1.5, -2.0
    game.set_input(row)
    game.step()
    game.step()
    game.set_actions(np.array([0, 0, 0]))
    game.step()
    assert failures(game) == []
    assert game.drain_log() == [
        "[true, true, false] -0.25 (1.5, -2.0)",
        "[true, false, false] -0.25 (1.5, -2.0)",
        "[false, false, true] 0.0 (1.5, -2.0)",
    ]


def test_on_input_is_told_by_script_then_entity_then_action(folder):
    scene = SCENE + '[[entity]]\nscript = "also.rhai"\n[[entity]]\nscript = "probe.rhai"\n'
    tell = "fn on_input(action, pressed) {{ print(`{0} ${{entity_id}} ${{action}} ${{pressed}}`); }}"
    game = folder.game(scene, probe=tell.format("probe"), also="fn on_input(action) { print(action); }")
    game.set_actions(np.array([1, 1, 0]))
    game.step()
    assert game.drain_log() == [
        *("left", "jump"),
        *("probe 1 left true", "probe 1 jump true"),
        *("probe 3 left true", "probe 3 jump true"),
    ]
    game.step()
    assert game.drain_log() == [], "what stays down is told once"
    game.set_actions(np.array([0, 1, 0]))
    game.step()
    assert game.drain_log() == ["left", "probe 1 left false", "probe 3 left false"]


CLICKS = """
[scene]
gravity = [0.0, 0.0]
[[entity]]
position = [2.0, 2.0]
sprite = { shape = "circle", radius = 1.0, layer = 1 }
script = "tell.rhai"
[[entity]]
position = [2.5, 2.0]
rotation = 0.785398
sprite = { shape = "box", size = [2.0, 2.0] }
script = "tell.rhai"
[[entity]]
position = [8.0, 2.0]
collider = { polygon = [[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]] }
script = "tell.rhai"
[[entity]]
position = [2.0, 2.0]
sprite = { shape = "box", size = [9.0, 9.0], layer = 5 }
script = "quiet.rhai"
[[entity]]
position = [20.0, 2.0]
sprite = { shape = "box", size = [2.0, 2.0], visible = false }
script = "tell.rhai"
"""


@pytest.mark.parametrize(
    ("place", "clicked"),
    [
        ((2.0, 2.0), ["1"]),  # above the box
        ((2.9, 2.9), ["2"]),  # beside the circle
        ((3.8, 2.0), ["2"]),  # the corner of the turned box
        ((3.4, 2.9), []),  # where its corner is not
        ((8.2, 2.2), ["3"]),
        ((9.5, 3.5), []),
        ((20.0, 2.0), []),
        ((30.0, 9.0), []),
    ],
)
def test_the_topmost_entity_with_on_click_is_told(folder, place, clicked):
    game = folder.game(CLICKS, tell="fn on_click() { print(entity_id); }", quiet="")
    row = empty_row(0)
    row[InputWord.CLICK] = 1
    mouse_of(row)[:] = place
    game.set_input(row)
    game.step()
    game.step()
    assert game.drain_log() == clicked
    assert failures(game) == []


def test_a_row_of_another_scene_is_refused(folder):
    game = folder.game(SCENE, probe="")
    with pytest.raises(RowError):
        game.set_input(empty_row(2))


RANDOM = """
let place = (0.0, 0.0);
let heard = [];
fn on_update() {
    place += (action_value("move") * delta_time, 0.0);
    if is_action_pressed("jump") { place += mouse_position() * random(); }
    set_position(entity_id, place);
}
fn on_input(action, pressed) { heard.push(`${action}${pressed}`); if heard.len() > 9 { heard.remove(0); } }
fn on_click() { heard.clear(); }
"""


def test_rows_of_a_run_replay_it(folder):
    """Keys, a stick, the mouse and clicks at random; what was fed is all that another game needs."""
    scene = SCENE + "sprite = { radius = 2.0 }\n"
    actions = {name: Action(buttons=(key,)) for name, key in (("left", "A"), ("jump", "SPACE"))}
    states = ActionStates(actions | {"move": Action(negative=("A",), positive=("D",), axis="PAD_LEFT_X")})
    rng = np.random.default_rng(3)
    game, rows, hashes = folder.game(scene, probe=RANDOM), [], []
    for _ in range(300):
        for _ in range(rng.integers(0, 3)):
            change = (states.press, states.release)[rng.integers(2)]
            change(("A", "D", "SPACE")[rng.integers(3)])
        states.move_axis("PAD_LEFT_X", float(rng.uniform(-1.0, 1.0)))
        states.move_mouse(*rng.uniform(-3.0, 3.0, 2).tolist())
        if rng.integers(9) == 0:
            states.click()
        rows.append(states.next_row())
        game.set_input(rows[-1])
        game.step()
        hashes.append(game.state_hash())
    assert failures(game) == []
    again, seen = folder.game(scene), []
    for row in np.array(rows):
        again.set_input(row)
        again.step()
        seen.append(again.state_hash())
    assert len(set(hashes)) == 300
    assert seen == hashes
