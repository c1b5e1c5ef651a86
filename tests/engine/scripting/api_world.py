"""A scene with all that the functions of the API work on, and games made from it."""

import json

import numpy as np

from engine.game import Game
from engine.render.png import encode_png
from engine.scripting.call_arguments import texts_as_words
from lang.layout import BATCH_ROW_WORDS
from lang.values import Tag
from lang.words import float_payload
from tests.engine.tilemap.conftest import tiled_map

MAP = """
..........
....##....
....##....
..........
"""
SCENE = """
[scene]
seed = 7
gravity = [0.0, 0.0]
size = [10.0, 4.0]
[limits]
operations = 1_000_000
entities = 3000
[tilemap]
file = "map.tmj"
[input]
left = ["A"]
right = ["D"]
jump = ["SPACE"]
fire = ["F"]
menu = ["ESCAPE"]
move = { negative = ["LEFT"], positive = ["RIGHT"] }
[teams]
hostile = [["heroes", "monsters"]]
[status.burning]
damage = 1.0
[status.slowed]
slow = 0.5
[effect.explosion]
burst = 4
[effect.sparks]
rate = 10
[clip.walk]
duration = 1.0
[clip.open]
duration = 0.5
[animator.actor]
states = [{ name = "idle", clip = "open" }, { name = "walk", clip = "walk" }]
parameters = ["speed"]
triggers = ["start"]
[component.mood]
anger = 0.5
[[screen]]
name = "paused"
item = [{ title = "Paused" }]
[prefab.coin]
tag = "Coin"
sprite = { shape = "circle", radius = 0.3 }
[prefab.bolt]
velocity = [0, 0]
[prefab.grunt]
tag = "Grunt"
team = "monsters"
health = { value = 100 }
[prefab.actor]
rotation = 0.25
team = "heroes"
health = { value = 80, max = 100, armor = 25 }
velocity = [0, 0]
body = { kind = "dynamic", gravity_scale = 0.0 }
collider = { circle = 0.2 }
text = { content = "old" }
sprite = { shape = "circle", radius = 0.2 }
emitter = { effect = "sparks", active = false }
animation = { animator = "actor" }
"""


def api_game(folder, entities, **scripts):
    """Load a game of the scene above and further entities, each script a file beside it."""
    folder.joinpath("tiles.png").write_bytes(encode_png(np.full((8, 32, 3), 255, np.uint8)))
    folder.joinpath("map.tmj").write_text(json.dumps(tiled_map(MAP)))
    folder.joinpath("scene.toml").write_text(SCENE + entities)
    for name, text in scripts.items():
        folder.joinpath(f"{name}.rhai").write_text(text)
    return Game.load(folder / "scene.toml")


def call(game, path, name, *arguments, first=0, times=1):
    """Call a function of some instances of a script, in one batch; returns the errors of the run."""
    file = game.scripts.files[path]
    rows = file.rows_of_all()[first * BATCH_ROW_WORDS :][: times * BATCH_ROW_WORDS].copy()
    texts, bytes_of_texts = texts_as_words([one for one in arguments if isinstance(one, str)])
    found = iter(texts)
    for number, one in enumerate(arguments):
        at = 2 + 3 * number
        rows[at : at + 3] = next(found) if isinstance(one, str) else _words(one)
    errors = []
    game.scripts.machine.call_batch(
        file.program,
        file.program.functions_by_name[name][len(arguments)],
        rows,
        lambda _instance, error: errors.append(error),
    )
    del bytes_of_texts  # they had to live as long as the call
    return errors


def _words(value):
    if isinstance(value, bool):
        return (int(Tag.BOOL), int(value), 0)
    if isinstance(value, float):
        return (int(Tag.FLOAT), float_payload(value), 0)
    return (int(Tag.UNIT), 0, 0) if value is None else (int(Tag.INT), value, 0)
