"""All benchmarks, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmarks import peers, scenes
from benchmarks.measure import Benchmark, Row
from lang.errors import CompileError, ScriptError


def names() -> tuple[str, ...]:
    """Return the names of all benchmarks."""
    return tuple(benchmark.name for benchmark in _all())


def chosen(prefixes: Sequence[str]) -> tuple[Benchmark, ...]:
    """Return the benchmarks whose names begin with one of the prefixes, all when there are none."""
    return tuple(one for one in _all() if not prefixes or one.name.startswith(tuple(prefixes)))


def run(benchmarks: Iterable[Benchmark], out: Callable[[str], None]) -> list[Row]:
    """Run benchmarks one after another; each line is told at once."""
    rows: list[Row] = []
    for benchmark in benchmarks:
        try:
            row = benchmark.run()
        except (CompileError, ScriptError) as error:
            if not _is_missing(error):
                raise
            out(f"{benchmark.name:<28}     not yet: {error}")
            continue
        out(row.line())
        rows.append(row)
    return rows


def _is_missing(error: CompileError | ScriptError) -> bool:
    """Return whether a script uses what the language cannot say yet: such a benchmark has no time."""
    return isinstance(error, CompileError) or error.kind == "ErrorFunctionNotFound"


def _all() -> tuple[Benchmark, ...]:
    return (*peers.benchmarks(), *scenes.benchmarks())
