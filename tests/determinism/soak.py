"""Plays the examples for a very long time, each in two processes at once, and looks at what came of it.

``python -m tests.determinism.soak --ticks 1000000`` plays Coin rush and the arena with their bots. Both runs
of a game must have the same state hash whenever they tell it, memory must not grow, ticks not get slower.
It ends with 1 and says what is wrong otherwise.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.determinism.playing import GAMES, WITH_BOTS

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 0.05  # of the ticks: what is loaded, and the rooms that grow to the size that the game needs
MOST_GROWTH = 1.08, 4.0  # times, and megabytes beside that: of the last quarter over the first
MOST_SLOWER = 1.5  # times, of the processor's time: other programs take its caches


class Told(NamedTuple):
    """A line of a run."""

    ticks: int
    hash: str
    megabytes: float
    milliseconds: float


class Drift(Exception):
    """Two runs came to different states."""


def start(name, ticks, every, seed):
    """Start a run; hashes of Python's strings and sets are salted with another seed in each."""
    words = [sys.executable, "-m", "tests.determinism.playing", name, str(ticks), str(every)]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)


def told(run):
    """Yield what a run tells, line by line."""
    for line in run.stdout:
        ticks, state, size, time = line.split()
        yield Told(int(ticks), state, float(size), float(time))


def both(name, ticks, every, out):
    """Play a game in two processes; returns what they told, [(first, second)].

    Raises:
        Drift: their states differ, or one of them ended early.
    """
    runs = [start(name, ticks, every, seed) for seed in (1, 2)]
    pairs = []
    try:
        for first, second in zip(told(runs[0]), told(runs[1]), strict=False):
            pairs.append((first, second))
            if (first.ticks, first.hash) != (second.ticks, second.hash):
                raise Drift(f"{name}: states differ at tick {first.ticks}: {first.hash} and {second.hash}")
            if len(pairs) % max(ticks // every // 20, 1) == 0:
                out(
                    f"{name}: {first.ticks} ticks, {first.megabytes:.1f} and {second.megabytes:.1f} MB,"
                    f" {first.milliseconds:.3f} and {second.milliseconds:.3f} ms a tick"
                )
        if len(pairs) != ticks // every:
            raise Drift(f"{name}: a run ended after {len(pairs) * every} of {ticks} ticks")
    finally:
        for run in runs:
            run.kill()
            run.wait()
    return pairs


def quarters(values):
    """Return the medians of the four quarters of some values, without the first of them."""
    values = values[int(WARM_UP * len(values)) :]
    size = max(len(values) // 4, 1)
    return [statistics.median(values[at : at + size] or values[-1:]) for at in range(0, 4 * size, size)]


def judged(name, pairs):
    """Return (lines that tell of a game's runs, what is wrong with them)."""
    lines, wrong = [], []
    for number, run in enumerate(zip(*pairs, strict=True), 1):
        sizes, times = (quarters([getattr(one, key) for one in run]) for key in ("megabytes", "milliseconds"))
        lines.append(f"{name}, run {number}: {run[-1].ticks} ticks, hash {run[-1].hash}")
        lines.append("  memory by quarters: " + ", ".join(f"{size:.1f}" for size in sizes) + " MB")
        lines.append("  a tick by quarters: " + ", ".join(f"{time:.3f}" for time in times) + " ms")
        if sizes[3] > MOST_GROWTH[0] * sizes[0] + MOST_GROWTH[1]:
            wrong.append(f"{name}, run {number}: memory grows")
        if times[3] > MOST_SLOWER * times[0]:
            wrong.append(f"{name}, run {number}: ticks get slower")
    return lines, wrong


def soak(names, ticks, every, out):
    """Play games; tells what came of it and returns what is wrong."""
    wrong = []
    for name in names:
        try:
            lines, faults = judged(name, both(name, ticks, every, out))
        except Drift as drift:
            lines, faults = [], [str(drift)]
        for line in lines:
            out(line)
        wrong += faults
    for fault in wrong:
        out(f"WRONG: {fault}")
    out("no drift, no growth, no slowing down" if not wrong else f"{len(wrong)} faults")
    return wrong


def main():
    """Soak as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--ticks", type=int, default=1_000_000, help="of each game")
    parser.add_argument("--every", type=int, default=1_000, help="ticks between two looks")
    parser.add_argument("--games", default=",".join(WITH_BOTS), help=f"some of {','.join(GAMES)}")
    asked = parser.parse_args()
    wrong = soak(asked.games.split(","), asked.ticks, asked.every, lambda text: print(text, flush=True))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
