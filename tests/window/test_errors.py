"""The panel of errors in a window: what it shows, and what its keys do."""

import sys
from pathlib import Path

import numpy as np
import pytest

from engine.render.view import Fault, Place

pytestmark = [pytest.mark.integration, pytest.mark.window]


def faults(count, folder=Path("/nowhere")):
    return [
        Fault(
            f"scripts/größe_{number}.rhai",
            f"scripts/größe_{number}.rhai:1:9: Function not found: 名前\n"
            "    1 | let x = 名前();\n      |         ^",
            entities=number,
            place=Place(folder / f"größe_{number}.rhai", 1, 9),
            is_script=True,
        )
        for number in range(count)
    ]


def picture(window):
    window.draw(1.0)
    return window.pixels()


@pytest.fixture
def press(display):
    from pyglet.window import key

    def press_it(window, *names):
        for name in names:
            window._window.dispatch_event("on_key_press", getattr(key, name), 0)
            window._window.dispatch_event("on_key_release", getattr(key, name), 0)
            window.poll_events()

    return press_it


@pytest.mark.parametrize("size", [(1000, 600), (320, 240), (120, 90), (1, 1)])
def test_every_number_of_errors_fits_into_every_window(size, game, open_window, press):
    window = open_window(game, *size)
    calm = picture(window)
    for count in (1, 3, 30):
        game.errors = faults(count)
        shown = picture(window)
        assert size == (1, 1) or not np.array_equal(shown, calm)
        free = size[1] // 3 if size[1] > 200 else 0
        assert np.array_equal(shown[:free], calm[:free]), "the game stays in sight"
        press(window, "F2", "DOWN")
        picture(window)
        game.errors = []
        assert np.array_equal(picture(window), calm)


def test_keys_choose_retry_dismiss_and_go_back(game, open_window, press):
    window = open_window(game, 800, 600)
    game.errors = faults(3)
    first = picture(window)
    press(window, "R", "DOWN")
    assert game.reloaded == [], "the game has the keys"
    press(window, "F2", "DOWN")
    assert not np.array_equal(picture(window), first)
    press(window, "R")
    assert game.reloaded == ["scripts/größe_1.rhai"]
    press(window, "DELETE")
    assert [one.name for one in window.tools.errors.faults] == [
        "scripts/größe_2.rhai",
        "scripts/größe_0.rhai",
    ]
    press(window, "ESCAPE")
    assert not window.closed, "Escape gave the keys back"
    press(window, "ESCAPE")
    assert window.closed


def test_enter_opens_the_editor_and_says_so(game, open_window, press, tmp_path):
    from engine.app.editor import Editor

    window = open_window(game, 800, 600)
    game.errors = faults(1, tmp_path)
    press(window, "F2")
    picture(window)
    press(window, "F2", "ENTER")
    assert "no editor is set" in window.overlays._feed.visible(0.0)[0].text
    window._editor = Editor(f"{sys.executable} -c pass {{file}}")
    press(window, "ENTER")
    assert window.overlays._feed.visible(0.0)[-1].text == "opened größe_0.rhai:1"


def test_an_editor_that_is_none_is_refused_as_an_option_and_told_as_a_setting(game, monkeypatch):
    from engine.tools.errors import BadInput
    from engine.tools.run import RunOptions, _editor

    with pytest.raises(BadInput, match="does not say where the file goes"):
        _editor(RunOptions(editor="code -g"), game)
    monkeypatch.setenv("ASTRAWEAVE_EDITOR", "code -g")
    assert _editor(RunOptions(), game).words == ()
    assert "does not say where the file goes" in game.warnings[0]
