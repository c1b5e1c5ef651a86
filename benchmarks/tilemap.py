"""Ways over a tile map, against Dijkstra in plain Python with a heap."""

from __future__ import annotations

import heapq
import math

import numpy as np
import numpy.typing as npt

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, medians_in_turn

SIDE = 64
PATHS = 20
SEED = 11
PEER = "python"


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of tile maps."""
    return (Benchmark("tilemap/path", _paths),)


def _paths() -> Row:
    """Measure ways across a map of 64 by 64 cells of which a quarter is solid."""
    from engine.ecs.world import World
    from engine.tilemap.ground import Ground
    from engine.tilemap.paths import way_cost
    from engine.tilemap.tile_map import TileMap

    name = "tilemap/path"
    chance = np.random.default_rng(SEED)
    solid = chance.random((SIDE, SIDE)) < 0.25
    free = np.flatnonzero(~solid.ravel())
    pairs = [tuple(chance.choice(free, 2).tolist()) for _ in range(PATHS)]
    tiles = Ground(World(), TileMap((), (), (), solid, np.ones(solid.shape)), 1.0, (0.0, 0.0)).tiles
    ours = [way_cost(tiles, start, goal) for start, goal in pairs]
    theirs = [_dijkstra(solid, start, goal) for start, goal in pairs]
    if any(abs(one - other) > 1e-9 for one, other in zip(ours, theirs, strict=True)):
        raise WrongResult(name, theirs, ours)
    our_time, their_time = medians_in_turn(
        [
            lambda: [way_cost(tiles, start, goal) for start, goal in pairs],
            lambda: [_dijkstra(solid, start, goal) for start, goal in pairs],
        ]
    )
    return Row(name=name, value=our_time / PATHS, unit="ms", ratios=(Ratio(PEER, our_time / their_time),))


def _dijkstra(solid: npt.NDArray[np.bool_], start: int, goal: int) -> float:
    """Return what the best way costs, or -1."""
    cells, best, waiting = solid.tolist(), {start: 0.0}, [(0.0, start)]
    while waiting:
        way, cell = heapq.heappop(waiting)
        if cell == goal:
            return way
        if way > best[cell]:
            continue
        row, column = divmod(cell, SIDE)
        for r in range(max(row - 1, 0), min(row + 2, SIDE)):
            for c in range(max(column - 1, 0), min(column + 2, SIDE)):
                if cells[r][c] or cells[row][c] or cells[r][column]:
                    continue
                further = way + math.hypot(r - row, c - column)
                if further < best.get(r * SIDE + c, math.inf):
                    best[r * SIDE + c] = further
                    heapq.heappush(waiting, (further, r * SIDE + c))
    return -1.0
