"""Scenes with what they include, their mods and maps; and scripts that run in a game."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.errors import SceneError
from engine.game.game import Game
from engine.render.png import encode_png
from engine.scene import load_scene
from tests.engine.game import play_scenes
from tests.engine.saves import test_games
from tests.fuzz.assets import SIDE, maps
from tests.fuzz.scripts import entity_scripts
from tests.fuzz.states import SCENE as RICH
from tests.fuzz.target import ROOT, Target, Try, text_of, told

FILES = ("scene.toml", "more.toml", "mods/bats/mod.toml", "mods/bats/content.toml", "maps/a.tmj")
"""What an input may hold; each begins with a line `=== NAME`."""
BEGIN = re.compile(rb"^=== (\S+)\n", re.MULTILINE)
INCLUDE = re.compile(rb"^include = \[.*?\]", re.MULTILINE | re.DOTALL)
SCRIPTS = ("a", "box", "spark", "wind", "waits", "walker", "talker", "mods/bats/scripts/bat")
MOST_ENTITIES = 20_000
"""A scene of more takes longer to fill than an input may; reading it is tried all the same."""
PARTS = """
include = ["more.toml"]
[scene]
name = "Cave"
[mods]
load = ["bats"]
[prefab.coin]
tag = "Coin"
health = { value = 5, max = 9 }
script = "a.rhai"
[[entity]]
prefab = "coin"
position = [1, 1]
sprite = { image = "a.png" }
[tilemap]
file = "a.tmj"
"""
MORE = """
[prefab.chest]
tag = "Chest"
[prefab.tree]
sprite = { shape = "circle", radius = 0.5, color = "#fff" }
[input]
jump = ["SPACE"]
[component.leaf]
mass = 1.0
"""
MOD = 'id = "bats"\nversion = "1.2.0"\npermissions = ["movement"]\nrequires = {}\nafter = ["owls"]\n'
CONTENT = '[prefab.coin]\nhealth = { value = 7 }\n[prefab.bat]\nscript = "mods/bats/scripts/bat.rhai"\n'


def joined(**files: bytes) -> bytes:
    """Return files as one input, by the names of `FILES` without ends and folders."""
    names = {Path(name).stem: name for name in FILES}
    return b"".join(b"=== %s\n%s\n" % (names[stem].encode(), data) for stem, data in files.items())


def _written(folder: Path, data: bytes) -> Path:
    """Write the files of an input; those that it does not hold are gone. Returns the scene's."""
    head, *parts = BEGIN.split(data)
    files = {
        name.decode("utf-8", "replace"): text for name, text in zip(parts[::2], parts[1::2], strict=True)
    }
    files.setdefault("scene.toml", head)
    for name in FILES:
        if name in files:
            (folder / name).write_bytes(files[name])
        else:
            (folder / name).unlink(missing_ok=True)
    return folder / "scene.toml"


def _folder(folder: Path) -> None:
    """Write what all inputs may name."""
    for name in (*FILES, *(f"{script}.rhai" for script in SCRIPTS)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    for script in SCRIPTS:
        (folder / f"{script}.rhai").write_text("", encoding="utf-8")
    picture = encode_png(np.zeros((SIDE, 4 * SIDE, 3), np.uint8))
    for name in ("a.png", "maps/tiles.png"):
        (folder / name).write_bytes(picture)


def reading(folder: Path) -> Try:
    """Read scenes."""
    _folder(folder)

    def attempt(data: bytes) -> None:
        try:
            load_scene(_written(folder, data))
        except SceneError as error:
            told(error)

    return attempt


def playing(folder: Path) -> Try:
    """Make games of scenes, and do a few ticks."""
    _folder(folder)
    for name, text in (("a", play_scenes.SPARK), ("box", test_games.BOX), ("spark", test_games.SPARK)):
        (folder / f"{name}.rhai").write_text(text, encoding="utf-8")

    def attempt(data: bytes) -> None:
        try:
            scene = load_scene(_written(folder, data))
        except SceneError as error:
            told(error)
            return
        if len(scene.entities) > MOST_ENTITIES:
            return
        try:
            game = Game(scene)
        except SceneError as error:
            told(error)
            return
        _play(game, 3)

    return attempt


def _play(game: Game, ticks: int) -> None:
    try:
        for _ in range(ticks):
            game.step()
        game.state_hash()
        for report in game.error_reports:
            str(report.diagnostic)
    finally:
        game.close()


BEHAVIOUR = """
[scene]
gravity = [0.0, -9.0]
[limits]
operations = 20000
entities = 400
[status.slow]
slow = 0.5
[effect.smoke]
rate = 5
[prefab.coin]
tag = "Coin"
collider = { circle = 0.3 }
[prefab.missile]
velocity = [1.0, 0.0]
body = { kind = "dynamic" }
collider = { circle = 0.2 }
[[entity]]
tag = "Player"
position = [1.0, 2.0]
health = { value = 50.0 }
velocity = [0.0, 0.0]
body = { kind = "dynamic" }
collider = { circle = 0.5 }
text = { content = "" }
script = "a.rhai"
[[entity]]
tag = "Enemy"
position = [1.5, 2.0]
health = { value = 50.0 }
collider = { circle = 0.5 }
body = { kind = "dynamic" }
[[entity]]
tag = "Target"
position = [4.0, 6.0]
sprite = { shape = "circle", radius = 0.3 }
"""


def behaving(folder: Path) -> Try:
    """Run scripts in a game, with all functions of the API."""
    (folder / "scene.toml").write_text(BEHAVIOUR, encoding="utf-8")
    script = folder / "a.rhai"
    scene_of = folder / "scene.toml"

    def attempt(data: bytes) -> None:
        script.write_bytes(text_of(data).encode("utf-8", "surrogateescape"))
        _play(Game.load(scene_of), 8)

    return attempt


def scenes() -> Iterator[bytes]:
    """Yield the scenes of the examples, and small ones with something of everything."""
    map_file = next(maps())
    yield joined(
        scene=PARTS.encode(), more=MORE.encode(), mod=MOD.encode(), content=CONTENT.encode(), a=map_file
    )
    for text in (RICH, test_games.SCENE, play_scenes.SCENE, play_scenes.TALKS, BEHAVIOUR):
        yield joined(scene=text.encode())
    for path in sorted((ROOT / "examples").rglob("*.toml")):
        text = path.read_bytes()
        if b"[[entity]]" in text:
            yield joined(scene=_own_files(_whole(path)), a=map_file)


def _whole(path: Path) -> bytes:
    """Return a scene file with all that it includes."""
    text = path.read_bytes()
    include = b"".join(INCLUDE.findall(text))
    names = [name.decode() for name in re.findall(rb'"([^"]+)"', include)]
    return b"\n".join(
        [INCLUDE.sub(b"", text), *(_whole(path.parent / name) for name in names if ":" not in name)]
    )


def _own_files(text: bytes) -> bytes:
    """Let a scene name files that are there, and no mods."""
    text = re.sub(rb"(?m)^load = .*$", b"", text)
    text = re.sub(rb'"[^"]*\.rhai"', b'"a.rhai"', text)
    text = re.sub(rb'"[^"]*\.(png|webp)"', b'"a.png"', text)
    return re.sub(rb'"[^"]*\.tmj"', b'"a.tmj"', text)


def behaviours() -> Iterator[bytes]:
    """Yield scripts of entities, and the example of each function of the API."""
    from engine.scripting.registry import FUNCTIONS

    yield from entity_scripts()
    for function in FUNCTIONS:
        text = function.example
        yield (text if "fn " in text else f"fn on_update() {{\n{text}\n}}\n").encode()


GAME = ("engine.scene", "engine.signing.trust", "tomllib", "engine.tilemap")
TARGETS = (
    Target("scene", reading, scenes, GAME, quick=80),
    Target("game", playing, scenes, (*GAME, "engine.game"), quick=20),
    Target("behaviour", behaving, behaviours, ("engine.game", "engine.scripting"), quick=30),
)
