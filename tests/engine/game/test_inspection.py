"""The inspector's view of a game: what entities hold, and changing it between ticks."""

import pytest

from engine.ecs.components import Field
from engine.render.inspection import Inspection

pytestmark = pytest.mark.integration

SCENE = """
[[entity]]
tag = "Hero"
position = [1, 2]
sprite = { shape = "box", color = "#ff8000" }
collider = { circle = 0.5 }
body = { kind = "kinematic" }
script = "hero.rhai"
[[entity]]
[[entity]]
text = { content = "old" }
"""
HERO = """
let coins = 3;
let nick = "hero";
let speed = 1.5;
let is_done = false;
let bag = [1, 2];
fn on_update() { print(`${coins} ${nick} ${speed} ${is_done}`); }
"""


@pytest.fixture
def game(folder):
    return folder.game(SCENE, hero=HERO, ticks=1)


@pytest.fixture
def inspection(game):
    return Inspection(game.world, game.scripts)


def row(inspection, entity, label):
    return next(row for row in inspection.rows(entity) if row.label == label and row.target is not None)


def shown(inspection, entity, label):
    return row(inspection, entity, label).value


def test_components_and_state_are_told_by_name(inspection):
    headings = [row.label for row in inspection.rows(1) if row.target is None]
    assert headings == ["hero.rhai", "transform", "velocity", "collider", "body", "tag", "sprite"]
    assert shown(inspection, 1, "x") == "1"
    assert shown(inspection, 1, "color") == "#ff8000ff"
    assert shown(inspection, 1, "mask") == "0xffffffffffffffff"
    assert shown(inspection, 1, "kind") == "kinematic"
    assert [shown(inspection, 1, name) for name in ("coins", "nick", "bag")] == ["3", '"hero"', "[1, 2]"]
    assert "previous_x" not in [row.label for row in inspection.rows(1)]
    assert inspection.title(1) == "entity 1 · Hero"
    assert inspection.title(2) == "entity 2"


def test_values_are_changed_by_steps_and_by_typing(game, inspection):
    def step(label, amount):
        return inspection.step(1, row(inspection, 1, label), amount)

    def type_in(label, text):
        return inspection.type_in(1, row(inspection, 1, label), text)

    assert [step("x", 2), step("visible", 1), step("coins", -1), step("is_done", 1)] == [""] * 4
    assert game.world.get(1, Field.TRANSFORM_X) == pytest.approx(1.2)
    assert game.world.get(1, Field.TRANSFORM_PREVIOUS_X) == pytest.approx(1.2), "it did not fly there"
    assert game.world.get(1, Field.SPRITE_VISIBLE) is False
    typed = {"color": "#00ff00ff", "y": "-7.5", "speed": "2", "nick": "you", "fixed_rotation": "true"}
    assert [type_in(label, text) for label, text in typed.items()] == [""] * len(typed)
    assert game.world.get(1, Field.SPRITE_COLOR) == 0x00FF00FF
    assert game.world.get(1, Field.TRANSFORM_Y) == -7.5
    assert game.world.get(1, Field.BODY_FIXED_ROTATION) is True
    game.drain_log()
    game.step()
    assert game.drain_log() == ["2 you 2.0 true"]


@pytest.mark.parametrize(
    ("label", "text", "message"),
    [
        ("x", "fast", "a number is wanted"),
        ("x", "nan", "up to 1e9"),
        ("x", "1e300", "up to 1e9"),
        ("visible", "yes", "true or false"),
        ("color", "#12345x", "a whole number"),
        ("layer", "1.5", "a whole number"),
        ("layer", "99999999999999999999", "64 bits"),
        ("bag", "[]", "cannot be typed"),
    ],
)
def test_bad_input_is_told_and_changes_nothing(inspection, label, text, message):
    before = shown(inspection, 1, label)
    assert message in inspection.type_in(1, row(inspection, 1, label), text)
    assert shown(inspection, 1, label) == before


def test_what_has_no_steps_says_so(inspection):
    assert "type a value" in inspection.step(1, row(inspection, 1, "nick"), 1)
    assert inspection.step(3, row(inspection, 3, "content"), 1) != ""


def test_entities_are_walked_round_and_round(game, inspection):
    assert [inspection.next_entity(entity, 1) for entity in (0, 1, 2, 3)] == [1, 2, 3, 1]
    assert [inspection.next_entity(entity, -1) for entity in (0, 3, 2, 1)] == [3, 2, 1, 3]
    for entity in (1, 2, 3):
        game.world.despawn(entity)
    assert inspection.next_entity(1, 1) == 0
