"""A thousand entities with hostile scripts of a mod, against what a tick may take and a process may hold.

Each script of `tests/hostile` is on an entity of a mod, the first ones on two, with the limits that a scene
has by default; the peer is the same scene with empty scripts. The first ticks count as well, in which the
attacks fail and the spawn bombs make what they may make; the kernels that they call were loaded by a game
that was played before.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Benchmark, Ratio, Row, Skipped, WrongResult, milliseconds

if TYPE_CHECKING:
    from engine.game import Game

ENTITIES = 1_000
FIRST_TICKS, TICKS = 60, 240
MOST_MS = 1000.0 / 60.0
MOST_MB = 400.0
NAME = "hostile/1000"
PEER = "empty scripts"
ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = 2_000_000
"""The default of `tick_operations`."""


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of hostile scripts."""
    return (
        Benchmark(NAME, lambda: _ticks(NAME, statistics.median)),
        Benchmark(f"{NAME} worst", lambda: _ticks(f"{NAME} worst", max)),
        Benchmark(f"{NAME} memory", _memory),
    )


@contextmanager
def _played(*, empty: bool) -> Iterator[Game]:
    """Yield a game with the hostile entities; it must have played its first ticks when it is left."""
    from engine.game import Game
    from engine.game.kernels import load_for_some_ticks
    from tests.hostile.cases import all_cases, write_scene

    if sys.platform == "win32":
        raise Skipped("the attacks on files need symbolic links")
    cases = all_cases()
    with tempfile.TemporaryDirectory() as folder:
        scene = Path(folder) / "scene"
        game = Game.load(write_scene(scene, cases, empty=empty, entities=ENTITIES, operations=OPERATIONS))
        load_for_some_ticks()
        yield game
        if game.entity_count < 1_000 or (len(game.error_reports) > len(cases) // 2) == empty:
            raise WrongResult(NAME, "entities, and errors of hostile scripts alone", game.entity_count)
        game.close()


def _ticks(name: str, of: Callable[[list[float]], float]) -> Row:
    """Measure ticks of both in turn, as `astraweave run` does them: what was there before stays."""
    with _played(empty=False) as before:
        for _ in range(FIRST_TICKS):
            before.step()
    with _played(empty=True) as calm, _played(empty=False) as attacked:
        gc.collect()
        gc.freeze()
        try:
            times = [(milliseconds(attacked.step), milliseconds(calm.step)) for _ in range(TICKS)]
        finally:
            gc.unfreeze()
    ours, theirs = (of(list(one)) for one in zip(*times, strict=True))
    ratios = (Ratio(PEER, ours / theirs), Ratio(f"limit of {MOST_MS:.2f} ms", ours / MOST_MS))
    return Row(name=name, value=ours, unit="ms", ratios=ratios)


def _memory() -> Row:
    """Measure the most memory that a process takes which does nothing else."""
    if sys.platform != "linux":
        raise Skipped("how much memory a process took at most is read from /proc")
    ours, theirs = (_resident(which) for which in ("hostile", "empty"))
    ratios = (Ratio(PEER, ours / theirs), Ratio(f"limit of {MOST_MB:.0f} MB", ours / MOST_MB))
    return Row(name=f"{NAME} memory", value=ours, unit="MB", ratios=ratios)


def _resident(which: str) -> float:
    command = [sys.executable, "-m", "benchmarks.hostile", which]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skipped(done.stderr.strip().rpartition("\n")[2])
    return float(done.stdout)


def main(which: str) -> None:
    """Play, and print the most megabytes that were resident."""
    with _played(empty=which == "empty") as game:
        for _ in range(TICKS):
            game.step()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.partition("VmHWM:")[2].split()[0]) / 2**10)  # that of `resource` is the parent's too


if __name__ == "__main__":
    main(sys.argv[1])
