"""Which texts of entities are in sight, and what they say."""

import pytest

from engine.ecs.components import Component, Field, TextAlign
from engine.ecs.world import World
from engine.render.camera import Camera
from engine.render.texts import PlacedText, TextCollector

pytestmark = pytest.mark.unit

CAMERA = Camera(0.0, 0.0, 10.0, 400, 200)


def spawn_text(world, content, x):
    entity = world.spawn([Component.TRANSFORM, Component.TEXT])
    world.set(entity, Field.TRANSFORM_X, x)
    world.set(entity, Field.TEXT_CONTENT, content)
    world.set(entity, Field.TEXT_COLOR, 0xFF00FF80)
    return entity


def test_texts_in_sight_are_collected_where_they_are_drawn():
    world = World()
    near = spawn_text(world, "Score: 12 ♥", 4.0)
    spawn_text(world, "far", 400.0)
    spawn_text(world, "", 0.0)
    world.set(spawn_text(world, "hidden", 4.0), Field.TEXT_VISIBLE, False)
    texts = TextCollector().collect(world, CAMERA, 0.5)
    assert texts == [PlacedText(near, "Score: 12 ♥", 2.0, 0.0, 0.5, 0xFF00FF80)]


def test_the_buffer_grows():
    world = World()
    for number in range(200):
        spawn_text(world, f"text {number}", 0.0)
    texts = TextCollector().collect(world, CAMERA, 1.0)
    assert [text.content for text in texts] == [f"text {number}" for number in range(200)]


def test_texts_have_a_side_and_a_width():
    world = World()
    text = spawn_text(world, "words", 0.0)
    world.set(text, Field.TEXT_ALIGN, TextAlign.RIGHT)
    world.set(text, Field.TEXT_WRAP, 2.5)
    (found,) = TextCollector().collect(world, CAMERA, 1.0)
    assert (found.align, found.wrap) == (TextAlign.RIGHT, 2.5)
