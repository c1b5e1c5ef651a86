"""The world against plain arrays, against esper, and against its own size."""

from __future__ import annotations

import math
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, medians_in_turn, milliseconds
from benchmarks.scenes import patrol_scene

PEER = "esper"
GOAL = 5.0
"""Milliseconds that spawning 100,000 entities, or despawning them, may take."""

MOVING = 1_000_000
SPAWNED = 100_000
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
WARM_UP_TICKS = 30
TICKS = 60


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of the world."""
    return (
        Benchmark("ecs/iterate", _iterate),
        Benchmark("ecs/spawn", lambda: _come_and_go()[0]),
        Benchmark("ecs/despawn", lambda: _come_and_go()[1]),
        Benchmark("ecs/first spawn", _first_spawn),
        Benchmark("ecs/scaling", _scaling),
    )


def _iterate() -> Row:
    """Measure position += velocity of a million entities in eight archetypes."""
    import numpy as np

    from benchmarks.ecs_kernels import move_arrays, move_ranges
    from engine.ecs.query import Query
    from engine.ecs.world import World

    world = World()
    extras = ("health", "tag", "team")
    for kind in range(8):
        more = [name for bit, name in enumerate(extras) if kind >> bit & 1]
        world.spawn_many(
            ["transform", "velocity", *more], MOVING // 8, {"velocity.vx": 1.0, "velocity.vy": 2.0}
        )
    query = Query(world, ["transform", "velocity"])
    columns = np.zeros(MOVING), np.zeros(MOVING), np.full(MOVING, 1.0), np.full(MOVING, 2.0)
    ours, plain = medians_in_turn(
        (
            lambda: [move_ranges(world.table, query.ranges, 0.5) for _ in range(10)],
            lambda: [move_arrays(*columns, 0.5) for _ in range(10)],
        )
    )
    moved = {(float(rows["transform.x"].min()), float(rows["transform.y"].max())) for rows in query}
    if moved != {(25.0, 50.0)} or len(query) != MOVING or float(columns[1][-1]) != 50.0:
        raise WrongResult("ecs/iterate", (25.0, 50.0), moved)
    return Row(name="ecs/iterate", value=ours / 10, unit="ms", ratios=(Ratio("plain arrays", ours / plain),))


@dataclass(slots=True)
class Pair:
    """A component of esper's: two numbers, as many as are given to ours."""

    x: float = 0.0
    y: float = 0.0


def _components() -> tuple[type[Pair], ...]:
    return tuple(
        type(name, (Pair,), {"__slots__": ()}) for name in ("Transform", "Velocity", "Health", "Team", "Tag")
    )


def _come_and_go() -> tuple[Row, Row]:
    """Measure 100,000 entities of five components that come with places of their own, and go."""
    import esper
    import numpy as np

    from engine.ecs.world import World

    world = World()
    x, y = np.arange(float(SPAWNED)), np.arange(float(SPAWNED))
    transform, *others = _components()
    ours = np.zeros(0, np.int64)
    theirs: list[int] = []

    def spawn() -> None:
        nonlocal ours
        names = ("transform", "velocity", "health", "team", "tag")
        ours = world.spawn_many(names, SPAWNED, columns={"transform.x": x, "transform.y": y})

    def spawn_theirs() -> None:
        places = range(SPAWNED)
        theirs[:] = [esper.create_entity(transform(i, i), *(other() for other in others)) for i in places]

    def despawn() -> None:
        if world.get(int(ours[-1]), "transform.x") != SPAWNED - 1 or world.despawn_many(ours) != SPAWNED:
            raise WrongResult("ecs/despawn", SPAWNED, len(world))

    def despawn_theirs() -> None:
        for entity in theirs:
            esper.delete_entity(entity, immediate=True)

    came, went, came_there, went_there = medians_in_turn((spawn, despawn, spawn_theirs, despawn_theirs))
    return _row("ecs/spawn", came, came_there), _row("ecs/despawn", went, went_there)


def _row(name: str, ours: float, theirs: float) -> Row:
    ratios = (Ratio(PEER, ours / theirs), Ratio("the goal", ours / GOAL))
    return Row(name=name, value=ours, unit="ms", ratios=ratios)


def _first_spawn() -> Row:
    """Measure a spawn into a world whose memory nobody has touched: the system's time for it counts."""
    from engine.ecs.world import World

    names = ("transform", "velocity", "health", "team", "tag")
    worlds = [World() for _ in range(5)]
    times = [milliseconds(lambda world=world: world.spawn_many(names, SPAWNED)) for world in worlds]
    value = statistics.median(times)
    return Row(name="ecs/first spawn", value=value, unit="ms", ratios=(Ratio("the goal", value / GOAL),))


def _scaling() -> Row:
    """Measure whole ticks of more and more entities: the exponent of the power law that fits best."""
    points = tuple((float(count), _tick_of(count)) for count in SIZES)
    logs = [(math.log(count), math.log(took)) for count, took in points]
    slope, _ = statistics.linear_regression(*zip(*logs, strict=True))
    return Row(name="ecs/scaling", value=slope, unit="", points=points)


def _tick_of(count: int) -> float:
    from engine.game import Game

    with tempfile.TemporaryDirectory() as folder:
        game = Game.load(patrol_scene(Path(folder), count))
        times = [milliseconds(game.step) for _ in range(WARM_UP_TICKS + TICKS)]
        if game.entity_count != count or game.error_reports:
            raise WrongResult("ecs/scaling", f"{count} entities and no error", game.entity_count)
    return statistics.median(times[WARM_UP_TICKS:])
