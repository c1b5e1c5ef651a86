"""The key that takes ticks back while it is held, in a real window."""

from itertools import pairwise

import pytest

from engine.app import WindowOptions, run_window
from engine.app.window import GameWindow
from engine.game.session import GameSession

pytestmark = [pytest.mark.integration, pytest.mark.window]

SCENE = '[input]\nright = ["D"]\n[[entity]]\nsprite = { radius = 1.0 }\nscript = "a.rhai"\n'


@pytest.mark.parametrize("name", ["BACKSPACE", "F10"])
def test_ticks_go_back_while_the_key_is_held_and_on_from_there(tmp_path, display, monkeypatch, name):
    from pyglet.window import key

    (tmp_path / "scene.toml").write_text(SCENE)
    (tmp_path / "a.rhai").write_text("let n = 0; fn on_update() { n += 1; }")
    session = GameSession(tmp_path / "scene.toml", rewinds=True)
    polled, seen, signs = GameWindow.poll_events, [], []

    def poll_with_a_player(self):
        polled(self)
        seen.append(session.game.tick)
        signs.append(self.overlays.rewind)
        if len(seen) in (40, 70):
            event = "on_key_press" if len(seen) == 40 else "on_key_release"
            self._window.dispatch_event(event, getattr(key, name), 0)

    monkeypatch.setattr(GameWindow, "poll_events", poll_with_a_player)
    options = WindowOptions(
        width=320, height=240, vsync=False, max_frames=100, settings_folder=tmp_path / "set"
    )
    run_window(session, options)
    session.close()
    assert seen[39] > seen[69] < seen[-1]
    assert all(before >= after for before, after in pairwise(seen[41:70]))
    assert signs[38] is None
    assert signs[60] == (max(seen[:42]) - seen[60], seen[60])
    assert signs[-1] is None
    assert session.game.scripts.state(1, "a.rhai")["n"] == session.game.tick
