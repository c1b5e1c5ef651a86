"""The nearest of 100,000 entities to 100,000 places against scipy, the building of the index included."""

from __future__ import annotations

import statistics

import numpy as np

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, milliseconds

PEER = "cKDTree"
COUNT = 100_000
SIDE = 1000.0
ROUNDS = 9
SEED = 4


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of questions about places."""
    return (Benchmark("space/nearest", _nearest),)


def _nearest() -> Row:
    from scipy.spatial import cKDTree

    from engine.ecs.components import Component, Field
    from engine.ecs.world import World
    from engine.space.points import Points

    name, random = "space/nearest", np.random.default_rng(SEED)
    places, queries = random.uniform(0.0, SIDE, (2, COUNT, 2))
    columns = {Field.TRANSFORM_X: places[:, 0].copy(), Field.TRANSFORM_Y: places[:, 1].copy()}
    world = World()
    ids = world.spawn_many([Component.TRANSFORM], COUNT, {}, columns)
    points = Points(world)
    points.build()
    found, _ = points.nearest(queries)
    _, theirs = cKDTree(places).query(queries)
    if not np.array_equal(found[:, 0], ids[theirs]):
        raise WrongResult(name, "the same neighbours as theirs", "others")

    def ask() -> None:
        points.build()
        points.nearest(queries)

    times = [(milliseconds(ask), milliseconds(lambda: cKDTree(places).query(queries))) for _ in range(ROUNDS)]
    value, other = (statistics.median(column) for column in zip(*times, strict=True))
    return Row(name=name, value=value, unit="ms", ratios=(Ratio(PEER, value / other),))
