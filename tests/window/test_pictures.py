"""Whole pictures against stored ones: what a player sees stays as it was looked at and found right."""

import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.ecs.components import BodyKind, Component, Field, ShapeKind
from engine.game.particle_effects import particle_effects
from engine.render.camera import CameraSettings
from engine.render.camera_motion import Shake
from engine.render.debug_lines import DebugLevel
from engine.render.view import ImageSettings
from engine.scene.curves import Curve, Gradient, Range
from engine.scene.effects import Area, Effect
from engine.scene.file_names import FileNames
from engine.scene.hud import Bar, Hud
from engine.scene.tables import Window
from engine.scene.values import Color

sys.path.insert(0, str(Path(__file__).parent))
from picture_comparison import assert_looks_like, difference

pytestmark = [pytest.mark.integration, pytest.mark.window]

CIRCLE, BOX, TRIANGLE = ShapeKind.CIRCLE, ShapeKind.BOX, ShapeKind.TRIANGLE
SUN, SEA, LEAF = 0xFFC040FF, 0x4080E0FF, 0x50C070FF


def turned(radians):
    return {"TRANSFORM_ROTATION": radians, "TRANSFORM_PREVIOUS_ROTATION": radians}


@pytest.fixture
def art(game, tmp_path):
    """A sheet of four frames, each a different letter like an L, whose every side can be told."""
    sheet = Image.new("RGBA", (32, 8), (0, 0, 0, 0))
    pen = ImageDraw.Draw(sheet)
    for frame, color in enumerate([(255, 90, 80), (90, 200, 255), (160, 230, 90), (255, 220, 90)]):
        left = 8 * frame
        pen.rectangle((left + 1, 0, left + 2, 7), fill=color)
        pen.rectangle((left + 1, 6, left + 6, 7), fill=color)
        pen.rectangle((left + 4, 1, left + 4 + frame % 3, 2), fill=(255, 255, 255))
    sheet.save(tmp_path / "letters.png")
    board = Image.new("RGBA", (4, 4), (230, 230, 230, 255))
    ImageDraw.Draw(board).point(
        [(0, 0), (2, 0), (1, 1), (3, 1), (0, 2), (2, 2), (1, 3), (3, 3)], (60, 60, 60, 255)
    )
    board.save(tmp_path / "board.png")
    game.image_settings = ImageSettings(FileNames(tmp_path), is_pixelated=True)
    return tmp_path


def letter(game, x, y, frame=0, **fields):
    return game.sprite(BOX, x, y, SPRITE_IMAGE="letters.png", SPRITE_COLUMNS=4, SPRITE_FRAME=frame, **fields)


def drawn(window, alpha=1.0):
    window.draw(alpha)
    return window.pixels()


def test_shapes(game, open_window, tmp_path):
    for row, color in enumerate((SUN, SEA, LEAF)):
        y = 1.5 + 2.5 * row
        game.sprite(CIRCLE, 1.5, y, SPRITE_COLOR=color, SPRITE_HEIGHT=2.0 - 0.5 * row)
        game.sprite(BOX, 4.0, y, SPRITE_COLOR=color, **turned(0.3 * row))
        game.sprite(TRIANGLE, 6.5, y, SPRITE_COLOR=color, SPRITE_FLIP_X=row == 1, **turned(0.5 * (row == 2)))
        game.sprite(BOX, 8.5, y, SPRITE_COLOR=color & 0xFFFFFF80, SPRITE_ANCHOR_X=0.5 * row)
    assert_looks_like("shapes", drawn(open_window(game)), tmp_path)


def test_image_sprites(game, art, open_window, tmp_path):
    for frame in range(4):
        letter(game, 1.2 + 2.4 * frame, 6.6, frame)
    letter(game, 1.2, 4.0, SPRITE_FLIP_X=True)
    letter(game, 3.6, 4.0, SPRITE_FLIP_Y=True)
    letter(game, 6.0, 4.0, TRANSFORM_SCALE_X=-1.0, TRANSFORM_SCALE_Y=0.5)
    letter(game, 8.4, 4.0, SPRITE_COLOR=0xFF80FF80)
    letter(game, 1.2, 1.4, **turned(math.pi / 2))
    letter(game, 3.6, 1.4, **turned(0.4))
    letter(game, 6.0, 1.4, SPRITE_ANCHOR_X=0.0, SPRITE_ANCHOR_Y=0.0, SPRITE_WIDTH=1.0, SPRITE_HEIGHT=1.0)
    letter(game, 6.0, 1.4, SPRITE_ANCHOR_X=1.0, SPRITE_ANCHOR_Y=1.0, **turned(0.4))
    game.sprite(BOX, 8.4, 1.4, SPRITE_IMAGE="missing.png")
    assert_looks_like("image_sprites", drawn(open_window(game)), tmp_path)


def test_smoothly_enlarged_images_do_not_bleed_into_their_neighbours(game, art, open_window, tmp_path):
    game.image_settings = ImageSettings(FileNames(art))
    letter(game, 3.0, 4.0, 1, SPRITE_WIDTH=5.0, SPRITE_HEIGHT=5.0)
    for number in range(9):
        x, y = 7.0 + 0.83 * (number % 3), 3.0 + 0.83 * (number // 3)
        game.sprite(BOX, x, y, SPRITE_IMAGE="board.png", SPRITE_WIDTH=0.83, SPRITE_HEIGHT=0.83)
    assert_looks_like("smooth_images", drawn(open_window(game)), tmp_path)


def test_layers(game, art, open_window, tmp_path):
    for layer, (x, color) in enumerate([(3.0, SUN), (5.0, SEA), (7.0, LEAF)]):
        game.sprite(
            CIRCLE, x, 4.0, SPRITE_COLOR=color, SPRITE_LAYER=-layer, SPRITE_WIDTH=3.0, SPRITE_HEIGHT=3.0
        )
    letter(game, 4.0, 4.0, SPRITE_LAYER=-1, TRANSFORM_Z=1.0)
    letter(game, 6.0, 4.0, 1, SPRITE_LAYER=1)
    assert_looks_like("layers", drawn(open_window(game)), tmp_path)


@pytest.fixture
def usual_font(display):
    """Letters look like the stored ones only where the same font is installed."""
    from engine.app.canvas import find_fonts

    if find_fonts().sans != "DejaVu Sans":
        pytest.skip("the stored pictures of texts are in DejaVu Sans")


def scenery(game):
    """A world of 20 by 16 metres with a tile of another colour on each square."""
    game.size = (20.0, 16.0)
    for row in range(16):
        for column in range(20):
            blue = 90 if (row + column) % 2 else 130
            color = (40 + 8 * column) << 24 | (40 + 10 * row) << 16 | blue << 8 | 255
            size = {"SPRITE_WIDTH": 1.0, "SPRITE_HEIGHT": 1.0}
            game.sprite(BOX, column + 0.5, row + 0.5, SPRITE_COLOR=color, **size)
    return game.sprite(CIRCLE, 14.0, 11.0, SPRITE_COLOR=SUN, SPRITE_LAYER=1)


@pytest.mark.parametrize(
    ("name", "camera"),
    [
        ("followed", CameraSettings(pixels_per_metre=40.0)),
        ("followed_zoomed", CameraSettings(pixels_per_metre=80.0, offset=(1.0, 0.0))),
        ("followed_within_bounds", CameraSettings(pixels_per_metre=40.0, bounds=((2.0, 2.0), (15.0, 12.0)))),
    ],
)
def test_the_camera_follows(game, open_window, tmp_path, name, camera):
    game.camera = replace(camera, follow=scenery(game))
    assert_looks_like(name, drawn(open_window(game)), tmp_path)


def test_a_shaken_camera(game, open_window):
    game.camera = CameraSettings(follow=scenery(game), pixels_per_metre=40.0)
    window = open_window(game)
    calm = drawn(window)
    game.shakes = [Shake(0.0, 4.0, 1.0)]
    assert difference(drawn(window), calm)
    game.tick = 60
    assert difference(drawn(window), calm) == "", "it is over after a second"


@pytest.mark.parametrize("scaling", ["fit", "integer", "stretch"])
def test_a_virtual_resolution(game, art, usual_font, open_window, tmp_path, scaling):
    game.camera = CameraSettings(follow=scenery(game), pixels_per_metre=16.0)
    letter(game, 12.0, 10.0, SPRITE_LAYER=1)
    game.window = Window(virtual=(160, 90), scaling=scaling)
    game.hud = [Hud(text="Virtual", size=12.0, anchor="bottom_right", offset=(4.0, 2.0))]
    assert_looks_like(f"virtual_{scaling}", drawn(open_window(game, 400, 320)), tmp_path)


def test_the_hud(game, art, usual_font, open_window, tmp_path):
    game.camera = CameraSettings(follow=scenery(game), pixels_per_metre=40.0)
    parts = [Component.TRANSFORM, Component.TAG, Component.HEALTH]
    game.world.spawn(parts, {Field.TAG_NAME: "Player", Field.HEALTH_VALUE: 62.0, Field.HEALTH_MAX: 80.0})
    bar = Bar(value="Player.health.value", max="Player.health.max", size=(120.0, 14.0))
    game.hud = [
        Hud(bar=bar, offset=(10.0, 10.0)),
        Hud(text="{Player.health.value:.0f} / {Player.health.max:.0f}", offset=(136.0, 8.0)),
        Hud(image="letters.png", frames=(4, 1), frame=3, anchor="top_right", offset=(10.0, 10.0)),
        Hud(text="Größe ≥ 7 ♥", anchor="bottom", offset=(0.0, 6.0), size=24.0, color=Color(SUN)),
        Hud(text="two\nlines", anchor="right", offset=(8.0, 0.0)),
        Hud(text="middle", anchor="center", size=30.0),
        Hud(text="{Nobody.health.value}", anchor="bottom_left"),
    ]
    assert_looks_like("hud", drawn(open_window(game)), tmp_path)


def test_texts_of_entities(game, usual_font, open_window, tmp_path):
    for number, (x, y, words, size) in enumerate(
        [(5.0, 6.5, "Grüße, Ωж ♥", 1.0), (3.0, 4.0, "two\nlines", 0.6), (7.0, 2.0, "small", 0.3)]
    ):
        text = game.world.spawn([Component.TRANSFORM, Component.TEXT], {Field.TEXT_CONTENT: words})
        places = {"X": x, "PREVIOUS_X": x, "Y": y, "PREVIOUS_Y": y}
        for name, value in places.items():
            game.world.set(text, Field[f"TRANSFORM_{name}"], value)
        game.world.set(text, Field.TEXT_SIZE, size)
        game.world.set(text, Field.TEXT_COLOR, (SUN, SEA, LEAF)[number])
    assert_looks_like("texts", drawn(open_window(game)), tmp_path)


def test_a_planted_difference_is_found(game, open_window):
    game.sprite(BOX, 5.0, 4.0, SPRITE_COLOR=SUN)
    window = open_window(game)
    right = drawn(window)
    assert difference(right, right) == ""
    assert difference(np.clip(right.astype(int) + 1, 0, 255), right) == "", "drivers round differently"
    assert "size" in difference(right[:-1], right)
    assert "in the mean" in difference(np.clip(right.astype(int) + 8, 0, 255), right), "all is too bright"
    for x, y, color in [(5.2, 4.0, SUN), (5.0, 4.0, SEA)]:
        game.world.despawn(game.world.entities().tolist()[0])
        game.sprite(BOX, x, y, SPRITE_COLOR=color)
        assert "pixels are off" in difference(drawn(window), right)


def test_particles(game, open_window, tmp_path):
    fire = Gradient.parse(["#ffd070c0", "#ff602080", "#60100000"])
    effects = {
        "fire": Effect(rate=200.0, spread=0.6, area=Area(box=(1.0, 0.2)), color=fire, blend="additive"),
        "ring": Effect(burst=60, area=Area(ring=(0.8, 1.0)), outward=True, color=Gradient.parse("#80c0ffc0")),
        "sparks": Effect(burst=40, spread=6.2832, speed=Range((1.0, 5.0)), stretch=0.08, drag=1.0),
        "confetti": Effect(
            burst=60, spread=6.2832, spin=Range((-9.0, 9.0)), shape="box", tints=(Color(SUN), Color(SEA))
        ),
        "discs": Effect(
            burst=12, area=Area(circle=1.0), shape="circle", size=Curve.parse([0.8, 0.2]), layer=0
        ),
    }
    game.sprite(BOX, 8.0, 6.0, SPRITE_COLOR=LEAF)
    window = open_window(game)
    game.particles.replace(particle_effects(effects))
    for number, name in enumerate(effects):
        game.particles.spawn(name, (2.0 + 3.0 * (number % 3), 2.0 + 4.0 * (number // 3)))
    for _ in range(30):
        game.particles.step(1.0 / 60.0)
    assert_looks_like("particles", drawn(window, 0.5), tmp_path)


def test_debug_drawing(game, open_window, tmp_path):
    parts = [Component.TRANSFORM, Component.VELOCITY, Component.COLLIDER, Component.BODY]
    for number in range(4):
        entity = game.world.spawn(parts)
        values = {
            Field.TRANSFORM_X: 1.5 + 1.6 * number,
            Field.TRANSFORM_Y: 2.0 + number,
            Field.TRANSFORM_ROTATION: 0.4 * number,
            Field.COLLIDER_SHAPE: int(
                (ShapeKind.BOX, ShapeKind.CIRCLE, ShapeKind.CAPSULE, ShapeKind.BOX)[number]
            ),
            Field.COLLIDER_HALF_WIDTH: 0.7,
            Field.COLLIDER_SENSOR: number == 3,
            Field.VELOCITY_VX: 8.0 - 4.0 * number,
            Field.VELOCITY_VY: 3.0,
            Field.BODY_KIND: int(BodyKind.KINEMATIC),
        }
        for field, value in values.items():
            game.world.set(entity, field, value)
    window = open_window(game)
    window.tools.level = DebugLevel.GRID
    assert_looks_like("debug_drawing", drawn(window)[:, :270], tmp_path)  # the legend is to the right
