"""What a window draws, probed pixel by pixel."""

import math
import time

import numpy as np
import pytest

from engine.ecs.components import Component, Field, ShapeKind
from engine.render.camera import CameraSettings
from engine.render.view import Fault, Message, MessageKind

pytestmark = [pytest.mark.integration, pytest.mark.window]

BACKGROUND = (0x20, 0x30, 0x40)
RED, GREEN, BLUE = 0xE04030FF, 0x30C060FF, 0x4060E0FF
CIRCLE, BOX, TRIANGLE = ShapeKind.CIRCLE, ShapeKind.BOX, ShapeKind.TRIANGLE


def rgb(color):
    return color >> 24 & 255, color >> 16 & 255, color >> 8 & 255


def picture(window, alpha=1.0):
    window.draw(alpha)
    return window.pixels()


def pixel(shown, x, y, scale=40.0):
    """The colour at a position of the world whose lower left corner is that of the window."""
    return tuple(shown[shown.shape[0] - 1 - int(y * scale), int(x * scale)].tolist())


def close(color, expected, tolerance=12):
    return all(abs(a - b) <= tolerance for a, b in zip(color, expected, strict=True))


def test_shapes_have_their_outlines_and_colours(game, open_window):
    game.sprite(CIRCLE, 2.0, 4.0, SPRITE_COLOR=RED)
    game.sprite(BOX, 5.0, 4.0, SPRITE_COLOR=GREEN)
    game.sprite(TRIANGLE, 8.0, 4.0, SPRITE_COLOR=BLUE)
    shown = picture(open_window(game))
    assert shown.shape == (320, 400, 3)
    assert close(pixel(shown, 2.0, 4.0), rgb(RED))
    assert close(pixel(shown, 5.0, 4.0), rgb(GREEN))
    assert close(pixel(shown, 8.0, 4.0), rgb(BLUE))
    for x, y in [(1.1, 4.9), (2.9, 3.1), (8.9, 4.8), (8.9, 3.2), (0.5, 0.5)]:
        assert pixel(shown, x, y) == BACKGROUND, "corners outside a circle and beside a point are free"
    assert close(pixel(shown, 4.2, 4.8), rgb(GREEN), 25), "a box has corners"
    assert close(pixel(shown, 7.15, 4.7), rgb(BLUE), 25), "a triangle points to the right"


def test_edges_are_smooth(game, open_window):
    game.sprite(CIRCLE, 5.0, 4.0, SPRITE_COLOR=0xFFFFFFFF, SPRITE_WIDTH=6.0, SPRITE_HEIGHT=6.0)
    shown = picture(open_window(game)).astype(int)
    between = (shown[:, :, 0] > 0x40) & (shown[:, :, 0] < 0x98)
    assert between.sum() > 100, "a hard outline of this circle has no pixel in between"
    half_covered = (0x20 + 0.7 * 255) / 2  # the rim is darker
    area = (shown[:, :, 0] > half_covered).sum()
    assert area == pytest.approx(math.pi * 120.0**2, rel=0.01)


def test_an_ellipse_and_a_turned_box(game, open_window):
    game.sprite(CIRCLE, 3.0, 4.0, SPRITE_WIDTH=4.0, SPRITE_HEIGHT=1.0, SPRITE_COLOR=RED)
    turned = {"TRANSFORM_ROTATION": math.pi / 4, "TRANSFORM_PREVIOUS_ROTATION": math.pi / 4}
    game.sprite(BOX, 7.5, 4.0, SPRITE_COLOR=GREEN, **turned)
    shown = picture(open_window(game))
    assert close(pixel(shown, 4.7, 4.0), rgb(RED), 40)
    assert pixel(shown, 3.0, 4.7) == BACKGROUND
    assert close(pixel(shown, 7.5, 5.2), rgb(GREEN), 30), "its corner points up"
    assert pixel(shown, 8.4, 4.9) == BACKGROUND


def test_layers_and_transparency(game, open_window):
    game.sprite(BOX, 5.0, 4.0, SPRITE_COLOR=RED, SPRITE_LAYER=1)
    game.sprite(BOX, 5.0, 4.0, SPRITE_COLOR=GREEN)
    game.sprite(BOX, 2.0, 4.0, SPRITE_COLOR=0xFFFFFF80)
    shown = picture(open_window(game))
    assert close(pixel(shown, 5.0, 4.0), rgb(RED))
    assert close(pixel(shown, 2.0, 4.0), tuple((channel + 255) // 2 for channel in BACKGROUND), 4)


def test_positions_are_interpolated(game, open_window):
    game.sprite(BOX, 8.0, 4.0, TRANSFORM_PREVIOUS_X=2.0, SPRITE_COLOR=RED)
    window = open_window(game)
    for alpha, x in [(0.0, 2.0), (0.5, 5.0), (1.0, 8.0)]:
        shown = picture(window, alpha)
        assert [close(pixel(shown, at, 4.0), rgb(RED)) for at in (2.0, 5.0, 8.0)] == [
            at == x for at in (2.0, 5.0, 8.0)
        ]


def test_the_camera_follows_and_outside_the_world_is_darker(game, open_window):
    game.size = (100.0, 4.0)
    target = game.sprite(CIRCLE, 50.0, 2.0, SPRITE_COLOR=RED)
    game.camera = CameraSettings(follow=target, pixels_per_metre=40.0)
    window = open_window(game)
    shown = picture(window)
    assert close(pixel(shown, 5.0, 4.0), rgb(RED)), "in the middle of the window"
    assert pixel(shown, 5.0, 5.5) == BACKGROUND
    assert close(pixel(shown, 5.0, 7.0), tuple(0.6 * channel for channel in BACKGROUND), 2)
    game.world.despawn(target)
    game.sprite(BOX, 50.0, 2.0, SPRITE_COLOR=GREEN)
    assert close(pixel(picture(window), 5.0, 4.0), rgb(GREEN)), "it stays where the target was lost"


def text_pixels(shown, color=(255, 255, 255)):
    return (np.abs(shown.astype(int) - color).sum(axis=2) < 60).sum()


def test_texts_of_entities_come_change_and_go(game, open_window):
    text = game.world.spawn([Component.TRANSFORM, Component.TEXT])
    for name in ("TRANSFORM_X", "TRANSFORM_PREVIOUS_X"):
        game.world.set(text, Field[name], 5.0)
    for name in ("TRANSFORM_Y", "TRANSFORM_PREVIOUS_Y"):
        game.world.set(text, Field[name], 6.0)
    game.world.set(text, Field.TEXT_CONTENT, "I")
    game.world.set(text, Field.TEXT_SIZE, 1.0)
    window = open_window(game)
    narrow = picture(window)
    assert text_pixels(narrow[40:120, 180:220]) > 20, "it stands around its entity"
    assert text_pixels(narrow) == text_pixels(narrow[40:120, 180:220])
    game.world.set(text, Field.TEXT_CONTENT, "Score: 128")
    assert text_pixels(picture(window)) > 4 * text_pixels(narrow)
    game.world.despawn(text)
    assert text_pixels(picture(window)) == 0


ERROR = "coin.rhai:2:5: unknown name `a`\n    2 |     a + 1\n      |     ^"


@pytest.mark.parametrize(
    "content", ["two\nlines", "tab\there", "nul\0", "🎮 مرحبا", " ", "\n", "\x1b[31m", "x" * 3000]
)
@pytest.mark.parametrize("size", [0.5, 0.0, -1.0, 1e300])
def test_no_text_of_a_script_stops_the_window(game, open_window, content, size):
    text = game.world.spawn([Component.TRANSFORM, Component.TEXT])
    game.world.set(text, Field.TEXT_CONTENT, content)
    game.world.set(text, Field.TEXT_SIZE, size)
    picture(open_window(game))


def picture_of_size(window, size, seconds=5.0):
    """Draw until the display server has told all sizes on the way to the last one."""
    end = time.monotonic() + seconds
    while True:
        window.poll_events()
        shown = picture(window)
        if shown.shape[:2] == (size[1], size[0]) or time.monotonic() > end:
            return shown


def test_the_view_follows_the_size_of_the_window(game, open_window):
    game.sprite(BOX, 5.0, 4.0, SPRITE_COLOR=RED)
    window = open_window(game)
    for size in [(1, 1), (200, 160), (600, 480)]:
        window._window.set_size(*size)
        shown = picture_of_size(window, size)
        assert shown.shape == (size[1], size[0], 3)
        middle = tuple(shown[size[1] // 2, size[0] // 2].tolist())
        assert size == (1, 1) or close(middle, rgb(RED))


def test_the_error_panel_leaves_the_game_in_sight_and_goes_when_all_is_well(game, open_window):
    game.sprite(BOX, 5.0, 7.0, SPRITE_COLOR=RED)
    window = open_window(game, 800, 600)
    calm = picture(window)
    game.errors = [Fault("coin.rhai", ERROR, is_script=True)]
    shown = picture(window)
    assert np.array_equal(shown[:300], calm[:300]), "the upper half stays free"
    assert text_pixels(shown[300:], (0xFF, 0x7B, 0x72)) > 300, "headline and caret are red"
    window.tools.errors.is_shown = False
    assert np.array_equal(picture(window), calm)
    game.errors = [*game.errors, Fault("door.rhai", ERROR.replace("coin", "door"), is_script=True)]
    assert not np.array_equal(picture(window), calm), "a new error opens the panel again"
    game.errors = []
    assert np.array_equal(picture(window), calm)


def test_messages_times_help_and_pause_are_shown(game, open_window):
    window = open_window(game, 800, 600)
    calm = picture(window)
    game.messages = [Message(MessageKind.PRINT, "hello"), Message(MessageKind.NOTE, "saved")]
    shown = picture(window)
    assert np.array_equal(shown[:500], calm[:500])
    assert text_pixels(shown[500:, :200], (0xE8, 0xEA, 0xF0)) > 15
    window.overlays.shows_times = True
    assert not np.array_equal(picture(window)[:300, 600:], calm[:300, 600:])
    window.overlays.shows_help = True
    assert not np.array_equal(picture(window)[200:400, 300:500], calm[200:400, 300:500])
    window.overlays.shows_times = window.overlays.shows_help = False
    game.paused = True
    assert not np.array_equal(picture(window)[:50, 300:500], calm[:50, 300:500])


def test_a_screenshot_is_the_frame(game, open_window, tmp_path):
    from pyglet import image

    game.sprite(BOX, 5.0, 4.0, SPRITE_COLOR=RED)
    window = open_window(game)
    window.draw(1.0)
    window.screenshot(tmp_path / "new" / "shot.png")
    loaded = image.load(str(tmp_path / "new" / "shot.png")).get_image_data()
    data = np.frombuffer(loaded.get_data("RGB", -400 * 3), np.uint8).reshape(320, 400, 3)
    assert np.array_equal(data, window.pixels())


def test_ten_thousand_sprites_are_one_draw_call(game, open_window):
    game.world.spawn_many([Component.TRANSFORM, Component.SPRITE], 10_000)
    game.world.column(Field.TRANSFORM_X)[:] = 5.0
    game.world.column(Field.TRANSFORM_PREVIOUS_X)[:] = 5.0
    window = open_window(game)
    window.draw(1.0)
    assert window.overlays.statistics.sprites == 10_000
