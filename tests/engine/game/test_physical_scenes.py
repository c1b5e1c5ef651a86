"""What a scene file says of bodies, shapes and joints is what physics does."""

import pytest

from engine.ecs.components import Field

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, -9.81]
[[entity]]
tag = "Floor"
position = [0.0, -0.5]
collider = { box = [40.0, 1.0], friction = 0.8 }
body = { kind = "static" }
[[entity]]
tag = "Stone"
position = [0.0, 3.0]
collider = { polygon = [[-0.5, -0.5], [0.5, -0.5], [0.0, 0.5]], density = 2.0 }
body = { kind = "dynamic" }
[[entity]]
tag = "Pill"
position = [5.0, 3.0]
collider = { capsule = [2.0, 0.5] }
body = { kind = "dynamic", fixed_rotation = true, mass = 7.0 }
[[entity]]
tag = "Shelf"
position = [10.0, 2.0]
collider = { box = [4.0, 0.2], one_way = true }
[[entity]]
tag = "Jumper"
position = [10.0, 0.4]
velocity = [0.0, 9.0]
collider = { circle = 0.3 }
body = { kind = "dynamic" }
[[entity]]
tag = "Lamp"
position = [-5.0, 6.0]
collider = { circle = 0.2 }
body = { kind = "dynamic" }
[[joint]]
kind = "distance"
first = "Lamp"
second_anchor = [-6.0, 8.0]
[[joint]]
kind = "hinge"
first = "Door"
anchor = [-11.0, 5.0]
limits = [-0.3, 0.3]
[[entity]]
tag = "Door"
position = [-10.0, 5.0]
collider = { box = [2.0, 0.2] }
body = { kind = "dynamic" }
"""


def place(game, tag):
    entity = game.scripts.first_with_tag(tag)
    return game.world.get(entity, Field.TRANSFORM_X), game.world.get(entity, Field.TRANSFORM_Y)


def test_a_scene_of_many_shapes_comes_to_rest(folder) -> None:
    game = folder.game(SCENE, ticks=5)
    heights = []
    for _ in range(400):
        game.step()
        heights.append(place(game, "Jumper")[1])
    assert max(heights) > 2.5
    assert place(game, "Jumper")[1] == pytest.approx(2.4, abs=0.02)
    assert place(game, "Stone")[1] == pytest.approx(0.5, abs=0.02)
    assert place(game, "Pill")[1] == pytest.approx(0.25, abs=0.02)
    lamp = place(game, "Lamp")
    assert (lamp[0] + 6.0) ** 2 + (lamp[1] - 8.0) ** 2 == pytest.approx(5.0, rel=0.01)
    door = game.scripts.first_with_tag("Door")
    assert game.world.get(door, Field.TRANSFORM_ROTATION) == pytest.approx(-0.3, abs=0.01)


def test_joints_count_in_the_state_hash(folder) -> None:
    first = folder.game(SCENE, ticks=1)
    second = folder.game(SCENE.replace("limits = [-0.3, 0.3]", "limits = [-0.3, 0.31]"), ticks=1)
    assert first.state_hash() != second.state_hash()
