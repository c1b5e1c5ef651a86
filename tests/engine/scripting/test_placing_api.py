"""Teleports, turns and scales: as a script sees them, and as physics takes them."""

import math

import pytest

from engine.ecs.components import Field
from engine.physics.layout import PASSING, Contact

pytestmark = pytest.mark.integration

TRANSFORM = (Field.TRANSFORM_X, Field.TRANSFORM_Y, Field.TRANSFORM_Z)
FAMILY = """
[scene]
gravity = [0.0, -9.81]
[prefab.arm]
position = [1.0, 0.0, 0.5]
[[entity]]
tag = "Floor"
position = [0.0, -0.5]
collider = { box = [20.0, 1.0] }
body = { kind = "static" }
[[entity]]
tag = "Box"
position = [0.0, 0.5]
collider = { box = [1.0, 1.0] }
body = { kind = "dynamic" }
child.arm = { prefab = "arm", child.hand = { prefab = "arm" } }
script = "box.rhai"
"""


def place(game, entity, fields=TRANSFORM):
    return tuple(game.world.get(entity, field) for field in fields)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("teleport(entity_id, (5.0, 6.0))", (5.0, 6.0, 3.0)),
        ("teleport(entity_id, [5, 6, 7])", (5.0, 6.0, 7.0)),
    ],
)
def test_a_teleport_ends_there_with_no_way_behind_it(folder, call, expected):
    game = folder.probe(f"set_velocity(entity_id, (9.0, 9.0)); {call};")
    assert game.error_reports == []
    assert place(game, 1) == expected
    assert place(game, 1, (Field.TRANSFORM_PREVIOUS_X, Field.TRANSFORM_PREVIOUS_Y)) == expected[:2]
    assert place(game, 1, (Field.VELOCITY_VX, Field.VELOCITY_VY, Field.VELOCITY_ANGULAR)) == (0.0, 0.0, 0.0)
    game.step()
    assert place(game, 1) == expected


def test_children_come_along(folder):
    game = folder.game(FAMILY, box="fn on_update() { if tick == 20 { teleport(entity_id, (30.0, 9.0)); } }")
    for _ in range(20):
        game.step()
    children = [e for e in game.world.entities().tolist() if game.world.has_component(e, "parent")]
    box = game.scripts.first_with_tag("Box")
    before = {e: place(game, e) for e in children}
    start = place(game, box)
    game.step()
    assert game.error_reports == []
    for e, old in before.items():
        moved = [now - then for now, then in zip(place(game, e), old, strict=True)]
        parent = [now - then for now, then in zip(place(game, box), start, strict=True)]
        assert moved == pytest.approx(parent, abs=1e-4)
        assert moved[0] == pytest.approx(30.0, abs=1e-4)
        previous = place(game, e, (Field.TRANSFORM_PREVIOUS_X, Field.TRANSFORM_PREVIOUS_Y))
        expected = [then + way for then, way in zip(old[:2], (30.0, 9.0 - start[1]), strict=True)]
        assert previous == pytest.approx(expected, abs=1e-4)


def test_contacts_are_told_of_their_end_and_keep_nothing(folder):
    script = """
    fn on_update() { if tick == 20 { teleport(entity_id, (0.0, 0.5)); } else if tick == 21 {
        teleport(entity_id, (0.0, 8.0)); } }
    fn on_collision_end(other) { print(`apart ${tick}`); }
    """
    game = folder.game(FAMILY, ticks=20, box=script)
    assert game.physics.contacts[0, Contact.NORMAL_1] != 0, "it rests on the floor"
    game.scripts.begin_tick(20, 1 / 60)
    game.scripts.dispatch_all("on_update")
    assert game.physics.state.size > 0
    assert (game.physics.contacts[:, Contact.NORMAL_1] == 0).all()
    assert not (game.physics.contacts[:, Contact.STATE] & PASSING).any()
    game.step()
    game.step()
    assert game.drain_log() == ["apart 21"]


def test_a_failed_teleport_was_none(folder):
    script = "fn on_update() { if tick == 20 { teleport(entity_id, (50.0, 50.0)); throw 1; } }"
    game = folder.game(FAMILY, ticks=20, box=script)
    game.scripts.begin_tick(20, 1 / 60)
    game.scripts.dispatch_all("on_update")
    assert len(game.error_reports) == 1
    assert game.physics.contacts[0, Contact.NORMAL_1] != 0
    assert place(game, game.scripts.first_with_tag("Box")) == pytest.approx((0.0, 0.5, 0.0), abs=0.02)
    assert game.scripts.teleports.take().size == 0


def test_many_teleports_in_a_callback(folder):
    game = folder.probe("for i in 0..500 { teleport(entity_id, (i, i)); }")
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert place(game, 1) == (499.0, 499.0, 3.0)
    assert game.scripts.teleports.take().size == 500


@pytest.mark.parametrize(
    ("direction", "radians"),
    [
        ("(1.0, 0.0)", 0.0),
        ("(0, 3)", math.pi / 2),
        ("[-2, 0]", math.pi),
        ("(-1.0, -1.0)", -3 * math.pi / 4),
        ("(1e-300, 1e-300)", math.pi / 4),
    ],
)
def test_it_faces_a_direction(folder, direction, radians):
    game = folder.probe(f"face_direction(entity_id, {direction});")
    assert game.error_reports == []
    assert game.world.get(1, Field.TRANSFORM_ROTATION) == pytest.approx(radians, abs=1e-15)


def test_rotation_and_scale(folder):
    game = folder.probe("set_rotation(entity_id, -2.5); set_scale(entity_id, (2, 0.5)); set_scale(2, 3);")
    assert game.error_reports == []
    assert game.world.get(1, Field.TRANSFORM_ROTATION) == -2.5
    scale = (Field.TRANSFORM_SCALE_X, Field.TRANSFORM_SCALE_Y)
    assert (place(game, 1, scale), place(game, 2, scale)) == ((2.0, 0.5), (3.0, 3.0))
