"""Callbacks of what happened: 20,000 of the 10,000 collisions of one tick, against plain Python."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, medians_in_turn
from benchmarks.peers import CPYTHON, RHAI, lua_program

if TYPE_CHECKING:
    from engine.game import Game

PAIRS = 10_000
ROW, APART = 100, 4.0
NAME = "events/collisions"
NATIVE_RHAI = 0.35
"""Time of native Rhai for so many calls of a function that counts (100 ns each) to that of the script
`calls` of `peers/` in Lua 5.4 (5.75 ms), measured as `native_rhai.toml` was."""
SCENE = f"""
[scene]
gravity = [0.0, 0.0]
[limits]
entities = {2 * PAIRS}
[[entity]]
count = {2 * PAIRS}
collider = {{ circle = 0.5 }}
velocity = [0.0, 0.0]
script = "counter.rhai"
"""
SCRIPT = "let met = 0;\nfn on_collision(other) { met += 1; }\n"


class Counter:
    """An entity of the peer."""

    __slots__ = ("met",)

    def __init__(self) -> None:
        self.met = 0

    def on_collision(self, _other: int) -> None:
        """Count."""
        self.met += 1


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmark of events."""
    return (Benchmark(NAME, _measure),)


def _measure() -> Row:
    from engine.game.events import GameEvents
    from engine.physics.layout import Event

    game = _colliding()
    told = game.physics.events
    if len(told) != 2 * PAIRS or game.error_reports:
        raise WrongResult(NAME, 2 * PAIRS, game.error_reports or len(told))
    pairs = list(zip(told[:, Event.ENTITY].tolist(), told[:, Event.OTHER].tolist(), strict=True))
    counters = {entity: Counter() for entity, _ in pairs}

    def plain() -> None:
        for entity, other in pairs:
            counters[entity].on_collision(other)

    ours = GameEvents(game.world, game.physics, game.scripts).tell_contacts
    times = medians_in_turn([ours, plain, lua_program("lua54", "calls")])
    met = {game.scripts.state(entity, "counter.rhai")["met"] - 1 for entity in counters}
    if met != {counter.met for counter in counters.values()}:
        raise WrongResult(NAME, {counter.met for counter in counters.values()}, met)
    ratios = (Ratio(CPYTHON, times[0] / times[1]), Ratio(RHAI, times[0] / (NATIVE_RHAI * times[2])))
    return Row(name=NAME, value=times[0], unit="ms", ratios=ratios)


def _colliding() -> Game:
    """Return a game after the tick in which pairs of circles began to touch."""
    from engine.game import Game

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "scene.toml").write_text(SCENE, encoding="utf-8")
        (Path(folder) / "counter.rhai").write_text(SCRIPT, encoding="utf-8")
        game = Game.load(Path(folder) / "scene.toml")
    for place, entity in enumerate(game.world.entities().tolist()):
        pair, second = divmod(place, 2)
        game.world.set(entity, "transform.x", APART * (pair % ROW) + 0.9 * second)
        game.world.set(entity, "transform.y", APART * (pair // ROW))
    game.step()
    return game
