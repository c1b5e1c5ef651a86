"""How long an entity script takes from text to program, and how that grows with its length."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import ROUNDS, Benchmark, Ratio, Row, WrongResult, medians_in_turn
from engine.scripting.compiling import entity_options
from lang.compile.compiler import compile_source
from lang.program_cache import ProgramCache
from lang.source import Source

PART = """\
let speed_N = 2.5;
let waypoints_N = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]];
let stats_N = #{ hp: 100, armor: 5, name: "guard N" };

// Goes from one waypoint to the next, and says where it is now and then.
fn step_N(position, delta) {
    let target = waypoints_N[(delta * 10.0).to_int() % waypoints_N.len()];
    let dx = target[0] - position[0];
    let dy = target[1] - position[1];
    let distance = (dx * dx + dy * dy).sqrt();
    if distance < 1.0 || stats_N.hp <= 0 {
        print(`${stats_N.name}: arrived at ${target[0]}, ${target[1]}`);
        return #{ x: target[0], y: target[1], moving: false };
    }
    let total = 0;
    for (item, index) in waypoints_N {
        total += item[0] * index - item[1] * 2.0;
        switch index % 3 {
            0 => total += 1.0,
            1 if total > 10.0 => total -= 1.0,
            _ => { total *= 0.5; }
        }
    }
    #{ x: position[0] + dx / distance * delta * speed_N, y: position[1], moving: total >= 0.0 }
}
"""
PART_LINES = 25
SHORT, LONG = 50, 1_000


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of the compiler."""
    return (
        Benchmark(f"compile/{SHORT}", _short),
        Benchmark(f"compile/{LONG}", _long),
        Benchmark(f"compile/{SHORT} on disk", _on_disk),
    )


def script(lines: int) -> str:
    """Return a script of so many lines, a multiple of `PART_LINES`."""
    return "".join(PART.replace("_N", f"_{number}") for number in range(lines // PART_LINES))


def _compiling(lines: int) -> Callable[[], object]:
    options, prelude = entity_options()
    source = Source(script(lines), "long.rhai")
    return lambda: compile_source(source, options, prelude)


def _short() -> Row:
    work = _compiling(SHORT)
    work()
    times = [medians_in_turn([work])[0] for _ in range(ROUNDS)]
    return Row(name=f"compile/{SHORT}", value=statistics.median(times), unit="ms")


def _long() -> Row:
    """Measure both in turn: the ratio is the time a line of the long one to that of the short one."""
    short, long = _compiling(SHORT), _compiling(LONG)
    short(), long()
    short_time, long_time = medians_in_turn([short, long])
    growth = Ratio(f"a line of {SHORT}", long_time / short_time * SHORT / LONG)
    return Row(name=f"compile/{LONG}", value=long_time, unit="ms", ratios=(growth,))


def _on_disk() -> Row:
    """Measure how long a program takes that an earlier process has kept."""
    options, prelude = entity_options()
    source = Source(script(SHORT), "long.rhai")
    with tempfile.TemporaryDirectory() as folder:
        programs = ProgramCache(Path(folder))
        first = programs.compile(source, options, prelude)
        if not (programs.compile(source, options, prelude).code == first.code).all():
            raise WrongResult("compile on disk", first.code, "another program")
        times = [
            medians_in_turn([lambda: programs.compile(source, options, prelude)])[0] for _ in range(ROUNDS)
        ]
    return Row(name=f"compile/{SHORT} on disk", value=statistics.median(times), unit="ms")
