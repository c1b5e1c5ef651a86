"""Maps of Tiled: what is read, what is refused, what stands in the world."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ecs.components import Component, Field, ShapeKind
from engine.ecs.world import World
from engine.errors import BadMap, SceneError
from engine.physics.step import PhysicsSystem
from engine.tilemap.boxes import merged_boxes
from engine.tilemap.ground import Ground
from engine.tilemap.tile_map import FLIP_X, TileMap
from engine.tilemap.tiled import read_map
from tests.engine.tilemap.conftest import tiled_map

pytestmark = pytest.mark.unit

ROOM = """
######
#.~..#
######
"""


CHEAP = {"name": "cost", "type": "float", "value": 0.5}
UNSURE = {"name": "solid", "type": "int", "value": 1}


def read(file):
    return read_map(file, lambda one: one.resolve().is_relative_to(file.parent))


def test_a_map_is_read(maps):
    found = read(maps(tiled_map(ROOM)))
    assert found.size == (6, 3)
    assert found.solid.tolist() == [[True] * 6, [True, False, False, False, False, True], [True] * 6]
    assert found.cost[1].tolist() == [1, 1, 5, 1, 1, 1]
    [tileset] = found.tilesets
    assert (tileset.first, tileset.columns, tileset.rows, tileset.image.name) == (1, 4, 1, "tiles.png")


def test_flips_stay_and_several_layers_lie_above_each_other(maps):
    raw = tiled_map("...")
    raw["layers"][0]["data"][0] |= FLIP_X
    raw["layers"].append(raw["layers"][0] | {"name": "top", "id": 2, "data": [0, 2, 0], "opacity": 0.5})
    raw["layers"].append(raw["layers"][0] | {"name": "hidden", "id": 3, "data": [0, 0, 2], "visible": False})
    found = read(maps(raw))
    assert found.layers[0].cells.tolist() == [[1 | FLIP_X, 1, 1]]
    assert [layer.name for layer in found.layers] == ["ground", "top"]
    assert found.layers[1].opacity == 0.5
    assert found.solid.tolist() == [[False, True, True]]  # what is not seen is solid all the same


def test_xml_and_external_tilesets(maps, tmp_path):
    maps(tiled_map("."))
    (tmp_path / "tiles.tsx").write_text(
        '<tileset version="1.10" name="t" tilewidth="8" tileheight="8" tilecount="4" columns="4">'
        '<image source="tiles.png" width="32" height="8"/>'
        '<tile id="1"><properties><property name="solid" type="bool" value="true"/></properties></tile>'
        "</tileset>"
    )
    text = (
        '<map version="1.10" orientation="orthogonal" width="2" height="1" tilewidth="8" tileheight="8" '
        'infinite="0" tiledversion="1" renderorder="right-down" nextlayerid="2" nextobjectid="1">'
        '<tileset firstgid="1" source="tiles.tsx"/>'
        '<layer id="1" name="a" width="2" height="1"><data encoding="csv">\n1,2\n</data></layer></map>'
    )
    assert read(maps(text, "map.tmx")).solid.tolist() == [[False, True]]
    outside = text.replace("tiles.tsx", "../tiles.tsx")
    with pytest.raises(BadMap, match="outside"):
        read(maps(outside, "map.tmx"))
    with pytest.raises(BadMap, match="entities"):
        read(maps('<!DOCTYPE map [<!ENTITY a "b">]>' + text, "map.tmx"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"infinite": True}, "fixed size"),
        ({"orientation": "isometric"}, "orthogonal"),
        ({"tileheight": 16}, "square"),
        ({"width": 10**9}, "cells"),
        ({"width": 7}, "not 7 by 3 cells|no map of Tiled"),
        ({"layers": 3}, "no map of Tiled"),
        ({"tilesets": []}, "no tileset has"),
    ],
)
def test_what_is_refused(maps, change, message):
    with pytest.raises(BadMap, match=message):
        read(maps(tiled_map(ROOM, **change)))


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"encoding": "base64", "compression": "zlib", "data": "eJw="}, "compressed"),
        ({"data": [99] * 18}, "a tile 99 that no tileset has"),
        ({"data": ["x"] * 18}, "not 6 by 3|no map"),
        ({"data": [2**70] * 18}, "not 6 by 3|no map"),
    ],
)
def test_layers_that_are_refused(maps, layer, message):
    raw = tiled_map(ROOM)
    raw["layers"][0] |= layer
    with pytest.raises(BadMap, match=message):
        read(maps(raw))


@pytest.mark.parametrize(
    ("tileset", "message"),
    [
        ({"image": "../secret.png"}, "no image"),
        ({"image": "gone.png"}, "no image"),
        ({"spacing": 1}, "without margin and spacing"),
        (
            {"tiles": [{"id": 0, "properties": [{"name": "cost", "type": "float", "value": 0.5}]}]},
            "from 1 to",
        ),
        (
            {"tiles": [{"id": 0, "properties": [{"name": "solid", "type": "int", "value": 1}]}]},
            "true or false",
        ),
    ],
)
def test_tilesets_that_are_refused(maps, tileset, message):
    raw = tiled_map(ROOM)
    raw["tilesets"][0] |= tileset
    with pytest.raises(BadMap, match=message):
        read(maps(raw))


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", "<map", "<a/>", "\x00", "3", '{"layers": []}'])
def test_files_that_are_no_maps(maps, text):
    with pytest.raises(BadMap):
        read(maps(text))


@given(st.integers(1, 9), st.integers(1, 9), st.randoms(use_true_random=False))
def test_boxes_cover_what_is_solid_once_and_no_floor_has_a_seam(rows, columns, chance):
    solid = np.array([[chance.random() < 0.6 for _ in range(columns)] for _ in range(rows)])
    covered = np.zeros((rows, columns), int)
    for row, column, high, wide in merged_boxes(solid):
        covered[row : row + high, column : column + wide] += 1
        assert column == 0 or not solid[row : row + high, column - 1].any()
        assert column + wide == columns or not solid[row : row + high, column + wide].any()
    assert (covered == solid).all()


SCENE = """
[scene]
gravity = [0.0, 0.0]
[tilemap]
file = "map.tmj"
scale = 2.0
position = [10.0, 0.0]
[prefab.coin]
tag = "Coin"
[[entity]]
tag = "Walker"
position = [13.0, 3.0]
script = "probe.rhai"
collider = { circle = 0.5 }
body = { kind = "dynamic" }
velocity = [0.0, 0.0]
"""
STILL = {"rotation": 0, "visible": True}
OBJECTS = {
    "type": "objectgroup",
    "id": 5,
    "name": "things",
    "visible": True,
    "opacity": 1,
    "x": 0,
    "y": 0,
    "draworder": "topdown",
    "objects": [
        {
            "id": 1,
            "name": "",
            "class": "coin",
            "type": "coin",
            "x": 28,
            "y": 12,
            "width": 0,
            "height": 0,
            "point": True,
            "rotation": 0,
            "visible": True,
        },
        {
            "id": 2,
            "name": "end",
            "class": "trigger",
            "type": "trigger",
            "x": 32,
            "y": 8,
            "width": 8,
            "height": 8,
            "rotation": 0,
            "visible": True,
        },
    ],
}


def game_of(folder, maps, probe, ticks=0, text=ROOM):
    raw = tiled_map(text)
    raw["layers"].append(OBJECTS)
    maps(raw)
    return folder.game(SCENE, probe=probe, ticks=ticks)


def test_objects_become_entities_and_triggers(folder, maps):
    game = game_of(folder, maps, "fn on_trigger(name, other) { print(name); }")
    coin = game.scripts.first_with_tag("Coin")
    assert (game.world.get(coin, Field.TRANSFORM_X), game.world.get(coin, Field.TRANSFORM_Y)) == (17.0, 3.0)
    [trigger] = game.scene.triggers
    assert (trigger.name, trigger.position, trigger.shape.box) == ("end", (19.0, 3.0), (2.0, 2.0))


def test_walls_stop_a_body_and_a_floor_of_many_tiles_does_not_catch_it(folder, maps):
    probe = "fn on_update() { set_velocity(entity_id, (4.0, -1.0)); }"
    game = game_of(folder, maps, probe, ticks=300)
    walker = game.scripts.first_with_tag("Walker")
    assert game.world.get(walker, Field.TRANSFORM_X) == pytest.approx(19.5, abs=0.1)
    assert game.world.get(walker, Field.TRANSFORM_Y) == pytest.approx(2.5, abs=0.1)


def test_scripts_find_ways(folder, maps):
    probe = """
    fn on_spawn() {
        print(find_path((13.0, 3.0), (19.0, 3.5)));
        print(find_path((13.0, 3.0), (0.0, 0.0)) == ());
        print(find_path((13.0, 3.0), (11.0, 1.0)) == ());
        print(find_path([13, 3], (13.2, 3.1)));
    }"""
    game = game_of(folder, maps, probe)
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert game.drain_log() == ["[(15.0, 3.0), (17.0, 3.0), (19.0, 3.5)]", "true", "true", "[(13.2, 3.1)]"]
    assert game.ground.find_path((13.0, 3.0), (19.0, 3.5)) == [(15.0, 3.0), (17.0, 3.0), (19.0, 3.5)]
    legs = game.ground.ways_found(game.tick).tolist()
    assert legs[:3] == [[13.0, 3.0, 15.0, 3.0], [15.0, 3.0, 17.0, 3.0], [17.0, 3.0, 19.0, 3.5]]
    assert game.ground.ways_found(game.tick + 100).tolist() == [], "they are shown for a second"


def test_without_a_map_there_is_no_way(folder):
    [failure] = folder.probe("find_path((1, 1), (2, 2));").error_reports
    assert "no [tilemap]" in failure.diagnostic


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("map.tmj", "gone.tmj", "no such file"),
        ("map.tmj", "../map.tmj", "leads out"),
        ("prefab.coin", "prefab.con", 'has the class "coin", which is no prefab'),
        ("scale = 2.0", "scale = 0", "> 0"),
    ],
)
def test_faults_of_the_scene(folder, maps, old, new, message):
    raw = tiled_map(ROOM)
    raw["layers"].append(OBJECTS)
    maps(raw)
    with pytest.raises(SceneError, match=message):
        folder.game(SCENE.replace(old, new), probe="")


def test_a_damaged_map_is_one_message(folder, maps):
    maps("{")
    with pytest.raises(SceneError, match=r'the map "map\.tmj"') as fault:
        folder.game(SCENE, probe="")
    assert (fault.value.table, fault.value.key) == ("tilemap", "file")


@pytest.mark.parametrize(("half", "radius"), [(0.4, 0.0), (0.36, 0.04)])
def test_round_bodies_slide_along_a_wall_with_rows_behind_it(half, radius):
    solid = np.zeros((40, 10), bool)
    solid[:, 5], solid[::4, 5:9] = True, True
    world = World()
    Ground(world, TileMap((), (), (), solid, np.ones(solid.shape)), 1.0, (0.0, 0.0)).spawn_boxes(world)
    parts = [Component.TRANSFORM, Component.COLLIDER, Component.BODY, Component.VELOCITY]
    values = {
        Field.TRANSFORM_X: 4.5,
        Field.TRANSFORM_Y: 38.0,
        Field.COLLIDER_SHAPE: int(ShapeKind.BOX if radius else ShapeKind.CIRCLE),
        Field.COLLIDER_HALF_WIDTH: half,
        Field.COLLIDER_HALF_HEIGHT: half,
        Field.COLLIDER_RADIUS: radius,
        Field.COLLIDER_FRICTION: 0.0,
        Field.BODY_FIXED_ROTATION: True,
    }
    body, physics = world.spawn(parts, values), PhysicsSystem((0.0, 0.0))
    for _ in range(400):
        world.set(body, Field.VELOCITY_VX, 2.0)
        world.set(body, Field.VELOCITY_VY, -4.0)
        physics.step(world, 1.0 / 60.0)
    assert world.get(body, Field.TRANSFORM_Y) < 14.0  # 26.7 m at most, over six rows
