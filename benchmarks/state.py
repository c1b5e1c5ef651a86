"""The state of 1,000 scripted entities: its hash, snapshots in memory, the way back.

The peers hold as many objects of Python with the same values: pickled and hashed, copied by pickle.
"""

from __future__ import annotations

import hashlib
import pickle
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, medians_in_turn, milliseconds, repeated
from benchmarks.scenes import patrol_scene

if TYPE_CHECKING:
    from engine.game import Game

COUNT = 1_000
WARM_UP = 60
WORK = 20
"""Calls that are measured as one: a single one is too short."""


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of the state."""
    return (
        Benchmark("hash/1000", _hash),
        Benchmark("snapshot/1000", _snapshot),
        Benchmark("restore/1000", _restore),
        Benchmark("history/1000", _history),
    )


class Walker:
    """What a patrol of Python would be."""

    def __init__(self, number: int) -> None:
        self.entity = number
        self.place = (1.0 * number, 2.0)
        self.velocity = (0.5, -0.5)
        self.tag = "Walker"
        self.waypoint_index = number % 4
        self.waypoints = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


def _walkers() -> list[Walker]:
    return [Walker(number) for number in range(COUNT)]


@contextmanager
def _patrols() -> Iterator[Game]:
    from engine.game import Game

    with tempfile.TemporaryDirectory() as folder:
        game = Game.load(patrol_scene(Path(folder), COUNT))
        for _ in range(WARM_UP):
            game.step()
        yield game
        game.close()


def _row(name: str, work: Callable[[], object], peer: Callable[[], object]) -> Row:
    ours, theirs = (one / WORK for one in medians_in_turn([repeated(work, WORK), repeated(peer, WORK)]))
    return Row(name=name, value=ours, unit="ms", ratios=(Ratio(peer="pickle", value=ours / theirs),))


def _hash() -> Row:
    walkers = _walkers()
    with _patrols() as game:
        if game.state_hash() != game.state_hash():
            raise WrongResult("hash/1000", "one hash", "two")
        return _row("hash/1000", game.state_hash, lambda: hashlib.blake2b(pickle.dumps(walkers)).digest())


def _snapshot() -> Row:
    walkers = _walkers()
    with _patrols() as game:
        return _row("snapshot/1000", game.snapshot, lambda: pickle.dumps(walkers))


def _restore() -> Row:
    data = pickle.dumps(_walkers())
    with _patrols() as game:
        snapshot, before = game.snapshot(), game.state_hash()
        game.step()
        row = _row("restore/1000", lambda: game.restore(snapshot), lambda: pickle.loads(data))
        if game.state_hash() != before:
            raise WrongResult("restore/1000", before, game.state_hash())
        return row


def _history() -> Row:
    """Measure what a tick costs that can be taken back."""
    from engine.game.history import History

    walkers = _walkers()
    with _patrols() as game:
        history, hashes = History(game.state, most_words=1 << 26), [game.state_hash()]

        def tick() -> float:
            game.step()
            took = milliseconds(history.note)
            hashes.append(game.state_hash())
            return took

        times = [tick() for _ in range(10 * WORK)]
        theirs = milliseconds(repeated(lambda: pickle.dumps(walkers), WORK)) / WORK
        history.back(len(times) // 2)
        if game.state_hash() != hashes[len(times) // 2]:
            raise WrongResult("history/1000", hashes[len(times) // 2], game.state_hash())
    ours = statistics.median(times)
    return Row(
        name="history/1000", value=ours, unit="ms", ratios=(Ratio(peer="pickle", value=ours / theirs),)
    )
