"""What a benchmark is, and how times are taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import msgspec

ROUNDS = 5


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One result. `ratio` is ours to the peer's, measured in the same run: smaller is better."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    ratio: float | None = None

    def line(self) -> str:
        """Return the row as a line of a table."""
        compared = "" if self.ratio is None else f"{self.ratio:8.2f} × {self.peer}"
        return f"{self.name:<28}{self.value:12.4f} {self.unit:<4}{compared}"


class Benchmark(msgspec.Struct, frozen=True):
    """A named measurement."""

    name: str
    run: Callable[[], Row]


class WrongResult(AssertionError):
    """A benchmark computed something else than it should: its time means nothing."""

    def __init__(self, name: str, expected: object, found: object) -> None:
        super().__init__(f"{name}: expected {expected!r}, got {found!r}")


def milliseconds(work: Callable[[], object]) -> float:
    """Return the processor time of this thread that `work` takes, in milliseconds."""
    start = time.thread_time()
    work()
    return 1000.0 * (time.thread_time() - start)


def medians_in_turn(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Return the median milliseconds of two works done in turn: what slows one slows both."""
    pairs = [(milliseconds(first), milliseconds(second)) for _ in range(ROUNDS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
