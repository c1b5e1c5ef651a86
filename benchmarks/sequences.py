"""Functions that wait: 10,000 that wait for a time, and 10,000 that go on in each tick.

The peer is a generator of Python for each, in a list with the tick at which it goes on.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, medians_in_turn, repeated

if TYPE_CHECKING:
    from engine.game import Game

COUNT = 10_000
WORK = 10
"""Ticks that are measured as one: a single one is too short."""
SCENE = f"""
[limits]
entities = {2 * COUNT}
[[entity]]
count = {COUNT}
spread = {{ box = [100.0, 100.0] }}
script = "waiting.rhai"
"""
SCRIPT = """
let n = 0;
fn f() {{ for i in 0..1000000 {{ n += i; wait({seconds}); }} }}
fn on_spawn() {{ start(Fn("f")); }}
"""


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of sequences."""
    return (
        Benchmark(f"sequences/waiting/{COUNT}", lambda: _measured("waiting", 600.0)),
        Benchmark(f"sequences/going-on/{COUNT}", lambda: _measured("going-on", 0.0)),
    )


class Waiter:
    """What a sequence would be in Python."""

    def __init__(self, ticks: int) -> None:
        self.n = 0
        self.due = 0
        self.ticks = ticks
        self.going_on = self._run()

    def _run(self) -> Generator[int, None, None]:
        for i in range(1_000_000):
            self.n += i
            yield self.ticks


class Generators:
    """Generators that wait, asked once a tick."""

    def __init__(self, ticks: int) -> None:
        self.tick = 0
        self.waiters = [Waiter(ticks) for _ in range(COUNT)]

    def step(self) -> None:
        """Let those go on whose time has come."""
        tick = self.tick = self.tick + 1
        for waiter in self.waiters:
            if waiter.due <= tick:
                waiter.due = tick + next(waiter.going_on)


@contextmanager
def _waiting(seconds: float) -> Iterator[Game]:
    from engine.game import Game

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "scene.toml").write_text(SCENE, encoding="utf-8")
        (folder / "waiting.rhai").write_text(SCRIPT.format(seconds=seconds), encoding="utf-8")
        game = Game.load(folder / "scene.toml")
        for _ in range(3):
            game.step()
        yield game
        game.close()


def _measured(name: str, seconds: float) -> Row:
    peer = Generators(max(int(60 * seconds), 1))
    peer.step()
    with _waiting(seconds) as game:
        scripts = game.scripts

        def tick() -> None:
            game.world.tick += 1
            scripts.begin_tick(game.tick, 1.0 / 60.0)
            scripts.sequences.run(scripts, game.tick)

        before = scripts.state(1, "waiting.rhai")["n"]
        works = [repeated(tick, WORK), repeated(peer.step, WORK)]
        ours, theirs = (one / WORK for one in medians_in_turn(works))
        went_on = scripts.state(1, "waiting.rhai")["n"] > before
        if len(scripts.sequences) != COUNT or went_on != (seconds == 0.0):
            raise WrongResult(name, COUNT, len(scripts.sequences))
    ratio = Ratio(peer="generators", value=ours / theirs)
    return Row(name=f"sequences/{name}/{COUNT}", value=ours, unit="ms", ratios=(ratio,))
