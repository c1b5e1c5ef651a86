"""Running the benchmarks of the source tree; they stay out of the wheel, as do the peers they measure."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from engine.tools.errors import NoBenchmarks


class BenchmarkResults(msgspec.Struct, frozen=True, kw_only=True):
    """The results of one run, in order, and a line for each ratio that got worse."""

    rows: tuple[Any, ...]
    worse: tuple[str, ...] = ()

    def as_json(self) -> str:
        """Return one line of JSON: a list of `name`, `value`, `unit`, `ratios` (`peer`, `value`)."""
        return msgspec.json.encode(self.rows).decode()


def run_benchmarks(
    names: Sequence[str], out: Callable[[str], None], *, compare: bool = False, store: bool = False
) -> BenchmarkResults:
    """Run the benchmarks whose names begin with one of `names`, all when there are none.

    Args:
        names: beginnings. out: takes lines. compare: look for ratios that are worse than the stored ones.
        store: keep the ratios of this run for later comparisons, and its plots.
    Raises:
        NoBenchmarks: the source tree is not here, or no benchmark has such a name.
    """
    try:
        suite = importlib.import_module("benchmarks.suite")
        ratios = importlib.import_module("benchmarks.ratios")
    except ModuleNotFoundError as error:
        if error.name not in {"benchmarks", "benchmarks.suite"}:
            message = f"benchmarks need `{error.name}`: pip install -e '.[bench]'"
            raise NoBenchmarks(message) from None
        raise NoBenchmarks("benchmarks are part of the source tree: run this in a clone") from None
    chosen = suite.chosen(names)
    if not chosen:
        known = ", ".join(suite.names())
        raise NoBenchmarks(f"no benchmark is called {', '.join(names)}; there are: {known}")
    rows = suite.run(chosen, out)
    worse = ratios.worse(rows, chosen) if compare else []
    if store:
        suite.store(rows)
    return BenchmarkResults(rows=tuple(rows), worse=tuple(worse))
