"""Coin rush in a window while its scripts are edited: new code, the overlay of a broken save, its end."""

import shutil
import time
from pathlib import Path

import pytest
from PIL import Image

from engine.ecs.components import ShapeKind
from engine.game import Game
from engine.render.view import ImageSettings
from engine.scene.file_names import FileNames

pytestmark = [pytest.mark.integration, pytest.mark.window]

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "coin_rush"
PIXELS_PER_METRE = 32
PLACE = (30.0, 20.0)
STAND = f"fn on_update() {{ set_position(entity_id, {PLACE}); }}\n"


@pytest.fixture
def playing(tmp_path, open_window):
    """Open the example in a window of its own size; returns (folder, game, frame)."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "coin_rush")
    game = Game.load(folder / "scene.toml")
    game.watch()
    window = open_window(game, width=1280, height=768)

    def frame():
        """Do what the main loop does once; returns the pixels."""
        window.poll_events()
        game.poll_reload()
        game.step()
        window.draw(1.0)
        shown = window.pixels()
        window.flip()
        return shown

    yield folder, game, frame
    game.close()


def frames_until(frame, condition, seconds=10.0):
    """Show frames until one satisfies a condition; returns it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        shown = frame()
        if condition(shown):
            return shown
    return pytest.fail("never seen")


def is_player_at_place(shown):
    coat = PLACE[0], PLACE[1] - 0.25  # green, below the face
    x, y = int(coat[0] * PIXELS_PER_METRE), shown.shape[0] - 1 - int(coat[1] * PIXELS_PER_METRE)
    red, green, blue = shown[y, x].tolist()
    return green > 180 and green > red + 40 and green > blue + 30


def has_overlay(shown):
    """Look at the red strip on the left of the error panel."""
    from engine.app.canvas import ERROR  # pyglet wants a display before it is imported
    from engine.app.panels import MARGIN

    strip = shown[-MARGIN - 30, MARGIN + 2].astype(int)
    wanted = [ERROR >> shift & 255 for shift in (24, 16, 8)]
    return bool(abs(strip - wanted).max() < 40)


def test_good_broken_and_fixed_saves(playing):
    folder, game, frame = playing
    script = folder / "scripts" / "player.rhai"
    old = script.read_text()
    first = frame()
    assert not is_player_at_place(first)
    assert not has_overlay(first)

    script.write_text(STAND)
    assert not has_overlay(frames_until(frame, is_player_at_place))

    script.write_text(STAND.replace("set_position", "set_positoin"))
    shown = frames_until(frame, has_overlay)
    assert is_player_at_place(shown), "the old program runs on"
    assert "did you mean `set_position`?" in game.script_errors()[0]

    beside = script.with_suffix(".tmp")
    beside.write_text(old)
    beside.replace(script)
    frames_until(frame, lambda shown: not has_overlay(shown))
    assert game.script_errors() == []


def test_a_script_that_fails_while_it_runs_is_shown_until_it_is_mended(playing):
    folder, game, frame = playing
    script = folder / "scripts" / "player.rhai"
    script.write_text("fn on_update() { get_position(12345) }")
    frames_until(frame, has_overlay)
    assert "entity 12345 does not exist" in game.script_errors()[0]
    script.write_text(STAND)
    shown = frames_until(frame, is_player_at_place)
    assert not has_overlay(shown)


def test_a_deleted_script_leaves_the_game_running(playing):
    folder, game, frame = playing
    (folder / "scripts" / "coin.rhai").unlink()
    for _ in range(20):
        frame()
        time.sleep(0.01)
    assert game.script_errors() == []


def test_a_saved_image_is_shown(game, open_window, tmp_path):
    Image.new("RGBA", (4, 4), (255, 0, 0, 255)).save(tmp_path / "a.png")
    game.image_settings = ImageSettings(FileNames(tmp_path), ["a.png"])
    game.sprite(ShapeKind.BOX, 5.0, 4.0, SPRITE_IMAGE="a.png")
    window = open_window(game)

    def middle():
        window.draw(1.0)
        return tuple(window.pixels()[160, 200].tolist())

    assert middle() == (255, 0, 0)
    Image.new("RGBA", (8, 6), (0, 255, 0, 255)).save(tmp_path / "new.png")
    (tmp_path / "new.png").replace(tmp_path / "a.png")
    end = time.monotonic() + 10.0
    while middle() != (0, 255, 0) and time.monotonic() < end:
        time.sleep(0.01)
    assert middle() == (0, 255, 0)
    assert game.warnings == []
