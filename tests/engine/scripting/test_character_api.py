"""Characters that scripts move along what they meet."""

import pytest

from engine.ecs.components import Field
from tests.engine.conftest import find

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, -9.81]
[prefab.walker]
tag = "Late"
collider = { capsule = [0.6, 1.6] }
script = "late.rhai"
[[entity]]
tag = "Floor"
position = [0.0, -0.5]
collider = { box = [40.0, 1.0] }
body = { kind = "static" }
[[entity]]
tag = "Wall"
position = [3.0, 2.0]
collider = { box = [1.0, 4.0] }
body = { kind = "static" }
[[entity]]
tag = "Ghost"
position = [-3.0, 2.0]
collider = { box = [1.0, 4.0], layer = 5, collides_with = [5] }
[[entity]]
tag = "Walker"
position = [0.0, 1.0]
collider = { capsule = [0.6, 1.6] }
body = { kind = "kinematic" }
script = "walker.rhai"
[[entity]]
tag = "Mark"
position = [9.0, 9.0]
"""
SKIN = 0.005
LATE = 'fn on_update() { print("late"); }'


def walk(folder, velocity, ticks):
    """Walk for some ticks; returns where the walker is, and the velocities left."""
    body = f"print(move_and_slide(entity_id, {velocity}));"
    game = folder.game(SCENE, walker=f"fn on_update() {{ {body} }}", late=LATE, ticks=ticks)
    assert [failure.diagnostic for failure in game.error_reports] == []
    walker = find(game, "Walker")
    place = [game.world.get(walker, field) for field in (Field.TRANSFORM_X, Field.TRANSFORM_Y)]
    return place, game.drain_log()


def test_it_lands_on_the_floor_and_slides_along_it_to_the_wall(folder):
    place, left = walk(folder, "(2, -3)", 120)
    assert place == pytest.approx([2.2 - SKIN, 0.8 + SKIN], abs=1e-3)
    assert left[0] == "(2.0, -3.0)"
    assert left[60] == "(2.0, 0.0)"
    assert left[-1] == "(0.0, 0.0)"


def test_layers_that_do_not_meet_let_it_through(folder):
    place, _ = walk(folder, "(-3, 0)", 120)
    assert place[0] == pytest.approx(-6.0)


def test_where_a_script_put_it_is_where_it_goes_on(folder):
    body = "set_position(entity_id, (1.5, 2)); print(move_and_slide(entity_id, [60, 0]));"
    game = folder.game(SCENE, walker=f"fn on_update() {{ {body} }}", late=LATE, ticks=1)
    assert game.world.get(find(game, "Walker"), Field.TRANSFORM_X) == pytest.approx(2.2 - SKIN, abs=1e-3)
    assert game.drain_log() == ["(0.0, 0.0)"]


def test_who_was_just_spawned_stays(folder):
    body = 'let e = spawn_entity("walker", (0, 5)); print(move_and_slide(e, (1, 2))); print(get_position(e));'
    game = folder.game(SCENE, walker=f"fn on_spawn() {{ {body} }}", late=LATE)
    assert game.drain_log()[:2] == ["(1.0, 2.0)", "(0.0, 5.0, 0.0)"]
