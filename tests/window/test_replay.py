"""What a window feeds a game replays it without the window, tick for tick."""

import numpy as np
import pytest

from engine.app import WindowOptions, run_window
from engine.game.session import GameSession

pytestmark = [pytest.mark.integration, pytest.mark.window]

SCENE = """
[scene]
size = [10.0, 8.0]
gravity = [0.0, 0.0]
[input]
left = ["A"]
fire = ["MOUSE_LEFT"]
menu = ["M"]
[[screen]]
name = "menu"
opens_on = "menu"
item = [{ button = "Go on", on_click = "resume" }, { button = "Anew", on_click = "restart" }]
[[entity]]
tag = "Probe"
position = [5.0, 4.0]
sprite = { radius = 3.0 }
script = "probe.rhai"
"""
PROBE = """
let trace = [];
fn on_update() {
    if is_action_down("left") { trace.push(tick); }
    if is_action_pressed("fire") { trace.push(mouse_position()); }
    if trace.len() > 20 { trace.clear(); }
}
fn on_click() { trace.push(random()); set_position(entity_id, mouse_position()); }
"""


class Recorder:
    """A session that keeps each row it is fed, and what came of it; a player acts before each tick."""

    def __init__(self, session):
        self._session = session
        self.rows, self.seen = [], []

    @property
    def game(self):
        return self._session.game

    def __getattr__(self, name):
        return getattr(self._session, name)

    @property
    def is_over(self):
        return self._session.is_over

    def step(self, row=None):
        self.rows.append(row.copy())
        done = self._session.step(row)
        self.seen.append((done, self.game.tick, self.game.state_hash()))
        return done


@pytest.fixture
def scene(tmp_path):
    (tmp_path / "scene.toml").write_text(SCENE)
    (tmp_path / "probe.rhai").write_text(PROBE)
    return tmp_path / "scene.toml"


def test_rows_of_a_window_replay_without_it(scene, display, monkeypatch, tmp_path):
    from pyglet.window import key, mouse

    from engine.app.window import GameWindow

    rng = np.random.default_rng(8)
    polled = GameWindow.poll_events

    def poll_with_a_player(self):
        polled(self)
        x, y = rng.integers(0, 320), rng.integers(0, 240)
        for _ in range(rng.integers(0, 3)):
            event = ("on_key_press", "on_key_release")[rng.integers(2)]
            symbol = (key.A, key.A, key.A, key.M, key.ENTER, key.DOWN)[rng.integers(6)]
            self._window.dispatch_event(event, symbol, 0)
        self._window.dispatch_event("on_mouse_motion", x, y, 0, 0)
        event = ("on_mouse_press", "on_mouse_release")[rng.integers(2)]
        self._window.dispatch_event(event, x, y, mouse.LEFT, 0)

    monkeypatch.setattr(GameWindow, "poll_events", poll_with_a_player)
    recorder = Recorder(GameSession(scene, shows_screens=True))
    options = WindowOptions(width=320, height=240, vsync=False, max_ticks=120, settings_folder=tmp_path)
    run_window(recorder, options)
    recorder._session.close()
    again = GameSession(scene, shows_screens=True)
    seen = [(again.step(row), again.game.tick, again.game.state_hash()) for row in recorder.rows]
    again.close()
    assert seen == recorder.seen
    assert len({state for _, _, state in seen}) > 30, "the player changed something"
    assert any(not done for done, _, _ in seen), "the menu was open at times"
