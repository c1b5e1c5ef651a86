"""The HUD: values of entities in texts and bars, at nine places."""

from pathlib import Path

import numpy as np
import pytest

from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.render.camera import place_viewport
from engine.render.hud import HudLayout, filled_text
from engine.render.images import Images
from engine.render.shapes import FIRST_PAGE, InstanceWord
from engine.scene.components import WHITE
from engine.scene.file_names import FileNames
from engine.scene.hud import Bar, Hud, parse_text

pytestmark = pytest.mark.unit

VIEWPORT = place_viewport((400, 200))


@pytest.fixture
def world():
    world = World()
    values = {
        Field.TAG_NAME: "Player",
        Field.HEALTH_VALUE: 37.5,
        Field.HEALTH_MAX: 50.0,
        Field.TEXT_CONTENT: "ahoi",
    }
    world.spawn([Component.TRANSFORM, Component.TAG, Component.HEALTH, Component.TEXT], values)
    return world


def layout(*elements, warnings=None):
    return HudLayout(
        elements, Images(FileNames(Path("no-such-folder")), ([] if warnings is None else warnings).append)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain {{x}}", "plain {x}"),
        ("{Player.health.value}/{Player.health.max}", "37.5/50"),
        ("{Player.health.value:.0f} {Player.health.value:6.2f}", "38  37.50"),
        ("{Player.text.content}!", "ahoi!"),
        ("{Player.text.content:.2f}!", "ahoi!"),
        ("{Player.text.visible}", "yes"),
        ("{Player.transform.x:+d}", "0.0"),
        ("a{Nobody.health.value}b{Player.sprite.frame}c", "abc"),
    ],
)
def test_a_text_is_filled_in(world, text, expected):
    assert filled_text(world, parse_text(text)) == expected


@pytest.mark.parametrize(
    ("anchor", "place", "alignment"),
    [
        ("top_left", (10.0, 195.0), (0.0, 1.0)),
        ("top", (210.0, 195.0), (0.5, 1.0)),
        ("top_right", (390.0, 195.0), (1.0, 1.0)),
        ("left", (10.0, 105.0), (0.0, 0.5)),
        ("center", (210.0, 105.0), (0.5, 0.5)),
        ("right", (390.0, 105.0), (1.0, 0.5)),
        ("bottom_left", (10.0, 5.0), (0.0, 0.0)),
        ("bottom", (210.0, 5.0), (0.5, 0.0)),
        ("bottom_right", (390.0, 5.0), (1.0, 0.0)),
    ],
)
def test_nine_places_and_offsets_inward(world, anchor, place, alignment):
    (text,) = layout(Hud(text="x", anchor=anchor, offset=(10.0, 5.0))).lay_out(world, VIEWPORT)
    assert ((text.x, text.y), (text.across, text.along)) == (place, alignment)
    assert (text.pixels, text.color) == (16.0, WHITE)


def test_a_virtual_resolution_enlarges_the_hud(world):
    (text,) = layout(Hud(text="x", offset=(10.0, 5.0))).lay_out(world, place_viewport((800, 600), (400, 200)))
    assert (text.x, text.y, text.pixels) == (20.0, 390.0, 32.0)


def test_an_empty_text_is_not_drawn(world):
    assert layout(Hud(text="{Nobody.text.content}")).lay_out(world, VIEWPORT) == []


def boxes(shown):
    """Left, bottom, width, height from the lower left corner of the picture."""
    rows = shown.shapes.rows
    width, height = 2 * rows[:, InstanceWord.HALF_WIDTH], 2 * rows[:, InstanceWord.HALF_HEIGHT]
    left = rows[:, InstanceWord.X] + 200 - width / 2
    bottom = rows[:, InstanceWord.Y] + 100 - height / 2
    return [tuple(row) for row in np.stack([left, bottom, width, height], axis=1).tolist()]


@pytest.mark.parametrize(
    ("bar", "part"),
    [
        ({"value": "Player.health.value", "max": "Player.health.max"}, 0.75),
        ({"value": "Player.health.value", "full": 75.0}, 0.5),
        ({"value": "Player.health.value"}, 1.0),
        ({"value": "Nobody.health.value"}, 0.0),
        ({"value": "Player.transform.x", "max": "Player.transform.y"}, 0.0),
        ({"value": "Player.text.content"}, 0.0),
    ],
)
def test_a_bar_is_filled_by_its_part(world, bar, part):
    shown = layout(Hud(bar=Bar(**bar, size=(100.0, 10.0)), anchor="bottom_right", offset=(20.0, 8.0)))
    assert shown.lay_out(world, VIEWPORT) == []
    expected = [(280.0, 8.0, 100.0, 10.0)]
    if part:
        expected.append((280.0, 8.0, 100.0 * part, 10.0))
    assert boxes(shown) == expected


def test_an_image_shows_its_frame(world):
    warnings = []
    shown = layout(Hud(image="gone.png", frames=(4, 2), frame=5, anchor="center"), warnings=warnings)
    for _ in range(2):
        shown.lay_out(world, VIEWPORT)
    assert boxes(shown) == [(184.0, 84.0, 32.0, 32.0)]
    (row,) = shown.shapes.rows
    assert row[InstanceWord.SHAPE] == FIRST_PAGE
    assert row[InstanceWord.LEFT :].tolist() == [1 + 4, 1 + 16, 1 + 8, 1 + 8], "of the placeholder"
    assert len(warnings) == 1
