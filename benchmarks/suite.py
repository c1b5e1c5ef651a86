"""All benchmarks, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import (
    animation,
    arena,
    audio,
    callbacks,
    compiling,
    ecs,
    events,
    hostile,
    particles,
    peers,
    physics,
    plot,
    ratios,
    scenes,
    sequences,
    space,
    sprites,
    state,
    tilemap,
)
from benchmarks.measure import Benchmark, Row, Skipped
from benchmarks.page import HEADING, PAGE, line, mean_line, write_page


def names() -> tuple[str, ...]:
    """Return the names of all benchmarks."""
    return tuple(benchmark.name for benchmark in _all())


def chosen(prefixes: Sequence[str]) -> tuple[Benchmark, ...]:
    """Return the benchmarks whose names begin with one of the prefixes, all when there are none."""
    return tuple(one for one in _all() if not prefixes or one.name.startswith(tuple(prefixes)))


def run(benchmarks: Sequence[Benchmark], out: Callable[[str], None]) -> list[Row]:
    """Run benchmarks one after another; each line is told at once. A run of all writes the page."""
    rows: list[Row] = []
    out(HEADING)
    for benchmark in benchmarks:
        try:
            row = benchmark.run()
        except Skipped as reason:
            out(f"{benchmark.name}: skipped: {reason}")
            continue
        out(line(row))
        rows.append(row)
    out(mean_line(rows))
    if len(rows) == len(_all()) and PAGE.is_file():
        write_page(rows)
    return rows


def store(rows: Sequence[Row]) -> None:
    """Keep the ratios of a run for later comparisons, and what its rows plot."""
    ratios.store(rows)
    plot.store(rows)


def _all() -> tuple[Benchmark, ...]:
    rooms = (
        peers,
        compiling,
        ecs,
        callbacks,
        events,
        physics,
        space,
        audio,
        particles,
        animation,
        sprites,
        tilemap,
        arena,
        state,
        hostile,
        sequences,
        scenes,
    )
    return tuple(benchmark for room in rooms for benchmark in room.benchmarks())
