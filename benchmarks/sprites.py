"""10,000 sprites that show frames of an image: their vertex data and its upload, and whole frames.

The peer is the usual way in Python: 10,000 `pyglet.sprite.Sprite` in a batch, each told where it is.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.measure import ROUNDS, Benchmark, Ratio, Row, Skipped, WrongResult

if TYPE_CHECKING:
    from engine.app.offscreen import Offscreen
    from engine.game import Game

PEER = "pyglet"
COUNT = 10_000
FRAMES = 20
MOST_DRAW_CALLS = 10
SCENE = f"""
[scene]
size = [40.0, 22.5]
gravity = [0.0, 0.0]
[window]
size = [1280, 720]
[[hud]]
text = "Health: {{Player.health.value}}"
[[hud]]
bar = {{ value = "Player.health.value" }}
anchor = "top_right"
[[entity]]
tag = "Player"
health = {{ value = 1 }}
text = {{ content = "Player" }}
[[entity]]
count = {COUNT}
spread = {{ box = [40.0, 22.5] }}
sprite = {{ image = "sheet.png", frames = [4, 4], frame = 5, size = [0.5, 0.5] }}
"""


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of the picture."""
    return (Benchmark("sprites/upload", _upload), Benchmark("sprites/frame", _frame))


@contextmanager
def _drawn() -> Iterator[tuple[Game, Offscreen]]:
    """Load the scene and open what draws it, without a window."""
    from PIL import Image

    from engine.app import NoDisplay, open_offscreen
    from engine.game import Game

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        Image.fromarray(np.full((64, 64, 4), 200, np.uint8)).save(place / "sheet.png")
        (place / "scene.toml").write_text(SCENE)
        game = Game.load(place / "scene.toml")
        try:
            screen = open_offscreen(game)
        except NoDisplay as error:
            raise Skipped(str(error)) from None
        try:
            yield game, screen
        finally:
            screen.close()


class TheirSprites:
    """The same with pyglet's sprites."""

    def __init__(self) -> None:
        import pyglet

        grid = pyglet.image.ImageGrid(pyglet.image.create(64, 64), 4, 4)
        self.batch = pyglet.graphics.Batch()
        self.sprites = [pyglet.sprite.Sprite(grid[5], batch=self.batch) for _ in range(COUNT)]
        self.places = np.random.default_rng(1).uniform(0.0, 700.0, (2, COUNT)).tolist()

    def update(self) -> None:
        """Tell each sprite where it is."""
        for sprite, x, y in zip(self.sprites, *self.places, strict=True):
            sprite.update(x=x, y=y, rotation=x)
        self.places.reverse()


def _wall_medians(works: list[Callable[[], object]]) -> list[float]:
    """Return median milliseconds, by the clock, of works done in turn: software GL draws in other threads."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS * FRAMES // 5):
        for found, work in zip(times, works, strict=True):
            start = time.perf_counter()
            work()
            found.append(1000.0 * (time.perf_counter() - start))
    return [statistics.median(found) for found in times]


def _row(name: str, ours: float, theirs: float) -> Row:
    return Row(name=name, value=ours, unit="ms", ratios=(Ratio(PEER, ours / theirs),))


def _upload() -> Row:
    """Measure writing the vertex data of 10,000 sprites and handing it to GL."""
    name = "sprites/upload"
    with _drawn() as (game, screen):
        screen.draw(game)
        world, camera = screen.picture.world, screen.picture.camera

        def ours() -> None:
            rows = world.instances.build(game.world, camera, 0.5)
            if len(rows) != COUNT:
                raise WrongResult(name, COUNT, len(rows))
            world.sprite_drawing.quads.upload(rows)

        return _row(name, *_wall_medians([ours, TheirSprites().update]))


def _frame() -> Row:
    """Measure whole frames until GL has drawn them, and count their draw calls."""
    from pyglet import gl

    name = "sprites/frame"
    with _drawn() as (game, screen):
        their = TheirSprites()
        with _counted_calls() as calls:
            screen.draw(game)
        if not 0 < len(calls) <= MOST_DRAW_CALLS:
            raise WrongResult(name, f"1 to {MOST_DRAW_CALLS} draw calls", len(calls))

        def ours() -> None:
            screen.draw(game)
            gl.glFinish()

        def theirs() -> None:
            their.update()
            gl.glClear(gl.GL_COLOR_BUFFER_BIT)
            their.batch.draw()
            gl.glFinish()

        return _row(name, *_wall_medians([ours, theirs]))


@contextmanager
def _counted_calls() -> Iterator[list[str]]:
    """Note the name of each draw call, wherever a module of pyglet has taken the function to."""
    calls: list[str] = []
    replaced: list[tuple[Any, str, Any]] = []
    for module in [one for key, one in sys.modules.items() if key.startswith("pyglet.")]:
        for key, function in list(vars(module).items()):
            if key.startswith(("glDraw", "glMultiDraw")) and key != "glDrawBuffer" and callable(function):
                replaced.append((module, key, function))
                setattr(module, key, _noting(calls, key, function))
    try:
        yield calls
    finally:
        for module, key, function in replaced:
            setattr(module, key, function)


def _noting(calls: list[str], name: str, function: Any) -> Any:
    def called(*arguments: Any) -> Any:
        calls.append(name)
        return function(*arguments)

    return called
