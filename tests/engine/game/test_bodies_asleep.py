"""Bodies that a scene puts to sleep lie still until something happens to them."""

import pytest

from engine.ecs.components import Field
from engine.errors import SceneError
from tests.engine.conftest import find

pytestmark = pytest.mark.integration

BOX = 'collider = { box = [1.0, 1.0] }\nbody = { kind = "dynamic", asleep = true }\n'
SCENE = f"""
[scene]
gravity = [0.0, -9.81]
[prefab.rock]
tag = "Rock"
{BOX}
[[entity]]
position = [0.0, -0.5]
collider = {{ box = [40.0, 1.0] }}
body = {{ kind = "static" }}
[[entity]]
tag = "Lower"
position = [0.0, 0.5]
{BOX}
[[entity]]
tag = "Upper"
position = [0.0, 1.5]
{BOX}
[[entity]]
tag = "Floating"
position = [5.0, 5.0]
{BOX}
[[entity]]
tag = "Falling"
position = [0.2, 3.0]
collider = {{ circle = 0.5 }}
body = {{ kind = "dynamic" }}
[[entity]]
tag = "Boss"
position = [9.0, 9.0]
script = "boss.rhai"
"""
BOSS = """
fn on_update() {
    if tick == 1 { spawn_entity("rock", (-5, 7)); }
    if tick == 100 { let e = find_entity_by_tag("Floating"); set_position(e, (5, 4.9)); }
}
"""


def sleeps(game, tag):
    return bool(game.world.get(find(game, tag), Field.BODY_SLEEPING))


def height(game, tag):
    return game.world.get(find(game, tag), Field.TRANSFORM_Y)


def test_they_sleep_until_they_are_touched_or_moved(folder):
    game = folder.game(SCENE, boss=BOSS, ticks=10)
    assert all(sleeps(game, tag) for tag in ("Lower", "Upper", "Floating", "Rock"))
    assert (height(game, "Rock"), height(game, "Floating")) == (7.0, 5.0)
    while game.tick < 40:
        game.step()
    assert not sleeps(game, "Upper")  # what fell on it woke its island
    assert not sleeps(game, "Lower")
    while game.tick < 130:
        game.step()
    assert height(game, "Floating") < 4.5
    assert sleeps(game, "Rock")
    assert height(game, "Rock") == 7.0


def test_what_never_sleeps_cannot_begin_asleep(folder):
    scene = SCENE.replace('kind = "dynamic", asleep', 'kind = "kinematic", asleep', 1)
    with pytest.raises(SceneError, match="dynamic body that can sleep"):
        folder.game(scene, boss=BOSS)
