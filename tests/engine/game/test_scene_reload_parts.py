"""Parts of a scene that physics, animation, sound and the map hold: saved while the game runs."""

import json
import time

import pytest

from engine.audio.layout import Bus
from engine.ecs.components import Field
from engine.render.png import encode_png
from tests.engine.game.test_scene_reload import entity_with, take
from tests.engine.tilemap.conftest import tiled_map

pytestmark = pytest.mark.integration

MAP = """
[scene]
gravity = [0.0, 0.0]
[tilemap]
file = "level.tmj"
[prefab.chest]
tag = "Chest"
[[entity]]
tag = "Me"
position = [0.5, 0.5]
"""


def write_map(folder, text, **more):
    folder.write("level.tmj", json.dumps(tiled_map(text, **more)))


@pytest.fixture
def tiles(folder):
    import numpy as np

    (folder.path / "tiles.png").write_bytes(encode_png(np.zeros((8, 32, 3), np.uint8)))
    return folder


def test_a_saved_map_takes_the_place_of_the_old_one(tiles):
    write_map(tiles, "...\n.#.\n...")
    game = tiles.game(MAP, ticks=2)
    before = game.entity_count
    assert len(game.ground.boxes) == 1
    first = game.ground
    text = json.dumps(tiled_map("#.#.\n....\n...#"))
    assert take(tiles, game, text, "level.tmj") == ["reloaded scene.toml"]
    assert game.ground is not first
    assert game.ground.map.size == (4, 3)
    assert not any(map(game.world.exists, first.boxes.tolist()))
    game.step()
    assert game.entity_count == before - 1 + len(game.ground.boxes)
    assert game.ground.find_path((0.5, 0.5), (1.5, 2.5)) is not None
    assert "level.tmj" in take(tiles, game, "{", "level.tmj")[0]
    game.step()
    game.close()


ANIMATED = """
[clip.stand]
fps = 1.0
tracks = [{ property = "rotation", keys = [{ time = 0.0, value = 0.0 }, { time = 9.0, value = 0.0 }] }]
[clip.run]
fps = 1.0
tracks = [{ property = "rotation", keys = [{ time = 0.0, value = 0.0 }, { time = 9.0, value = 0.0 }] }]
[animator.man]
states = [{ name = "stand", clip = "stand" }, { name = "run", clip = "run" }]
parameters = ["speed", "anger"]
[[entity]]
tag = "Man"
animation = { animator = "man" }
script = "probe.rhai"
"""
RUN = """
fn on_spawn() {
    play_animation(entity_id, "run");
    set_animation_parameter(entity_id, "anger", 7.0);
}
"""


def test_states_and_parameters_keep_their_names(folder):
    game = folder.game(ANIMATED, probe=RUN, ticks=2)
    man = entity_with(game, "Man")
    assert game.animation.playing(man) == "run"
    new = ANIMATED.replace("states = [", 'states = [{ name = "fall", clip = "stand" }, ')
    new = new.replace('["speed", "anger"]', '["anger"]')
    assert take(folder, game, new) == ["reloaded scene.toml"]
    assert game.animation.playing(man) == "run"
    assert game.world.get(man, Field.ANIMATOR_PARAMETER_0) == 7.0
    game.step()
    take(folder, game, new.replace(', { name = "run", clip = "run" }', ""))
    assert game.animation.playing(man) == "fall"
    game.step()
    game.close()


JOINED = """
[scene]
gravity = [0.0, 0.0]
[limits]
operations = 500
[teams]
allied = [["a", "b"]]
[camera]
zoom = 2.0
[sound]
master = 0.5
[[entity]]
tag = "A"
body = { asleep = true }
collider = { circle = 0.5 }
[[entity]]
tag = "B"
position = [3.0, 0.0]
body = {}
collider = { circle = 0.5 }
[[joint]]
kind = "distance"
first = "A"
second = "B"
"""


def test_joints_limits_teams_camera_and_sound_change_at_once(folder):
    game = folder.game(JOINED, ticks=1)
    a = entity_with(game, "A")
    new = JOINED.replace("500", "700").replace("zoom = 2.0", "zoom = 3.0").replace("0.5\n[[", "0.25\n[[", 1)
    new = new.replace('kind = "distance"', 'kind = "weld"').replace("allied", "hostile")
    assert take(folder, game, new) == ["reloaded scene.toml"]
    assert game.scripts.machine.limits.operations == 700
    assert game.camera_control.zoom == 3.0
    assert game.audio.volumes[Bus.MASTER] == 0.25
    kinds = game.physics.joints.words[:, 0].tolist()
    assert len(kinds) == 2
    assert kinds[0] != kinds[1], "the old one is gone"
    assert not game.world.get(a, Field.BODY_SLEEPING), "what may move now is awake"
    for _ in range(3):
        game.step()
    game.close()


def test_a_scene_waits_while_reloads_are_held(folder):
    game = folder.game(JOINED, ticks=1)
    game.watch()
    game.reloads.hold("the replay")
    (text,) = take(folder, game, JOINED.replace("500", "700"))
    assert text == "scene.toml was saved; it waits for the end of the replay"
    assert game.scripts.machine.limits.operations == 500
    game.reloads.release()
    end = time.monotonic() + 5.0
    while game.scripts.machine.limits.operations == 500:
        assert time.monotonic() < end
        game.poll_reload()
        time.sleep(0.002)
    game.close()


def test_two_games_that_take_the_same_scene_at_the_same_tick_are_the_same(folder):
    hashes = []
    for _ in range(2):
        game = folder.game(JOINED, ticks=2)
        more = JOINED + '[[entity]]\ntag = "C"\ncount = 5\nspread = { box = [9.0, 9.0] }\n'
        take(folder, game, more.replace("[0.0, 0.0]", "[0.0, -9.0]"))
        for _ in range(5):
            game.step()
        hashes.append(game.state_hash())
        game.close()
    assert hashes[0] == hashes[1]
