"""`on_update` of many entities: calls, the patrol example, memory; against plain Python and native Rhai."""

from __future__ import annotations

import gc
import math
import statistics
import tempfile
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import ROUNDS, Benchmark, Ratio, Row, WrongResult, medians_in_turn, milliseconds
from benchmarks.peers import CPYTHON, RHAI, lua_program
from benchmarks.scenes import patrol_scene

if TYPE_CHECKING:
    from engine.game import Game

CALLS = 10_000
MOST_CALLS = 1_000_000
"""Calls of a measurement with many entities, which has fewer ticks for it."""
TICKS = 360
LEAST_TICKS = 15
LUA_CALLS = 5.75
"""Milliseconds of the script `calls` of `peers/` in Lua 5.4 where native Rhai was measured."""
RHAI_CALL = {"empty": 0.035, "counter": 0.10, "patrol": 1.85}
"""Microseconds of `call_fn("on_update")` of native Rhai for one of 1,000 entities, measured there."""
RHAI_MEMORY = 0.83
"""Kilobytes of one patrol entity of native Rhai."""
COUNTER = "let counter = 0;\nfn on_update() { counter += 1; }\n"
WAYPOINTS = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


class Empty:
    """An entity of the peer that does nothing."""

    __slots__ = ()

    def __init__(self, _x: float, _y: float) -> None:
        pass

    def on_update(self, _seconds: float) -> None:
        """Do nothing."""


class Counter:
    """One that counts its ticks."""

    __slots__ = ("counter",)

    def __init__(self, _x: float, _y: float) -> None:
        self.counter = 0

    def on_update(self, _seconds: float) -> None:
        """Count."""
        self.counter += 1


class Patrol:
    """One that does what `examples/patrol` does."""

    __slots__ = ("waypoint", "x", "y")

    def __init__(self, x: float, y: float) -> None:
        self.x, self.y, self.waypoint = x, y, 0

    def on_update(self, seconds: float) -> None:
        """Go towards the waypoint, or choose the next."""
        x, y = WAYPOINTS[self.waypoint]
        x, y = x - self.x, y - self.y
        distance = math.sqrt(x * x + y * y)
        if distance < 1.0:
            self.waypoint = (self.waypoint + 1) % len(WAYPOINTS)
        else:
            part = min(seconds * 5.0 / distance, 1.0)
            self.x += x * part
            self.y += y * part


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of callbacks."""
    return (
        Benchmark("callbacks/empty", lambda: _calls("empty", "fn on_update() {}\n", Empty)),
        Benchmark("callbacks/counter", lambda: _calls("counter", COUNTER, Counter)),
        Benchmark("patrol/1000", lambda: _patrol(1_000)),
        Benchmark("patrol/10000", lambda: _patrol(10_000)),
        Benchmark("patrol/100000", lambda: _patrol(100_000)),
        Benchmark("memory/1000", _memory),
    )


def _calls(kind: str, script: str, peer: type) -> Row:
    """Measure the script time of a tick, for each entity."""
    with tempfile.TemporaryDirectory() as folder:
        game = _load(Path(folder), CALLS, script)
        time, ratios = _in_turn(game, kind, peer)
        counted = game.scripts.state(1, "patrol.rhai").get("counter", game.tick)
    if counted != game.tick or game.error_reports:
        raise WrongResult(f"callbacks/{kind}", game.tick, game.error_reports or counted)
    return Row(name=f"callbacks/{kind}", value=1000.0 * time / CALLS, unit="us", ratios=ratios)


def _patrol(count: int) -> Row:
    """Measure the script time of a tick of patrols."""
    name = f"patrol/{count}"
    with tempfile.TemporaryDirectory() as folder:
        game = _load(Path(folder), count)
        time, ratios = _in_turn(game, "patrol", Patrol)
    if game.entity_count != count or game.error_reports:
        raise WrongResult(name, f"{count} entities and no error", game.error_reports or game.entity_count)
    return Row(name=name, value=time, unit="ms", ratios=ratios)


def _load(folder: Path, count: int, script: str | None = None) -> Game:
    from engine.game import Game

    scene = patrol_scene(folder, count)
    if script is not None:
        (folder / "patrol.rhai").write_text(script, encoding="utf-8")
    return Game.load(scene)


def _in_turn(game: Game, kind: str, peer: type) -> tuple[float, tuple[Ratio, ...]]:
    """Tick a game and its peer in turn, many ticks each, for either has the cache to itself then.

    Returns: the median script time of a tick in ms, and the ratios.
    """
    everyone: Sequence[Any] = [peer(x, y) for x, y in _places(game)]
    ticks = max(min(TICKS, MOST_CALLS // len(everyone)) // ROUNDS, LEAST_TICKS)
    theirs: list[float] = []
    lua = statistics.median(medians_in_turn([lua_program("lua54", "calls")]))
    for _ in range(ROUNDS):
        for _ in range(ticks):
            game.step()
        theirs += [milliseconds(lambda: _tick(everyone)) for _ in range(ticks)]
    if peer is Patrol:
        apart = [math.dist(place, (one.x, one.y)) for place, one in zip(_places(game), everyone, strict=True)]
        if statistics.median(apart) > 1e-6:
            raise WrongResult(kind, "the same places", apart[:5])
    rhai = RHAI_CALL[kind] * len(everyone) / 1000.0 * lua / LUA_CALLS
    time = float(game.timings.summary()["script"]["median"])
    return time, (Ratio(CPYTHON, time / statistics.median(theirs)), Ratio(RHAI, time / rhai))


def _tick(everyone: Sequence[Any]) -> None:
    seconds = 1.0 / 60.0
    for one in everyone:
        one.on_update(seconds)


def _places(game: Game) -> list[tuple[float, float]]:
    from engine.ecs.components import Field

    world = game.world
    columns = (world.column(Field.TRANSFORM_X), world.column(Field.TRANSFORM_Y))
    rows = [world.row_of(entity, Field.TRANSFORM_X.component) for entity in world.entities().tolist()]
    return [(float(columns[0][row]), float(columns[1][row])) for row in rows]


def _memory() -> Row:
    """Measure the memory that 1,000 patrols take, beside that of one."""
    count = 1_000
    with tempfile.TemporaryDirectory() as folder:
        _load(Path(folder), 1)  # what all games share is there before
        few, many = (_growth(lambda n=n: _played(Path(folder), n)) for n in (1, 1 + count))
    python = _growth(lambda: [Patrol(float(n), 0.5 * n) for n in range(count)])
    size = (many - few) / 1e6
    rhai = RHAI_MEMORY * count / 1000.0
    return Row(
        name="memory/1000",
        value=size,
        unit="MB",
        ratios=(Ratio(CPYTHON, size / (python / 1e6)), Ratio(RHAI, size / rhai)),
    )


def _played(folder: Path, count: int) -> Game:
    game = _load(folder, count)
    for _ in range(30):
        game.step()
    return game


def _growth(make: Callable[[], object]) -> float:
    """Return the bytes that live while what was made does; NumPy tells its own."""
    gc.collect()
    tracemalloc.start()
    kept = make()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return float(size)
