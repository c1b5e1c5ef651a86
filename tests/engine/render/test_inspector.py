"""The inspector without a window: choosing lines, stepping, typing."""

import pytest

from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.render.inspection import Inspection
from engine.render.inspector import Inspector
from engine.scripting.scripts import Scripts

pytestmark = pytest.mark.integration


@pytest.fixture
def world():
    made = World()
    for tag in ("a", "b"):
        entity = made.spawn([Component.TRANSFORM, Component.TAG])
        made.set(entity, Field.TAG_NAME, tag)
    return made


@pytest.fixture
def inspector(world):
    made = Inspector(Inspection(world, Scripts(world, 1)))
    made.toggle()
    return made


def press(inspector, *names, is_shifted=False):
    return [inspector.press(name, is_shifted=is_shifted) for name in names]


def chosen(inspector):
    return inspector.rows()[inspector.cursor].label


def test_lines_are_walked_and_headings_passed_over(inspector):
    labels = []
    for _ in range(8):
        press(inspector, "DOWN")
        labels.append(chosen(inspector))
    assert labels == ["x", "y", "z", "rotation", "scale_x", "scale_y", "name", "name"]
    press(inspector, "PAGEUP")
    assert chosen(inspector) == "x"
    press(inspector, "UP")
    assert chosen(inspector) == "x"
    press(inspector, "PAGEDOWN")
    assert chosen(inspector) == "name"


def test_shift_makes_large_steps(world, inspector):
    press(inspector, "DOWN", "RIGHT")
    press(inspector, "RIGHT", is_shifted=True)
    press(inspector, "LEFT")
    assert world.get(1, Field.TRANSFORM_X) == pytest.approx(1.0)


def test_typing_can_be_mended_and_given_up(world, inspector):
    press(inspector, "DOWN", "ENTER")
    assert inspector.type_text("12")
    press(inspector, "BACKSPACE")
    inspector.type_text("\r5")
    assert inspector.typed == "15"
    assert press(inspector, "A", "ESCAPE") == [True, True]
    assert inspector.typed is None
    assert world.get(1, Field.TRANSFORM_X) == 0.0
    press(inspector, "DOWN", "ENTER")
    inspector.type_text("7")
    press(inspector, "RETURN")
    assert world.get(1, Field.TRANSFORM_Y) == 7.0


def test_a_closed_inspector_takes_nothing(inspector):
    inspector.toggle()
    assert press(inspector, "TAB", "UP") == [False, False]
    assert not inspector.type_text("x")


def test_other_keys_are_left_to_the_game(inspector):
    assert press(inspector, "A", "SPACE", "F12") == [False] * 3


def test_entities_are_walked_and_the_world_may_be_empty(world, inspector):
    assert inspector.title() == "entity 1 · a"
    press(inspector, "TAB")
    assert inspector.title() == "entity 2 · b"
    press(inspector, "TAB", is_shifted=True)
    assert inspector.entity == 1
    world.despawn(1)
    world.despawn(2)
    assert inspector.rows() == []
    assert press(inspector, "DOWN", "RIGHT", "ENTER") == [True] * 3
    press(inspector, "TAB")
    assert inspector.title() == "no entity"
