"""Particles in the window, probed pixel by pixel."""

import numpy as np
import pytest

from engine.ecs.components import ShapeKind
from engine.game.particle_effects import particle_effects
from engine.render.png import write_png
from engine.render.view import ImageSettings
from engine.scene.curves import Curve, Gradient, Range
from engine.scene.effects import Effect
from engine.scene.file_names import FileNames

pytestmark = [pytest.mark.integration, pytest.mark.window]

BACKGROUND = (0x20, 0x30, 0x40)
STILL = {"burst": 1, "speed": Range((0.0, 0.0)), "size": Curve.parse(2.0), "shape": "box"}


def effect(color, **keys):
    return Effect(**STILL | {"color": Gradient.parse(color)} | keys)


def picture(game, open_window, effects, places):
    """Draw effects at places on a fake game, a tick after they began."""
    window = open_window(game)
    game.particles.replace(particle_effects(effects))
    for name, place in places.items():
        game.particles.spawn(name, place)
    game.particles.step(1.0 / 60.0)
    window.draw(1.0)
    return window.pixels()


def pixel(shown, x, y, scale=40.0):
    return tuple(shown[shown.shape[0] - 1 - int(y * scale), int(x * scale)].tolist())


def test_a_window_lets_particles_live(game, open_window):
    assert not game.particles.is_shown
    open_window(game)
    assert game.particles.is_shown


def test_shapes_and_blending(game, open_window):
    effects = {
        "cover": effect("#ff000080"),
        "light": effect("#404040", blend="additive"),
        "disc": effect("#00ff00", shape="circle"),
        "soft": effect("#ffffff", shape="soft"),
    }
    places = {"cover": (2.0, 6.0), "light": (5.0, 6.0), "disc": (2.0, 2.0), "soft": (6.0, 2.0)}
    shown = picture(game, open_window, effects, places)
    assert pixel(shown, 2.0, 6.0) == pytest.approx((0x90, 0x18, 0x20), abs=2)
    assert pixel(shown, 5.0, 6.0) == pytest.approx((0x60, 0x70, 0x80), abs=2)
    assert pixel(shown, 2.0, 2.0) == (0, 255, 0)
    assert pixel(shown, 1.1, 1.1) == BACKGROUND, "beside a disc"
    middle, half_way, rim = (pixel(shown, x, 2.0)[0] for x in (6.0, 6.5, 6.95))
    assert middle > 250 > half_way > 100 > rim > 0x20 - 1


def test_effects_lie_above_sprites_of_lower_layers_and_under_the_others(game, open_window):
    game.sprite(ShapeKind.BOX, 5.0, 4.0, SPRITE_COLOR=0x00FF00FF, SPRITE_WIDTH=9.0)
    effects = {"under": effect("#ff0000", layer=0), "above": effect("#0000ff")}
    shown = picture(game, open_window, effects, {"under": (3.0, 4.0), "above": (7.0, 4.0)})
    assert pixel(shown, 7.0, 4.0) == (0, 0, 255)
    assert pixel(shown, 3.0, 4.0)[0] < 20


def test_a_streak_is_long_and_thin_and_a_speck_faint(game, open_window):
    streak = effect("#ffffff", speed=Range((1.0, 1.0)), direction=0.0, stretch=4.0, size=Curve.parse(0.2))
    speck = effect("#ffffff", size=Curve.parse(0.01))
    shown = picture(
        game, open_window, {"streak": streak, "speck": speck}, {"streak": (5.0, 4.0), "speck": (5.0, 2.0)}
    )
    assert pixel(shown, 3.2, 4.0) == pixel(shown, 6.8, 4.0) == (255, 255, 255)
    assert pixel(shown, 5.0, 4.3) == pixel(shown, 2.5, 4.0) == BACKGROUND
    assert BACKGROUND[0] < pixel(shown, 5.0, 2.0)[0] < 0x90


def test_an_image_takes_the_place_of_the_shape(game, open_window, tmp_path):
    pixels = np.zeros((2, 4, 3), np.uint8)
    pixels[:, :2], pixels[:, 2:] = (255, 255, 255), (255, 0, 0)
    write_png(tmp_path / "dot.png", pixels)
    game.image_settings = ImageSettings(FileNames(tmp_path), is_pixelated=True)
    shown = picture(game, open_window, {"dot": effect("#80ff80", image="dot.png")}, {"dot": (5.0, 4.0)})
    assert pixel(shown, 4.5, 4.0) == pytest.approx((0x80, 0xFF, 0x80), abs=2), "white, coloured"
    assert pixel(shown, 5.5, 4.0) == pytest.approx((0x80, 0, 0), abs=2)
    assert pixel(shown, 4.5, 4.7) == BACKGROUND, "as wide as its size, and half as high as wide"
