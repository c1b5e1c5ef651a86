"""The size of the window, full screen, and where a position of the window lies in the world."""

import time

import pytest

from engine.ecs.components import ShapeKind
from engine.render.camera import CameraSettings
from engine.scene.tables import Window

pytestmark = [pytest.mark.integration, pytest.mark.window]

RED = 0xE04030FF


def settled(window, wanted, is_right=lambda shown: True, seconds=5.0):
    """Draw until the window has the size and what is drawn is right, or for some seconds.

    The display server tells a new size before its buffer has it.
    """
    end = time.monotonic() + seconds
    while True:
        window.poll_events()
        window.draw(1.0)
        window.flip()
        window.draw(1.0)
        shown = window.pixels()
        if (shown.shape[1::-1] == wanted and is_right(shown)) or time.monotonic() > end:
            return shown


def press(window, name):
    from pyglet.window import key

    window._window.dispatch_event("on_key_press", getattr(key, name), 0)
    window.poll_events()


def black_rows(shown):
    return int((shown.max(axis=(1, 2)) == 0).sum())


def test_a_virtual_resolution_keeps_its_shape_when_the_window_changes(game, open_window):
    game.window = Window(virtual=(160, 90))
    window = open_window(game, 320, 180)
    assert black_rows(settled(window, (320, 180))) == 0
    window._window.set_size(400, 405)
    shown = settled(window, (400, 405), lambda shown: black_rows(shown) == 180)
    assert (shown.shape, black_rows(shown)) == ((405, 400, 3), 180)
    assert window.viewport.picture == (400, 225)


def test_positions_of_the_window_are_positions_of_the_world(game, open_window):
    game.size = (100.0, 100.0)
    target = game.sprite(ShapeKind.BOX, 50.0, 50.0, SPRITE_COLOR=RED)
    game.camera = CameraSettings(follow=target, pixels_per_metre=20.0)
    game.window = Window(virtual=(200, 100))
    window = open_window(game, 400, 320)
    assert window.world_position(200.0, 160.0) == (50.0, 50.0)
    assert window.world_position(0.0, 60.0) == pytest.approx((45.0, 47.5))
    assert window.world_position(200.0, 0.0)[1] < 47.5, "the bar below has places too"


def test_the_key_fills_the_screen_and_goes_back(game, open_window):
    window = open_window(game, 400, 320)
    settled(window, (400, 320))
    screen = (window._window.screen.width, window._window.screen.height)
    press(window, "F11")
    assert window._window.fullscreen
    assert settled(window, screen).shape[1::-1] == screen
    press(window, "F11")
    assert not window._window.fullscreen
    assert settled(window, (400, 320)).shape == (320, 400, 3)


def test_the_screenshot_key_saves_what_is_seen(game, open_window, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    game.tick = 12
    game.sprite(ShapeKind.BOX, 5.0, 4.0, SPRITE_COLOR=RED)
    window = open_window(game)
    window.draw(1.0)
    press(window, "F12")
    from PIL import Image

    with Image.open(tmp_path / "screenshot-12.png") as saved:
        assert saved.size == (400, 320)
        assert saved.getpixel((200, 160))[0] > 150


def test_the_scene_says_how_the_window_opens(game, display):
    from engine.app.window import GameWindow

    game.window = Window(size=(333, 222), resizable=False)
    window = GameWindow(game)
    try:
        assert window._window.get_size() == (333, 222)
        assert not window._window.resizeable
    finally:
        window.close()
    game.window = Window(virtual=(160, 90))
    window = GameWindow(game)
    try:
        assert window._window.get_size() == (960, 540)
    finally:
        window.close()


def test_a_window_that_begins_as_large_as_the_screen_can_become_small(game, display):
    from engine.app.window import GameWindow

    game.window = Window(size=(333, 222), fullscreen=True)
    window = GameWindow(game)
    try:
        screen = (window._window.screen.width, window._window.screen.height)
        assert (window._window.fullscreen, window._window.get_size()) == (True, screen)
        press(window, "F11")
        assert settled(window, (333, 222)).shape == (222, 333, 3)
    finally:
        window.close()


def test_another_scene_gives_the_images_of_the_first_back(game, open_window, tmp_path):
    from pyglet import gl

    window = open_window(game)
    window.draw(1.0)
    first = window._picture.world.texture.name
    assert gl.glIsTexture(first)
    other = type(game)()
    other.sprite(ShapeKind.BOX, 5.0, 4.0, SPRITE_COLOR=RED)
    window.show(other)
    window.draw(1.0)
    assert window._picture.world.texture.name == first or not gl.glIsTexture(first)
    assert window.pixels()[160, 200, 0] > 150
    window.close()
    window.close()
