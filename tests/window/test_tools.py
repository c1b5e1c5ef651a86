"""Debug drawing, inspector and slow motion in the window."""

import pytest

from engine.ecs.components import BodyKind, Component, Field, ShapeKind
from engine.render.debug_lines import FRAME_COLOR, VELOCITY_COLOR, DebugLevel

pytestmark = [pytest.mark.integration, pytest.mark.window]

BACKGROUND = (0x20, 0x30, 0x40)


@pytest.fixture
def press(display):
    from pyglet.window import key

    def press_it(window, *names):
        for name in names:
            window._window.dispatch_event("on_key_press", getattr(key, name), 0)
            window.poll_events()

    return press_it


LEFT, BOTTOM, SCALE = 200, 160, 40
"""Where the world of 10 m by 8 m lies in a window of 800 by 640 pixels."""


def click(window, x, y):
    window._window.dispatch_event("on_mouse_press", int(LEFT + x * SCALE), int(BOTTOM + y * SCALE), 1, 0)
    window.poll_events()


def type_text(window, text):
    window._window.dispatch_event("on_text", text)
    window.poll_events()


def picture(window):
    window.draw(1.0)
    return window.pixels()


def pixel(shown, x, y):
    return tuple(shown[shown.shape[0] - 1 - int(BOTTOM + y * SCALE), int(LEFT + x * SCALE)].tolist())


def is_like(color, expected):
    """Whether a pixel has most of a colour: lines are smooth."""
    return all(found > 0.6 * channel for found, channel in zip(color, rgb(expected), strict=True))


def body(game, x, y):
    entity = game.world.spawn([Component.TRANSFORM, Component.VELOCITY, Component.COLLIDER, Component.BODY])
    values = {
        Field.TRANSFORM_X: x,
        Field.TRANSFORM_Y: y,
        Field.VELOCITY_VX: 10.0,
        Field.COLLIDER_SHAPE: int(ShapeKind.BOX),
        Field.COLLIDER_HALF_WIDTH: 1.0,
        Field.COLLIDER_HALF_HEIGHT: 1.0,
        Field.BODY_KIND: int(BodyKind.KINEMATIC),
    }
    for field, value in values.items():
        game.world.set(entity, field, value)
    return entity


def rgb(color):
    return color >> 24 & 255, color >> 16 & 255, color >> 8 & 255


def test_a_key_shows_colliders_then_motion_then_the_grid_then_nothing(game, open_window, press):
    body(game, 3.0, 4.0)
    window = open_window(game, 800, 640)
    assert pixel(picture(window), 2.0, 4.5) == BACKGROUND
    press(window, "F4")
    shown = picture(window)
    assert pixel(shown, 2.0, 4.5) != BACKGROUND, "the left side of the box"
    assert pixel(shown, 2.5, 4.5) == BACKGROUND
    assert pixel(shown, 4.2, 4.0) == BACKGROUND
    press(window, "F4")
    assert is_like(pixel(picture(window), 4.2, 4.0), VELOCITY_COLOR), "an arrow out of the box"
    press(window, "F4", "F4")
    assert window.tools.level is DebugLevel.NOTHING
    assert pixel(picture(window), 2.0, 4.5) == BACKGROUND


def test_with_lines_the_state_is_shown_and_not_what_lies_between_two(game, open_window, press):
    game.sprite(ShapeKind.BOX, 8.0, 4.0, TRANSFORM_PREVIOUS_X=2.0)
    window = open_window(game, 800, 640)
    window.draw(0.0)
    assert pixel(window.pixels(), 2.0, 4.0) != BACKGROUND
    press(window, "F4")
    window.draw(0.0)
    shown = window.pixels()
    assert pixel(shown, 2.0, 4.0) == BACKGROUND
    assert pixel(shown, 8.0, 4.0) != BACKGROUND


def test_the_inspector_frames_what_is_clicked_and_takes_its_keys(game, open_window, press):
    first = game.sprite(ShapeKind.BOX, 6.0, 2.0)
    second = game.sprite(ShapeKind.BOX, 8.0, 6.0)
    window = open_window(game, 800, 640)
    click(window, 8.0, 6.0)
    press(window, "F5")
    inspector = window.tools.inspector
    assert inspector.entity == first, "it begins with the first; the click before it was the game's"
    click(window, 8.0, 6.0)
    assert inspector.entity == second
    assert is_like(pixel(picture(window), 6.9, 6.5), FRAME_COLOR)
    window.next_row()
    press(window, "LEFT")  # an action of the scene, but now a key of the inspector
    assert not window.next_row()[1:].any() or inspector.is_open
    press(window, "DOWN", "RIGHT")
    assert game.world.get(second, Field.TRANSFORM_X) == pytest.approx(8.1)
    press(window, "ENTER")
    type_text(window, "3.5")
    press(window, "ENTER")
    assert game.world.get(second, Field.TRANSFORM_X) == 3.5
    press(window, "TAB")
    assert inspector.entity == first
    press(window, "ESCAPE")
    assert not inspector.is_open
    assert not window.closed


def test_what_is_typed_wrongly_is_told_and_a_dead_entity_is_gone(game, open_window, press):
    entity = game.sprite(ShapeKind.BOX, 6.0, 2.0)
    window = open_window(game, 800, 640)
    press(window, "F5", "DOWN", "ENTER")
    type_text(window, "x")
    press(window, "P", "ENTER")
    assert not game.paused, "while somebody types, no key is a command"
    assert window.tools.inspector.message == "a number is wanted"
    picture(window)
    game.world.despawn(entity)
    picture(window)
    assert "is gone" in window.tools.inspector.title()


def test_time_runs_slower_and_faster(game, open_window, press):
    window = open_window(game, 800, 640)
    speeds = []
    for name in ("F8", "F8", "F8", "F9", "F9", "F9", "F9"):
        press(window, name)
        speeds.append(window.tools.speed)
    assert speeds == [0.5, 0.25, 0.25, 0.5, 1.0, 2.0, 2.0]


def test_the_tools_go_on_over_the_next_scene(game, open_window, press):
    window = open_window(game, 800, 640)
    press(window, "F4", "F5", "F8")
    window.show(type(game)())
    assert (window.tools.level, window.tools.speed) == (DebugLevel.COLLIDERS, 0.5)
    assert window.tools.inspector.is_open
