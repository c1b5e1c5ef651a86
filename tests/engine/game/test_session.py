"""A run over scenes: changes, restarts, pauses, screens and the end, from scripts and from buttons."""

import weakref

import numpy as np
import pytest

from engine.errors import SceneError
from engine.game.session import GameSession
from engine.input.row import InputWord, empty_row, held_row

pytestmark = pytest.mark.integration

SCENE = """
[scene]
name = "{name}"
seed = {seed}
[input]
go = ["SPACE"]
menu = ["ESCAPE"]
[[screen]]
name = "title"
at_start = true
item = [
    {{ title = "Hello" }},
    {{ button = "Play", on_click = "close" }},
    {{ button = "More", on_click = "open more" }},
]
[[screen]]
name = "more"
pauses = {pauses}
opens_on = "menu"
back = "resume"
item = [
    {{ button = "Again", on_click = "restart" }},
    {{ button = "Other", on_click = "scene second.toml" }},
    {{ button = "Buy", on_click = "call buy" }},
    {{ button = "Leave", on_click = "quit" }},
    {{ button = "Never", on_click = "quit", disabled = true }},
    {{ button = "Title", on_click = "scene" }},
]
[[entity]]
tag = "Probe"
text = {{}}
script = "{script}.rhai"
"""
PLAY, MORE, AGAIN, OTHER, BUY, LEAVE, NEVER, TITLE, BACK = range(1, 10)
"""Numbers of the buttons, in the order of the file."""


@pytest.fixture
def begin(folder):
    """Write two scenes and a script, and begin a session; it is closed at the end."""
    sessions = []

    def begin_it(script="", *, pauses="true", **options):
        folder.write("first.toml", SCENE.format(name="First", seed=1, script="probe", pauses=pauses))
        folder.write("second.toml", SCENE.format(name="Second", seed=2, script="other", pauses=pauses))
        folder.write("probe.rhai", script)
        folder.write("other.rhai", "fn on_update() { if tick == 1 { print(`other at ${tick}`); } }")
        sessions.append(GameSession(folder.path / "first.toml", **options))
        return sessions[-1]

    yield begin_it
    for session in sessions:
        session.close()


def press(session, button):
    row = empty_row(2)
    row[InputWord.BUTTON] = button
    return session.step(row)


def asking(call):
    return f"fn on_update() {{ if tick == 2 {{ {call}; }} }}"


def run(session, steps):
    return [session.step() for _ in range(steps)]


def test_another_scene_takes_the_place_of_the_present_one(begin):
    session = begin(asking('load_scene("second.toml")'))
    first = session.game
    run(session, 3)
    assert session.game is not first
    assert (session.game.title, session.game.tick, session.ticks, session.game.scene.seed) == (
        "Second",
        0,
        3,
        2,
    )
    run(session, 2)
    assert session.game.drain_log() == ["other at 1"]
    assert session.ticks == 5


def test_a_button_leads_back_to_the_title_of_the_present_scene(begin):
    session = begin(shows_screens=True)
    press(session, PLAY)
    session.step()
    first = session.game
    first.flow.open("more")
    press(session, TITLE)
    assert session.game is not first
    assert session.game.scene.file == first.scene.file
    assert session.game.flow.screen.name == "title"


def test_the_game_of_a_scene_that_was_left_is_not_kept(begin):
    session = begin(asking("restart()"))
    left = weakref.ref(session.game)
    run(session, 3)
    assert left() is None


def test_a_given_seed_holds_for_all_scenes(begin):
    session = begin(asking('load_scene("second.toml")'), seed=77)
    run(session, 3)
    assert (session.game.title, session.game.scene.seed) == ("Second", 77)


def test_a_restart_begins_the_same_scene_anew(begin):
    session = begin("fn on_update() { set_text(entity_id, `${random()}`); if tick == 3 { restart(); } }")
    fresh = session.game.state_hash()
    first = []
    for _ in range(4):
        session.step()
        first.append(session.game.state_hash())
    assert first[-1] == fresh
    again = []
    for _ in range(3):
        session.step()
        again.append(session.game.state_hash())
    assert again == first[:3]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone.toml", 'no such file: "gone.toml"'),
        ("secnd.toml", "did you mean `second.toml`?"),
        ("../first.toml", "leads out of the scene's folder"),
        ("broken.toml", "unknown table"),
        ("first.txt", "scenes end in .toml"),
    ],
)
def test_a_scene_that_cannot_be_loaded_is_told_and_the_old_one_runs_on(begin, folder, name, message):
    folder.write("broken.toml", "[scen]\n")
    session = begin(f'fn on_update() {{ if tick > 1 {{ load_scene("{name}"); }} }}')
    assert all(run(session, 5))
    assert session.game.title == "First"
    assert message in session.game.script_errors()[0]
    assert len(session.game.script_errors()) == 1
    assert len(session.game.log.take_warnings()) == 1, "told once"


def test_the_first_scene_must_be_there(folder):
    with pytest.raises(SceneError):
        GameSession(folder.path / "none.toml")


def test_scenes_of_one_game_share_settings(folder):
    keys = ("name = 'One'", "name = 'One'\ngame = 'Saga'", "")
    names = [folder.game(f"[scene]\n{each}\n").settings_name for each in keys]
    assert names == ["One", "Saga", "scene"]


def test_quit(begin):
    session = begin(asking("quit()"))
    assert [session.is_over, *run(session, 3), session.is_over] == [False, True, True, True, True]


def test_a_pause_stops_ticks_until_a_button_resumes(begin):
    session = begin('fn on_update() { if tick == 2 { print(is_paused()); pause(); open_screen("more"); } }')
    assert run(session, 5) == [True, True, True, False, False]
    assert (session.game.tick, session.game.flow.screen.name) == (3, "more")
    assert session.game.drain_log() == ["false"]
    assert press(session, BACK), "resumed, so the step does a tick"
    assert session.game.flow.screen is None
    assert session.game.tick == 4


def test_a_screen_of_the_start_is_for_who_can_see_it(begin):
    assert run(begin(), 1) == [True]
    session = begin(shows_screens=True)
    assert run(session, 2) == [False, False]
    assert press(session, PLAY)
    assert session.game.flow.screen is None
    session = begin(asking("restart()"), shows_screens=True)
    press(session, PLAY)
    run(session, 2)
    assert (session.game.tick, session.game.flow.screen) == (0, None), "not shown again by a restart"


def test_screens_lie_over_each_other(begin):
    session = begin(shows_screens=True)
    press(session, MORE)
    assert session.game.flow.screen.name == "more"
    assert not press(session, PLAY), "a button of a screen below does nothing"
    assert session.game.flow.screen.name == "more"
    press(session, BUY)
    press(session, NEVER)
    assert not session.is_over
    press(session, BACK)
    assert session.game.flow.screen is None, "resume closes all screens that pause"


def test_buttons_restart_change_the_scene_and_quit(begin):
    session = begin('fn on_spawn() { open_screen("more"); }')
    first = session.game
    assert not press(session, AGAIN)
    assert session.game is not first
    assert not press(session, OTHER)
    assert session.game.title == "Second"
    session = begin('fn on_spawn() { open_screen("more"); }')
    press(session, LEAVE)
    assert session.is_over


def test_an_action_opens_its_screen_and_a_button_calls_scripts(begin):
    session = begin("fn on_button(name) { print(`${name} at ${tick}`); close_screen(); }")
    session.step(held_row(empty_row(2), np.array([0, 1])))
    assert session.game.flow.screen.name == "more"
    assert not session.step()
    assert press(session, BUY)
    assert session.game.drain_log() == ["buy at 0"]
    assert session.game.error_reports == []


def test_a_screen_that_does_not_pause(begin):
    session = begin("", pauses="false")
    session.step(held_row(empty_row(2), np.array([0, 1])))
    assert run(session, 3) == [True, True, True]
    assert session.game.flow.screen.name == "more"


@pytest.mark.parametrize("call", ["pause()", 'open_screen("more")'])
def test_pause_and_screens_are_part_of_the_state(begin, call):
    plain = begin(asking("resume()"))
    run(plain, 3)
    halted = begin(asking(call))
    run(halted, 3)
    assert plain.game.tick == halted.game.tick == 3
    assert plain.game.state_hash() != halted.game.state_hash()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('open_screen("no")', 'no [[screen]] of the scene is called "no"'),
        ("open_screen(3)", "a string is expected"),
        ("load_scene(3)", "a string is expected"),
        ("for i in 0..2000 { close_screen(); }", "too much was asked for in this tick"),
    ],
)
def test_what_makes_no_sense_is_an_error_at_the_call(begin, call, message):
    session = begin(asking(call))
    run(session, 4)
    assert message in session.game.error_reports[0].message
    assert session.ticks == 4


def test_a_scene_that_loads_itself_at_birth_comes_to_an_end_each_step(begin):
    session = begin("fn on_spawn() { restart(); }")
    seen = set()
    for _ in range(4):
        assert not session.step()
        seen.add(id(session.game))
    assert session.ticks == 0


def test_rows_over_scenes_replay_the_session(begin):
    rng = np.random.default_rng(5)
    rows = []
    for _ in range(120):
        row = held_row(rows[-1] if rows else empty_row(2), rng.integers(0, 2, 2))
        row[InputWord.BUTTON] = rng.choice([0, 0, PLAY, MORE, AGAIN, OTHER, BUY, BACK])
        rows.append(row)
    script = "fn on_input(action, pressed) { set_text(entity_id, `${random()}`); }"

    def play():
        session = begin(script, shows_screens=True)
        return [(session.step(row), session.ticks, session.game.state_hash()) for row in rows]

    first = play()
    assert len({ticks for _, ticks, _ in first}) > 20
    assert play() == first


def test_scenes_that_may_come_next_are_made_ready_whatever_is_wrong_with_them(begin, folder):
    folder.write("broken.toml", "[scen]\n")
    folder.write("bad.toml", '[[entity]]\nscript = "bad.rhai"\n')
    folder.write("bad.rhai", "fn (")
    session = begin(asking('load_scene("second.toml")'), shows_screens=True)
    session._next_scenes._thread.join(30.0)
    assert not session._next_scenes._thread.is_alive()
    press(session, PLAY)
    run(session, 2)
    assert session.game.title == "Second"
    assert session.game.script_errors() == []


SHARES = """
let seen = get_global("seen");
fn on_update() {
    print(`${seen} at ${tick}`);
    if tick == 1 { set_global("seen", [tick, #{ a: "text" }, (1.0, 2.0)]); set_global("more", tick); CALL }
}
"""


def test_shared_values_go_along_to_the_next_scene(begin, folder):
    session = begin(SHARES.replace("CALL", 'load_scene("second.toml");'))
    folder.write("other.rhai", "fn on_spawn() { print(`${get_global(`seen`)} ${get_global(`more`)}`); }")
    run(session, 2)
    assert session.game.drain_log() == ['[1, #{"a": "text"}, (1.0, 2.0)] 1']


def test_a_scene_that_begins_anew_has_the_values_with_which_it_began(begin):
    session = begin(SHARES.replace("CALL", "restart();"))
    fresh = session.game.state_hash()
    run(session, 2)
    assert session.game.drain_log() == []
    assert session.game.state_hash() == fresh
    run(session, 1)
    assert session.game.drain_log() == [" at 0"]


def test_many_shared_values_find_room(begin, folder):
    before = begin('fn on_update() { for i in 0..99 { set_global(`${i}`, `${i}`.pad(900, "x")); } }')
    folder.write("tell.rhai", 'fn on_spawn() { print(get_global("98").len()); }')
    before.step()
    assert [failure.diagnostic for failure in before.game.error_reports] == []
    contents = before.game.scripts.globals.contents()
    assert len(contents) == 99
    game = folder.game('[[entity]]\nscript = "tell.rhai"\n')
    game.scripts.globals.fill(contents)
    assert [one.name for one in game.scripts.globals.contents()] == [one.name for one in contents]
    assert (game.scripts.globals.state == before.game.scripts.globals.state).all()


def test_plugins_register_with_each_game(begin):
    class Counting:
        worlds = ()

        def register(self, host):
            self.worlds += (host.world,)
            host.function(lambda: len(self.worlds), name="games")

    plugin = Counting()
    session = begin('fn on_update() { load_scene("second.toml"); }', plugins=[plugin])
    run(session, 1)
    assert len(plugin.worlds) == 2
    assert session.game.world is plugin.worlds[-1]
