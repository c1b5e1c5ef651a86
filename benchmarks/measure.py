"""What a benchmark is, and how times are taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import msgspec

ROUNDS = 5


class Ratio(msgspec.Struct, frozen=True):
    """Our time to that of a peer in the same run: smaller is better."""

    peer: str
    value: float


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One result, with its ratios to peers; the first one is the ratio that is held to.

    ``points`` are what a plot of it shows: (size, milliseconds).
    """

    name: str
    value: float
    unit: str
    ratios: tuple[Ratio, ...] = ()
    points: tuple[tuple[float, float], ...] = ()

    def ratio(self, peer: str) -> float | None:
        """Return the ratio to a peer, if there is one."""
        return next((one.value for one in self.ratios if one.peer == peer), None)


class Benchmark(msgspec.Struct, frozen=True):
    """A named measurement."""

    name: str
    run: Callable[[], Row]


class WrongResult(AssertionError):
    """A benchmark computed something else than it should: its time means nothing."""

    def __init__(self, name: str, expected: object, found: object) -> None:
        super().__init__(f"{name}: expected {expected!r}, got {found!r}")


class Skipped(Exception):
    """A benchmark cannot run here; the message says why."""


def milliseconds(work: Callable[[], object]) -> float:
    """Return the processor time of this thread that `work` takes, in milliseconds."""
    start = time.thread_time()
    work()
    return 1000.0 * (time.thread_time() - start)


def repeated(work: Callable[[], object], times: int) -> Callable[[], None]:
    """Return short work done several times over, for a clock to see."""

    def works() -> None:
        for _ in range(times):
            work()

    return works


def medians_in_turn(works: Sequence[Callable[[], object]]) -> list[float]:
    """Return the median milliseconds of works done in turn: what slows one slows all."""
    rounds = [[milliseconds(work) for work in works] for _ in range(ROUNDS)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]
